"""Names of options that no author wrote: answers hang on them, so every release makes the same ones."""

from __future__ import annotations

from lms.quiz.items.options import hashed_id

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
