from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.errors import Invalid
from lms.quiz.item import Item
from lms.quiz.items.ordering import Ordering
from tests.quiz.generated import of_kind
from tests.quiz.strategies import LIMITS
from tests.quiz.writing import mistakes, question

ANSWER = "1. Satu {#m}\n2. Dua {#c}\n   > Ya.\n3. Tiga {#x}\n4. Empat {#f}"


def ordering(scoring: str = "exact") -> Item:
    return question(ANSWER, f"type: ordering\nscoring: {scoring}")


def placed(order: str) -> tuple[str, ...]:
    return tuple(f"{at}={id}" for at, id in enumerate(order, 1) if id != "-")


@pytest.mark.parametrize(
    ("order", "exact", "partial"),
    [("mcxf", 1, 1), ("fmcx", 0, 2 / 3), ("cmxf", 0, 1 / 3), ("fxcm", 0, 0), ("mc--", 0, 1 / 3), ("mcmc", 0, 1 / 3)],
)
def test_an_order_is_marked_whole_or_by_neighbours(order, exact, partial):
    assert ordering().mark(placed(order)).fraction == exact
    assert ordering("partial").mark(placed(order)).fraction == pytest.approx(partial)
    assert ordering().rule != ordering("partial").rule
    assert ordering().solution() == ("Satu", "Dua", "Tiga", "Empat")


@LIMITS
@given(of_kind("ordering"), st.integers())
def test_the_order_that_is_shown_knows_nothing_of_the_right_one(item: Ordering, seed: int):
    """Never to show the right order would tell it: of two things, the one that is shown would be wrong."""
    other = replace(item, options=item.options[::-1])
    assert other.key() != item.key()
    assert item.order(random.Random(seed), shuffle=False) == other.order(random.Random(seed), shuffle=False)


def test_places_are_the_rows():
    item = ordering()
    assert item.key() == ("1=m", "2=c", "3=x", "4=f")
    assert [row.id for row in item.rows()] == ["1", "2", "3", "4"]
    assert item.read({"answer-soal": ["2=m", ""]}) == ("2=m",)
    assert item.read({"answer-soal.1": ["f"]}) == ("1=f",)
    assert item.row_shares(("1=m", "2=x")) == {"1": 1, "2": 0, "3": 0, "4": 0}
    assert item.feedback() == {"c": "Ya."}
    with pytest.raises(Invalid):
        item.accept(["5=m"])


def test_every_order_is_shown_to_somebody():
    item = ordering()
    assert len({item.order(random.Random(seed), shuffle=False) for seed in range(300)}) == 24


def test_a_blind_guess_is_worth_little():
    assert ordering().guess() == pytest.approx(1 / 24)
    assert ordering("partial").guess() == 0.25


def test_made_up_ids_tell_nothing_about_the_order():
    one = question("1. Satu\n2. Dua", "type: ordering")
    other = question("1. Dua\n2. Satu", "type: ordering")
    assert {option.text: option.id for option in one.choices()} == {o.text: o.id for o in other.choices()}


def test_a_numbered_list_is_a_stem_without_the_type():
    assert question("1. Satu\n2. Dua\n\n= benar").stem.endswith("2. Dua")


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("1. Satu", "Q042"),
        ("1. A {#a}\n2. B {#b}\n3. C {#c}", "Q087"),
        ("1. A {#a}\n2. B {#a}", "Q045"),
        ("1.\n2. B", "Q043"),
    ],
)
def test_mistakes_have_codes(answer, code):
    assert mistakes(answer, "type: ordering") == {code}


def test_nobody_sees_the_right_order_and_everybody_sees_every_item():
    for size in (2, 3):
        item = question("\n".join(f"{at + 1}. {id} {{#{id}}}" for at, id in enumerate("abc"[:size])), "type: ordering")
        for seed in range(30):
            order = item.order(random.Random(seed), shuffle=False)
            assert sorted(order) == list("abc"[:size])
            assert order != item.key()


def test_every_place_offers_every_item():
    item = question("1. Satu {#a}\n2. Dua {#b}", "type: ordering")
    assert [(row.id, row.options) for row in item.rows()] == [("1", item.choices()), ("2", item.choices())]


def test_items_are_numbered_as_people_count():
    text = "1. Satu {#a}\n2. Dua {#b}\n3. Tiga {#c}"
    assert question(text, "type: ordering").written() == text
