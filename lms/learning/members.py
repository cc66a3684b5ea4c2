"""The participants of cohorts in lists: counted, searched, ordered and paged by the database, however many they are.

Only those on the page that is shown have their progress derived exactly (``standings``). What orders a list, and the
sums of an overview, count lessons read to their end and quizzes passed: self-checks that nobody answered do not show
there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, case, distinct, func, literal, null, or_, select, true, union_all

from lms.db.accounts import User
from lms.db.attempts import Attempt
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
SORTS = ("name", "login", "share", "quizzes", "last_seen", "stuck")


def page(
    db: Connection,
    cohort_id: UUID,
    *,
    search: str = "",
    sort: str = "name",
    descending: bool = False,
    quiet_since: datetime,
    only: ColumnElement[bool] = ALL,
    offset: int = 0,
    limit: int,
) -> list[Member]:
    """``sort``: one of ``SORTS``; ``stuck`` puts those first who need somebody most, who was never seen before all.

    ``quiet_since``: who was last seen before that is quiet. ``only``: which enrolments, of those that take part.
    """
    columns = (Enrolment.id, Enrolment.cohort_id, User.id, User.name, User.login)
    statement = _found(select(*columns), cohort_id, search).where(only)
    order = [key.desc() if descending else key.asc() for key in _keys(sort, quiet_since)]
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


def _keys(sort: str, quiet_since: datetime) -> list[Any]:
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
        case "last_seen":
            return [_LAST.is_not(None), _LAST]
        case _:
            return [case((_LAST.is_(None), 3), (_TRIES >= 2, 2), (quiet_since > _LAST, 1), else_=0), _TRIES]


def _theirs(what: Any, whose: Any, *more: Any) -> Any:
    """One value of each participant, found by the key of their own rows."""
    return select(what).where(whose, *more).correlate(Enrolment).scalar_subquery()


def _later(one: Any, other: Any) -> Any:
    """The later of two moments, either of which may be missing."""
    return case((or_(one.is_(None), other > one), other), else_=one)


_OWN_LESSONS, _OWN_ATTEMPTS = LessonRecord.user_id == Enrolment.user_id, Attempt.enrolment_id == Enrolment.id
_READ = _theirs(func.count(LessonRecord.read_at), _OWN_LESSONS)
_PASSED = _theirs(func.count(distinct(Attempt.quiz)), _OWN_ATTEMPTS, Attempt.passed.is_(True))
_LAST = _later(
    _theirs(func.max(LessonRecord.last_seen_at), _OWN_LESSONS), _theirs(func.max(Attempt.started_at), _OWN_ATTEMPTS)
)
#: The attempts at each quiz not yet passed that were judged: who waits for a mark has not failed.
_IN_VAIN = (
    select(func.count(Attempt.passed).label("tries"))
    .where(_OWN_ATTEMPTS)
    .group_by(Attempt.quiz)
    .having(func.max(case((Attempt.passed.is_(True), 1), else_=0)) == 0)
    .correlate(Enrolment)
    .subquery()
)
_TRIES = select(func.coalesce(func.max(_IN_VAIN.c.tries), 0)).correlate(Enrolment).scalar_subquery()


# --- an overview of cohorts -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sum:
    """Of all participants of a cohort together: how many were ``active``, lessons ``read`` and quizzes ``passed``."""

    active: int = 0
    read: int = 0
    passed: int = 0


def sums(
    db: Connection,
    cohorts: Sequence[UUID],
    *,
    lessons: Collection[str],
    quizzes: Collection[str],
    active_since: datetime,
) -> Mapping[UUID, Sum]:
    """By cohort; of the lessons and quizzes of the course only."""
    members = select(Enrolment.cohort_id, Enrolment.id, Enrolment.user_id).where(
        Enrolment.cohort_id.in_(cohorts), TAKES_PART
    )
    theirs = members.cte()
    seen = select(LessonRecord.user_id).where(
        LessonRecord.user_id == Enrolment.user_id, LessonRecord.last_seen_at >= active_since
    )
    begun = select(Attempt.id).where(Attempt.enrolment_id == Enrolment.id, Attempt.started_at >= active_since)
    active = (
        select(Enrolment.cohort_id, literal("active"), func.count())
        .where(Enrolment.cohort_id.in_(cohorts), TAKES_PART, or_(seen.exists(), begun.exists()))
        .group_by(Enrolment.cohort_id)
    )
    read = (
        select(theirs.c.cohort_id, literal("read"), func.count())
        .join(LessonRecord, LessonRecord.user_id == theirs.c.user_id)
        .where(LessonRecord.read_at.is_not(None), LessonRecord.lesson.in_(lessons))
        .group_by(theirs.c.cohort_id)
    )
    once = func.count(distinct(Attempt.enrolment_id))
    passed = (
        select(theirs.c.cohort_id.label("cohort_id"), once.label("people"))
        .join(Attempt, Attempt.enrolment_id == theirs.c.id)
        .where(Attempt.passed.is_(True), Attempt.quiz.in_(quizzes))
        .group_by(theirs.c.cohort_id, Attempt.quiz)
        .subquery()
    )
    all_passed = select(passed.c.cohort_id, literal("passed"), func.sum(passed.c.people)).group_by(passed.c.cohort_id)
    found: dict[UUID, dict[str, int]] = {}
    for cohort_id, what, number in db.execute(union_all(active, read, all_passed)):
        found.setdefault(cohort_id, {})[what] = int(number)
    return {cohort_id: Sum(**numbers) for cohort_id, numbers in found.items()}


# --- exactly, for a few ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """What a participant did, and when they were last here. ``most_tries``: attempts at a quiz not yet passed;
    ``failed``: the quizzes at which one was judged and none passed.
    """

    records: Records = field(default_factory=Records)
    last_seen_at: datetime | None = None
    most_tries: int = 0
    failed: frozenset[str] = frozenset()


def standings(db: Connection, members: Sequence[Member]) -> dict[UUID, Standing]:
    """By enrolment, the standing of everybody on one page of a list who did anything, in one statement.

    What was read counts wherever the person took part; an attempt only in the cohort under which it was made. Ids come
    joined by commas, one row a person and kind.
    """
    found: dict[UUID, dict[str, Any]] = {}
    for enrolment_id, what, names, last, tries in db.execute(_standings([one.enrolment_id for one in members])):
        one = found.setdefault(enrolment_id, {"last": None, "tries": 0})
        one[what] = frozenset(names.split(_SEPARATOR))
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
    return Standing(records, one["last"], one["tries"], one.get("failed", nothing))


def _standings(enrolments: Sequence[UUID]) -> Any:
    members = select(Enrolment.id, Enrolment.user_id).where(Enrolment.id.in_(enrolments)).cte()
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
    answered = (  # which is a visit of its lesson, too
        select(members.c.id, literal("answered"), _joined(SelfCheck.item), null(), _NONE)
        .join(members, members.c.user_id == SelfCheck.user_id)
        .group_by(members.c.id)
    )
    failed = func.max(case((each_quiz.c.passed == 0, each_quiz.c.tries)))
    tried = select(
        each_quiz.c.id, literal("tried"), _joined(each_quiz.c.quiz), func.max(each_quiz.c.last), failed
    ).group_by(each_quiz.c.id)
    passed = (
        select(each_quiz.c.id, literal("passed"), _joined(each_quiz.c.quiz), null(), _NONE)
        .where(each_quiz.c.passed == 1)
        .group_by(each_quiz.c.id)
    )
    in_vain = (
        select(each_quiz.c.id, literal("failed"), _joined(each_quiz.c.quiz), null(), _NONE)
        .where(each_quiz.c.passed == 0, each_quiz.c.tries > 0)
        .group_by(each_quiz.c.id)
    )
    return union_all(lessons, read, answered, tried, passed, in_vain)


_NONE = literal(0)


def _joined(ids: Any) -> Any:
    return func.aggregate_strings(ids, _SEPARATOR)
