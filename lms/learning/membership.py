"""Who belongs: the only filter of a cohort's participants, of those who teach them, and of the attempts that count.

Who left belongs no more. Instructors try quizzes too; their attempts were made under no enrolment as a participant, so
no cohort counts them. Nor does any a practice, which is one's own: nobody else counts or sees one, not even where the
attempts of all cohorts are asked for.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, not_, select

from lms.db.attempts import Attempt, QuizRecord
from lms.db.cohorts import Cohort, Enrolment, Place
from lms.quiz.practice import PREFIX

#: An enrolment under which somebody takes part, or teaches, today.
TAKES_PART = and_(Enrolment.place == Place.PARTICIPANT, Enrolment.left_at.is_(None))
TEACHES = and_(Enrolment.place == Place.INSTRUCTOR, Enrolment.left_at.is_(None))
#: The enrolment under which an attempt was made: with ``TAKES_PART``, that of the cohort in which it counts.
MADE_UNDER = Attempt.enrolment_id == Enrolment.id
#: An attempt at a quiz, no practice.
COUNTS = not_(Attempt.quiz.startswith(PREFIX, autoescape=True))


def taught_by(user_id: UUID) -> Select[Any]:
    """Ids of the cohorts that a person teaches."""
    return select(Enrolment.cohort_id).where(Enrolment.user_id == user_id, TEACHES)


def participants(cohorts: Collection[UUID]) -> Select[Any]:
    """User ids of those who take part in one of these cohorts."""
    return select(Enrolment.user_id).where(Enrolment.cohort_id.in_(cohorts), TAKES_PART)


def attempts_of(cohort_id: UUID | None) -> ColumnElement[bool]:
    """Whether an attempt counts in a cohort; None: it counts in whichever cohort, or none, it was made."""
    if cohort_id is None:
        return COUNTS
    under = select(Enrolment.id).where(Enrolment.cohort_id == cohort_id, TAKES_PART)
    return Attempt.enrolment_id.in_(under)


def few_attempts_of(cohort_id: UUID | None) -> ColumnElement[bool]:
    """The same for attempts that are found by key: asks for the enrolment of each instead of listing the cohort."""
    if cohort_id is None:
        return COUNTS
    return select(Enrolment.id).where(MADE_UNDER, Enrolment.cohort_id == cohort_id, TAKES_PART).exists()


def attempts_taught_by(user_id: UUID | None) -> ColumnElement[bool]:
    """Whether an attempt counts in a cohort that a person teaches; None: an administrator, who sees all of them."""
    if user_id is None:
        return COUNTS
    return Attempt.enrolment_id.in_(_taught(user_id))


def records_taught_by(user_id: UUID) -> ColumnElement[bool]:
    """The same of what somebody did at a quiz."""
    return QuizRecord.enrolment_id.in_(_taught(user_id))


def _taught(user_id: UUID) -> Select[Any]:
    """Enrolments of those who take part in a cohort that a person teaches."""
    return select(Enrolment.id).where(Enrolment.cohort_id.in_(taught_by(user_id)), TAKES_PART)


def sees(db: Connection, user_id: UUID | None, attempt_id: UUID) -> bool:
    """Whether an attempt is one of those that a person teaches."""
    return counts_in(db, user_id, attempt_id) is not None


def counts_in(db: Connection, user_id: UUID | None, attempt_id: UUID) -> tuple[UUID, str] | tuple[None, None] | None:
    """Id and name of the cohort of an attempt that a person teaches; None: they do not.

    Of no cohort, as after its person left, only an administrator sees any.
    """
    counts = and_(MADE_UNDER, TAKES_PART)
    statement = (
        select(Cohort.id, Cohort.name)
        .select_from(Attempt)
        .outerjoin(Enrolment, counts)
        .outerjoin(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Attempt.id == attempt_id, attempts_taught_by(user_id))
    )
    row = db.execute(statement).first()
    return None if row is None else (row.id, row.name)
