"""What the attempts of a cohort tell of a quiz, as they were last counted (``analysis_counts``)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, case, func, select, true

from lms.db.attempts import QuestionVersion
from lms.db.statistics import AnalysedQuiz, AnalysisCell
from lms.learning.analysis_counts import sums_of
from lms.learning.quiz_records import Which
from lms.quiz.distribution import BILLION
from lms.quiz.item_analysis import Cell, ItemAnalysis, QuizAnalysis

__all__ = ["Analysed", "Counted", "Which", "counted", "of", "of_question"]


@dataclass(frozen=True)
class Analysed:
    """A quiz as it was last counted. ``is_old``: attempts changed since. ``quiz``: its questions by id and major."""

    computed_at: datetime
    is_old: bool
    quiz: QuizAnalysis


def of(db: Connection, cohort_id: UUID, quiz: str, which: Which = Which.FIRST) -> Analysed | None:
    """What a cohort's attempts tell of a quiz; None when nothing was counted yet."""
    mine = (AnalysedQuiz.cohort_id == cohort_id, AnalysedQuiz.quiz == quiz)
    known = db.execute(select(AnalysedQuiz.changes, AnalysedQuiz.computed_at).where(*mine)).one_or_none()
    if known is None:
        return None
    is_old = known.changes != sums_of(db, cohort_id, quiz).changes
    return Analysed(known.computed_at, is_old, _analysis(_cells(db, cohort_id, quiz, which)))


def of_question(
    db: Connection, cohort_id: UUID, quiz: str, item: str, which: Which = Which.FIRST
) -> dict[str, ItemAnalysis]:
    """The same of one question alone, by major version, the cheaper way; empty when nothing was counted yet."""
    found = _analysis(_cells(db, cohort_id, quiz, which, ("", item)))
    return {major: one for (_item, major), one in found.items.items()}


@dataclass(frozen=True, slots=True)
class Counted:
    """How many persons, and how many attempts, stand behind a quiz as it was last counted."""

    people: int
    attempts: int


def counted(db: Connection, cohort_id: UUID, quiz: str) -> Counted:
    first = case((AnalysisCell.which.bitwise_and(int(Which.FIRST)) != 0, AnalysisCell.attempts), else_=0)
    sums = select(func.coalesce(func.sum(first), 0), func.coalesce(func.sum(AnalysisCell.attempts), 0))
    return Counted(*map(int, db.execute(sums.where(*_held_of(cohort_id, quiz), AnalysisCell.item == "")).one()))


def _held_of(cohort_id: UUID, quiz: str) -> tuple[ColumnElement[bool], ...]:
    """The cells that hold."""
    mine = (AnalysedQuiz.cohort_id == cohort_id, AnalysedQuiz.quiz == quiz)
    made = select(AnalysedQuiz.made).where(*mine).scalar_subquery()
    return AnalysisCell.cohort_id == cohort_id, AnalysisCell.quiz == quiz, AnalysisCell.made == made


def _cells(
    db: Connection, cohort_id: UUID, quiz: str, which: Which, items: Collection[str] | None = None
) -> Sequence[Any]:
    """``items``: of these questions only, "" being the attempts themselves; None: of all."""
    cell, version = AnalysisCell, QuestionVersion
    chosen = (*_held_of(cohort_id, quiz), true() if items is None else cell.item.in_(items))
    key = (cell.item, version.major, cell.response, cell.points, cell.maximum, cell.score)
    statement = (
        select(*key, func.sum(cell.attempts).label("attempts"))
        .outerjoin(version, version.digest == cell.question_version)
        .where(*chosen)
        .group_by(*key)
        .order_by(*key)  # else as the database likes today, and nothing told of a question would equal itself
    )
    if which:
        statement = statement.where(cell.which.bitwise_and(int(which)) != 0)
    return db.execute(statement).all()


def _analysis(rows: Sequence[Any]) -> QuizAnalysis:
    scores = [(row.score, int(row.attempts)) for row in rows if not row.item]
    cells: defaultdict[tuple[str, str], list[Cell]] = defaultdict(list)
    maxima: dict[tuple[str, str], float] = {}
    for row in rows:
        if row.item:
            response = tuple(json.loads(row.response)) if row.response else ()
            cells[row.item, row.major].append(Cell(response, row.points, row.score, int(row.attempts)))
            maxima[row.item, row.major] = row.maximum / BILLION
    return QuizAnalysis.of(scores, {key: (maxima[key], found) for key, found in cells.items()})
