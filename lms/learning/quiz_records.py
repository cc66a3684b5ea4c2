"""What each person did at each quiz, as one row that follows their attempts in the transaction that changes them.

A row says nothing that its attempts do not say: it is read from them whole, never added to, so that a new attempt, a
judgement and a regrade need no rules of their own. Lists of thousands of people read it instead of all attempts, and
take as long at a million of these as at a thousand.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import IntFlag
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, case, func, insert, select, true, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lms.db.attempts import Attempt, QuizRecord
from lms.learning import owed_scores


class Which(IntFlag):
    """What an attempt is to its participant: one may be several. ``EVERY``: all of them, whatever they are."""

    EVERY = 0
    FIRST = 1
    BEST = 2
    LAST = 4


#: Of each, the column that keeps its number.
NUMBER = {Which.FIRST: QuizRecord.first, Which.BEST: QuizRecord.best, Which.LAST: QuizRecord.last}
#: 0…1; None where nothing is known, or could be earned.
SHARE: ColumnElement[Any] = Attempt.score / func.nullif(Attempt.maximum, 0)
#: Open, or waiting for a person. Where there is no score there is no verdict, and that one leads ``ix_attempt_stands``.
UNJUDGED = and_(Attempt.passed.is_(None), Attempt.score.is_(None))
#: Neither an attempt that waits for a person nor one that is open tells anything yet.
_KNOWN = case((Attempt.score.is_not(None), 0), (Attempt.submitted_at.is_not(None), 1), else_=2)
#: A section may have a threshold of its own, so that one with more points need not pass. Where nothing could be earned
#: it is worse than any; of several alike the earliest comes first.
_ORDERS: dict[Which, tuple[Any, ...]] = {
    Which.FIRST: (_KNOWN, Attempt.number),
    Which.BEST: (
        _KNOWN,
        case((Attempt.passed.is_(True), 0), else_=1),
        func.coalesce(SHARE, -1).desc(),
        Attempt.number,
    ),
    Which.LAST: (_KNOWN, Attempt.number.desc()),
}


def place(which: Which) -> ColumnElement[int]:
    """Where an attempt stands among those of its person at its quiz that are selected: 1 for the first, best or last.

    One that is judged to the end comes before one that waits, and this before an open one.
    """
    persons = (Attempt.enrolment_id, Attempt.quiz)
    return func.row_number().over(partition_by=persons, order_by=_ORDERS[which])


def follow(db: Session, attempts: Collection[UUID]) -> None:
    """Keep the records true to attempts that this transaction began, closed or marked anew.

    The records are locked first, in the order of their keys: whoever changes other attempts of the same person at the
    same quiz meanwhile reads them afterwards. So call it once in a transaction, and before ``question_sums``, for which
    more people wait. Platforms to which scores of these quizzes go are owed them from then on.
    """
    connection, of = db.connection(), {"attempts": list(attempts)}
    connection.execute(_LOCKED, of)
    if any(connection.execute(_WRITTEN[connection.dialect.name], of).scalars()):
        owed_scores.owe(db, attempts)


def fill(db: Session) -> None:
    """Write all records, where there is none yet."""
    db.execute(insert(QuizRecord).from_select(_NAMES, _read(true())))


# --- what is read of attempts, and how it is written ----------------------------------------------------------------


def _read(which: ColumnElement[bool]) -> Any:
    """The records of these attempts' persons and quizzes; an attempt under no enrolment has none."""
    places = (place(which).label(column.key) for which, column in NUMBER.items())
    told = (Attempt.number, Attempt.started_at, Attempt.submitted_at, Attempt.score, Attempt.passed)
    of = (
        select(Attempt.enrolment_id, Attempt.quiz, *told, SHARE.label("share"), *places)
        .where(Attempt.enrolment_id.is_not(None), which)
        .subquery()
        .c
    )
    return select(
        of.enrolment_id,
        of.quiz,
        func.count(of.submitted_at),
        func.count(of.score),
        func.count(case((of.passed.is_(True), 1))),
        func.coalesce(func.sum(of.share), 0),
        *(func.max(case((of[column.key] == 1, of.number))) for column in NUMBER.values()),
        func.max(case((of.best == 1, of.share))),
        func.max(of.started_at),
        func.max(of.submitted_at),
        func.min(case((of.score.is_(None), of.submitted_at))),
    ).group_by(of.enrolment_id, of.quiz)


_NAMES = [column.name for column in QuizRecord.__table__.columns]
_KEY = ("enrolment_id", "quiz")
_CHANGED = select(Attempt.enrolment_id, Attempt.quiz).where(
    Attempt.id.in_(bindparam("attempts", expanding=True)), Attempt.enrolment_id.is_not(None)
)
_LOCKED = (
    select(QuizRecord.enrolment_id, QuizRecord.quiz)
    .where(tuple_(QuizRecord.enrolment_id, QuizRecord.quiz).in_(_CHANGED))
    .order_by(QuizRecord.enrolment_id, QuizRecord.quiz)
    .with_for_update()
)


def _upsert(insertion: Any) -> Any:
    written = insertion.from_select(_NAMES, _read(tuple_(Attempt.enrolment_id, Attempt.quiz).in_(_CHANGED)))
    rest = {name: written.excluded[name] for name in _NAMES if name not in _KEY}
    # no score goes anywhere before something is handed in
    owed = and_(QuizRecord.closed > 0, owed_scores.GRADED)
    return written.on_conflict_do_update(index_elements=_KEY, set_=rest).returning(owed)


_WRITTEN = {"sqlite": _upsert(sqlite.insert(QuizRecord)), "postgresql": _upsert(postgresql.insert(QuizRecord))}
