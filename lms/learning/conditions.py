"""What one person may have at one quiz: the quiz's own rules, their cohorts' dates, and what staff granted them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, String, and_, bindparam, func, select

from lms.db.accounts import User
from lms.db.attempts import Allowance, Attempt
from lms.db.cohorts import Cohort, CohortQuiz, Enrolment
from lms.errors import Conflict
from lms.learning.membership import TAKES_PART
from lms.learning.person_attempts import Summary, under
from lms.quiz.definition import load_review
from lms.quiz.practice import is_practice
from lms.quiz.quiz import Quiz
from lms.quiz.review import ReviewRules


class NotYetOpen(Conflict):
    message = "Kuis ini belum dibuka untuk angkatan Anda."


class NotOpenAnyMore(Conflict):
    message = "Kuis ini sudah ditutup untuk angkatan Anda."


class Availability(StrEnum):
    """Whether a quiz can be begun by one person."""

    NOW = "now"
    LATER = "later"  # their cohort opens it some day
    CLOSED = "closed"  # it was open for their cohort
    USED_UP = "used-up"  # no attempt is left


@dataclass(frozen=True, slots=True)
class Conditions:
    """The most generous of a person's cohorts holds for each of these; the newest of their review rules does.

    ``enrolment_id``: the newest of their enrolments, under which they would start now. ``opens_at`` None: always open;
    ``closes_at`` None: never closes. ``grace``: how long after a deadline answers are taken that were made before it.
    """

    enrolment_id: UUID | None = None
    extra_time: timedelta = timedelta()
    extra_attempts: int = 0
    grace: timedelta = timedelta()
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    review: ReviewRules | None = None

    def attempts(self, quiz: Quiz) -> int | None:
        """How often the quiz may be tried; None: without limit."""
        return None if quiz.attempts is None else quiz.attempts + self.extra_attempts

    def time_limit(self, quiz: Quiz) -> timedelta | None:
        return None if quiz.time_limit is None else quiz.time_limit + self.extra_time

    def deadline(self, quiz: Quiz, start: datetime) -> datetime | None:
        """When an attempt that starts now has to be handed in: its time is over, or the quiz closes."""
        limit = self.time_limit(quiz)
        ends = [end for end in (limit and start + limit, self.closes_at) if end]
        return min(ends, default=None)

    def left(self, quiz: Quiz, attempts: Sequence[Summary]) -> int | None:
        """How often the quiz may still be tried by whoever made these attempts at it; None: without limit."""
        limit = self.attempts(quiz)
        return None if limit is None else max(0, limit - len(under(attempts, self.enrolment_id)))

    def window(self, now: datetime) -> Availability:
        """``LATER``, ``CLOSED`` or ``NOW``: what the dates say, whatever is left."""
        if self.opens_at and now < self.opens_at:
            return Availability.LATER
        return Availability.CLOSED if self.closes_at and now >= self.closes_at else Availability.NOW

    def availability(self, quiz: Quiz, attempts: Sequence[Summary], *, now: datetime) -> Availability:
        """``attempts``: those of the person at the quiz, none of which runs."""
        return Availability.USED_UP if self.left(quiz, attempts) == 0 else self.window(now)

    def check_window(self, now: datetime) -> None:
        """Raises ``NotYetOpen`` or ``NotOpenAnyMore``."""
        match self.window(now):
            case Availability.LATER:
                raise NotYetOpen
            case Availability.CLOSED:
                raise NotOpenAnyMore


_COLUMNS = (
    Enrolment.id.label("enrolment"),
    Enrolment.extra_minutes,
    Cohort.grace_minutes,
    CohortQuiz.opens_at,
    CohortQuiz.closes_at,
    CohortQuiz.review,
    Allowance.extra_minutes.label("granted_minutes"),
    Allowance.extra_attempts,
)
_TAKES_PART = and_(Enrolment.user_id == User.id, TAKES_PART)
_OF = (
    select(*_COLUMNS)
    .select_from(User)
    .outerjoin(Enrolment, _TAKES_PART)
    .outerjoin(Cohort, Cohort.id == Enrolment.cohort_id)
    .outerjoin(CohortQuiz, and_(CohortQuiz.cohort_id == Cohort.id, CohortQuiz.quiz == bindparam("quiz", type_=String)))
    .outerjoin(Allowance, and_(Allowance.user_id == User.id, Allowance.quiz == bindparam("quiz", type_=String)))
    .where(User.id == bindparam("user_id"))
    .order_by(Enrolment.enrolled_at.desc(), Enrolment.id.desc())
)


def of(db: Connection, user_id: UUID, quiz: str) -> Conditions:
    """One statement, whatever the number of cohorts. A practice belongs to none."""
    rows = db.execute(_OF, {"user_id": user_id, "quiz": quiz}).all()
    found = combined(rows) if rows else Conditions()
    return replace(found, enrolment_id=None) if is_practice(quiz) else found


_OF_ATTEMPTS = (
    select(Attempt.id.label("attempt"), *_COLUMNS)
    .select_from(Attempt)
    .join(User, User.id == Attempt.user_id)
    .outerjoin(Enrolment, _TAKES_PART)
    .outerjoin(Cohort, Cohort.id == Enrolment.cohort_id)
    .outerjoin(CohortQuiz, and_(CohortQuiz.cohort_id == Cohort.id, CohortQuiz.quiz == Attempt.quiz))
    .outerjoin(Allowance, and_(Allowance.user_id == User.id, Allowance.quiz == Attempt.quiz))
    .where(Attempt.id.in_(bindparam("attempts", expanding=True)))
    .order_by(Enrolment.enrolled_at.desc(), Enrolment.id.desc())
)


def of_attempts(db: Connection, attempts: Iterable[UUID]) -> dict[UUID, Conditions]:
    """The conditions that hold for these attempts, whosoever they are, in one statement."""
    found: dict[UUID, list[Row[Any]]] = {}
    for row in db.execute(_OF_ATTEMPTS, {"attempts": list(attempts)}):
        found.setdefault(row.attempt, []).append(row)
    return {attempt: combined(rows) for attempt, rows in found.items()}


def lock_for_change(db: Connection, people: Collection[UUID] | Select[Any]) -> None:
    """Whoever reads these people's conditions to start an attempt waits until this transaction has changed them."""
    theirs = select(User.id).where(User.id.in_(people)).order_by(User.id).with_for_update(key_share=True)
    db.execute(select(func.count()).select_from(theirs.subquery()))  # thousands are locked, and none of them is sent


