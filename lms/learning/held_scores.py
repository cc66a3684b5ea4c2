"""What somebody has at a graded link now: points at a quiz, or whether a lesson or a module is done.

At a quiz the attempt counts that the quiz says (best, last or first). As long as its marks are kept from the person,
the platform, which would show them, learns only that it was handed in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, or_, select

from lms.catalog.model import Catalog
from lms.db.attempts import Attempt, QuizRecord
from lms.learning import conditions, frozen, progress, reading, visibility
from lms.learning.conditions import Conditions
from lms.learning.owed_scores import QUIZ, STEP
from lms.learning.visibility import Tried
from lms.quiz.quiz import Grade
from lms.quiz.review import ReviewRules

#: When marks that are kept back are looked for again where no date says when they are shown.
LOOK = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Held:
    """``points``, of ``maximum``, None: they are not known, or not told, yet; ``look_at``: then they may be told.

    ``steady``: what nobody does, no passing of time either, does not change it. ``nothing``: it need not be said to
    whoever has heard nothing.
    """

    points: float | None
    maximum: float
    steady: bool = True
    nothing: bool = False
    look_at: datetime | None = None


def at_links(db: Connection, catalog: Catalog, owed: Sequence[Any], *, now: datetime) -> list[Held | None]:
    """For each of ``owed`` (with ``resource``, ``maximum``, ``enrolment_id``, ``user_id``); None: nothing at all.

    Three statements for quizzes however many they are, and a few for each person who completes lessons.
    """
    quizzes = _at_quizzes(db, catalog, [one for one in owed if one.resource.startswith(QUIZ)], now=now)
    records: dict[UUID, progress.Records] = {}
    found: list[Held | None] = []
    for one in owed:
        if one.resource.startswith(QUIZ):
            found.append(quizzes.get((one.enrolment_id, one.resource.removeprefix(QUIZ)), _none)(one.maximum))
            continue
        if one.user_id not in records:
            records[one.user_id] = reading.records(db, one.user_id, catalog.quizzes, now=now)
        found.append(_step(catalog, one.resource.removeprefix(STEP), one.maximum or 1.0, records[one.user_id]))
    return found


def _step(catalog: Catalog, id: str, maximum: float, records: progress.Records) -> Held | None:
    if lesson := catalog.lesson_called(id):
        done = progress.lesson_state(lesson, records).done
    elif module := catalog.modules.get(id):
        done = progress.module_share(module, records).complete
    else:
        return None  # the pack has it no more
    return Held(maximum if done else 0.0, maximum, steady=False, nothing=not done)


# --- quizzes --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _AtQuiz:
    """The attempt that counts. ``share``: 0…1, None where it is not told; ``maximum``: its own points."""

    share: float | None
    maximum: float
    steady: bool
    look_at: datetime | None

    def __call__(self, maximum: float | None) -> Held:
        full = maximum or self.maximum or 1.0
        points = None if self.share is None else round(self.share * full, 6)
        return Held(points, full, self.steady, look_at=self.look_at)


def _none(_maximum: float | None) -> Held | None:
    return None


_COUNTING = (
    select(
        QuizRecord.enrolment_id,
        QuizRecord.quiz,
        QuizRecord.first,
        QuizRecord.best,
        QuizRecord.last,
        QuizRecord.closed,
        QuizRecord.passed.label("passes"),
        Attempt.id,
        Attempt.number,
        Attempt.revision,
        Attempt.score,
        Attempt.maximum,
    )
    .join(Attempt, and_(Attempt.enrolment_id == QuizRecord.enrolment_id, Attempt.quiz == QuizRecord.quiz))
    .where(
        QuizRecord.enrolment_id.in_(bindparam("enrolments", expanding=True)),
        QuizRecord.quiz.in_(bindparam("quizzes", expanding=True)),
        or_(*(Attempt.number == number for number in (QuizRecord.first, QuizRecord.best, QuizRecord.last))),
        Attempt.submitted_at.is_not(None),
    )
)


def _at_quizzes(
    db: Connection, catalog: Catalog, owed: Sequence[Any], *, now: datetime
) -> Mapping[tuple[UUID, str], _AtQuiz]:
    if not owed:
        return {}
    quizzes = {one.resource.removeprefix(QUIZ) for one in owed}
    asked = {"enrolments": list({one.enrolment_id for one in owed}), "quizzes": sorted(quizzes)}
    rows = [row for row in db.execute(_COUNTING, asked) if row.number == getattr(row, _grade(catalog, row.quiz))]
    allowed = conditions.of_attempts(db, [row.id for row in rows])
    reviews = frozen.reviews(db, {row.revision for row in rows})
    return {
        (row.enrolment_id, row.quiz): _told(catalog, row, reviews[row.revision], allowed[row.id], now=now)
        for row in rows
    }


def _grade(catalog: Catalog, quiz: str) -> Grade:
    """The column of its record that holds the number of the attempt that counts."""
    offered = catalog.quizzes.get(quiz)
    return offered.grade if offered else Grade.BEST


def _told(catalog: Catalog, row: Any, review: ReviewRules, allowed: Conditions, *, now: datetime) -> _AtQuiz:
    offered = catalog.quizzes.get(row.quiz)
    limit = allowed.attempts(offered) if offered else None
    tried = Tried(row.closed, row.passes > 0)
    steady = not (allowed.review or review).may_hide_marks
    share = None if row.score is None else row.score / row.maximum if row.maximum else 0.0
    if visibility.shown(review, tried, allowed, limit=limit, submitted=True, now=now).marks:
        return _AtQuiz(share, row.maximum, steady, None)
    closes = allowed.closes_at
    return _AtQuiz(None, row.maximum, steady, closes if closes and closes > now else now + LOOK)
