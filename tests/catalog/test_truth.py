"""What is to be read against the law is found, whatever was read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from lms.catalog import outcomes, truth
from lms.catalog.coverage import survey
from lms.catalog.load import load
from lms.catalog.source import Folder
from lms.catalog.truth import Review

TODAY = date(2026, 11, 29)


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def review(root: Path, today: date = TODAY) -> Review:
    catalog = load(Folder.at(root))
    assert not catalog.errors
    return truth.review(catalog, survey(catalog), today=today)


def check(root: Path, *lines: str) -> None:
    """Say of Pasal 3 ayat (2) of uu-baru how it was checked."""
    path = root / "content/regulations/uu-baru.yml"
    change(path, '  "3.2":\n', '  "3.2":\n' + "".join(f"    {line}\n" for line in lines))


def named(covered: tuple[truth.Covered, ...]) -> list[tuple[str, str]]:
    return [(one.regulation.id, row.locator) for one in covered for row in one.rows]


def test_an_article_that_nobody_checked_is_told_whether_cited_or_not(pack: Path) -> None:
    before = named(review(pack).never)
    assert ("uu-baru", "3.2") in before
    check(pack, "checked: 2026-11-01", "text: naskah")
    assert named(review(pack).never) == [one for one in before if one != ("uu-baru", "3.2")]


def test_what_was_checked_in_an_unsure_text_is_told_where_it_is_cited(pack: Path) -> None:
    check(pack, "checked: 2026-11-01", "text: berita", "confidence: medium")
    found = review(pack)
    assert ("uu-baru", "3.2") in named(found.unsure)
    assert ("uu-baru", "") in named(found.unsure), "its text was found nowhere"
    change(pack / "content/regulations/uu-baru.yml", "short:", "text: naskah\nshort:")
    assert named(review(pack).unsure).count(("uu-baru", "")) == 0


def test_what_was_checked_a_year_ago_is_due_again(pack: Path) -> None:
    check(pack, "checked: 2025-11-29", "text: naskah")
    assert named(review(pack).old) == []
    assert named(review(pack, date(2026, 11, 30)).old) == [("uu-baru", "3.2")]


def test_files_that_nobody_reviewed_or_long_ago_are_told(pack: Path) -> None:
    assert {one.path for one in review(pack).written} == {
        f"quizzes/{id}.md" for id in ("pecahan", "sejarah", "semua-jenis")
    }
    later = {one.path for one in review(pack, date(2027, 12, 31)).written}
    assert {"modules/pecahan/01-setengah.md", "content/regulations/uu-baru.yml"} <= later


def test_it_is_told_in_lines(pack: Path) -> None:
    told = truth.told(review(pack))
    assert told.startswith("Belum pernah diperiksa terhadap naskahnya (")
    assert "Pasal 3 ayat (2): Nilai dasar" in told
    assert "  quizzes/sejarah.md: belum pernah" in told
    assert truth.told(Review(never=(), unsure=(), old=(), written=())) == "Tidak ada yang perlu diperiksa."


def test_an_outcome_knows_its_questions_and_self_checks(pack: Path) -> None:
    change(pack / "quizzes/pecahan.md", "tags: ", "outcomes: sepertiga.1, sepertiga.1\ntags: ")
    change(pack / "quizzes/sejarah.md", "tags: ", "outcomes: pecahan/sepertiga.1\ntags: ")
    change(pack / "modules/pecahan/02-sepertiga.md", "tags: ", "outcomes: sepertiga.1\ntags: ")
    catalog = load(Folder.at(pack))
    found = {(one.lesson.id, one.place): one for one in outcomes.tested(catalog)}
    one = found["pecahan/sepertiga", 1]
    assert {asked.place.id for asked in one.questions} == {"pecahan", "sejarah"}
    assert len(one.questions) == 2, "naming it twice counts once"
    assert [asked.item.id for asked in one.checks] == ["cek-danau"]
    assert not one.empty
    assert found["pecahan/setengah", 1].empty
    assert f"     1     2  1. {one.text}" in outcomes.told(found.values())


def test_an_outcome_of_a_renamed_lesson_stays_tested(pack: Path) -> None:
    change(pack / "quizzes/pecahan.md", "tags: ", "outcomes: lama.1\ntags: ")
    change(pack / "modules/pecahan/02-sepertiga.md", "title:", "aliases: [pecahan/lama]\ntitle:")
    found = {one.lesson.id: one for one in outcomes.tested(load(Folder.at(pack)))}
    assert len(found["pecahan/sepertiga"].questions) == 1
