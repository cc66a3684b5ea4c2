"""What platforms are owed: a row for each person and graded link, written in the transaction that changes what they
have there. An act says only *that* something changed; what holds is read when it is sent (``held_scores``,
``offered_scores``), so that the newest is sent and nothing else.

Whoever comes from no platform pays nothing: ``GRADED`` is asked within a statement that the act sends anyway.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    exists,
    func,
    join,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lms.catalog.model import Lesson
from lms.db.attempts import Attempt, QuizRevision
from lms.db.cohorts import Enrolment
from lms.db.lti import AT_ONCE, LtiCourse, LtiLink, LtiPerson, LtiScore
from lms.learning.membership import TAKES_PART
from lms.quiz.practice import INSTEAD

#: How what a link opens is called, before the id of a quiz, of a module or of a lesson: the path that opens it here.
QUIZ, STEP = "kuis/", "materi/"
#: Whoever did something a moment ago, and did not see a link that came meanwhile, is through by then.
SETTLED = timedelta(seconds=30)

_GRADED = LtiLink.line_item_url.is_not(None)
#: Whether there is any link to which scores go.
GRADED: ColumnElement[bool] = exists(select(1).where(_GRADED))


def owe(db: Session, attempts: Collection[UUID]) -> None:
    """What these attempts are worth has changed. Those that are open, and practices, are worth nothing."""
    _owe(db, _BY_ATTEMPTS, {"attempts": list(attempts), "due_at": AT_ONCE})


def owe_learnt(db: Session, attempts: Collection[UUID]) -> None:
    """These practices, taken instead of a quiz, may have completed a module."""
    _owe(db, _BY_PRACTICE, {"attempts": list(attempts), "due_at": AT_ONCE})


def owe_lesson(db: Session, user_id: UUID, lesson: Lesson) -> None:
    """Somebody may have completed a lesson, and its module with it."""
    opened = [STEP + name for name in (lesson.module, *lesson.names)]
    _owe(db, _BY_LESSON, {"user_id": user_id, "opened": opened, "due_at": AT_ONCE})


def look_again(db: Session, enrolments: Select[Any], quiz: str) -> None:
    """Staff changed what these people may see of their marks at a quiz: what waits for that is offered if it may be."""
    links = select(LtiLink.id).where(LtiLink.resource == QUIZ + quiz, _GRADED)
    waiting = and_(LtiScore.sent < LtiScore.version, LtiScore.link_id.in_(links), LtiScore.enrolment_id.in_(enrolments))
    # another version: of the one that was offered it may be another value now
    db.execute(update(LtiScore).where(waiting).values(version=LtiScore.version + 1, due_at=AT_ONCE))


def owe_all_at(db: Session, link_id: UUID, *, now: datetime) -> None:
    """A link has a line item from now on: whatever people have there already is owed."""
    _owe(db, _BY_LINK, {"link_id": link_id, "due_at": now + SETTLED})


def owe_all_of(db: Session, enrolments: Collection[UUID], *, now: datetime) -> None:
    """These people came in by a platform, or came back: whatever they have already is owed."""
    _owe(db, _BY_ENROLMENT, {"enrolments": list(enrolments), "due_at": now + SETTLED})


def grade(db: Session, link_id: UUID, line_item_url: str | None, maximum: float | None, *, now: datetime) -> bool:
    """Where scores of a link go from now on, and out of how many points; True when that has changed.

    None: they go nowhere any more.
    """
    link = db.get_one(LtiLink, link_id, with_for_update=True)
    if (link.line_item_url, link.maximum) == (line_item_url, maximum):
        return False
    link.line_item_url, link.maximum = line_item_url, maximum
    db.flush()
    if line_item_url is not None:
        owe_all_at(db, link_id, now=now)
    return True


def ungraded(db: Connection, course_id: UUID) -> list[Any]:
    """The links of a course of which no line item is known: (``id``, ``link``, ``resource``)."""
    columns = (LtiLink.id, LtiLink.link, LtiLink.resource)
    where = (LtiLink.course_id == course_id, LtiLink.line_item_url.is_(None))
    return list(db.execute(select(*columns).where(*where).order_by(LtiLink.id)))


def resend(db: Session, *, cohorts: Select[Any] | None = None) -> int:
    """Offer at once what platforms did not take; returns how much. ``cohorts``: ids of those to which it is limited."""
    refused = and_(LtiScore.sent < LtiScore.version, LtiScore.refusal.is_not(None))
    if cohorts is not None:
        within = select(Enrolment.id).where(Enrolment.cohort_id.in_(cohorts))
        refused = and_(refused, LtiScore.enrolment_id.in_(within))
    done = db.execute(update(LtiScore).where(refused).values(due_at=AT_ONCE, tries=0))
    count: int = done.rowcount  # type: ignore[attr-defined]
    return count


# --- how it is written ----------------------------------------------------------------------------------------------


_NAMES = ["link_id", "enrolment_id", "subject", "version", "offered", "sent", "tries", "due_at"]


def _rows(*where: ColumnElement[bool], of: Any = Enrolment) -> Any:
    """A row for each link and enrolment, in the order in which everybody locks them; who came in under several names
    has one of them."""
    zero = literal(0)
    return (
        select(
            LtiLink.id,
            Enrolment.id,
            func.max(LtiPerson.subject),
            literal(1),
            *(zero, zero, zero),
            bindparam("due_at", type_=LtiScore.due_at.type),
        )
        .select_from(of)
        .join(LtiCourse, LtiCourse.cohort_id == Enrolment.cohort_id)
        .join(LtiLink, and_(LtiLink.course_id == LtiCourse.id, _GRADED))
        .join(
            LtiPerson,
            and_(LtiPerson.registration_id == LtiCourse.registration_id, LtiPerson.user_id == Enrolment.user_id),
        )
        .where(TAKES_PART, *where)
        .group_by(LtiLink.id, Enrolment.id)
        .order_by(LtiLink.id, Enrolment.id)
    )


def _upsert(dialect: Any, rows: Any) -> Any:
    written = dialect.insert(LtiScore).from_select(_NAMES, rows, include_defaults=False)
    new = written.excluded
    return written.on_conflict_do_update(
        index_elements=["link_id", "enrolment_id"],
        set_={"version": LtiScore.version + 1, "subject": new.subject, "due_at": new.due_at},
    )


def _both(rows: Any) -> dict[str, Any]:
    return {"sqlite": _upsert(sqlite, rows), "postgresql": _upsert(postgresql, rows)}


_THESE = Attempt.id.in_(bindparam("attempts", expanding=True))
_BY_ATTEMPTS = _both(
    _rows(
        _THESE,
        Attempt.submitted_at.is_not(None),
        or_(
            and_(LtiLink.resource == QUIZ + Attempt.quiz, Attempt.enrolment_id == Enrolment.id),
            LtiLink.resource == STEP + QuizRevision.definition["module"].as_string(),
        ),
        of=join(
            join(Attempt, QuizRevision, QuizRevision.digest == Attempt.revision),
            Enrolment,
            Enrolment.user_id == Attempt.user_id,
        ),
    )
)
_BY_PRACTICE = _both(
    _rows(
        _THESE,
        Attempt.submitted_at.is_not(None),
        Attempt.quiz.startswith(INSTEAD, autoescape=True),
        LtiLink.resource.startswith(STEP, autoescape=True),
        of=join(Attempt, Enrolment, Enrolment.user_id == Attempt.user_id),
    )
)
_BY_LESSON = _both(
    _rows(Enrolment.user_id == bindparam("user_id"), LtiLink.resource.in_(bindparam("opened", expanding=True)))
)
_BY_LINK = _both(_rows(LtiLink.id == bindparam("link_id")))
_BY_ENROLMENT = _both(_rows(Enrolment.id.in_(bindparam("enrolments", expanding=True))))


def _owe(db: Session, statements: dict[str, Any], of: dict[str, Any]) -> None:
    connection = db.connection()
    connection.execute(statements[connection.dialect.name], of)
