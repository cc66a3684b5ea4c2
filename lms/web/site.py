"""What a running application holds: its settings, its database, its pack, its rendered texts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import current_app, g
from sqlalchemy import Connection

from lms.catalog.model import Catalog
from lms.catalog.served import Served
from lms.config import Settings
from lms.db.engine import Database
from lms.memory import Memories, Memory
from lms.web.assets import Assets
from lms.web.host import Host
from lms.web.house import House
from lms.web.links import Links


@dataclass(frozen=True, slots=True)
class Site:
    """Made once by ``lms.app``; reached from a view by ``site()``.

    ``pages``: what was made of a catalog for this site's pages, as long as that catalog is there; ``memory``: the rest.
    ``host``: the application that says who is signed in; None: people sign in here.
    """

    settings: Settings
    database: Database
    pack: Served
    memory: Memory
    pages: Memories
    house: House
    assets: Assets
    links: Links
    host: Host | None = None

    @property
    def development(self) -> bool:
        return self.settings.mode == "development"


def site() -> Site:
    found: Site = current_app.extensions["lms"]
    return found


def database() -> Database:
    return site().database


def reader() -> Connection:
    """The connection of single statements that the pages most asked for share with the check who is asking.

    Taken from the pool once a request, and given back when it ends (``give_back``).
    """
    found: Connection | None = g.get("lms_reader")
    if found is None:
        found = g.lms_reader = database().reader()
    return found


def give_back(_error: BaseException | None) -> None:
    connection: Connection | None = g.pop("lms_reader", None)
    if connection is not None:
        connection.close()


def catalog() -> Catalog:
    """The pack as this request sees it: one and the same from its first line to its last."""
    found: Catalog | None = g.get("lms_catalog")
    if found is None:
        found = g.lms_catalog = site().pack.current()
    return found


def kept() -> Memory:
    """What was made of the pack of this request for the pages of this site."""
    found: Memory | None = g.get("lms_kept")
    if found is None:
        found = g.lms_kept = site().pages.of(catalog())
    return found


def now() -> datetime:
    """The moment of this call. Views take it once and hand it on; nothing below a view asks a clock."""
    return datetime.now(UTC)
