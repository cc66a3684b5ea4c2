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
    """A pack at work: a citation of what is not in the register, a question without an answer, texts over a limit."""
    pack = Path(shutil.copytree(PACK, tmp_path / "pack"))
    _add(pack / "modules/pecahan/01-setengah.md", "\nLihat [Pasal 9](reg:uu-lupa#9).\n")
    _add(pack / "quizzes/sejarah.md", "\n## Kosong {#kosong}\n\nApa?\n")
    _add(pack / "modules/desimal/01-koma.md", "\n## Judul\n" * 301)
    _add(pack / "modules/desimal/index.md", "\n- butir" * 2_001)
    _add(
        pack / "quizzes/pecahan.md",
        "\n## Tautan {#tautan}\n\n" + "[a](reg:uu-baru) " * 500 + "[b](reg:uu-baru)\n" * 101,
    )
    return dataclasses.replace(settings, mode="development", pack=str(pack))


def _add(file: Path, text: str) -> None:
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")


def told(visitor: Visitor, path: str) -> str:
    return visitor.get(path).get_data(as_text=True)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (LESSON, "X001"),
        ("/kuis/sejarah", "Q031"),
        ("/materi/desimal/koma", "T007"),
        ("/materi/desimal", "T009"),
        ("/kuis/pecahan", "T008"),
    ],
)
def test_an_editor_reads_what_is_wrong_and_a_participant_does_not(
    app: Flask, people: Cast, path: str, code: str
) -> None:
    assert code in told(Visitor(app).sign_in("edsger"), path)
    assert code not in told(Visitor(app).sign_in("ada"), path)


@pytest.mark.parametrize("path", ["/materi/desimal/koma", "/materi/desimal"])
def test_a_reader_of_a_text_over_a_limit_gets_the_page_and_a_sentence(app: Flask, people: Cast, path: str) -> None:
    page = Visitor(app).sign_in("ada").get(path)
    assert page.status_code == 200
    assert "Teks ini belum dapat ditampilkan" in page.get_data(as_text=True)


def test_nobody_is_told_in_production(app: Flask, people: Cast) -> None:
    site = app.extensions["lms"]
    app.extensions["lms"] = dataclasses.replace(site, settings=dataclasses.replace(site.settings, mode="production"))
    assert "X001" not in told(Visitor(app).sign_in("edsger"), LESSON)
