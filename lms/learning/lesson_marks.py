"""Bookmarks, and "belum paham" on a lesson: set and taken away, in whatever order word of it arrives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, case, desc, distinct, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lms.catalog.model import Lesson
from lms.db.cohorts import Enrolment
from lms.db.notes import LessonMark, MarkKind
from lms.learning import deeds
from lms.learning.membership import TAKES_PART

#: Of fewer people a count would say who they are to whoever knows the cohort, and nobody would press the button.
FEWEST = 3


@dataclass(frozen=True, slots=True)
class Mark:
    """``heading``: empty where the whole lesson is meant."""

    kind: MarkKind
    lesson: str
    heading: str
    marked_at: datetime


def _set(dialect: Any) -> Any:
    """One statement: of two presses the one that was made last holds, whichever arrives last."""
    statement = dialect.insert(LessonMark.__table__)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["user_id", "kind", "lesson", "heading"],
        set_={"is_set": new.is_set, "marked_at": new.marked_at},
        where=LessonMark.marked_at <= new.marked_at,
    )


_SET = {"sqlite": _set(sqlite), "postgresql": _set(postgresql)}


def mark(
    db: Session,
    user_id: UUID,
    kind: MarkKind,
    lesson: Lesson,
    heading: str = "",
    *,
    is_set: bool,
    now: datetime,
    made_at: datetime | None = None,
) -> None:
    """Set a mark or take it away, also where it was set under a former name of the lesson."""
    moment, connection = deeds.done_at(made_at, now=now), db.connection()
    asked = {"user_id": user_id, "kind": kind, "heading": heading, "is_set": is_set, "marked_at": moment}
    for name in lesson.names:
        if name == lesson.id or not is_set:
            connection.execute(_SET[connection.dialect.name], {**asked, "lesson": name})


# --- read ------------------------------------------------------------------------------------------------------------

_OWN = (
    select(LessonMark.kind, LessonMark.lesson, LessonMark.heading, LessonMark.marked_at)
    .where(LessonMark.user_id == bindparam("user_id"), LessonMark.is_set)
    .order_by(LessonMark.marked_at, LessonMark.lesson, LessonMark.heading)
)
_OF_LESSON = _OWN.where(LessonMark.lesson.in_(bindparam("lessons", expanding=True)))


def of_person(db: Connection, user_id: UUID) -> list[Mark]:
    return [mark_of(row) for row in db.execute(_OWN, {"user_id": user_id})]


def of_lesson(db: Connection, user_id: UUID, lesson: Lesson) -> list[Mark]:
    return [mark_of(row) for row in db.execute(_OF_LESSON, {"user_id": user_id, "lessons": lesson.names})]


def mark_of(row: Any) -> Mark:
    return Mark(MarkKind(row.kind), row.lesson, row.heading, row.marked_at)


# --- counted for instructors -----------------------------------------------------------------------------------------


def count_unclear(db: Connection, cohort_id: UUID, names: Mapping[str, str]) -> int:
    """How many lessons ``unclear`` would list."""
    counted = _unclear(cohort_id, names).subquery()
    count: int = db.execute(select(func.count()).select_from(counted)).scalar_one()
    return count


def unclear(
    db: Connection, cohort_id: UUID, names: Mapping[str, str], *, offset: int, limit: int
) -> list[tuple[str, int]]:
    """(lesson, how many participants say that they do not understand it yet), most first; never fewer than ``FEWEST``.

    ``names``: former ids of lessons -> their ids today.
    """
    ordered = _unclear(cohort_id, names).order_by(desc("people"), "lesson")
    return [(row.lesson, row.people) for row in db.execute(ordered.offset(offset).limit(limit))]


def _unclear(cohort_id: UUID, names: Mapping[str, str]) -> Select[Any]:
    today = case(dict(names), value=LessonMark.lesson, else_=LessonMark.lesson) if names else LessonMark.lesson
    marks = (
        select(today.label("lesson"), LessonMark.user_id)
        .join(Enrolment, Enrolment.user_id == LessonMark.user_id)
        .where(Enrolment.cohort_id == cohort_id, TAKES_PART, LessonMark.kind == MarkKind.UNCLEAR, LessonMark.is_set)
        .subquery()
    )
    people = func.count(distinct(marks.c.user_id))
    return select(marks.c.lesson, people.label("people")).group_by(marks.c.lesson).having(people >= FEWEST)
