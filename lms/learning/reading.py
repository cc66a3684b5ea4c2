"""What happens when somebody reads: a place is remembered, an end is reached, a self-check is answered."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, case, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lms.catalog.model import Lesson
from lms.db.learning import LessonRecord, SelfCheck
from lms.errors import Invalid, NotFound
from lms.learning import deeds, noticing, owed_scores
from lms.learning.records import records as records  # the rooms above read it here, beside what changes it
from lms.quiz import marking
from lms.quiz.item import Item, Response


class UnknownCheck(NotFound):
    message = "Cek diri ini tidak ada lagi di materi ini. Muat ulang halamannya."


class NothingAnswered(Invalid):
    message = "Pilih atau tulis jawaban dahulu, lalu periksa."


def _visit(dialect: Any) -> Any:
    """One statement: the first visit makes the record, later ones move it; an end once reached stays reached.

    Visits may arrive in any order: the place is where the latest one was, and first is what was first.
    """
    statement = dialect.insert(LessonRecord.__table__)
    old, new = LessonRecord, statement.excluded
    later = new.last_seen_at >= old.last_seen_at
    return statement.on_conflict_do_update(
        index_elements=["user_id", "lesson"],
        set_={
            "first_seen_at": case((new.first_seen_at < old.first_seen_at, new.first_seen_at), else_=old.first_seen_at),
            "last_seen_at": case((later, new.last_seen_at), else_=old.last_seen_at),
            "position": case((later, new.position), else_=old.position),
            "read_at": case((new.read_at < old.read_at, new.read_at), else_=func.coalesce(old.read_at, new.read_at)),
        },
    )


_VISIT = {"sqlite": _visit(sqlite), "postgresql": _visit(postgresql)}
#: The same, where something may be done with it: it tells whether anybody wants to know.
_DONE = {name: statement.returning(owed_scores.GRADED) for name, statement in _VISIT.items()}


def visit(
    db: Session,
    user_id: UUID,
    lesson: Lesson,
    *,
    position: str = "",
    read: bool = False,
    now: datetime,
    made_at: datetime | None = None,
) -> None:
    """Remember that a person is in a lesson, at the heading ``position``, and whether they came to its end.

    ``made_at``: when they were there, as their device says (``deeds``).
    """
    moment = deeds.done_at(made_at, now=now)
    with noticing.in_lesson(db, user_id, lesson, now=now, at=moment) if read else nullcontext():
        _note(db, user_id, lesson, position, read=read, done=read, moment=moment)


def _note(
    db: Session, user_id: UUID, lesson: Lesson, position: str, *, read: bool, done: bool, moment: datetime
) -> None:
    """``done``: the lesson may be done with it, and whoever is owed that is told."""
    connection = db.connection()
    written = connection.execute(
        (_DONE if done else _VISIT)[connection.dialect.name],
        {
            "user_id": user_id,
            "lesson": lesson.id,
            "first_seen_at": moment,
            "last_seen_at": moment,
            "read_at": moment if read else None,
            "position": position,
        },
    )
    if done and written.scalar():
        owed_scores.owe_lesson(db, user_id, lesson)


def _answer(dialect: Any) -> Any:
    """One statement: of two answers the one that was made last is kept, whichever arrives last; and of all mistakes
    when the last one was made."""
    statement = dialect.insert(SelfCheck.__table__)
    old, new = SelfCheck, statement.excluded
    later = new.answered_at >= old.answered_at
    kept = ("lesson", "response", "fraction", "answered_at")
    return statement.on_conflict_do_update(
        index_elements=["user_id", "item"],
        set_={
            **{name: case((later, getattr(new, name)), else_=getattr(old, name)) for name in kept},
            "missed_at": case(
                (old.missed_at > new.missed_at, old.missed_at), else_=func.coalesce(new.missed_at, old.missed_at)
            ),
        },
    )


_ANSWER = {"sqlite": _answer(sqlite), "postgresql": _answer(postgresql)}


def check_of(lesson: Lesson, item_id: str) -> Item:
    """Raises ``UnknownCheck``."""
    for item in lesson.checks:
        if item.id == item_id:
            return item
    raise UnknownCheck


def answer(
    db: Session,
    user_id: UUID,
    lesson: Lesson,
    item: Item,
    response: Response | None,
    *,
    now: datetime,
    made_at: datetime | None = None,
) -> None:
    """Keep the latest answer to a self-check. It is never graded. ``made_at``: when it was given, as the device says
    (``deeds``).

    Raises ``NothingAnswered``, and ``Invalid`` for what can be right under no key: to judge it would only give the key
    away.
    """
    if response is None:
        raise NothingAnswered
    if doubt := item.doubt(response):
        raise Invalid(doubt, {item.field: doubt})
    moment, mark = deeds.done_at(made_at, now=now), marking.mark_item(item, response)
    missed = not mark.pending and marking.missed(mark.fraction, in_degrees=item.in_degrees)
    answered = {
        "user_id": user_id,
        "item": item.id,
        "lesson": lesson.id,
        "response": list(response),
        "fraction": mark.fraction,
        "answered_at": moment,
        "missed_at": moment if missed else None,
    }
    with noticing.in_lesson(db, user_id, lesson, now=now, at=moment):
        _execute(db, _ANSWER, answered)
    _note(db, user_id, lesson, f"cek-{item.id}", read=False, done=True, moment=moment)


def _execute(db: Session, statements: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    """``statements``: the same for each engine."""
    connection = db.connection()
    connection.execute(statements[connection.dialect.name], given)


# --- read ------------------------------------------------------------------------------------------------------------

_CHECKS = select(SelfCheck.item, SelfCheck.response).where(
    SelfCheck.user_id == bindparam("user_id"), SelfCheck.lesson.in_(bindparam("lessons", expanding=True))
)


def checks(db: Connection, user_id: UUID, lesson: Lesson) -> dict[str, tuple[str, ...]]:
    """The person's latest answers to the self-checks of one lesson, by item id."""
    rows = db.execute(_CHECKS, {"user_id": user_id, "lessons": lesson.names})
    return {row.item: tuple(row.response) for row in rows}


_VISITS = (
    select(LessonRecord.lesson, LessonRecord.position, LessonRecord.read_at, LessonRecord.last_seen_at)
    .where(LessonRecord.user_id == bindparam("user_id"))
    .order_by(LessonRecord.last_seen_at.desc())
)


@dataclass(frozen=True, slots=True)
class Visit:
    """When a person was in a lesson last, the heading where they stopped, and when they first came to its end."""

    lesson: str
    position: str
    read_at: datetime | None
    last_seen_at: datetime


def visits(db: Connection, user_id: UUID) -> list[Visit]:
    """The lessons that a person opened, the one they were in last first."""
    return [Visit(*row) for row in db.execute(_VISITS, {"user_id": user_id})]
