"""What may be seen of an attempt: every moment against every state of a person, and only their own enrolment counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from uuid import UUID

import pytest

from lms.db.cohorts import CohortQuiz, Place
from lms.db.engine import Database
from lms.learning import cohorts, conditions, person_attempts, visibility
from lms.learning.conditions import Conditions
from lms.learning.visibility import Known, Tried
from lms.quiz.canonical import plain
from lms.quiz.quiz import Quiz
from lms.quiz.review import Moment, ReviewRules, Visible
from tests.conftest import NOON, Cast
from tests.learning.test_attempts import make, save, start, submit, the_attempt

HOUR = timedelta(hours=1)
ASPECTS = ("marks", "answers", "feedback", "explanation")
CLOSES = Conditions(closes_at=NOON)


@pytest.mark.parametrize("moment", Moment)
def test_a_moment_has_come_or_not(moment: Moment) -> None:
    """``limit`` None: as many attempts as one likes, so none is the last but the one that passed."""
    states = product((False, True), (0, 1, 2), (None, 2), (False, True), (NOON - HOUR, NOON))
    for submitted, closed, limit, passed, now in states:
        for aspect in ASPECTS:
            # Where the marks stay hidden, a pass opens nothing: whatever it opened would tell it.
            last = (passed and aspect == "marks") or (limit == 2 and closed == 2)
            expected = {
                Moment.DURING: True,
                Moment.AFTER_SUBMIT: submitted,
                Moment.AFTER_LAST: submitted and last,
                Moment.AFTER_CLOSE: submitted and now == NOON,
                Moment.NEVER: False,
            }[moment]
            rules = replace(ReviewRules(**dict.fromkeys(ASPECTS, Moment.NEVER)), **{aspect: moment})
            seen = visibility.shown(rules, Tried(closed, passed), CLOSES, limit=limit, submitted=submitted, now=now)
            assert seen == Visible(**(dict.fromkeys(ASPECTS, False) | {aspect: expected})), (submitted, closed, limit)


def test_more_attempts_than_are_offered_today_are_enough_and_no_close_never_comes() -> None:
    last = ReviewRules(marks=Moment.AFTER_LAST, answers=Moment.AFTER_CLOSE)
    seen = visibility.shown(last, Tried(3), Conditions(), limit=2, submitted=True, now=NOON)
    assert (seen.marks, seen.answers) == (True, False)


@pytest.mark.parametrize("aspect", ASPECTS)
def test_any_one_thing_but_the_marks_is_a_review(aspect: str) -> None:
    nothing = Visible(**dict.fromkeys(ASPECTS, False))
    assert not nothing.reviewable
    assert replace(nothing, **{aspect: True}).reviewable == (aspect != "marks")


def taken(database: Database, quiz: Quiz, user_id: UUID, *, right: bool = False, now: datetime = NOON) -> UUID:
    attempt_id = start(database, quiz, user_id, now=now)
    if right:
        save(database, attempt_id, user_id, "t-satu", ["a"], 1, now=now)
    submit(database, attempt_id, user_id, now=now)
    return attempt_id


def seen(database: Database, quiz: Quiz, user_id: UUID, now: datetime = NOON) -> list[bool]:
    """Whether the marks of each of a person's attempts may be seen."""
    with database.reading() as db:
        attempts = person_attempts.of_person(db, user_id, quiz.id)
        allowed = conditions.of(db, user_id, quiz.id)
        return [visibility.visible(one, quiz, attempts, allowed, now=now).marks for one in attempts]


LAST = make("pass: 20\nattempts: 2\nreview: after-last")


def test_what_waits_for_the_last_attempt_is_seen_of_all_when_none_is_left(database: Database, people: Cast) -> None:
    taken(database, LAST, people.ada)
    assert seen(database, LAST, people.ada) == [False]
    attempt_id = start(database, LAST, people.ada)
    assert seen(database, LAST, people.ada) == [False, False], "one that runs may still be better"
    submit(database, attempt_id, people.ada)
    assert seen(database, LAST, people.ada) == [True, True]
    assert seen(database, replace(LAST, attempts=3), people.ada) == [False, False]


