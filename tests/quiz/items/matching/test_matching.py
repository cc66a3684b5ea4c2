from __future__ import annotations

import random
from dataclasses import replace

import pytest

from lms.errors import Invalid
from tests.quiz.writing import mistakes, question

ANSWER = (
    "- UU {#a} => DPR {#k1}\n  > Pasal 20.\n- PP {#b} => Presiden {#k2}\n- Perpu {#c} => Presiden\n- => Menteri {#k3}"
)


def test_every_row_counts_the_same():
    item = question(ANSWER)
    assert item.kind == "matching"
    assert item.key() == ("a=k1", "b=k2", "c=k2")
    assert item.mark(("a=k1", "b=k3")).fraction == pytest.approx(1 / 3)
    assert item.row_shares(("a=k1", "b=k3")) == {"a": 1, "b": 0, "c": 0}
    assert item.solution() == ("UU → DPR", "PP → Presiden", "Perpu → Presiden")


def test_a_page_sees_rows_and_choices_without_the_key():
    item = question(ANSWER)
    assert [(row.id, row.text) for row in item.rows()] == [("a", "UU"), ("b", "PP"), ("c", "Perpu")]
    assert [option.text for option in item.choices()] == ["DPR", "Presiden", "Menteri"]
    assert item.rows()[0].options == item.choices()
    assert item.feedback() == {"a": "Pasal 20."}
    assert sorted(item.order(random.Random(1), shuffle=False)) == ["k1", "k2", "k3"]
    assert len({item.order(random.Random(seed), shuffle=False) for seed in range(30)}) > 1


def test_who_guesses_finds_one_choice_in_so_many():
    assert question(ANSWER).guess() == pytest.approx(1 / 3)


def test_a_form_sends_rows_in_either_way():
    item = question(ANSWER)
    assert item.read({"answer-soal": ["b=k2", "a=k1", "c="]}) == ("a=k1", "b=k2")
    assert item.read({"answer-soal": ["a=", "b=k2"]}) == ("b=k2",)
    assert item.read({"answer-soal.a": ["k1"], "answer-soal.b": [""]}) == ("a=k1",)
    assert item.read({"answer-soal": ["", ""]}) is None
    assert item.by_row(("a=k1",)) == {"a": "k1"}


@pytest.mark.parametrize("values", [["a"], ["x=k1"], ["a=k9"], ["a=k1", "a=k2"]])
def test_what_no_page_sends_is_refused(values):
    with pytest.raises(Invalid):
        question(ANSWER).accept(values)


def test_made_up_ids_of_choices_tell_nothing_about_rows():
    one, other = question("- A => X\n- B => Y"), question("- B => Y\n- A => X")
    ids = {option.text: option.id for option in one.choices()}
    assert ids == {option.text: option.id for option in other.choices()}
    assert {row.id for row in one.rows()}.isdisjoint(ids.values())


def test_an_arrow_in_a_text_is_escaped():
    item = question("- a \\=> b => c\n- d => e")
    assert item.rows()[0].text == "a => b"
    assert question("- a => b => c\n- d => e").solution() == ("a → b => c", "d → e")


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("- A => X\n- B\n- => Y", "Q084"),
        ("- A =>\n- B => X\n- C => Y", "Q085"),
        ("- A => X\n- B => X", "Q042"),
        ("- => X\n- => Y", "Q042"),
        ("- A {#a} => X\n- B {#a} => Y", "Q045"),
        ("- A => X {#k}\n- B => Y {#k}", "Q045"),
        ("- A => X {#k}\n- B => X {#l}\n- => Z", "Q045"),
        ("- A {#A} => X\n- B => Y", "Q046"),
        ("- A => X {fixed}\n- B => Y", "Q046"),
        ("- A {#x} => X {#x}\n- B => Y", "Q087"),
    ],
)
def test_mistakes_have_codes(answer, code):
    assert mistakes(answer) == {code}


def test_a_row_has_its_choice():
    item = question(ANSWER)
    for missing in ({"pairs": ()}, {"options": item.options[1:]}):
        with pytest.raises(ValueError, match="row"):
            replace(item, **missing)
