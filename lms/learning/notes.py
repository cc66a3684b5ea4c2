"""Private notes: written, changed and deleted on several devices, in whatever order word of it arrives.

Of two texts the one that was made last is the note; nothing that was typed is lost by that (``write``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lms.db.notes import Note
from lms.errors import Conflict, Invalid, NotFound, Said
from lms.learning import deeds, passages
from lms.learning.passages import Passage, Quote

LONGEST = 4_000  # characters of a note
PASSAGE = 1_000  # characters of a passage it is about
AROUND = 40  # characters before and behind a passage
MOST = 500  # notes of a person
_VERSIONS = 50  # of a note that are remembered; a late copy of an older one would stand beside it, and no more


class NothingWritten(Invalid):
    message = "Tulis catatannya dahulu, lalu simpan. Untuk membuangnya, tekan Hapus."


class TooManyNotes(Conflict):
    def __init__(self) -> None:
        super().__init__(
            Said(
                "Anda sudah punya %(most)s catatan, sebanyak yang dapat disimpan di sini. Unduh catatan Anda, lalu "
                "hapus yang tidak dipakai lagi.",
                most=MOST,
            )
        )


class UnknownNote(NotFound):
    message = "Catatan ini tidak ada, atau sudah dihapus."


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What a person did to a note: this is its text now, or, where it is empty, it is deleted.

    ``lesson`` and ``heading``: where it was written; ``quote``: the passage it is about. ``replaces``: the versions
    of it that this one was written over.
    """

    id: UUID
    lesson: str
    heading: str
    quote: Quote | None
    text: str
    version: UUID
    replaces: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnNote:
    """A note as its person reads it."""

    id: UUID
    lesson: str
    heading: str
    quote: Quote | None
    text: str
    version: UUID
    written_at: datetime
    changed_at: datetime


def write(
    db: Session, user_id: UUID, writing: Writing, *, now: datetime, made_at: datetime | None = None
) -> UUID | None:
    """Keep it; what arrives again, or was written over meanwhile, changes nothing.

    Where two devices wrote without knowing of each other, the note is what was made last, and the other text is kept as
    a note beside it, under an id that is the same in whatever order they arrive. Returns that id, if it came to it.

    Raises ``TooManyNotes``; what stands beside another for this reason is never refused.
    """
    moment = deeds.done_at(made_at, now=now)
    if writing.text and _is_new(db, user_id, writing.id) and _count(db, user_id) >= MOST:
        raise TooManyNotes
    if _insert(db, user_id, writing, moment):
        return None
    held = db.scalars(select(Note).where(Note.user_id == user_id, Note.id == writing.id).with_for_update()).one()
    held.written_at = min(held.written_at, moment)
    if writing.version == held.version or str(writing.version) in held.replaces:
        return None
    if held.version in writing.replaces:
        _change(held, writing, max(moment, held.changed_at))
        return None
    older, at = _as_writing(held), held.changed_at
    if (moment, writing.version) > (held.changed_at, held.version):
        _change(held, writing, moment)
    else:
        older, at = _at_place_of(writing, held), moment
    return _keep_beside(db, user_id, older, at) if older.text and older.text != held.text else None


def _is_new(db: Session, user_id: UUID, id: UUID) -> bool:
    return db.scalars(select(Note.id).where(Note.user_id == user_id, Note.id == id)).first() is None


def _count(db: Session, user_id: UUID) -> int:
    count: int = db.scalars(select(func.count()).where(Note.user_id == user_id, Note.text != "")).one()
    return count


def _nothing_twice(dialect: Any) -> Any:
    return dialect.insert(Note.__table__).on_conflict_do_nothing(index_elements=["user_id", "id"])


_INSERT = {"sqlite": _nothing_twice(sqlite), "postgresql": _nothing_twice(postgresql)}


