"""A pack on disk becomes one immutable catalog; what is wrong is told and the rest works."""

from __future__ import annotations

import dataclasses
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from lms.catalog.law import Status
from lms.catalog.load import load
from lms.catalog.model import BrokenQuiz, UnknownLesson, UnknownModule, UnknownPicture, UnknownQuiz
from lms.catalog.source import Folder
from tests.catalog.memory import InMemory
from tests.conftest import PACK

CATALOG = load(Folder.at(PACK))


def test_agendas_modules_and_lessons_stand_in_their_order() -> None:
    assert [agenda.id for agenda in CATALOG.agendas] == ["bilangan", "sejarah", "kosong"]
    assert list(CATALOG.modules) == ["pecahan", "desimal", "sejarah"]
    assert [lesson.id for lesson in CATALOG.every_lesson] == [
        "pecahan/setengah",
        "pecahan/sepertiga",
        "desimal/koma",
        "sejarah/aturan-lama",
    ]
    assert list(CATALOG.quizzes) == ["pecahan", "sejarah", "latihan", "semua-jenis"], "those of no module last"


def test_a_lesson_knows_its_texts_checks_and_minutes() -> None:
    lesson = CATALOG.lesson("pecahan/setengah")
    assert (lesson.title, lesson.reviewed, lesson.body_line) == ("Setengah", date(2026, 11, 23), 9)
    assert [check.id for check in lesson.checks] == ["cek-bagian", "cek-benar"]
    assert lesson.minutes == 1 + len(lesson.checks)
    assert not lesson.broken


def test_a_renamed_lesson_is_found_by_its_former_name() -> None:
    assert CATALOG.lesson("pecahan/separuh").id == "pecahan/setengah"


def test_previous_and_next_lead_through_lessons_and_quizzes() -> None:
    steps = [step.id for step in CATALOG.steps]
    assert steps == [
        *("pecahan/setengah", "pecahan/sepertiga", "pecahan"),
        *("desimal/koma", "sejarah/aturan-lama", "sejarah"),
    ]
    for before, after in zip(CATALOG.steps, CATALOG.steps[1:], strict=False):
        assert CATALOG.next(before) is after
        assert CATALOG.previous(after) is before
    assert CATALOG.previous(CATALOG.steps[0]) is None
    assert CATALOG.next(CATALOG.steps[-1]) is None


def test_a_quiz_has_its_rules() -> None:
    quiz = CATALOG.quiz("pecahan")
    assert (quiz.time_limit, quiz.attempts, quiz.pass_mark) == (timedelta(minutes=20), 2, 0.7)
    assert (quiz.shuffle_questions, quiz.shuffle_options, quiz.points) == (True, True, 5.0)


def test_the_register_knows_what_became_of_a_regulation() -> None:
    old = CATALOG.regulation("uu-lama")
    assert (old.status, old.stands, old.revoked_by) == (Status.REVOKED, False, ("uu-baru",))
    assert old.articles["4"].counterpart == (("uu-baru", "3.2"),)
    assert CATALOG.regulation("uu-baru").articles["3.2"].label == "Pasal 3 ayat (2)"
    assert [lesson.id for lesson in CATALOG.cited_in("uu-lama")["4"]] == ["sejarah/aturan-lama"]


def test_terms_and_pictures_are_found_by_every_name() -> None:
    assert CATALOG.term_forms["angka atas"] == "pembilang"
    picture = CATALOG.picture("media/setengah.svg")
    assert (picture.width, picture.height, picture.mimetype) == (120, 60, "image/svg+xml")


@pytest.mark.parametrize(
    ("ask", "error"),
    [
        (lambda catalog: catalog.lesson("pecahan/tiada"), UnknownLesson),
        (lambda catalog: catalog.module("tiada"), UnknownModule),
        (lambda catalog: catalog.quiz("tiada"), UnknownQuiz),
        (lambda catalog: catalog.picture("../../setup.cfg"), UnknownPicture),
    ],
)
def test_what_is_not_there_is_told(ask: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        ask(CATALOG)  # type: ignore[operator]


def test_a_catalog_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        CATALOG.lesson("pecahan/setengah").title = "x"  # type: ignore[misc]
    with pytest.raises(TypeError):
        CATALOG.quizzes["x"] = CATALOG.quiz("pecahan")  # type: ignore[index]


def test_a_broken_quiz_and_a_broken_self_check_do_not_stop_the_rest(tmp_path: Path) -> None:
    root = Path(shutil.copytree(PACK, tmp_path / "pack"))
    (root / "quizzes/sejarah.md").write_text("---\ntitle: Rusak\n---\n", encoding="utf-8")
    lesson = root / "modules/pecahan/01-setengah.md"
    lesson.write_text(lesson.read_text(encoding="utf-8").replace("- (x) Dua", "- ( ) Dua"), encoding="utf-8")
    catalog = load(Folder.at(root))
    with pytest.raises(BrokenQuiz):
        catalog.quiz("sejarah")
    found = catalog.lesson("pecahan/setengah")
    assert found.broken
    assert [check.id for check in found.checks] == ["cek-benar"]
    assert catalog.quiz("pecahan").items


def test_rules_of_completion_that_nobody_obeys_are_refused(tmp_path: Path) -> None:
    root = Path(shutil.copytree(PACK, tmp_path / "pack"))
    with (root / "content/course.yml").open("a", encoding="utf-8") as course:
        course.write("\ncompletion:\n  lesson: [read]\n")
    found = [one for one in load(Folder.at(root)).problems if one.path == "content/course.yml"]
    assert [(one.code, "completion" in one.message) for one in found] == [("F011", True)]


def test_a_module_whose_agenda_is_unknown_waits_at_the_end(tmp_path: Path) -> None:
    root = Path(shutil.copytree(PACK, tmp_path / "pack"))
    index = root / "modules/desimal/index.md"
    index.write_text(index.read_text(encoding="utf-8").replace("agenda: bilangan", "agenda: tiada"), encoding="utf-8")
    catalog = load(Folder.at(root))
    assert [module.id for module in catalog.agendas[-1].modules] == ["desimal"]
    assert "X008" in [problem.code for problem in catalog.problems]


def test_after_a_change_only_the_changed_files_are_read_anew() -> None:
    pack = InMemory.copy_of(Folder.at(PACK))
    before = load(pack)
    pack.replace("quizzes/sejarah.md", "title: ", "title: Lagi ")
    pack.replace("modules/desimal/01-koma.md", "title: ", "titel: ")
    after = load(pack)
    kept = {id: after.quiz(id) is quiz for id, quiz in before.quizzes.items()}
    assert [id for id, same in kept.items() if not same] == ["sejarah"]
    assert [one.id for one in after.every_lesson if one is not before.lesson_called(one.id)] == ["desimal/koma"]
    assert {(one.path, one.code) for one in after.errors} == {("modules/desimal/01-koma.md", "F011")}
    assert load(pack).errors == after.errors, "what is wrong in a file is told each time"


def test_the_digest_names_the_contents(tmp_path: Path) -> None:
    root = Path(shutil.copytree(PACK, tmp_path / "pack"))
    before = load(Folder.at(root)).digest
    assert load(Folder.at(root)).digest == before
    (root / "content/glossary.yml").write_text("x:\n  term: X\n  meaning: Y\n", encoding="utf-8")
    assert load(Folder.at(root)).digest != before
