"""Tables of who learns together."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, Key, Name, Slug


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
    #: Minutes after a deadline in which answers made before it are still taken.
    grace_minutes: Mapped[int] = mapped_column(default=10)
    created_at: Mapped[datetime]
    #: Running attempts beyond this one may still have the deadlines of earlier rules (docs/adr/0017). None: none has.
    deadlines_reached: Mapped[UUID | None]


class CohortQuiz(Base):
    """What a cohort has different about a quiz: when it may be taken, what is shown when. None: as the quiz says."""

    __tablename__ = "cohort_quiz"
    __table_args__ = (CheckConstraint("closes_at > opens_at", name="window"),)

    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"), primary_key=True)
    quiz: Mapped[Slug] = mapped_column(primary_key=True)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    review: Mapped[dict[str, Any] | None]  # what is shown -> moment, as the quiz's front matter says it


class Enrolment(Base):
    """A person's place in a cohort. ``extra_minutes`` lengthen every time limit for that person.

    Who left keeps the row, since attempts were made under it; from ``left_at`` on they belong no more.
    """

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
    left_at: Mapped[datetime | None]
