"""What the pages of review read. An instructor's questions always pass through the cohorts they teach."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    Connection,
    Select,
    and_,
    case,
    distinct,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from lms.db.accounts import User
from lms.db.attempts import Attempt
from lms.db.cohorts import Enrolment
from lms.db.learning import LessonRecord, SelfCheck
from lms.learning.attempt_records import Scored
from lms.learning.membership import TAKES_PART, attempts_of, attempts_taught_by
from lms.learning.progress import Records

_SEPARATOR = ","


@dataclass(frozen=True, slots=True)
class Member:
    """A participant of a cohort."""

    enrolment_id: UUID
    cohort_id: UUID
    user_id: UUID
    name: str
    login: str


def members(db: Connection, cohorts: Iterable[UUID]) -> list[Member]:
    rows = db.execute(
        select(Enrolment.id, Enrolment.cohort_id, User.id, User.name, User.login)
        .join(User, User.id == Enrolment.user_id)
        .where(Enrolment.cohort_id.in_(list(cohorts)), TAKES_PART)
    )
    return [Member(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Standing:
    """What a participant did, and when they were last here. ``most_tries``: attempts at a quiz not yet passed."""

    records: Records = field(default_factory=Records)
    last_seen_at: datetime | None = None
    most_tries: int = 0


def standings(db: Connection, cohorts: Iterable[UUID]) -> dict[UUID, Standing]:
    """By enrolment, the standing of every participant of these cohorts who did anything, in one statement.

    What was read counts wherever the person took part; an attempt only in the cohort under which it was made. Ids come
    joined by commas, one row a person and kind: a cohort of thousands stays thousands of rows.
    """
    found: dict[UUID, dict[str, Any]] = {}
    for enrolment_id, what, names, last, tries in db.execute(_standings(list(cohorts))):
        one = found.setdefault(enrolment_id, {"last": None, "tries": 0})
        one[what] = frozenset((names or "").split(_SEPARATOR)) - {""}
        one["last"] = max(filter(None, (one["last"], last)), default=None)
        one["tries"] = max(one["tries"], tries or 0)
    return {enrolment_id: _standing(one) for enrolment_id, one in found.items()}


def _standing(one: dict[str, Any]) -> Standing:
    nothing: frozenset[str] = frozenset()
    passed = one.get("passed", nothing)
    records = Records(
        seen=one.get("seen", nothing),
        read=one.get("read", nothing),
        answered=one.get("answered", nothing),
        passed=passed,
        tried=one.get("tried", nothing),
    )
    return Standing(records, one["last"], one["tries"])


def _standings(cohorts: Sequence[UUID]) -> Any:
    members = select(Enrolment.id, Enrolment.user_id).where(Enrolment.cohort_id.in_(cohorts), TAKES_PART).cte()
    each_quiz = (
        select(
            members.c.id,
            Attempt.quiz,
            func.max(case((Attempt.passed.is_(True), 1), else_=0)).label("passed"),
            func.max(Attempt.started_at).label("last"),
            func.count(Attempt.passed).label("tries"),  # judged: who waits for a mark has not failed
        )
        .join(members, members.c.id == Attempt.enrolment_id)
        .group_by(members.c.id, Attempt.quiz)
        .subquery()
    )
    lessons = (
        select(members.c.id, literal("seen"), _joined(LessonRecord.lesson), func.max(LessonRecord.last_seen_at), _NONE)
        .join(members, members.c.user_id == LessonRecord.user_id)
        .group_by(members.c.id)
    )
    read = (
        select(members.c.id, literal("read"), _joined(LessonRecord.lesson), null(), _NONE)
        .join(members, members.c.user_id == LessonRecord.user_id)
        .where(LessonRecord.read_at.is_not(None))
        .group_by(members.c.id)
    )
    answered = (
        select(members.c.id, literal("answered"), _joined(SelfCheck.item), func.max(SelfCheck.answered_at), _NONE)
        .join(members, members.c.user_id == SelfCheck.user_id)
        .group_by(members.c.id)
    )
    failed = func.max(case((each_quiz.c.passed == 0, each_quiz.c.tries), else_=0))
    tried = select(
        each_quiz.c.id, literal("tried"), _joined(each_quiz.c.quiz), func.max(each_quiz.c.last), failed
    ).group_by(each_quiz.c.id)
    passed = (
        select(each_quiz.c.id, literal("passed"), _joined(each_quiz.c.quiz), null(), _NONE)
        .where(each_quiz.c.passed == 1)
        .group_by(each_quiz.c.id)
    )
    return union_all(lessons, read, answered, tried, passed)


_NONE = literal(0)


def _joined(ids: Any) -> Any:
    return func.aggregate_strings(ids, _SEPARATOR)


# --- the results of a quiz ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line(Scored):
    """One attempt in the results of a quiz."""

    id: UUID
    name: str
    login: str
    number: int
    started_at: datetime
    submitted_at: datetime | None
    score: float | None
    maximum: float
    passed: bool | None

    @property
    def state(self) -> str:
        return "open" if self.submitted_at is None else "submitted"


_SHARE = Attempt.score / func.nullif(Attempt.maximum, 0)
#: What the results may be sorted by; a column that a request names must stand here.
SORTS: dict[str, Any] = {
    "name": func.lower(User.name),
    "login": User.login,
    "number": Attempt.number,
    "submitted_at": Attempt.submitted_at,
    "score": _SHARE,
}


def _of_quiz(cohort_id: UUID, quiz: str, search: str) -> Select[Any]:
    statement = cast(
        "Select[Any]",
        select(
            Attempt.id,
            User.name,
            User.login,
            Attempt.number,
            Attempt.started_at,
            Attempt.submitted_at,
            Attempt.score,
            Attempt.maximum,
            Attempt.passed,
        )
        .join(User, User.id == Attempt.user_id)
        .where(attempts_of(cohort_id), Attempt.quiz == quiz),
    )
    if search:
        pattern = search.lower()
        statement = statement.where(
            or_(
                func.lower(User.name).contains(pattern, autoescape=True),
                User.login.contains(pattern, autoescape=True),
            )
        )
    return statement


def results(
    db: Connection,
    cohort_id: UUID,
    quiz: str,
    *,
    search: str = "",
    sort: str = "submitted_at",
    descending: bool = True,
    offset: int = 0,
    limit: int | None = None,
) -> list[Line]:
    column = SORTS[sort]
    # Open attempts have neither score nor time: they stand last either way, on both engines alike.
    order = (column.is_(None), column.desc() if descending else column.asc(), Attempt.id)
    statement = _of_quiz(cohort_id, quiz, search).order_by(*order).offset(offset)
    if limit is not None:
        statement = statement.limit(limit)
    return [Line(*row) for row in db.execute(statement)]


def shares(db: Connection, cohort_id: UUID, quiz: str, search: str = "") -> Sequence[tuple[float | None, bool | None]]:
    """Share and verdict of every attempt that the search finds; None for those still open."""
    found = _of_quiz(cohort_id, quiz, search).subquery()
    return [
        (share, passed)
        for share, passed in db.execute(select(found.c.score / func.nullif(found.c.maximum, 0), found.c.passed))
    ]


def quiz_summaries(db: Connection, cohort_id: UUID) -> dict[str, Any]:
    """For each quiz of a cohort: ``attempts``, ``people``, ``mean`` share and how many people ``passed``."""
    rows = db.execute(
        select(
            Attempt.quiz,
            func.count().label("attempts"),
            func.count(distinct(Attempt.user_id)).label("people"),
            func.avg(_SHARE).label("mean"),
            func.count(distinct(case((Attempt.passed.is_(True), Attempt.user_id)))).label("passed"),
        )
        .where(attempts_of(cohort_id), Attempt.submitted_at.is_not(None))
        .group_by(Attempt.quiz)
    )
    return {row.quiz: row for row in rows}


# --- answers that wait for a person ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Waiting:
    """A closed attempt that has no score yet, because a person has to judge some of its answers."""

    id: UUID
    name: str
    login: str
    quiz: str
    number: int
    submitted_at: datetime | None


def _waiting(instructor_id: UUID | None) -> Any:
    """Of the cohorts somebody teaches; of everybody when ``instructor_id`` is None."""
    return and_(Attempt.submitted_at.is_not(None), Attempt.score.is_(None), attempts_taught_by(instructor_id))


def count_waiting(db: Connection, instructor_id: UUID | None) -> int:
    count: int = db.execute(select(func.count()).select_from(Attempt).where(_waiting(instructor_id))).scalar_one()
    return count


def waiting(db: Connection, instructor_id: UUID | None, *, offset: int = 0, limit: int) -> list[Waiting]:
    """Oldest first."""
    rows = db.execute(
        select(Attempt.id, User.name, User.login, Attempt.quiz, Attempt.number, Attempt.submitted_at)
        .join(User, User.id == Attempt.user_id)
        .where(_waiting(instructor_id))
        .order_by(Attempt.submitted_at, Attempt.id)
        .offset(offset)
        .limit(limit)
    )
    return [Waiting(*row) for row in rows]
