"""The table of what was sent with a form and waits for the page that shows it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base


class Carried(Base):
    """What somebody typed, or what came of it, between the POST that took it and the page it leads to (ADR 29).

    ``page``: a digest of that page's path. ``what``: as ``lms.web.returned`` writes and reads it.
    """

    __tablename__ = "carried"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    page: Mapped[str] = mapped_column(String(64))
    what: Mapped[dict[str, Any]]
    carried_at: Mapped[datetime] = mapped_column(index=True)
