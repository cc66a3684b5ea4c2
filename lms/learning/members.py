"""The participants of cohorts in lists: counted, searched, ordered and paged by the database, however many they are.

Only those on the page that is shown have their progress derived exactly (``standings``). What orders a list counts
lessons read to their end and quizzes passed: self-checks that nobody answered do not show there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, case, func, literal, null, or_, select, true, union_all

from lms.db.accounts import User
from lms.db.attempts import QuizRecord
from lms.db.cohorts import Enrolment
from lms.db.learning import LessonRecord, SelfCheck
from lms.learning.membership import TAKES_PART
from lms.learning.progress import Records

_SEPARATOR = ","
#: No enrolment is left out.
ALL: ColumnElement[bool] = true()


@dataclass(frozen=True, slots=True)
class Member:
    """A participant of a cohort."""

    enrolment_id: UUID
    cohort_id: UUID
    user_id: UUID
    name: str
    login: str


# --- one page of a cohort -------------------------------------------------------------------------------------------

#: What a list may be ordered by; what a request names must stand here.
SORTS = ("name", "login", "share", "quizzes", "last_seen")


def page(
    db: Connection,
    cohort_id: UUID,
    *,
    search: str = "",
    sort: str = "name",
    descending: bool = False,
    only: ColumnElement[bool] = ALL,
    offset: int = 0,
    limit: int,
) -> list[Member]:
    """``sort``: one of ``SORTS``; ``only``: which enrolments, of those that take part. Who needs somebody most is not
    asked here (``attention``).
    """
    columns = (Enrolment.id, Enrolment.cohort_id, User.id, User.name, User.login)
    statement = _found(select(*columns), cohort_id, search).where(only)
    order = [key.desc() if descending else key.asc() for key in _keys(sort)]
    return [Member(*row) for row in db.execute(statement.order_by(*order, User.login).offset(offset).limit(limit))]


def count(db: Connection, cohort_id: UUID, search: str = "", *, only: ColumnElement[bool] = ALL) -> int:
    statement = _found(select(func.count()).select_from(Enrolment), cohort_id, search)
    found: int = db.execute(statement.where(only)).scalar_one()
    return found


def _found(statement: Any, cohort_id: UUID, search: str) -> Any:
    statement = statement.join(User, User.id == Enrolment.user_id).where(Enrolment.cohort_id == cohort_id, TAKES_PART)
    if search:
        name = func.lower(User.name).contains(search.lower(), autoescape=True)
        statement = statement.where(or_(name, User.login.contains(search.lower(), autoescape=True)))
    return statement


def _keys(sort: str) -> list[Any]:
    """What a list is ordered by; those for whom it is least go first."""
    match sort:
        case "name":
            return [func.lower(User.name)]
        case "login":
            return [User.login]
        case "share":
            return [_READ + _PASSED]
        case "quizzes":
            return [_PASSED]
        case _:
            return [_LAST.is_not(None), _LAST]


def _theirs(what: Any, whose: Any, *more: Any) -> Any:
    """One value of each participant, found by the key of their own rows."""
    return select(what).where(whose, *more).correlate(Enrolment).scalar_subquery()


def _later(one: Any, other: Any) -> Any:
    """The later of two moments, either of which may be missing."""
    return case((or_(one.is_(None), other > one), other), else_=one)


_OWN_LESSONS, _OWN_RECORDS = LessonRecord.user_id == Enrolment.user_id, QuizRecord.enrolment_id == Enrolment.id
_READ = _theirs(func.count(LessonRecord.read_at), _OWN_LESSONS)
_PASSED = _theirs(func.count(), _OWN_RECORDS, QuizRecord.passed > 0)
_LAST = _later(
    _theirs(func.max(LessonRecord.last_seen_at), _OWN_LESSONS), _theirs(func.max(QuizRecord.started_at), _OWN_RECORDS)
)


# --- exactly, for a few ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """What a participant did, and when they were last here. ``failed``: the quizzes at which one was judged and none
    passed.
    """

    records: Records = field(default_factory=Records)
    last_seen_at: datetime | None = None
    failed: frozenset[str] = frozenset()


def standings(db: Connection, members: Sequence[Member]) -> dict[UUID, Standing]:
    """By enrolment, the standing of everybody on one page of a list who did anything, in one statement.

    What was read counts wherever the person took part; an attempt only in the cohort under which it was made. Ids come
    joined by commas, one row a person and kind.
    """
    found: dict[UUID, dict[str, Any]] = {}
    for enrolment_id, what, names, last in db.execute(_standings([one.enrolment_id for one in members])):
        one = found.setdefault(enrolment_id, {"last": None})
        one[what] = frozenset(names.split(_SEPARATOR))
        one["last"] = max(filter(None, (one["last"], last)), default=None)
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
    return Standing(records, one["last"], one.get("failed", nothing))


def _standings(enrolments: Sequence[UUID]) -> Any:
    members = select(Enrolment.id, Enrolment.user_id).where(Enrolment.id.in_(enrolments)).cte()
    lessons = (
        select(members.c.id, literal("seen"), _joined(LessonRecord.lesson), func.max(LessonRecord.last_seen_at))
        .join(members, members.c.user_id == LessonRecord.user_id)
        .group_by(members.c.id)
    )
    read = (
        select(members.c.id, literal("read"), _joined(LessonRecord.lesson), null())
        .join(members, members.c.user_id == LessonRecord.user_id)
        .where(LessonRecord.read_at.is_not(None))
        .group_by(members.c.id)
    )
    answered = (  # which is a visit of its lesson, too
        select(members.c.id, literal("answered"), _joined(SelfCheck.item), null())
        .join(members, members.c.user_id == SelfCheck.user_id)
        .group_by(members.c.id)
    )
    tried = select(members.c.id, literal("tried"), _joined(QuizRecord.quiz), func.max(QuizRecord.started_at))
    passed = select(members.c.id, literal("passed"), _joined(QuizRecord.quiz), null()).where(QuizRecord.passed > 0)
    in_vain = select(members.c.id, literal("failed"), _joined(QuizRecord.quiz), null()).where(
        QuizRecord.passed == 0, QuizRecord.judged > 0
    )
    quizzes = (
        asked.join(QuizRecord, QuizRecord.enrolment_id == members.c.id).group_by(members.c.id)
        for asked in (tried, passed, in_vain)
    )
    return union_all(lessons, read, answered, *quizzes)


def _joined(ids: Any) -> Any:
    return func.aggregate_strings(ids, _SEPARATOR)
