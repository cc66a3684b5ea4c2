"""What sets a practice apart from a quiz: its id, and which of the questions there are it asks."""

from __future__ import annotations

from dataclasses import replace

from lms.catalog.load import load
from lms.catalog.source import Folder
from lms.quiz.practice import About, Shape, Subject, chosen, is_practice, made_up, stands_for
from tests.catalog.memory import InMemory
from tests.conftest import PACK
from tests.quiz.writing import question

ONE = question("= 1")


def test_no_quiz_of_a_pack_has_an_id_of_a_practice() -> None:
    pack = InMemory.copy_of(Folder.at(PACK))
    pack.contents["quizzes/~kuis:pecahan.md"] = pack.contents["quizzes/pecahan.md"]
    assert not [id for id in load(pack).quizzes if is_practice(id)]


def test_its_id_says_what_it_stands_for() -> None:
    assert stands_for(About(Subject.QUIZ, "pecahan").quiz_id) == "pecahan"
    for about in (About(Subject.MODULE, "pecahan"), About(Subject.MISSED)):
        assert is_practice(about.quiz_id)
        assert stands_for(about.quiz_id) == ""
    assert stands_for("pecahan") == ""
    long = [About(Subject.LESSON, f"{'m' * 90}/{'s' * 100}{last}") for last in "ab"]
    assert all(len(about.quiz_id) <= 120 for about in long), "it fits the column"
    assert long[0].quiz_id != long[1].quiz_id


def test_of_parallel_questions_it_asks_one() -> None:
    items = [replace(ONE, id=id, family=family) for id, family in (("a", "x"), ("b", "x"), ("c", ""), ("d", ""))]
    assert [item.id for item in chosen(items, 2, lambda item: -ord(item.id))] == ["d", "c"]
    assert [item.id for item in chosen(items, 9, lambda item: -ord(item.id))] == ["d", "c", "b"]


def test_it_is_without_end_and_leaves_sections_behind() -> None:
    made = made_up(About(Subject.MIXED), "Latihan", [replace(ONE, section="twk")], Shape())
    assert (made.attempts, made.can_be_failed, made.sections) == (None, False, ())
    assert [item.section for item in made.items] == [""]
