from __future__ import annotations

from dataclasses import replace

import pytest

from lms.quiz import marking
from tests.quiz.writing import question

ONE = replace(question("- (x) A {#a}\n- ( ) B {#b}", "points: 3"), id="satu")
TWO = replace(question("- [x] A {#a}\n- [x] B {#b}\n- [x] C {#c}", "scoring: partial"), id="dua")
BAD = replace(question("- [100%] A {#a}\n- [-100%] B {#b}", "scoring: signed\npoints: 2"), id="tiga")
ESSAY = replace(question("____", "points: 4"), id="empat")


def test_points_are_added_up():
    score = marking.mark([ONE, TWO], {"satu": ("a",), "dua": ("a",)}, 0.8)
    assert score.points == pytest.approx(3 + 1 / 3)
    assert (score.maximum, score.passed, score.pending) == (4, True, 0)
    assert [mark.item_id for mark in score.marks] == ["satu", "dua"]


def test_what_is_missing_is_not_answered():
    score = marking.mark([ONE, TWO], {"satu": ("b",)}, 0.5)
    assert [mark.answered for mark in score.marks] == [True, False]
    assert (score.points, score.passed) == (0, False)


def test_a_share_that_rounding_alone_holds_below_passes():
    parts = [replace(ONE, id=f"s{at}", points=0.1) for at in range(10)]
    assert marking.mark(parts, {f"s{at}": ("a",) for at in range(7)}, 0.7).passed


def test_a_negative_mark_costs_other_points_but_not_below_zero():
    assert marking.mark([ONE, BAD], {"satu": ("a",), "tiga": ("b",)}, 0).points == 1
    assert marking.mark([BAD], {"tiga": ("b",)}, 0).points == 0


def test_an_essay_is_pending_until_somebody_judges_it():
    score = marking.mark([ONE, ESSAY], {"satu": ("a",), "empat": ("Teks.",)}, 0.7)
    assert (score.points, score.pending, score.passed) == (3, 1, False)
    marks = [score.marks[0], marking.judged(score.marks[1], 0.75)]
    judged = marking.total(marks, 0.7)
    assert (judged.points, judged.pending, judged.passed) == (6, 0, True)


def test_nothing_to_mark_is_nothing():
    assert marking.mark([], {}, 0.7).share == 0
