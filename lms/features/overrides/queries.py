"""What the pages of overrides read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, select

from lms.db.accounts import User
from lms.db.attempts import Allowance, Attempt
from lms.db.cohorts import Cohort, CohortQuiz, Enrolment, Place
from lms.errors import NotFound
from lms.quiz.definition import load_review
from lms.quiz.review import ReviewRules


class UnknownParticipant(NotFound):
    message = "Orang ini bukan peserta angkatan ini."


@dataclass(frozen=True, slots=True)
class Different:
    """What a cohort has different about a quiz; None: as the quiz says."""

    opens_at: datetime | None = None
    closes_at: datetime | None = None
    review: ReviewRules | None = None


@dataclass(frozen=True, slots=True)
class CohortRules:
    """The grace of a cohort in minutes, and its rules by quiz."""

    grace: int
    quizzes: dict[str, Different]


def cohort_rules(db: Connection, cohort_id: UUID) -> CohortRules:
    rows = db.execute(
        select(Cohort.grace_minutes, CohortQuiz.quiz, CohortQuiz.opens_at, CohortQuiz.closes_at, CohortQuiz.review)
        .outerjoin(CohortQuiz, CohortQuiz.cohort_id == Cohort.id)
        .where(Cohort.id == cohort_id)
    ).all()
    quizzes = {row.quiz: Different(row.opens_at, row.closes_at, _review(row.review)) for row in rows if row.quiz}
    return CohortRules(rows[0].grace_minutes, quizzes)


def _review(stored: dict[str, Any] | None) -> ReviewRules | None:
    return None if stored is None else load_review(stored)


@dataclass(frozen=True, slots=True)
class Participant:
    """``extra_minutes``: what the enrolment adds to every time limit."""

    user_id: UUID
    name: str
    login: str
    extra_minutes: int


def participant(db: Connection, cohort_id: UUID, user_id: UUID) -> Participant:
    """Raises ``UnknownParticipant``."""
    row = db.execute(
        select(User.id, User.name, User.login, Enrolment.extra_minutes)
        .join(
            Enrolment,
            and_(
                Enrolment.user_id == User.id,
                Enrolment.cohort_id == cohort_id,
                Enrolment.place == Place.PARTICIPANT,
            ),
        )
        .where(User.id == user_id)
    ).first()
    if row is None:
        raise UnknownParticipant
    return Participant(*row)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a person was granted at a quiz."""

    extra_minutes: int
    extra_attempts: int
    reason: str
    granted_at: datetime


def allowances(db: Connection, user_id: UUID) -> dict[str, Allowed]:
    rows = db.execute(
        select(
            Allowance.quiz,
            Allowance.extra_minutes,
            Allowance.extra_attempts,
            Allowance.reason,
            Allowance.granted_at,
        )
        .where(Allowance.user_id == user_id)
        .order_by(Allowance.granted_at.desc())
    )
    return {row.quiz: Allowed(row.extra_minutes, row.extra_attempts, row.reason, row.granted_at) for row in rows}


def running(db: Connection, user_id: UUID) -> dict[str, datetime | None]:
    """The quizzes at which a person has an open attempt, with its deadline."""
    rows = db.execute(
        select(Attempt.quiz, Attempt.deadline_at).where(Attempt.user_id == user_id, Attempt.submitted_at.is_(None))
    )
    return {row.quiz: row.deadline_at for row in rows}
