from __future__ import annotations

from dataclasses import replace

import pytest

from lms.errors import Invalid
from lms.quiz.items.weighted import Weighted
from tests.quiz.writing import mistakes, question

POINTS = "- (5) A {#a}\n- (3) B {#b}\n- (1) C {#c}"
SEVERAL = "- [50%] A {#a}\n- [50%] B {#b}\n- [-50%] C {#c}"


def test_points_count_by_the_largest():
    item = question(POINTS, "points: 5")
    assert item.kind == "weighted"
    assert item.worth() == {"a": 1, "b": 0.6, "c": 0.2}
    assert [item.mark((id,)).fraction for id in "abc"] == [1, 0.6, 0.2]
    assert (item.key(), item.solution()) == (("a",), ("A",))
    assert item.guess() == pytest.approx(0.6)


def test_points_may_be_parts_of_one():
    assert question("- (1) A {#a}\n- (0,5) B {#b}").worth() == {"a": 1, "b": 0.5}
    assert question("- (0,5) A {#a}\n- (0,25) B {#b}").worth() == {"a": 1, "b": 0.5}


def test_percent_count_as_they_stand():
    item = question("- (100%) A {#a}\n- (-25%) B {#b}\n- (0,5%) C {#c}\n- (−5%) D {#d}")
    assert [item.mark((id,)).fraction for id in "abcd"] == [1, -0.25, 0.005, -0.05]


def test_points_and_percent_that_mean_the_same_grade_the_same():
    percent = question("- (100%) A {#a}\n- (60%) B {#b}\n- (20%) C {#c}")
    assert percent.graded() == question(POINTS).graded()


@pytest.mark.parametrize(
    ("scoring", "chosen", "fraction"),
    [("clipped", "ab", 1), ("clipped", "ac", 0), ("clipped", "c", 0), ("signed", "c", -0.5), ("signed", "abc", 0.5)],
)
def test_several_weights_are_added_and_clipped(scoring, chosen, fraction):
    item = question(SEVERAL, f"scoring: {scoring}")
    assert item.mark(tuple(chosen)).fraction == fraction
    assert (item.key(), item.solution(), item.guess()) == (("a", "b"), ("A", "B"), None)
    assert ("mengurangi" in item.rule) == (scoring == "signed")


def test_round_brackets_take_one_option():
    with pytest.raises(Invalid):
        question(POINTS).accept(["a", "b"])
    assert question(SEVERAL).accept(["b", "a"]) == ("a", "b")


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("- (5) A\n- (50%) B", "Q080"),
        ("- [5] A\n- [2] B", "Q080"),
        ("- (5) A\n- (-6) B", "Q081"),
        ("- (0) A\n- (-1) B", "Q081"),
        ("- (120%) A\n- (5%) B", "Q081"),
        ("- (80%) A\n- (5%) B", "Q082"),
        ("- [50%] A\n- [40%] B", "Q082"),
        ("- (5) A\n- B", "Q044"),
        ("- (100%) A\n- [50%] B", "Q032"),
        ("- (5) A", "Q042"),
        ("- (5) A {#a}\n- (1) B {#a}", "Q045"),
    ],
)
def test_mistakes_have_codes(answer, code):
    assert code in mistakes(answer)


def test_a_rule_needs_several_options():
    assert mistakes(POINTS, "scoring: signed") == {"Q017"}


def test_a_link_is_no_weight():
    assert "Q031" in mistakes("- [5](https://contoh.id) A")


def test_what_is_worth_nothing_is_no_part_of_the_solution():
    item = question("- [100%] A {#a}\n- [0%] B {#b}\n- [-50%] C {#c}")
    assert (item.key(), item.solution()) == (("a",), ("A",))


def test_weights_add_up_to_everything_and_to_its_opposite_at_most():
    item = question("- [80%] A {#a}\n- [60%] B {#b}\n- [-80%] C {#c}\n- [-60%] D {#d}", "scoring: signed")
    assert [item.mark(tuple(chosen)).fraction for chosen in ("ab", "cd", "ad")] == [1, -1, pytest.approx(0.2)]


def mended(item: Weighted, *weights: str) -> dict[str, float]:
    sent = {f"weight-{id}": [text] for id, text in zip("abc", weights, strict=True)}
    return {one.id: one.weight for one in item.with_key(item.key_form().sent(sent)).options}


def test_a_key_is_mended_as_people_write_numbers():
    assert mended(question(POINTS), " 0,75 ", "−0,5", "0,1234567") == {"a": 0.75, "b": -0.5, "c": 0.123457}
    assert mended(question(POINTS), "1000", "-1000", "0") == {"a": 1000, "b": -1000, "c": 0}
    assert mended(question(SEVERAL), "100", "1", "-100") == {"a": 100, "b": 1, "c": -100}


@pytest.mark.parametrize(("answer", "weights"), [(POINTS, "1000,5 1 1"), (POINTS, "1 1 -1,5"), (SEVERAL, "100,5 1 1")])
def test_no_weight_goes_beyond_the_largest(answer, weights):
    with pytest.raises(Invalid):
        mended(question(answer), *weights.split())


def test_the_solution_names_every_option_that_adds_or_the_best_one():
    item = question("- [60%] A {#a}\n- [40%] B {#b}\n- [0%] C {#c}")
    assert (item.key(), item.solution()) == (("a", "b"), ("A", "B"))
    item = question("- (60%) A {#a}\n- (100%) B {#b}\n- (0%) C {#c}")
    assert (item.key(), item.solution()) == (("b",), ("B",))


def test_an_answer_that_another_key_took_is_worth_what_this_one_says():
    one, several = question(POINTS), question(SEVERAL, "scoring: signed")
    assert [one.mark(tuple(given)).fraction for given in ("ab", "z", "a")] == [0, 0, 1]
    assert [several.mark(tuple(given)).fraction for given in ("az", "z", "aa")] == [0.5, 0, 0.5]


def test_something_is_worth_something():
    item = question(POINTS)
    with pytest.raises(ValueError, match="worth"):
        replace(item, options=tuple(replace(one, weight=0.0) for one in item.options))


def test_small_parts_make_a_whole():
    assert question("- [99,5%] A {#a}\n- [0,5%] B {#b}\n- [-1%] C {#c}").mark(("a", "b")).fraction == 1
