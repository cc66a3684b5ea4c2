"""Tables of what a person has read and answered in the lessons."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, Slug


class LessonRecord(Base):
    """What one person did with one lesson. ``position`` is the id of the heading where they stopped."""

    __tablename__ = "lesson_record"
    __table_args__ = (
        Index(None, "user_id", "last_seen_at"),
        Index(
            "ix_lesson_record_read",  # how far thousands of people have come is counted here
            "user_id",
            "lesson",
            sqlite_where=text("read_at IS NOT NULL"),
            postgresql_where=text("read_at IS NOT NULL"),
        ),
        Index(
            "ix_lesson_record_unread",  # who was held up by a lesson lately is found here
            "last_seen_at",
            "user_id",
            "lesson",
            "first_seen_at",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    lesson: Mapped[Slug] = mapped_column(primary_key=True)
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    read_at: Mapped[datetime | None]  # first time the end was reached
    position: Mapped[str] = mapped_column(String(120), default="")


class SelfCheck(Base):
    """The latest answer to one self-check. Never graded; ``item`` is unique over the pack.

    ``missed_at``: when it was last answered wrongly, whatever was answered since; None: never.
    """

    __tablename__ = "self_check"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    item: Mapped[Slug] = mapped_column(primary_key=True)
    lesson: Mapped[Slug]
    response: Mapped[list[str]]
    fraction: Mapped[float]
    answered_at: Mapped[datetime]  # when it was given, also where it arrived later
    missed_at: Mapped[datetime | None]
