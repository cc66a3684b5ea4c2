"""What is asked about the questions of a quiz and the answers given to them. ``cohort_id`` None: all cohorts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, case, func, or_, select, true
from sqlalchemy.orm import Session

from lms.db.accounts import User
from lms.db.attempts import Attempt, AttemptItem, Mark, QuestionVersion, QuizRevision, Regrade, Response
from lms.learning.membership import attempts_of
from lms.quiz.definition import load_quiz
from lms.quiz.marking import ItemMark
from lms.quiz.quiz import Quiz

#: Longer answers are counted, not listed: nobody ticks an essay as one of several accepted answers.
LISTED = 2_100
_ANSWERS = and_(Response.attempt_id == AttemptItem.attempt_id, Response.item == AttemptItem.item)


# --- how the questions of a quiz were answered ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Given:
    """How often one response was given to one version of a question in closed attempts.

    ``value``: JSON text; None: not answered, or too long to be listed. ``marked``: how many of them have a mark that
    counts, ``fractions``: the sum of these.
    """

    item: str
    question_version: str
    value: str | None
    count: int
    answered: int
    marked: int
    fractions: float


def given(db: Connection, cohort_id: UUID | None, *, quiz: str | None = None, item: str | None = None) -> list[Given]:
    """All responses to the questions of a quiz, or to one question in whatever quiz it was asked."""
    value = case((func.length(Response.value) <= LISTED, Response.value))
    counts = and_(AttemptItem.maximum > 0, AttemptItem.pending.is_(False))
    rows = db.execute(
        select(
            AttemptItem.item,
            AttemptItem.question_version,
            value,
            func.count(),
            func.count(Response.value),
            func.count(case((counts, 1))),
            func.coalesce(func.sum(case((counts, AttemptItem.fraction))), 0.0),
        )
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .outerjoin(Response, _ANSWERS)
        .where(
            attempts_of(cohort_id),
            Attempt.submitted_at.is_not(None),
            Attempt.quiz == quiz if quiz is not None else true(),
            AttemptItem.item == item if item is not None else true(),
        )
        .group_by(AttemptItem.item, AttemptItem.question_version, value)
    )
    return [Given(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Version:
    """A kept version of a question. ``major`` stays while only wording changes."""

    digest: str
    major: str
    created_at: datetime


def versions(db: Connection, digests: Iterable[str], *, item: str | None = None) -> list[Version]:
    """These versions, of one item when it is given, oldest first."""
    rows = db.execute(
        select(QuestionVersion.digest, QuestionVersion.major, QuestionVersion.created_at)
        .where(QuestionVersion.digest.in_(set(digests)), QuestionVersion.item == item if item is not None else true())
        .order_by(QuestionVersion.created_at, QuestionVersion.digest)
    )
    return [Version(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision that was made on an item."""

    id: UUID
    item: str
    cohort_id: UUID | None
    action: dict[str, Any]
    reason: str
    author: str | None
    decided_at: datetime


def decisions(db: Connection, cohort_id: UUID | None, items: Iterable[str]) -> list[DecisionRow]:
    """The decisions on these items that hold in a cohort, newest first; all of them when ``cohort_id`` is None."""
    holds = true() if cohort_id is None else or_(Regrade.cohort_id.is_(None), Regrade.cohort_id == cohort_id)
    rows = db.execute(
        select(
            Regrade.id,
            Regrade.item,
            Regrade.cohort_id,
            Regrade.action,
            Regrade.reason,
            User.name,
            Regrade.decided_at,
        )
        .outerjoin(User, User.id == Regrade.author_id)
        .where(Regrade.item.in_(set(items)), holds)
        .order_by(Regrade.decided_at.desc(), Regrade.id.desc())
    )
    return [DecisionRow(*row) for row in rows]


# --- what a decision would change -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Affected:
    """A closed attempt that holds the item, as it stands now. ``value``: JSON text of the response."""

    id: UUID
    name: str
    login: str
    quiz: str
    number: int
    revision: str
    question_version: str
    value: str | None
    score: float | None
    maximum: float
    passed: bool | None


