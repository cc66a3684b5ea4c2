"""Which lines of a rubric are criteria, and what of it is none."""

from __future__ import annotations

import pytest

from lms.quiz.rubric import Criterion, besides, criteria_in, listed
from tests.quiz.writing import question, read, written

RUBRIC = """\
Baca dahulu seluruhnya.

4 poin: keadaan, tempat,
dan angkanya.
- 3,5 poin: **akibatnya**.
2 points : no solution.

Ejaan tidak dinilai."""


def test_lines_that_say_what_they_are_worth_are_criteria() -> None:
    assert criteria_in(RUBRIC) == (
        Criterion(4, "keadaan, tempat, dan angkanya."),
        Criterion(3.5, "**akibatnya**."),
        Criterion(2, "no solution."),
    )
    assert besides(RUBRIC).split() == ["Baca", "dahulu", "seluruhnya.", "Ejaan", "tidak", "dinilai."]
    assert listed(RUBRIC) == RUBRIC.replace("4 poin", "* 4 poin").replace("2 points", "* 2 points")


@pytest.mark.parametrize("rubric", ["", "2 poin untuk setiap manfaat: 1 bila disebut.", "Dua poin: ya.", "4 poin:"])
def test_other_lines_are_none(rubric: str) -> None:
    assert criteria_in(rubric) == ()
    assert besides(rubric) == rubric
    assert listed(rubric) == rubric


def test_an_essay_is_judged_by_criteria_that_are_worth_its_points_together() -> None:
    essay = "____\n\n> [!RUBRIC]\n> 3 poin: satu.\n> 1 poin: dua."
    assert [one.text for one in question(essay, "points: 4").criteria()] == ["satu.", "dua."]
    assert question(essay, "points: 5").criteria() == ()
    told = [problem for problem in read(written(essay, "points: 5"))[1] if problem.code == "Q096"]
    assert ["berjumlah 4 poin, padahal soalnya 5 poin" in problem.message for problem in told] == [True]
    assert question("- (x) A {#a}\n- ( ) B {#b}").criteria() == ()
