"""What the shipped pack promises its readers; ``lms check --stats`` prints most of these numbers."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from lms.catalog import statistics
from lms.catalog.course_rules import LONGEST, SHORTEST
from lms.catalog.load import load
from lms.catalog.modules import words
from lms.catalog.source import bundled
from lms.quiz.items.single import Single

CATALOG = load(bundled())
BANK = [item for quiz in CATALOG.quizzes.values() for item in quiz.items]
CHECKS = [item for lesson in CATALOG.every_lesson for item in lesson.checks]
SINGLES = [item for item in BANK if isinstance(item, Single)]

#: The ten facts that are got wrong most often -> an article and what a question that asks about it must mention.
MOST_CHECKED = {
    "UU 5/2014 was revoked": ("uu-20-2023#76", "UU 5/2014"),
    "the seven values stand in Pasal 3 ayat (2)": ("uu-20-2023#3.2", "Pasal 3 ayat"),
    "the pass bands begin at 70,01": ("perlan-1-2021", "70,01"),
    "probation rests on PP 11/2017": ("pp-11-2017#34.1", "PP 11/2017"),
    "five articles on corruption moved into the criminal code": ("uu-1-2023#622.1.l", "Tipikor"),
    "moderate penalties are postponed": ("pp-94-2021#42", "PP 53/2010"),
    "KASN is no more and who watches over merit": ("uu-20-2023#70.3", "KASN"),
    "to learn is a duty": ("uu-20-2023#49.1", "wajib"),
    "20 JP are the least": ("pp-11-2017#203.4", "20 JP"),
    "training has three stages": ("perlan-1-2021", "MOOC, lalu e-learning"),
}


def stems(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def test_there_is_as_much_of_everything_as_promised() -> None:
    assert len(CATALOG.modules) >= 15
    assert len(CATALOG.every_lesson) >= 55
    assert len(BANK) >= 320


def test_every_lesson_is_long_enough_has_checks_and_cites() -> None:
    for lesson in CATALOG.every_lesson:
        assert SHORTEST <= words(lesson.body) <= LONGEST, lesson.path
        assert len(lesson.checks) >= 2, lesson.path
        assert lesson.citations, lesson.path
    assert SHORTEST >= 700


def test_every_module_has_a_quiz_of_fifteen_questions() -> None:
    for module in CATALOG.modules.values():
        assert any(len(quiz.items) >= 15 for quiz in module.quizzes), module.path


def test_every_question_names_its_article_its_level_and_its_reason() -> None:
    for item in BANK:
        assert item.cites, item.id
        assert len(statistics.levels([item])) == 1, item.id
        assert item.explanation, item.id
    assert [item.id for item in CHECKS if not item.explanation] == []


def test_a_third_of_the_questions_ask_to_apply_or_to_judge() -> None:
    counted = statistics.levels(BANK)
    assert sum(counted[level] for level in ("C3", "C4", "C5", "C6")) >= len(BANK) / 3


def test_every_option_has_its_feedback() -> None:
    silent = [f"{item.id}#{option.id}" for item in BANK + CHECKS for option in item.choices() if not option.feedback]
    assert silent == []


def test_keys_stand_at_every_place_about_equally_often() -> None:
    places = statistics.keys(item for item in SINGLES if len(item.options) == 4).places
    assert sorted(places) == [0, 1, 2, 3]
    for place, count in places.items():
        assert 0.15 <= count / places.total() <= 0.35, (place, count)


def test_the_longest_option_is_no_hint() -> None:
    assert statistics.keys(BANK).longest_share <= 0.35


def test_no_option_says_all_or_none_of_these() -> None:
    lazy = re.compile(r"^(semua|tidak ada yang) (benar|salah)|semua (jawaban|pilihan)", re.IGNORECASE)
    assert [option.text for item in SINGLES for option in item.options if lazy.search(option.text)] == []


def test_no_question_is_asked_twice() -> None:
    counted = Counter(stems(f"{item.stem}") for item in BANK + CHECKS)
    assert [stem for stem, count in counted.items() if count > 1] == []


@pytest.mark.parametrize("fact", MOST_CHECKED)
def test_what_is_most_often_got_wrong_is_asked(fact: str) -> None:
    cited, mentioned = MOST_CHECKED[fact]
    asking = [item for item in BANK if cited in item.cites]
    told = ["\n".join((item.stem, item.explanation, *map(str, item.choices()))) for item in asking]
    assert any(mentioned in text for text in told), [item.id for item in asking]


def test_the_core_of_the_law_is_named() -> None:
    assert len(CATALOG.course.core) >= 40


def test_an_exam_that_draws_from_the_quizzes_of_the_modules_shows_no_key_before_it_closes() -> None:
    """Its last attempt is not theirs: what it showed then, they would still ask."""
    for quiz in CATALOG.quizzes.values():
        assert not (quiz.draws and quiz.review.visible(submitted=True, last=True).reviewable), quiz.id
