"""Instructors: what their people reported, and what they themselves propose to the editors, who answer both alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from lms.errors import Invalid
from lms.features.reports import forms, standing
from lms.features.reports.blueprint import bp
from lms.learning.api import analyses, cohorts, frozen, proposals, question_sums, regrades, reports, stale
from lms.quiz.definition import major, version
from lms.quiz.item import Item
from lms.quiz.item_analysis import ItemAnalysis
from lms.quiz.review import EVERYTHING
from lms.web import findings
from lms.web import items as item_pages
from lms.web.guards import Permission, me, requires, teacher
from lms.web.links import link
from lms.web.paging import paging
from lms.web.returned import Returned, send_back, sent_back
from lms.web.site import catalog, database, now
from lms.web.words import faults
from lms.web.words import gettext as _

PAGE = 20
_QUESTION = "/pengampu/angkatan/<uuid:cohort_id>/kuis/<quiz>/soal/<item>/usulan"


# --- instructors ----------------------------------------------------------------------------------------------------


@bp.get("/pengampu/angkatan/<uuid:cohort_id>/laporan-soal")
@requires(Permission.TEACH)
def of_cohort(cohort_id: UUID) -> ResponseReturnValue:
    """What the people of a cohort reported, and what was proposed about their questions; nobody is named."""
    with database().reading() as db:
        group = cohorts.taught(db, cohort_id, teacher())
        shown = paging(reports.count_of_cohort(db, cohort_id), PAGE)
        reported = reports.of_cohort(db, cohort_id, offset=shown.offset, limit=shown.size)
        proposed = proposals.every(db, cohort_id)
        versions = {one.question_version for one in reported} | {one.what.question_version for one in proposed}
        asked = frozen.questions(db, list(versions))
    titles = {one.id: one.title or one.id for one in asked}
    return render_template(
        "reports/of_cohort.html",
        cohort={"href": link("cohort", cohort_id=cohort_id), "title": group.name},
        reports=[{**_about(cohort_id, one.quiz, one.item, titles), "told": one} for one in reported],
        proposals=[{**_about(cohort_id, one.what.quiz, one.what.item, titles), "told": one} for one in proposed],
        query={"page": shown.page},
        pages=shown.pages,
        here="gradebook",
    )


def _about(cohort_id: UUID, quiz: str, item: str, titles: Mapping[str, str]) -> dict[str, str]:
    known = quiz in catalog().quizzes
    return {
        "quiz": standing.title(quiz),
        "title": titles.get(item, item),
        "href": link("question-analysis", cohort_id=cohort_id, quiz=quiz, item=item) if known else "",
    }


@bp.get(_QUESTION)
@requires(Permission.TEACH)
def propose(cohort_id: UUID, quiz: str, item: str) -> ResponseReturnValue:
    """The form of a proposal, with the evidence that goes with it."""
    found, back = catalog().quiz(quiz), sent_back()
    with database().reading() as db:
        group = cohorts.taught(db, cohort_id, teacher())
        asked, analysed = _asked(db, cohort_id, found.id, item)
    return render_template(
        "reports/propose.html",
        cohort={"href": link("cohort", cohort_id=cohort_id), "title": group.name},
        question={
            "href": link("question-analysis", cohort_id=cohort_id, quiz=found.id, item=item),
            "title": asked.title or asked.id,
        },
        view=item_pages.view(asked, visible=EVERYTHING),
        evidence=findings.evidence(asked, analysed),
        message=back.values.get("message", ""),
        error=back.faults.get("message"),
        send_url=url_for(".send_proposal", cohort_id=cohort_id, quiz=found.id, item=item),
        here="gradebook",
    )


@bp.post(_QUESTION)
@requires(Permission.TEACH)
def send_proposal(cohort_id: UUID, quiz: str, item: str) -> ResponseReturnValue:
    found, moment = catalog().quiz(quiz), now()
    with database().reading() as db:
        cohorts.taught(db, cohort_id, teacher())
        asked, analysed = _asked(db, cohort_id, found.id, item)
    try:
        what = proposals.Proposed(
            cohort_id=cohort_id,
            quiz=found.id,
            item=item,
            question_version=version(asked),
            message=forms.message(request.form),
            evidence=findings.evidence(asked, analysed),
        )
    except Invalid as error:
        page = url_for(".propose", cohort_id=cohort_id, quiz=found.id, item=item)
        return send_back(page, {"message": _(error.said)}, {"message": request.form.get("message", "")})
    with database().transaction() as session:
        proposals.propose(session, what, author_id=me().user_id, now=moment)
    flash(_("Usulan Anda sampai kepada penyunting. Jawabannya tampak di halaman soal ini."), "ok")
    return redirect(link("question-analysis", cohort_id=cohort_id, quiz=found.id, item=item, _anchor="laporan"), 303)


def _asked(db: Connection, cohort_id: UUID, quiz: str, item: str) -> tuple[Item, ItemAnalysis | None]:
    """The question as it was last asked, and what was counted of it. Raises ``UnknownQuestion``."""
    sums = [one for one in question_sums.sums(db, cohort_id, quiz=quiz) if one.item == item]
    if not sums:
        raise regrades.UnknownQuestion
    newest = sums[-1]
    (asked,) = frozen.questions(db, [newest.question_version])
    return asked, analyses.of_question(db, cohort_id, quiz, item, findings.OF).get(newest.major)


# --- editors --------------------------------------------------------------------------------------------------------


@bp.get("/penyunting/usulan", endpoint="proposals")
@requires(Permission.EDIT)
def every_proposal() -> ResponseReturnValue:
    with database().reading() as db:
        counts = proposals.counts(db)
        shown = paging(counts.every, PAGE)
        listed = proposals.every(db, offset=shown.offset, limit=shown.size)
        asked = frozen.questions(db, [one.what.question_version for one in listed])
    return _listed(listed, asked, counts.waiting, {"page": shown.page}, shown.pages, Returned())


@bp.get("/penyunting/usulan/<uuid:proposal_id>")
@requires(Permission.EDIT)
def proposal(proposal_id: UUID) -> ResponseReturnValue:
    """One proposal, with what was typed to answer it and what is wrong with that."""
    back = sent_back()
    with database().reading() as db:
        found = proposals.one(db, proposal_id)
        asked = frozen.questions(db, [found.what.question_version])
    return _listed([found], asked, int(not found.seen), None, 1, back)


@bp.post("/penyunting/usulan/<uuid:proposal_id>")
@requires(Permission.EDIT)
def answer_proposal(proposal_id: UUID) -> ResponseReturnValue:
    sent = {name: request.form.get(name, "") for name in ("seen", "state", "answer")}
    page = url_for(".proposal", proposal_id=proposal_id, _anchor=f"jawab-{proposal_id}")
    with database().reading() as db:
        proposals.one(db, proposal_id)
    try:
        given = forms.answer(request.form)
        with database().transaction() as session:
            proposals.answer(session, proposal_id, given, editor_id=me().user_id, now=now())
    except Invalid as error:
        return send_back(page, faults(error), sent)
    except stale.ChangedMeanwhile as old:
        return send_back(page, {}, sent, old=old)
    flash(_("Jawaban tersimpan; pengusul dapat membacanya."), "ok")
    return redirect(url_for(".proposals"), 303)


def _listed(
    listed: list[proposals.Proposal],
    asked: list[Item],
    waiting: int,
    query: dict[str, Any] | None,
    pages: int,
    back: Returned,
) -> str:
    places = standing.places({one.what.item for one in listed})
    return render_template(
        "reports/proposals.html",
        proposals=[
            {
                "told": one,
                "quiz": standing.title(one.what.quiz),
                "view": item_pages.view(question, number=place, visible=EVERYTHING, disabled=True),
                "stands": standing.stands(one.what.question_version, major(question), places.get(one.what.item)),
            }
            for place, (one, question) in enumerate(zip(listed, asked, strict=True), start=1)
        ],
        waiting=waiting,
        query=query,
        pages=pages,
        back=back,
        here="reports",
    )
