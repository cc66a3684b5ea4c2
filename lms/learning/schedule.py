"""When a question comes back: how well it was remembered, and when -> the day it is due. Pure, on the library fsrs.

The unit is the day, as a person has it: what was reviewed in the evening and comes back the next morning was remembered
over a night. No interval is shorter than a day, so that a card is met once a day, and nothing hangs on the hour or on
chance: the same reviews give the same day, in whatever order they arrived.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from enum import StrEnum
from functools import lru_cache

from fsrs import Card, Rating, Scheduler, State


class Grade(StrEnum):
    """How well something was remembered. Values are stored and sent."""

    AGAIN = "again"  # not
    HARD = "hard"  # with doubt
    GOOD = "good"


_RATINGS = {Grade.AGAIN: Rating.Again, Grade.HARD: Rating.Hard, Grade.GOOD: Rating.Good}
_SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
#: Days over which somebody still remembers nine of ten such questions, from which on a question counts as learnt.
LEARNT = 21


@dataclass(frozen=True, slots=True, order=True)
class Review:
    """One time that somebody was asked; a wrong answer in a quiz is one as well."""

    at: datetime
    grade: Grade


@dataclass(frozen=True, slots=True)
class Recall:
    """How firmly a question is remembered after the review made at ``last_at``, and the day on which it comes back.

    ``stability``: days until nine of ten such questions are still remembered; ``difficulty``: 1…10. Both are fsrs's.
    """

    stability: float
    difficulty: float
    last_at: datetime
    due_on: date

    @property
    def is_learnt(self) -> bool:
        return self.stability >= LEARNT


def after(reviews: Iterable[Review], *, zone: tzinfo, since: Recall | None = None) -> Recall | None:
    """What is remembered after all ``reviews``, in the order in which they were made; None where there are none.

    ``zone``: whose days are counted. ``since``: what is known already; then only the reviews after it count.
    """
    recall = since
    for review in sorted(set(reviews)):
        if recall is None or since is None or review.at > since.last_at:
            recall = _reviewed(recall, review, zone)
    return recall


@lru_cache(maxsize=20_000)  # the questions of one attempt were missed at one moment
def _reviewed(recall: Recall | None, review: Review, zone: tzinfo) -> Recall:
    held = Card(card_id=0, due=review.at) if recall is None else _card(recall, zone)
    card, _log = _SCHEDULER.review_card(held, _RATINGS[review.grade], _day(review.at, zone))
    if card.stability is None or card.difficulty is None:
        raise AssertionError("fsrs reviewed a card and knows nothing of it")
    return Recall(card.stability, card.difficulty, review.at, card.due.date())


def _card(recall: Recall, zone: tzinfo) -> Card:
    return Card(
        card_id=0,  # without one fsrs waits for the clock to make one
        state=State.Review,
        stability=recall.stability,
        difficulty=recall.difficulty,
        due=datetime.combine(recall.due_on, time(), UTC),
        last_review=_day(recall.last_at, zone),
    )


def _day(instant: datetime, zone: tzinfo) -> datetime:
    """The day of an instant as fsrs takes it, which knows UTC only."""
    return datetime.combine(instant.astimezone(zone).date(), time(), UTC)
