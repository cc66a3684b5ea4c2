"""Two people judged the same answer differently: what each gave side by side, and what counts in the end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.errors import Invalid
from lms.features.marking import desk, forms
from lms.features.marking.blueprint import bp
from lms.features.marking.way import Way, asked, desk_url, queue_url
from lms.learning.api import Given, frozen, marking_queue, second_marks, stale
from lms.quiz.item import Item
from lms.quiz.review import NOTHING
from lms.web import items as item_pages
from lms.web import points, texts
from lms.web.guards import Permission, me, requires
from lms.web.returned import send_back, sent_back
from lms.web.site import database, now
from lms.web.words import faults
from lms.web.words import gettext as _


def settle_url(attempt_id: UUID, item: str, way: Way) -> str:
    return url_for("marking.settle", attempt_id=attempt_id, item=item, **way.query)


@bp.get("/menilai/<uuid:attempt_id>/<item>/selisih")
@requires(Permission.TEACH)
def settle(attempt_id: UUID, item: str) -> ResponseReturnValue:
    way, back = asked(), sent_back()
    with database().reading() as db:
        one = desk.answer(db, attempt_id, item)
    if one.second is None or one.newest.pending:
        return redirect(desk_url(attempt_id, item, way), 303)
    first, second, most = one.newest.given, one.second.given, one.newest.maximum
    return render_template(
        "marking/settle.html",
        name=_("Jawaban tanpa nama") if way.blind else one.attempt.person,
        title=one.item.title or item,
        item=item_pages.view(
            one.item,
            name=one.row.question_version,
            response=frozen.response_of(one.row),
            visible=NOTHING,
            disabled=True,
        ),
        marks=[
            _column(_("Penilai pertama"), one.newest.author, first, most),
            _column(_("Penilai kedua"), one.second.author, second, most),
        ],
        guidance=desk.guidance(one.item),
        model=texts.fragment(one.item.explanation),
        criteria=_criteria(one.item, first, second),
        mean=forms.in_words(second_marks.mean(first, second), most),
        maximum=most,
        settled=one.second if one.second.outcome else None,
        seen=back.values.get("seen") if back.form and not back.first else second_marks.stamp(one.newest, one.second),
        first=back.first,
        values={"outcome": "", "points": "", "reason": ""} | back.values,
        wrong=back.faults,
        back=desk_url(attempt_id, item, way),
        page_url=settle_url(attempt_id, item, way),
        here="gradebook",
    )


def _column(title: str, who: str | None, given: Given, most: float) -> dict[str, Any]:
    return {
        "title": title,
        "who": who or "–",
        "total": points.in_full(given.fraction * most),
        "points": forms.in_words(given, most),
        "comment": given.comment,
    }


def _criteria(item: Item, first: Given, second: Given) -> list[dict[str, Any]]:
    """Criterion by criterion what both gave, where both judged by the same ones."""
    if not (first.criteria and second.criteria):
        return []
    earned = (item.criteria(), first.criteria.points, second.criteria.points)
    return [
        {"text": texts.inline(one.text), "first": a, "second": b, "maximum": one.points}
        for one, a, b in zip(*earned, strict=False)
    ]


@bp.post("/menilai/<uuid:attempt_id>/<item>/selisih")
@requires(Permission.TEACH)
def settled(attempt_id: UUID, item: str) -> ResponseReturnValue:
    way, here = asked(), settle_url(attempt_id, item, asked())
    user_id, moment = me().user_id, now()
    with database().reading() as db:
        one = desk.answer(db, attempt_id, item)
        cohort = marking_queue.cohort_of(db, one.attempt.enrolment_id)
    sent = forms.settling_sent(request.form)
    try:
        how = forms.settling(request.form, one.newest.maximum)
        with database().transaction() as db:
            second_marks.settle(db, attempt_id, item, how, seen=sent["seen"] or None, author_id=user_id, now=moment)
    except Invalid as error:
        return send_back(here, faults(error), sent)
    except stale.ChangedMeanwhile as old:
        return send_back(here, {}, sent, old=old)
    flash(_("Selisih diselesaikan; nilai yang Anda pilih berlaku."), "ok")
    to = queue_url(cohort[0], one.attempt.quiz, item, way) if cohort else desk_url(attempt_id, item, way)
    return redirect(to, 303)
