"""What ``lms new`` writes is sound as it stands, and says what is left to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lms.catalog import check
from lms.catalog.load import load
from lms.catalog.source import Folder
from lms.cli import main
from lms.quiz.items.registry import ITEM_KINDS
from tests.conftest import PACK

#: What is left to do for whoever has written nothing yet.
LEFT = {"C013", "L011"}


def new(pack: Path, *arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, ["new", *arguments, "--pack", str(pack)], input=typed)


def added(pack: Path) -> list[str]:
    """What the check says beyond what it says of the sound pack."""
    known = set(check.check(Folder.at(PACK)))
    return [str(one) for one in check.check(Folder.at(pack)) if one not in known and one.code not in LEFT]


def whole_module(pack: Path) -> None:
    assert new(pack, "module", "waktu", "--title", "Waktu: siapa, kapan #1", "--agenda", "kosong").exit_code == 0
    assert new(pack, "lesson", "waktu", "Daftar kerja").exit_code == 0
    assert new(pack, "lesson", "waktu", "Rapat & notula").exit_code == 0
    assert new(pack, "quiz", "waktu", "--title", "Kuis waktu").exit_code == 0


def test_a_new_module_is_sound_and_says_where_there_is_something_to_write(pack: Path) -> None:
    whole_module(pack)
    assert added(pack) == []
    assert {one.path for one in check.check(Folder.at(pack)) if one.code == "C013"} == {
        "modules/waktu/index.md",
        "modules/waktu/01-daftar-kerja.md",
        "modules/waktu/02-rapat-notula.md",
        "quizzes/waktu.md",
    }


def test_a_new_module_holds_what_was_named_and_every_kind_of_question(pack: Path) -> None:
    whole_module(pack)
    catalog = load(Folder.at(pack))
    module = catalog.module("waktu")
    assert (module.title, module.agenda) == ("Waktu: siapa, kapan #1", "kosong")
    assert [lesson.title for lesson in module.lessons] == ["Daftar kerja", "Rapat & notula"]
    assert [len(lesson.checks) for lesson in module.lessons] == [1, 1]
    assert [item.kind for item in catalog.quiz("waktu").items] == list(ITEM_KINDS)


def test_a_regulation_and_a_term_are_added(pack: Path) -> None:
    assert new(pack, "regulation", "uu-9-2024", "--title", "UU 9/2024").exit_code == 0
    assert new(pack, "term", "Garis bilangan").exit_code == 0
    assert added(pack) == []
    catalog = load(Folder.at(pack))
    assert catalog.regulation("uu-9-2024").articles.keys() == {"1"}
    assert list(catalog.glossary) == ["pembilang", "penyebut", "garis-bilangan"]


def test_a_title_and_an_agenda_are_asked_for(pack: Path) -> None:
    told = new(pack, "module", "waktu", typed="Waktu\nkosong\n")
    assert (told.exit_code, load(Folder.at(pack)).module("waktu").agenda) == (0, "kosong")


def test_agendas_are_listed_by_name_and_asked_for_until_one_is_known(pack: Path) -> None:
    told = new(pack, "module", "waktu", "--title", "Waktu", typed="agenda-9\nkosong\n")
    assert told.exit_code == 0
    assert "  sejarah   Sejarah\n" in told.output
    assert "Agenda `agenda-9` tidak ada; pilih bilangan, sejarah, kosong." in told.output
    assert load(Folder.at(pack)).module("waktu").agenda == "kosong"


def test_a_title_of_several_words_needs_no_quotation_marks(pack: Path) -> None:
    assert new(pack, "lesson", "pecahan", "Tiga", "per", "empat").exit_code == 0
    assert new(pack, "term", "garis", "bilangan").exit_code == 0
    catalog = load(Folder.at(pack))
    assert catalog.lesson("pecahan/tiga-per-empat").title == "Tiga per empat"
    assert catalog.glossary["garis-bilangan"].term == "garis bilangan"


def test_what_is_written_says_where_the_guide_is(pack: Path) -> None:
    whole_module(pack)
    assert new(pack, "regulation", "uu-9-2024", "--title", "UU 9/2024").exit_code == 0
    assert "docs/id/penyunting.md" in new(pack, "term", "Garis bilangan").output
    for path in ("modules/waktu/index.md", "modules/waktu/01-daftar-kerja.md", "quizzes/waktu.md"):
        assert "# Panduan: docs/id/penyunting.md" in (pack / path).read_text(encoding="utf-8")
    assert "# Panduan: docs/id/penyunting.md" in (pack / "content/regulations/uu-9-2024.yml").read_text(
        encoding="utf-8"
    )


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["module", "Waktu Kerja", "--title", "x", "--agenda", "kosong"], "huruf kecil"),
        (["module", "waktu", "--title", "x", "--agenda", "tiada"], "pilih bilangan, sejarah, kosong"),
        (["module", "pecahan", "--title", "x", "--agenda", "kosong"], "sudah ada"),
        (["lesson", "tiada", "x"], "Modul `tiada` tidak ada; tulis dahulu: lms new module tiada"),
        (["lesson", "pecahann", "x"], "maksud Anda `pecahan`?"),
        (["module", "Waktu"], "huruf kecil"),  # before a title is asked for
        (["lesson", "pecahan", "Setengah"], "sudah ada"),
        (["lesson", "pecahan", "???"], "huruf kecil"),
        (["quiz", "sejarah", "--title", "x"], "sudah ada"),
        (["quiz", "../x", "--title", "x"], "huruf kecil"),
        (["regulation", "uu-baru", "--title", "x"], "sudah ada"),
        (["term", "pembilang"], "sudah ada"),
    ],
)
def test_what_cannot_be_written_is_told_and_changes_nothing(pack: Path, arguments: list[str], why: str) -> None:
    told = new(pack, *arguments)
    assert told.exit_code != 0
    assert why in told.output
    assert {path: path.read_bytes() for path in sorted(pack.rglob("*")) if path.is_file()} == {
        pack / path.relative_to(PACK): path.read_bytes() for path in sorted(PACK.rglob("*")) if path.is_file()
    }


def test_a_file_that_is_there_is_never_written_over(pack: Path) -> None:
    """A quiz that cannot be read is no quiz of the catalog, and yet a file."""
    (pack / "quizzes/rusak.md").write_text("bukan kuis", encoding="utf-8")
    told = new(pack, "quiz", "rusak", "--title", "x")
    assert (told.exit_code, (pack / "quizzes/rusak.md").read_text(encoding="utf-8")) == (2, "bukan kuis")
