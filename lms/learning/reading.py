"""What happens when somebody reads: a place is remembered, an end is reached, a self-check is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, String, and_, bindparam, case, func, literal, or_, select, union_all
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lms.catalog.model import Lesson
from lms.db.attempts import Attempt, QuizRevision
from lms.db.cohorts import CohortQuiz, Enrolment
from lms.db.learning import LessonRecord, SelfCheck
from lms.errors import Invalid, NotFound
from lms.learning import visibility
from lms.learning.membership import TAKES_PART
from lms.learning.progress import Records
from lms.learning.visibility import Known
from lms.quiz.item import Item, Response
from lms.quiz.quiz import Moment, Quiz


class UnknownCheck(NotFound):
    message = "Cek diri ini tidak ada lagi di materi ini. Muat ulang halamannya."


class NothingAnswered(Invalid):
    message = "Pilih atau tulis jawaban dahulu, lalu periksa."


def _visit(dialect: Any) -> Any:
    """One statement: the first visit makes the record, later ones move it; an end once reached stays reached."""
    statement = dialect.insert(LessonRecord.__table__)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["user_id", "lesson"],
        set_={
            "last_seen_at": new.last_seen_at,
            "position": new.position,
            "read_at": func.coalesce(LessonRecord.read_at, new.read_at),
        },
    )


_VISIT = {"sqlite": _visit(sqlite), "postgresql": _visit(postgresql)}


def visit(db: Session, user_id: UUID, lesson: Lesson, *, position: str = "", read: bool = False, now: datetime) -> None:
    """Remember that a person is in a lesson, at the heading ``position``, and whether they came to its end."""
    connection = db.connection()
    connection.execute(
        _VISIT[connection.dialect.name],
        {
            "user_id": user_id,
            "lesson": lesson.id,
            "first_seen_at": now,
            "last_seen_at": now,
            "read_at": now if read else None,
            "position": position,
        },
    )


def _answer(dialect: Any) -> Any:
    statement = dialect.insert(SelfCheck.__table__)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["user_id", "item"],
        set_={
            "lesson": new.lesson,
            "response": new.response,
            "fraction": new.fraction,
            "answered_at": new.answered_at,
        },
    )


_ANSWER = {"sqlite": _answer(sqlite), "postgresql": _answer(postgresql)}


def check_of(lesson: Lesson, item_id: str) -> Item:
    """Raises ``UnknownCheck``."""
    for item in lesson.checks:
        if item.id == item_id:
            return item
    raise UnknownCheck


def answer(db: Session, user_id: UUID, lesson: Lesson, item: Item, response: Response | None, *, now: datetime) -> None:
    """Keep the latest answer to a self-check. It is never graded. Raises ``NothingAnswered``."""
    if response is None:
        raise NothingAnswered
    connection = db.connection()
    connection.execute(
        _ANSWER[connection.dialect.name],
        {
            "user_id": user_id,
            "item": item.id,
            "lesson": lesson.id,
            "response": list(response),
            "fraction": item.mark(response).fraction,
            "answered_at": now,
        },
    )
    visit(db, user_id, lesson, position=f"cek-{item.id}", now=now)


# --- read ------------------------------------------------------------------------------------------------------------


_SEEN, _READ, _ANSWERED, _GUARDED = "seen", "read", "answered", "guarded"

# Whether rules may hide the marks of an attempt: its own, or those of a cohort. Only then more has to be asked.
_marks = QuizRevision.definition[("review", "marks")].as_string()
_MAY_HIDE = or_(
    and_(_marks != Moment.AFTER_SUBMIT.value, _marks != Moment.DURING.value),  # an IN is compiled at every request
    Attempt.quiz.in_(
        select(CohortQuiz.quiz)
        .join(Enrolment, Enrolment.cohort_id == CohortQuiz.cohort_id)
        .where(Enrolment.user_id == bindparam("user_id"), TAKES_PART, CohortQuiz.review.is_not(None))
    ),
)


def _any(what: Any) -> Any:
    return func.max(case((what, 1), else_=0)) == 1


# One statement for all that progress is derived from: (what, id) pairs.
_RECORDS = union_all(
    select(case((LessonRecord.read_at.is_not(None), literal(_READ)), else_=literal(_SEEN)), LessonRecord.lesson).where(
        LessonRecord.user_id == bindparam("user_id")
    ),
    select(
        case(
            (_any(_MAY_HIDE), literal(_GUARDED)),
            (_any(Attempt.passed.is_(True)), literal(Known.PASSED.value)),
            else_=literal(Known.TRIED.value),
        ),
        Attempt.quiz,
    )
    .join(QuizRevision, QuizRevision.digest == Attempt.revision)
    .where(Attempt.user_id == bindparam("user_id"))
    .group_by(Attempt.quiz),
    select(literal(_ANSWERED, String), SelfCheck.item).where(SelfCheck.user_id == bindparam("user_id")),
)


def records(db: Connection, user_id: UUID, offered: Mapping[str, Quiz], *, now: datetime) -> Records:
    """What a person did, as far as they may know: of a quiz whose marks are hidden not whether it was passed.

    ``offered``: the quizzes as they are today. One statement, and two more where rules may hide marks.
    """
    found: dict[str, set[str]] = {what: set() for what in (_SEEN, _READ, _ANSWERED, _GUARDED, *Known)}
    for what, name in db.execute(_RECORDS, {"user_id": user_id}):
        found[what].add(name)
    if guarded := found[_GUARDED]:
        for quiz, known in visibility.known(db, user_id, guarded, offered, now=now).items():
            found[known].add(quiz)
    return Records(
        seen=frozenset(found[_SEEN] | found[_READ]),
        read=frozenset(found[_READ]),
        answered=frozenset(found[_ANSWERED]),
        passed=frozenset(found[Known.PASSED]),
        tried=frozenset[str]().union(*(found[known] for known in Known)),
        taken=frozenset(found[Known.TAKEN] | found[Known.WAITING]),
        waiting=frozenset(found[Known.WAITING]),
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
