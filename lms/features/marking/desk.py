"""The desk: one answer with what it is judged by beside it, and the way from each to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy import Connection

from lms.errors import Invalid, NotFound
from lms.features.marking import forms
from lms.features.marking.blueprint import bp
from lms.features.marking.way import Route, Step, Way, asked, desk_url, queue_url, step_url
from lms.learning.api import (
    AttemptRow,
    Given,
    ItemRow,
    MarkRow,
    attempt_records,
    frozen,
    judgement_drafts,
    marking_queue,
    marks,
    membership,
    second_marks,
    stale,
)
from lms.quiz import rubric as rubrics
from lms.quiz.item import Item
from lms.quiz.review import NOTHING
from lms.web import deeds, texts
from lms.web import items as item_pages
from lms.web.guards import Permission, me, requires, teacher, wants_json
from lms.web.language import iso, number
from lms.web.links import link
from lms.web.returned import Returned, send_back, sent_back
from lms.web.site import database, now
from lms.web.words import faults
from lms.web.words import gettext as _


class NotTaught(NotFound):
    message = "Jawaban ini tidak ditemukan, atau bukan dari angkatan yang Anda ampu."


def of_taught(db: Connection, attempt_id: UUID) -> AttemptRow:
    """Raises ``NotTaught``; an attempt that still runs is nobody's to judge."""
    found = attempt_records.attempt(db, attempt_id)
    if found is None or found.is_open or not membership.sees(db, teacher(), attempt_id):
        raise NotTaught
    return found


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, and what was said of it so far."""

    attempt: AttemptRow
    row: ItemRow
    item: Item
    history: Sequence[MarkRow]
    second: second_marks.Second | None
    rows: Sequence[ItemRow]  # of the whole attempt
    histories: Mapping[str, Sequence[MarkRow]]

    @property
    def newest(self) -> MarkRow:
        return self.history[-1]

    def held(self, way: Way) -> Given | None:
        """What this person would see again that way; None: nothing yet."""
        if way.second:
            return self.second.given if self.second and self.second.author_id == me().user_id else None
        return None if self.newest.pending else self.newest.given

    @property
    def seen(self) -> str:
        """Names what its page shows."""
        return str(self.newest.id)


def is_judged(item: Item) -> bool:
    """Whether a person judges answers to it, and no key."""
    return item.key() is None


def answer(db: Connection, attempt_id: UUID, item: str) -> Answer:
    """Raises ``NotTaught`` where it is none that a person judges."""
    found = of_taught(db, attempt_id)
    rows = attempt_records.items(db, attempt_id)
    histories = attempt_records.marks(db, attempt_id)
    row = next((one for one in rows if one.item == item), None)
    if row is None or not histories.get(item):
        raise NotTaught
    question = frozen.questions_of(db, [row])[0]
    if not is_judged(question) and not marks.judgeable(histories[item]):
        raise NotTaught
    second = second_marks.of(db, attempt_id, item)
    return Answer(found, row, question, histories[item], second, rows, histories)


def answers(db: Connection, question: marking_queue.Asked, way: Way) -> list[tuple[UUID, bool]]:
    """All answers to a question that way: ids of attempts, and whether each waits for this person."""
    second_for = me().user_id if way.second else None
    return marking_queue.in_order(db, question, second_for=second_for, blind=way.blind)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer stands on the way. ``cohort`` None: the attempt belongs to none."""

    route: Route
    cohort: tuple[UUID, str] | None


def _place(db: Connection, one: Answer, way: Way) -> Place:
    cohort = marking_queue.cohort_of(db, one.attempt.enrolment_id)
    own = Step(one.attempt.id, one.item.id, one.newest.pending)
    if way.by_person or cohort is None:
        steps = [
            Step(one.attempt.id, row.item, held[-1].pending)
            for row in one.rows
            if marks.judgeable(held := one.histories.get(row.item, []))
        ]
    else:
        question = marking_queue.Asked(cohort[0], one.attempt.quiz, one.item.id)
        steps = [Step(id, one.item.id, waits) for id, waits in answers(db, question, way)]
    at = next((n for n, step in enumerate(steps) if (step.attempt_id, step.item) == (own.attempt_id, own.item)), None)
    return Place(Route([own], 0) if at is None else Route(steps, at), cohort)


