"""How words fall, and what the stemmer makes of them: its errors are known, and pinned here."""

from __future__ import annotations

import pytest

from lms.search.words import stem, words


def test_hyphens_part_words_and_words_that_say_nothing_are_left_out() -> None:
    assert words("Nilai-nilai apakah yang ada di UU 20/2023? C++ ＡＳＮ") == [
        "nilai",
        "nilai",
        "uu",
        "20",
        "2023",
        "c",
        "asn",
    ]
    assert words("😀 \0 \u202e \"*' -- ()") == []


@pytest.mark.parametrize(
    ("word", "is_stem"),
    [
        ("pelaporan", "lapor"),
        ("melapor", "lapor"),
        ("berinovasi", "inovasi"),
        ("mempelajari", "ajar"),
        ("asn", "asn"),
        ("12b", "12b"),
    ],
)
def test_affixes_are_taken_off(word: str, is_stem: str) -> None:
    assert stem(word) == is_stem


@pytest.mark.parametrize(
    ("word", "taken_for"),
    [
        ("penulisan", "ulis"),
        ("pengeluaran", "eluar"),
        ("beruang", "uang"),
        ("bersihkan", "sihkan"),
        ("pensiun", "siun"),
        ("disiplin", "siplin"),
        ("mengajar", "ajar"),
        ("belajar", "ajar"),
        ("netralitas", "netralitas"),
    ],
)
def test_what_the_stemmer_gets_wrong_is_known(word: str, taken_for: str) -> None:
    """A newer stemmer that does better may change this list: then look at the figures of search, too."""
    assert stem(word) == taken_for
