"""A history told several times, by the engine itself: a million attempts need not be made one by one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Text, Uuid, cast, delete, func, insert, literal, null, select, type_coerce, update

from lms.db.attempts import Attempt, AttemptItem, Mark, QuizRecord, Response
from lms.db.base import Base
from lms.db.engine import Database
from lms.db.statistics import QuestionSum, ResponseCount
from lms.learning.api import quiz_records

#: The digit that makes a key one of version 7 becomes one of these: another key, which keeps its place in time.
DIGITS = "12345689abcdef"
_SUMS = ("attempts", "answered", "marked", "fractions", "changes")
_CLOSED = Attempt.submitted_at.is_not(None)


def repeat(database: Database, times: int) -> None:
    """Have every closed attempt with its answers and marks ``times``, under later numbers.

    Sums grow as the attempts do, records are written anew; reports, and what was read in lessons, stay as they are.
    Raises ValueError for more times than there are digits.
    """
    if times > len(DIGITS) + 1:
        raise ValueError(f"a history can be told {len(DIGITS) + 1} times at most, not {times}")
    for place, digit in enumerate(DIGITS[: times - 1], start=1):
        with database.transaction() as session:
            _once_more(session.connection(), place, digit)
    with database.transaction() as session:
        session.execute(delete(QuizRecord))
        quiz_records.fill(session)
        session.execute(update(QuestionSum).values({name: getattr(QuestionSum, name) * times for name in _SUMS}))
        session.execute(update(ResponseCount).values(attempts=ResponseCount.attempts * times))


def _once_more(db: Connection, place: int, digit: str) -> None:
    taken = func.max(Attempt.number).over(partition_by=(Attempt.enrolment_id, Attempt.quiz))
    numbers = (
        select(Attempt.id, (Attempt.number + literal(place) * taken).label("number"))
        .where(_told_first(db, Attempt.id))
        .subquery()
    )
    _copy(
        db,
        Attempt,
        {"id": _moved(db, Attempt.id, digit), "number": numbers.c.number, "attempt_limit": null()},
        lambda all: all.join(numbers, numbers.c.id == Attempt.id).where(_CLOSED),
    )
    _copy_of_attempts(db, AttemptItem, ("attempt_id", "mark_id"), digit)
    _copy_of_attempts(db, Response, ("attempt_id",), digit)
    _copy_of_attempts(db, Mark, ("id", "attempt_id"), digit)


def _copy_of_attempts(db: Connection, table: Any, keys: tuple[str, ...], digit: str) -> None:
    """Rows that belong to attempts; ``keys``: which of their columns lead to rows that are copied, too."""
    moved = {name: _moved(db, getattr(table, name), digit) for name in keys}
    own = _told_first(db, table.attempt_id)
    _copy(db, table, moved, lambda all: all.join(Attempt, Attempt.id == table.attempt_id).where(_CLOSED, own))


def _copy(db: Connection, table: type[Base], changed: dict[str, Any], which: Any) -> None:
    columns = list(table.__table__.columns)
    values = [changed.get(column.key, column) for column in columns]
    db.execute(insert(table).from_select([column.key for column in columns], which(select(*values).select_from(table))))


def _moved(db: Connection, id: Any, digit: str) -> Any:
    """Another key for each; none for none."""
    if db.dialect.name == "sqlite":
        kept = type_coerce(id, Text)
        return func.substr(kept, 1, 12).concat(digit).concat(func.substr(kept, 14))
    return cast(func.overlay(cast(id, Text), digit, 15, 1), Uuid)


def _told_first(db: Connection, id: Any) -> Any:
    kept, place = (type_coerce(id, Text), 13) if db.dialect.name == "sqlite" else (cast(id, Text), 15)
    return func.substr(kept, place, 1) == "7"
