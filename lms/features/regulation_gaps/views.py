"""The articles and topics that a cohort misses most."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lms.learning.api import cohorts, gaps
from lms.web import gaps as gap_lines
from lms.web.guards import Permission, requires, teacher
from lms.web.links import Entry, link
from lms.web.paging import paging
from lms.web.site import catalog, database

bp = Blueprint("regulation_gaps", __name__, template_folder="templates", url_prefix="/pengampu/angkatan")
LINKS = {"cohort-gaps": "regulation_gaps.missed"}
MENU: tuple[Entry, ...] = ()

PAGE = 30
#: So many questions of an article are named, those first of which most was missed.
QUESTIONS = 5
#: So many topics; there is one for every other tag.
TOPICS = 20


@bp.get("/<uuid:cohort_id>/dasar-hukum")
@requires(Permission.TEACH)
def missed(cohort_id: UUID) -> ResponseReturnValue:
    pack = catalog()
    with database().reading() as db:
        group = cohorts.taught(db, cohort_id, teacher())
        answered = gaps.of_cohort(db, cohort_id, pack)
    articles = gaps.by_article(answered, pack)
    topics = [gap for gap in gaps.by_tag(answered, pack) if gap_lines.is_topic(gap)]
    telling = [gap for gap in articles if gap.answers >= gaps.FEWEST]
    shown = paging(len(telling), PAGE)
    return render_template(
        "regulation_gaps/missed.html",
        cohort={"href": link("cohort", cohort_id=cohort_id), "title": group.name},
        articles=_lines(cohort_id, telling[shown.offset : shown.offset + shown.size], gap_lines.line),
        few=_lines(cohort_id, [gap for gap in articles if gap.answers < gaps.FEWEST], gap_lines.line),
        topics=_lines(cohort_id, [gap for gap in topics if gap.answers >= gaps.FEWEST][:TOPICS], gap_lines.of_tag),
        fewest=gaps.FEWEST,
        query={"page": shown.page},
        pages=shown.pages,
        here="gradebook",
    )


@dataclass(frozen=True, slots=True)
class Question:
    title: str
    href: str
    quiz: str
    missed: float
    answers: int


def _lines(
    cohort_id: UUID, listed: Sequence[gaps.Gap], line: Callable[[gaps.Gap], gap_lines.Line]
) -> list[dict[str, Any]]:
    return [{"gap": line(gap), "questions": _questions(cohort_id, gap), "asked": len(gap.questions)} for gap in listed]


def _questions(cohort_id: UUID, gap: gaps.Gap) -> list[Question]:
    quizzes = catalog().quizzes
    return [
        Question(
            title=one.item.title or one.item.id,
            href=link("quiz-questions", cohort_id=cohort_id, quiz=one.quiz) if one.quiz in quizzes else "",
            quiz=quizzes[one.quiz].title if one.quiz in quizzes else one.quiz,
            missed=one.missed,
            answers=one.answers,
        )
        for one in gap.questions[:QUESTIONS]
    ]
