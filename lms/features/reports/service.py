"""What happens to a report: it is made once by the person who met the question, and answered by an editor."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.db import audit
from lms.db.base import uuid7
from lms.db.reports import QuestionReport
from lms.errors import Conflict, NotAllowed, NotFound
from lms.features.attempts import queries as attempts
from lms.features.attempts import service as taking
from lms.features.attempts.queries import AttemptRow
from lms.features.cohorts.terms import terms
from lms.features.reports.forms import Answer
from lms.quiz.quiz import Quiz


class NotReviewable(NotAllowed):
    message = "Soal ini baru dapat dilaporkan sesudah pembahasannya boleh Anda lihat."


class AlreadyReported(Conflict):
    message = "Soal ini sudah Anda laporkan dari percobaan ini. Laporan yang pertama tetap berlaku dan tidak diganti."


class UnknownReport(NotFound):
    message = "Laporan soal ini tidak ditemukan."


class AlreadyAnswered(Conflict):
    message = "Laporan ini sudah dijawab orang lain sejak halaman ini dibuka. Muat ulang, lalu baca jawabannya."


def report(
    db: Session, attempt_id: UUID, user_id: UUID, item: str, message: str, *, offered: Quiz | None, now: datetime
) -> None:
    """Keep what a person says of a question, with the version they met and the answer they gave.

    ``offered``: the quiz as the pack has it now. Raises ``UnknownAttempt``, ``NotReviewable``, ``UnknownItem`` or
    ``AlreadyReported``; then nothing was changed.
    """
    connection = db.connection()
    found = taking.own(connection, attempt_id, user_id)
    if not _reviewable(connection, found, offered or found.rules, now=now):
        raise NotReviewable
    row = next((row for row in attempts.items(connection, attempt_id) if row.item == item), None)
    if row is None:
        raise taking.UnknownItem
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
    others = attempts.of_person(db, found.user_id, found.quiz)
    (this,) = (one for one in others if one.id == found.id)
    allowed = terms(db, found.user_id, found.quiz)
    return taking.shows_review(taking.visible(this, offered, others, allowed, now=now))


def answer(db: Session, report_id: UUID, given: Answer, *, editor_id: UUID, now: datetime) -> None:
    """Raises ``UnknownReport``, or ``AlreadyAnswered`` when the answer is another one than the editor saw."""
    held = db.scalars(select(QuestionReport).where(QuestionReport.id == report_id).with_for_update()).one_or_none()
    if held is None:
        raise UnknownReport
    if given.seen != (held.answered_at.isoformat() if held.answered_at else ""):
        raise AlreadyAnswered
    audit.record(
        db,
        now=now,
        actor_id=editor_id,
        action="report.answer",
        subject=str(report_id),
        item=held.item,
        state=given.state,
        answer=given.answer,
        before={"state": held.state, "answer": held.answer},
    )
    held.state, held.answer = given.state, given.answer
    held.answered_at, held.answered_by = now, editor_id
