"""What a person's cohorts and staff add to a quiz's own rules; the rule of the deadline and its grace."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.db.attempts import Allowance, Confidence, Response
from lms.db.cohorts import Cohort, CohortQuiz, Place
from lms.db.engine import Database
from lms.learning import attempt_records, attempts, cohorts, visibility
from lms.learning.conditions import Conditions, NotOpenAnyMore, NotYetOpen
from lms.learning.conditions import of as conditions_of
from lms.quiz.canonical import plain
from lms.quiz.review import Moment, ReviewRules
from tests.conftest import NOON, Cast
from tests.learning.test_attempts import held, make, save, start, submit, the_attempt

HOUR = timedelta(hours=1)
TIMED = "pass: 70\ntime_limit: 10 min"


def of(database: Database, user_id: object, quiz: str = "percobaan") -> Conditions:
    with database.reading() as db:
        return conditions_of(db, user_id, quiz)  # type: ignore[arg-type]


def dated(database: Database, cohort_id: object, **values: object) -> None:
    with database.transaction() as db:
        db.add(CohortQuiz(cohort_id=cohort_id, quiz="percobaan", **values))


def test_without_a_cohort_the_quiz_alone_decides(database: Database, people: Cast) -> None:
    assert of(database, people.edsger) == Conditions()


def test_a_cohort_gives_its_grace_and_staff_give_more(database: Database, people: Cast) -> None:
    with database.transaction() as db:
        db.add(
            Allowance(
                user_id=people.ada,
                quiz="percobaan",
                extra_minutes=5,
                extra_attempts=2,
                reason="Listrik padam",
                granted_at=NOON,
            )
        )
    found = of(database, people.ada)
    assert (found.extra_time, found.extra_attempts, found.grace) == (timedelta(minutes=5), 2, timedelta(minutes=10))
    assert of(database, people.ada, "lain").extra_attempts == 0
    quiz = make("pass: 70\nattempts: 1")
    for number in (1, 2, 3):
        attempt_id = start(database, quiz, people.ada)
        submit(database, attempt_id, people.ada)
        assert the_attempt(database, attempt_id).number == number
    with pytest.raises(attempts.NoAttemptsLeft):
        start(database, quiz, people.ada)


def test_a_window_holds_and_an_attempt_begun_in_time_goes_on(database: Database, people: Cast) -> None:
    dated(database, people.cohort, opens_at=NOON, closes_at=NOON + HOUR)
    with pytest.raises(NotYetOpen):
        start(database, make(), people.ada, now=NOON - HOUR)
    with pytest.raises(NotOpenAnyMore):
        start(database, make(), people.ada, now=NOON + HOUR)
    attempt_id = start(database, make(), people.ada, now=NOON)
    assert the_attempt(database, attempt_id).deadline_at == NOON + HOUR, "a quiz without a limit ends when it closes"
    assert start(database, make(), people.mallory, now=NOON - HOUR), "another cohort has no dates"


def test_the_most_generous_of_several_cohorts_holds(database: Database, people: Cast) -> None:
    with database.transaction() as db:
        other = cohorts.by_name(db, "Angkatan II")
        db.get_one(Cohort, other.id).grace_minutes = 30
        cohorts.enrol(db, other, people.ada, Place.PARTICIPANT, now=NOON)
    dated(database, people.cohort, opens_at=NOON, closes_at=NOON + HOUR)
    found = of(database, people.ada)
    assert (found.grace, found.opens_at, found.closes_at) == (timedelta(minutes=30), None, None)


def test_of_two_cohorts_with_dates_the_earliest_opening_and_the_latest_closing_hold(
    database: Database, people: Cast
) -> None:
    with database.transaction() as db:
        other = cohorts.by_name(db, "Angkatan II")
        cohorts.enrol(db, other, people.ada, Place.PARTICIPANT, now=NOON)
    dated(database, people.cohort, opens_at=NOON, closes_at=NOON + HOUR)
    dated(database, other.id, opens_at=NOON + HOUR, closes_at=NOON + 2 * HOUR)
    found = of(database, people.ada)
    assert (found.opens_at, found.closes_at) == (NOON, NOON + 2 * HOUR)


def test_the_more_generous_extra_minutes_and_grace_of_two_cohorts_hold(database: Database, people: Cast) -> None:
    with database.transaction() as db:
        for name, minutes, grace in (("Angkatan I", 20, 5), ("Angkatan II", 10, 15)):
            cohort = cohorts.by_name(db, name)
            cohort.grace_minutes = grace
            cohorts.enrol(db, cohort, people.ada, Place.PARTICIPANT, extra_minutes=minutes, now=NOON)
    found = of(database, people.ada)
    assert (found.extra_time, found.grace) == (timedelta(minutes=20), timedelta(minutes=15))


def test_an_answer_is_never_made_later_than_it_arrives(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(TIMED), people.ada, NOON - timedelta(minutes=5))
    save(database, attempt_id, people.ada, "t-satu", ["a"], 1, now=NOON, made_at=NOON + timedelta(minutes=5))
    save(database, attempt_id, people.ada, "t-dua", ["a"], 1, now=NOON, made_at=NOON - timedelta(minutes=5))
    with database.reading() as db:
        made = dict(db.execute(select(Response.item, Response.made_at)).all())  # type: ignore[arg-type]
    assert made == {"t-satu": NOON, "t-dua": NOON - timedelta(minutes=5)}


def test_a_cohorts_review_rules_replace_those_of_the_quiz(database: Database, people: Cast) -> None:
    strict = ReviewRules(answers=Moment.AFTER_CLOSE, explanation=Moment.NEVER)
    dated(database, people.cohort, closes_at=NOON + HOUR, review=plain(strict))
    found = of(database, people.ada)
    assert found.review == strict
    passed = visibility.Tried(1, passed=True)
    before = visibility.shown(ReviewRules(), passed, found, limit=None, submitted=True, now=NOON)
    after = visibility.shown(ReviewRules(), passed, found, limit=None, submitted=True, now=NOON + HOUR)
    assert (before.marks, before.answers, before.explanation) == (True, False, False)
    assert (after.answers, after.explanation) == (True, False)
    assert the_attempt(database, start(database, make(), people.ada)).rules.review == strict


def test_an_answer_made_in_time_counts_within_the_grace_and_not_after(database: Database, people: Cast) -> None:
    quiz = make(TIMED)
    attempt_id = start(database, quiz, people.ada)
    deadline = NOON + timedelta(minutes=10)
    late = deadline + timedelta(minutes=9)
    save(database, attempt_id, people.ada, "t-satu", ["a"], 1, now=late, made_at=deadline - timedelta(seconds=1))
    for made_at in (deadline, late, late + HOUR, None):
        with pytest.raises(attempts.TimeIsOver):
            save(database, attempt_id, people.ada, "t-dua", ["a"], 1, now=late, made_at=made_at)
    with pytest.raises(attempts.TimeIsOver):
        save(database, attempt_id, people.ada, "t-dua", ["a"], 1, now=deadline + timedelta(minutes=10), made_at=NOON)
    with pytest.raises(attempts.OlderRevision):  # and not that it came too late: the person may choose between the two
        save(database, attempt_id, people.ada, "t-satu", ["b"], 1, now=late, made_at=NOON)
    submit(database, attempt_id, people.ada, now=late)
    assert the_attempt(database, attempt_id).is_open, "another device may still hold answers made in time"
    submit(database, attempt_id, people.ada, now=deadline + timedelta(minutes=10))
    found = the_attempt(database, attempt_id)
    assert (found.closed_by, found.submitted_at, found.score) == ("deadline", deadline, 1)


def test_a_flag_and_a_confidence_travel_with_the_answer(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(), people.ada)
    save(database, attempt_id, people.ada, "t-satu", None, 1, flagged=True)
    save(database, attempt_id, people.ada, "t-dua", ["a"], 1, confidence=Confidence.GUESS)
    with database.reading() as db:
        rows = {row.item: row for row in attempt_records.items(db, attempt_id)}
    assert (rows["t-satu"].value, rows["t-satu"].flagged) == (None, True)
    assert (rows["t-dua"].flagged, rows["t-dua"].confidence) == (False, "guess")
    form = {"t-satu": attempts.Answer(values=("b",), revision=1), "t-dua": attempts.Answer(values=("a",), revision=1)}
    with database.transaction() as db:
        assert attempts.save_all(db, attempt_id, people.ada, form, now=NOON) == []
    assert held(database, attempt_id)["t-satu"] == ("b",)


def test_a_question_whose_key_was_shown_keeps_its_answer(database: Database, people: Cast) -> None:
    quiz = make("pass: 70\nreview: {marks: during, answers: during, feedback: during, explanation: during}")
    attempt_id = start(database, quiz, people.ada)
    with pytest.raises(attempts.Invalid), database.transaction() as db:
        attempts.check_answer(db, attempt_id, people.ada, "t-satu", now=NOON)
    save(database, attempt_id, people.ada, "t-satu", ["b"], 1)
    with database.transaction() as db:
        attempts.check_answer(db, attempt_id, people.ada, "t-satu", now=NOON)
    with pytest.raises(attempts.KeyWasShown):
        save(database, attempt_id, people.ada, "t-satu", ["a"], 2)
    with database.transaction() as db:
        attempts.save_all(db, attempt_id, people.ada, {"t-satu": attempts.Answer(values=("a",), revision=9)}, now=NOON)
    assert held(database, attempt_id)["t-satu"] == ("b",)


def test_a_quiz_that_shows_nothing_before_the_end_cannot_be_checked(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(), people.ada)
    save(database, attempt_id, people.ada, "t-satu", ["b"], 1)
    with pytest.raises(attempts.Invalid), database.transaction() as db:
        attempts.check_answer(db, attempt_id, people.ada, "t-satu", now=NOON)
