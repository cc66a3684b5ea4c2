"""What happens to an attempt. The promises of the design stand here: one open attempt, frozen at its start; an
answer is saved once and in order; a submit happens once; time is the server's."""

from __future__ import annotations

import hmac
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.db.attempts import Attempt, AttemptItem, ClosedBy, Confidence
from lms.db.attempts import Response as ResponseRow
from lms.db.base import uuid7
from lms.errors import Conflict, Invalid, NotFound
from lms.learning import (
    attempt_records,
    conditions,
    frozen,
    guarded_save,
    marks,
    person_attempts,
    quiz_records,
    visibility,
)
from lms.learning.attempt_records import AttemptRow, ItemRow
from lms.learning.conditions import Conditions
from lms.quiz.draw import Banked, fill
from lms.quiz.item import Response
from lms.quiz.quiz import Quiz

#: Larger than any honest number of changes to one answer.
LAST_REVISION = 1_000_000_000


class UnknownAttempt(NotFound):
    message = "Percobaan ini tidak ditemukan, atau bukan milik Anda."


class UnknownItem(NotFound):
    message = "Soal ini tidak ada dalam percobaan Anda."


class AlreadySubmitted(Conflict):
    message = "Percobaan ini sudah dikumpulkan, jadi jawabannya tidak dapat diubah lagi."


class TimeIsOver(Conflict):
    message = (
        "Waktu percobaan ini sudah habis. Yang dibuat sesudah tenggat tidak dihitung; yang dibuat sebelumnya dihitung."
    )


class ArrivedTooLate(TimeIsOver):
    """Whenever it was made: by now nothing arrives any more."""

    message = (
        "Waktu percobaan ini sudah habis dan percobaannya sudah ditutup, jadi jawaban ini tidak dapat diterima lagi. "
        "Unduh berkas jawaban dan serahkan kepada pengampu: yang dibuat sebelum tenggat masih dapat dimasukkan."
    )


class KeyWasShown(Conflict):
    message = "Soal ini sudah diperiksa, jadi jawabannya tidak dapat diubah lagi."


class NoAttemptsLeft(Conflict):
    message = "Semua kesempatan untuk kuis ini sudah dipakai."


class OlderRevision(Conflict):
    """A newer answer is there: from another tab or device, or this one arrived late. It keeps its place."""

    message = "Jawaban soal ini sudah diperbarui di tab atau perangkat lain; yang lebih baru dipertahankan."

    def __init__(self, revision: int, response: Response | None) -> None:
        super().__init__()
        self.revision = revision
        self.response = response


@dataclass(frozen=True, slots=True)
class Saved:
    """An answer that is in the database."""

    revision: int
    saved_at: datetime


# --- starting -------------------------------------------------------------------------------------------------------


def start(
    db: Session, quiz: Quiz, user_id: UUID, *, now: datetime, bank: Sequence[Banked] = (), seed: int | None = None
) -> UUID:
    """Start an attempt, or return the open one: asking twice, even at once, leads to the same attempt.

    Everything is frozen here: question versions, their order, the order of options by id, the maximum, the deadline.
    ``bank``: what a quiz that draws its questions draws from. Raises ``NoAttemptsLeft``, ``NotYetOpen`` or
    ``NotOpenAnyMore``.
    """
    connection = db.connection()
    earlier = person_attempts.of_person(connection, user_id, quiz.id)
    if running := _still_open(db, earlier, now=now):
        return running
    conditions.lock_for_start(connection, user_id)
    allowed = conditions.of(connection, user_id, quiz.id)
    allowed.check_window(now)
    counted = person_attempts.under(earlier, allowed.enrolment_id)
    limit = allowed.attempts(quiz)
    if limit is not None and len(counted) >= limit:
        raise NoAttemptsLeft
    rng = random.Random(seed)  # noqa: S311 – an order of questions, not a secret
    taken = _taken(connection, quiz, user_id, bank, allowed, rng)
    versions = frozen.store(db, taken, now=now)
    row = _attempt(taken, user_id, allowed, number=len(counted) + 1, limit=limit, now=now)
    try:
        with db.begin_nested():
            db.execute(insert(Attempt), row)
    except IntegrityError:
        # Another request of the same person was first: theirs is the attempt.
        return _the_winner(connection, user_id, quiz.id)
    _freeze_items(db, row["id"], taken, versions, rng)
    quiz_records.follow(db, [row["id"]])
    attempt_id: UUID = row["id"]
    return attempt_id


def _still_open(db: Session, earlier: Sequence[person_attempts.Summary], *, now: datetime) -> UUID | None:
    for summary in earlier:
        if summary.is_running(now):
            return summary.id
        if summary.submitted_at is None:
            marks.close(db, summary.id, now=now, closed_by=ClosedBy.DEADLINE)
    return None


