"""Tables of the questions that come back to a person (Buku kesalahan)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, Digest, Slug


class CardReview(Base):
    """How well somebody remembered a question one time that it came back. Added, never changed.

    ``made_at``: when, as the device says. The same review sent twice is one row. ``major``: of the question's version.
    """

    __tablename__ = "card_review"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    item: Mapped[Slug] = mapped_column(primary_key=True)
    made_at: Mapped[datetime] = mapped_column(primary_key=True)
    grade: Mapped[str] = mapped_column(String(10), primary_key=True)
    major: Mapped[Digest]


class CardState(Base):
    """What follows from a card's reviews, written with each of them, so that nobody has to go through them all.

    ``last_at``: the newest review or mistake that is counted here; ``reviewed_at``: the newest review.
    """

    __tablename__ = "card_state"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    item: Mapped[Slug] = mapped_column(primary_key=True)
    major: Mapped[Digest]
    stability: Mapped[float]  # days
    difficulty: Mapped[float]  # 1…10
    last_at: Mapped[datetime]
    reviewed_at: Mapped[datetime]
    due_on: Mapped[date]
