"""What the attempt pages read. Statements are built once, at import."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Connection, Integer, Row, bindparam, func, select

from lms.db.accounts import User
from lms.db.attempts import Attempt, AttemptItem, Mark, QuestionVersion, QuizRevision, Regrade, Response
from lms.db.base import UtcDateTime
from lms.db.reports import QuestionReport
from lms.learning.judgement import ByCriterion, Given
from lms.quiz.definition import load_quiz
from lms.quiz.quiz import Quiz

_VERSION = select(AttemptItem.question_version).where(
    AttemptItem.attempt_id == bindparam("attempt_id"), AttemptItem.item == bindparam("item")
)


def version_of(db: Connection, attempt_id: UUID, item: str) -> str | None:
    """Which version of a question an attempt holds; None when it does not hold the question."""
    found: str | None = db.execute(_VERSION, {"attempt_id": attempt_id, "item": item}).scalar_one_or_none()
    return found


# --- reading --------------------------------------------------------------------------------------------------------

_ATTEMPT = (
    select(
        Attempt.id,
        Attempt.user_id,
        Attempt.enrolment_id,
        Attempt.quiz,
        Attempt.number,
        Attempt.attempt_limit,
        Attempt.started_at,
        Attempt.deadline_at,
        Attempt.closes_at,
        Attempt.submitted_at,
        Attempt.closed_by,
        Attempt.seen_at,
        Attempt.maximum,
        Attempt.score,
        Attempt.passed,
        QuizRevision.definition.label("rules"),
        User.name.label("person"),
    )
    .join(QuizRevision, QuizRevision.digest == Attempt.revision)
    .join(User, User.id == Attempt.user_id)
    .where(Attempt.id == bindparam("attempt_id"))
)


class Timed:
    """Where an attempt stands in time. Everybody who asks whether it runs asks here."""

    __slots__ = ()
    submitted_at: datetime | None
    deadline_at: datetime | None
    closes_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.submitted_at is None

    def is_late(self, now: datetime) -> bool:
        """Its time is over; answers made before may still arrive until it ``is_overdue``."""
        return self.is_open and self.deadline_at is not None and self.deadline_at <= now

    def is_overdue(self, now: datetime) -> bool:
        """Nothing can arrive any more: whoever looks first closes it."""
        return self.is_open and self.closes_at is not None and self.closes_at <= now

    def is_running(self, now: datetime) -> bool:
        """Answers made in time can still arrive."""
        return self.is_open and not self.is_overdue(now)


class Scored:
    """What an attempt is worth."""

    __slots__ = ()
    score: float | None
    maximum: float

    @property
    def share(self) -> float | None:
        """Points over maximum, 0…1; None until every item is judged."""
        return None if self.score is None else self.score / self.maximum if self.maximum else 0.0


@dataclass(frozen=True, slots=True)
class AttemptRow(Timed, Scored):
    """An attempt with the rules it began under. Field by field what ``_ATTEMPT`` selects."""

    id: UUID
    user_id: UUID
    enrolment_id: UUID | None
    quiz: str
    number: int
    attempt_limit: int | None
    started_at: datetime
    deadline_at: datetime | None
    closes_at: datetime | None
    submitted_at: datetime | None
    closed_by: str | None
    seen_at: datetime | None
    maximum: float
    score: float | None
    passed: bool | None
    rules: Quiz  # as they were when it began; its items are kept each for itself
    person: str


def attempt(db: Connection, attempt_id: UUID) -> AttemptRow | None:
    row = db.execute(_ATTEMPT, {"attempt_id": attempt_id}).first()
    return AttemptRow(**{**row._mapping, "rules": load_quiz(row.rules)}) if row else None


_ITEMS = (
    select(
        AttemptItem.item,
        AttemptItem.question_version,
        AttemptItem.option_order,
        Response.value,
        Response.revision,
        Response.save_id,
        Response.saved_at,
        Response.checked_at,
        Response.flagged,
        Response.confidence,
    )
    .outerjoin(Response, (Response.attempt_id == AttemptItem.attempt_id) & (Response.item == AttemptItem.item))
    .where(AttemptItem.attempt_id == bindparam("attempt_id"))
    .order_by(AttemptItem.position)
)


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A question of an attempt and the newest answer to it; ``value`` is JSON text or None. Without a row: all None."""

    item: str
    question_version: str
    option_order: list[str]
    value: str | None
    revision: int | None
    save_id: UUID | None
    saved_at: datetime | None
    checked_at: datetime | None
    flagged: bool | None
    confidence: str | None


def items(db: Connection, attempt_id: UUID) -> list[ItemRow]:
    return [ItemRow(*cast(Sequence[Any], row)) for row in db.execute(_ITEMS, {"attempt_id": attempt_id})]


