"""What a running application holds: its settings, its database, its pack, its rendered texts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import current_app, g

from lms.catalog.model import Catalog
from lms.catalog.watch import Watched
from lms.config import Settings
from lms.db.engine import Database
from lms.web.assets import Assets
from lms.web.texts import Texts


@dataclass(frozen=True, slots=True)
class House:
    """Made once by ``lms.app``; reached from a view by ``house()``."""

    settings: Settings
    database: Database
    pack: Watched
    texts: Texts
    assets: Assets

    @property
    def development(self) -> bool:
        return self.settings.mode == "development"


def house() -> House:
    found: House = current_app.extensions["lms"]
    return found


def database() -> Database:
    return house().database


def catalog() -> Catalog:
    """The pack as this request sees it: one and the same from its first line to its last."""
    if "lms_catalog" not in g:
        g.lms_catalog = house().pack.current()
    found: Catalog = g.lms_catalog
    return found


def now() -> datetime:
    """The moment of this call. Views take it once and hand it on; nothing below a view asks a clock."""
    return datetime.now(UTC)
