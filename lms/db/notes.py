"""Tables of what somebody writes down while reading, and of the places they mark. Nobody else ever reads either."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, Slug


class Note(Base):
    """What a person wrote at a heading of a lesson, or at a passage below it; without a text it was deleted.

    ``id`` is made on the device, so it is unique for one person only. ``heading``: empty where the note belongs to what
    stands above the first one. ``exact``, ``prefix``, ``suffix`` and ``start`` name the passage as the selectors of the
    Web Annotation Data Model do, counted from its heading; ``exact`` is empty where there is none.

    ``version`` names this text, ``replaces`` the versions that were known to whoever wrote it: they are no loss.
    """

    __tablename__ = "note"
    __table_args__ = (Index(None, "user_id", "lesson"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    lesson: Mapped[Slug]
    heading: Mapped[str] = mapped_column(String(120))
    exact: Mapped[str] = mapped_column(Text)
    prefix: Mapped[str] = mapped_column(Text)
    suffix: Mapped[str] = mapped_column(Text)
    start: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    version: Mapped[UUID]
    replaces: Mapped[list[str]]
    written_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class MarkKind(StrEnum):
    """What a mark says. Values are stored."""

    BOOKMARK = "bookmark"
    UNCLEAR = "unclear"  # "belum paham"


class LessonMark(Base):
    """A mark that a person set at a heading of a lesson, or at the lesson, or took away again: ``is_set``."""

    __tablename__ = "lesson_mark"
    __table_args__ = (CheckConstraint(f"kind in ({', '.join(repr(kind.value) for kind in MarkKind)})", name="kind"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    lesson: Mapped[Slug] = mapped_column(primary_key=True)
    heading: Mapped[str] = mapped_column(String(120), primary_key=True)
    is_set: Mapped[bool]
    marked_at: Mapped[datetime]
