"""Why an answer did not earn all points is said by its kind."""

from __future__ import annotations

import pytest

from tests.quiz.writing import question

SEVERAL = "- [x] A {#a}\n- [x] B {#b}\n- [ ] C {#c}"
MATCHED = "- A {#a} => 1 {#x}\n- B {#b} => 2 {#y}"
ORDERED = "1. Satu {#m}\n2. Dua {#c}\n3. Tiga {#x}"


@pytest.mark.parametrize(
    ("answer", "field", "response", "says"),
    [
        (SEVERAL, "scoring: partial", ("a", "c"), "1 dari 2 yang benar dipilih. 1 pilihan salah ikut dipilih."),
        (SEVERAL, "scoring: exact", ("a",), "1 dari 2 yang benar dipilih."),
        ("- (x) A {#a}\n- ( ) B {#b}", "", ("b",), None),
        ("= benar", "", ("false",), None),
        (MATCHED, "", ("a=x", "b=x"), "1 dari 2 pasangan tepat."),
        (ORDERED, "type: ordering", ("1=m", "2=x", "3=c"), "1 dari 3 butir di tempatnya."),
        ("= 10 ± 1", "", ("12",), "Selisihnya di luar yang masih diterima."),
        ("= 10 ± 1", "", ("sepuluhan",), "Jawaban ini tidak terbaca sebagai angka."),
        ("= 10", "", ("12",), None),
        ("= 10\n= 50% 12", "", ("12",), "Hampir tepat."),
        ("= Toba\n= 50% Tobba", "", ("tobba",), "Hampir tepat."),
        ("= Toba", "case: yes", ("toba",), "Katanya tepat, huruf besar dan kecilnya belum."),
        ("= Toba", "", ("Maninjau",), None),
        ("- (5) A {#a}\n- (4) B {#b}", "points: 5", ("b",), None),
        ("- [100%] A {#a}\n- [-50%] B {#b}", "", ("b",), "Bobot pilihan Anda berjumlah nol atau kurang."),
    ],
)
def test_a_kind_says_why_an_answer_did_not_earn_all_points(answer, field, response, says):
    item = question(answer, field)
    assert item.mark(response).fraction < 1
    assert item.lacking(response) == says


@pytest.mark.parametrize(
    ("answer", "field", "says"),
    [
        ("= 10 ± 1", "", "Selisih kecil masih diterima."),
        ("= 10", "", None),
        ("= Toba\n= 50% Tobba", "case: yes", "Jawaban yang hampir tepat mendapat sebagian nilai. "
         "Huruf besar dan kecil dibedakan."),
        ("= Toba", "", None),
    ],
)  # fmt: skip
def test_a_rule_is_told_where_an_answer_may_be_off_or_spelt_in_one_way_only(answer, field, says):
    assert question(answer, field).rule == says
