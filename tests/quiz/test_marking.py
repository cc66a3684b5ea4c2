from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import ClassVar

import pytest
from latsar_calendar import CalendarDate

from lms.quiz import marking
from lms.quiz.definition import dump
from lms.quiz.item import Item, Mark, Response
from lms.quiz.quiz import Section
from lms.quiz.source import sample
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


def test_a_mark_tells_everything_of_its_item():
    item = replace(ONE, section="twk")
    assert marking.mark_item(item, ("a",)) == marking.ItemMark(
        item_id="satu", fraction=1, points=3, maximum=3, answered=True, pending=False, section="twk"
    )
    assert marking.mark_item(BAD, ("b",)) == marking.ItemMark(
        item_id="tiga", fraction=-1, points=-2, maximum=2, answered=True
    )
    waiting = marking.mark_item(replace(ESSAY, section="twk"), ("Teks.",))
    assert (waiting.points, waiting.answered, waiting.pending) == (0, True, True)
    assert marking.judged(waiting, 0.25) == replace(waiting, fraction=0.25, points=1, pending=False)


def test_a_score_tells_everything_of_its_sections():
    sections = (
        Section(id="twk", title="TWK", pass_points=3),
        Section(id="tiu", title="TIU", pass_share=0.5),
        Section(id="tkp", title="TKP"),
    )
    items = [replace(ONE, section="twk"), replace(BAD, section="tiu"), replace(ESSAY, section="tiu"), TWO]
    score = marking.mark(items, {"satu": ("a",), "tiga": ("b",), "empat": ("Teks.",), "dua": ("a",)}, 0.1, sections)
    assert score.points == pytest.approx(3 - 2 + 1 / 3)
    assert (score.maximum, score.pending, score.passed) == (10, 1, False)
    assert score.share == pytest.approx(score.points / 10)
    assert score.sections == (
        marking.SectionScore(id="twk", title="TWK", points=3, maximum=3, threshold=3, passed=True, pending=0),
        marking.SectionScore(id="tiu", title="TIU", points=0, maximum=6, threshold=3, passed=False, pending=1),
        marking.SectionScore(id="tkp", title="TKP", points=0, maximum=0, threshold=None, passed=True, pending=0),
    )
    assert [mark.section for mark in score.marks] == ["twk", "tiu", "tiu", ""]


@pytest.mark.parametrize(
    ("points", "maximum", "pass_mark", "passes"),
    [(7, 10, 0.7, True), (6.99, 10, 0.7, False), (0, 0, 0, True), (0, 0, 0.1, False), (7 - 1e-10, 10, 0.7, True)],
)
def test_a_share_reaches_what_it_is_or_more(points, maximum, pass_mark, passes):
    assert marking.reaches(points, maximum, pass_mark) is passes


def test_a_section_is_passed_though_rounding_alone_holds_it_below():
    parts = [replace(ONE, id=f"s{at}", points=0.1, section="twk") for at in range(10)]
    section = Section(id="twk", title="TWK", pass_points=0.7)
    given = {f"s{at}": ("a",) for at in range(7)}
    assert marking.mark(parts, given, 0, [section]).sections[0].passed
    given.pop("s6")
    assert not marking.mark(parts, given, 0, [section]).sections[0].passed


@pytest.mark.parametrize(
    ("item", "response", "standing"),
    [
        (ONE, ("a",), "right"),
        (TWO, ("a",), "partly"),
        (ONE, ("b",), "wrong"),
        (BAD, ("b",), "wrong"),
        (ONE, None, "unanswered"),
        (ESSAY, ("Begitu.",), "waiting"),
        (ESSAY, None, "unanswered"),
    ],
)
def test_what_became_of_a_question_has_one_word(item, response, standing):
    assert marking.mark_item(item, response).standing == standing


def test_what_counts_for_nobody_or_for_everybody_is_neither_wrong_nor_unanswered():
    blank = marking.mark_item(ONE, None)
    assert replace(blank, maximum=0).standing == "dropped"
    assert marking.judged(blank, 1.0).standing == "right"


def test_the_points_that_are_lacking_are_those_that_the_threshold_asks_for_besides():
    assert marking.lacking(5, 15, 0.7001) == pytest.approx(5.5015)
    assert marking.lacking(0.7 - 1e-12, 1, 0.7) == 0
    sections = [Section(id="s", title="S", pass_points=2)]
    (section,) = marking.mark([replace(ONE, section="s")], {}, 0, sections).sections
    assert section.lacking == 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Careless(CalendarDate):
    """A kind that says what is set of it."""

    says: ClassVar[object] = None

    def mark(self, response: Response | None) -> Mark:
        if isinstance(self.says, Exception):
            raise self.says
        return self.says  # type: ignore[return-value]


CARELESS: Item = Careless(**{name: value for name, value in dump(sample(CalendarDate)).items() if name != "kind"})


@pytest.mark.parametrize(
    "says",
    [
        *(Mark(share, answered=True) for share in (7.5, -1.5, float("nan"), float("inf"))),
        *(Mark(share, answered=True) for share in ("1", None, True, 1j)),
        *(Mark(1.0, answered=True, pending=True), Mark(1.0, answered=None), Mark(1.0, answered=True, pending="")),
        *(1.0, "benar", None, (1.0, True), ValueError("rusak"), RecursionError()),
    ],
    ids=repr,
)
def test_what_a_kind_may_not_say_waits_for_a_person(says, monkeypatch, caplog):
    monkeypatch.setattr(Careless, "says", says)
    given = marking.mark_item(CARELESS, ("2023-10-31",))
    assert (given.fraction, given.points, given.maximum) == (0, 0, 1)
    assert (given.answered, given.standing) == (True, "waiting")
    (told,) = caplog.records
    assert told.levelno == logging.ERROR
    assert all(word in told.getMessage() for word in ("'calendar_date'", Careless.__module__, CARELESS.id))
    assert marking.mark_item(CARELESS, None).standing == "unanswered"
    assert marking.judged(given, 0.5).points == 0.5


@pytest.mark.parametrize(
    "says", [Mark(1, answered=True), Mark(-1.0, answered=True), Mark(1 + 1e-12, answered=True)], ids=repr
)
def test_what_a_kind_may_say_counts(says, monkeypatch, caplog):
    monkeypatch.setattr(Careless, "says", says)
    assert marking.mark_item(CARELESS, ("2023-10-31",)).fraction == says.fraction
    assert caplog.records == []
