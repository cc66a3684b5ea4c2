"""What happens to an attempt. The promises of the design stand here: one open attempt, frozen at its start; an
answer is saved once and in order; a submit happens once; time is the server's; marking is pure."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.db.attempts import Attempt, AttemptItem, ClosedBy, Mark, QuestionVersion, QuizRevision
from lms.db.base import uuid7
from lms.db.cohorts import Enrolment
from lms.errors import Conflict, Invalid, NotFound
from lms.features.attempts import queries
from lms.features.attempts.queries import AttemptRow, ItemRow
from lms.quiz import marking
from lms.quiz.definition import dump, dump_quiz, load, load_quiz, major, version
from lms.quiz.item import Item, Response
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
    message = "Waktu percobaan ini sudah habis. Jawaban yang tersimpan sebelum tenggat tetap dihitung."


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


def start(db: Session, quiz: Quiz, user_id: UUID, *, now: datetime, seed: int | None = None) -> UUID:
    """Start an attempt, or return the open one: asking twice, even at once, leads to the same attempt.

    Everything is frozen here: question versions, their order, the order of options by id, the maximum, the deadline.
    Raises ``NoAttemptsLeft``.
    """
    connection = db.connection()
    earlier = queries.of_person(connection, user_id, quiz.id)
    if running := _still_open(db, earlier, now=now):
        return running
    if quiz.attempts is not None and len(earlier) >= quiz.attempts:
        raise NoAttemptsLeft
    items = list(quiz.items)
    rng = random.Random(seed)  # noqa: S311 – an order of questions, not a secret
    if quiz.shuffle_questions:
        rng.shuffle(items)
    attempt_id, limit = uuid7(), _time_limit(connection, quiz, user_id)
    _keep_versions(db, quiz, now=now)
    row = {
        "id": attempt_id,
        "user_id": user_id,
        "quiz": quiz.id,
        "number": max((summary.number for summary in earlier), default=0) + 1,
        "attempt_limit": quiz.attempts,
        "revision": rules_of(quiz).digest,
        "started_at": now,
        "deadline_at": now + limit if limit else None,
        "maximum": sum(item.points for item in items),
    }
    try:
        with db.begin_nested():
            db.execute(insert(Attempt), row)
    except IntegrityError:
        # Another request of the same person was first: theirs is the attempt.
        return _the_winner(connection, user_id, quiz.id)
    db.execute(insert(AttemptItem), [_frozen(attempt_id, place, item, quiz, rng) for place, item in enumerate(items)])
    return attempt_id


def _still_open(db: Session, earlier: Sequence[queries.Summary], *, now: datetime) -> UUID | None:
    for summary in earlier:
        if summary.submitted_at is not None:
            continue
        if summary.deadline_at is None or summary.deadline_at > now:
            return summary.id
        _close(db, summary.id, now=summary.deadline_at, closed_by=ClosedBy.DEADLINE)
    return None


def _the_winner(connection: Connection, user_id: UUID, quiz: str) -> UUID:
    for summary in queries.of_person(connection, user_id, quiz):
        if summary.submitted_at is None:
            return summary.id
    raise NoAttemptsLeft


def _time_limit(connection: Connection, quiz: Quiz, user_id: UUID) -> timedelta | None:
    """The quiz's limit and the extra time of the person, the largest of their cohorts."""
    if quiz.time_limit is None:
        return None
    extra = connection.execute(
        select(func.max(Enrolment.extra_minutes)).where(Enrolment.user_id == user_id)
    ).scalar_one_or_none()
    return quiz.time_limit + timedelta(minutes=extra or 0)


def _frozen(attempt_id: UUID, position: int, item: Item, quiz: Quiz, rng: random.Random) -> dict[str, Any]:
    order = item.shuffled(rng) if quiz.shuffle_options else tuple(option.id for option in item.choices())
    return {
        "attempt_id": attempt_id,
        "item": item.id,
        "position": position,
        "question_version": version(item),
        "option_order": list(order),
    }


