from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.errors import Invalid
from lms.quiz.items.numbers import readings
from lms.quiz.key_form import KeyForm, Widget
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
        ("= −5", ["-5", "−5"], ["5"]),
        ("= − 5", ["-5"], ["5"]),
        ("= 0,0", ["0", "-0"], ["1"]),
        ("= 1.000,5", ["1000,5", "1.000,5", "1 000,5", "1\u00a0000.5"], ["1000", "1,0005"]),
        ("= Rp50.000", ["50000", "Rp 50.000,-", "rp50.000,00", "50.000 rupiah"], ["50", "50.000 cm"]),
        ("= 31,4 cm", ["31,4", "31.4 CM", "31,4cm"], ["31,4 m"]),
        ("= 1,5 juta", ["1.500.000", "1,5 juta", "1500 ribu"], ["1,5"]),
        ("= 50%", ["50", "50 %", "50 persen"], ["0,5"]),
        ("= 3..5", ["3-5", "3 sampai 4", "3 s.d. 5"], ["3-6", "2 – 4"]),
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


@pytest.mark.parametrize(
    ("answer", "unit", "right", "wrong"),
    [
        ("= 14", "unit: hari kerja", ["14.", " 14\u00a0 hari ", "14 Hari Kerja.", "14hari", "hari 14"], ["14 bulan"]),
        ("= 14", "unit: hari", ["14 hari", "14 HARI.", "\u200b14"], ["14 hari kerja", "14 bulan", "14 h", "14.5"]),
        ("= 1000000", "unit: rupiah per bulan", ["Rp1.000.000", "rp. 1.000.000,-", "1 juta rupiah."], ["1000000 %"]),
        ("= 70", "unit: persen", ["70 %", "70%.", "70 persen"], ["0,7", "70 poin"]),
        ("= 3", "unit: poin persen", ["3 poin", "3 poin persen"], ["3 persen"]),
        ("= 5", "unit: kg.", ["5 kg", "5 kg."], ["5 km"]),
        ("= -5..-3", "", ["–4.", "−5", "-4 — -3"], ["—"]),
        ("= 17", "", ["17."], ["17 hari", "17. 5"]),
    ],
)
def test_what_thumbs_add_to_a_number_is_forgiven_and_another_unit_is_not(answer, unit, right, wrong):
    item = question(answer, *filter(None, [unit]))
    assert item.kind == "numeric"
    assert [item.mark(item.accept([text])).fraction for text in right] == [1] * len(right)
    assert [item.mark(item.accept([text])).fraction for text in wrong] == [0] * len(wrong)
    assert item.accept(["14 hari."]) == ("14 hari.",)


def test_the_key_is_the_middle():
    item = question("= 3..4")
    assert (item.key(), item.solution()) == (("3,5",), ("3 sampai 4",))


def test_the_key_gets_full_marks_wherever_it_is_written():
    item = question("= 50% 8..9\n= 10")
    assert (item.key(), item.mark(item.key()).fraction) == (("10",), 1)


def test_one_line_that_is_no_number_makes_it_a_short_answer():
    assert question("= 27\n= dua puluh tujuh").kind == "short_answer"


@pytest.mark.parametrize(
    ("unit", "texts"),
    [
        (
            "",
            [
                "17",
                "17.",
                "-17",
                "− 5",
                "1 000,5",
                "Rp50.000,-",
                "50.000 rupiah",
                "1,5 juta",
                "3-5",
                "3 s.d. 5",
                "IDR 5",
            ],
        ),
        ("hari kerja", ["14 hari", "14 Hari Kerja.", "\u200b14", "3 sampai dengan 4 hari", "１４ hari"]),
        ("%", ["70 %", "70 persen", "3±1"]),
        ("m²", ["5 m2", "5 M²"]),
        ("1/100", ["5 1/100"]),
    ],
)
def test_a_script_doubts_no_number_that_is_one(unit, texts):
    item = question("= 17", f"unit: {unit}" if unit else "")
    for text in texts:
        assert item.doubt((text,)) is None, text
        assert re.fullmatch(item.pattern, unicodedata.normalize("NFKC", text).lower()), text


@pytest.mark.parametrize("text", ["tujuh belas", "14 bulan", "-", "hari", "sekitar 14", "14 hari lagi"])
def test_what_is_no_number_in_the_unit_is_doubted_by_page_and_script(text):
    item = question("= 14", "unit: hari kerja")
    assert "misalnya 14 atau 0,5" in item.doubt((text,))
    assert not re.fullmatch(item.pattern, text)


_PIECES = (
    "14",
    "1.000",
    "5",
    ",",
    ".",
    " ",
    "-",
    "–",
    "±",
    "rp",
    "%",
    "hari",
    "hari kerja",
    "juta",
    "sampai",
    "s.d.",
    "x",
)


@given(st.lists(st.sampled_from(_PIECES), max_size=8).map("".join))
@settings(max_examples=300, deadline=None)
def test_whatever_the_server_reads_as_a_number_a_script_lets_pass(text):
    item = question("= 14", "unit: hari kerja")
    assert item.doubt((text,)) or re.fullmatch(item.pattern, text)


def test_nothing_is_no_reason_for_doubt():
    assert question("= 14").doubt(None) is None


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


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1,0.5", []),
        ("1.000,5", ["1000.5"]),
        ("1.000", ["1000", "1.000"]),
        ("17 ", ["17"]),
        ("1" * 40, ["1" * 40]),
        ("1" * 41, []),
        (",5", []),
        ("5,", []),
    ],
)
def test_what_number_is_meant(text, numbers):
    assert [f"{number:f}" for number in readings(text)] == numbers


def test_answers_that_mean_one_number_are_alike_and_others_by_their_text():
    item = question("= 17")
    assert item.alike(("17",), ("17,0",))
    assert not item.alike(("17",), ("18",))
    assert item.alike(("tujuh",), ("tujuh",))
    assert not item.alike(("tujuh",), ("17",))
    assert not item.alike(("tujuh",), ("delapan",))


def test_a_typed_key_is_refused_by_its_lines():
    item, most = question("= 17"), "\n".join(f"{number}" for number in range(50))
    with pytest.raises(Invalid) as refused:
        item.with_key(KeyForm(Widget.LINES, {"": "17\n\nsatu\n5..3"}))
    first, second = str(refused.value.fields["key"]).split("Baris ")[1:]
    assert first.startswith("2: `satu` bukan angka")
    assert second.startswith("3: rentang `5..3` terbalik")
    assert len(item.with_key(KeyForm(Widget.LINES, {"": most})).accepted) == 50
    with pytest.raises(Invalid, match="Paling banyak 50 baris") as refused:
        item.with_key(KeyForm(Widget.LINES, {"": most + "\n50"}))
    assert str(refused.value) == str(refused.value.fields["key"])


def test_a_key_is_shown_in_its_form_as_it_is_typed_there():
    assert question("= 17\n= 50% 16..18").key_form().lines == "17\n50% 16..18"
