"""When a question comes back is what fsrs says, in whatever order its reviews arrive."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

import fsrs

from lms.learning.schedule import LEARNT, Grade, Recall, Review, after
from tests.conftest import NOON

JAKARTA, JAYAPURA = timezone(timedelta(hours=7)), timezone(timedelta(hours=9))
RATINGS = {Grade.AGAIN: fsrs.Rating.Again, Grade.HARD: fsrs.Rating.Hard, Grade.GOOD: fsrs.Rating.Good}
DAY = timedelta(days=1)


def history(chance: random.Random) -> list[Review]:
    """Up to eight reviews: minutes, days or months apart."""
    at, made = NOON + chance.random() * 100 * DAY, []
    for _ in range(chance.randint(1, 8)):
        made.append(Review(at, chance.choice(list(Grade))))
        at += chance.random() * chance.choice([timedelta(minutes=10), DAY, 5 * DAY, 90 * DAY])
    return made


def by_fsrs(made: Sequence[Review], zone: tzinfo) -> fsrs.Card:
    """The same by the library alone."""
    scheduler = fsrs.Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    card = fsrs.Card(card_id=1)
    for review in made:
        day = datetime.fromisoformat(f"{review.at.astimezone(zone):%Y-%m-%d}").replace(tzinfo=UTC)
        card, _log = scheduler.review_card(card, RATINGS[review.grade], day)
    return card


def arriving(made: Sequence[Review], chance: random.Random) -> list[Review]:
    """Some of them twice, and in any order."""
    found = [*made, *chance.choices(made, k=chance.randint(0, 3))]
    chance.shuffle(found)
    return found


def same(recall: Recall | None, card: fsrs.Card) -> bool:
    assert recall is not None
    return (recall.stability, recall.difficulty, recall.due_on) == (card.stability, card.difficulty, card.due.date())


def test_the_schedule_equals_fsrs_on_ten_thousand_random_histories() -> None:
    chance = random.Random(20261129)
    for number in range(10_000):
        made, zone = history(chance), chance.choice([UTC, JAKARTA, JAYAPURA])
        assert same(after(arriving(made, chance), zone=zone), by_fsrs(made, zone)), (number, made)


def test_what_is_known_of_the_first_reviews_is_enough_to_go_on_from() -> None:
    chance = random.Random(20261130)
    for _ in range(300):
        made = history(chance)
        known = after(made[: chance.randint(1, len(made))], zone=JAKARTA)
        assert after(arriving(made, chance), zone=JAKARTA, since=known) == after(made, zone=JAKARTA)


def recalled(made: Sequence[Review], zone: tzinfo = UTC) -> Recall:
    found = after(made, zone=zone)
    assert found is not None
    return found


def test_an_evening_and_the_next_morning_lie_a_night_apart_where_the_person_is() -> None:
    evening, morning = datetime(2026, 11, 23, 13, 0, tzinfo=UTC), datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
    made = [Review(evening, Grade.AGAIN), Review(morning, Grade.GOOD)]
    assert recalled(made[:1], JAKARTA).due_on == date(2026, 11, 24)
    assert recalled(made, JAKARTA).due_on == date(2026, 11, 26)
    assert recalled(made, UTC).due_on == date(2026, 11, 24)


def test_remembered_each_time_it_came_back_a_mistake_is_learnt_by_the_fourth_and_lost_by_forgetting_it() -> None:
    made, waits = [Review(NOON, Grade.AGAIN)], []
    for grade in [*4 * [Grade.GOOD], Grade.AGAIN]:
        recall = recalled(made)
        waits.append((recall.due_on - recall.last_at.date()).days)
        assert recall.is_learnt == (waits[-1] > LEARNT)
        made.append(Review(datetime.combine(recall.due_on, NOON.timetz()), grade))
    assert waits == [1, 2, 6, 17, 44]
    assert not recalled(made).is_learnt


def test_of_nothing_nothing_is_known() -> None:
    assert after([], zone=UTC) is None
