"""What the pages of review read. An instructor's questions always pass through the cohorts they teach."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    Connection,
    Select,
    and_,
    case,
    func,
    or_,
    select,
)

from lms.db.accounts import User
from lms.db.attempts import Attempt
from lms.learning.attempt_records import Scored
from lms.learning.membership import attempts_of, attempts_taught_by

# --- the results of a quiz ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line(Scored):
    """One attempt in the results of a quiz."""

    id: UUID
    name: str
    login: str
    number: int
    started_at: datetime
    submitted_at: datetime | None
    score: float | None
    maximum: float
    passed: bool | None

    @property
    def state(self) -> str:
        return "open" if self.submitted_at is None else "submitted"


_SHARE = Attempt.score / func.nullif(Attempt.maximum, 0)
#: What the results may be sorted by; a column that a request names must stand here.
SORTS: dict[str, Any] = {
    "name": func.lower(User.name),
    "login": User.login,
    "number": Attempt.number,
    "submitted_at": Attempt.submitted_at,
    "score": _SHARE,
}


def _of_quiz(cohort_id: UUID, quiz: str, search: str) -> Select[Any]:
    statement = cast(
        "Select[Any]",
        select(
            Attempt.id,
            User.name,
            User.login,
            Attempt.number,
            Attempt.started_at,
            Attempt.submitted_at,
            Attempt.score,
            Attempt.maximum,
            Attempt.passed,
        )
        .join(User, User.id == Attempt.user_id)
        .where(attempts_of(cohort_id), Attempt.quiz == quiz),
    )
    if search:
        pattern = search.lower()
        statement = statement.where(
            or_(
                func.lower(User.name).contains(pattern, autoescape=True),
                User.login.contains(pattern, autoescape=True),
            )
        )
    return statement


def results(
    db: Connection,
    cohort_id: UUID,
    quiz: str,
    *,
    search: str = "",
    sort: str = "submitted_at",
    descending: bool = True,
    offset: int = 0,
    limit: int | None = None,
) -> list[Line]:
    statement = _of_quiz(cohort_id, quiz, search).order_by(*_order(sort, descending)).offset(offset)
    if limit is not None:
        statement = statement.limit(limit)
    return [Line(*row) for row in db.execute(statement)]


def each(
    db: Connection, cohort_id: UUID, quiz: str, *, search: str = "", sort: str, descending: bool
) -> Iterator[Line]:
    """All of them, however many: no more than a few hundred are held at a time."""
    found = db.execute(_of_quiz(cohort_id, quiz, search).order_by(*_order(sort, descending)))
    return (Line(*row) for rows in found.partitions(500) for row in rows)


def _order(sort: str, descending: bool) -> tuple[Any, ...]:
    """Open attempts have neither score nor time: they stand last either way, on both engines alike."""
    column = SORTS[sort]
    return (column.is_(None), column.desc() if descending else column.asc(), Attempt.id)


def shares(db: Connection, cohort_id: UUID, quiz: str, search: str = "") -> Sequence[tuple[float | None, bool | None]]:
    """Share and verdict of every attempt that the search finds; None for those still open."""
    found = _of_quiz(cohort_id, quiz, search).subquery()
    return [
        (share, passed)
        for share, passed in db.execute(select(found.c.score / func.nullif(found.c.maximum, 0), found.c.passed))
    ]


def quiz_summaries(db: Connection, cohort_id: UUID) -> dict[str, Any]:
    """For each quiz of a cohort: ``attempts``, ``people``, ``mean`` share and how many people ``passed``."""
    each = (  # of a person and quiz, in the order of the key of attempts: half of what counting distinct people costs
        select(
            Attempt.quiz,
            func.count().label("attempts"),
            func.count(Attempt.score).label("scored"),
            func.sum(_SHARE).label("shares"),
            func.max(case((Attempt.passed.is_(True), 1), else_=0)).label("passed"),
        )
        .where(attempts_of(cohort_id), Attempt.submitted_at.is_not(None))
        .group_by(Attempt.enrolment_id, Attempt.quiz)
        .subquery()
    )
    summed = select(
        each.c.quiz,
        func.sum(each.c.attempts).label("attempts"),
        func.count().label("people"),
        (func.sum(each.c.shares) / func.nullif(func.sum(each.c.scored), 0)).label("mean"),
        func.sum(each.c.passed).label("passed"),
    ).group_by(each.c.quiz)
    return {row.quiz: row for row in db.execute(summed)}


# --- answers that wait for a person ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Waiting:
    """A closed attempt that has no score yet, because a person has to judge some of its answers."""

    id: UUID
    name: str
    login: str
    quiz: str
    number: int
    submitted_at: datetime | None


def _waiting(instructor_id: UUID | None) -> Any:
    """Of the cohorts somebody teaches; of everybody when ``instructor_id`` is None."""
    return and_(Attempt.submitted_at.is_not(None), Attempt.score.is_(None), attempts_taught_by(instructor_id))


def count_waiting(db: Connection, instructor_id: UUID | None) -> int:
    count: int = db.execute(select(func.count()).select_from(Attempt).where(_waiting(instructor_id))).scalar_one()
    return count


def waiting(db: Connection, instructor_id: UUID | None, *, offset: int = 0, limit: int) -> list[Waiting]:
    """Oldest first."""
    rows = db.execute(
        select(Attempt.id, User.name, User.login, Attempt.quiz, Attempt.number, Attempt.submitted_at)
        .join(User, User.id == Attempt.user_id)
        .where(_waiting(instructor_id))
        .order_by(Attempt.submitted_at, Attempt.id)
        .offset(offset)
        .limit(limit)
    )
    return [Waiting(*row) for row in rows]
