"""The analysis of a quiz in a cohort, and of one of its questions: all of it told from counts (``analyses``)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from lms.features.quiz_analysis import figures
from lms.features.quiz_analysis.figures import Version
from lms.learning.api import analyses, analysis_counts, cohorts, frozen, proposals, question_sums, regrades, reports
from lms.quiz.item_analysis import FEWEST, QuizAnalysis
from lms.quiz.review import EVERYTHING
from lms.web import items as item_pages
from lms.web import which_attempts
from lms.web.guards import Permission, requires, teacher
from lms.web.links import Entry, link
from lms.web.site import catalog, database, now
from lms.web.which_attempts import Asked, Which

bp = Blueprint("quiz_analysis", __name__, template_folder="templates", url_prefix="/pengampu/angkatan")
LINKS = {"quiz-analysis": "quiz_analysis.analysis", "question-analysis": "quiz_analysis.question"}
MENU: tuple[Entry, ...] = ()

#: Orders of the list: what needs a look first, and as the quiz asks.
ORDERS = ("perhatian", "kuis")
#: So many reports of a question are shown beside it.
REPORTS = 20


@bp.get("/<uuid:cohort_id>/kuis/<quiz>/analisis")
@requires(Permission.TEACH)
def analysis(cohort_id: UUID, quiz: str) -> ResponseReturnValue:
    found, which = catalog().quiz(quiz), which_attempts.asked(Which.FIRST)
    order = request.args.get("urut", ORDERS[0])
    order = order if order in ORDERS else ORDERS[0]
    with database().reading() as db:
        group = cohorts.taught(db, cohort_id, teacher())
        analysed = analyses.of(db, cohort_id, found.id, which.which)
        counted = analyses.counted(db, cohort_id, found.id)
        asked = _versions(db, cohort_id, found.id, analysed.quiz if analysed else None)
    lines = [
        figures.question_line(place, asked[id], analysed.quiz, _question(cohort_id, found.id, id, which))
        for place, id in enumerate(figures.in_order(found, asked), start=1)
        if analysed
    ]
    return render_template(
        "quiz_analysis/analysis.html",
        **_place(cohort_id, group.name, found.id, found.title),
        quiz_title=found.title,
        which=which,
        query={"urut": order, which_attempts.NAME: which.word},
        analysed=analysed,
        counted=counted,
        fewest=FEWEST,
        telling=analysed is not None and analysed.quiz.is_telling,
        figures=figures.of_quiz(analysed.quiz, found.is_drawn) if analysed else [],
        by_length=figures.told_by_length(asked) if asked else "",
        questions=figures.worst_first(lines) if order == ORDERS[0] else lines,
        asked_at_all=bool(asked),
        count_url=url_for(".count", cohort_id=cohort_id, quiz=found.id, **_chosen(which)),
    )


@bp.post("/<uuid:cohort_id>/kuis/<quiz>/analisis")
@requires(Permission.TEACH)
def count(cohort_id: UUID, quiz: str) -> ResponseReturnValue:
    """Count the quiz anew, and show it."""
    found, which, moment = catalog().quiz(quiz), which_attempts.asked(Which.FIRST), now()
    with database().reading() as db:
        cohorts.taught(db, cohort_id, teacher())
    analysis_counts.refresh(database(), cohort_id, found.id, now=moment)
    return redirect(url_for(".analysis", cohort_id=cohort_id, quiz=found.id, **_chosen(which)), 303)


@bp.get("/<uuid:cohort_id>/kuis/<quiz>/analisis/<item>")
@requires(Permission.TEACH)
def question(cohort_id: UUID, quiz: str, item: str) -> ResponseReturnValue:
    """Everything about one question: its versions side by side, who chose what, what was reported and proposed."""
    found, which = catalog().quiz(quiz), which_attempts.asked(Which.FIRST)
    with database().reading() as db:
        group = cohorts.taught(db, cohort_id, teacher())
        analysed = analyses.of(db, cohort_id, found.id, which.which)
        asked = _versions(db, cohort_id, found.id, analysed.quiz if analysed else None).get(item)
        if not asked:
            raise regrades.UnknownQuestion
        reported = reports.of_cohort(db, cohort_id, item=item, limit=REPORTS)
        proposed = proposals.every(db, cohort_id, item=item)
    newest = asked[-1].item
    return render_template(
        "quiz_analysis/question.html",
        **_place(cohort_id, group.name, found.id, found.title),
        title=newest.title or newest.id,
        which=which,
        query={which_attempts.NAME: which.word},
        analysed=analysed,
        fewest=FEWEST,
        asked=asked,
        rows=figures.side_by_side(asked, analysed.quiz) if analysed else [],
        versions=[_version(cohort_id, found.id, one) for one in reversed(asked)],
        by_length=figures.is_told_by_length(newest),
        reports=reported,
        proposals=proposed,
        analysis_href=url_for(".analysis", cohort_id=cohort_id, quiz=found.id, **_chosen(which)),
        marks_href=link("marked-question", cohort_id=cohort_id, quiz=found.id, item=item),
        propose_href=link("propose", cohort_id=cohort_id, quiz=found.id, item=item),
    )


def _versions(db: Connection, cohort_id: UUID, quiz: str, analysed: QuizAnalysis | None) -> dict[str, list[Version]]:
    sums = question_sums.sums(db, cohort_id, quiz=quiz)
    digests = [one.question_version for one in sums]
    items = dict(zip(digests, frozen.questions(db, digests), strict=True))
    return figures.versions(sums, items, analysed.items if analysed else {})


def _version(cohort_id: UUID, quiz: str, one: Version) -> dict[str, Any]:
    return {
        "number": one.number,
        "attempts": one.attempts,
        "telling": one.is_telling,
        "told": [(told, figures.mended_at(cohort_id, quiz, one, told)) for told in one.told],
        "view": item_pages.view(one.item, visible=EVERYTHING, rubric=True),
        "options": figures.options(one),
    }


def _question(cohort_id: UUID, quiz: str, item: str, which: Asked) -> str:
    return url_for(".question", cohort_id=cohort_id, quiz=quiz, item=item, **_chosen(which))


def _chosen(which: Asked) -> dict[str, Any]:
    """What an address says of the attempts; nothing where they are those of every analysis."""
    return {} if which.which == Which.FIRST else {which_attempts.NAME: which.word}


def _place(cohort_id: UUID, group: str, quiz: str, title: str) -> dict[str, Any]:
    """Where a page of an analysis stands."""
    return {
        "cohort": {"href": link("cohort", cohort_id=cohort_id), "title": group},
        "results": {"href": link("quiz-results", cohort_id=cohort_id, quiz=quiz), "title": title},
        "here": "gradebook",
    }
