"""What the pages of the course read about a person. Statements are built once, at import."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, String, bindparam, case, func, literal, select, union_all

from lms.db.attempts import Attempt, QuizRevision
from lms.db.learning import LessonRecord, SelfCheck
from lms.progress import Records
from lms.quiz.definition import load_review
from lms.quiz.review import ReviewRules

_SEEN, _READ, _TRIED, _PASSED, _ANSWERED = "seen", "read", "tried", "passed", "answered"

# One statement for all that progress is derived from: (what, id) pairs.
_RECORDS = union_all(
    select(case((LessonRecord.read_at.is_not(None), literal(_READ)), else_=literal(_SEEN)), LessonRecord.lesson).where(
        LessonRecord.user_id == bindparam("user_id")
    ),
    select(
        case((func.max(case((Attempt.passed.is_(True), 1), else_=0)) == 1, literal(_PASSED)), else_=literal(_TRIED)),
        Attempt.quiz,
    )
    .where(Attempt.user_id == bindparam("user_id"))
    .group_by(Attempt.quiz),
    select(literal(_ANSWERED, String), SelfCheck.item).where(SelfCheck.user_id == bindparam("user_id")),
)


def records(db: Connection, user_id: UUID) -> Records:
    found: dict[str, set[str]] = {_SEEN: set(), _READ: set(), _TRIED: set(), _PASSED: set(), _ANSWERED: set()}
    for what, name in db.execute(_RECORDS, {"user_id": user_id}):
        found[what].add(name)
    return Records(
        seen=frozenset(found[_SEEN] | found[_READ]),
        read=frozenset(found[_READ]),
        answered=frozenset(found[_ANSWERED]),
        passed=frozenset(found[_PASSED]),
        tried=frozenset(found[_TRIED] | found[_PASSED]),
    )


_CHECKS = select(SelfCheck.item, SelfCheck.response).where(
    SelfCheck.user_id == bindparam("user_id"), SelfCheck.lesson == bindparam("lesson")
)


def checks(db: Connection, user_id: UUID, lesson: str) -> dict[str, tuple[str, ...]]:
    """The person's latest answers to the self-checks of one lesson, by item id."""
    return {row.item: tuple(row.response) for row in db.execute(_CHECKS, {"user_id": user_id, "lesson": lesson})}


_LATEST = (
    select(LessonRecord.lesson, LessonRecord.position, LessonRecord.read_at, LessonRecord.last_seen_at)
    .where(LessonRecord.user_id == bindparam("user_id"))
    .order_by(LessonRecord.last_seen_at.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Latest:
    """The lesson a person was in last, and the heading where they stopped."""

    lesson: str
    position: str
    read_at: datetime | None
    last_seen_at: datetime


def latest(db: Connection, user_id: UUID) -> Latest | None:
    row = db.execute(_LATEST, {"user_id": user_id}).first()
    return Latest(*row) if row else None


_RESULTS = (
    select(
        Attempt.id,
        Attempt.quiz,
        Attempt.number,
        Attempt.started_at,
        Attempt.submitted_at,
        Attempt.deadline_at,
        Attempt.score,
        Attempt.maximum,
        Attempt.passed,
        QuizRevision.definition["review"].label("review"),
    )
    .join(QuizRevision, QuizRevision.digest == Attempt.revision)
    .where(Attempt.user_id == bindparam("user_id"))
    .order_by(Attempt.started_at.desc())
    .limit(bindparam("most", 20))
)


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """One of a person's latest attempts at any quiz; ``submitted_at`` None: still open."""

    id: UUID
    quiz: str
    number: int
    started_at: datetime
    submitted_at: datetime | None
    deadline_at: datetime | None
    score: float | None
    maximum: float
    passed: bool | None
    review: ReviewRules  # as they were when it began

    @property
    def share(self) -> float | None:
        return None if self.score is None else self.score / self.maximum if self.maximum else 0.0


def latest_attempts(db: Connection, user_id: UUID, most: int = 20) -> Sequence[AttemptLine]:
    rows = db.execute(_RESULTS, {"user_id": user_id, "most": most})
    return [AttemptLine(**{**row._mapping, "review": load_review(row.review or {})}) for row in rows]
