"""What a decision of staff about time does to attempts that are running already.

It holds at once for whoever starts from then on. Running attempts of one person follow in the same transaction, those
of a cohort two hundred at a time, so that nobody else waits: the rest by ``go_on`` (docs/adr/0017).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, select, update
from sqlalchemy.orm import Session

from lms.db.attempts import Attempt, QuizRevision
from lms.db.cohorts import Cohort
from lms.learning.conditions import of_attempts
from lms.learning.membership import participants
from lms.quiz.definition import load_quiz
from lms.quiz.quiz import Quiz

#: Attempts that follow in one transaction: less than a tenth of a second.
PIECE = 200


@dataclass(frozen=True, slots=True)
class Moved:
    """A running attempt whose deadline is another one now; ``deadline_at`` None: it has none any more."""

    attempt_id: UUID
    deadline_at: datetime | None


def move(db: Session, user_id: UUID, quiz: str, *, now: datetime) -> list[Moved]:
    """Give a person's running attempt the deadline that their conditions now say; returns it when it moved.

    The time limit stays the one the attempt began with. A deadline that moves nearer stops at ``now``: what was written
    before was written in time, and has its grace to arrive. Belongs into the transaction of the decision, after
    ``conditions.lock_for_change``.
    """
    return _follow(db, _locked(db, Attempt.user_id == user_id, quiz=quiz), now)


def move_first(db: Session, cohort: Cohort, quiz: str | None = None, *, now: datetime) -> list[Moved]:
    """The same for the first ``PIECE`` of those who take part in a cohort; ``go_on`` does what is left.

    ``quiz`` None: at every quiz.
    """
    rows = _locked(db, _takes_part(cohort.id), quiz=quiz, most=PIECE + 1)
    if len(rows) > PIECE:
        rows = rows[:PIECE]
        # An earlier decision may not have come so far, and be about another quiz.
        cohort.deadlines_reached = min(rows[-1].id, cohort.deadlines_reached or rows[-1].id)
    return _follow(db, rows, now)


def go_on(db: Session, cohort_id: UUID, *, now: datetime) -> int:
    """The next ``PIECE`` of a cohort whose deadlines still move; returns how many were looked at, 0 when all have."""
    cohort = db.get_one(Cohort, cohort_id, with_for_update={"key_share": True})
    if cohort.deadlines_reached is None:
        return 0
    rows = _locked(db, _takes_part(cohort_id), Attempt.id > cohort.deadlines_reached, most=PIECE)
    cohort.deadlines_reached = rows[-1].id if rows else None
    _follow(db, rows, now)
    return len(rows)


def moving(db: Connection) -> Sequence[UUID]:
    """The cohorts for which there is something to ``go_on`` with."""
    return db.execute(select(Cohort.id).where(Cohort.deadlines_reached.is_not(None))).scalars().all()


def _locked(
    db: Session, *whose: ColumnElement[bool], quiz: str | None = None, most: int | None = None
) -> Sequence[Any]:
    """Running attempts in the order of their ids; nobody else changes them until the transaction ends."""
    running = select(Attempt.id, Attempt.revision, Attempt.started_at, Attempt.deadline_at, Attempt.closes_at)
    running = running.where(Attempt.submitted_at.is_(None), *whose)
    if quiz is not None:
        running = running.where(Attempt.quiz == quiz)
    return db.execute(running.order_by(Attempt.id).limit(most).with_for_update()).all()


def _takes_part(cohort_id: UUID) -> ColumnElement[bool]:
    return Attempt.user_id.in_(participants([cohort_id]))


def _follow(db: Session, rows: Sequence[Any], now: datetime) -> list[Moved]:
    if not rows:
        return []
    allowed = of_attempts(db.connection(), [row.id for row in rows])
    rules = _rules(db, {row.revision for row in rows})
    changed: list[dict[str, Any]] = []
    moved: list[Moved] = []
    for row in rows:
        due = allowed[row.id].deadline(rules[row.revision], row.started_at)
        deadline_at = _next(row.deadline_at, due, now)
        closes_at = _next(row.closes_at, deadline_at and deadline_at + allowed[row.id].grace, now)
        if (deadline_at, closes_at) == (row.deadline_at, row.closes_at):
            continue
        changed.append({"id": row.id, "deadline_at": deadline_at, "closes_at": closes_at})
        if deadline_at != row.deadline_at:
            moved.append(Moved(row.id, deadline_at))
    if changed:
        db.execute(update(Attempt), changed)
    return moved


def _rules(db: Session, revisions: Collection[str]) -> dict[str, Quiz]:
    """By digest; hundreds of attempts began under a few."""
    found = select(QuizRevision.digest, QuizRevision.definition).where(QuizRevision.digest.in_(revisions))
    return {digest: load_quiz(definition) for digest, definition in db.execute(found)}


def _next(held: datetime | None, due: datetime | None, now: datetime) -> datetime | None:
    """Where a bound moves from ``held`` when it is ``due``: later at once, nearer not into the past."""
    if due is None or (held is not None and due >= held):
        return due
    return max(due, now if held is None else min(now, held))