@bp.get("/menilai/<uuid:attempt_id>/<item>")
@requires(Permission.TEACH)
def desk(attempt_id: UUID, item: str) -> ResponseReturnValue:
    way, back = asked(), sent_back()
    with database().reading() as db:
        one = answer(db, attempt_id, item)
        place = _place(db, one, way)
        draft = None if back.form else judgement_drafts.of(db, attempt_id, item, me().user_id)
    route, here = place.route, desk_url(attempt_id, item, way)
    return render_template(
        "marking/desk.html",
        name=_("Jawaban %(n)s", n=route.at + 1) if way.blind else one.attempt.person,
        quiz=one.attempt.rules.title,
        item=_shown(one),
        guidance=guidance(one.item),
        model=texts.fragment(one.item.explanation),
        cohort=place.cohort[1] if place.cohort else "",
        queue=_queue_url(place, one, way),
        whole=None if way.blind or way.second else link("reviewed-attempt", attempt_id=attempt_id),
        way=way,
        at=route.at + 1,
        of=len(route.steps),
        waiting=route.waiting,
        previous=step_url(route.previous, way),
        next=step_url(route.next, way),
        page_url=here,
        draft_url=url_for(".keep_draft", attempt_id=attempt_id, item=item),
        form=_form(one, way, back, draft),
        refused=_refused(one, way),
        history=[] if way.second else _history(one),
        differs=not way.second and one.second is not None and one.second.outcome is None,
        settle=url_for(".settle", attempt_id=attempt_id, item=item, **way.query),
        user=str(me().user_id),
        now=iso(now()),
        here="gradebook",
    )


def _queue_url(place: Place, one: Answer, way: Way) -> str:
    if way.by_person or place.cohort is None:
        return url_for(".waiting")
    return queue_url(place.cohort[0], one.attempt.quiz, one.item.id, way)


def _shown(one: Answer) -> item_pages.ItemView:
    return item_pages.view(
        one.item,
        name=one.row.question_version,
        number=one.rows.index(one.row) + 1,
        order=one.row.option_order,
        response=frozen.response_of(one.row),
        visible=NOTHING,
        disabled=True,
    )


def guidance(item: Item) -> Markup:
    """What its rubric says besides the criteria, which stand at their fields; all of it where there are none."""
    rubric: str = getattr(item, "rubric", "")
    return texts.fragment(rubrics.besides(rubric) if item.criteria() else rubric)


def _refused(one: Answer, way: Way) -> str:
    """Why this person cannot judge it that way; empty where they can."""
    if not marks.judgeable(one.history):
        return _(marks.NothingToJudge.message)
    if not way.second:
        return ""
    if one.newest.pending:
        return _(second_marks.NoFirstMark.message)
    if one.newest.author_id == me().user_id:
        return _(second_marks.OwnFirstMark.message)
    if one.second and one.second.author_id != me().user_id:
        return _("Jawaban ini sudah dinilai untuk kedua kalinya.")
    return _("Selisihnya sudah diselesaikan.") if one.second and one.second.outcome else ""


def _form(one: Answer, way: Way, back: Returned, draft: tuple[Mapping[str, str], datetime] | None) -> dict[str, Any]:
    """What stands in the fields: what was sent back, else what was being typed, else what was given."""
    values = forms.written(one.item, one.held(way), one.newest.maximum)
    seen, drafted_at, old = one.seen, None, None
    if back.form:
        values |= back.values
        old = _old(one, back, way)
        seen = one.seen if old else back.values["seen"]
    elif draft and not forms.is_empty(one.item, draft[0]) and _differs(one.item, draft[0], values):
        values, drafted_at = {**values, **draft[0]}, draft[1]
        seen = draft[0].get("seen") or one.seen
    return {
        "seen": seen,
        "drafted_at": drafted_at,
        "old": old,
        "waits": one.held(way) is None,
        "typed": values,
        "wrong": back.faults,
        "maximum": one.newest.maximum,
        "criteria": [
            {"text": texts.inline(criterion.text), "maximum": criterion.points} for criterion in one.item.criteria()
        ],
    }


def _differs(item: Item, typed: Mapping[str, str], values: Mapping[str, str]) -> bool:
    return any(typed.get(name, "") != values[name] for name in forms.fields(item))


