"""Tables of sums over what a cohort answered, so that its pages need not read every answer."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, SmallInteger, Text
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
    recounts: Mapped[int] = mapped_column(BigInteger, server_default="0")  # of these: whatever was no new attempt


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


class AnalysedQuiz(Base):
    """That the attempts of a cohort at a quiz were counted into ``AnalysisCell``.

    ``changes`` and ``recounts``: the sums of those of ``QuestionSum`` when it was done. Other changes now mean that
    there is something to count, other recounts that all is to be counted anew. ``made``: the rows that hold; others are
    being written, or were left by somebody who was stopped.
    """

    __tablename__ = "analysed_quiz"

    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"), primary_key=True)
    quiz: Mapped[Slug] = mapped_column(primary_key=True)
    changes: Mapped[int] = mapped_column(BigInteger)
    recounts: Mapped[int] = mapped_column(BigInteger)
    made: Mapped[UUID]
    computed_at: Mapped[datetime]


class AnalysedPerson(Base):
    """Up to which ``number`` the attempts of a participant that are judged stand in ``AnalysisCell``."""

    __tablename__ = "analysed_person"

    made: Mapped[UUID] = mapped_column(primary_key=True)
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"), primary_key=True)
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"))
    quiz: Mapped[Slug]
    number: Mapped[int]


class AnalysisCell(Base):
    """How many attempts gave a question the same response, earned as much and ended with the same score.

    ``item`` "": of the attempts themselves. ``response``: as in ``response``; "" where nothing was answered or there
    was nothing to choose from. ``which``: the sum of what the attempts are to their participants
    (``quiz_records.Which``).
    ``made``: by which counting; a later one has a greater key. Points in billionths: whole numbers add up exactly.
    """

    __tablename__ = "analysis_cell"

    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"), primary_key=True)
    quiz: Mapped[Slug] = mapped_column(primary_key=True)
    made: Mapped[UUID] = mapped_column(primary_key=True)
    item: Mapped[Slug] = mapped_column(primary_key=True)
    question_version: Mapped[Digest] = mapped_column(primary_key=True)
    which: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    response: Mapped[str] = mapped_column(Text, primary_key=True)
    points: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    maximum: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    score: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    attempts: Mapped[int]
