"""What is wrong in the pack is told where an editor works, and nowhere else."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest
from flask import Flask

from lms.config import Settings
from tests.conftest import PACK, Cast
from tests.visitor import Visitor

LESSON = "/materi/pecahan/setengah"


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """A pack at work: a lesson cites what is not in the register, and a quiz has a question without an answer."""
    pack = Path(shutil.copytree(PACK, tmp_path / "pack"))
    (lesson,) = (pack / "modules/pecahan").glob("*setengah.md")
    lesson.write_text(lesson.read_text(encoding="utf-8") + "\nLihat [Pasal 9](reg:uu-lupa#9).\n", encoding="utf-8")
    quiz = pack / "quizzes/sejarah.md"
    quiz.write_text(quiz.read_text(encoding="utf-8") + "\n## Kosong {#kosong}\n\nApa?\n", encoding="utf-8")
    return dataclasses.replace(settings, mode="development", pack=str(pack))


def told(visitor: Visitor, path: str) -> str:
    return visitor.get(path).get_data(as_text=True)


@pytest.mark.parametrize(("path", "code"), [(LESSON, "X001"), ("/kuis/sejarah", "Q031")])
def test_an_editor_reads_what_is_wrong_and_a_participant_does_not(
    app: Flask, people: Cast, path: str, code: str
) -> None:
    assert code in told(Visitor(app).sign_in("edsger"), path)
    assert code not in told(Visitor(app).sign_in("ada"), path)


def test_nobody_is_told_in_production(app: Flask, people: Cast) -> None:
    site = app.extensions["lms"]
    app.extensions["lms"] = dataclasses.replace(site, settings=dataclasses.replace(site.settings, mode="production"))
    assert "X001" not in told(Visitor(app).sign_in("edsger"), LESSON)
