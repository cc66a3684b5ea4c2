"""Tables of quizzes taken. Everything an attempt needs is frozen here when it starts."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, Digest, Key, Slug, uuid7


class ClosedBy(StrEnum):
    """Who ended an attempt. Values are stored."""

    PARTICIPANT = "participant"
    DEADLINE = "deadline"


class QuizRevision(Base):
    """The rules of a quiz as they were: title, pass mark, review rules. The key is the digest of ``definition``."""

    __tablename__ = "quiz_revision"

    digest: Mapped[Digest] = mapped_column(primary_key=True)
    quiz: Mapped[Slug]
    definition: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class QuestionVersion(Base):
    """A question as it was. ``major`` changes with key, options, weights or scoring, not with wording."""

    __tablename__ = "question_version"
    __table_args__ = (Index(None, "item"),)

    digest: Mapped[Digest] = mapped_column(primary_key=True)
    major: Mapped[Digest]
    item: Mapped[Slug]
    definition: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class Attempt(Base):
    """One person's run at one quiz, made under one enrolment; ``number`` counts from 1 for that enrolment and quiz.

    ``enrolment_id`` None: by somebody who took part in no cohort; then numbers count for the person. ``attempt_limit``
    repeats the quiz's limit, so that a constraint and not an ``if`` holds it; one open attempt for a person and quiz is
    held by the partial index.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "quiz", "number"),
        Index(
            "ix_attempt_alone",
            "user_id",
            "quiz",
            "number",
            unique=True,
            sqlite_where=text("enrolment_id IS NULL"),
            postgresql_where=text("enrolment_id IS NULL"),
        ),
        Index(None, "user_id", "quiz"),
        Index(
            "ix_attempt_open",
            "user_id",
            "quiz",
            unique=True,
            sqlite_where=text("submitted_at IS NULL"),
            postgresql_where=text("submitted_at IS NULL"),
        ),
        Index(
            "ix_attempt_stands",  # how thousands of people stand is read from here: their attempts lie anywhere
            "enrolment_id",
            "quiz",
            "passed",
            "started_at",
            "submitted_at",
            "number",
            "score",
            "maximum",
        ),
        Index(None, "quiz", "submitted_at"),
        Index(None, "closes_at"),
        CheckConstraint("number >= 1 AND (attempt_limit IS NULL OR number <= attempt_limit)", name="limit"),
        CheckConstraint("(submitted_at IS NULL) = (closed_by IS NULL)", name="closed"),
        CheckConstraint("(deadline_at IS NULL) = (closes_at IS NULL) AND closes_at >= deadline_at", name="grace"),
    )

    id: Mapped[Key]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    enrolment_id: Mapped[UUID | None] = mapped_column(ForeignKey("enrolment.id"))
    quiz: Mapped[Slug]
    number: Mapped[int]
    attempt_limit: Mapped[int | None]
    revision: Mapped[Digest] = mapped_column(ForeignKey("quiz_revision.digest"))
    started_at: Mapped[datetime]
    deadline_at: Mapped[datetime | None]
    #: Until then answers are taken that were made before the deadline and held up by a bad link.
    closes_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(String(20))
    #: When its participant was first shown its questions reviewed (docs/adr/0015).
    seen_at: Mapped[datetime | None]
    maximum: Mapped[float]  # points
    score: Mapped[float | None]  # points; None until it is submitted and every item is judged
    passed: Mapped[bool | None]


class QuizRecord(Base):
    """What one person did at one quiz under one enrolment: all that lists and sums of people ask of their attempts.

    Written anew in every transaction that begins, closes or marks one of them (``quiz_records``, docs/adr/0034).
    ``judged``: those with a score, ``passed``: how many of these passed, ``shares``: the sum of theirs (0…1 each).
    ``first``, ``best``, ``last``: the number of the attempt that stands for the person, ``share``: that of the best.
    """

    __tablename__ = "quiz_record"

    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"), primary_key=True)
    quiz: Mapped[Slug] = mapped_column(primary_key=True)
    closed: Mapped[int]
    judged: Mapped[int]
    passed: Mapped[int]
    shares: Mapped[float]
    first: Mapped[int]
    best: Mapped[int]
    last: Mapped[int]
    share: Mapped[float | None]
    started_at: Mapped[datetime]  # the newest of them
    submitted_at: Mapped[datetime | None]  # the newest of them
    waiting_since: Mapped[datetime | None]  # for a person to judge an answer


