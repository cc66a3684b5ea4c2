"""Tables of files of whole cohorts that are made while nobody waits for them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, Key


class Form(StrEnum):
    """What a file is written as. Values are stored."""

    WORKBOOK = "xlsx"
    SEMICOLONS = "csv-semicolon"
    COMMAS = "csv"


class Export(Base):
    """A file that somebody asked for, and how far it has come (docs/adr/0030).

    ``begun_at``: when the run that makes it began, which is how that run knows that it is still its own; ``runs``: how
    many there were. ``alive_at``: when the run last said how far it is: ``done`` of ``total`` people.
    """

    __tablename__ = "export"
    __table_args__ = (Index(None, "cohort_id", "user_id"), Index(None, "asked_at"))

    id: Mapped[Key]
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    form: Mapped[str] = mapped_column(String(20))
    asked_at: Mapped[datetime]
    runs: Mapped[int] = mapped_column(default=0)
    begun_at: Mapped[datetime | None]
    alive_at: Mapped[datetime | None]
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    size: Mapped[int] = mapped_column(BigInteger, default=0)  # bytes


class ExportPiece(Base):
    """A stretch of the bytes of a file that was made; ``place`` counts from 0."""

    __tablename__ = "export_piece"

    export_id: Mapped[UUID] = mapped_column(ForeignKey("export.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes]
