"""The numbers that tell an editor whether a pack gives its keys away."""

from __future__ import annotations

import pytest

from lms.catalog import statistics
from lms.catalog.load import load
from lms.catalog.source import Folder
from tests.conftest import PACK

CATALOG = load(Folder.at(PACK))
BANK = [item for quiz in CATALOG.quizzes.values() for item in quiz.items]


def test_keys_are_counted_by_place_and_by_length() -> None:
    found = statistics.keys(BANK)
    assert found.places == {0: 3}
    assert found.longest == ("k-nilai",)  # "Lima belas" against "Tujuh"; in k-terbesar a distractor is longer
    assert found.longest_share == pytest.approx(1 / 3)
    assert found.shortest == ("k-terbesar", "sj-tunggal")
    assert statistics.keys([]).longest_share == 0


def test_cognitive_levels_are_counted() -> None:
    assert statistics.levels(BANK) == {"C1": 6, "C2": 5, "C3": 2, "C4": 2}


def test_the_whole_is_told_in_lines() -> None:
    told = statistics.told(CATALOG)
    assert "modul 3, materi 4" in told
    assert "kuis 4, soal 15 (pilihan tunggal 3, " in told
    assert "pasal inti 0 (0 kosong), pasal dalam daftar 3 (3 kosong)" in told
    assert "C3 2, C4 2, C5 0, C6 0; C3 ke atas 27%" in told
    assert "kunci pilihan tunggal A 3; terpanjang pada 33%" in told
