"""What instructors note about a participant, for themselves and for those who teach beside them (docs/adr/0033).

A participant never reads them here. Whoever asks has made sure that the person asking teaches the cohort.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, func, insert, select
from sqlalchemy.orm import Session

from lms.db.accounts import User
from lms.db.base import uuid7
from lms.db.cohorts import Enrolment
from lms.db.staff_notes import LONGEST as LONGEST
from lms.db.staff_notes import StaffNote
from lms.errors import Invalid, NotFound, Said
from lms.learning.cohorts import NotEnrolled
from lms.learning.membership import TAKES_PART


class NothingNoted(Invalid):
    message = "Tulis catatannya dahulu, lalu simpan."


class NoteTooLong(Invalid):
    def __init__(self) -> None:
        super().__init__(Said("Catatan paling panjang %(most)s karakter.", most=LONGEST))


class UnknownStaffNote(NotFound):
    message = "Catatan ini tidak ada, sudah dihapus, atau bukan Anda yang menulisnya."


@dataclass(frozen=True, slots=True)
class WrittenNote:
    """A note as instructors read it. ``author``: their name; None: their account is gone."""

    id: UUID
    enrolment_id: UUID
    text: str
    contacted: bool
    written_at: datetime
    author_id: UUID | None
    author: str | None


def write(
    db: Session,
    cohort_id: UUID,
    enrolments: Collection[UUID],
    text: str = "",
    *,
    contacted: bool = False,
    author_id: UUID,
    now: datetime,
) -> int:
    """The same note about each of these participants of the cohort; returns how many there are.

    Who left it meanwhile is passed over; raises ``NotEnrolled`` when nobody is left, ``NothingNoted`` and
    ``NoteTooLong``.
    """
    if not text and not contacted:
        raise NothingNoted
    if len(text) > LONGEST:
        raise NoteTooLong
    here = select(Enrolment.id).where(Enrolment.cohort_id == cohort_id, Enrolment.id.in_(enrolments), TAKES_PART)
    found = db.scalars(here).all()
    if not found:
        raise NotEnrolled
    said = {"text": text, "contacted": contacted, "author_id": author_id, "written_at": now}
    db.execute(insert(StaffNote), [{"id": uuid7(), "enrolment_id": id, **said} for id in found])
    return len(found)


def take_back(db: Session, note_id: UUID, *, author_id: UUID) -> UUID:
    """Delete it for good; returns the enrolment it was about.

    Raises ``UnknownStaffNote`` when there is none that this person wrote.
    """
    own = delete(StaffNote).where(StaffNote.id == note_id, StaffNote.author_id == author_id)
    about: UUID | None = db.execute(own.returning(StaffNote.enrolment_id)).scalar_one_or_none()
    if about is None:
        raise UnknownStaffNote
    return about


_NOTES = select(
    StaffNote.id,
    StaffNote.enrolment_id,
    StaffNote.text,
    StaffNote.contacted,
    StaffNote.written_at,
    StaffNote.author_id,
    User.name,
).outerjoin(User, User.id == StaffNote.author_id)
_NEWEST_FIRST = (StaffNote.written_at.desc(), StaffNote.id.desc())


def of(db: Connection, enrolment_id: UUID) -> list[WrittenNote]:
    """All notes about one participant, the newest first."""
    rows = db.execute(_NOTES.where(StaffNote.enrolment_id == enrolment_id).order_by(*_NEWEST_FIRST))
    return [WrittenNote(*row) for row in rows]


def contacts(db: Connection, cohort_id: UUID) -> dict[UUID, WrittenNote]:
    """By enrolment, the newest note that somebody was contacted, of all who take part in a cohort."""
    ranked = (
        select(
            StaffNote.id,
            func.row_number().over(partition_by=StaffNote.enrolment_id, order_by=_NEWEST_FIRST).label("place"),
        )
        .join(Enrolment, Enrolment.id == StaffNote.enrolment_id)
        .where(Enrolment.cohort_id == cohort_id, TAKES_PART, StaffNote.contacted)
        .subquery()
    )
    newest = _NOTES.join(ranked, ranked.c.id == StaffNote.id).where(ranked.c.place == 1)
    return {row.enrolment_id: WrittenNote(*row) for row in db.execute(newest)}
