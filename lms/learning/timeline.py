"""What happened in one attempt, in the order in which it reached the server; for those who teach its participant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from lms.db.accounts import User
from lms.db.attempts import ClosedBy
from lms.db.audit import AuditEvent
from lms.learning.attempt_records import AttemptRow, MarkRow, ReviewedRow


class Happened(StrEnum):
    STARTED = "started"
    ANSWERED = "answered"  # the newest answer to a question arrived
    DEADLINE = "deadline"
    SUBMITTED = "submitted"
    CLOSED = "closed"  # by its deadline
    SEEN = "seen"  # the participant was first shown its questions reviewed
    PUT_IN = "put-in"  # staff put in an answer file
    JUDGED = "judged"  # a person, or a decision about the question, gave another mark


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. ``number``: of the question, from 1; ``made_at``: the device's word for when an answer
    was made; ``late``: it arrived after the deadline; ``who``: of the staff; ``reason``: in their words."""

    at: datetime
    what: Happened
    number: int | None = None
    made_at: datetime | None = None
    late: bool = False
    who: str = ""
    reason: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class Timeline:
    """``answered``: how many answers there are, taken back or not; ``late``: how many came after the deadline."""

    events: list[Event] = field(default_factory=list)
    answered: int = 0
    late: int = 0

    @property
    def all_late(self) -> bool:
        """Every answer came when its time was over, and only the device says that it was made before."""
        return self.answered > 0 and self.late == self.answered


_PUT_IN = (
    select(AuditEvent.at, AuditEvent.details, User.name)
    .outerjoin(User, User.id == AuditEvent.actor_id)
    .where(AuditEvent.action == "answers.put-in", AuditEvent.subject == bindparam("attempt"))
)


def of(
    db: Connection, attempt: AttemptRow, rows: Sequence[ReviewedRow], marks: Mapping[str, Sequence[MarkRow]]
) -> Timeline:
    """``rows``: the attempt's items in their order; ``marks``: all judgements on each."""
    answers = [
        Event(row.saved_at, Happened.ANSWERED, number=number, made_at=row.made_at, late=_is_late(row.saved_at, attempt))
        for number, row in enumerate(rows, start=1)
        if row.saved_at is not None
    ]
    events = [Event(attempt.started_at, Happened.STARTED), *answers, *_put_in(db, attempt.id)]
    if attempt.deadline_at is not None:
        events.append(Event(attempt.deadline_at, Happened.DEADLINE))
    if attempt.submitted_at is not None:
        timed_out = attempt.closed_by == ClosedBy.DEADLINE
        events.append(Event(attempt.submitted_at, Happened.CLOSED if timed_out else Happened.SUBMITTED))
    if attempt.seen_at is not None:
        events.append(Event(attempt.seen_at, Happened.SEEN))
    places = {row.item: number for number, row in enumerate(rows, start=1)}
    for item, history in marks.items():
        for mark in history:
            if mark.author or mark.decision:  # the rest follows from what stands here already
                who, reason = mark.author or "", mark.decision or mark.reason
                events.append(Event(mark.marked_at, Happened.JUDGED, number=places[item], who=who, reason=reason))
    return Timeline(sorted(events, key=_moment), len(answers), sum(event.late for event in answers))


def _is_late(moment: datetime, attempt: AttemptRow) -> bool:
    return attempt.deadline_at is not None and moment >= attempt.deadline_at


def _put_in(db: Connection, attempt_id: UUID) -> list[Event]:
    found = []
    for at, details, who in db.execute(_PUT_IN, {"attempt": str(attempt_id)}):
        held: Mapping[str, Any] = details
        found.append(
            Event(at, Happened.PUT_IN, who=who or "", reason=held.get("reason") or "", count=len(held["taken"]))
        )
    return found


def _moment(event: Event) -> datetime:
    return event.at
