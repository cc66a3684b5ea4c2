"""Pages of staff that have grown old: what somebody else saved since one was opened is told, and never lost unseen.

A form carries the stamp of what it showed. When something else is held by now, nothing is changed; the page then shows
who was first, both values, and a choice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.db.accounts import User
from lms.db.audit import AuditEvent
from lms.errors import Conflict


class ChangedMeanwhile(Conflict):
    """``who``: None for the command line, or when it is not known."""

    message = "Orang lain sudah menyimpan ini sejak halaman Anda dibuka. Yang Anda isi belum tersimpan."

    def __init__(self, who: str | None, at: datetime | None) -> None:
        super().__init__()
        self.who, self.at = who, at


def stamp(held: Mapping[str, Any] | None) -> str:
    """Names a state: equal for equal values."""
    return hashlib.sha256(json.dumps(held, sort_keys=True).encode()).hexdigest()[:16]


def check(
    db: Session, seen: str | None, held: Mapping[str, Any] | None, *, action: str, subject: str, quiz: str | None = None
) -> None:
    """Raises ``ChangedMeanwhile`` when the page showed something else. ``seen`` None: it was no page that asked.

    ``action``, ``subject`` and ``quiz``: under which the audit knows who saved it.
    """
    if seen is None or seen == stamp(held):
        return
    saved = (
        select(User.name, AuditEvent.at)
        .select_from(AuditEvent)
        .outerjoin(User, User.id == AuditEvent.actor_id)
        .where(AuditEvent.action == action, AuditEvent.subject == subject)
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
    )
    if quiz is not None:
        saved = saved.where(AuditEvent.details["quiz"].as_string() == quiz)
    row = db.execute(saved.limit(1)).first()
    raise ChangedMeanwhile(*row) if row else ChangedMeanwhile(None, None)