def test_what_waits_for_the_last_attempt_is_seen_when_the_quiz_is_passed(database: Database, people: Cast) -> None:
    taken(database, LAST, people.ada, right=True)
    start(database, LAST, people.ada)
    assert seen(database, LAST, people.ada) == [True, False]


def test_attempts_under_an_earlier_enrolment_are_not_the_last(database: Database, people: Cast) -> None:
    taken(database, LAST, people.ada)
    taken(database, LAST, people.ada, right=True)
    with database.transaction() as db:
        cohorts.enrol(db, cohorts.by_name(db, "Angkatan II"), people.ada, Place.PARTICIPANT, now=NOON + HOUR)
    assert seen(database, LAST, people.ada) == [False, False]
    taken(database, LAST, people.ada, now=NOON + HOUR)
    assert seen(database, LAST, people.ada) == [False, False, False]
    with database.reading() as db:
        found = visibility.tried(db, people.ada)
        enrolments = [one.enrolment_id for one in person_attempts.of_person(db, people.ada, LAST.id)]
        assert found == {(enrolments[0], LAST.id): Tried(2, True), (enrolments[2], LAST.id): Tried(1, False)}
        assert found[enrolments[0], "lain"] == Tried()
        assert visibility.tried(db, people.mallory) == {}


def knows(database: Database, quiz: Quiz, user_id: UUID, now: datetime = NOON) -> Known | None:
    with database.reading() as db:
        return visibility.known(db, user_id, [quiz.id], {quiz.id: quiz}, now=now)[quiz.id]


def test_a_person_knows_of_a_pass_what_the_rules_tell(database: Database, people: Cast) -> None:
    start(database, LAST, people.ada)
    assert knows(database, LAST, people.ada) is Known.TRIED, "nothing was handed in"
    taken(database, LAST, people.ada)
    assert knows(database, LAST, people.ada) is Known.TAKEN, "a pass would be told"
    taken(database, LAST, people.ada)
    assert knows(database, LAST, people.ada) is Known.TRIED, "no attempt is left, so the marks are shown"
    assert knows(database, replace(LAST, attempts=3), people.ada) is Known.TAKEN
    with database.reading() as db:
        assert visibility.known(db, people.ada, [LAST.id], {}, now=NOON) == {LAST.id: Known.TRIED}, "offered no more"


@pytest.mark.parametrize("right", [True, False])
def test_what_waits_for_the_end_is_not_known_before(database: Database, people: Cast, right: bool) -> None:
    closing = make("pass: 20\nreview: after-close")
    taken(database, closing, people.ada, right=right)
    with database.transaction() as db:
        db.add(CohortQuiz(cohort_id=people.cohort, quiz=closing.id, closes_at=NOON + HOUR))
    assert knows(database, closing, people.ada) is Known.WAITING
    assert knows(database, closing, people.ada, NOON + HOUR) is (Known.PASSED if right else Known.TRIED)


def test_an_attempt_that_runs_counts_as_none_that_is_closed(database: Database, people: Cast) -> None:
    start(database, LAST, people.ada)
    with database.reading() as db:
        assert list(visibility.tried(db, people.ada).values()) == [Tried(0, False)]


DURING = "pass: 70\nreview: {marks: during, answers: during}"


@pytest.mark.parametrize(("head", "marks"), [("pass: 70", False), (DURING, True)])
def test_while_it_runs_the_quiz_says_what_is_shown(database: Database, people: Cast, head: str, marks: bool) -> None:
    attempt = the_attempt(database, start(database, make(head), people.ada))
    with database.reading() as db:
        found = visibility.during(db, attempt, now=NOON)
    assert found == Visible(marks=marks, answers=marks, feedback=False, explanation=False)


def test_while_it_runs_a_stricter_cohort_decides(database: Database, people: Cast) -> None:
    attempt = the_attempt(database, start(database, make(DURING), people.ada))
    with database.transaction() as db:
        strict = plain(ReviewRules(answers=Moment.DURING))
        db.add(CohortQuiz(cohort_id=people.cohort, quiz="percobaan", review=strict))
    with database.reading() as db:
        found = visibility.during(db, attempt, now=NOON)
    assert found == Visible(marks=False, answers=True, feedback=False, explanation=False)
