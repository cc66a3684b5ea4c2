"""What is wrong in the pack is told where an editor works, and nowhere else."""

from __future__ import annotations

import dataclasses
import re
import shutil
from pathlib import Path
from typing import Literal

import pytest
from flask import Flask

from lms.app import create_app
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


@pytest.mark.parametrize(
    ("file", "page"),
    [
        ("content/course.yml", "/materi"),
        ("content/glossary.yml", "/glosarium"),
        ("content/regulations/uu-baru.yml", "/regulasi"),
        ("content/regulations/uu-baru.yml", "/regulasi/uu-baru"),
        ("modules/desimal/01-koma.md", "/materi/desimal"),
    ],
)
def test_a_broken_file_is_told_where_its_content_is_missing(
    app: Flask, people: Cast, settings: Settings, file: str, page: str
) -> None:
    (Path(settings.pack) / file).write_text('title: "tidak ditutup', encoding="utf-8")
    editor = Visitor(app).sign_in("edsger")
    assert f"{file}:1" in told(editor, page)
    assert f"{file}:1" not in told(Visitor(app).sign_in("ada"), page)


def test_one_page_lists_everything_causes_first_and_leads_to_each_line(app: Flask, people: Cast) -> None:
    editor = Visitor(app).sign_in("edsger")
    page = told(editor, "/penyunting/perbaikan")
    codes = re.findall(r'class="soft">([A-Z]\d{3})', page)
    assert codes.index("Q031") < codes.index("X001"), "what keeps a quiz from being read comes before a reference"
    assert f"{len(codes)} hal perlu diperbaiki" in told(editor, "/beranda")
    line = next(href for href in re.findall(r'href="(/penyunting/perbaikan/[^"]*)"', page) if "01-setengah" in href)
    source, _, anchor = line.partition("#")
    shown = told(editor, source)
    mistaken = shown[shown.index(f'id="{anchor}" class="mistaken"') :]
    assert "Lihat [Pasal 9](reg:uu-lupa#9)." in mistaken
    assert "peraturan `uu-lupa` tidak ada" in mistaken


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("modules/pecahan/01-setengah.md", LESSON),
        ("modules/pecahan/index.md", "/materi/pecahan"),
        ("quizzes/semua-jenis.md", "/kuis/semua-jenis"),
        ("content/regulations/uu-baru.yml", "/regulasi/uu-baru"),
        ("content/glossary.yml", "/glosarium"),
        ("content/course.yml", "/materi"),
    ],
)
def test_a_file_leads_to_its_page(app: Flask, people: Cast, path: str, page: str) -> None:
    assert f'<a href="{page}">Lihat halamannya' in told(Visitor(app).sign_in("edsger"), f"/penyunting/perbaikan/{path}")


@pytest.mark.parametrize("path", ["content/tiada.yml", "content/../wsgi.py", "wsgi.py", "content/media/setengah.png"])
def test_only_texts_of_the_pack_are_shown(app: Flask, people: Cast, path: str) -> None:
    assert Visitor(app).sign_in("edsger").get(f"/penyunting/perbaikan/{path}").status_code == 404


def test_a_page_learns_that_a_file_changed(app: Flask, people: Cast, settings: Settings) -> None:
    visitor = Visitor(app)
    before = told(visitor, "/penyunting/versi")
    assert told(visitor, "/penyunting/versi") == before
    _add(Path(settings.pack) / "modules/pecahan/01-setengah.md", "\nLagi.\n")
    assert told(visitor, "/penyunting/versi") != before
    assert 'data-version="/penyunting/versi"' in told(visitor, "/")


@pytest.mark.parametrize("mode", ["production", "development"])
def test_only_a_pack_at_work_shows_its_files(settings: Settings, mode: Literal["production", "development"]) -> None:
    offered = create_app(dataclasses.replace(settings, mode=mode, pack=str(PACK))).view_functions
    assert ("mending.source" in offered) == (mode == "development")


def test_nobody_is_told_in_production(app: Flask, people: Cast) -> None:
    site = app.extensions["lms"]
    app.extensions["lms"] = dataclasses.replace(site, settings=dataclasses.replace(site.settings, mode="production"))
    assert "X001" not in told(Visitor(app).sign_in("edsger"), LESSON)
