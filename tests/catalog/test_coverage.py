"""Which article is taught and asked, and what was written before its regulation changed."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from lms.catalog import check
from lms.catalog.coverage import Row, as_csv, empty_only, survey, table
from lms.catalog.load import load
from lms.catalog.source import Folder
from tests.conftest import PACK

COVERED = survey(load(Folder.at(PACK)))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def row(root: Path, regulation: str, locator: str) -> Row:
    (found,) = (one for one in survey(load(Folder.at(root))) if one.regulation.id == regulation)
    return next(row for row in found.rows if row.locator == locator)


def test_an_article_knows_who_cites_it() -> None:
    article = row(PACK, "uu-baru", "3.2")
    assert [lesson.id for lesson in article.lessons] == ["pecahan/setengah"]
    assert (article.label, article.title, article.core) == ("Pasal 3 ayat (2)", "Nilai dasar", False)


def test_a_question_and_a_self_check_count_apart(pack: Path) -> None:
    change(pack / "quizzes/sejarah.md", "tags: C1", "tags: C1\ncites: uu-lama#4")
    change(pack / "modules/pecahan/01-setengah.md", "tags: C2", "tags: C2\ncites: uu-lama#4")
    article = row(pack, "uu-lama", "4")
    assert [(asked.item.id, asked.place.id) for asked in article.questions] == [("k-nilai", "sejarah")]
    assert [(asked.item.id, asked.place.id) for asked in article.checks] == [("cek-benar", "pecahan/setengah")]
    assert [lesson.id for lesson in article.lessons] == ["pecahan/setengah", "sejarah/aturan-lama"]
    assert not article.empty


def test_what_is_shown_as_code_or_text_cites_nothing(pack: Path) -> None:
    lesson = pack / "modules/desimal/01-koma.md"
    shown = "`[koma](reg:uu-baru#1)`, \\[koma](reg:uu-baru#1), `dua\nbaris [koma](reg:uu-baru#1)`"
    change(lesson, "koma.", f"{shown}.\n\n```\n[koma](reg:uu-baru#1)\n```\n")
    change(pack / "content/regulations/uu-baru.yml", "status: in-force", "status: amended\nchanged: 2026-12-01")
    assert row(pack, "uu-baru", "1").lessons == ()
    assert "desimal/koma" not in {one.id for one in row(pack, "uu-baru", "").lessons}
    told = [one.code for one in check.check(Folder.at(pack)) if one.path == "modules/desimal/01-koma.md"]
    assert "L015" in told, "it cites nothing"
    assert "R020" not in told


def test_whatever_a_page_shows_as_a_citation_counts(pack: Path) -> None:
    change(pack / "modules/desimal/01-koma.md", "adalah koma", 'adalah [koma](reg:uu-baru#1 "Pasal 1")')
    change(pack / "modules/pecahan/01-setengah.md", "> Tepat.", "> Tepat menurut [Pasal 4](reg:uu-lama#4).")
    assert [lesson.id for lesson in row(pack, "uu-baru", "1").lessons] == ["desimal/koma"]
    assert "pecahan/setengah" in {lesson.id for lesson in row(pack, "uu-lama", "4").lessons}


def test_who_cites_a_part_cites_the_whole_and_not_the_other_way_round(pack: Path) -> None:
    change(pack / "content/regulations/uu-baru.yml", '  "3.2":', '  "3":\n    title: A\n    gist: B\n  "3.2":')
    change(pack / "modules/desimal/01-koma.md", "adalah koma", "adalah [koma](reg:uu-baru#3)")
    assert {"pecahan/setengah", "desimal/koma"} <= {lesson.id for lesson in row(pack, "uu-baru", "3").lessons}
    assert "desimal/koma" not in {lesson.id for lesson in row(pack, "uu-baru", "3.2").lessons}
    assert "desimal/koma" in {lesson.id for lesson in row(pack, "uu-baru", "").lessons}


def test_empty_cells_are_all_that_is_left_when_asked() -> None:
    left = {one.regulation.id: [row.locator for row in one.rows] for one in empty_only(COVERED)}
    assert left == {"uu-baru": ["1", "3.2"], "uu-lama": ["", "4"]}


def test_the_table_and_the_csv_tell_the_same() -> None:
    told, listed = table(COVERED), list(csv.DictReader(io.StringIO(as_csv(COVERED))))
    assert "     1     –     –  Pasal 3 ayat (2): Nilai dasar" in told.splitlines()
    assert [line["lessons"] for line in listed if line["locator"] == "3.2"] == ["pecahan/setengah"]
    assert len(listed) == sum(len(one.rows) for one in COVERED)


def test_an_article_of_the_core_needs_a_lesson_and_a_question(pack: Path) -> None:
    with (pack / "content/course.yml").open("a", encoding="utf-8") as course:
        course.write("core:\n  - uu-baru\n  - uu-baru#1\n  - uu-lama#4\n")
    last = len((pack / "content/course.yml").read_text(encoding="utf-8").splitlines())
    found = [(one.line, one.code) for one in check.check(Folder.at(pack)) if one.path == "content/course.yml"]
    assert found == [(last - 1, "C010"), (last, "C011")]
    assert row(pack, "uu-baru", "1").core


def test_a_changed_status_lists_everything_that_rests_on_it(pack: Path) -> None:
    change(pack / "modules/sejarah/01-aturan-lama.md", "reviewed: 2026-11-23", "reviewed: 2026-12-02")
    register = pack / "content/regulations/uu-baru.yml"
    change(register, "status: in-force", "status: amended\nchanged: 2026-12-01")
    found = [(one.path, one.line, one.code) for one in check.check(Folder.at(pack)) if one.code in {"R020", "R021"}]
    lesson = pack / "modules/pecahan/01-setengah.md"
    cited = next(at for at, text in enumerate(lesson.read_text(encoding="utf-8").split("\n"), 1) if "reg:uu-b" in text)
    assert found == [("modules/pecahan/01-setengah.md", cited, "R020"), ("quizzes/pecahan.md", 14, "R021")]
    change(pack / "quizzes/pecahan.md", "module: pecahan", "module: pecahan\nreviewed: 2026-12-02")
    assert "R021" not in [one.code for one in check.check(Folder.at(pack))]
