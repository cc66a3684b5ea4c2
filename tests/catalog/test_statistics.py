"""The numbers that tell an editor whether a pack gives its keys away."""

from __future__ import annotations

from lms.catalog import statistics
from lms.catalog.load import load
from lms.catalog.source import Pack
from tests.conftest import PACK

CATALOG = load(Pack.at(PACK))
BANK = [item for quiz in CATALOG.quizzes.values() for item in quiz.items]


def test_keys_are_counted_by_place_and_by_length() -> None:
    found = statistics.keys(BANK)
    assert found.places == {0: 2}
    assert found.longest == ("k-nilai",)  # "Lima belas" against "Tujuh"; in k-terbesar a distractor is longer
    assert found.longest_share == 0.5
    assert statistics.keys([]).longest_share == 0


def test_cognitive_levels_are_counted() -> None:
    assert statistics.levels(BANK) == {"C1": 2, "C2": 2, "C3": 1}


def test_the_whole_is_told_in_lines() -> None:
    told = statistics.told(CATALOG)
    assert "modul 3, materi 4" in told
    assert "kuis 2, soal 5" in told
    assert "kunci pilihan tunggal A 2; terpanjang pada 50%" in told