def _keep_versions(db: Session, quiz: Quiz, *, now: datetime) -> None:
    """Keep the rules and questions under their digests; those already kept are left alone."""
    upsert = {"sqlite": sqlite, "postgresql": postgresql}[db.get_bind().dialect.name].insert
    rules = rules_of(quiz)
    revision = {"digest": rules.digest, "quiz": quiz.id, "definition": dump_quiz(rules), "created_at": now}
    versions = [
        {
            "digest": version(item),
            "major": major(item),
            "item": item.id,
            "definition": dump(item),
            "created_at": now,
        }
        for item in sorted(quiz.items, key=version)  # one order for everybody: no deadlocks
    ]
    db.execute(upsert(QuizRevision).on_conflict_do_nothing(), revision)
    db.execute(upsert(QuestionVersion).on_conflict_do_nothing(), versions)


def rules_of(quiz: Quiz) -> Quiz:
    """What an attempt keeps of a quiz besides its questions, which are kept each for itself."""
    return replace(quiz, items=(), introduction="")


# --- questions as they were -----------------------------------------------------------------------------------------

#: Question versions by digest. They never change, so every thread and every attempt may share them.
_QUESTIONS: dict[str, Item] = {}
_MOST_QUESTIONS = 20_000


def questions(db: Connection, rows: Sequence[ItemRow]) -> list[Item]:
    """The questions of an attempt in its order, from memory where they have been met before."""
    missing = {row.question_version for row in rows} - _QUESTIONS.keys()
    if missing:
        if len(_QUESTIONS) > _MOST_QUESTIONS:
            _QUESTIONS.clear()
        _QUESTIONS.update({digest: load(definition) for digest, definition in queries.definitions(db, missing).items()})
    return [_QUESTIONS[row.question_version] for row in rows]


def response_of(row: ItemRow) -> Response | None:
    return None if row.value is None else tuple(json.loads(row.value))


# --- saving ---------------------------------------------------------------------------------------------------------


def save(
    db: Session,
    attempt_id: UUID,
    user_id: UUID,
    item_id: str,
    values: Sequence[str] | None,
    *,
    revision: int,
    save_id: UUID,
    now: datetime,
) -> Saved:
    """Save one answer; None takes it back. Two statements at most, and one of them found out who asks.

    Raises ``UnknownAttempt``, ``UnknownItem``, ``AlreadySubmitted``, ``TimeIsOver``, ``OlderRevision``, or ``Invalid``
    for an answer the question cannot have; then nothing was changed.
    """
    connection = db.connection()
    value = None if values is None else json.dumps(list(values), ensure_ascii=False)
    digest = queries.save(
        connection,
        attempt_id=attempt_id,
        user_id=user_id,
        item=item_id,
        value=value,
        revision=revision,
        save_id=save_id,
        now=now,
    )
    if digest is None:
        return _why_not(connection, attempt_id, user_id, item_id, save_id, now=now)
    if values is not None:
        # Written first and judged after: a refusal undoes the whole transaction.
        question = _QUESTIONS.get(digest) or load(queries.definitions(connection, [digest])[digest])
        _QUESTIONS[digest] = question
        # A page with shuffled options sends them in its own order.
        if sorted(question.accept(values) or ()) != sorted(values):
            raise Invalid("Jawaban ini tidak cocok dengan soalnya. Muat ulang halaman, lalu jawab lagi.")
    return Saved(revision, now)


