"""The last resort when a link never came back: a file of answers that a participant's browser made.

Staff put it in by the same rules that hold for a save. Putting the same file in twice changes nothing. Once the
participant saw a review of its questions, what a file says may be copied from it: it takes a reason, and whoever gives
one has seen what it would change (docs/adr/0015).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from lms.db import audit
from lms.db.attempts import ClosedBy, Response
from lms.errors import Conflict, Invalid, Refused, Said
from lms.learning import attempt_records, attempts, frozen, marks, question_sums, saves
from lms.learning.attempt_records import AttemptRow, ItemRow
from lms.learning.saves import Save
from lms.quiz.item import Item
from lms.quiz.written import is_id

FORMAT = "latsar-answers-1"
LARGEST = 200_000  # bytes
MOST_ANSWERS = 1_000
REASON = "Berkas jawaban darurat"
LONGEST_REASON = 500
#: For so long after an attempt was closed a file is taken.
ACCEPTED = timedelta(days=14)


class NotAnAnswerFile(Invalid):
    message = (
        "Ini bukan berkas jawaban darurat. Minta peserta mengunduhnya lagi dari halaman kuisnya, lalu unggah berkas "
        "itu apa adanya."
    )


class OtherAttempt(Invalid):
    message = "Berkas ini milik percobaan lain. Buka percobaan yang sesuai, lalu unggah di sana."


class AlreadySubmitted(Conflict):
    message = "Peserta sudah mengumpulkan percobaan ini sendiri, jadi jawaban dari berkas tidak dapat dimasukkan lagi."


class CameTooLate(Conflict):
    message = "Percobaan ini sudah terlalu lama ditutup, jadi berkas jawaban tidak dapat dimasukkan lagi."


class ReasonWanted(Conflict):
    """The participant had seen the questions reviewed before the file came. ``report``: what it would have changed."""

    message = (
        "Peserta sudah melihat benar-salahnya atau kuncinya sebelum berkas ini dimasukkan. Periksa perubahannya dan "
        "tulis alasannya."
    )

    def __init__(self, report: Report, seen_at: datetime) -> None:
        super().__init__()
        self.report, self.seen_at = report, seen_at


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one answer. ``why``: the reason when it was refused."""

    item: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """What a file holds; of several answers to one question the newest. ``unreadable``: those that are none."""

    attempt_id: UUID
    answers: tuple[Save, ...]
    unreadable: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One answer before and after. ``points`` None: it is not marked yet."""

    item: str
    held: tuple[str, ...] | None
    given: tuple[str, ...] | None
    points: tuple[float, float] | None = None


@dataclass(slots=True)
class Report:
    """What became of every answer in a file. ``changes``: of those taken."""

    taken: list[Told] = field(default_factory=list)
    present: list[Told] = field(default_factory=list)
    refused: list[Told] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


# --- reading --------------------------------------------------------------------------------------------------------


def read(content: bytes) -> AnswerFile:
    """Raises ``NotAnAnswerFile``; an answer that cannot be read is told and does not stop the others."""
    if len(content) > LARGEST:
        raise NotAnAnswerFile(
            Said("Berkas ini lebih besar dari %(most)s kB, jadi bukan berkas jawaban darurat.", most=LARGEST // 1000)
        )
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise NotAnAnswerFile from error
    if not isinstance(found, dict) or found.get("format") != FORMAT or not isinstance(found.get("answers"), list):
        raise NotAnAnswerFile
    if len(found["answers"]) > MOST_ANSWERS:
        raise NotAnAnswerFile(Said("Berkas ini memuat lebih dari %(most)s jawaban.", most=MOST_ANSWERS))
    return _file(_attempt(found.get("attempt")), found["answers"])


def _attempt(given: Any) -> UUID:
    try:
        return UUID(given)
    except (ValueError, TypeError, AttributeError) as error:
        raise NotAnAnswerFile from error


def _unreadable(place: int, what: Said) -> Told:
    return Told(Said("Jawaban ke-%(n)s", n=place), Said("Tidak terbaca: %(what)s.", what=what))


def _file(attempt_id: UUID, bodies: Sequence[Any]) -> AnswerFile:
    newest: dict[str, Save] = {}
    unreadable: list[Told] = []
    for place, body in enumerate(bodies, start=1):
        try:
            read = saves.read(body)
        except saves.Unreadable as error:
            unreadable.append(_unreadable(place, error.what))
            continue
        if not is_id(read.item):
            unreadable.append(_unreadable(place, saves.NO_ITEM))
            continue
        held = newest.get(read.item)
        if held is None or held.answer.revision < read.answer.revision:
            newest[read.item] = read
    return AnswerFile(attempt_id, tuple(newest.values()), tuple(unreadable))


# --- putting in -----------------------------------------------------------------------------------------------------


def apply(
    db: Session, attempt_id: UUID, file: AnswerFile, *, actor_id: UUID, reason: str = "", now: datetime
) -> Report:
    """Put the answers in as the participant whose attempt it is.

    An open attempt takes them as any save. One that its deadline closed takes what was made before the deadline and is
    newer than what it holds, and is marked again. Raises ``UnknownAttempt``, ``OtherAttempt``, ``AlreadySubmitted``,
    ``CameTooLate``, or ``ReasonWanted`` where there should be a ``reason``: what it tells was done, and the
    transaction takes it back.
    """
    marks.lock(db, attempt_id)
    attempt = attempt_records.attempt(db.connection(), attempt_id)
    if attempt is None:
        raise attempts.UnknownAttempt
    if file.attempt_id != attempt_id:
        raise OtherAttempt
    if attempt.is_overdue(now):
        marks.close(db, attempt_id, now=now, closed_by=ClosedBy.DEADLINE)
    elif not attempt.is_open and attempt.closed_by != ClosedBy.DEADLINE:
        raise AlreadySubmitted
    elif attempt.submitted_at is not None and attempt.submitted_at + ACCEPTED < now:
        raise CameTooLate
    open_still = attempt.is_open and not attempt.is_overdue(now)
    with question_sums.following(db, [attempt_id]):
        report = _put_all(db, attempt, file, open_still=open_still, now=now)
        taken = [one.item for one in report.taken]
        if taken and not open_still:
            told = f"{REASON}: {reason}" if reason else REASON
            marks.mark_again(db, attempt_id, attempt.rules, items=taken, now=now, reason=told)
    if not open_still:
        report.changes = _with_points(db, attempt_id, report.changes)
    seen_at = attempt_records.keys_seen_at(db.connection(), attempt) if taken else None
    if seen_at is not None and not reason:
        raise ReasonWanted(report, seen_at)
    if taken:
        audit.record(
            db,
            now=now,
            actor_id=actor_id,
            action="answers.put-in",
            subject=str(attempt_id),
            taken=taken,
            refused=len(report.refused),
            **({"reason": reason, "seen_at": seen_at.isoformat()} if seen_at else {}),
        )
    return report


def _with_points(db: Session, attempt_id: UUID, changes: Sequence[Change]) -> list[Change]:
    """With what each answer was worth before and is worth now, in an attempt that was marked again."""
    histories = attempt_records.marks(db.connection(), attempt_id) if changes else {}
    return [replace(one, points=(histories[one.item][-2].points, histories[one.item][-1].points)) for one in changes]


def _put_all(db: Session, attempt: AttemptRow, file: AnswerFile, *, open_still: bool, now: datetime) -> Report:
    connection = db.connection()
    rows = attempt_records.items(connection, attempt.id)
    items = dict(zip((row.item for row in rows), frozen.questions_of(connection, rows), strict=True))
    held = {row.item: row for row in rows}
    report = Report(refused=list(file.unreadable))
    for save in file.answers:
        if save.item not in held:
            report.refused.append(Told(save.item, Said("Soal ini tidak ada dalam percobaan ini.")))
        elif _is_there(save, held[save.item]):
            report.present.append(Told(save.item))
        else:
            try:
                if open_still:
                    _save(db, attempt, save, now=now)
                else:
                    _put(db, attempt, held[save.item], items[save.item], save, now=now)
                report.taken.append(Told(save.item))
                given = None if save.answer.values is None else tuple(save.answer.values)
                report.changes.append(Change(save.item, frozen.response_of(held[save.item]), given))
            except Refused as error:
                report.refused.append(Told(save.item, error.said))
    return report


def _is_there(save: Save, row: ItemRow) -> bool:
    """This very save, or a newer one that says the same."""
    if row.revision is None:
        return False
    said, held = save.answer.values, frozen.response_of(row)
    # A page with shuffled options sends them in the order it shows them; places of rows stand in the values.
    same = held is None if said is None else held is not None and sorted(held) == sorted(said)
    return row.save_id == save.save_id or (row.revision >= save.answer.revision and same)


def _save(db: Session, attempt: AttemptRow, save: Save, *, now: datetime) -> None:
    with db.begin_nested():  # a refused answer leaves the others alone
        answer = replace(save.answer, version=None)  # the file names it as its page did
        attempts.save(db.connection(), attempt.id, attempt.user_id, save.item, answer, save_id=save.save_id, now=now)


def _put(db: Session, attempt: AttemptRow, row: ItemRow, item: Item, save: Save, *, now: datetime) -> None:
    """Put an answer into an attempt that its deadline closed. Its row is locked, so nothing comes in between."""
    answer = save.answer
    if row.checked_at is not None:
        raise attempts.KeyWasShown
    if answer.made_at is None or attempt.deadline_at is None or answer.made_at >= attempt.deadline_at:
        raise attempts.TimeIsOver("Jawaban ini dibuat sesudah tenggat, atau berkasnya tidak menyebut waktunya.")
    if answer.made_at < attempt.started_at:
        raise attempts.TimeIsOver("Menurut berkasnya, jawaban ini dibuat sebelum percobaan dimulai.")
    if row.revision is not None and row.revision >= answer.revision:
        raise attempts.OlderRevision(row.revision, frozen.response_of(row))
    # A page with shuffled options sends them in the order it shows them.
    if answer.values is not None and sorted(item.accept(answer.values) or ()) != sorted(answer.values):
        raise Invalid("Jawaban ini tidak cocok dengan soalnya.")
    values = {
        "value": frozen.encoded(answer.values),
        "revision": answer.revision,
        "save_id": save.save_id,
        "made_at": answer.made_at,
        "saved_at": now,
        "flagged": answer.flagged,
        "confidence": answer.confidence,
    }
    if row.revision is None:
        new = {"attempt_id": attempt.id, "item": row.item, "question_version": row.question_version}
        db.execute(insert(Response), new | values)
    else:
        db.execute(
            update(Response).where(Response.attempt_id == attempt.id, Response.item == row.item).values(**values)
        )
