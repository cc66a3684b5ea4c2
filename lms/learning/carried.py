"""What a POST hands to the page it leads to, kept for a day and for its person alone (docs/adr/0029)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, tuple_
from sqlalchemy.orm import Session

from lms.db.base import uuid7
from lms.db.carried import Carried
from lms.errors import Invalid

KEPT = timedelta(days=1)
#: Of each person so many, the newest: as many forms as somebody has open at once.
MOST = 10
#: Characters as JSON: an answer file of the largest size, whatever it holds.
LARGEST = 1_000_000


class TooMuch(Invalid):
    message = "Isian ini terlalu panjang untuk disimpan. Kembali ke halaman sebelumnya, lalu kirim yang lebih pendek."


def carry(db: Session, user_id: UUID, page: str, what: Mapping[str, Any], *, now: datetime) -> UUID:
    """Keep it for ``page``, its path; what it is asked for by. Raises ``TooMuch``."""
    if len(json.dumps(what)) > LARGEST:
        raise TooMuch
    id = uuid7()
    made = {"user_id": user_id, "id": id, "page": _digest(page), "what": dict(what), "carried_at": now}
    db.execute(insert(Carried), made)
    mine = select(Carried.id).where(Carried.user_id == user_id)
    newest = mine.order_by(Carried.carried_at.desc(), Carried.id.desc()).limit(MOST)
    db.execute(delete(Carried).where(Carried.user_id == user_id, Carried.id.not_in(newest)))
    return id


def brought(db: Connection, user_id: UUID, page: str, id: UUID) -> dict[str, Any] | None:
    """What was kept for this page and person, as often as it is asked for; None when it is no longer there."""
    mine = (Carried.user_id == user_id, Carried.id == id, Carried.page == _digest(page))
    what: dict[str, Any] | None = db.execute(select(Carried.what).where(*mine)).scalar_one_or_none()
    return what


def forget(db: Session, *, now: datetime, most: int) -> int:
    """Remove what is older than ``KEPT``, at most so many; how many."""
    key = (Carried.user_id, Carried.id)
    old = select(*key).where(Carried.carried_at <= now - KEPT).limit(most)
    removed: Any = db.execute(delete(Carried).where(tuple_(*key).in_(old)))
    return int(removed.rowcount)


def _digest(page: str) -> str:
    """Addresses can be longer than a column."""
    return hashlib.sha256(page.encode()).hexdigest()
