"""The table of what somebody plans for themselves."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base


class StudyPlan(Base):
    """By when a person wants to be done (None: as their cohort says), and what their calendar is had by.

    ``calendar`` is a random key, the only thing that the program of a calendar has to show; None: there is no calendar.
    """

    __tablename__ = "study_plan"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    finish_on: Mapped[date | None]
    calendar: Mapped[str | None] = mapped_column(String(64), unique=True)
