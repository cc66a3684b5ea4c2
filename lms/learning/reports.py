"""What happens to a report: it is made once by the person who met the question, and answered by an editor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, insert, or_, select, true
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.db import audit
from lms.db.accounts import User
from lms.db.attempts import Attempt, AttemptItem, QuestionVersion, QuizRevision
from lms.db.base import uuid7
from lms.db.reports import QuestionProposal, QuestionReport, ReportState
from lms.errors import Conflict, NotAllowed, NotFound
from lms.learning import attempt_records, attempts, conditions, membership, person_attempts, stale, visibility
from lms.learning.attempt_records import AttemptRow
from lms.quiz.definition import load_review
from lms.quiz.practice import is_practice
from lms.quiz.quiz import Quiz
from lms.quiz.review import ReviewRules


@dataclass(frozen=True, slots=True)
class Answer:
    """What an editor decided. ``seen``: when the answer that the page showed was given; empty: none yet."""

    state: ReportState
    answer: str
    seen: str


class NotReviewable(NotAllowed):
    message = "Soal ini baru dapat dilaporkan sesudah pembahasannya boleh Anda lihat."


class AlreadyReported(Conflict):
    message = "Soal ini sudah Anda laporkan dari percobaan ini. Laporan yang pertama tetap berlaku dan tidak diganti."


class UnknownReport(NotFound):
    message = "Laporan soal ini tidak ditemukan."


def report(
    db: Session, attempt_id: UUID, user_id: UUID, item: str, message: str, *, offered: Quiz | None, now: datetime
) -> None:
    """Keep what a person says of a question, with the version they met and the answer they gave.

    ``offered``: the quiz as the pack has it now. Raises ``UnknownAttempt``, ``NotReviewable``, ``UnknownItem`` or
    ``AlreadyReported``; then nothing was changed.
    """
    connection = db.connection()
    found = attempts.own(connection, attempt_id, user_id)
    if is_practice(found.quiz) or not _reviewable(connection, found, offered or found.rules, now=now):
        raise NotReviewable
    row = next((row for row in attempt_records.items(connection, attempt_id) if row.item == item), None)
    if row is None:
        raise attempts.UnknownItem
    made = {
        "id": uuid7(),
        "user_id": user_id,
        "attempt_id": attempt_id,
        "item": item,
        "question_version": row.question_version,
        "response": row.value,
        "message": message,
        "reported_at": now,
    }
    try:
        with db.begin_nested():
            db.execute(insert(QuestionReport), made)
    except IntegrityError as error:
        raise AlreadyReported from error


def _reviewable(db: Connection, found: AttemptRow, offered: Quiz, *, now: datetime) -> bool:
    """Whether the person may see the review of this attempt's questions now."""
    if found.is_open:
        return False
    others = person_attempts.of_person(db, found.user_id, found.quiz)
    (this,) = (one for one in others if one.id == found.id)
    allowed = conditions.of(db, found.user_id, found.quiz)
    return visibility.visible(this, offered, others, allowed, now=now).reviewable


def answer(db: Session, report_id: UUID, given: Answer, *, editor_id: UUID, now: datetime) -> None:
    """Raises ``UnknownReport``, or ``ChangedMeanwhile`` when the answer is another one than the editor saw."""
    held = db.scalars(select(QuestionReport).where(QuestionReport.id == report_id).with_for_update()).one_or_none()
    if held is None:
        raise UnknownReport
    replace_answer(db, held, given, action="report.answer", editor_id=editor_id, now=now)


def replace_answer(
    db: Session, held: QuestionReport | QuestionProposal, given: Answer, *, action: str, editor_id: UUID, now: datetime
) -> None:
    """Let this be the answer to what somebody wrote about a question; ``action``: how the audit calls it.

    Raises ``ChangedMeanwhile`` when another answer stands than the editor saw.
    """
    if given.seen != (held.answered_at.isoformat() if held.answered_at else ""):
        first = db.get(User, held.answered_by) if held.answered_by else None
        raise stale.ChangedMeanwhile(first.name if first else None, held.answered_at)
    audit.record(
        db,
        now=now,
        actor_id=editor_id,
        action=action,
        subject=str(held.id),
        item=held.item,
        state=given.state,
        answer=given.answer,
        before={"state": held.state, "answer": held.answer},
    )
    held.state, held.answer = given.state, given.answer
    held.answered_at, held.answered_by = now, editor_id


# --- read ------------------------------------------------------------------------------------------------------------


_ASKED = (AttemptItem.attempt_id == QuestionReport.attempt_id) & (AttemptItem.item == QuestionReport.item)

# --- for the person who reported ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Own:
    """A person's report, with what decides whether they may see the review of the question now."""

    item: str
    attempt_id: UUID
    quiz: str
    number: int
    position: int
    message: str
    state: str
    answer: str
    reported_at: datetime
    answered_at: datetime | None
    review: ReviewRules
    title: str  # of the quiz as it was
    limit: int | None  # of attempts, as it was


