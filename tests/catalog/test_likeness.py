"""Questions that are too near to each other are found, and others are not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lms.catalog.likeness import alike, given_away
from lms.quiz.item import Item
from lms.quiz.items.short_answer import ShortAnswer
from lms.quiz.quiz import Quiz
from lms.quiz.source import sample
from tests.catalog.test_guessing import asked

TYPED = sample(ShortAnswer)  # Danau Toba


def about(id: str, stem: str, family: str = "") -> Item:
    return replace(TYPED, id=id, stem=stem, family=family)


def pairs(*items: Item) -> list[tuple[str, str]]:
    return [(one.id, other.id) for one, other in alike(items)]


def test_stems_that_differ_by_a_word_read_alike() -> None:
    one = about("a", "Pilih semua yang termasuk perilaku Adaptif menurut Pasal 4 ayat (2) huruf f.")
    other = about("b", "Pilih semua yang termasuk perilaku Loyal menurut Pasal 4 ayat (2) huruf f.")
    third = about("c", "Siapa yang menetapkan pemindahan seorang pegawai dari satu kecamatan ke kecamatan lain?")
    assert pairs(one, other, third) == [("a", "b")]
    assert pairs(one, third) == []


def test_an_address_within_a_stem_is_no_word_of_it() -> None:
    assert pairs(about("a", "Baca [ini](reg:uu-1#2) dahulu"), about("b", "Baca [ini](reg:uu-9#9) dahulu")) == [
        ("a", "b")
    ]


def quiz(*items: Item) -> Quiz:
    return Quiz(id="kuis", title="Kuis", items=items)


def given(*items: Item) -> list[tuple[str, str]]:
    return [(one.id, other.id) for one, other in given_away(quiz(*items))]


def test_a_stem_that_names_another_questions_answer_gives_it_away() -> None:
    lake = about("danau", "Danau apa yang terluas?")
    assert given(lake, about("pulau", "Di tengah Danau Toba ada pulau. Apa namanya?")) == [("danau", "pulau")]
    assert given(lake, about("pulau", "Di tengah sebuah danau ada pulau. Apa namanya?")) == []


def test_kin_of_a_family_give_nothing_away_for_they_never_meet() -> None:
    kin = (about("a", "Danau apa yang terluas?", "toba"), about("b", "Apa letak Danau Toba?", "toba"))
    assert given(*kin) == []


@pytest.mark.parametrize(("key", "found"), [("Lapor kepada atasan langsung", True), ("Lapor", False)])
def test_a_key_counts_where_it_says_enough(key: str, found: bool) -> None:
    told = about("lain", f"{key}, kata Bayu. Apa artinya?")
    assert bool(given(asked("soal", key, "Diam", "Pulang"), told)) is found
