"""Names of options that no author wrote: answers hang on them, so every release makes the same ones."""

from __future__ import annotations

import random
from itertools import islice

from lms.quiz.items.options import hashed_id, letters
from tests.quiz.writing import question

DIGEST = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"  # sha256 of "a"


def test_a_name_is_made_from_the_text_and_grows_until_it_is_new():
    assert hashed_id("a", set()) == "kca97"
    assert hashed_id("a", {"kca97"}) == "kca978"
    short = {f"k{DIGEST[:length]}" for length in range(4, 39)}
    assert hashed_id("a", short) == f"k{DIGEST[:39]}"
    short.add(f"k{DIGEST[:39]}")
    assert hashed_id("a", short) == f"k{DIGEST}-2"
    assert hashed_id("a", {*short, f"k{DIGEST}-2"}) == f"k{DIGEST}-3"


def test_a_text_that_cannot_be_written_has_a_name_too():
    assert hashed_id("\ud800", set()) == hashed_id("?", set())


def test_names_are_letters_as_long_as_there_are_some():
    assert list(islice(letters([], set()), 29))[24:] == ["y", "z", "o27", "o28", "o29"]
    assert list(islice(letters([], {"a", "z", "o27"}), 26))[::25] == ["b", "o29"]


def test_options_stand_as_they_were_written_unless_they_are_to_be_shuffled():
    item = question("\n".join(["- (x) A {#a}", *(f"- ( ) {letter.upper()} {{#{letter}}}" for letter in "bcdef")]))
    plain = {item.order(random.Random(seed), shuffle=False) for seed in range(5)}
    assert plain == {tuple("abcdef")}
    assert len({item.order(random.Random(seed), shuffle=True) for seed in range(5)}) > 2
