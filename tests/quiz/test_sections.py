from __future__ import annotations

import random
from dataclasses import replace

import pytest

from lms.quiz import marking
from lms.quiz.passage import Passage
from lms.quiz.quiz import passages
from tests.quiz.writing import FULL, HEAD, codes, quiz, read_quiz

SKD = """\
---
title: Simulasi SKD
---

# Bagian: TWK {#twk}
pass: 5

## Satu {#twk-1}
points: 5

Apa?

- (x) A {#a}
- ( ) B {#b}

## Dua {#twk-2}
points: 5

Apa?

- (x) A {#a}
- ( ) B {#b}

# Bagian: TKP {#tkp}
pass: 60%

## Tiga {#tkp-1}
points: 5

Apa?

- (5) A {#a}
- (3) B {#b}
- (1) C {#c}
"""


def score(**given: str) -> marking.Score:
    skd = quiz(SKD)
    responses = {name.replace("_", "-"): (id,) for name, id in given.items()}
    return marking.mark(skd.items, responses, skd.pass_mark, skd.sections)


def test_a_section_has_its_threshold_in_points_or_percent():
    twk, tkp = quiz(SKD).sections
    assert (twk.title, twk.threshold(10)) == ("TWK", 5)
    assert (tkp.title, tkp.threshold(5)) == ("TKP", 3)


def test_a_quiz_is_passed_when_every_section_is():
    passed = score(twk_1="a", tkp_1="b")
    assert passed.passed
    assert [(one.id, one.points, one.maximum, one.threshold, one.passed) for one in passed.sections] == [
        ("twk", 5, 10, 5, True),
        ("tkp", 3, 5, 3, True),
    ]
    assert not score(twk_1="a", twk_2="a", tkp_1="c").passed
    assert not score(tkp_1="a").passed


def test_the_pass_mark_of_the_quiz_counts_when_it_is_given():
    strict = quiz(SKD.replace("title", "pass: 80\ntitle"))
    assert (quiz(SKD).pass_mark, strict.pass_mark) == (0, 0.8)
    responses = {"twk-1": ("a",), "tkp-1": ("b",)}
    assert not marking.mark(strict.items, responses, strict.pass_mark, strict.sections).passed


def test_a_section_without_threshold_passes():
    full = quiz(FULL.replace("pass: 2\n", ""))
    assert marking.mark(full.items, {"tiga": ("1=1",)}, 0.1, full.sections).passed


def test_items_know_their_section_and_passage():
    full = quiz(FULL)
    assert [item.section for item in full.items] == ["twk", "twk", "tiu"]
    bacaan = Passage(id="bacaan-satu", title="Bacaan", text="Sebuah teks untuk dua soal.")
    assert [item.passage for item in full.items] == [bacaan, bacaan, None]
    assert full.sections[0].introduction == "Wawasan kebangsaan."
    assert bacaan.text in full.items[1].texts()


def test_a_passage_is_shown_with_the_first_of_its_questions():
    full = quiz(FULL)
    assert list(passages(full.items)) == ["satu"]
    assert list(passages(full.items[::-1])) == ["dua"]


def test_questions_are_shuffled_within_their_section_and_passage():
    full = quiz(FULL)
    extra = tuple(replace(full.items[0], id=f"x{at}", passage=None) for at in range(4))
    bigger = replace(full, items=(*full.items, *extra), shuffle_questions=True)
    orders = {tuple(item.id for item in bigger.arranged(random.Random(seed))) for seed in range(40)}
    assert len(orders) > 5
    for order in orders:
        assert order[-1] == "tiga"
        assert order.index("dua") == order.index("satu") + 1


def test_questions_of_no_section_stand_before_the_sections():
    full = quiz(FULL)
    loose = replace(full.items[0], id="lepas", section="", passage=None)
    mixed = replace(full, items=(*full.items, loose), shuffle_questions=True)
    assert {mixed.arranged(random.Random(seed))[0].id for seed in range(5)} == {"lepas"}


def test_questions_keep_their_order_when_nobody_shuffles():
    full = replace(quiz(FULL), shuffle_questions=False)
    assert full.arranged(random.Random(1)) == full.items


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("# Bagian: TWK {#twk}", "# TWK {#twk}", "Q006"),
        (" {#twk}", "", "Q010"),
        ("{#twk}", "{#TWK}", "Q011"),
        ("{#tiu}", "{#twk}", "Q012"),
        ("pass: 2\n", "pass: dua\n", "Q070"),
        ("pass: 2\n", "pass: 4\n", "Q070"),
        ("pass: 70%\n", "pass: 101%\n", "Q070"),
        ("pass: 2\n", "lulus: 2\n", "Q014"),
        ("pass: 70%\n", "\n# Bagian: Kosong {#kosong}\n\n# Bagian: Lagi {#lagi}\n", "Q071"),
        ("for: [satu, dua]", "for: [satu, tak-ada]", "Q072"),
        ("for: [satu, dua]", "for:", "Q072"),
        ("## Satu {#satu}", "## Lain {#lain}\nfor: satu\n\nTeks.\n\n## Satu {#satu}", "Q073"),
        ("Sebuah teks untuk dua soal.", "", "Q074"),
        ("{#bacaan-satu}", "{#satu}", "Q012"),
        ("for: [satu, dua]", "for: [satu, dua]\npoints: 3", "Q014"),
    ],
)
def test_mistakes_have_codes(before, after, code):
    assert before in FULL
    assert code in codes(read_quiz(FULL.replace(before, after, 1))[1])


def test_a_line_that_only_begins_like_a_passage_is_a_question():
    for fields in ("tags: C1\n", ""):
        text = f"## Satu {{#satu}}\n{fields}\nfor: ini teks.\n\n= ya\n"
        assert quiz(HEAD + text).items[0].stem == "for: ini teks."


@pytest.mark.parametrize(
    ("written", "of_ten"),
    [("65", 65), ("0,5", 0.5), ("70%", 7), ("100 %", 10), ("66,6667%", 6.66667), ("0.01%", 0.001)],
)
def test_a_threshold_is_points_or_a_share(written, of_ten):
    text = FULL.replace("pass: 70%\n", f"pass: {written}\n")
    assert quiz(text).sections[1].threshold(10) == pytest.approx(of_ten, abs=1e-9)


@pytest.mark.parametrize("written", ["0", "0%", "100,1%", "-1", "dua", "1.00000", "٣"])
def test_a_threshold_that_says_nothing_is_refused(written):
    assert "Q070" in codes(read_quiz(FULL.replace("pass: 70%\n", f"pass: {written}\n"))[1])
