from __future__ import annotations

from dataclasses import replace

import pytest

from lms.errors import Invalid
from lms.quiz import marking, regrade
from lms.quiz.regrade import Accept, CannotRegrade, Drop, FullMarks, NewKey
from tests.quiz.writing import question

ITEM = question("- (x) A {#a}\n- ( ) B {#b}\n- ( ) C {#c}", "points: 2")
MENDED = question("- ( ) A {#a}\n- (x) B {#b}\n- ( ) C {#c}", "points: 2")
ESSAY = question("____")


def points(decision: regrade.Decision, item=ITEM) -> list[float]:
    return [regrade.mark(item, response, decision).points for response in (("a",), ("b",), ("c",), None)]


def test_a_new_key_marks_anew():
    assert points(NewKey(MENDED)) == [0, 2, 0, 0]


def test_several_are_accepted_besides_the_key():
    assert points(Accept((("b",),))) == [2, 2, 0, 0]


def test_full_marks_are_for_everybody():
    assert points(FullMarks()) == [2, 2, 2, 2]
    assert not regrade.mark(ESSAY, ("Teks.",), FullMarks()).pending


def test_a_dropped_question_counts_for_nobody():
    other = replace(ITEM, id="lain")
    marks = [regrade.mark(ITEM, ("b",), Drop()), marking.mark_item(other, ("a",))]
    assert (marking.total(marks, 1).points, marking.total(marks, 1).maximum) == (2, 2)
    assert marking.total(marks, 1).passed


@pytest.mark.parametrize("decision", [NewKey(MENDED), Accept((("b",),)), Drop(), FullMarks()])
def test_a_decision_that_reads_no_responses_gives_every_response_the_same(decision):
    same = [regrade.mark(ITEM, response, decision) for response in (("a",), ("b",), ("c",), None)]
    given = {(mark.points, mark.maximum, mark.pending) for mark in same}
    assert regrade.reads_responses(decision) == (len(given) > 1)


def test_accepted_texts_are_compared_as_texts_are():
    text = question("= Toba")
    assert regrade.mark(text, ("danau  TOBA",), Accept((("Danau Toba",),))).fraction == 1
    number = question("= 17", "unit: km")
    assert regrade.mark(number, ("18,0 km",), Accept((("18",),))).fraction == 1
    assert regrade.mark(number, ("banyak",), Accept((("18",),))).fraction == 0


@pytest.mark.parametrize(
    "decision",
    [
        NewKey(replace(MENDED, id="lain")),
        NewKey(replace(MENDED, points=3.0)),
        NewKey(question("= ya")),
        NewKey(question("- (x) A {#a}\n- ( ) D {#d}", "points: 2")),
        Accept(()),
        Accept((("",),)),
        Accept((("x",),)),
    ],
)
def test_a_decision_must_fit_its_question(decision):
    with pytest.raises(Invalid):
        regrade.check(ITEM, decision)


@pytest.mark.parametrize("decision", [NewKey(MENDED), Accept((("b",), ("c",))), Drop(), FullMarks()])
def test_a_decision_can_be_stored(decision):
    regrade.check(ITEM, decision)
    assert regrade.load(regrade.dump(decision)) == decision


def test_what_is_no_decision_is_refused():
    with pytest.raises(ValueError, match="unknown decision"):
        regrade.load({"action": "x"})
    assert issubclass(CannotRegrade, Invalid)
