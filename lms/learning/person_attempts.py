"""What somebody's attempts are as a whole: at one quiz, at every one, and what they have met in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, select

from lms.db.attempts import Attempt, AttemptItem, QuizRevision
from lms.db.base import UtcDateTime
from lms.learning.attempt_records import Scored, Timed
from lms.learning.membership import COUNTS
from lms.quiz.definition import load_review
from lms.quiz.practice import INSTEAD, stands_for
from lms.quiz.review import ReviewRules

_OF_PERSON = (
    select(
        Attempt.id,
        Attempt.enrolment_id,
        Attempt.number,
        Attempt.started_at,
        Attempt.deadline_at,
        Attempt.closes_at,
        Attempt.submitted_at,
        Attempt.score,
        Attempt.maximum,
        Attempt.passed,
        QuizRevision.definition["review"].label("review"),
    )
    .join(QuizRevision, QuizRevision.digest == Attempt.revision)
    .where(Attempt.user_id == bindparam("user_id"), Attempt.quiz == bindparam("quiz"))
    .order_by(Attempt.started_at, Attempt.id)
)


@dataclass(frozen=True, slots=True)
class Summary(Timed, Scored):
    """One attempt in a list."""

    id: UUID
    enrolment_id: UUID | None
    number: int
    started_at: datetime
    deadline_at: datetime | None
    closes_at: datetime | None
    submitted_at: datetime | None
    score: float | None
    maximum: float
    passed: bool | None
    review: ReviewRules  # as they were when it began


def under(attempts: Sequence[Summary], enrolment_id: UUID | None) -> list[Summary]:
    """Those that were made under an enrolment; None: under none."""
    return [one for one in attempts if one.enrolment_id == enrolment_id]


def of_person(db: Connection, user_id: UUID, quiz: str) -> list[Summary]:
    rows = db.execute(_OF_PERSON, {"user_id": user_id, "quiz": quiz})
    return [Summary(**{**row._mapping, "review": load_review(row.review or {})}) for row in rows]


_EVERY = (
    select(
        Attempt.id,
        Attempt.enrolment_id,
        Attempt.quiz,
        Attempt.number,
        Attempt.started_at,
        Attempt.submitted_at,
        Attempt.deadline_at,
        Attempt.closes_at,
        Attempt.score,
        Attempt.maximum,
        Attempt.passed,
        QuizRevision.definition["review"].label("review"),
    )
    .join(QuizRevision, QuizRevision.digest == Attempt.revision)
    .where(Attempt.user_id == bindparam("user_id"), COUNTS)
    .order_by(Attempt.started_at.desc())
)


@dataclass(frozen=True, slots=True)
class AttemptLine(Summary):
    """One of a person's attempts at any quiz; ``submitted_at`` None: still open."""

    quiz: str


def every_attempt(db: Connection, user_id: UUID) -> Sequence[AttemptLine]:
    """At whatever quiz, the one that was begun last comes first. Practices are not among them."""
    rows = db.execute(_EVERY, {"user_id": user_id})
    return [AttemptLine(**{**row._mapping, "review": load_review(row.review or {})}) for row in rows]


_LEARNT_AT = (
    select(Attempt.quiz, func.min(Attempt.submitted_at, type_=UtcDateTime))
    .where(
        Attempt.user_id == bindparam("user_id"),
        Attempt.quiz.startswith(INSTEAD, autoescape=True),
        Attempt.passed.is_(True),
    )
    .group_by(Attempt.quiz)
)


def learnt_at(db: Connection, user_id: UUID) -> dict[str, datetime]:
    """By quiz, when a practice was first passed in its stead."""
    return {stands_for(practice): at for practice, at in db.execute(_LEARNT_AT, {"user_id": user_id}) if at}


_MET = (
    select(AttemptItem.item)
    .distinct()
    .join(Attempt, Attempt.id == AttemptItem.attempt_id)
    .where(Attempt.user_id == bindparam("user_id"))
)


def met(db: Connection, user_id: UUID) -> set[str]:
    """Ids of all questions a person has had in an attempt."""
    return set(db.execute(_MET, {"user_id": user_id}).scalars())