def lock(db: Session, cohort_id: UUID | None, item: str) -> None:
    """Nobody judges or closes an attempt that holds the item until this transaction ends."""
    holding = select(AttemptItem.attempt_id).where(AttemptItem.item == item)
    db.execute(
        select(Attempt.id).where(attempts_of(cohort_id), Attempt.id.in_(holding)).order_by(Attempt.id).with_for_update()
    )


def affected(db: Connection, cohort_id: UUID | None, item: str) -> list[Affected]:
    rows = db.execute(
        select(
            Attempt.id,
            User.name,
            User.login,
            Attempt.quiz,
            Attempt.number,
            Attempt.revision,
            AttemptItem.question_version,
            Response.value,
            Attempt.score,
            Attempt.maximum,
            Attempt.passed,
        )
        .join(AttemptItem, AttemptItem.attempt_id == Attempt.id)
        .join(User, User.id == Attempt.user_id)
        .outerjoin(Response, _ANSWERS)
        .where(attempts_of(cohort_id), AttemptItem.item == item, Attempt.submitted_at.is_not(None))
        .order_by(func.lower(User.name), User.login, Attempt.quiz, Attempt.number)
    )
    return [Affected(*row) for row in rows]


def still_open(db: Connection, cohort_id: UUID | None, item: str, majors: Sequence[str]) -> int:
    """How many attempts that hold the item in one of these major versions are not closed yet."""
    count: int = db.execute(
        select(func.count())
        .select_from(Attempt)
        .join(AttemptItem, AttemptItem.attempt_id == Attempt.id)
        .join(QuestionVersion, QuestionVersion.digest == AttemptItem.question_version)
        .where(
            attempts_of(cohort_id),
            AttemptItem.item == item,
            QuestionVersion.major.in_(majors),
            Attempt.submitted_at.is_(None),
        )
    ).scalar_one()
    return count


@dataclass(frozen=True, slots=True)
class Standing:
    """The judgement that counts on one item of an attempt."""

    id: UUID
    question_version: str
    mark: ItemMark


def standing(db: Connection, cohort_id: UUID | None, item: str) -> dict[UUID, dict[str, Standing]]:
    """Of every closed attempt that holds ``item``: item id -> the judgement that counts."""
    holding = select(AttemptItem.attempt_id).where(AttemptItem.item == item)
    rows = db.execute(
        select(
            AttemptItem.attempt_id,
            AttemptItem.item,
            AttemptItem.mark_id,
            AttemptItem.question_version,
            AttemptItem.fraction,
            AttemptItem.points,
            AttemptItem.maximum,
            AttemptItem.answered,
            AttemptItem.pending,
        )
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .where(attempts_of(cohort_id), Attempt.submitted_at.is_not(None), Attempt.id.in_(holding))
    )
    found: dict[UUID, dict[str, Standing]] = {}
    for row in rows:
        mark = ItemMark(
            item_id=row.item,
            fraction=row.fraction,
            points=row.points,
            maximum=row.maximum,
            answered=row.answered,
            pending=row.pending,
        )
        found.setdefault(row.attempt_id, {})[row.item] = Standing(row.mark_id, row.question_version, mark)
    return found


def judgements(db: Connection, cohort_id: UUID | None, item: str) -> dict[UUID, ItemMark]:
    """By attempt, what a person judged last of the item; decisions do not count as that."""
    rows = db.execute(
        select(Mark.attempt_id, Mark.fraction, Mark.points, Mark.maximum, Mark.answered)
        .join(Attempt, Attempt.id == Mark.attempt_id)
        .where(
            attempts_of(cohort_id),
            Mark.item == item,
            Mark.author_id.is_not(None),
            Mark.regrade_id.is_(None),
            Mark.pending.is_(False),
        )
        .order_by(Mark.marked_at, Mark.id)
    )
    return {
        row.attempt_id: ItemMark(
            item_id=item, fraction=row.fraction, points=row.points, maximum=row.maximum, answered=row.answered
        )
        for row in rows
    }


def rules(db: Connection, digests: Iterable[str]) -> dict[str, Quiz]:
    rows = db.execute(select(QuizRevision.digest, QuizRevision.definition).where(QuizRevision.digest.in_(set(digests))))
    return {row.digest: load_quiz(row.definition) for row in rows}
