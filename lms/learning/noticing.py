"""What an act made true: an attempt was closed or marked, a lesson, a module, the course is done.

How it stood before the act is compared with how it stands afterwards, in the transaction of the act. So what is derived
(``progress``) is told when it becomes true, and neither when somebody looks nor when it is taken back; whatever becomes
true again is told again. Where nobody wants to know, nothing is asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from lms.catalog.model import Catalog, Lesson
from lms.db.attempts import Attempt
from lms.db.cohorts import Enrolment
from lms.learning import events, progress
from lms.learning.events import AttemptMarked, AttemptSubmitted, CourseDone, Event, LessonDone, ModuleDone
from lms.learning.progress import Records
from lms.learning.records import records
from lms.quiz.practice import is_practice, stands_for

_DERIVED = (ModuleDone, CourseDone)


@contextmanager
def in_lesson(db: Session, user_id: UUID, lesson: Lesson, *, now: datetime, at: datetime) -> Iterator[None]:
    """Notice what it makes of a lesson, and of all that it belongs to, when somebody reads or answers there.

    ``at``: when they did, as their device says.
    """
    told = events.listeners(db, LessonDone, *_DERIVED)
    if told is None:
        yield
        return
    catalog = told.catalog()
    _one_at_a_time(db, [user_id])
    before = records(db.connection(), user_id, catalog.quizzes, now=now)
    yield
    if progress.lesson_state(lesson, before).done:
        return
    after = records(db.connection(), user_id, catalog.quizzes, now=now)
    if progress.lesson_state(lesson, after).done:
        done = LessonDone(happened_at=at, person=user_id, module=lesson.module, lesson=lesson.id)
        events.note(db, [done, *_derived(catalog, user_id, before, after, at)])


@contextmanager
def of_attempts(
    db: Session, attempts: Collection[UUID], *, now: datetime, passing: Collection[UUID] | None = None
) -> Iterator[None]:
    """Notice what it makes of attempts, and of what their people have done, when they are closed or marked.

    They must be locked before. ``passing``: those of them that are passed afterwards, where that is known.
    """
    told = events.listeners(db, AttemptSubmitted, AttemptMarked, *_DERIVED)
    if told is None:
        yield
        return
    catalog, before = told.catalog(), _standing(db, attempts)
    may_settle = {
        one.user_id
        for one in before.values()
        if _is_step(catalog, one.quiz) and not one.passed and (passing is None or one.id in passing)
    }
    people = sorted(may_settle) if told.want(*_DERIVED) else []
    _one_at_a_time(db, people)
    stood = {id: records(db.connection(), id, catalog.quizzes, now=now) for id in people}
    yield
    noted: list[Event] = []
    for id, one in _standing(db, attempts).items():
        noted += _of_attempt(before[id], one, now)
    for user_id, held in stood.items():
        stands = records(db.connection(), user_id, catalog.quizzes, now=now)
        noted += _derived(catalog, user_id, held, stands, now)
    events.note(db, noted)


_STANDING = (
    select(
        Attempt.id,
        Attempt.user_id,
        Attempt.quiz,
        Attempt.number,
        Enrolment.cohort_id,
        Attempt.submitted_at,
        Attempt.closed_by,
        Attempt.score,
        Attempt.maximum,
        Attempt.passed,
    )
    .outerjoin(Enrolment, Enrolment.id == Attempt.enrolment_id)
    .where(Attempt.id.in_(bindparam("attempts", expanding=True)))
    .order_by(Attempt.id)
)


def _standing(db: Session, attempts: Collection[UUID]) -> Mapping[UUID, Any]:
    return {row.id: row for row in db.connection().execute(_STANDING, {"attempts": list(attempts)})}


def _is_step(catalog: Catalog, quiz: str) -> bool:
    """Whether something may be done once this quiz, or this practice in the stead of one, is passed or handed in."""
    offered = catalog.quizzes.get(stands_for(quiz) or quiz)
    return offered is not None and offered.module is not None


def _of_attempt(before: Any, after: Any, now: datetime) -> Sequence[Event]:
    """A practice is one's own, and nobody hears of it."""
    found: list[Event] = []
    if is_practice(after.quiz):
        return found
    of = {"person": after.user_id, "attempt": after.id, "quiz": after.quiz}
    of |= {"number": after.number, "cohort": after.cohort_id}
    closing = before.submitted_at is None and after.submitted_at is not None
    if closing:
        found.append(AttemptSubmitted(happened_at=after.submitted_at, closed_by=after.closed_by, **of))
    judged = {"score": after.score, "maximum": after.maximum, "passed": after.passed}
    changed = judged != {name: getattr(before, name) for name in judged}
    if changed and (before.score is not None or after.score is not None):
        found.append(AttemptMarked(happened_at=after.submitted_at if closing else now, **judged, **of))
    return found


def _derived(catalog: Catalog, user_id: UUID, before: Records, after: Records, at: datetime) -> Sequence[Event]:
    """The modules, and the course, that became done."""
    found: list[Event] = []
    for module in catalog.modules.values():
        if _completed(progress.module_share(module, before), progress.module_share(module, after)):
            found.append(ModuleDone(happened_at=at, person=user_id, module=module.id))
    if found and _completed(progress.course_share(catalog, before), progress.course_share(catalog, after)):
        found.append(CourseDone(happened_at=at, person=user_id, contents=catalog.digest[:12]))
    return found


def _completed(before: progress.Share, after: progress.Share) -> bool:
    return after.complete and not before.complete


def _one_at_a_time(db: Session, people: Sequence[UUID]) -> None:
    """Of two acts of one person that together make something true, the later one sees the earlier one.

    On SQLite nobody else writes anyhow. Taken after the attempts and before all that is shared by several people, so
    that nobody waits for each other.
    """
    if db.connection().dialect.name == "postgresql":
        for user_id in sorted(people):
            db.execute(_TURN, {"person": user_id.int & (1 << 63) - 1})


_TURN = text("SELECT pg_advisory_xact_lock(:person)")
