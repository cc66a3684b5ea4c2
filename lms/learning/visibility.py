"""What may be seen of an attempt, and when: every page, list and form asks here and nowhere else.

The review rules that an attempt began under hold, unless a cohort of the person has its own. What shows after the last
attempt waits until no better one is to come: one that still runs, or that staff granted, is a better one to come. Only
attempts under the newest enrolment count for that, since under it the person would start again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection, bindparam, case, func, select

from lms.db.attempts import Attempt
from lms.learning import conditions, frozen
from lms.learning.attempt_records import AttemptRow
from lms.learning.conditions import Conditions
from lms.learning.person_attempts import Summary, under
from lms.quiz.quiz import Quiz, Visible
from lms.quiz.review import ReviewRules


@dataclass(frozen=True, slots=True)
class Tried:
    """How a person stands at a quiz under one enrolment: how many attempts are ``closed``, whether one was passed."""

    closed: int = 0
    passed: bool = False


def shown(
    review: ReviewRules, tried: Tried, allowed: Conditions, *, limit: int | None, submitted: bool, now: datetime
) -> Visible:
    """What may be seen of an attempt that began under ``review``.

    ``limit``: how many attempts the person has at the quiz as it is offered today; None: as many as they like.
    """
    rules, closed = allowed.review or review, allowed.closes_at is not None and now >= allowed.closes_at
    # A pass opens nothing where it may not be told itself: what opened would tell it.
    told = tried.passed and rules.visible(submitted=submitted, last=True, closed=closed).marks
    last = told or (limit is not None and tried.closed >= limit)
    return rules.visible(submitted=submitted, last=last, closed=closed)


def visible(one: Summary, quiz: Quiz, attempts: Sequence[Summary], allowed: Conditions, *, now: datetime) -> Visible:
    """What a person may see of one of their ``attempts`` at ``quiz``, all of which are given."""
    submitted = one.submitted_at is not None
    return _seen(one.review, quiz, attempts, allowed, submitted=submitted, now=now)


def of_questions(quiz: Quiz, attempts: Sequence[Summary], allowed: Conditions, *, now: datetime) -> Visible:
    """What a person may see of the questions of ``quiz``, wherever else they met one; ``attempts``: theirs at it."""
    return _seen(quiz.review, quiz, attempts, allowed, submitted=True, now=now)


def _seen(
    review: ReviewRules,
    quiz: Quiz,
    attempts: Sequence[Summary],
    allowed: Conditions,
    *,
    submitted: bool,
    now: datetime,
) -> Visible:
    counted = under(attempts, allowed.enrolment_id)
    tried = Tried(sum(one.submitted_at is not None for one in counted), any(one.passed for one in counted))
    return shown(review, tried, allowed, limit=allowed.attempts(quiz), submitted=submitted, now=now)


_TRIED = (
    select(
        Attempt.enrolment_id,
        Attempt.quiz,
        func.count(Attempt.submitted_at),
        func.max(case((Attempt.passed.is_(True), 1), else_=0)),
    )
    .where(Attempt.user_id == bindparam("user_id"))
    .group_by(Attempt.enrolment_id, Attempt.quiz)
)


def tried(db: Connection, user_id: UUID) -> Mapping[tuple[UUID | None, str], Tried]:
    """By enrolment and quiz, how a person stands at every quiz; who never tried one, has no attempt there."""
    found: defaultdict[tuple[UUID | None, str], Tried] = defaultdict(Tried)
    for enrolment_id, quiz, closed, passed in db.execute(_TRIED, {"user_id": user_id}):
        found[enrolment_id, quiz] = Tried(closed, passed == 1)
    return found


class Known(StrEnum):
    """What a person may know of how they stand at a quiz they tried; of several attempts the first of these counts.

    ``TAKEN``: handed in and not told; a pass would be told, so another try is worth it. ``WAITING``: whatever the
    outcome is, it is not told yet.
    """

    PASSED = "passed"
    WAITING = "waiting"
    TAKEN = "taken"
    TRIED = "tried"


_HANDED_IN = select(Attempt.id, Attempt.quiz, Attempt.enrolment_id, Attempt.passed, Attempt.revision).where(
    Attempt.user_id == bindparam("user_id"),
    Attempt.quiz.in_(bindparam("quizzes", expanding=True)),
    Attempt.submitted_at.is_not(None),
)


def known(
    db: Connection, user_id: UUID, quizzes: Collection[str], offered: Mapping[str, Quiz], *, now: datetime
) -> dict[str, Known]:
    """By quiz, of ``quizzes`` that a person tried, what they may know; in two statements however many they are, and one
    more for rules that this process has not met.

    ``offered``: the quizzes as they are today; of one that is offered no more nothing is told.
    """
    asked = [quiz for quiz in quizzes if quiz in offered]
    rows = db.execute(_HANDED_IN, {"user_id": user_id, "quizzes": asked}).all() if asked else []
    allowed = conditions.of_attempts(db, [row.id for row in rows]) if rows else {}
    reviews = frozen.reviews(db, {row.revision for row in rows})
    stands: defaultdict[tuple[UUID | None, str], Tried] = defaultdict(Tried)
    for row in rows:
        so_far = stands[row.enrolment_id, row.quiz]
        stands[row.enrolment_id, row.quiz] = Tried(so_far.closed + 1, so_far.passed or bool(row.passed))
    found: defaultdict[str, set[Known]] = defaultdict(set)
    for row in rows:
        holds = allowed[row.id]
        found[row.quiz].add(
            _known(
                bool(row.passed),
                reviews[row.revision],
                stands[holds.enrolment_id, row.quiz],
                holds,
                offered[row.quiz],
                now=now,
            )
        )
    return {quiz: next((one for one in Known if one in found[quiz]), Known.TRIED) for quiz in quizzes}


def _known(passed: bool, review: ReviewRules, stood: Tried, allowed: Conditions, quiz: Quiz, *, now: datetime) -> Known:
    """What one attempt that was handed in tells."""
    limit = allowed.attempts(quiz)
    if shown(review, stood, allowed, limit=limit, submitted=True, now=now).marks:
        return Known.PASSED if passed else Known.TRIED
    had_passed = Tried(stood.closed, passed=True)
    told = shown(review, had_passed, allowed, limit=limit, submitted=True, now=now).marks
    return Known.TAKEN if told else Known.WAITING


def during(db: Connection, attempt: AttemptRow, *, now: datetime) -> Visible:
    """What may be seen of an item of a running attempt as soon as it was answered and checked.

    The cohort is asked only where the quiz began with showing something by then: a quiz page has no time to lose.
    """
    began_with = attempt.rules.review.visible(submitted=False, last=False)
    if not began_with.reviewable:
        return began_with
    allowed = conditions.of(db, attempt.user_id, attempt.quiz)
    return shown(attempt.rules.review, Tried(), allowed, limit=None, submitted=False, now=now)
