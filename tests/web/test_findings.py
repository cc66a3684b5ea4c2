"""Each finding is said with its evidence, and what is not found is not said."""

from __future__ import annotations

import pytest
from flask import Flask

from lms.quiz.distribution import BILLION
from lms.quiz.item_analysis import Cell, ItemAnalysis, QuizAnalysis
from lms.quiz.items.choice import Choice
from lms.quiz.items.single import Single
from lms.web import findings
from tests.web.test_what_pages_tell import ON_SQLITE

pytestmark = ON_SQLITE

ITEM = Single(
    id="i",
    title="I",
    stem="Yang mana?",
    options=tuple(Choice(id=id, text=f"*Opsi* {id}", right=id == "a") for id in "abcd"),
)


def analysed(*given: tuple[str, int, int], right: str = "a") -> ItemAnalysis:
    """``given``: option, points elsewhere, by how many."""
    cells = [
        Cell((option,), BILLION * (option in right), BILLION * (rest + (option in right)), n)
        for option, rest, n in given
    ]
    scores = [(cell.score, cell.count) for cell in cells]
    return QuizAnalysis.of(scores, {("i", "m"): (1.0, cells)}).items["i", "m"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([("b", 9, 30), ("a", 5, 10), ("c", 2, 20), ("d", 2, 20)],
         ["Kunci mungkin B (“Opsi b”): 100% kelompok atas memilihnya; yang memilih kunci 0%."]),
        ([("b", 9, 18), ("a", 9, 18), ("a", 8, 9), ("c", 2, 20), ("d", 2, 20), ("b", 2, 2)],
         ["Mungkin ada dua jawaban benar: 40% kelompok atas memilih B (“Opsi b”), dan 60% memilih kunci."]),
        ([("a", 1, 40), ("b", 6, 12), ("c", 6, 14), ("d", 6, 14)], ["Daya beda negatif (-1): yang nilainya tinggi"]),
        ([("a", 8, 60), ("b", 2, 50), ("c", 3, 50)], ["Opsi D (“Opsi d”) tidak pernah dipilih (0 dari 160)."]),
        ([("a", 8, 60), ("b", 2, 60), ("c", 3, 59), ("d", 2, 1)],
         ["Opsi D (“Opsi d”) hampir tidak pernah dipilih (1 dari 180)."]),
        ([("a", 8, 100), ("a", 4, 95), ("b", 2, 2), ("c", 2, 1), ("d", 2, 1)], ["Terlalu mudah (97%)"]),
        ([("a", 8, 60), ("b", 3, 20), ("c", 3, 20), ("d", 3, 20)], []),
        ([("b", 9, 10), ("a", 2, 9)], []),  # 19: too few to say anything
    ],
    ids=["wrong-key", "two-answers", "against", "unchosen", "hardly-chosen", "too-easy", "healthy", "few"],
)  # fmt: skip
def test_a_finding_is_said_with_its_evidence(app: Flask, given: list[tuple[str, int, int]], said: list[str]) -> None:
    with app.test_request_context():
        sentences = [one.sentence for one in findings.told(ITEM, analysed(*given))]
        assert len(sentences) == len(said), sentences
        for sentence, expected in zip(sentences, said, strict=True):
            assert sentence.startswith(expected)


@pytest.mark.parametrize("right", ["b", "ab"], ids=["new key", "both accepted"])
def test_what_a_decision_has_mended_is_said_no_more(app: Flask, right: str) -> None:
    given = [("b", 9, 30), ("a", 5, 10), ("c", 2, 20), ("d", 2, 20)]
    with app.test_request_context():
        assert findings.told(ITEM, analysed(*given))
        assert findings.told(ITEM, analysed(*given, right=right)) == []


def test_evidence_for_editors_needs_enough_answers(app: Flask) -> None:
    with app.test_request_context():
        assert findings.evidence(ITEM, analysed(("b", 9, 10), ("a", 2, 9))) == ""
        assert findings.evidence(ITEM, None) == ""
        many = findings.evidence(ITEM, analysed(("a", 8, 60), ("b", 3, 20), ("c", 3, 20), ("d", 3, 20)))
        assert many == "Dari 120 percobaan pertama: tingkat kemudahan 50%, daya beda 1."
