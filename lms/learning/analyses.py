"""A quiz of a cohort, counted once for all figures that are told of it.

What is counted are whole numbers of attempts (``AnalysisCell``), so that every figure – medians, groups, the best
attempt of each person – follows exactly, and counting again gives the same. It is never done on a participant's way:
``refresh`` runs when staff look at a page whose counts are old, or from ``lms tick``.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntFlag
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from lms.db.attempts import Attempt, AttemptItem, QuestionVersion, Response
from lms.db.cohorts import Enrolment
from lms.db.statistics import AnalysedQuiz, AnalysisCell, QuestionSum
from lms.learning.membership import MADE_UNDER, TAKES_PART
from lms.quiz.distribution import BILLION
from lms.quiz.item_analysis import Cell, ItemAnalysis, QuizAnalysis


class Which(IntFlag):
    """What an attempt is to its participant: one may be several. ``EVERY``: all of them, whatever they are."""

    EVERY = 0
    FIRST = 1
    BEST = 2  # of several alike the earliest
    LAST = 4


# --- counting -------------------------------------------------------------------------------------------------------

_COHORT: Any = bindparam("cohort")
_QUIZ: Any = bindparam("quiz_id")


def _is_first(*order: Any) -> ColumnElement[int]:
    """1 for the attempt that stands first in this order among those of its participant."""
    place = func.row_number().over(partition_by=Attempt.enrolment_id, order_by=(*order, Attempt.number))
    return case((place == 1, 1), else_=0)


def _billionths(number: Any) -> ColumnElement[int]:
    return cast(func.round(number * BILLION), BigInteger)


#: The attempts that count and are judged to the end.
_JUDGED = (
    select(
        Attempt.id,
        _billionths(Attempt.score).label("score"),
        _billionths(Attempt.maximum).label("maximum"),
        (
            int(Which.FIRST) * _is_first(Attempt.number)
            + int(Which.BEST) * _is_first((Attempt.score / func.nullif(Attempt.maximum, 0)).desc())
            + int(Which.LAST) * _is_first(Attempt.number.desc())
        ).label("which"),
    )
    .join(Enrolment, MADE_UNDER)
    .where(TAKES_PART, Enrolment.cohort_id == _COHORT, Attempt.quiz == _QUIZ, Attempt.score.is_not(None))
    .cte("judged")
)
_CHOSEN = case((cast(AttemptItem.option_order, Text) != "[]", func.coalesce(Response.value, "")), else_="")


def _counted(*columns: Any) -> Select[Any]:
    return select(*columns, cast(func.count(), Integer)).group_by(*columns)


_OF_QUESTIONS = (
    _counted(
        AttemptItem.item,
        AttemptItem.question_version,
        _JUDGED.c.which,
        _CHOSEN,
        _billionths(AttemptItem.points),
        _billionths(AttemptItem.maximum),
        _JUDGED.c.score,
    )
    .select_from(_JUDGED)
    .join(AttemptItem, AttemptItem.attempt_id == _JUDGED.c.id)
    .outerjoin(Response, and_(Response.attempt_id == AttemptItem.attempt_id, Response.item == AttemptItem.item))
    .where(AttemptItem.maximum > 0)  # 0: it was dropped
)
_NOTHING = literal("", Text)
_OF_ATTEMPTS = select(
    _NOTHING, _NOTHING, _JUDGED.c.which, _NOTHING, _JUDGED.c.score, _JUDGED.c.maximum, _JUDGED.c.score, func.count()
).group_by(_JUDGED.c.which, _JUDGED.c.score, _JUDGED.c.maximum)
_TABLE: Any = AnalysisCell.__table__
_BOTH = union_all(_OF_QUESTIONS, _OF_ATTEMPTS).subquery()
_COUNT = insert(_TABLE).from_select(
    ["cohort_id", "quiz", "item", "question_version", "which", "response", "points", "maximum", "score", "attempts"],
    select(bindparam("cohort", type_=AnalysisCell.cohort_id.type), bindparam("quiz_id", type_=Text), *_BOTH.c),
)


def changes(db: Connection, cohort_id: UUID, quiz: str) -> int:
    """Another number whenever an attempt at a quiz is counted, counts no more or is marked anew."""
    mine = (QuestionSum.cohort_id == cohort_id, QuestionSum.quiz == quiz)
    return int(db.execute(select(func.coalesce(func.sum(QuestionSum.changes), 0)).where(*mine)).scalar_one())


def refresh(db: Session, cohort_id: UUID, quiz: str, *, now: datetime) -> None:
    """Count a quiz anew. Who refreshes it at the same time waits, and counts the same."""
    key = {"cohort_id": cohort_id, "quiz": quiz}
    known = db.get(AnalysedQuiz, key, with_for_update=True)
    if known is None:
        known = AnalysedQuiz(**key)
        db.add(known)
    known.changes = changes(db.connection(), cohort_id, quiz)  # before what it stands for: never newer than that
    known.computed_at = now
    db.flush()
    mine = (AnalysisCell.cohort_id == cohort_id, AnalysisCell.quiz == quiz)
    db.execute(delete(AnalysisCell).where(*mine))
    db.connection().execute(_COUNT, {"cohort": cohort_id, "quiz_id": quiz})


def old(db: Connection) -> list[tuple[UUID, str]]:
    """Cohort and quiz of all that changed since it was counted, or was never counted."""
    now = (
        select(QuestionSum.cohort_id, QuestionSum.quiz, func.sum(QuestionSum.changes).label("changes"))
        .group_by(QuestionSum.cohort_id, QuestionSum.quiz)
        .subquery()
    )
    then = and_(AnalysedQuiz.cohort_id == now.c.cohort_id, AnalysedQuiz.quiz == now.c.quiz)
    rows = db.execute(
        select(now.c.cohort_id, now.c.quiz)
        .outerjoin(AnalysedQuiz, then)
        .where(func.coalesce(AnalysedQuiz.changes, -1) != now.c.changes)
        .order_by(now.c.quiz, now.c.cohort_id)
    )
    return [(cohort_id, quiz) for cohort_id, quiz in rows]


# --- what was counted -----------------------------------------------------------------------------------------------


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
    is_old = known.changes != changes(db, cohort_id, quiz)
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
    of_attempts = (AnalysisCell.cohort_id == cohort_id, AnalysisCell.quiz == quiz, AnalysisCell.item == "")
    first = case((AnalysisCell.which.bitwise_and(int(Which.FIRST)) != 0, AnalysisCell.attempts), else_=0)
    sums = select(func.coalesce(func.sum(first), 0), func.coalesce(func.sum(AnalysisCell.attempts), 0))
    return Counted(*map(int, db.execute(sums.where(*of_attempts)).one()))


def _cells(
    db: Connection, cohort_id: UUID, quiz: str, which: Which, items: Collection[str] | None = None
) -> Sequence[Any]:
    """``items``: of these questions only, "" being the attempts themselves; None: of all."""
    cell, version = AnalysisCell, QuestionVersion
    chosen = (cell.cohort_id == cohort_id, cell.quiz == quiz, true() if items is None else cell.item.in_(items))
    key = (cell.item, version.major, cell.response, cell.points, cell.maximum, cell.score)
    statement = (
        select(*key, func.sum(cell.attempts).label("attempts"))
        .outerjoin(version, version.digest == cell.question_version)
        .where(*chosen)
        .group_by(*key)
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
