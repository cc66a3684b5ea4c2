"""When something counts as done that arrives later."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from lms.learning.deeds import LONGEST_WAIT, done_at
from tests.conftest import NOON

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("waited", [timedelta(0), SECOND, timedelta(days=3), LONGEST_WAIT])
def test_what_waited_was_done_when_the_device_says(waited: timedelta) -> None:
    assert done_at(NOON - waited, now=NOON) == NOON - waited


@pytest.mark.parametrize(
    "said",
    [
        None,
        NOON + SECOND,
        NOON.replace(year=2062),
        NOON - LONGEST_WAIT - SECOND,
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))),
    ],
    ids=["nothing", "ahead", "years ahead", "too long ago", "a clock that never ran", "the first day", "the last day"],
)
def test_a_clock_that_is_wrong_does_no_harm(said: datetime | None) -> None:
    assert done_at(said, now=NOON) == NOON
