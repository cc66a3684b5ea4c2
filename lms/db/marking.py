"""Tables of the marking desk: what is being typed about an answer, and what a second person gave for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, Slug


class JudgementDraft(Base):
    """What somebody has typed about an answer and not yet given. ``typed``: field -> text, as their form had it."""

    __tablename__ = "judgement_draft"

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True)
    item: Mapped[Slug] = mapped_column(primary_key=True)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    typed: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]


class SecondMark(Base):
    """What a second person gave for an answer, not seeing the first one's points; it counts only once settled.

    ``outcome`` None: not settled yet, and the first mark counts (docs/adr/0031).
    """

    __tablename__ = "second_mark"
    __table_args__ = (CheckConstraint("(settled_at IS NULL) = (outcome IS NULL)", name="settled"),)

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True)
    item: Mapped[Slug] = mapped_column(primary_key=True)
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    fraction: Mapped[float]  # of the maximum
    criteria: Mapped[dict[str, Any] | None]
    comment: Mapped[str] = mapped_column(Text)
    marked_at: Mapped[datetime]
    outcome: Mapped[str | None] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="")
    settled_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    settled_at: Mapped[datetime | None]
