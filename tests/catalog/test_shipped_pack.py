"""What the shipped pack promises its readers; ``lms check --stats`` prints most of these numbers."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from lms.catalog import guessing, outcomes, statistics, truth
from lms.catalog.course_rules import LONGEST, SHORTEST
from lms.catalog.coverage import survey
from lms.catalog.likeness import alike, given_away
from lms.catalog.load import load
from lms.catalog.modules import words
from lms.catalog.source import bundled
from lms.quiz.draw import fill
from lms.quiz.item import Item
from lms.quiz.items.single import Single
from lms.quiz.quiz import Quiz

CATALOG = load(bundled())
BANK = [item for quiz in CATALOG.quizzes.values() for item in quiz.items]
CHECKS = [item for lesson in CATALOG.every_lesson for item in lesson.checks]
REVIEW = Path(__file__).parents[2] / "docs/content-review.md"
SINGLES = [item for item in BANK if isinstance(item, Single)]

SKILL = "keterampilan"
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


def test_there_is_as_much_of_everything_as_promised() -> None:
    assert len(CATALOG.modules) >= 15
    assert len(CATALOG.every_lesson) >= 55
    assert len(BANK) >= 600


#: Kind -> how many questions and self-checks of it there are at least.
MET = {"ordering": 12, "matching": 12, "cloze": 8, "numeric": 8, "essay": 12}


@pytest.mark.parametrize("kind", MET)
def test_every_kind_is_met(kind: str) -> None:
    assert sum(item.kind == kind for item in BANK + CHECKS) >= MET[kind]


def test_hints_help_where_a_question_has_steps() -> None:
    assert sum(bool(item.hint) for item in BANK) >= 20


def test_a_quiz_that_counts_waits_for_nobody() -> None:
    """An essay has no mark until a person gave one."""
    assert [
        item.id for quiz in CATALOG.quizzes.values() if quiz.module for item in quiz.items if item.key() is None
    ] == []


def test_every_lesson_is_long_enough_has_checks_and_cites() -> None:
    for lesson in CATALOG.every_lesson:
        assert SHORTEST <= words(lesson.body) <= LONGEST, lesson.path
        assert len(lesson.checks) >= 2, lesson.path
        assert lesson.citations, lesson.path
    assert SHORTEST >= 700


def test_every_module_has_a_quiz_of_fifteen_questions_and_asks_anew_the_second_time() -> None:
    for module in CATALOG.modules.values():
        for quiz in module.quizzes:
            first, second = (
                {item.id for item in fill(quiz, (), seen=seen, rng=random.Random(1)).items}
                for seen in _two_attempts(quiz)
            )
            assert len(first) == len(second) >= 15, quiz.id
            assert first.isdisjoint(second), quiz.id


def _two_attempts(quiz: Quiz) -> Iterator[frozenset[str]]:
    """What somebody has met before their first attempt, and before their second."""
    yield frozenset()
    yield frozenset(item.id for item in fill(quiz, (), seen=(), rng=random.Random(1)).items)


def test_every_question_names_its_article_its_level_and_its_reason() -> None:
    """A citation is evidence; what no law decides says that it is a skill."""
    for item in BANK:
        assert bool(item.cites) != (SKILL in item.tags), item.id
        assert len(statistics.levels([item])) == 1, item.id
        assert item.explanation, item.id
    assert [item.id for item in CHECKS if not item.explanation] == []


def test_a_third_of_the_questions_ask_to_apply_or_to_judge() -> None:
    counted = statistics.levels(BANK)
    assert sum(counted[level] for level in ("C3", "C4", "C5", "C6")) >= len(BANK) / 3


def test_every_option_has_its_feedback() -> None:
    chosen = [item for item in BANK + CHECKS if not item.rows()]  # what is asked row by row speaks at its rows
    silent = [f"{item.id}#{option.id}" for item in chosen for option in item.choices() if not option.feedback]
    assert silent == []


def test_keys_stand_at_every_place_about_equally_often() -> None:
    places = statistics.keys(item for item in SINGLES if len(item.options) == 4).places
    assert sorted(places) == [0, 1, 2, 3]
    for place, count in places.items():
        assert 0.15 <= count / places.total() <= 0.35, (place, count)


@pytest.mark.parametrize("items", [BANK, CHECKS], ids=["quizzes", "self-checks"])
def test_the_length_of_an_option_is_no_hint(items: list[Item]) -> None:
    found = statistics.keys(items)
    assert found.longest_share <= 0.30
    assert found.shortest_share <= 0.30


QUIZZES, LESSONS = statistics.questions_to_guess(CATALOG)
LEARNT = guessing.by_words({**QUIZZES, **LESSONS})


@pytest.mark.parametrize("questions", [QUIZZES, LESSONS], ids=["quizzes", "self-checks"])
@pytest.mark.parametrize("rule", guessing.RULES)
def test_no_rule_of_thumb_finds_the_keys(rule: str, questions: guessing.Questions) -> None:
    asked = [question for path in questions for question in questions[path]]
    assert guessing.score(asked, guessing.RULES[rule]).share <= 0.33


@pytest.mark.parametrize("questions", [QUIZZES, LESSONS], ids=["quizzes", "self-checks"])
def test_the_words_of_options_do_not_tell_the_keys(questions: guessing.Questions) -> None:
    assert guessing.total(LEARNT[path] for path in questions).share <= 0.40


def test_no_question_gives_another_ones_answer_away() -> None:
    pairs = [pair for quiz in CATALOG.quizzes.values() for pair in given_away(quiz)]
    assert [(one.id, other.id) for one, other in pairs] == []


def test_no_option_says_all_or_none_of_these() -> None:
    lazy = re.compile(r"^(semua|tidak ada yang) (benar|salah)|semua (jawaban|pilihan)", re.IGNORECASE)
    assert [option.text for item in SINGLES for option in item.options if lazy.search(option.text)] == []


def test_no_question_is_asked_twice() -> None:
    assert [(one.id, other.id) for one, other in alike(BANK + CHECKS)] == []


def test_every_outcome_of_every_lesson_is_tested() -> None:
    assert [f"{one.lesson.id}.{one.place}" for one in outcomes.tested(CATALOG) if one.empty] == []


def test_every_article_of_the_core_is_asked_twice() -> None:
    core = [row for one in survey(CATALOG) for row in one.rows if row.core]
    assert [row.label for row in core if len(row.questions) < 2] == []


def test_an_exam_draws_to_a_blueprint_of_modules_and_levels() -> None:
    exam = CATALOG.quizzes["simulasi-akademik"]
    assert exam.length == sum(draw.count for draw in exam.draws) == 30
    drawn = {tag for draw in exam.draws for tag in draw.tags}
    asked = {module.id for module in CATALOG.modules.values() if module.agenda in ("agenda-2", "agenda-3")}
    assert drawn == asked | (drawn & set(statistics.LEVELS))


def test_every_lesson_ends_with_what_to_remember() -> None:
    assert [lesson.path for lesson in CATALOG.every_lesson if not lesson.key_points] == []


def test_whatever_is_cited_was_read_against_its_text_or_is_known_to_be_unsure() -> None:
    """``lms coverage --review`` lists the unsure ones; docs/content-review.md says why."""
    found = truth.review(CATALOG, survey(CATALOG), today=CATALOG.course.as_of)
    cited = [(one.regulation.id, row.locator) for one in found.never for row in one.rows if row.is_cited]
    assert cited == []
    assert [one.path for one in found.written] == []


def test_the_review_tells_of_every_regulation() -> None:
    rows = re.findall(r"^\| ((?:`[a-z0-9-]+` )+)", REVIEW.read_text(encoding="utf-8"), re.MULTILINE)
    told = [id for row in rows for id in re.findall(r"`([^`]+)`", row)]
    assert sorted(told) == sorted(CATALOG.regulations)


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
