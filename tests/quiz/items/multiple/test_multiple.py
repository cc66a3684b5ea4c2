from __future__ import annotations

import pytest

from tests.quiz.writing import mistakes, question

ANSWER = "- [x] A {#a}\n- [x] B {#b}\n- [ ] C {#c}\n- [ ] D {#d}"


@pytest.mark.parametrize(
    ("scoring", "chosen", "fraction"),
    [
        ("exact", "ab", 1),
        ("exact", "a", 0),
        ("exact", "abc", 0),
        ("partial", "a", 0.5),
        ("partial", "abc", 0),
        ("right-minus-wrong", "abc", 0.5),
        ("right-minus-wrong", "acd", 0),
    ],
)
def test_a_set_is_marked_by_the_rule_of_its_author(scoring, chosen, fraction):
    item = question(ANSWER, f"scoring: {scoring}")
    assert item.mark(tuple(chosen)).fraction == fraction
    assert item.rule


def test_a_response_stands_in_the_order_of_the_options():
    assert question(ANSWER).read({"answer-soal": ["c", "a", ""]}) == ("a", "c")


def test_all_right_options_are_the_key():
    item = question(ANSWER)
    assert item.key() == ("a", "b")
    assert item.solution() == ("A", "B")


def test_an_unknown_rule_is_a_mistake():
    assert mistakes(ANSWER, "scoring: parsial") == {"Q019"}
