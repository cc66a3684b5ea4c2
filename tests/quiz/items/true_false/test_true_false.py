from __future__ import annotations

import pytest

from lms.errors import Invalid
from tests.quiz.writing import mistakes, question, read, written


@pytest.mark.parametrize(
    ("word", "key"), [("benar", "true"), ("TRUE", "true"), ("Salah.", "false"), ("false", "false")]
)
def test_a_statement_is_judged(word, key):
    item = question(f"= {word}")
    assert (item.kind, item.key()) == ("true_false", (key,))
    assert item.mark((key,)).fraction == 1
    assert item.guess() == 0.5


def test_feedback_stands_with_the_two_judgements():
    item = question("= benar\n\n> [!CORRECT]\n> Ya.\n\n> [!INCORRECT]\n> Bukan.")
    assert item.feedback() == {"true": "Ya.", "false": "Bukan."}


def test_a_page_shows_both_judgements_in_their_order():
    item = question("= salah\n\n> [!CORRECT]\n> Ya.\n\n> [!INCORRECT]\n> Bukan.")
    shown = [(one.id, one.text, one.right, one.feedback, one.fixed) for one in item.choices()]
    assert shown == [("true", "Benar", False, "Bukan.", True), ("false", "Salah", True, "Ya.", True)]
    assert list(item.texts()) == ["Pertanyaan?", "Benar", "Bukan.", "Salah", "Ya."]


def test_missing_feedback_is_only_a_warning():
    _, problems = read(written("= benar"))
    assert [problem.code for problem in problems].count("Q061") == 2


def test_it_has_one_answer():
    assert mistakes("= benar\n= salah") == {"Q041"}


@pytest.mark.parametrize("values", [["ya"], ["true", "false"]])
def test_other_words_are_refused(values):
    with pytest.raises(Invalid):
        question("= benar").accept(values)


@pytest.mark.parametrize(("answer", "worth"), [("benar", (1, 0)), ("salah", (0, 1))])
def test_one_of_the_two_words_is_worth_everything(answer, worth):
    item = question(f"= {answer}")
    assert item.worth() == dict(zip(("true", "false"), worth, strict=True))
    assert {id: item.mark((id,)).fraction for id in item.worth()} == item.worth()
