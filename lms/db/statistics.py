"""Tables of sums over what a cohort answered, so that its pages need not read every answer."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, Digest, Slug


class QuestionSum(Base):
    """How one version of a question was answered at one quiz, over the closed attempts that the cohort counts.

    Kept in the transaction that closes an attempt, replaces a mark or changes who belongs (``question_sums``).
    """

    __tablename__ = "question_sum"

    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"), primary_key=True)
    item: Mapped[Slug] = mapped_column(primary_key=True)
    question_version: Mapped[Digest] = mapped_column(primary_key=True)
    quiz: Mapped[Slug] = mapped_column(primary_key=True)
    attempts: Mapped[int]
    answered: Mapped[int]
    marked: Mapped[int]  # of the attempts: those with a mark that counts
    fractions: Mapped[int] = mapped_column(BigInteger)  # the sum of these, in billionths: whole numbers add up exactly
    changes: Mapped[int] = mapped_column(BigInteger)  # grows whenever anything here is counted or counted anew


class ResponseCount(Base):
    """In how many of these attempts one response was given. Very long ones are in no row."""

    __tablename__ = "response_count"

    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"), primary_key=True)
    item: Mapped[Slug] = mapped_column(primary_key=True)
    question_version: Mapped[Digest] = mapped_column(primary_key=True)
    quiz: Mapped[Slug] = mapped_column(primary_key=True)
    digest: Mapped[Digest] = mapped_column(primary_key=True)  # of the value
    value: Mapped[str] = mapped_column(Text)  # as in ``response``
    attempts: Mapped[int]
