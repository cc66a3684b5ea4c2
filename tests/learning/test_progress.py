"""Progress is derived: from a catalog and records, nothing else."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.catalog.load import load
from lms.catalog.model import Catalog
from lms.catalog.source import Folder
from lms.learning.progress import (
    Records,
    Share,
    agenda_share,
    course_share,
    following,
    lesson_state,
    module_rules,
    module_share,
    quiz_word,
    remaining,
)
from tests.conftest import PACK

CATALOG = load(Folder.at(PACK))


def test_what_was_done_under_a_lessons_former_name_was_done() -> None:
    lesson = CATALOG.lesson("pecahan/setengah")
    assert lesson.aliases == ("pecahan/separuh",)
    then = frozenset(lesson.aliases)
    assert lesson_state(lesson, Records(seen=then)).seen
    assert lesson_state(lesson, Records(read=then)).read
    assert not lesson_state(lesson, Records(seen=frozenset({"pecahan/lain"}))).seen


def everything(catalog: Catalog) -> Records:
    lessons = frozenset(lesson.id for lesson in catalog.every_lesson)
    return Records(
        seen=lessons,
        read=lessons,
        answered=frozenset(check.id for lesson in catalog.every_lesson for check in lesson.checks),
        passed=frozenset(catalog.quizzes),
        tried=frozenset(catalog.quizzes),
    )


def test_whoever_did_nothing_has_nothing_done_and_everything_left() -> None:
    assert course_share(CATALOG, Records()).value == 0
    steps = [step for agenda in CATALOG.agendas for module in agenda.modules for step in module.steps]
    assert remaining(CATALOG, Records()) == steps


def test_whoever_did_everything_has_nothing_left() -> None:
    records = everything(CATALOG)
    assert course_share(CATALOG, records).complete
    assert remaining(CATALOG, records) == []
    for module in CATALOG.modules.values():
        rules = module_rules(module, records)
        assert (rules.unread, rules.unpassed) == ((), ())


def test_a_lesson_is_done_when_it_was_read_and_its_checks_are_answered() -> None:
    lesson = next(lesson for lesson in CATALOG.every_lesson if len(lesson.checks) >= 2)
    checks = [check.id for check in lesson.checks]
    read = Records(seen=frozenset({lesson.id}), read=frozenset({lesson.id}))
    assert lesson_state(lesson, Records()).word == "open"
    assert lesson_state(lesson, read).word == "started"
    almost = dataclasses.replace(read, answered=frozenset(checks[1:]))
    assert not lesson_state(lesson, almost).done
    assert lesson_state(lesson, almost).checks_answered == len(checks) - 1
    assert lesson_state(lesson, dataclasses.replace(read, answered=frozenset(checks))).word == "done"
    only_answered = Records(answered=frozenset(checks))
    assert lesson_state(lesson, only_answered).word == "started"


def test_a_quiz_is_done_when_it_is_passed() -> None:
    quiz = next(iter(CATALOG.quizzes.values()))
    assert quiz_word(quiz, Records()) == "open"
    assert quiz_word(quiz, Records(tried=frozenset({quiz.id}))) == "started"
    assert quiz_word(quiz, Records(tried=frozenset({quiz.id}), passed=frozenset({quiz.id}))) == "done"


def test_a_quiz_whose_outcome_is_not_told_is_neither_passed_nor_missing() -> None:
    module = next(module for module in CATALOG.modules.values() if module.quizzes)
    quiz = module.quizzes[0]
    held = frozenset({quiz.id})
    passed = Records(tried=held, passed=held)
    waiting = Records(tried=held, taken=held, waiting=held)
    taken = Records(tried=held, taken=held)
    for records, word, done, left in (
        (passed, "done", 1, False),
        (waiting, "taken", 1, False),
        (taken, "taken", 0, True),
    ):
        assert quiz_word(quiz, records) == word
        assert module_share(module, records).done == done
        assert (quiz in remaining(CATALOG, records)) == left
    rules = module_rules(module, waiting)
    assert (rules.unpassed, rules.waiting, rules.taken, rules.quizzes.done) == ((), (quiz,), (), 0)
    rules = module_rules(module, taken)
    assert (rules.unpassed, rules.waiting, rules.taken, rules.quizzes.done) == ((), (), (quiz,), 0)


def test_one_self_check_added_to_a_lesson_opens_it_again() -> None:
    """Nothing is counted up: when the content grows, what was complete is honestly not complete any more."""
    lesson = CATALOG.every_lesson[0]
    records = everything(CATALOG)
    other = next(check for one in CATALOG.every_lesson[1:] for check in one.checks)
    grown = dataclasses.replace(lesson, checks=(*lesson.checks, dataclasses.replace(other, id="baru")))
    assert lesson_state(lesson, records).done
    assert not lesson_state(grown, records).done


@pytest.mark.parametrize(
    ("share", "value", "complete"), [(Share(0, 0), 0, False), (Share(1, 3), 1 / 3, False), (Share(3, 3), 1, True)]
)
def test_a_share_of_nothing_is_not_complete(share: Share, value: float, complete: bool) -> None:
    assert share.value == pytest.approx(value)
    assert share.complete is complete


IDS = st.sets(
    st.sampled_from(
        [*sorted(everything(CATALOG).read | everything(CATALOG).answered | everything(CATALOG).passed), "stranger"]
    )
)


@given(IDS, IDS, IDS, IDS)
def test_parts_add_up_and_more_done_never_means_less(
    read: set[str], answered: set[str], passed: set[str], waiting: set[str]
) -> None:
    records = Records(
        read=frozenset(read),
        answered=frozenset(answered),
        passed=frozenset(passed),
        taken=frozenset(waiting - passed),
        waiting=frozenset(waiting - passed),
    )
    whole = course_share(CATALOG, records)
    modules = [module_share(module, records) for agenda in CATALOG.agendas for module in agenda.modules]
    assert sum(share.done for share in modules) == whole.done
    assert sum(agenda_share(agenda, records).done for agenda in CATALOG.agendas) == whole.done
    assert whole.total - whole.done == len(remaining(CATALOG, records))
    more = dataclasses.replace(records, passed=records.passed | set(CATALOG.quizzes))
    assert course_share(CATALOG, more).done >= whole.done


def test_what_follows_is_the_first_step_left_after_another_else_the_first_of_all() -> None:
    first, *_others, last = CATALOG.steps
    left = remaining(CATALOG, Records())
    assert following(CATALOG, left, first) == CATALOG.next(first)
    assert following(CATALOG, left[3:], first) == left[3]
    assert following(CATALOG, left, last) == first
    assert following(CATALOG, left, CATALOG.practice[0]) == first
    assert following(CATALOG, left, None) == first
    assert following(CATALOG, [], first) is None
