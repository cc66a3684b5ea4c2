"""What a person noted and marked in one lesson: one statement for its page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, String, Uuid, bindparam, cast, literal_column, null, select, union_all

from lms.catalog.model import Lesson
from lms.db.notes import LessonMark, Note
from lms.learning import lesson_marks, notes
from lms.learning.lesson_marks import Mark
from lms.learning.notes import OwnNote

_NONE = literal_column("''", String)
_HERE: dict[str, Any] = {"user_id": bindparam("user_id"), "lessons": bindparam("lessons", expanding=True)}
_NOTES = select(*notes.COLUMNS, _NONE.label("kind"), Note.written_at.label("marked_at")).where(
    Note.user_id == _HERE["user_id"], Note.lesson.in_(_HERE["lessons"]), Note.text != ""
)
_MARKS = select(
    cast(null(), Uuid),
    LessonMark.lesson,
    LessonMark.heading,
    *(_NONE, _NONE, _NONE),
    literal_column("0"),
    _NONE,
    cast(null(), Uuid),
    LessonMark.marked_at,
    LessonMark.marked_at,
    LessonMark.kind,
    LessonMark.marked_at,
).where(LessonMark.user_id == _HERE["user_id"], LessonMark.lesson.in_(_HERE["lessons"]), LessonMark.is_set)
_BOTH: Any = union_all(_NOTES, _MARKS)


def of_lesson(db: Connection, user_id: UUID, lesson: Lesson) -> tuple[list[OwnNote], list[Mark]]:
    """The notes, the oldest first, and the marks, under whatever name the lesson had."""
    rows = db.execute(_BOTH, {"user_id": user_id, "lessons": lesson.names}).all()
    own = [notes.own(row) for row in rows if not row.kind]
    marks = [lesson_marks.mark_of(row) for row in rows if row.kind]
    return sorted(own, key=lambda note: (note.written_at, note.id)), marks
