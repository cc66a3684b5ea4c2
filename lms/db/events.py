"""Table of what other systems are still to be told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, Key
from lms.db.lti import AT_ONCE


class EventDelivery(Base):
    """Something that happened, on its way to one ``destination``; the row goes when it has arrived.

    Written in the transaction in which it happened. ``refusal``: why it was not taken, when it was offered last;
    ``due_at``: when it is offered again.
    """

    __tablename__ = "event_delivery"
    __table_args__ = (Index(None, "due_at"),)

    id: Mapped[Key]
    destination: Mapped[str] = mapped_column(String(20))
    event: Mapped[str] = mapped_column(String(40))
    told: Mapped[dict[str, Any]]
    happened_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(default=AT_ONCE)
    tries: Mapped[int] = mapped_column(default=0)
    refusal: Mapped[str | None] = mapped_column(Text)
