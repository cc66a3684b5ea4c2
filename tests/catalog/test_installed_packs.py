"""A pack that pip installed is served by its name; what cannot be served is told by the names of the packages."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lms import create_app
from lms.catalog.source import NoPack, bundled, chosen
from lms.cli import main
from lms.config import Settings
from lms.plugins import PACKS, BadPlugin
from tests.conftest import PACK
from tests.installed import places, written_down


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where no setting and no folder says which pack is meant."""
    for name in [name for name in os.environ if name.startswith("LMS_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def site(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where packages are installed."""
    site = folder / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))
    return site


@pytest.fixture
def installed(folder: Path, site: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The pack ``kerja``, as `lms new pack` writes it."""
    assert lms("new", "pack", "kerja").exit_code == 0
    for place in places(folder / "kerja", site):
        monkeypatch.syspath_prepend(place)
    return folder / "kerja/latsar_pack_kerja"


def lms(*arguments: str, **settings: str) -> Result:
    return CliRunner(env=settings).invoke(main, list(arguments))


def test_a_pack_is_found_by_its_name_also_beside_its_source(installed: Path) -> None:
    assert (installed.parents[1] / "kerja").is_dir(), "a folder of this name, which is no pack"
    assert chosen("kerja").root == installed


def test_a_folder_comes_before_an_installed_pack(installed: Path, folder: Path) -> None:
    (folder / "lain").mkdir()
    (folder / "lain/quizzes").mkdir()
    written_down(folder / "site", "latsar-lain", {PACKS: {"lain": "latsar_pack_kerja"}})
    assert chosen("lain").root == folder / "lain"


def test_an_application_serves_it(installed: Path, folder: Path) -> None:
    settings = Settings(secret_key="x" * 40, database_url=f"sqlite:///{folder}/lms.db", pack="kerja")
    app = create_app(settings)
    assert "menulis-materi" in app.extensions["lms"].pack.current().modules
    app.extensions["lms"].database.dispose()


WORDS = [
    ["check", "kerja"],
    ["fmt", "./kerja"],
    ["coverage", "--pack", "kerja"],
    ["new", "quiz", "risiko", "--title", "Risiko", "--pack", "kerja"],
    ["new", "term", "Risiko", "--pack", "kerja/"],
]


@pytest.mark.parametrize("stray", [False, True], ids=["as written", "with a quiz beside the package"])
@pytest.mark.parametrize("arguments", WORDS, ids=" ".join)
def test_the_project_of_a_pack_that_is_not_installed_is_told_and_nothing_is_written(
    folder: Path, arguments: list[str], stray: bool
) -> None:
    assert lms("new", "pack", "kerja").exit_code == 0
    if stray:
        (folder / "kerja/quizzes").mkdir()
    before = sorted(folder.rglob("*"))
    told = lms(*arguments)
    assert told.exit_code == 2, told.output
    assert "a project whose pack lies in 'kerja/latsar_pack_kerja'; install it first (pip install" in told.output
    assert sorted(folder.rglob("*")) == before
    assert lms("check", "kerja/latsar_pack_kerja").exit_code == 0


def test_the_setting_may_not_name_such_a_project_either(folder: Path) -> None:
    assert lms("new", "pack", "kerja", "dua kata").exit_code == 0
    told = lms("check", LMS_PACK="dua kata")
    assert (told.exit_code, told.output.startswith("Error: LMS_PACK is 'dua kata', a project")) == (2, True)
    assert "--editable 'dua kata')" in told.output


def test_what_was_written_beside_the_package_does_not_hide_the_installed_pack(installed: Path, folder: Path) -> None:
    (folder / "kerja/quizzes").mkdir()
    assert chosen("kerja").root == installed


def test_a_package_in_a_folder_src_is_recognised_and_a_pack_with_a_project_file_stays_one(folder: Path) -> None:
    (folder / "proyek/src/latsar_lain/content").mkdir(parents=True)
    (folder / "proyek/setup.cfg").touch()
    assert "lies in 'proyek/src/latsar_lain'" in lms("check", "proyek").output
    (folder / "proyek/content").mkdir()
    assert chosen("proyek").root == folder / "proyek"


@pytest.mark.parametrize("arguments", [["check"], ["check", "kerja"], ["check", "./kerja/latsar_pack_kerja"]])
def test_a_command_takes_it_by_name_by_folder_or_from_the_setting(installed: Path, arguments: list[str]) -> None:
    told = lms(*arguments, "--stats", **({"LMS_PACK": "kerja"} if len(arguments) == 1 else {}))
    assert (told.exit_code, told.output.splitlines()[0]) == (0, "Tidak ada masalah.")
    assert "modul 1, materi 1 " in told.output


def test_every_command_about_a_pack_takes_its_name(installed: Path) -> None:
    assert "0 file(s) would change" in lms("fmt", "kerja", "--check").output
    assert "UU 20/2023" in lms("coverage", "--pack", "kerja").output
    assert "menulis-materi" in lms("search", "kejadian", "--pack", "kerja").output
    assert lms("new", "lesson", "menulis-materi", "Rapat", "--pack", "kerja").exit_code == 0
    assert (installed / "modules/menulis-materi/02-rapat.md").is_file()


@pytest.mark.parametrize(
    "arguments", [["lesson", "menulis-materi", "Rapat"], ["term", "Rapat"], ["quiz", "rapat"], ["module", "rapat"]]
)
def test_nothing_new_is_written_among_installed_packages(
    folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    """As pip installs a wheel: a copy of the package lies in the environment."""
    site = folder / "lib/site-packages"
    assert lms("new", "pack", "kerja", "proyek").exit_code == 0
    places(folder / "proyek", site)
    shutil.copytree(folder / "proyek/latsar_pack_kerja", site / "latsar_pack_kerja")
    monkeypatch.syspath_prepend(str(site))
    before = sorted(folder.rglob("*"))
    for told in (
        lms("new", *arguments, "--pack", "kerja"),
        lms("new", *arguments, LMS_PACK="kerja"),
        lms("new", *arguments, "--pack", "lib/site-packages/latsar_pack_kerja"),
    ):
        assert told.exit_code == 2, "and no title was asked for"
        assert told.output.startswith(f"Error: the pack lies in {site / 'latsar_pack_kerja'}, among installed packages")
        assert "pip install --no-deps --editable" in told.output
    assert sorted(folder.rglob("*")) == before
    assert lms("check", "kerja").exit_code == 0


def test_what_is_written_can_be_opened_where_the_command_was_given(
    installed: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = lms("new", "term", "Rapat", "--pack", "kerja").output
    assert told.startswith("Ditulis: kerja/latsar_pack_kerja/content/glossary.yml. ")
    (folder / "lain").mkdir()
    monkeypatch.chdir(folder / "lain")
    told = lms("new", "term", "Notula", "--pack", "kerja").output
    assert told.startswith(f"Ditulis: {installed}/content/glossary.yml. ")


def test_without_a_word_the_pack_is_that_of_the_setting_else_the_one_that_ships(folder: Path) -> None:
    assert "modul 3, " in lms("check", "--stats", LMS_PACK=str(PACK)).output
    assert chosen("") == bundled()
    told = lms("check", LMS_PACK="kerja")
    assert (told.exit_code, told.output.startswith("Error: LMS_PACK is 'kerja'")) == (2, True)


def test_an_unknown_name_is_told_with_the_nearest_and_all_that_are_installed(installed: Path, site: Path) -> None:
    written_down(site, "latsar-lain", {PACKS: {"aksi": "latsar_pack_kerja"}})
    told = lms("check", "kerya")
    assert told.exit_code == 2
    assert (
        "the pack is 'kerya', which is no folder here and no installed pack; write kerja (installed: aksi, kerja)"
        in told.output
    )
    with pytest.raises(NoPack, match=r"write the folder .*, or the name of an installed pack \(installed: aksi, kerja"):
        chosen("xyz")


def test_where_none_is_installed_that_is_told() -> None:
    with pytest.raises(NoPack, match="none is installed"):
        chosen("kerja")


def test_two_packages_with_one_name_are_both_told(installed: Path, site: Path) -> None:
    written_down(site, "latsar-lain", {PACKS: {"kerja": "latsar_lain"}})
    with pytest.raises(BadPlugin, match="the packages latsar-lain and latsar-pack-kerja each bring a pack 'kerja'"):
        chosen("kerja")


@pytest.mark.parametrize("value", ["latsar_tiada", "latsar_tiada.sub", "json", "???", "email"])
def test_a_package_that_brings_no_pack_is_told(site: Path, value: str) -> None:
    written_down(site, "latsar-rusak", {PACKS: {"rusak": value}})
    with pytest.raises(BadPlugin, match=r"the package latsar-rusak brings the pack 'rusak' as .*, which is no package"):
        chosen("rusak")


def test_a_pack_is_never_imported(installed: Path) -> None:
    (installed / "__init__.py").write_text("raise RuntimeError", encoding="utf-8")
    assert chosen("kerja").root == installed