def lock_for_start(db: Connection, user_id: UUID) -> None:
    """Until this transaction ends nobody changes the conditions of this person."""
    db.execute(select(User.id).where(User.id == user_id).with_for_update(read=True))


def combined(rows: Sequence[Any]) -> Conditions:
    """``rows``: what each of a person's enrolments says of one quiz, the newest first, each with what was granted."""
    cohorts = [row for row in rows if row.enrolment is not None]
    review = next((row.review for row in cohorts if row.review is not None), None)
    minutes = max((row.extra_minutes for row in cohorts), default=0) + (rows[0].granted_minutes or 0)
    return Conditions(
        enrolment_id=cohorts[0].enrolment if cohorts else None,
        extra_time=timedelta(minutes=minutes),
        extra_attempts=rows[0].extra_attempts or 0,
        grace=timedelta(minutes=max((row.grace_minutes for row in cohorts), default=0)),
        opens_at=_generous([row.opens_at for row in cohorts], min),
        closes_at=_generous([row.closes_at for row in cohorts], max),
        review=None if review is None else load_review(review),
    )


def _generous(moments: Sequence[datetime | None], best: Any) -> datetime | None:
    """The best of them; a cohort without a date sets no bound, so neither do all of them together."""
    if not moments or None in moments:
        return None
    found: datetime = best(moments)
    return found
