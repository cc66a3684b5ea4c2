from __future__ import annotations

from itertools import product

import pytest

from lms.quiz.review import Moment, ReviewRules, Visible

STATES = [dict(zip(("submitted", "last", "closed"), state, strict=True)) for state in product((False, True), repeat=3)]


@pytest.mark.parametrize(
    ("moment", "reached"),
    [
        (Moment.DURING, lambda **state: True),
        (Moment.AFTER_SUBMIT, lambda submitted, **state: submitted),
        (Moment.AFTER_LAST, lambda submitted, last, **state: submitted and last),
        (Moment.AFTER_CLOSE, lambda submitted, closed, **state: submitted and closed),
        (Moment.NEVER, lambda **state: False),
    ],
)
def test_every_moment_in_every_state(moment, reached):
    for state in STATES:
        assert moment.reached(**state) == reached(**state)


def test_every_cell_of_the_matrix_is_its_own():
    rules = ReviewRules(
        marks=Moment.AFTER_SUBMIT, answers=Moment.AFTER_CLOSE, feedback=Moment.AFTER_LAST, explanation=Moment.NEVER
    )
    assert rules.visible(submitted=True, last=True) == Visible(
        marks=True, answers=False, feedback=True, explanation=False
    )
    assert rules.visible(submitted=True, last=False, closed=True) == Visible(
        marks=True, answers=True, feedback=False, explanation=False
    )
    nothing = Visible(marks=False, answers=False, feedback=False, explanation=False)
    assert rules.visible(submitted=False, last=True, closed=True) == nothing


HIDDEN_LONGER = [Moment.AFTER_SUBMIT, Moment.AFTER_LAST, Moment.AFTER_CLOSE, Moment.NEVER]


@pytest.mark.parametrize("aspect", ["marks", "answers", "feedback", "explanation"])
def test_rules_show_before_others_that_hide_the_same_longer(aspect):
    """While it is taken, nobody has submitted anything yet: that is as if at once."""
    for one, other in product(Moment, repeat=2):
        first, second = (HIDDEN_LONGER.index(each) if each in HIDDEN_LONGER else 0 for each in (one, other))
        here, there = ReviewRules(**{aspect: one}), ReviewRules(**{aspect: other})
        assert here.shows_before(there) == (first < second), (one, other)


def test_rules_show_before_others_in_any_one_thing():
    here = ReviewRules(marks=Moment.NEVER, explanation=Moment.AFTER_LAST)
    there = ReviewRules(marks=Moment.AFTER_LAST, explanation=Moment.NEVER)
    assert here.shows_before(there)
    assert there.shows_before(here)
    assert not here.shows_before(here)
