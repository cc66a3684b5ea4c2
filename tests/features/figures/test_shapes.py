"""Which step a square shows, and which weeks a picture."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from lms.features.figures import activity, people_by_module
from lms.learning.cohorts import Taught
from lms.learning.progress import Share


@pytest.mark.parametrize(
    ("done", "step"),
    [((0, 6), 0), ((1, 6), 1), ((2, 6), 1), ((3, 6), 2), ((4, 6), 2), ((5, 6), 3), ((6, 6), 4), ((0, 0), 0)],
)
def test_a_square_has_five_steps(done: tuple[int, int], step: int) -> None:
    assert people_by_module.step(Share(*done)) == step


def taught(starts_on: date | None, ends_on: date | None) -> Taught:
    return Taught(UUID(int=1), "Angkatan", starts_on, ends_on, 1)


def test_the_weeks_shown_are_the_last_eight_or_those_of_the_term() -> None:
    today = date(2026, 11, 25)  # a Wednesday
    latest, term = activity._spans(taught(None, None), today)
    assert (latest.first, latest.last, len(latest.weeks), term) == (date(2026, 10, 5), today, 8, None)
    assert activity._spans(taught(date(2026, 10, 20), None), today)[1] is None, "a shorter one is among them"
    ended, term = activity._spans(taught(date(2026, 6, 3), date(2026, 9, 30)), today)
    assert (ended.last, term and term.first) == (date(2026, 9, 30), date(2026, 6, 1))
    assert len(activity._spans(taught(date(2020, 1, 1), None), today)[1].weeks) == activity.MOST_WEEKS  # type: ignore[union-attr]
