"""One participant of a cohort as those who teach them see them: who they are, and what they took.

What they keep for themselves – notes, cards, what they searched for, how they answered a self-check – is not asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, select

from lms.db.accounts import User
from lms.db.attempts import Attempt
from lms.db.cohorts import Enrolment
from lms.learning.attempt_records import Scored, Timed
from lms.learning.members import Member
from lms.learning.membership import TAKES_PART
from lms.learning.overrides import UnknownParticipant

# --- who ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Beside:
    """Who stands next to a participant in the list of their cohort by name."""

    user_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Participant:
    """``extra_minutes``: what the enrolment adds to every time limit; ``disabled_at`` None: they can sign in."""

    member: Member
    enrolled_at: datetime
    extra_minutes: int
    disabled_at: datetime | None
    previous: Beside | None
    next: Beside | None


_BY_NAME = (func.lower(User.name), User.login)
_LISTED = (
    select(
        Enrolment.id,
        User.id.label("user_id"),
        func.lag(User.id).over(order_by=_BY_NAME).label("previous"),
        func.lead(User.id).over(order_by=_BY_NAME).label("next"),
    )
    .join(User, User.id == Enrolment.user_id)
    .where(Enrolment.cohort_id == bindparam("cohort_id"), TAKES_PART)
    .subquery()
)
_THREE = (
    select(
        _LISTED.c.id,
        User.id.label("user_id"),
        User.name,
        User.login,
        User.disabled_at,
        Enrolment.enrolled_at,
        Enrolment.extra_minutes,
        (User.id == _LISTED.c.previous).label("is_previous"),
        (User.id == _LISTED.c.next).label("is_next"),
    )
    .select_from(_LISTED)
    .join(Enrolment, Enrolment.id == _LISTED.c.id)
    .join(User, User.id.in_((_LISTED.c.user_id, _LISTED.c.previous, _LISTED.c.next)))
    .where(_LISTED.c.user_id == bindparam("user_id"))
)


def of(db: Connection, cohort_id: UUID, user_id: UUID) -> Participant:
    """One statement, the neighbours with it. Raises ``UnknownParticipant``."""
    rows = db.execute(_THREE, {"cohort_id": cohort_id, "user_id": user_id}).all()
    own = next((row for row in rows if row.user_id == user_id), None)
    if own is None:
        raise UnknownParticipant
    return Participant(
        member=Member(own.id, cohort_id, user_id, own.name, own.login),
        enrolled_at=own.enrolled_at,
        extra_minutes=own.extra_minutes,
        disabled_at=own.disabled_at,
        previous=next((Beside(row.user_id, row.name) for row in rows if row.is_previous), None),
        next=next((Beside(row.user_id, row.name) for row in rows if row.is_next), None),
    )


# --- what they took -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Taken(Timed, Scored):
    """One attempt. ``closed_by``: of ``ClosedBy``."""

    id: UUID
    quiz: str
    number: int
    started_at: datetime
    deadline_at: datetime | None
    closes_at: datetime | None
    submitted_at: datetime | None
    closed_by: str | None
    score: float | None
    maximum: float
    passed: bool | None

    @property
    def is_waiting(self) -> bool:
        """For a person to judge an answer."""
        return self.submitted_at is not None and self.score is None


_TAKEN = (
    select(
        Attempt.id,
        Attempt.quiz,
        Attempt.number,
        Attempt.started_at,
        Attempt.deadline_at,
        Attempt.closes_at,
        Attempt.submitted_at,
        Attempt.closed_by,
        Attempt.score,
        Attempt.maximum,
        Attempt.passed,
    )
    .where(Attempt.enrolment_id == bindparam("enrolment_id"))
    .order_by(Attempt.quiz, Attempt.number)
)


def taken(db: Connection, enrolment_id: UUID) -> list[Taken]:
    """All attempts that count in the cohort, by quiz and number. A practice counts nowhere and is not among them."""
    return [Taken(*row) for row in db.execute(_TAKEN, {"enrolment_id": enrolment_id})]


def best(attempts: Iterable[Taken]) -> set[UUID]:
    """Of each quiz the attempt that earned the most, of several alike the earliest; of those that are judged."""
    chosen: dict[str, Taken] = {}
    for one in sorted((one for one in attempts if one.share is not None), key=lambda one: one.number):
        held = chosen.get(one.quiz)
        if held is None or (one.share or 0.0) > (held.share or 0.0):
            chosen[one.quiz] = one
    return {one.id for one in chosen.values()}
