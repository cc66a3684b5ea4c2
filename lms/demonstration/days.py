"""When people learn who work by day: in the evenings and at weekends, with a pause that life makes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Jakarta")
PAUSE = 5  # days in which somebody does nothing
SATURDAY = 5


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """An hour in Jakarta."""
    return datetime.combine(day, time(hour, minute), ZONE).astimezone(UTC)


def evening(day: date, rng: random.Random) -> datetime:
    """When somebody sits down to learn on a day."""
    hour = rng.choice((8, 9, 10, 13, 15)) if day.weekday() >= SATURDAY else rng.choice((18, 19, 19, 20))
    return at(day, hour, rng.randrange(5, 55))


def sittings(rng: random.Random, first: date, last: date, count: int) -> Sequence[datetime]:
    """So many times at which somebody sits down, from the first day to the last one or shortly before it; fewer where
    there are no more days."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    if len(days) > 3 * PAUSE:
        del days[len(days) - rng.randrange(PAUSE) :]
        away = rng.randrange(PAUSE, len(days) - PAUSE)
        del days[away : away + PAUSE]
    chosen = rng.sample(days[:-1], max(0, min(count, len(days)) - 1))
    return [evening(day, rng) for day in (*sorted(chosen), *days[-1:])]
