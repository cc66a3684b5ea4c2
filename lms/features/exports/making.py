"""Making a file of a cohort: at once where it is small, else by ``lms tick``, in memory that does not grow."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from io import SEEK_END
from tempfile import TemporaryFile
from typing import IO
from uuid import UUID
from zoneinfo import ZoneInfo

from lms.catalog.model import Catalog
from lms.db.engine import Database
from lms.db.exports import Form
from lms.errors import Unavailable
from lms.features.exports import sheets
from lms.features.exports.book import book
from lms.learning.api import analysis_counts, exports

_log = logging.getLogger(__name__)


def write(
    database: Database,
    catalog: Catalog,
    cohort_id: UUID,
    form: Form,
    file: IO[bytes],
    *,
    zone: ZoneInfo,
    told: Callable[[int], None] = lambda _people: None,
) -> None:
    """Write a whole cohort to ``file``. ``told`` hears how many people are done."""
    with book(form, file) as tables, database.reading() as db:
        sheets.write(tables, db, cohort_id, catalog, sheets.Clock(zone), told=told)


def run(database: Database, catalog: Catalog, id: UUID, *, now: Callable[[], datetime]) -> bool:
    """Make a file that somebody asked for, from its first byte on; whether it is made.

    Where it cannot be made its page says so. Raises ``Unavailable`` where it is the database that cannot: then the next
    run begins anew.
    """
    mine = database.commit(lambda db: exports.begin(db, id, now=now()))
    if mine is None:
        return False
    try:
        analysis_counts.refresh_old(database, now=now, cohort_id=mine.cohort_id)
        with TemporaryFile() as file:
            write(
                database,
                catalog,
                mine.cohort_id,
                mine.form,
                file,
                zone=ZoneInfo(mine.time_zone),
                told=lambda people: database.commit(lambda db: exports.tell(db, mine, people, now=now())),
            )
            _keep(database, mine, file, now=now)
    except exports.Overtaken:
        return False
    except Unavailable:
        raise
    except Exception:
        _log.exception("the export %s cannot be made", id)
        database.commit(lambda db: exports.fail(db, mine, now=now()))
        return False
    return True


def _keep(database: Database, mine: exports.Run, file: IO[bytes], *, now: Callable[[], datetime]) -> None:
    """Put a file into the database, a piece a transaction."""
    size = file.seek(0, SEEK_END)
    file.seek(0)
    place = 0
    while piece := file.read(exports.PIECE):
        database.commit(
            lambda db, place=place, piece=piece: exports.keep(db, mine, place, piece, now=now())  # type: ignore[misc]
        )
        place += 1
    database.commit(lambda db: exports.finish(db, mine, pieces=place, size=size, now=now()))