_REVIEWED = _ITEMS.add_columns(
    Response.made_at, QuestionReport.state.label("report"), QuestionReport.answer.label("report_answer")
).outerjoin(
    QuestionReport,
    (QuestionReport.attempt_id == AttemptItem.attempt_id) & (QuestionReport.item == AttemptItem.item),
)


@dataclass(frozen=True, slots=True)
class ReviewedRow(ItemRow):
    """The same with the device's word for when the answer was made, and what became of the person's report of the
    question; None: not reported."""

    made_at: datetime | None
    report: str | None
    report_answer: str | None


def reviewed(db: Connection, attempt_id: UUID) -> list[ReviewedRow]:
    return [ReviewedRow(**row._mapping) for row in db.execute(_REVIEWED, {"attempt_id": attempt_id})]


_DEFINITIONS = select(QuestionVersion.digest, QuestionVersion.major, QuestionVersion.definition).where(
    QuestionVersion.digest.in_(bindparam("digests", expanding=True))
)


def definitions(db: Connection, digests: Iterable[str]) -> Sequence[Row[tuple[str, str, dict[str, Any]]]]:
    """Digest, major version and definition of each."""
    return db.execute(_DEFINITIONS, {"digests": list(digests)}).all()


_MARKS = (
    select(
        Mark.id,
        Mark.item,
        Mark.fraction,
        Mark.points,
        Mark.maximum,
        Mark.answered,
        Mark.pending,
        Mark.marked_at,
        Mark.reason,
        Mark.criteria,
        Mark.regrade_id,
        Mark.author_id,
        User.name.label("author"),
        Regrade.action,
        Regrade.reason.label("decision"),
    )
    .outerjoin(User, User.id == Mark.author_id)
    .outerjoin(Regrade, Regrade.id == Mark.regrade_id)
    .where(Mark.attempt_id == bindparam("attempt_id"))
    .order_by(Mark.marked_at, Mark.id)
)


@dataclass(frozen=True, slots=True)
class MarkRow:
    """One judgement, with who made it and why. ``author`` None: the key. ``decision``: the reason of a regrade."""

    id: UUID
    item: str
    fraction: float
    points: float
    maximum: float
    answered: bool
    pending: bool
    marked_at: datetime
    reason: str
    criteria: dict[str, Any] | None
    regrade_id: UUID | None
    author_id: UUID | None
    author: str | None
    action: dict[str, Any] | None
    decision: str | None

    @property
    def given(self) -> Given:
        """What a person gave, where one did."""
        return Given(self.fraction, self.reason, ByCriterion.of(self.criteria))


def marks(db: Connection, attempt_id: UUID) -> dict[str, list[MarkRow]]:
    """All judgements on each item, the newest, which counts, last."""
    found: dict[str, list[MarkRow]] = {}
    for row in db.execute(_MARKS, {"attempt_id": attempt_id}):
        found.setdefault(row.item, []).append(MarkRow(**row._mapping))
    return found


_KEYS_SEEN = select(func.min(Attempt.seen_at)).where(
    Attempt.user_id == bindparam("user_id"),
    Attempt.seen_at >= bindparam("started_at", type_=UtcDateTime),
    Attempt.id.in_(
        select(AttemptItem.attempt_id).where(
            AttemptItem.item.in_(
                select(AttemptItem.item).where(AttemptItem.attempt_id == bindparam("attempt_id")).correlate(None)
            )
        )
    ),
)


def keys_seen_at(db: Connection, one: AttemptRow) -> datetime | None:
    """When, since an attempt began, its participant was first shown the review of one of its questions.

    In this attempt or in any other that asked one of them; what was seen before it began may be used in it.
    """
    asked = {"user_id": one.user_id, "started_at": one.started_at, "attempt_id": one.id}
    return db.execute(_KEYS_SEEN, asked).scalar()


_OVERDUE = (
    select(Attempt.id)
    .where(
        Attempt.submitted_at.is_(None),
        Attempt.closes_at <= bindparam("now", type_=UtcDateTime),
        Attempt.id.not_in(bindparam("but", expanding=True)),
    )
    .order_by(Attempt.closes_at)
    .limit(bindparam("most", type_=Integer))
)


def overdue(db: Connection, *, now: datetime, most: int, but: Sequence[UUID] = ()) -> Sequence[UUID]:
    """At most so many attempts that nothing can arrive for any more, those closed longest first, but not these."""
    return db.execute(_OVERDUE, {"now": now, "most": most, "but": list(but)}).scalars().all()


_FRACTIONS = select(AttemptItem.item, AttemptItem.fraction).where(AttemptItem.attempt_id == bindparam("attempt_id"))


def fractions(db: Connection, attempt_id: UUID) -> dict[str, float | None]:
    """How right each answer of an attempt is as it counts now; None until the attempt is closed."""
    return {row.item: row.fraction for row in db.execute(_FRACTIONS, {"attempt_id": attempt_id})}
