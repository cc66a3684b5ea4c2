"""What a decision of staff about time does to attempts that are running already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lms.db.attempts import Attempt, QuizRevision
from lms.learning.conditions import of_attempts
from lms.quiz.definition import load_quiz


@dataclass(frozen=True, slots=True)
class Moved:
    """A running attempt whose deadline is another one now; ``deadline_at`` None: it has none any more."""

    attempt_id: UUID
    deadline_at: datetime | None


def move(db: Session, people: Sequence[UUID], quiz: str | None = None, *, now: datetime) -> list[Moved]:
    """Give the running attempts of these people the deadlines that their conditions now say; returns those that moved.

    ``quiz`` None: at every quiz. The time limit stays the one the attempt began with. A deadline that moves nearer
    stops at ``now``: what was written before was written in time, and has its grace to arrive. Belongs into the
    transaction of the decision, after ``conditions.lock_for_change``.
    """
    running = select(
        Attempt.id, Attempt.started_at, Attempt.deadline_at, Attempt.closes_at, QuizRevision.definition
    ).join(QuizRevision, QuizRevision.digest == Attempt.revision)
    running = running.where(Attempt.user_id.in_(people), Attempt.submitted_at.is_(None))
    if quiz is not None:
        running = running.where(Attempt.quiz == quiz)
    rows = db.execute(running.order_by(Attempt.id).with_for_update(of=Attempt)).all()
    allowed = of_attempts(db.connection(), [row.id for row in rows]) if rows else {}
    moved: list[Moved] = []
    for row in rows:
        due = allowed[row.id].deadline(load_quiz(row.definition), row.started_at)
        deadline_at = _next(row.deadline_at, due, now)
        closes_at = _next(row.closes_at, deadline_at and deadline_at + allowed[row.id].grace, now)
        if (deadline_at, closes_at) == (row.deadline_at, row.closes_at):
            continue
        db.execute(update(Attempt).where(Attempt.id == row.id).values(deadline_at=deadline_at, closes_at=closes_at))
        if deadline_at != row.deadline_at:
            moved.append(Moved(row.id, deadline_at))
    return moved


def _next(held: datetime | None, due: datetime | None, now: datetime) -> datetime | None:
    """Where a bound moves from ``held`` when it is ``due``: later at once, nearer not into the past."""
    if due is None or (held is not None and due >= held):
        return due
    return max(due, now if held is None else min(now, held))