class AttemptItem(Base):
    """One question of an attempt: its version, its place, its options in the order this person sees, and what counts.

    ``mark_id`` and what follows it repeat the newest of the item's marks, written in the transaction that adds it; all
    are None until the attempt is closed.
    """

    __tablename__ = "attempt_item"
    __table_args__ = (
        UniqueConstraint("attempt_id", "position"),
        # how an item stands in each attempt is read from here: its rows lie a page apart
        Index("ix_attempt_item_stands", "item", "attempt_id", "question_version", "points", "maximum", "pending"),
    )

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True)
    item: Mapped[Slug] = mapped_column(primary_key=True)
    position: Mapped[int]
    question_version: Mapped[Digest] = mapped_column(ForeignKey("question_version.digest"))
    option_order: Mapped[list[str]]
    mark_id: Mapped[UUID | None]
    fraction: Mapped[float | None]  # of the maximum
    points: Mapped[float | None]
    maximum: Mapped[float | None]
    answered: Mapped[bool | None]
    pending: Mapped[bool | None]


class Confidence(StrEnum):
    """How sure a person says they are of an answer. Values are stored."""

    SURE = "sure"
    UNSURE = "unsure"
    GUESS = "guess"


class Response(Base):
    """The newest answer to one question of an attempt; no row: not answered, ``value`` null: answer taken back.

    ``save_id`` is made by the client: the same save sent twice changes nothing. ``revision`` grows with each change:
    an older one never overwrites a newer one. ``made_at`` is the client's word for when the person answered, never
    before its attempt began and never later than ``saved_at``. Once ``checked_at`` is set the person has seen the key,
    and the answer stays as it is.
    """

    __tablename__ = "response"
    __table_args__ = (
        Index(
            "ix_response_confidence",  # of whom their staff ask for doubts; few quizzes ask how sure one is
            "attempt_id",
            "confidence",
            sqlite_where=text("confidence IS NOT NULL"),
            postgresql_where=text("confidence IS NOT NULL"),
        ),
    )

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True)
    item: Mapped[Slug] = mapped_column(primary_key=True)
    question_version: Mapped[Digest]
    value: Mapped[str | None]  # JSON list of strings, as the client's canonical text
    revision: Mapped[int]
    save_id: Mapped[UUID]
    made_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    checked_at: Mapped[datetime | None]
    flagged: Mapped[bool] = mapped_column(default=False)  # the person wants to come back to it
    confidence: Mapped[str | None] = mapped_column(String(10))


class Mark(Base):
    """One judgement on one response. Added, never overwritten: the newest of an item counts."""

    __tablename__ = "mark"
    __table_args__ = (Index(None, "attempt_id", "item"),)

    id: Mapped[Key] = mapped_column(default=uuid7)
    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"))
    item: Mapped[Slug]
    question_version: Mapped[Digest]
    fraction: Mapped[float]  # of the maximum
    points: Mapped[float]
    maximum: Mapped[float]
    answered: Mapped[bool]
    marked_at: Mapped[datetime]
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))  # None: the key
    regrade_id: Mapped[UUID | None] = mapped_column(ForeignKey("regrade.id"))
    reason: Mapped[str] = mapped_column(Text, default="")  # what the author says to the participant
    pending: Mapped[bool] = mapped_column(default=False)  # a person has yet to judge the response
    criteria: Mapped[dict[str, Any] | None]  # of a rubric, as lms.learning.judgement reads them; None: one number


class Regrade(Base):
    """A decision about a faulty question: how it is marked from now on, for everybody or for one cohort.

    It is about the question as it stood: ``majors`` are those of the versions that its preview listed, and a question
    rewritten later is none of them. ``finished_at`` None: closed attempts are still being marked by it, in the order of
    their ids; ``reached`` is the last one that was.
    """

    __tablename__ = "regrade"
    __table_args__ = (Index(None, "item"),)

    id: Mapped[Key]
    item: Mapped[Slug]
    cohort_id: Mapped[UUID | None] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"))
    majors: Mapped[list[str]]
    action: Mapped[dict[str, Any]]  # as lms.quiz.regrade reads it
    reason: Mapped[str] = mapped_column(Text)
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime]
    reached: Mapped[UUID | None]
    finished_at: Mapped[datetime | None]


class Allowance(Base):
    """What one person may have more of at one quiz, by a decision of staff."""

    __tablename__ = "allowance"
    __table_args__ = (
        UniqueConstraint("user_id", "quiz"),
        CheckConstraint("extra_minutes >= 0 AND extra_attempts >= 0", name="extra"),
    )

    id: Mapped[Key]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    quiz: Mapped[Slug]
    extra_minutes: Mapped[int] = mapped_column(default=0)
    extra_attempts: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(Text)
    granted_at: Mapped[datetime]