def _why_not(db: Connection, attempt_id: UUID, user_id: UUID, item_id: str, save_id: UUID, *, now: datetime) -> Saved:
    """Nothing was saved: either this very save is already there, or there is a reason to tell."""
    attempt = own(db, attempt_id, user_id)
    row = next((row for row in queries.items(db, attempt_id) if row.item == item_id), None)
    if row is None:
        raise UnknownItem
    if row.save_id == save_id and row.revision is not None and row.saved_at is not None:
        return Saved(row.revision, row.saved_at)
    if not attempt.is_open:
        raise AlreadySubmitted
    if attempt.is_overdue(now):
        raise TimeIsOver
    raise OlderRevision(row.revision or 0, response_of(row))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a form holds for one question. ``revision``: the one the page was made with."""

    values: Response | None
    revision: int


def save_all(
    db: Session, attempt_id: UUID, user_id: UUID, answers: Mapping[str, Answer], *, now: datetime
) -> list[str]:
    """Save what a form changed. An answer that changed elsewhere since the page was made keeps its place; the ids of
    such questions are returned, so that the person can be told."""
    connection = db.connection()
    attempt = own(connection, attempt_id, user_id)
    if not attempt.is_open:
        raise AlreadySubmitted
    if attempt.is_overdue(now):
        raise TimeIsOver
    kept: list[str] = []
    for row in queries.items(connection, attempt_id):
        answer = answers.get(row.item)
        if answer is None or answer.values == response_of(row):
            continue
        held = row.revision or 0
        if answer.revision < held:
            kept.append(row.item)
            continue
        save(
            db,
            attempt_id,
            user_id,
            row.item,
            answer.values,
            revision=max(held, min(answer.revision, LAST_REVISION)) + 1,
            save_id=uuid4(),
            now=now,
        )
    return kept


# --- submitting -----------------------------------------------------------------------------------------------------


def own(db: Connection, attempt_id: UUID, user_id: UUID) -> AttemptRow:
    """A person's own attempt; raises ``UnknownAttempt`` also for somebody else's."""
    attempt = queries.attempt(db, attempt_id)
    if attempt is None or attempt.user_id != user_id:
        raise UnknownAttempt
    return attempt


def submit(db: Session, attempt_id: UUID, user_id: UUID, *, now: datetime) -> None:
    """Close an attempt and mark it. A second submit, even at the same moment, changes nothing."""
    attempt = own(db.connection(), attempt_id, user_id)
    if attempt.is_overdue(now) and attempt.deadline_at:
        _close(db, attempt_id, now=attempt.deadline_at, closed_by=ClosedBy.DEADLINE)
    else:
        _close(db, attempt_id, now=now, closed_by=ClosedBy.PARTICIPANT)


def close_overdue(db: Session, *, now: datetime, most: int = 1000) -> int:
    """Close attempts whose time is over with what they hold; returns how many."""
    due = queries.overdue(db.connection(), now=now, most=most)
    return sum(_close(db, attempt_id, now=now, closed_by=ClosedBy.DEADLINE) for attempt_id in due)


def _close(db: Session, attempt_id: UUID, *, now: datetime, closed_by: ClosedBy) -> bool:
    """Mark and close; False when it was closed already. The lock makes a late save see that it is too late."""
    locked = db.execute(
        select(Attempt.deadline_at, QuizRevision.definition)
        .join(QuizRevision, QuizRevision.digest == Attempt.revision)
        .where(Attempt.id == attempt_id, Attempt.submitted_at.is_(None))
        .with_for_update(of=Attempt)
    ).first()
    if locked is None:
        return False
    connection = db.connection()
    rows = queries.items(connection, attempt_id)
    items = questions(connection, rows)
    responses = {row.item: response_of(row) for row in rows}
    score = marking.mark(items, responses, load_quiz(locked.definition).pass_mark)
    at = locked.deadline_at if closed_by is ClosedBy.DEADLINE else now
    versions = {row.item: row.question_version for row in rows}
    db.execute(
        insert(Mark),
        [
            {
                "attempt_id": attempt_id,
                "item": mark.item_id,
                "question_version": versions[mark.item_id],
                "fraction": mark.fraction,
                "points": mark.points,
                "maximum": mark.maximum,
                "answered": mark.answered,
                "marked_at": at,
            }
            for mark in score.marks
        ],
    )
    db.execute(
        update(Attempt)
        .where(Attempt.id == attempt_id)
        .values(submitted_at=at, closed_by=closed_by, score=score.points, passed=score.passed)
    )
    return True


# --- reviewing ------------------------------------------------------------------------------------------------------


def is_last(attempt: AttemptRow, attempts: Sequence[queries.Summary]) -> bool:
    """Whether no better try is to come: the quiz is passed, or its attempts are used up."""
    if any(summary.passed for summary in attempts):
        return True
    return attempt.attempt_limit is not None and len(attempts) >= attempt.attempt_limit


def receipt(attempt: AttemptRow, rows: Sequence[ItemRow]) -> str:
    """A short code a participant can quote: it depends on every answer and on the moment of submission."""
    held = json.dumps(
        [str(attempt.id), str(attempt.submitted_at), [[row.item, row.value] for row in rows]],
        ensure_ascii=False,
    )
    code = hashlib.sha256(held.encode()).hexdigest()[:10].upper()
    return f"{code[:5]}-{code[5:]}"