def _the_winner(connection: Connection, user_id: UUID, quiz: str) -> UUID:
    for summary in person_attempts.of_person(connection, user_id, quiz):
        if summary.submitted_at is None:
            return summary.id
    raise NoAttemptsLeft


def _taken(
    db: Connection, quiz: Quiz, user_id: UUID, bank: Sequence[Banked], allowed: Conditions, rng: random.Random
) -> Quiz:
    """The quiz as this person takes it: questions drawn and in their order, and the review rules of their cohort."""
    if quiz.is_drawn:
        quiz = fill(quiz, bank, seen=person_attempts.met(db, user_id), rng=rng)
    return replace(quiz, items=quiz.arranged(rng), review=allowed.review or quiz.review)


def _attempt(
    quiz: Quiz, user_id: UUID, allowed: Conditions, *, number: int, limit: int | None, now: datetime
) -> dict[str, Any]:
    deadline = allowed.deadline(quiz, now)
    return {
        "id": uuid7(),
        "user_id": user_id,
        "enrolment_id": allowed.enrolment_id,
        "quiz": quiz.id,
        "number": number,
        "attempt_limit": limit,
        "revision": frozen.rules_of(quiz).digest,
        "started_at": now,
        "deadline_at": deadline,
        "closes_at": deadline + allowed.grace if deadline else None,
        "maximum": quiz.points,
    }


def _freeze_items(db: Session, attempt_id: UUID, quiz: Quiz, versions: Mapping[str, str], rng: random.Random) -> None:
    rows = [
        {
            "attempt_id": attempt_id,
            "item": item.id,
            "position": position,
            "question_version": versions[item.id],
            "option_order": list(item.order(rng, shuffle=quiz.shuffle_options)),
        }
        for position, item in enumerate(quiz.items)
    ]
    db.execute(insert(AttemptItem), rows)


