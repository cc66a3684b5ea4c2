"""A whole cohort, read a few people at a time: what a file of it tells, however many they are.

Each slice is a few short statements found by key, so that nothing waits for a reader that takes minutes, and no more
than a slice is ever in memory. People who come or leave meanwhile may be missed; nobody is told twice.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, case, distinct, func, select

from lms.db.accounts import User
from lms.db.attempts import Attempt, AttemptItem, QuizRecord, Response
from lms.db.certificates import Certificate
from lms.db.cohorts import Enrolment
from lms.db.learning import LessonRecord
from lms.learning import members
from lms.learning.attempt_records import Scored
from lms.learning.members import Member, Standing
from lms.learning.membership import TAKES_PART, TEACHES

#: People of a slice: with seventeen attempts of twenty questions each, some eight thousand answers.
SLICE = 25


@dataclass(frozen=True, slots=True)
class Answer:
    """A question of an attempt, and what was answered. ``position`` counts from 0; ``value``: JSON text.

    ``points`` None: not marked to the end.
    """

    position: int
    item: str
    question_version: str
    value: str | None
    points: float | None
    maximum: float | None
    made_at: datetime | None
    confidence: str | None


@dataclass(frozen=True, slots=True)
class Taken(Scored):
    """An attempt with its answers in the order in which they were asked."""

    quiz: str
    number: int
    started_at: datetime
    submitted_at: datetime | None
    score: float | None
    maximum: float
    passed: bool | None
    answers: Sequence[Answer]


@dataclass(frozen=True, slots=True)
class Person:
    """A participant, and what they did."""

    member: Member
    standing: Standing
    attempts: Sequence[Taken]


def people(db: Connection, cohort_id: UUID) -> Iterator[list[Person]]:
    """All participants by name and login, a slice at a time."""
    listed = list(db.execute(_EVERYBODY, {"cohort": cohort_id}).scalars())
    for start in range(0, len(listed), SLICE):
        yield _read(db, listed[start : start + SLICE])


_EVERYBODY = (
    select(Enrolment.id)
    .join(User, User.id == Enrolment.user_id)
    .where(Enrolment.cohort_id == bindparam("cohort"), TAKES_PART)
    .order_by(func.lower(User.name), User.login)
)
_THESE: Any = bindparam("enrolments", expanding=True)
_MEMBERS = (
    select(Enrolment.id, Enrolment.cohort_id, User.id, User.name, User.login)
    .join(User, User.id == Enrolment.user_id)
    .where(Enrolment.id.in_(_THESE), TAKES_PART)
    .order_by(func.lower(User.name), User.login)
)
_ATTEMPTS = (
    select(
        Attempt.enrolment_id,
        Attempt.id,
        Attempt.quiz,
        Attempt.number,
        Attempt.started_at,
        Attempt.submitted_at,
        Attempt.score,
        Attempt.maximum,
        Attempt.passed,
    )
    .where(Attempt.enrolment_id.in_(_THESE))
    .order_by(Attempt.quiz, Attempt.number)
)
_MARKED = and_(AttemptItem.pending.is_(False), AttemptItem.points.is_not(None))
_ANSWERS = (
    select(
        AttemptItem.attempt_id,
        AttemptItem.position,
        AttemptItem.item,
        AttemptItem.question_version,
        Response.value,
        case((_MARKED, AttemptItem.points)),
        AttemptItem.maximum,
        Response.made_at,
        Response.confidence,
    )
    .join(Attempt, Attempt.id == AttemptItem.attempt_id)
    .outerjoin(Response, and_(Response.attempt_id == AttemptItem.attempt_id, Response.item == AttemptItem.item))
    .where(Attempt.enrolment_id.in_(_THESE))
    .order_by(AttemptItem.attempt_id, AttemptItem.position)
)


def _read(db: Connection, enrolments: Sequence[UUID]) -> list[Person]:
    these = {"enrolments": enrolments}
    listed = [Member(*row) for row in db.execute(_MEMBERS, these)]
    standings = members.standings(db, listed)
    answers: defaultdict[UUID, list[Answer]] = defaultdict(list)
    asked: Iterable[Any] = db.execute(_ANSWERS, these)
    for attempt_id, *answer in asked:
        answers[attempt_id].append(Answer(*answer))
    taken: defaultdict[UUID, list[Taken]] = defaultdict(list)
    attempts: Iterable[Any] = db.execute(_ATTEMPTS, these)
    for row in attempts:
        taken[row.enrolment_id].append(
            Taken(
                row.quiz,
                row.number,
                row.started_at,
                row.submitted_at,
                row.score,
                row.maximum,
                row.passed,
                answers.get(row.id, ()),
            )
        )
    return [Person(one, standings.get(one.enrolment_id, Standing()), taken.get(one.enrolment_id, ())) for one in listed]


# --- in sums, for one page --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AtQuiz:
    """How a cohort did at a quiz: people who handed it in, those who passed, and the mean of their best (0…1)."""

    people: int
    passed: int
    mean_best: float | None


@dataclass(frozen=True, slots=True)
class Done:
    """How far a cohort is. ``read``: by lesson, the people who read it to its end; ``quizzes``: those handed in.

    ``finished``: people who read all lessons and passed all quizzes of the course; ``certified``: people with a
    certificate that stands.
    """

    read: Mapping[str, int]
    quizzes: Mapping[str, AtQuiz]
    finished: int
    certified: int


_SEPARATOR = ","
_HERE = (Enrolment.cohort_id == bindparam("cohort"), TAKES_PART)
_READ = (
    select(func.aggregate_strings(LessonRecord.lesson, _SEPARATOR))
    .where(LessonRecord.user_id == Enrolment.user_id, LessonRecord.read_at.is_not(None))
    .correlate(Enrolment)
    .scalar_subquery()
)
#: A row a person: to count in the database by lesson, and again by person, takes three times as long.
_READERS = select(Enrolment.id, _READ).where(*_HERE)
_RECORDS = QuizRecord.enrolment_id.in_(select(Enrolment.id).where(*_HERE))
_AT_QUIZZES = (
    select(QuizRecord.quiz, func.count(), func.count(case((QuizRecord.passed > 0, 1))), func.avg(QuizRecord.share))
    .where(_RECORDS, QuizRecord.closed > 0)
    .group_by(QuizRecord.quiz)
)
_WON = select(QuizRecord.enrolment_id, QuizRecord.quiz).where(_RECORDS, QuizRecord.passed > 0)
_CERTIFIED = (
    select(func.count(distinct(Certificate.user_id)))
    .join(Enrolment, Enrolment.user_id == Certificate.user_id)
    .where(*_HERE, Certificate.revoked_at.is_(None))
)


def done(db: Connection, cohort_id: UUID, *, lessons: Collection[str], quizzes: Collection[str]) -> Done:
    """``lessons`` and ``quizzes``: those of the course. Self-checks that nobody answered do not show here."""
    here = {"cohort": cohort_id}
    read: Counter[str] = Counter()
    through: set[UUID] = set()
    for enrolment_id, ended in db.execute(_READERS, here):
        mine = ended.split(_SEPARATOR) if ended else []
        read.update(mine)
        if len(mine) >= len(lessons) and frozenset(lessons).issubset(mine):
            through.add(enrolment_id)
    return Done(
        read={lesson: read[lesson] for lesson in lessons},
        quizzes={quiz: AtQuiz(people, int(won), mean) for quiz, people, won, mean in db.execute(_AT_QUIZZES, here)},
        finished=_finished(db, here, through, frozenset(quizzes)),
        certified=int(db.execute(_CERTIFIED, here).scalar_one()),
    )


def _finished(db: Connection, here: Mapping[str, UUID], through: AbstractSet[UUID], quizzes: AbstractSet[str]) -> int:
    """``through``: who read everything; asked of the database only where there is somebody."""
    if not (through and quizzes):
        return len(through)
    won: Counter[UUID] = Counter()
    rows: Iterable[Any] = db.execute(_WON, here)
    for enrolment_id, quiz in rows:
        won[enrolment_id] += quiz in quizzes
    return sum(won[one] == len(quizzes) for one in through)


def teachers(db: Connection, cohort_id: UUID) -> list[str]:
    """Their names."""
    statement = select(User.name).join(Enrolment, Enrolment.user_id == User.id)
    return list(db.execute(statement.where(Enrolment.cohort_id == cohort_id, TEACHES).order_by(User.name)).scalars())
