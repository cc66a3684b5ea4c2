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


def test_a_decision_keeps_what_the_question_asked_for():
    """A mended version is marked with its own key, for the points and in the section of what was answered."""
    item = replace(ITEM, section="twk")
    mended = replace(MENDED, section="", points=2.0)
    assert regrade.mark(item, ("b",), NewKey(mended)) == replace(
        marking.mark_item(item, ("b",)), fraction=1.0, points=2.0
    )
    for response, decision in ((("b",), Accept((("b",),))), (None, FullMarks())):
        before = marking.mark_item(item, response)
        assert regrade.mark(item, response, decision) == replace(before, fraction=1.0, points=2.0)
    assert regrade.mark(item, ("a",), Drop()).fraction == 0
    dropped = regrade.mark(replace(ESSAY, section="twk"), ("Teks.",), Drop())
    assert (dropped.fraction, dropped.points, dropped.maximum, dropped.pending) == (0, 0, 0, False)
    assert (dropped.section, dropped.answered) == ("twk", True)


def test_who_answered_nothing_is_not_among_the_accepted():
    assert not regrade.mark(ITEM, None, Accept((("b",),))).answered
    assert regrade.mark(ITEM, None, Accept((("b",),))).points == 0


@pytest.mark.parametrize(
    ("decision", "why"),
    [
        (NewKey(replace(MENDED, id="lain")), "soal yang sama, dengan jenis dan poin"),
        (NewKey(question("- (x) A {#a}\n- ( ) D {#d}", "points: 2")), "pilihan dan baris yang sama"),
        (Accept(()), "sedikitnya satu jawaban"),
    ],
)
def test_each_refusal_says_what_does_not_fit(decision, why):
    with pytest.raises(CannotRegrade, match=why):
        regrade.check(ITEM, decision)


def test_rows_must_be_those_that_were_answered():
    pairs = "- a {#a} => 1 {#k1}\n- b {#b} => 2 {#k2}"
    old, new = question(pairs), question(pairs.replace("{#b}", "{#c}"))
    with pytest.raises(CannotRegrade, match="pilihan dan baris yang sama"):
        regrade.check(old, NewKey(new))
    regrade.check(old, NewKey(question(pairs.replace("=> 1", "=> satu"))))


def test_a_decision_is_stored_in_words_that_stay():
    """What is stored is read for years."""
    assert regrade.dump(Drop()) == {"action": "drop"}
    assert regrade.dump(FullMarks()) == {"action": "full-marks"}
    assert regrade.dump(Accept((("b", "c"), ("a",)))) == {"action": "accept", "responses": [["b", "c"], ["a"]]}
    stored = regrade.dump(NewKey(MENDED))
    assert (stored["action"], set(stored)) == ("new-key", {"action", "item"})
