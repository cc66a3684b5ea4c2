from __future__ import annotations

from dataclasses import replace

import pytest

from lms.errors import Invalid
from tests.quiz.writing import codes, mistakes, question, read

ANSWER = "Pasal {{27 = dua puluh*}} itu {{(x) wajib / ( ) boleh}}."


def test_gaps_stand_in_the_stem_without_their_key():
    item = question(ANSWER)
    assert item.kind == "cloze"
    assert item.stem == "Pertanyaan?\n\nPasal {{1}} itu {{2}}."
    assert [(row.id, [option.text for option in row.options]) for row in item.rows()] == [
        ("1", []),
        ("2", ["boleh", "wajib"]),
    ]
    assert not any("dua puluh" in text for text in item.texts())


@pytest.mark.parametrize(
    ("response", "fraction"),
    [(("1=27", "2=a"), 1), (("1=Dua Puluh Tujuh",), 0.5), (("2=a",), 0.5), (("1=28", "2=b"), 0)],
)
def test_every_gap_counts_the_same(response, fraction):
    assert question(ANSWER).mark(response).fraction == fraction
    assert question(ANSWER).solution() == ("27 / dua puluh…", "wajib")
    assert question(ANSWER).rule


def test_a_form_sends_gaps_by_name():
    item = question(ANSWER)
    assert item.read({"answer-soal.1": [" a=b "], "answer-soal.2": ["b"]}) == ("1=a=b", "2=b")
    assert item.read({"answer-soal.1": [""], "answer-soal.2": [""]}) is None
    with pytest.raises(Invalid):
        item.read({"answer-soal.2": ["c"]})


def test_text_goes_on_after_a_gap():
    item, problems = read("## Judul {#soal}\n\nSatu {{a}}.\n\nLalu ini.\n\n- {{b}}\n\n> [!HINT]\n> Coba.")
    assert codes(problems) == set()
    assert item
    assert item.stem == "Satu {{1}}.\n\nLalu ini.\n\n- {{2}}"


def test_code_holds_no_gap():
    assert "Q031" in mistakes("Kode `{{x}}` saja.")
    assert question("Kode `{{x}}` dan {{y}}.").stem.endswith("Kode `{{x}}` dan {{1}}.")


def test_an_equals_sign_is_escaped():
    assert question("Tulis {{a\\=b}}.").mark(("1=a=b",)).fraction == 1


def test_what_thumbs_and_keyboards_do_to_a_gap_is_forgiven():
    item = question("Hari {{Jum'at = 5}} itu {{baik*}}.")
    for given in (("1=jum’at.", "2=baik."), ("1=Jum'at .", "2=Baik-baik"), ("1=5.", "2=baik\u00a0 sekali.")):
        assert item.mark(given).fraction == 1
    assert item.mark(("1=Jumat", "2=buruk.")).fraction == 0


def test_capitals_count_only_when_asked():
    assert question("{{ASN}} itu.", "case: yes").mark(("1=asn",)).fraction == 0


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("Satu {{}} dua.", "Q090"),
        ("Satu {{a = }} dua.", "Q090"),
        ("Satu {{*}} dua.", "Q090"),
        ("Satu {{(x) a}} dua.", "Q091"),
        ("Satu {{(x) a / (x) b}} dua.", "Q091"),
        ("Satu {{( ) a / ( ) b}} dua.", "Q091"),
        ("Satu {{a}} dan {{b.", "Q092"),
        ("Satu `{{1}}` dan {{b}}.", "Q093"),
        ("Satu {{a}}.\n\n= benar", "Q032"),
    ],
)
def test_mistakes_have_codes(answer, code):
    assert mistakes(answer) == {code}


@pytest.mark.parametrize(("options", "code"), [(26, set()), (27, {"Q091"})])
def test_a_menu_has_a_letter_for_every_option(options, code):
    menu = " / ".join(["(x) 0", *(f"( ) {number}" for number in range(1, options))])
    assert mistakes(f"Pilih {{{{{menu}}}}}.") == code


def test_a_gap_that_takes_nothing_cannot_be_made():
    item = question(ANSWER)
    for gaps in ((), (replace(item.gaps[0], accepted=()),), (replace(item.gaps[1], options=item.gaps[1].options[1:]),)):
        with pytest.raises(ValueError, match="gap"):
            replace(item, gaps=gaps)


@pytest.mark.parametrize(
    ("gap", "given", "right"),
    [
        ("1.000,5", "1000,5", True),
        ("1000", "1.000", True),
        ("27", "27,0", True),
        ("007", "7", False),
        ("3.10", "3,1", False),
        ("1.000", "1000", False),
        ("1.000", "1.000", True),
        ("dua", "2", False),
    ],
)
def test_a_gap_that_holds_a_number_takes_it_however_it_is_written(gap, given, right):
    assert question(f"{{{{{gap}}}}} itu.").mark((f"1={given}",)).fraction == right
