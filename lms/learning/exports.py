"""A file of a whole cohort: asked for by somebody who teaches it, made while nobody waits, kept for a day.

What is made lies in the database, piece by piece, so that whichever machine made it, each can hand it out
(docs/adr/0030). A file is made in one run; one that was cut off is begun anew, and the run that was thought dead finds
out with its next word that the file is not its own any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, insert, or_, select, tuple_, update
from sqlalchemy.orm import Session

from lms.db import audit
from lms.db.accounts import User
from lms.db.base import uuid7
from lms.db.cohorts import Cohort
from lms.db.exports import Export, ExportPiece, Form
from lms.db.statistics import QuestionSum
from lms.errors import Conflict, NotFound

#: How long a file is kept, and how long one is kept in mind that could not be made.
KEPT = timedelta(days=1)
#: A run that has said nothing for so long is dead.
SILENT = timedelta(minutes=2)
#: After so many runs that were cut off there will be no other.
MOST_RUNS = 3
#: Bytes of a piece: an even share of what a transaction may hold.
PIECE = 262_144
#: So many files of a cohort has somebody at once.
MOST_FILES = 5
#: So few answers are written while somebody waits.
AT_ONCE = 2_000


class NoFile(NotFound):
    message = (
        "Berkas ini tidak ada, sudah dihapus, atau diminta orang lain. Berkas disimpan satu hari; minta yang baru."
    )


class TooMany(Conflict):
    message = "Jawaban angkatan ini terlalu banyak untuk diunduh seketika. Minta berkasnya; kami siapkan untuk Anda."


class Enough(Conflict):
    message = "Anda sudah punya lima berkas dari angkatan ini. Berkas terlama dihapus satu hari sesudah jadi."


class Overtaken(Exception):
    """Another run makes this file by now, or nobody wants it any more."""


def answers(db: Connection, cohort_id: UUID) -> int:
    """How many answers a file of the cohort tells of, but for those of attempts that still run."""
    count = select(func.coalesce(func.sum(QuestionSum.attempts), 0)).where(QuestionSum.cohort_id == cohort_id)
    return int(db.execute(count).scalar_one())


# --- asking ---------------------------------------------------------------------------------------------------------


def ask(db: Session, id: UUID, cohort_id: UUID, user_id: UUID, form: Form, *, people: int, now: datetime) -> None:
    """Have a file made. ``id``: made with the form, so that sending it twice asks once; ``people``: to be told of.

    Nothing happens where the same is being made for the same person. Raises ``Enough``.
    """
    db.execute(select(User.id).where(User.id == user_id).with_for_update(key_share=True))  # two of them, one by one
    held = of_person(db.connection(), cohort_id, user_id, now=now)
    if any(one.id == id or (one.is_waited_for and one.form == form) for one in held):
        return
    if len(held) >= MOST_FILES:
        raise Enough
    made = {"id": id, "cohort_id": cohort_id, "user_id": user_id, "form": form, "asked_at": now, "total": people}
    db.execute(insert(Export), made)
    record(db, cohort_id, user_id, form, now=now)


def record(db: Session, cohort_id: UUID, user_id: UUID, form: Form, *, now: datetime) -> None:
    """Note who took the data of a cohort along."""
    audit.record(db, now=now, actor_id=user_id, action="cohort.export", subject=str(cohort_id), form=form)


@dataclass(frozen=True, slots=True)
class Found:
    """A file and how far it has come. ``done`` of ``total``: people; ``size``: bytes."""

    id: UUID
    cohort_id: UUID
    cohort: str
    form: Form
    asked_at: datetime
    begun_at: datetime | None
    done: int
    total: int
    made_at: datetime | None
    failed_at: datetime | None
    size: int

    @property
    def is_made(self) -> bool:
        return self.made_at is not None

    @property
    def is_waited_for(self) -> bool:
        return self.made_at is None and self.failed_at is None


_FOUND = select(
    Export.id,
    Export.cohort_id,
    Cohort.name,
    Export.form,
    Export.asked_at,
    Export.begun_at,
    Export.done,
    Export.total,
    Export.made_at,
    Export.failed_at,
    Export.size,
).join(Cohort, Cohort.id == Export.cohort_id)


def _kept(now: datetime) -> ColumnElement[bool]:
    return func.coalesce(Export.made_at, Export.failed_at, Export.asked_at) > now - KEPT


def _found(row: Any) -> Found:
    id, cohort_id, cohort, form, *rest = row
    return Found(id, cohort_id, cohort, Form(form), *rest)


def of_person(db: Connection, cohort_id: UUID, user_id: UUID, *, now: datetime) -> list[Found]:
    """What a person asked for of a cohort, the newest first."""
    mine = (Export.cohort_id == cohort_id, Export.user_id == user_id, _kept(now))
    return [_found(row) for row in db.execute(_FOUND.where(*mine).order_by(Export.asked_at.desc(), Export.id.desc()))]


def of(db: Connection, id: UUID, cohort_id: UUID, user_id: UUID, *, now: datetime) -> Found:
    """One of these; raises ``NoFile``."""
    mine = (Export.id == id, Export.cohort_id == cohort_id, Export.user_id == user_id, _kept(now))
    row = db.execute(_FOUND.where(*mine)).first()
    if row is None:
        raise NoFile
    return _found(row)


def pieces(db: Connection, id: UUID) -> Iterator[bytes]:
    """The bytes of a file, one piece in memory at a time."""
    place = 0
    while True:
        piece = select(ExportPiece.content).where(ExportPiece.export_id == id, ExportPiece.place == place)
        content: bytes | None = db.execute(piece).scalar_one_or_none()
        if content is None:
            return
        yield content
        place += 1


# --- making ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Run:
    """A file that is being made. ``begun_at`` names the run; ``time_zone``: of whoever asked."""

    id: UUID
    cohort_id: UUID
    form: Form
    begun_at: datetime
    time_zone: str


def _due(now: datetime) -> ColumnElement[bool]:
    silent = or_(Export.alive_at.is_(None), Export.alive_at < now - SILENT)
    return and_(Export.made_at.is_(None), Export.failed_at.is_(None), silent)


def due(db: Connection, *, now: datetime) -> list[UUID]:
    """The files that nobody is making, those first that were asked for first."""
    return list(db.execute(select(Export.id).where(_due(now)).order_by(Export.asked_at, Export.id)).scalars())


def begin(db: Session, id: UUID, *, now: datetime) -> Run | None:
    """Make a file now, from its first byte on. None where another run does, or where too many were cut off."""
    row = db.scalars(select(Export).where(Export.id == id, _due(now)).with_for_update()).one_or_none()
    if row is None:
        return None
    if row.runs >= MOST_RUNS:
        row.failed_at = now
        return None
    row.runs, row.begun_at, row.alive_at, row.done = row.runs + 1, now, now, 0
    zone = db.execute(select(User.time_zone).where(User.id == row.user_id)).scalar_one()
    return Run(row.id, row.cohort_id, Form(row.form), now, zone)


def tell(db: Session, run: Run, done: int, *, now: datetime) -> None:
    """Say how far a run is. Raises ``Overtaken``."""
    _change(db, run, done=done, alive_at=now)


def keep(db: Session, run: Run, place: int, content: bytes, *, now: datetime) -> None:
    """Keep a piece of what was made, in the place of one that a run left behind. Raises ``Overtaken``."""
    _change(db, run, alive_at=now)
    db.execute(delete(ExportPiece).where(ExportPiece.export_id == run.id, ExportPiece.place == place))
    db.execute(insert(ExportPiece), {"export_id": run.id, "place": place, "content": content})


def finish(db: Session, run: Run, *, pieces: int, size: int, now: datetime) -> None:
    """From now on the file can be fetched. Raises ``Overtaken``."""
    _change(db, run, made_at=now, size=size)
    db.execute(delete(ExportPiece).where(ExportPiece.export_id == run.id, ExportPiece.place >= pieces))


def fail(db: Session, run: Run, *, now: datetime) -> None:
    """It could not be made, and will not be by itself. Raises ``Overtaken``."""
    _change(db, run, failed_at=now)


def _change(db: Session, run: Run, **values: Any) -> None:
    mine = (Export.id == run.id, Export.begun_at == run.begun_at, Export.made_at.is_(None))
    changed: Any = db.execute(update(Export).where(*mine).values(**values))
    if not changed.rowcount:
        raise Overtaken


def forget(db: Session, *, now: datetime, most: int) -> int:
    """Remove what is older than ``KEPT``, at most so many pieces and then what has none left; how many rows."""
    old = select(Export.id).where(~_kept(now))
    key = (ExportPiece.export_id, ExportPiece.place)
    some = select(*key).where(ExportPiece.export_id.in_(old)).limit(most)
    removed: Any = db.execute(delete(ExportPiece).where(tuple_(*key).in_(some)))
    if removed.rowcount:
        return int(removed.rowcount)
    held = exists().where(ExportPiece.export_id == Export.id)
    gone: Any = db.execute(delete(Export).where(~_kept(now), ~held))
    return int(gone.rowcount)


def new_id() -> UUID:
    """What a file is asked for by."""
    return uuid7()
