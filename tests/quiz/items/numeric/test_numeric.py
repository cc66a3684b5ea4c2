from __future__ import annotations

import pytest

from lms.errors import Invalid
from tests.quiz.writing import mistakes, question


@pytest.mark.parametrize(
    ("answer", "right", "wrong"),
    [
        ("= 17", ["17", "17,0", "+17", "17.00"], ["17,1", "-17", "tujuh belas"]),
        ("= 3,14 ± 0,01", ["3.13", "3,15", "3,14"], ["3,1299", "3,1501"]),
        ("= 3.14 +- 0.01", ["3.15"], ["3.16"]),
        ("= 3..5", ["3", "4,2", "5"], ["2,9", "5,1"]),
        ("= -3..-1", ["-2", "−2", "- 1"], ["2"]),
        ("= 1000", ["1.000", "1,000", "1000", "1.000,0"], ["1", "10.00"]),
        ("= 1000000", ["1.000.000", "1,000,000.0"], ["1.000,000.0"]),
        ("= 17\n= 23", ["17", "23"], ["20"]),
    ],
)
def test_a_number_is_right_within_its_range(answer, right, wrong):
    item = question(answer)
    assert item.kind == "numeric"
    assert [item.mark((text,)).fraction for text in right] == [1] * len(right)
    assert [item.mark((text,)).fraction for text in wrong] == [0] * len(wrong)


def test_a_part_of_the_points_for_a_wider_range():
    item = question("= 10\n= 50% 9..11")
    assert [item.mark((text,)).fraction for text in ("10", "9", "8")] == [1, 0.5, 0]


def test_a_unit_may_be_typed():
    item = question("= 17", "unit: km")
    assert [item.mark((text,)).fraction for text in ("17 km", "17KM", "km 17", "17", "17 m")] == [1, 1, 1, 1, 0]
    assert item.solution() == ("17 km",)


def test_the_key_is_the_middle():
    item = question("= 3..4")
    assert (item.key(), item.solution()) == (("3,5",), ("3 sampai 4",))


def test_the_key_gets_full_marks_wherever_it_is_written():
    item = question("= 50% 8..9\n= 10")
    assert (item.key(), item.mark(item.key()).fraction) == (("10",), 1)


def test_one_line_that_is_no_number_makes_it_a_short_answer():
    assert question("= 27\n= dua puluh tujuh").kind == "short_answer"


def test_what_is_no_number_is_wrong_and_kept():
    item = question("= 17")
    response = item.accept(["tujuh belas"])
    assert response == ("tujuh belas",)
    assert item.mark(response).answered
    with pytest.raises(Invalid):
        item.accept(["1", "2"])


@pytest.mark.parametrize(
    ("answer", "code"),
    [("= tujuh", "Q055"), ("= 5..3", "Q056"), ("= 3 ± -1", "Q056"), ("= 1.000", "Q057"), ("= 17\n= 17,0", "Q053")],
)
def test_mistakes_have_codes(answer, code):
    assert mistakes(answer, "type: numeric") == {code}


def test_a_unit_belongs_to_numbers():
    assert mistakes("= Toba", "unit: km") == {"Q017"}
