from __future__ import annotations

import random

import pytest

from lms.errors import Invalid
from tests.quiz.writing import mistakes, question

ANSWER = "- ( ) Satu {#a}\n  > Bukan.\n- (x) Dua {#b}\n- ( ) Semua salah {#c fixed}"


def test_the_marked_option_is_right():
    item = question(ANSWER)
    assert (item.kind, item.key(), item.solution()) == ("single", ("b",), ("Dua",))
    assert [item.mark((id,)).fraction for id in "abc"] == [0, 1, 0]
    assert item.worth() == {"a": 0, "b": 1, "c": 0}
    assert item.guess() == pytest.approx(1 / 3)


def test_not_answered_is_not_wrong():
    item = question(ANSWER)
    assert not item.mark(None).answered
    assert item.mark(("a",)).answered


def test_an_option_keeps_its_feedback_and_its_place():
    item = question(ANSWER)
    assert item.feedback() == {"a": "Bukan."}
    assert {item.shuffled(random.Random(seed))[2] for seed in range(20)} == {"c"}


def test_one_option_is_chosen():
    item = question(ANSWER)
    assert item.read({"answer-soal": ["b"]}) == ("b",)
    assert item.read({"answer-soal": [""]}) is None
    for values in (["a", "b"], ["x"]):
        with pytest.raises(Invalid):
            item.accept(values)


def test_options_get_letters_where_they_have_no_id():
    item = question("- (x) Satu\n- ( ) Dua {#a}\n- ( ) Tiga {fixed}")
    assert [option.id for option in item.choices()] == ["b", "a", "c"]


def test_a_hard_line_break_survives_the_id_on_its_line():
    item = question("- (x) Satu {#a}  \n  lagi\n- ( ) Dua {#b}")
    assert item.choices()[0].text == "Satu  \nlagi"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("- ( ) A\n- ( ) B", "Q040"),
        ("- (x) A\n- (x) B", "Q041"),
        ("- (x) A", "Q042"),
        ("- (x)\n- ( ) B", "Q043"),
        ("- (x) A\n- B", "Q044"),
        ("- (x) A {#a}\n- ( ) B {#a}", "Q045"),
        ("- (x) A {#A b}\n- ( ) B", "Q046"),
        ("- (x) A\n- [ ] B", "Q032"),
        ("- (x) A\n- ( ) B\n\nLagi.", "Q033"),
        ("- (x) A\n- ( ) B\n\n> Kutipan", "Q034"),
    ],
)
def test_mistakes_have_codes(answer, code):
    assert mistakes(answer) == {code}
