"""No text that the limits accept costs more than a second of a processor, and twice as much text about twice as much.

Measured is all that is done with a lesson: proof-reading, references, the page, addresses. It is processor time of this
process alone, the best of five where it seems too much, and a slow machine is given its time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.markup import Slot, Target, To, addressed, flaws_of, references, refusals_of, render, unaddressed
from tests.markup.conftest import World
from tests.markup.shapes import SHAPES, TERMS, Shape

BOUND = 1.0  # seconds
CONSTANT = 0.1  # seconds that twice as much text may cost besides
TRIES = 5
FILLER = "kata " * 1_800 + "\n"
COUNTED = 0.015  # seconds in which the machine of docs/performance.md counts to a million


class Everything(World):
    """Knows whatever it is asked for, and a glossary of hundreds."""

    def citation(self, regulation: str, locator: str) -> Target:
        return Target(unaddressed(To.REGULATION, f"{regulation}#{locator}"), title="Pasal")

    def term(self, id: str) -> Target:
        return Target(unaddressed(To.TERM, id))

    def terms(self) -> Mapping[str, str]:
        return dict(zip(TERMS, TERMS, strict=True)) | {f"istilah pegawai {word}": word for word in "abcdefghij"}


def read(text: str) -> None:
    flaws_of(text)
    references(text)
    for part in render(text, Everything()).parts:
        if not isinstance(part, Slot):
            addressed(part, lambda to, id: f"/{to}/{id}")


def spent(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def slowness() -> float:
    """How much slower than that machine this one is at the moment, or 1: others may share its processor and caches."""

    def count() -> None:
        number = 0
        while number < 1_000_000:
            number += 1

    return max(1.0, spent(count) / COUNTED)


@dataclass(frozen=True)
class Text:
    """Two shapes together; ``words`` stand in one paragraph with what is beside them."""

    first: str
    second: str
    together: str
    words: str

    def of(self, n: int) -> str:
        one, other = SHAPES[self.first], SHAPES[self.second]
        match self.together:
            case "alone":
                shape: Shape = one
            case "one after the other":
                shape = lambda n: one(n) + other(n)  # noqa: E731
            case "apart":
                shape = lambda n: one(n) + "\n" + other(n)  # noqa: E731
            case _:
                shape = lambda n: (one(1) + other(1)) * n  # noqa: E731
        filler = FILLER * 18 if self.words else ""
        return filler + shape(n) if self.words == "before" else shape(n) + filler

    @property
    def most(self) -> int:
        """About the largest number of units that is accepted; 0 for none."""
        fits, too_many = 0, 1
        while too_many < 100_000 and not refusals_of(self.of(too_many)):
            fits, too_many = too_many, too_many * 2
        while too_many - fits > max(1, fits // 6):
            middle = (fits + too_many) // 2
            fits, too_many = (middle, too_many) if not refusals_of(self.of(middle)) else (fits, middle)
        return fits

    def holds(self) -> None:
        """Its largest text costs little, and half of it about half.

        Where half of it is refused, since more of one shape hides the other, the largest is asked about alone.
        """
        most = self.most
        whole, half = self.of(most), self.of(most // 2)
        halves = not refusals_of(half)
        once = twice = inf
        for _ in range(TRIES):
            twice = min(twice, spent(lambda: read(whole)))
            if twice <= CONSTANT:
                return  # whatever half of it costs
            once = min(once, spent(lambda: read(half))) if halves else inf
            if twice <= min(BOUND, 3 * once + CONSTANT):
                return
        assert twice <= BOUND * slowness(), f"{most} units cost {twice:.2f} s"
        assert twice <= 3 * once + CONSTANT, f"{most} units cost {twice:.2f} s, half of them {once:.2f} s"


read("Sekali, agar pembaca Markdown sudah ada.")


@pytest.mark.parametrize("name", SHAPES)
def test_no_shape_costs_more_than_it_is_long(name: str) -> None:
    Text(name, name, "alone", "").holds()


@given(
    st.builds(
        Text,
        st.sampled_from(list(SHAPES)),
        st.sampled_from(list(SHAPES)),
        st.sampled_from(["one after the other", "apart", "by turns"]),
        st.sampled_from(["", "before", "after"]),
    )
)
@settings(max_examples=25, deadline=None)
def test_no_two_shapes_cost_more_than_they_are_long(text: Text) -> None:
    text.holds()
