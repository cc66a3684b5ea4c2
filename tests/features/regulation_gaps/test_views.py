"""An instructor sees which articles their cohort misses most, a participant which they miss themselves."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from lms.learning import gaps
from tests.conftest import Cast, Statements
from tests.features.attempts.test_views import RIGHT, form, start
from tests.visitor import Visitor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WRONG = RIGHT | {"k-terbesar": ["b"]}


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_what_is_missed_is_told_with_the_lesson_to_give_once_enough_answered(
    app: Flask, people: Cast, statements: Statements, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, grace = Visitor(app).sign_in("ada"), Visitor(app).sign_in("grace")
    address = f"/pengampu/angkatan/{people.cohort}/dasar-hukum"
    assert "Belum ada" in grace.get(address).get_data(as_text=True)
    path = start(ada)
    ada.post(f"{path}/kumpulkan", form(WRONG, action="submit", confirmed="1"))
    told = words(grace.get(address).get_data(as_text=True))
    assert "Kurang dari 20 jawaban: 1 pasal" in told
    monkeypatch.setattr(gaps, "FEWEST", 1)
    page = grace.get(address).get_data(as_text=True)
    assert re.search(r"Pasal 1 1 soal Terbesar \(Kuis pecahan, 100%\) 100% 1 \S", words(page))
    assert "C2" not in words(page), "how deep a question goes is no topic"
    assert statements.of(lambda: grace.get(address)) <= 4


def test_a_participant_reads_what_they_miss_beside_their_progress(app: Flask, people: Cast) -> None:
    ada = Visitor(app).sign_in("ada")
    assert "paling sering meleset" not in ada.get("/progres").get_data(as_text=True)
    for given in (WRONG, RIGHT):
        path = start(ada)
        ada.post(f"{path}/kumpulkan", form(given, action="submit", confirmed="1"))
        told = words(ada.get("/progres").get_data(as_text=True))
        missed = "100% meleset dari 1 soal" in told
        assert missed == (given is WRONG), "as it was answered last"
