"""A text over a limit is a mistake of its author, with file and line; no reader is refused for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from lms.app import BrokenPack, create_app
from lms.catalog import check, rendering
from lms.catalog.load import load
from lms.catalog.model import BrokenQuiz, Catalog
from lms.catalog.source import Folder
from lms.config import Settings
from lms.fields import Severity
from lms.markup import NOT_SHOWN, Slot, fragment, references
from tests.catalog.memory import InMemory
from tests.conftest import PACK
from tests.markup.conftest import World

LESSON, INDEX, QUIZ = "modules/pecahan/01-setengah.md", "modules/pecahan/index.md", "quizzes/pecahan.md"
MANY_HEADINGS = "\n## Judul\n" * 301
MANY_LINKS = "[a](reg:uu-baru) [b](reg:uu-baru)\n" * 301
QUESTION = "\n## Soal {#soal-%d}\n\nApa?\n\n- (x) Ini {#a}\n- ( ) Itu {#b}\n"


@pytest.fixture
def memory() -> InMemory:
    return InMemory.copy_of(Folder.at(PACK))


def errors(found: Catalog) -> list[str]:
    return [f"{one.path}:{one.line}: {one.code}" for one in found.problems if one.severity is Severity.ERROR]


def checked(memory: InMemory) -> list[str]:
    found = [one for one in check.check(memory) if one.severity is Severity.ERROR]
    return [f"{one.path}:{one.line}: {one.code}" for one in found]


def add(memory: InMemory, path: str, text: str) -> int:
    """The number of the line before what is added."""
    before = memory.contents[path].decode()
    memory.contents[path] = (before + text).encode()
    return before.count("\n")


def test_a_lesson_over_a_limit_is_told_once_with_its_line_and_keeps_its_self_checks(memory: InMemory) -> None:
    headings = (
        load(memory).lesson("pecahan/setengah").body.count("\n## ") - 2
    )  # those of its self-checks are no headings
    last = add(memory, LESSON, MANY_HEADINGS) + 2 * (301 - headings - 1)
    catalog = load(memory)
    assert errors(catalog) == checked(memory) == [f"{LESSON}:{last}: T007"]
    lesson = catalog.lesson("pecahan/setengah")
    assert lesson.broken
    assert rendering.lesson(catalog, lesson).parts == (NOT_SHOWN, Slot(0), Slot(1))
    assert lesson.citations is not None


def test_an_introduction_over_a_limit_is_told_and_not_shown(memory: InMemory) -> None:
    add(memory, INDEX, MANY_HEADINGS)
    catalog = load(memory)
    assert [one.rpartition(": ")[2] for one in errors(catalog)] == ["T007"]
    assert checked(memory) == errors(catalog)
    assert rendering.fragment(catalog, catalog.module("pecahan").introduction, "pecahan") == NOT_SHOWN


def test_a_question_over_a_limit_makes_its_quiz_a_broken_one(memory: InMemory) -> None:
    first = add(memory, QUIZ, QUESTION % 1 + "\n> [!EXPLANATION]\n> " + MANY_LINKS.replace("\n", "\n> ")) + 10
    catalog = load(memory)
    assert errors(catalog)[:1] == [f"{QUIZ}:{first + 300}: T008"]
    assert [one for one in checked(memory) if one.startswith(QUIZ)] == errors(catalog)[:1]
    with pytest.raises(BrokenQuiz):
        catalog.quiz("pecahan")


def test_a_self_check_over_a_limit_is_shown_as_code(memory: InMemory) -> None:
    memory.replace(LESSON, "Setengah adalah satu", MANY_LINKS + "Setengah adalah satu")
    catalog = load(memory)
    assert [one.rpartition(": ")[2] for one in errors(catalog)] == ["T008"]
    assert checked(memory) == errors(catalog)
    lesson = catalog.lesson("pecahan/setengah")
    assert (lesson.broken, len(lesson.checks)) == (True, 1)
    assert sum(isinstance(part, Slot) for part in rendering.lesson(catalog, lesson).parts) == 1


def test_a_quiz_may_hold_more_questions_than_a_text_headings(memory: InMemory) -> None:
    add(memory, QUIZ, "".join(QUESTION % number for number in range(400)))
    assert errors(load(memory)) == checked(memory) == []


def test_references_of_a_question_are_read_whatever_the_quiz_holds_besides(memory: InMemory) -> None:
    questions = [QUESTION % number for number in range(400)]
    questions[399] = questions[399].replace("Apa?", "Apa [ini](reg:tiada)?")
    last = add(memory, QUIZ, "".join(questions)) + 399 * 7 + 4
    assert checked(memory) == [f"{QUIZ}:{last}: X001"]


def test_a_version_of_a_question_from_before_the_limits_is_no_error_for_its_readers(memory: InMemory) -> None:
    catalog = load(memory)
    assert rendering.fragment(catalog, MANY_LINKS) == rendering.inline(catalog, MANY_LINKS) == NOT_SHOWN


def test_production_does_not_start_with_a_text_over_a_limit(memory: InMemory, tmp_path: Path) -> None:
    add(memory, LESSON, MANY_HEADINGS)
    for path, data in memory.contents.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    with pytest.raises(BrokenPack, match=f"{LESSON}:[0-9]+: T007"):
        create_app(
            Settings(mode="production", secret_key="x" * 40, pack=str(tmp_path), trusted_hosts=("contoh.example",))
        )


def test_a_reference_among_the_most_that_is_accepted_is_read() -> None:
    text = "[a](reg:uu-baru#1)\n" * 600
    assert len(references(text)) == fragment(text, World()).count("<a ") == 600
