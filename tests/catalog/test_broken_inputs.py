"""Each small input is told its mistakes, all of them, on their lines, and no others."""

from __future__ import annotations

import pytest

from tests.catalog.broken_inputs import Input, inputs

INPUTS = inputs()


@pytest.mark.parametrize("one", INPUTS, ids=lambda one: one.name)
def test_an_input_is_told_its_mistakes_and_no_others(one: Input) -> None:
    found = sorted(one.found())
    assert [f"{problem.path}:{problem.line}: {problem.code}" for problem in found] == [
        place for place, _ in one.expected
    ]
    for problem, (_, words) in zip(found, one.expected, strict=True):
        assert words in problem.message


def test_no_input_is_written_twice() -> None:
    names = [one.name for one in INPUTS]
    assert len(names) == len(set(names))
