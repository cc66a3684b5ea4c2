from __future__ import annotations

import time
from dataclasses import replace

import pytest

from lms.fields import Problems
from lms.quiz.draw import banked
from lms.quiz.draw_rules import check, check_uninvited
from lms.quiz.items import numbers, spellings
from lms.quiz.quiz import Draw
from tests.quiz.writing import HEAD, item, quiz, read_quiz

#: Codes that the small inputs of ``tests/broken_pack/inputs/quiz-*.txt`` try from all sides.
TRIED = "Q023 Q024 Q038 Q039 Q048 Q049 Q058 Q059 Q063 Q079"

QUESTION = "## Satu {{#{0}}}\ntags: C1, {1}\n\nApa?\n\n= ya\n"
SHAPES = ["-(x) ", "- (x) a\n", "[[", "{=", "A. ", "`", "* ", "(", "=> ", "> ", "#", "#{#", "1. ", "= 1 ", "{{a=", "—"]


@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_that_is_sent_costs_more_than_a_moment(shape):
    text = HEAD + "## Satu {#satu}\n\n" + shape * (100_000 // len(shape))
    start = time.process_time()
    read_quiz(text)
    assert time.process_time() - start < 3


def test_a_long_answer_is_no_number_and_costs_nothing():
    assert not numbers.written("1 " * 100_000)
    assert not spellings.is_garbled("1" * 200_000 + "x")
    assert not spellings.is_garbled(".")


def _quizzes(tag: str, *, module: str | None = "pecahan"):
    own = quiz(HEAD + QUESTION.format("satu", "asas"))
    other = quiz(HEAD + QUESTION.format("dua", tag))
    drawing = replace(
        quiz(HEAD + QUESTION.format("tiga", "C2")), id="simulasi", draws=(Draw(tags=("agenda",), count=1),)
    )
    quizzes = [replace(own, id="modul", module=module), replace(other, id="awal"), drawing]
    bank = [banked(one, each.module, "agenda" if each.module else None) for each in quizzes for one in each.items]
    return drawing, quizzes, bank


def _told(*args) -> list[str]:
    found = Problems()
    check_uninvited(*args, found)
    return [f"{problem.code} {problem.message}" for problem in found]


def test_a_quiz_outside_of_modules_joins_a_draw_of_modules_by_chance():
    (told,) = _told(*_quizzes("agenda"))
    assert told.startswith("Q079")
    assert "quizzes/awal.md" in told
    assert "`agenda`" in told


def test_a_quiz_that_does_not_carry_the_tag_stays_outside():
    assert _told(*_quizzes("lain")) == []


def test_a_bank_of_its_own_is_what_a_draw_names():
    assert _told(*_quizzes("agenda", module=None)) == []


def test_a_draw_of_which_questions_may_be_missing_is_not_called_too_large():
    drawing, _, bank = _quizzes("lain")
    drawing = replace(drawing, draws=(Draw(tags=("agenda",), count=9),))
    found = Problems()
    check(drawing, bank, found, whole=False)
    assert len(found) == 0
    check(drawing, bank, found)
    assert [problem.code for problem in found] == ["Q076"]


def test_a_number_that_names_somebody_is_a_text():
    assert item("## Satu {#satu}\n\nSiapa?\n\n= 198501012010011001").kind == "short_answer"
