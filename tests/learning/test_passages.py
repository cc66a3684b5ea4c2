"""A passage is found again in a text that went on being written."""

from __future__ import annotations

import pytest

from lms.learning.passages import Passage, Quote, find

TEXT = "Sebuah roti dibagi dua. Roti itu hangat. Dua orang makan roti dibagi dua, lalu pulang."


@pytest.mark.parametrize(
    ("quote", "start"),
    [
        (Quote("hangat"), 33),
        (Quote("roti dibagi dua", start=7), 7),
        (Quote("roti dibagi dua", start=60), 57),
        (Quote("roti dibagi dua", prefix="orang makan ", suffix=", lalu", start=0), 57),
        (Quote("roti dibagi dua", prefix="Sebuah ", suffix=". Roti itu", start=70), 7),
    ],
    ids=["one", "the nearest", "the nearest behind", "by its words before", "by its words, though it is farther"],
)
def test_of_several_places_it_is_the_one_with_the_same_words_around_it_and_then_the_nearest(
    quote: Quote, start: int
) -> None:
    assert find(TEXT, quote) == Passage(start, quote.exact)


def test_what_was_worded_a_little_otherwise_is_found_in_whole_words() -> None:
    changed = TEXT.replace("Dua orang makan roti", "Dua orang memakan roti")
    found = find(changed, Quote("Dua orang makan roti dibagi dua"))
    assert found
    assert found.exact == "Dua orang memakan roti dibagi dua,"
    assert changed[found.start :].startswith(found.exact)


@pytest.mark.parametrize("exact", ["hangus", "Tiga gajah menyeberang sungai besar", TEXT + " Tamat."])
def test_what_is_not_there_is_not_found(exact: str) -> None:
    assert find(TEXT, Quote(exact)) is None
