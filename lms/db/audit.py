"""The table of what staff changed. Rows are added and never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, Session, mapped_column

from lms.db.base import Base, Key, Name


class AuditEvent(Base):
    """One act. ``actor_id`` is None for the command line; ``subject`` names what was acted on."""

    __tablename__ = "audit_event"
    __table_args__ = (Index(None, "at"), Index(None, "subject"))

    id: Mapped[Key]
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    action: Mapped[Name]
    subject: Mapped[Name]
    details: Mapped[dict[str, Any]]


def record(db: Session, *, now: datetime, actor_id: UUID | None, action: str, subject: str, **details: Any) -> None:
    """Add an audit row to the transaction that does the act, so that neither exists without the other."""
    db.add(AuditEvent(at=now, actor_id=actor_id, action=action, subject=subject, details=details))
