"""How far each participant of a cohort is in each module, for those on one page of a list.

Only they have their records read, and ``progress`` says what follows. What participants learnt by a practice is theirs
alone, so that no figure of staff counts it; and an exam whose marks still wait for them is told as it went.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, case, distinct, func, or_, select

from lms.catalog.model import Catalog, Module
from lms.db.attempts import QuizRecord
from lms.db.cohorts import Enrolment
from lms.db.learning import LessonRecord, SelfCheck
from lms.learning import members, progress
from lms.learning.members import Member
from lms.learning.progress import Share

#: What the map may be ordered by; what a request names must stand here.
SORTS = ("name", "share", "last_seen")


@dataclass(frozen=True, slots=True)
class Square:
    """How much of a module somebody has done; ``failed``: a quiz of it was judged, and no attempt at it passed."""

    share: Share
    failed: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One participant; ``squares``: one for each module, in the order of the course."""

    member: Member
    whole: Share
    squares: tuple[Square, ...]
    last_seen_at: datetime | None


def count(db: Connection, catalog: Catalog, cohort_id: UUID, *, search: str = "", unfinished: bool = False) -> int:
    """How many participants ``lines`` would tell of. ``unfinished``: only those who have something left to do."""
    return members.count(db, cohort_id, search, only=_only(catalog, unfinished))


def lines(
    db: Connection,
    catalog: Catalog,
    cohort_id: UUID,
    *,
    search: str = "",
    unfinished: bool = False,
    sort: str = "name",
    descending: bool = False,
    now: datetime,
    offset: int = 0,
    limit: int,
) -> list[Line]:
    """``sort``: one of ``SORTS``. Two statements, however many people the cohort has."""
    listed = members.page(
        db,
        cohort_id,
        search=search,
        sort=sort,
        descending=descending,
        only=_only(catalog, unfinished),
        offset=offset,
        limit=limit,
    )
    standings = members.standings(db, listed)
    nothing = members.Standing()
    return [_line(catalog, member, standings.get(member.enrolment_id, nothing)) for member in listed]


def _line(catalog: Catalog, member: Member, standing: members.Standing) -> Line:
    squares = tuple(_square(module, standing) for module in catalog.modules.values())
    whole = sum((square.share for square in squares), Share(0, 0))
    return Line(member, whole, squares, standing.last_seen_at)


def _square(module: Module, standing: members.Standing) -> Square:
    share = progress.module_share(module, standing.records)
    return Square(share, any(quiz.id in standing.failed for quiz in module.quizzes))


# --- who has something left -----------------------------------------------------------------------------------------


def _only(catalog: Catalog, unfinished: bool) -> ColumnElement[bool]:
    return _has_steps_left(catalog) if unfinished else members.ALL


def _has_steps_left(catalog: Catalog) -> ColumnElement[bool]:
    """Whether an enrolment lacks a lesson, a quiz or a self-check of the course: whoever lacks none is at 100 %."""
    lessons = catalog.every_lesson
    names = [name for lesson in lessons for name in lesson.names]
    checks = [check.id for lesson in lessons for check in lesson.checks]
    quizzes = [quiz.id for module in catalog.modules.values() for quiz in module.quizzes]
    own_lesson, own_check = LessonRecord.user_id == Enrolment.user_id, SelfCheck.user_id == Enrolment.user_id
    read = (own_lesson, LessonRecord.read_at.is_not(None), LessonRecord.lesson.in_(names))
    passed = (QuizRecord.enrolment_id == Enrolment.id, QuizRecord.passed > 0, QuizRecord.quiz.in_(quizzes))
    return or_(
        _number(func.count(), own_lesson) < len(lessons),  # opened: says so of most, and reads an index only
        _number(_each(_called_today(catalog)), *read) < len(lessons),
        _number(func.count(), *passed) < len(quizzes),
        _number(_each(SelfCheck.item), own_check, SelfCheck.item.in_(checks)) < len(checks),
    )


def _number(what: Any, *where: ColumnElement[bool]) -> Any:
    return select(what).where(*where).correlate(Enrolment).scalar_subquery()


def _each(what: Any) -> Any:
    return func.count(distinct(what))


def _called_today(catalog: Catalog) -> Any:
    """The id that a lesson has today, whatever it was called when it was read."""
    called = LessonRecord.lesson
    return case(catalog.aliases, value=called, else_=called) if catalog.aliases else called
