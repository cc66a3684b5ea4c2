"""Where a person is signed in, as the account page lists it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select

from lms.db.accounts import AuthSession
from lms.learning.sign_ins import digest


@dataclass(frozen=True, slots=True)
class Device:
    """One signed-in device."""

    current: bool
    created_at: datetime
    agent: str

    @property
    def name(self) -> str:
        """Browser and system, as a person would know them again; else what the browser says of itself."""
        known = [next((name for mark, name in names if mark in self.agent), "") for names in (_BROWSERS, _SYSTEMS)]
        return ", ".join(filter(None, known)) or self.agent


#: Marks in a User-Agent, the particular before those that many browsers carry.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def of(db: Connection, user_id: UUID, token: str, *, now: datetime) -> list[Device]:
    rows = db.execute(
        select(AuthSession.token_digest, AuthSession.created_at, AuthSession.agent)
        .where(AuthSession.user_id == user_id, AuthSession.expires_at > now)
        .order_by(AuthSession.created_at.desc())
    )
    own = digest(token)
    return [Device(row.token_digest == own, row.created_at, row.agent) for row in rows]
