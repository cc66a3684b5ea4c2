"""Which answers a person judges: what waits in the cohorts somebody teaches, and all answers to one question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID
from zlib import crc32

from sqlalchemy import Connection, Uuid, and_, bindparam, case, func, select

from lms.db.accounts import User
from lms.db.attempts import Attempt, AttemptItem, Mark, QuizRecord
from lms.db.cohorts import Cohort, Enrolment
from lms.db.marking import SecondMark
from lms.db.statistics import QuestionSum
from lms.learning.membership import MADE_UNDER, TAKES_PART, taught_by
from lms.learning.quiz_records import UNJUDGED

#: The part of an id that tells nothing of when it was made (RFC 9562, version 7).
_RANDOM = (1 << 62) - 1
#: Points this close are the same.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a quiz of a cohort with answers that wait. ``answered``: how many of its answers there are, judged
    or not. ``version``: one of those that were asked."""

    cohort_id: UUID
    cohort: str
    quiz: str
    item: str
    version: str
    waiting: int
    answered: int
    oldest: datetime


#: As a plain column SQLite looks for it in the index of all items there are, not in the few attempts that wait.
_WAITS = case((AttemptItem.pending.is_(True), 1), else_=0) == 1


def questions(db: Connection, instructor_id: UUID | None) -> list[Question]:
    """In the cohorts that somebody teaches, or in all (None); what waits longest comes first. In two statements."""
    oldest = func.min(Attempt.submitted_at, type_=Attempt.submitted_at.type)
    waits = (
        select(
            Cohort.id,
            Cohort.name,
            Attempt.quiz,
            AttemptItem.item,
            func.max(AttemptItem.question_version).label("version"),
            func.count().label("waiting"),
            oldest.label("oldest"),
        )
        .select_from(Enrolment)
        .join(QuizRecord, QuizRecord.enrolment_id == Enrolment.id)
        .join(Attempt, and_(MADE_UNDER, Attempt.quiz == QuizRecord.quiz))
        .join(AttemptItem, AttemptItem.attempt_id == Attempt.id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(TAKES_PART, QuizRecord.closed > QuizRecord.judged, UNJUDGED, _WAITS)
        .group_by(Cohort.id, Cohort.name, Attempt.quiz, AttemptItem.item)
        .order_by(oldest, Cohort.id, Attempt.quiz, AttemptItem.item)
    )
    if instructor_id is not None:
        waits = waits.where(Enrolment.cohort_id.in_(taught_by(instructor_id)))
    rows = db.execute(waits).all()
    answered = _answered(db, [(row.id, row.quiz, row.item) for row in rows])
    return [
        Question(
            cohort_id=row.id,
            cohort=row.name,
            quiz=row.quiz,
            item=row.item,
            version=row.version,
            waiting=row.waiting,
            answered=answered.get((row.id, row.quiz, row.item), row.waiting),
            oldest=row.oldest,
        )
        for row in rows
    ]


def _answered(db: Connection, asked: Sequence[tuple[UUID, str, str]]) -> dict[tuple[UUID, str, str], int]:
    """By cohort, quiz and question, how many answers were handed in."""
    if not asked:
        return {}
    counted = (
        select(QuestionSum.cohort_id, QuestionSum.quiz, QuestionSum.item, func.sum(QuestionSum.answered))
        .where(QuestionSum.cohort_id.in_({cohort for cohort, _quiz, _item in asked}))
        .where(QuestionSum.item.in_({item for _cohort, _quiz, item in asked}))
        .group_by(QuestionSum.cohort_id, QuestionSum.quiz, QuestionSum.item)
    )
    return {(cohort, quiz, item): count for cohort, quiz, item, count in db.execute(counted)}


@dataclass(frozen=True, slots=True)
class Place:
    """An answer as its list shows it. ``second_fraction`` None: nobody judged it a second time."""

    attempt_id: UUID
    name: str
    login: str
    number: int
    submitted_at: datetime
    pending: bool
    fraction: float
    points: float
    maximum: float
    second_fraction: float | None
    settled: bool

    @property
    def difference(self) -> float:
        """How many points the second judgement differs; 0 where there is none."""
        return 0.0 if self.second_fraction is None else abs(self.second_fraction - self.fraction) * self.maximum


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a quiz, in a cohort."""

    cohort_id: UUID
    quiz: str
    item: str


def _of_question(*columns: Any) -> Any:
    return (
        select(*columns)
        .select_from(Attempt)
        .join(Enrolment, MADE_UNDER)
        .join(User, User.id == Attempt.user_id)
        .join(AttemptItem, and_(AttemptItem.attempt_id == Attempt.id, AttemptItem.item == bindparam("item")))
        .where(Enrolment.cohort_id == bindparam("cohort_id"), TAKES_PART, Attempt.quiz == bindparam("quiz"))
        .where(Attempt.submitted_at.is_not(None), AttemptItem.answered.is_(True))
    )


_BY_NAME = (func.lower(User.name), User.login, Attempt.number, Attempt.id)
_HAS_SECOND = and_(SecondMark.attempt_id == Attempt.id, SecondMark.item == AttemptItem.item)
_IN_ORDER = _of_question(Attempt.id, AttemptItem.pending).order_by(*_BY_NAME)
#: Who is not the first marker, and finds no second one, can be it.
_FOR_A_SECOND = (
    _of_question(
        Attempt.id,
        and_(
            AttemptItem.pending.is_(False),
            Mark.author_id.is_distinct_from(bindparam("user_id", type_=Uuid)),
            SecondMark.attempt_id.is_(None),
        ),
    )
    .join(Mark, Mark.id == AttemptItem.mark_id)
    .outerjoin(SecondMark, _HAS_SECOND)
    .order_by(*_BY_NAME)
)


def in_order(
    db: Connection, asked: Asked, *, second_for: UUID | None = None, blind: bool = False
) -> list[tuple[UUID, bool]]:
    """All answers to a question by name, as the ids of their attempts, and whether each waits for its mark.

    ``second_for``: whether it waits for this person as its second marker. ``blind``: in an order that tells of nobody,
    the same each time. A cohort has ten thousand: no more than needed is read of each.
    """
    statement = _FOR_A_SECOND if second_for else _IN_ORDER
    rows = db.execute(statement, {**_named(asked), "user_id": second_for})
    answers = [(id, bool(waits)) for id, waits in rows]
    if blind:
        salt = crc32(asked.item.encode()) << 30
        answers.sort(key=lambda one: (one[0].int & _RANDOM) ^ salt)
    return answers


def _named(asked: Asked) -> dict[str, Any]:
    return {"cohort_id": asked.cohort_id, "quiz": asked.quiz, "item": asked.item}


_PLACES = _of_question(
    Attempt.id,
    User.name,
    User.login,
    Attempt.number,
    Attempt.submitted_at,
    AttemptItem.pending,
    AttemptItem.fraction,
    AttemptItem.points,
    AttemptItem.maximum,
    SecondMark.fraction.label("second"),
    SecondMark.settled_at.is_not(None),
)
_SOME = _PLACES.outerjoin(SecondMark, _HAS_SECOND).where(Attempt.id.in_(bindparam("attempts", expanding=True)))
_UNSETTLED = select(SecondMark.attempt_id).where(SecondMark.item == bindparam("item"), SecondMark.settled_at.is_(None))


def places(db: Connection, asked: Asked, attempts: Sequence[UUID]) -> list[Place]:
    """The answers of these attempts, in their order."""
    rows = db.execute(_SOME, {**_named(asked), "attempts": list(attempts)})
    found = {row.id: Place(*cast(Sequence[Any], row)) for row in rows}
    return [found[id] for id in attempts if id in found]


def apart(db: Connection, asked: Asked) -> list[Place]:
    """Answers that two people judged differently, and nobody settled: the largest difference first."""
    twice = list(db.execute(_UNSETTLED, {"item": asked.item}).scalars())
    found = places(db, asked, twice) if twice else []
    differing = [one for one in found if not one.pending and one.difference > _ROUNDING]
    return sorted(differing, key=lambda one: one.difference, reverse=True)


_COHORT = (
    select(Cohort.id, Cohort.name)
    .join(Enrolment, Enrolment.cohort_id == Cohort.id)
    .where(Enrolment.id == bindparam("enrolment_id"))
)


def cohort_of(db: Connection, enrolment_id: UUID | None) -> tuple[UUID, str] | None:
    """Id and name of the cohort under which an attempt was made; None: under none."""
    row = db.execute(_COHORT, {"enrolment_id": enrolment_id}).first() if enrolment_id else None
    return (row.id, row.name) if row else None
