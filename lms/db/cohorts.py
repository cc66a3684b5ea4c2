"""Tables of who learns together."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, Key, Name


class Place(StrEnum):
    """A person's place in a cohort. Values are stored."""

    PARTICIPANT = "participant"
    INSTRUCTOR = "instructor"


class Cohort(Base):
    """A group that learns together (*angkatan*)."""

    __tablename__ = "cohort"

    id: Mapped[Key]
    name: Mapped[Name] = mapped_column(unique=True)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    created_at: Mapped[datetime]


class Enrolment(Base):
    """A person's place in a cohort. ``extra_minutes`` lengthen every time limit for that person."""

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("cohort_id", "user_id"),
        Index(None, "user_id", "place"),
        CheckConstraint(f"place in ({', '.join(repr(place.value) for place in Place)})", name="place"),
        CheckConstraint("extra_minutes >= 0", name="extra_minutes"),
    )

    id: Mapped[Key]
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    place: Mapped[str] = mapped_column(String(20))
    extra_minutes: Mapped[int] = mapped_column(default=0)
    enrolled_at: Mapped[datetime]
