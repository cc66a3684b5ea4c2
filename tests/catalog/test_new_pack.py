"""``lms new pack`` writes a package that is sound as it stands, and never over what is there."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lms.catalog import check
from lms.catalog.load import load
from lms.catalog.source import Folder
from lms.cli import main

ROOT = Path(__file__).parents[2]


def new(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["new", "pack", *map(str, arguments)])


@pytest.mark.parametrize("name", ["kerja", "k3-2026", "class", "a" * 100])
def test_it_is_sound_as_it_stands(tmp_path: Path, name: str) -> None:
    assert new(name, tmp_path / "baru").exit_code == 0
    project = tomllib.loads((tmp_path / "baru/pyproject.toml").read_text(encoding="utf-8"))["project"]
    ((named, module),) = project["entry-points"]["lms.packs"].items()
    assert (named, module.isidentifier()) == (name, True)
    folder = Folder.at(tmp_path / "baru" / module)
    assert check.check(folder) == []
    catalog = load(folder)
    ((_, only),) = catalog.modules.items()
    assert [len(lesson.checks) for lesson in only.lessons] == [1]
    assert [len(quiz.items) for quiz in catalog.quizzes.values()] == [2]


def test_its_own_test_passes_and_fails_for_a_mistake(tmp_path: Path) -> None:
    assert new("kerja", tmp_path / "baru").exit_code == 0
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly"]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    assert subprocess.run(command, cwd=tmp_path / "baru", env=env, check=False, capture_output=True).returncode == 0
    (tmp_path / "baru/latsar_pack_kerja/content/course.yml").write_text("title: Rusak\n", encoding="utf-8")
    failed = subprocess.run(command, cwd=tmp_path / "baru", env=env, check=False, capture_output=True, text=True)
    assert failed.returncode == 1
    assert "content/course.yml:1:" in failed.stdout


def test_a_file_that_was_deleted_stays_out_of_the_next_wheel_as_the_readme_builds_it(tmp_path: Path) -> None:
    root = tmp_path / "baru"
    assert new("kerja", root).exit_code == 0
    before, command = (root / "README.md").read_text(encoding="utf-8").split("```")[-2].strip().split("\n")
    assert command.startswith("pip wheel ")
    quiz = "latsar_pack_kerja/quizzes/menulis-materi.md"
    for is_there in (True, False):
        subprocess.run(before, shell=True, cwd=root, check=True)
        build = [sys.executable, "-c", f"from setuptools import build_meta as b; b.build_wheel({str(tmp_path)!r})"]
        subprocess.run(build, cwd=root, check=True, capture_output=True)
        (wheel,) = tmp_path.glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            assert (quiz in archive.namelist()) == is_there
        (root / quiz).unlink(missing_ok=True)


def test_without_a_folder_it_takes_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "Ditulis: kerja." in new("kerja").output
    assert (tmp_path / "kerja/README.md").is_file()


def test_what_to_do_next_can_be_copied_into_a_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    next_step = new("spasi", "folder dengan spasi").output.split("Lalu: ")[1].split(", dan ")[0]
    *_, where = shlex.split(next_step)
    assert (tmp_path / where / "pyproject.toml").is_file()


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    assert new("kerja", tmp_path).exit_code == 0


@pytest.mark.parametrize(
    ("name", "folder", "code", "why"),
    [
        ("kerja", "penuh", 2, "there is something in"),
        ("kerja", "penuh/berkas", 2, "berkas was not written: File exists"),
        ("Kerja", "baru", 1, "huruf kecil"),
        ("../kerja", "baru", 1, "huruf kecil"),
    ],
)
def test_what_cannot_be_written_is_told_and_changes_nothing(
    tmp_path: Path, name: str, folder: str, code: int, why: str
) -> None:
    (tmp_path / "penuh").mkdir()
    (tmp_path / "penuh/berkas").write_text("x", encoding="utf-8")
    told = new(name, tmp_path / folder)
    assert (told.exit_code, why in told.output) == (code, True), told.output
    assert [path.name for path in sorted(tmp_path.rglob("*"))] == ["penuh", "berkas"]