def _insert(db: Session, user_id: UUID, writing: Writing, moment: datetime) -> bool:
    """Whether there was no such note yet."""
    connection, quote = db.connection(), writing.quote or Quote("")
    done = connection.execute(
        _INSERT[connection.dialect.name],
        {
            "user_id": user_id,
            "id": writing.id,
            "lesson": writing.lesson,
            "heading": writing.heading,
            "exact": quote.exact,
            "prefix": quote.prefix,
            "suffix": quote.suffix,
            "start": quote.start,
            "text": writing.text,
            "version": writing.version,
            "replaces": list(map(str, writing.replaces)),
            "written_at": moment,
            "changed_at": moment,
        },
    )
    return done.rowcount == 1


def _change(held: Note, writing: Writing, moment: datetime) -> None:
    """Its place stays: only the text of a note can be changed."""
    known = dict.fromkeys((*held.replaces, str(held.version), *map(str, writing.replaces)))
    held.text, held.version, held.changed_at = writing.text, writing.version, moment
    held.replaces = list(known)[-_VERSIONS:]


def _as_writing(held: Note) -> Writing:
    return Writing(
        id=held.id,
        lesson=held.lesson,
        heading=held.heading,
        quote=_quote(held),
        text=held.text,
        version=held.version,
    )


def _at_place_of(writing: Writing, held: Note) -> Writing:
    return replace(_as_writing(held), text=writing.text, version=writing.version)


def _keep_beside(db: Session, user_id: UUID, writing: Writing, moment: datetime) -> UUID:
    beside = replace(writing, id=uuid5(writing.id, str(writing.version)))
    _insert(db, user_id, beside, moment)
    return beside.id


# --- read ------------------------------------------------------------------------------------------------------------

#: Of which ``own`` makes a note.
COLUMNS = (
    Note.id,
    Note.lesson,
    Note.heading,
    Note.exact,
    Note.prefix,
    Note.suffix,
    Note.start,
    Note.text,
    Note.version,
    Note.written_at,
    Note.changed_at,
)
_OWN = select(*COLUMNS).where(Note.user_id == bindparam("user_id"), Note.text != "").order_by(Note.written_at, Note.id)
_ONE = _OWN.where(Note.id == bindparam("id"))


def of_person(db: Connection, user_id: UUID) -> list[OwnNote]:
    """All of them, the oldest first."""
    return [own(row) for row in db.execute(_OWN, {"user_id": user_id})]


def one(db: Connection, user_id: UUID, id: UUID) -> OwnNote:
    """Raises ``UnknownNote``, also for what somebody else wrote."""
    row = db.execute(_ONE, {"user_id": user_id, "id": id}).first()
    if row is None:
        raise UnknownNote
    return own(row)


def own(row: Any) -> OwnNote:
    return OwnNote(row.id, row.lesson, row.heading, _quote(row), row.text, row.version, row.written_at, row.changed_at)


def _quote(row: Any) -> Quote | None:
    return Quote(row.exact, row.prefix, row.suffix, row.start) if row.exact else None


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a note stands in a lesson as it is now: below ``heading``, and there at ``passage``.

    ``changed``: what it was written about is not there any more; it stands as near to it as there is a place.
    """

    note: OwnNote
    heading: str
    passage: Passage | None
    changed: bool


def placed(note: OwnNote, sections: Mapping[str, str]) -> Placed:
    """``sections``: the lesson's plain text by heading (``catalog.rendering.sections``).

    A passage is looked for below its heading, also one that was worded a little otherwise; then, word by word, below
    the others.
    """
    home = note.heading if note.heading in sections else ""
    if note.quote is None:
        return Placed(note, home, None, changed=home != note.heading)
    if found := passages.find(sections.get(note.heading, ""), note.quote):
        return Placed(note, home, found, changed=False)
    for heading, text in sections.items():
        if note.quote.exact in text and (found := passages.find(text, note.quote)):
            return Placed(note, heading, found, changed=False)
    return Placed(note, home, None, changed=True)