def _old(one: Answer, back: Returned, way: Way) -> dict[str, Any] | None:
    """Who judged the answer first, and how; what was typed stands in the form."""
    if back.first is None:
        return None
    held = None if way.second else one.newest
    said = f"; {held.reason}" if held and held.author and held.reason else ""
    points = forms.in_words(held.given, held.maximum) if held else ""
    return {
        "who": back.first.who or _("Kunci soal"),
        "at": back.first.at,
        "held": _("%(points)s dari %(maximum)s poin", points=points, maximum=number(one.newest.maximum)) + said
        if held
        else _("nilai kedua"),
    }


def _history(one: Answer) -> list[dict[str, Any]]:
    """What people gave so far, oldest first."""
    return [
        {
            "who": mark.author or _("Keputusan tentang soal"),
            "at": mark.marked_at,
            "points": forms.in_words(mark.given, mark.maximum),
            "maximum": mark.maximum,
            "reason": mark.reason,
        }
        for mark in one.history
        if not mark.pending
    ]


# --- what is done there -----------------------------------------------------------------------------------------------


@bp.post("/menilai/<uuid:attempt_id>/<item>")
@requires(Permission.TEACH)
def judge(attempt_id: UUID, item: str) -> ResponseReturnValue:
    """Take a judgement and lead to the next answer; or go on without one, and keep what was typed."""
    way, go = asked(), request.form.get("go", "save-next")
    user_id, moment = me().user_id, now()
    with database().reading() as db:
        one = answer(db, attempt_id, item)
    values = forms.sent(one.item, request.form)
    if go in {"previous", "next", "drop"}:
        return _go_on(one, way, go, values)
    try:
        given = forms.given(one.item, request.form, one.newest.maximum)
        with database().transaction() as db:
            judgement_drafts.drop(db, attempt_id, item, user_id)
            if way.second:
                second_marks.give(db, attempt_id, item, given, author_id=user_id, now=moment)
            else:
                marks.judge(
                    db,
                    attempt_id,
                    item,
                    given.fraction,
                    seen=values["seen"] or None,
                    author_id=user_id,
                    comment=given.comment,
                    criteria=given.criteria,
                    now=moment,
                )
    except Invalid as error:
        return send_back(desk_url(attempt_id, item, way), faults(error), values)
    except stale.ChangedMeanwhile as old:
        return send_back(desk_url(attempt_id, item, way), {}, values, old=old)
    return redirect(_after(attempt_id, item, way, go), 303)


def _after(attempt_id: UUID, item: str, way: Way, go: str) -> str:
    """The next answer that waits; once none does, the list that it was taken from."""
    with database().reading() as db:
        one = answer(db, attempt_id, item)
        place = _place(db, one, way)
    if go == "save":
        flash(_("Nilai tersimpan. %(n)s jawaban masih menunggu.", n=place.route.waiting), "ok")
        return desk_url(attempt_id, item, way)
    if to := step_url(place.route.next_waiting(), way):
        return to
    flash(_("Nilai tersimpan; tidak ada lagi yang menunggu di sini."), "ok")
    return _queue_url(place, one, way)


def _go_on(one: Answer, way: Way, go: str, values: Mapping[str, str]) -> ResponseReturnValue:
    """To the neighbour, without a judgement; what was typed stays a draft."""
    attempt_id, item, user_id, moment = one.attempt.id, one.item.id, me().user_id, now()
    held = forms.written(one.item, one.held(way), one.newest.maximum)
    with database().transaction() as db:
        if go == "drop" or not _differs(one.item, values, held):
            judgement_drafts.drop(db, attempt_id, item, user_id)
        else:
            judgement_drafts.keep(db, attempt_id, item, user_id, values, now=moment)
        place = _place(db.connection(), one, way)
    if go == "drop":
        return redirect(desk_url(attempt_id, item, way), 303)
    step = place.route.previous if go == "previous" else place.route.next
    return redirect(step_url(step, way) or _queue_url(place, one, way), 303)


@bp.post("/menilai/<uuid:attempt_id>/<item>/konsep")
@requires(Permission.TEACH)
def keep_draft(attempt_id: UUID, item: str) -> ResponseReturnValue:
    """Keep what somebody is typing: a deed, in any order and more than once."""
    user_id, moment, made_at = me().user_id, now(), deeds.made_at(request.form)
    with database().transaction() as db:
        one = answer(db.connection(), attempt_id, item)
        values = forms.sent(one.item, request.form)
        judgement_drafts.keep(db, attempt_id, item, user_id, values, now=moment, made_at=made_at)
    href = desk_url(attempt_id, item, Way())
    if not wants_json(request):
        return redirect(href, 303)
    return {"href": href, "message": "", "places": {}}
