"""Pauses grow, and are never longer than a day."""

from __future__ import annotations

from datetime import timedelta

from lms.learning.retries import pause


def test_pauses_double_up_to_a_day() -> None:
    assert [pause(tries) // timedelta(minutes=1) for tries in (0, 1, 2, 3, 11, 12, 10_000)] == [
        1,
        1,
        2,
        4,
        1024,
        1440,
        1440,
    ]
