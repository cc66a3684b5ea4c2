"""The tables of questions that participants reported as faulty, and of what instructors propose to change."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, Digest, Key, Slug


class ReportState(StrEnum):
    """What became of a report. Values are stored."""

    OPEN = "open"
    FIXED = "fixed"
    DECLINED = "declined"


class QuestionReport(Base):
    """One person's report of one question, with the version they saw and the answer they gave."""

    __tablename__ = "question_report"
    __table_args__ = (
        UniqueConstraint("attempt_id", "item"),
        Index(None, "state", "reported_at"),
        Index(None, "user_id", "reported_at"),
        CheckConstraint(f"state in ({', '.join(repr(state.value) for state in ReportState)})", name="state"),
    )

    id: Mapped[Key]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"))
    item: Mapped[Slug]
    question_version: Mapped[Digest] = mapped_column(ForeignKey("question_version.digest"))
    response: Mapped[str | None] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default=ReportState.OPEN)
    answer: Mapped[str] = mapped_column(Text, default="")
    reported_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))


class QuestionProposal(Base):
    """What an instructor wants changed in a question, with what the answers of a cohort said of it at that time."""

    __tablename__ = "question_proposal"
    __table_args__ = (
        Index(None, "state", "proposed_at"),
        Index(None, "cohort_id", "item"),
        CheckConstraint(f"state in ({', '.join(repr(state.value) for state in ReportState)})", name="state"),
    )

    id: Mapped[Key]
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"))
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    quiz: Mapped[Slug]
    item: Mapped[Slug]
    question_version: Mapped[Digest] = mapped_column(ForeignKey("question_version.digest"))
    message: Mapped[str] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default=ReportState.OPEN)
    answer: Mapped[str] = mapped_column(Text, default="")
    proposed_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