def own(db: Connection, user_id: UUID) -> list[Own]:
    """The newest first. A person can report a question once an attempt, so the list stays short."""
    rows = db.execute(
        select(
            QuestionReport.item,
            QuestionReport.attempt_id,
            Attempt.quiz,
            Attempt.number,
            AttemptItem.position,
            QuestionReport.message,
            QuestionReport.state,
            QuestionReport.answer,
            QuestionReport.reported_at,
            QuestionReport.answered_at,
            QuizRevision.definition["review"].label("review"),
            QuizRevision.definition["title"].label("title"),
            Attempt.attempt_limit.label("limit"),
        )
        .join(Attempt, Attempt.id == QuestionReport.attempt_id)
        .join(AttemptItem, _ASKED)
        .join(QuizRevision, QuizRevision.digest == Attempt.revision)
        .where(QuestionReport.user_id == user_id)
        .order_by(QuestionReport.reported_at.desc(), QuestionReport.id.desc())
        .limit(200)
    )
    return [Own(**{**row._mapping, "review": load_review(row.review or {})}) for row in rows]


# --- for editors ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """A report as an editor works on it. ``response``: JSON text, or None. ``major``: of the version that was asked."""

    id: UUID
    item: str
    quiz: str
    question_version: str
    major: str
    option_order: list[str]
    response: str | None
    message: str
    state: str
    answer: str
    reported_at: datetime
    answered_at: datetime | None
    editor: str | None


_LINES = cast(
    "Select[Any]",
    select(
        QuestionReport.id,
        QuestionReport.item,
        Attempt.quiz,
        QuestionReport.question_version,
        QuestionVersion.major,
        AttemptItem.option_order,
        QuestionReport.response,
        QuestionReport.message,
        QuestionReport.state,
        QuestionReport.answer,
        QuestionReport.reported_at,
        QuestionReport.answered_at,
        User.name.label("editor"),
    )
    .join(Attempt, Attempt.id == QuestionReport.attempt_id)
    .join(AttemptItem, _ASKED)
    .join(QuestionVersion, QuestionVersion.digest == QuestionReport.question_version)
    .outerjoin(User, User.id == QuestionReport.answered_by),
)
_ORDER = (
    case((QuestionReport.state == ReportState.OPEN, 0), else_=1),
    case((QuestionReport.state == ReportState.OPEN, QuestionReport.reported_at)),
    QuestionReport.answered_at.desc(),
    QuestionReport.id,
)


def _searched(statement: Select[Any], search: str, state: str) -> Select[Any]:
    if state:
        statement = statement.where(QuestionReport.state == state)
    if search:
        pattern = search.lower()
        columns = (QuestionReport.item, QuestionReport.message, QuestionReport.answer, Attempt.quiz)
        statement = statement.where(or_(*(func.lower(one).contains(pattern, autoescape=True) for one in columns)))
    return statement


def lines(db: Connection, *, search: str, state: str, offset: int, limit: int) -> list[Line]:
    """Open ones first, the longest waiting on top; then those answered, the newest on top."""
    statement = _searched(_LINES, search, state).order_by(*_ORDER).offset(offset).limit(limit)
    return [Line(**row._mapping) for row in db.execute(statement)]


def line(db: Connection, report_id: UUID) -> Line | None:
    row = db.execute(_LINES.where(QuestionReport.id == report_id)).first()
    return Line(**row._mapping) if row else None


# --- for instructors ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OfCohort:
    """A report by somebody who takes part in a cohort, as those who teach it see it: not who made it."""

    item: str
    quiz: str
    question_version: str
    message: str
    state: str
    answer: str
    reported_at: datetime
    answered_at: datetime | None


def of_cohort(
    db: Connection, cohort_id: UUID, *, item: str | None = None, offset: int = 0, limit: int
) -> list[OfCohort]:
    """Of all questions, or of one, in the order of ``lines``."""
    statement = (
        select(
            QuestionReport.item,
            Attempt.quiz,
            QuestionReport.question_version,
            QuestionReport.message,
            QuestionReport.state,
            QuestionReport.answer,
            QuestionReport.reported_at,
            QuestionReport.answered_at,
        )
        .join(Attempt, Attempt.id == QuestionReport.attempt_id)
        .where(_in_cohort(cohort_id, item))
        .order_by(*_ORDER)
        .offset(offset)
        .limit(limit)
    )
    return [OfCohort(*row) for row in db.execute(statement)]


def count_of_cohort(db: Connection, cohort_id: UUID) -> int:
    mine = select(func.count()).select_from(QuestionReport).join(Attempt, Attempt.id == QuestionReport.attempt_id)
    count: int = db.execute(mine.where(_in_cohort(cohort_id, None))).scalar_one()
    return count


def _in_cohort(cohort_id: UUID, item: str | None) -> ColumnElement[bool]:
    of_item = true() if item is None else QuestionReport.item == item
    return and_(membership.few_attempts_of(cohort_id), of_item)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many reports a search finds, and how many of all wait for an answer."""

    found: int
    open: int


def counts(db: Connection, *, search: str, state: str) -> Counts:
    found = _searched(
        select(func.count()).select_from(QuestionReport).join(Attempt, Attempt.id == QuestionReport.attempt_id),
        search,
        state,
    ).scalar_subquery()
    waiting = (
        select(func.count())
        .select_from(QuestionReport)
        .where(QuestionReport.state == ReportState.OPEN)
        .scalar_subquery()
    )
    return Counts(*db.execute(select(found, waiting)).one())
