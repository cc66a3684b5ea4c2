"""Closing attempts whose time is over, for whoever does it for all: one that cannot be closed holds up no other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import sleep
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from lms.db.attempts import ClosedBy
from lms.db.engine import PAUSE, Database
from lms.errors import Unavailable
from lms.learning import attempt_records, marks

_log = logging.getLogger("lms.overdue")

#: So many are closed in one transaction.
PIECE = 10


@dataclass(frozen=True, slots=True)
class Closed:
    """How many were closed, and which could not be: they stay open with all that they hold."""

    count: int
    left: tuple[UUID, ...]


def close(database: Database, *, now: Callable[[], datetime]) -> Closed:
    """Close them a few at a time, and those of a few that fails one by one. Raises ``Unavailable``."""
    count, left = 0, list[UUID]()
    while due := _due(database, now(), but=left):
        try:
            count += _close(database, due, now())
        except Unavailable:
            raise
        except Exception:  # whichever of them it was: each is tried for itself
            for one in due:
                try:
                    count += _close(database, [one], now())
                except Unavailable:
                    raise
                except Exception as error:
                    # a statement of the database has answers of people in it
                    trace = not isinstance(error, SQLAlchemyError)
                    _log.error("attempt %s cannot be closed: %s", one, type(error).__name__, exc_info=trace)
                    left.append(one)
        sleep(PAUSE)
    return Closed(count, tuple(left))


def _due(database: Database, now: datetime, *, but: Sequence[UUID]) -> Sequence[UUID]:
    with database.reading() as db:
        return attempt_records.overdue(db, now=now, most=PIECE, but=but)


def _close(database: Database, ids: Sequence[UUID], now: datetime) -> int:
    return database.commit(lambda db: marks.close_all(db, ids, now=now, closed_by=ClosedBy.DEADLINE))