# --- saving ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a person gave to one question. ``values`` None: not answered, or taken back.

    ``revision``: of a save, its own number; of a form, the one the page was made with. ``made_at``: the client's word
    for the server's time at which the person answered; None: now. ``version``: of the question on the page, if known.
    """

    values: Sequence[str] | None
    revision: int
    made_at: datetime | None = None
    flagged: bool = False
    confidence: Confidence | None = None
    version: str | None = None


def save(
    db: Connection, attempt_id: UUID, user_id: UUID, item_id: str, answer: Answer, *, save_id: UUID, now: datetime
) -> Saved:
    """Save one answer in one statement, so that it needs no transaction around it.

    A page of ours names the version of the question it shows; it is judged by that, from memory, and the statement
    holds it to be the attempt's own. Raises ``UnknownAttempt``, ``UnknownItem``, ``AlreadySubmitted``, ``TimeIsOver``,
    ``KeyWasShown``, ``OlderRevision``, or ``Invalid`` for an answer the question cannot have; nothing is changed then.
    """
    made_at = min(answer.made_at or now, now)
    version = answer.version or attempt_records.version_of(db, attempt_id, item_id)
    if version is None:
        return _why_not(db, attempt_id, user_id, item_id, save_id, made_at=made_at, now=now)
    if answer.values is not None:
        _check_answer(db, version, answer.values)
    saved = guarded_save.save(
        db,
        attempt_id=attempt_id,
        user_id=user_id,
        item=item_id,
        value=frozen.encoded(answer.values),
        revision=answer.revision,
        save_id=save_id,
        made_at=made_at,
        now=now,
        flagged=answer.flagged,
        confidence=answer.confidence,
        version=version,
    )
    if saved:
        return Saved(answer.revision, now)
    return _why_not(db, attempt_id, user_id, item_id, save_id, made_at=made_at, now=now)


def _check_answer(db: Connection, version: str, values: Sequence[str]) -> None:
    """Raises ``Invalid`` for an answer that this version of a question cannot have."""
    questions = frozen.questions(db, [version])
    # A page with shuffled options sends them in the order it shows them.
    if not questions or sorted(questions[0].accept(values) or ()) != sorted(values):
        raise Invalid("Jawaban ini tidak cocok dengan soalnya. Muat ulang halaman, lalu jawab lagi.")


def _why_not(
    db: Connection, attempt_id: UUID, user_id: UUID, item_id: str, save_id: UUID, *, made_at: datetime, now: datetime
) -> Saved:
    """Nothing was saved: either this very save is already there, or there is a reason to tell."""
    attempt = own(db, attempt_id, user_id)
    row = next((row for row in attempt_records.items(db, attempt_id) if row.item == item_id), None)
    if row is None:
        raise UnknownItem
    if row.save_id == save_id and row.revision is not None and row.saved_at is not None:
        return Saved(row.revision, row.saved_at)
    if attempt.is_overdue(now) or attempt.closed_by == ClosedBy.DEADLINE:
        raise ArrivedTooLate
    if not attempt.is_open:
        raise AlreadySubmitted
    if row.checked_at is not None:
        raise KeyWasShown
    if attempt.is_late(now if made_at < attempt.started_at else made_at):
        raise TimeIsOver
    raise OlderRevision(row.revision or 0, frozen.response_of(row))


def save_all(
    db: Session, attempt_id: UUID, user_id: UUID, answers: Mapping[str, Answer], *, now: datetime
) -> list[str]:
    """Save what a form changed. An answer that changed elsewhere since the page was made keeps its place; the ids of
    such questions are returned, so that the person can be told."""
    connection = db.connection()
    attempt = own(connection, attempt_id, user_id)
    if not attempt.is_open:
        raise AlreadySubmitted
    if attempt.is_late(now):
        raise TimeIsOver
    kept: list[str] = []
    for row in attempt_records.items(connection, attempt_id):
        answer = answers.get(row.item)
        if answer is None or row.checked_at is not None or _same(answer, row):
            continue
        held = row.revision or 0
        if answer.revision < held:
            kept.append(row.item)
            continue
        newer = Answer(
            values=answer.values,
            revision=max(held, min(answer.revision, LAST_REVISION)) + 1,
            flagged=answer.flagged,
            confidence=answer.confidence,
            version=row.question_version,
        )
        try:
            save(connection, attempt_id, user_id, row.item, newer, save_id=uuid4(), now=now)
        except OlderRevision:  # another request of this moment was first
            kept.append(row.item)
    return kept


def _same(answer: Answer, row: ItemRow) -> bool:
    given = (answer.values and tuple(answer.values), answer.flagged, answer.confidence)
    return given == (frozen.response_of(row), bool(row.flagged), row.confidence)


def check_answer(db: Session, attempt_id: UUID, user_id: UUID, item_id: str, *, now: datetime) -> None:
    """Show the key of an answered question where the quiz allows it while it is taken; its answer then stays.

    Raises ``UnknownItem`` or ``Invalid``.
    """
    connection = db.connection()
    attempt = own(connection, attempt_id, user_id)
    row = next((row for row in attempt_records.items(connection, attempt_id) if row.item == item_id), None)
    if row is None:
        raise UnknownItem
    if not visibility.during(connection, attempt, now=now).reviewable:
        raise Invalid("Kuis ini tidak memperlihatkan jawaban sebelum dikumpulkan.")
    if row.value is None:
        raise Invalid("Jawab soalnya dahulu, lalu periksa.")
    db.execute(
        update(ResponseRow)
        .where(ResponseRow.attempt_id == attempt_id, ResponseRow.item == item_id, ResponseRow.checked_at.is_(None))
        .values(checked_at=now)
    )


# --- submitting -----------------------------------------------------------------------------------------------------


def own(db: Connection, attempt_id: UUID, user_id: UUID) -> AttemptRow:
    """A person's own attempt; raises ``UnknownAttempt`` also for somebody else's."""
    attempt = attempt_records.attempt(db, attempt_id)
    if attempt is None or attempt.user_id != user_id:
        raise UnknownAttempt
    return attempt


def submit(db: Session, attempt_id: UUID, user_id: UUID, *, now: datetime) -> None:
    """Close an attempt and mark it. A second submit, even at the same moment, changes nothing.

    Nobody submits after the deadline: what was made in time may still arrive from another device of the person, so the
    attempt stays open until it is overdue, and then it is the deadline that closed it (docs/adr/0008).
    """
    attempt = own(db.connection(), attempt_id, user_id)
    if attempt.is_overdue(now):
        marks.close(db, attempt_id, now=now, closed_by=ClosedBy.DEADLINE)
    elif not attempt.is_late(now):
        marks.close(db, attempt_id, now=now, closed_by=ClosedBy.PARTICIPANT)


def close_overdue(db: Session, *, now: datetime, most: int = 1000) -> int:
    """Close attempts whose time is over with what they hold; returns how many."""
    due = attempt_records.overdue(db.connection(), now=now, most=most)
    return marks.close_all(db, due, now=now, closed_by=ClosedBy.DEADLINE)


# --- reviewing ------------------------------------------------------------------------------------------------------


def note_seen(db: Session, attempt_id: UUID, *, now: datetime) -> None:
    """Its questions are shown reviewed. The first time is kept: whatever arrives later may be copied."""
    db.execute(update(Attempt).where(Attempt.id == attempt_id, Attempt.seen_at.is_(None)).values(seen_at=now))


def receipt(attempt: AttemptRow, rows: Sequence[ItemRow], key: bytes) -> str:
    """A short code a participant can quote: it depends on every question, every answer and the moment of submission.

    Whoever does not know ``key`` cannot make one.
    """
    held = [[row.item, row.question_version, row.value] for row in rows]
    text = json.dumps([str(attempt.id), str(attempt.submitted_at), held], ensure_ascii=False)
    code = hmac.new(key, text.encode(), "sha256").hexdigest()[:10].upper()
    return f"{code[:5]}-{code[5:]}"
