"""How a command reaches the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache, partial
from typing import TypeVar

from sqlalchemy.orm import Session

from lms.catalog.model import Catalog
from lms.cli.refusals import opening, require_file, require_schema, told
from lms.config import Settings, from_environ
from lms.db import tables as tables  # every table is known before the first query
from lms.db.engine import Database
from lms.learning.api import deliveries, events

T = TypeVar("T")


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def opened(settings: Settings | None = None, *, upgrading: bool = False) -> Iterator[Database]:
    """The database of these settings; ``upgrading``: it need not be there yet, nor be of this release.

    Raises ``NotDone`` where it cannot be opened, is not what this release needs, or refuses later.
    """
    chosen = settings or from_environ()
    url = chosen.database_url
    if not upgrading:
        require_file(url)
    servers = deliveries.destinations(chosen)
    with opening(url):
        found = Database.of(chosen, bounded=not upgrading)
    if servers:
        events.listen(found, events.Listeners(catalog=cache(partial(_catalog, chosen)), destinations=servers))
    try:
        with told(url):
            require_schema(found, older=upgrading)
            yield found
    finally:
        found.dispose()


def _catalog(settings: Settings) -> Catalog:
    """Loaded by the first event of a command, which few have."""
    from lms.catalog.load import load
    from lms.catalog.source import chosen

    return load(chosen(settings.pack))


def commit(work: Callable[[Session], T], settings: Settings | None = None) -> T:
    """Do ``work`` in one transaction, or nothing of it."""
    with opened(settings) as found:
        return found.commit(work)
