"""The questions of a quiz as a cohort answered them, and the way to mend the marks of one: decide, preview, confirm."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from lms.db.accounts import Role
from lms.errors import Conflict, Invalid, NotAllowed
from lms.features.regrade import forms, pages
from lms.features.regrade.forms import Wanted
from lms.features.regrade.pages import Asked
from lms.learning.api import analyses, cohorts, frozen, question_records, question_sums, regrades
from lms.quiz import regrade
from lms.quiz.item import Item
from lms.quiz.quiz import Quiz
from lms.web import findings
from lms.web.guards import Permission, me, requires, teacher, wants_json
from lms.web.links import Entry, link
from lms.web.paging import paging
from lms.web.result import decision_name, now_right
from lms.web.returned import CARRIED, send_back, sent_back
from lms.web.site import catalog, database, now
from lms.web.words import faults
from lms.web.words import gettext as _

bp = Blueprint("regrade", __name__, template_folder="templates", url_prefix="/pengampu/angkatan")
LINKS = {"quiz-questions": "regrade.questions", "marked-question": "regrade.question"}
MENU: tuple[Entry, ...] = ()


def _decides_everywhere() -> bool:
    return Role.ADMINISTRATOR in me().roles


# --- the questions of a quiz ----------------------------------------------------------------------------------------


@bp.get("/<uuid:cohort_id>/kuis/<quiz>/soal")
@requires(Permission.TEACH)
def questions(cohort_id: UUID, quiz: str) -> ResponseReturnValue:
    found = catalog().quiz(quiz)
    with database().reading() as db:
        group = cohorts.taught(db, cohort_id, teacher())
        asked = _asked(db, question_sums.sums(db, cohort_id, quiz=found.id))
        newest = {id: every[-1] for id, every in asked.items() if every[-1].has_options}
        versions = [version for one in newest.values() for version in one.versions]
        given = question_sums.given(db, cohort_id, newest, versions, quiz=found.id)
        decided = question_records.decisions(db, cohort_id, asked)
    holds = {row.item: row for row in reversed(decided)}
    listed = _in_order(found, asked)
    return render_template(
        "regrade/questions.html",
        cohort={"href": link("cohort", cohort_id=cohort_id), "title": group.name},
        quiz={"href": link("quiz-results", cohort_id=cohort_id, quiz=found.id), "title": found.title},
        analysis_href=link("quiz-analysis", cohort_id=cohort_id, quiz=found.id),
        questions=[
            pages.question_line(
                place,
                asked[id],
                [one for one in given if one.item == id],
                holds.get(id),
                pages.question_href(cohort_id, found.id, id),
            )
            for place, id in enumerate(listed, start=1)
        ],
        here="gradebook",
    )


def _asked(db: Connection, sums: list[question_sums.Sum]) -> dict[str, list[Asked]]:
    """By item: the versions that were asked, with how each was answered."""
    digests = [one.question_version for one in sums]
    return pages.by_major(sums, dict(zip(digests, frozen.questions(db, digests), strict=True)))


def _in_order(quiz: Quiz, asked: Mapping[str, list[Asked]]) -> list[str]:
    """As the quiz asks them today; after these what it draws or asks no more."""
    places = {item.id: place for place, item in enumerate(quiz.items)}
    return sorted(asked, key=lambda id: (places.get(id, len(places)), asked[id][-1].item.title, id))


# --- one question ---------------------------------------------------------------------------------------------------


@bp.get("/<uuid:cohort_id>/kuis/<quiz>/soal/<item>")
@requires(Permission.TEACH)
def question(cohort_id: UUID, quiz: str, item: str) -> ResponseReturnValue:
    """A question, and the form of a decision about it: empty, as it was sent, or as its preview shows it."""
    found, version = catalog().quiz(quiz), request.args.get("versi")
    back, previewed = sent_back(), sent_back(_preview_url(cohort_id, found, item))
    with database().reading() as db:
        group = cohorts.taught(db, cohort_id, teacher())
        asked = _asked(db, question_sums.sums(db, cohort_id, item=item)).get(item)
        if not asked:
            raise regrades.UnknownQuestion
        shown = next((one for one in asked if one.version == version), asked[-1])
        given = question_sums.given(db, cohort_id, [item], shown.versions, most=pages.most_responses(shown))
        decided = question_records.decisions(db, cohort_id, [item], or_running=True)
        running = {row.id: regrades.progress(db, row.id) for row in reversed(decided) if not row.finished}
        analysed = analyses.of_question(db, cohort_id, found.id, item, findings.OF)
    return render_template(
        "regrade/question.html",
        **_place(cohort_id, group, found, shown.item),
        question=pages.question(shown, given),
        versions=[
            {
                "href": pages.question_href(cohort_id, found.id, item, one.version),
                "number": place,
                "attempts": one.attempts,
                "current": one is shown,
            }
            for place, one in enumerate(asked, start=1)
        ],
        decisions=[pages.decided(row, shown.item) for row in decided if row.holds_in(cohort_id)],
        findings=[one.sentence for one in pages.told(shown, analysed)],
        analysis_href=link("question-analysis", cohort_id=cohort_id, quiz=found.id, item=item),
        answers_href=link("question-answers", cohort_id=cohort_id, quiz=found.id, item=item),
        running=[
            {
                "href": url_for(".go_on", cohort_id=cohort_id, quiz=found.id, item=item, regrade_id=id),
                "done": left.done,
                "total": left.total,
            }
            for id, left in running.items()
            if left
        ],
        filled=pages.filled(
            shown.item, back.form or previewed.form or forms.suggested(request.args, shown.item), back.faults
        ),
        may_everywhere=_decides_everywhere(),
        preview_url=_preview_url(cohort_id, found, item),
    )


def _preview_url(cohort_id: UUID, quiz: Quiz, item: str) -> str:
    return url_for(".preview", cohort_id=cohort_id, quiz=quiz.id, item=item)


def _place(cohort_id: UUID, group: cohorts.Taught, quiz: Quiz, item: Item) -> dict[str, Any]:
    """Where a page of a question stands."""
    return {
        "cohort": {"href": link("cohort", cohort_id=cohort_id), "title": group.name},
        "quiz": {"href": url_for(".questions", cohort_id=cohort_id, quiz=quiz.id), "title": quiz.title},
        "title": item.title or item.id,
        "here": "gradebook",
    }


# --- deciding -------------------------------------------------------------------------------------------------------


@bp.post("/<uuid:cohort_id>/kuis/<quiz>/soal/<item>/pratinjau")
@requires(Permission.TEACH)
def ask(cohort_id: UUID, quiz: str, item: str) -> ResponseReturnValue:
    """Lead to what a decision would change, or back to what is wrong with it."""
    found, sent = catalog().quiz(quiz), forms.sent(request.form)
    try:
        with database().reading() as db:
            cohorts.taught(db, cohort_id, teacher())
            answered = regrades.question(db, item, sent.get("versi", ""))
        _decision(cohort_id, item, forms.wanted(sent, answered))
    except Invalid as error:
        page = pages.question_href(cohort_id, found.id, item, sent.get("versi"))
        return send_back(page, faults(error) or {"action": _(error.said)}, sent)
    return send_back(_preview_url(cohort_id, found, item), {}, sent)


@bp.get("/<uuid:cohort_id>/kuis/<quiz>/soal/<item>/pratinjau")
@requires(Permission.TEACH)
def preview(cohort_id: UUID, quiz: str, item: str) -> ResponseReturnValue:
    """What a decision would change; nothing is changed yet."""
    found, back = catalog().quiz(quiz), sent_back()
    with database().reading() as db:
        group = cohorts.taught(db, cohort_id, teacher())
    if back.id is None:
        flash(_("Pratinjau ini sudah tidak ada. Isi lagi keputusannya, lalu buat yang baru."), "warning")
        return redirect(pages.question_href(cohort_id, found.id, item), 303)
    version = back.form.get("versi", "")
    with database().reading() as db:
        answered = regrades.question(db, item, version)
        asked = _decision(cohort_id, item, forms.wanted(back.form, answered))
        plan = regrades.preview(db, asked)
        shown = paging(plan.changed, pages.PAGE)
        listed = regrades.changed(db, asked, plan, offset=shown.offset, limit=shown.size)
    return render_template(
        "regrade/preview.html",
        **_place(cohort_id, group, found, answered),
        refused=back.faults.get("old", ""),
        question_href=pages.question_href(cohort_id, found.id, item, version),
        change_href=pages.question_href(cohort_id, found.id, item, version, carried=back.id),
        decision=decision_name(asked.decision.action),
        answers=now_right(regrade.dump(asked.decision), answered),
        reason=asked.reason,
        everywhere=asked.cohort_id is None,
        plan=pages.preview(plan, listed, found.id, catalog().quizzes),
        query={CARRIED: back.id, "page": shown.page},
        pages=shown.pages,
        fields=list(back.form.items(multi=True)),
        regrade_id=back.id,
        apply_url=url_for(".apply", cohort_id=cohort_id, quiz=found.id, item=item),
    )


@bp.post("/<uuid:cohort_id>/kuis/<quiz>/soal/<item>/nilai-ulang")
@requires(Permission.TEACH)
def apply(cohort_id: UUID, quiz: str, item: str) -> ResponseReturnValue:
    """Do what the preview said; where something changed since, lead to a new one."""
    found, sent, moment = catalog().quiz(quiz), forms.sent(request.form), now()
    with database().reading() as db:
        cohorts.taught(db, cohort_id, teacher())
        confirmed = forms.confirmation(request.form)
        answered = regrades.question(db, item, sent.get("versi", ""))
        asked = _decision(cohort_id, item, forms.wanted(sent, answered))
        plan = regrades.preview(db, asked)
    try:
        with database().transaction() as session:
            decided = regrades.decide(
                session,
                asked,
                plan,
                regrade_id=confirmed.regrade_id,
                seen=confirmed.seen,
                quiz=found.id,
                author_id=me().user_id,
                now=moment,
            )
    except Conflict as error:
        return send_back(_preview_url(cohort_id, found, item), {"old": _(error.said)}, sent)
    _carry_on(confirmed.regrade_id)
    if not decided:
        flash(_("Keputusan ini sudah dijalankan sebelumnya; tidak ada yang dinilai dua kali."), "ok")
    else:
        flash(
            _("Keputusan tersimpan: %(n)s percobaan dinilai ulang, %(changed)s di antaranya berubah.",
              n=plan.marked, changed=plan.changed),
            "ok",
        )  # fmt: skip
    return redirect(pages.question_href(cohort_id, found.id, item), 303)


@bp.post("/<uuid:cohort_id>/kuis/<quiz>/soal/<item>/nilai-ulang/<uuid:regrade_id>")
@requires(Permission.TEACH)
def go_on(cohort_id: UUID, quiz: str, item: str, regrade_id: UUID) -> ResponseReturnValue:
    """Mark a few more attempts by a decision that stands. A script asks again until there are none left."""
    with database().reading() as db:
        cohorts.taught(db, cohort_id, teacher())
        regrades.require(db, regrade_id, cohort_id)
    _carry_on(regrade_id)
    if not wants_json(request):
        return redirect(pages.question_href(cohort_id, catalog().quiz(quiz).id, item), 303)
    with database().reading() as db:
        left = regrades.progress(db, regrade_id)
    return {"done": left.done, "total": left.total} if left else {"finished": True}


def _carry_on(regrade_id: UUID) -> None:
    """Mark by a decision for about a second; whoever looks at the question next, or ``lms tick``, does what is left."""
    database().in_pieces(partial(regrades.go_on, regrade_id=regrade_id, now=now()), seconds=1)


def _decision(cohort_id: UUID, item: str, wanted: Wanted) -> regrades.Asked:
    """Raises ``NotAllowed`` for whoever may decide for their own cohorts only."""
    if wanted.everywhere and not _decides_everywhere():
        raise NotAllowed
    return regrades.Asked(
        item=item,
        cohort_id=None if wanted.everywhere else cohort_id,
        decision=wanted.decision,
        reason=wanted.reason,
    )
