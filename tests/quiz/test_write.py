from __future__ import annotations

import pytest

from lms.quiz.items.registry import ITEM_KINDS
from lms.quiz.source import sample
from lms.quiz.write import write, write_item
from tests.quiz.writing import FULL, question, quiz


@pytest.mark.parametrize("kind", ITEM_KINDS.values(), ids=ITEM_KINDS)
def test_the_type_is_named_only_where_it_must_be(kind):
    assert ("type:" in write_item(sample(kind))) == ("type:" in kind.example)


@pytest.mark.parametrize("kind", ITEM_KINDS.values(), ids=ITEM_KINDS)
def test_an_example_is_written_as_it_stands(kind):
    """A tolerance alone is written as the range that it is."""
    assert write_item(sample(kind)) == kind.example.rstrip().replace("31,4 ± 0,1", "31,3..31,5")


@pytest.mark.parametrize(
    ("answer", "fields"),
    [
        ("- a \\=> b {#a} => c {#k1}\n- d {#b} => e {#k2}", ""),
        ("- (100%) A {#a}\n- (-12,5%) B {#b}\n- (0,001%) C {#c}", ""),
        ("- [50%] A {#a}\n- [50%] B {#b fixed}", "scoring: signed"),
        ("= Ya\n= 12.5% Boleh *", "case: yes"),
        ("= 3..5\n= 50% -1\n= 0,5", "unit: km"),
        ("1. A {#a}\n2. B {#b}", "type: ordering\nscoring: partial"),
        ("- [x] A {#a}\n- [ ] B {#b}", "scoring: partial"),
        ("- [x] A {#a}\n- [ ] B {#b}", ""),
        ("- (x) A {#a}\n  > Ya.\n  >\n  > Sungguh.\n- ( ) B {#b}\n\n  lagi", ""),
        ("= ya\n\n> [!EXPLANATION]\n> Sebab.\n>\n> Begitulah.", ""),
        ("= Ya\n= 7% Boleh\n= 29% Mungkin\n= 55% Tentu", ""),
    ],
)
def test_an_answer_is_written_as_its_author_wrote_it(answer, fields):
    head = fields.replace("type: ordering\n", "")
    written = (
        f"## Judul {{#soal}}\n{head}\n\nPertanyaan?\n\n{answer}"
        if head
        else f"## Judul {{#soal}}\n\nPertanyaan?\n\n{answer}"
    )
    assert write_item(question(answer, fields)).replace("type: ordering\n", "") == written


def test_an_order_that_is_right_as_a_whole_says_no_more_than_its_kind():
    item = question("1. A {#a}\n2. B {#b}", "type: ordering")
    assert write_item(item) == "## Judul {#soal}\ntype: ordering\n\nPertanyaan?\n\n1. A {#a}\n2. B {#b}"


def test_gaps_that_ask_for_capitals_say_so():
    item = question("{{ASN}} dan {{(x) a / ( ) b}}.", "case: yes")
    assert write_item(item) == ("## Judul {#soal}\ncase: yes\n\nPertanyaan?\n\n{{ASN}} dan {{(x) a / ( ) b}}.")


def test_gaps_write_an_equals_sign_that_is_part_of_an_answer():
    item = question("Tulis {{a\\=b = c}}.")
    assert write_item(item).endswith("Tulis {{a\\=b = c}}.")


def test_texts_that_look_like_another_kind_name_theirs():
    assert "type: short_answer" in write_item(question("= 17", "type: short_answer"))


def test_a_quiz_is_written_as_authors_do():
    text = write(quiz(FULL))
    assert "time_limit: 1 jam 40 min\n" in text
    assert "shuffle: [questions, options]\n" in text
    assert '  - {tags: ["uu-20-2023"], count: 2, section: tiu}\n' in text
    assert "# Bagian: TWK {#twk}\npass: 2\n\nWawasan kebangsaan.\n" in text
    assert "# Bagian: TIU {#tiu}\npass: 70%\n" in text
    assert "## Bacaan {#bacaan-satu}\nfor: [satu, dua]\n" in text
    assert "catatan" not in text


def test_a_written_quiz_is_what_an_author_would_write():
    """Every word of it; the notes of editors are no part of the model."""
    by_hand = (
        FULL.replace("<!-- catatan penyunting -->\n\n", "")
        .replace("3,14 ± 0,01", "3,13..3,15")
        .replace("title: Kuis lengkap", 'title: "Kuis lengkap"')
    )
    by_hand = by_hand.replace("module: contoh", 'module: "contoh"').replace("after: awal", 'after: "awal"')
    by_hand = by_hand.replace("tags: [uu-20-2023]", 'tags: ["uu-20-2023"]')
    assert write(quiz(FULL)) == by_hand


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("review: never", "review: never"),
        ("review: after-submit", None),
        ("attempts: 3", "attempts: 3"),
        ('pass: "66,5"', "pass: 66.5"),
        ("pass: 0", None),
        ("time_limit: 90 menit", "time_limit: 1 jam 30 min"),
        ("time_limit: 2 h", "time_limit: 2 jam"),
        ("time_limit: 45 min", "time_limit: 45 min"),
        ("time_limit: 999 jam 75 min", "time_limit: 999 jam 75 min"),
        ("draw: [{tags: [a, b], count: 2}]", 'draw:\n  - {tags: ["a", "b"], count: 2}'),
        ("shuffle: [options]", "shuffle: [options]"),
        ("summary: Dua kata", 'summary: "Dua kata"'),
        ("layout: one-page", None),
        ("confidence: true", "confidence: true"),
    ],
)
def test_front_matter_is_written_where_it_says_something(line, written):
    question = "## A {#a}\n\nApa?\n\n= ya\n"
    head = "\n".join(["---", "title: Kuis", *([] if line.startswith("pass") else ["pass: 0"]), line, "---"])
    expected = "\n".join(["---", 'title: "Kuis"', *filter(None, [written]), "---"])
    assert write(quiz(f"{head}\n\n{question}")) == f"{expected}\n\n{question}"


def test_a_picture_and_a_table_stay_as_they_are():
    item = question("- (x) ![Peta](media/peta.svg) {#a}\n- ( ) B {#b}\n\n  | a | b |\n  |---|---|\n  | 1 | 2 |")
    assert item.choices()[0].text == "![Peta](media/peta.svg)"
    assert item.choices()[1].text.endswith("|---|---|\n| 1 | 2 |")
    assert question(item.written()).choices() == item.choices()
