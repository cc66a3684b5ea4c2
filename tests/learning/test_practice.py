"""What may be practised, in which order it is asked, and that a practice counts for nobody but the person."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from lms.catalog.exercises import exercises
from lms.catalog.load import load
from lms.catalog.model import Catalog
from lms.db.attempts import Attempt
from lms.db.cohorts import Cohort, CohortQuiz, Enrolment
from lms.db.engine import Database
from lms.learning import (
    attempt_records,
    attempts,
    attention,
    members,
    membership,
    person_attempts,
    plan,
    practice,
    progress,
    question_records,
    question_sums,
    reading,
    reports,
    results,
    standing,
)
from lms.learning.attempts import Answer
from lms.learning.members import Member
from lms.quiz.canonical import plain
from lms.quiz.practice import About, Subject
from lms.quiz.review import EVERYTHING, NOTHING, Moment, ReviewRules
from tests.catalog.memory import InMemory
from tests.conftest import NOON, Cast
from tests.guided import guided
from tests.learning.test_standing import granted, rules
from tests.web.test_what_pages_tell import ON_SQLITE

DAY, LATER = timedelta(days=1), NOON + timedelta(hours=1)
CHECKS = {"cek-bagian", "cek-benar", "cek-danau"}
OF_DECIMALS = {"desimal-1"}
MIXED = About(Subject.MIXED)
INSTEAD = About(Subject.QUIZ, "pecahan")
AFTER_CLOSE = ReviewRules(
    marks=Moment.AFTER_SUBMIT, answers=Moment.AFTER_CLOSE, feedback=Moment.AFTER_CLOSE, explanation=Moment.AFTER_CLOSE
)


def _pack(simulation: str = "attempts: 2", fractions: str = "attempts: 2") -> Catalog:
    """The guided pack with other rules of its simulation, which draws from decimals, and of the quiz of fractions."""
    pack = InMemory.copy_of(guided().store)
    pack.replace("quizzes/simulasi.md", "attempts: 2", simulation)
    pack.replace("quizzes/pecahan.md", "attempts: 2", fractions)
    pack.replace("quizzes/awal.md", "pass: 0", "pass: 0\nattempts: 1")
    made = load(pack)
    assert not made.errors
    return made


CATALOG = _pack()
SECRET = _pack("attempts: 2\nreview: {answers: after-close, feedback: after-close, explanation: after-close}")


def take(
    database: Database,
    user_id: UUID,
    quiz: str,
    *,
    right: bool = False,
    catalog: Catalog = CATALOG,
    submit: bool = True,
    now: datetime = NOON,
) -> UUID:
    with database.transaction() as db:
        attempt = attempts.start(db, catalog.quiz(quiz), user_id, now=now, bank=catalog.bank, seed=1)
        answer(db, attempt, user_id, catalog, right=right, now=now)
        if submit:
            attempts.submit(db, attempt, user_id, now=now)
    return attempt


def answer(db: Any, attempt: UUID, user_id: UUID, catalog: Catalog, *, right: bool, now: datetime) -> None:
    known = {item.id: item for _path, item in catalog.items()}
    rows = attempt_records.items(db.connection(), attempt) if right else []
    given = {row.item: Answer(values=known[row.item].key(), revision=1) for row in rows}
    attempts.save_all(db, attempt, user_id, given, now=now)


def practise(
    database: Database, user_id: UUID, about: About, *, right: bool = False, now: datetime = LATER, seed: int = 1
) -> list[str]:
    """Hand a practice in; answers with what it asked."""
    with database.transaction() as db:
        attempt = practice.start(db, user_id, CATALOG, about, now=now, seed=seed)
        answer(db, attempt, user_id, CATALOG, right=right, now=now)
        attempts.submit(db, attempt, user_id, now=now)
        return [row.item for row in attempt_records.items(db.connection(), attempt)]


def pool(database: Database, user_id: UUID, catalog: Catalog = CATALOG, now: datetime = LATER) -> practice.Pool:
    with database.reading() as db:
        return practice.of(db, user_id, catalog, now=now)


def may_practise(database: Database, people: Cast, catalog: Catalog = CATALOG, now: datetime = LATER) -> set[str]:
    return {one.item.id for one in pool(database, people.ada, catalog, now).open}


def change(database: Database, statement: Any) -> None:
    with database.transaction() as db:
        db.execute(statement)


# --- what exams hide ------------------------------------------------------------------------------------------------


@ON_SQLITE
def test_whoever_took_no_quiz_practises_self_checks_only(database: Database, people: Cast) -> None:
    assert may_practise(database, people) == CHECKS


@ON_SQLITE
def test_the_questions_of_a_quiz_wait_for_a_pass_or_the_last_attempt(database: Database, people: Cast) -> None:
    catalog = _pack(fractions="attempts: 2\nasks: 2")
    met = set()
    for number in (1, 2):
        attempt = take(database, people.ada, "pecahan", catalog=catalog)
        with database.reading() as db:
            met |= {row.item for row in attempt_records.items(db, attempt)}
        shown = may_practise(database, people, catalog) - CHECKS
        assert shown == met, "what was not met may be asked again" if number == 1 else "nothing is asked any more"
        assert len(shown) == 2 * number


Change = Callable[[Database, Cast], object]


def _nothing(_database: Database, _people: Cast) -> None:
    pass


def _cohort(**different: Any) -> Change:
    def say(database: Database, people: Cast) -> None:
        change(database, rules(people.cohort, "simulasi", **different))

    return say


def _taken(**how: Any) -> Change:
    return lambda database, people: take(database, people.ada, "simulasi", **how)


def _all(*changes: Change) -> Change:
    def say(database: Database, people: Cast) -> None:
        for one in changes:
            one(database, people)

    return say


@ON_SQLITE
@pytest.mark.parametrize(
    ("catalog", "happens", "free"),
    [
        (CATALOG, _nothing, False),  # it is still to come
        (CATALOG, _taken(submit=False), False),  # it runs
        (CATALOG, _taken(), True),  # what it asked was shown
        (CATALOG, _all(_taken(), _taken(submit=False)), False),  # and is asked again
        (SECRET, _nothing, False),
        (SECRET, _taken(catalog=SECRET), False),  # a quiz that never closes shows nothing that waits for it
        (SECRET, _all(_taken(catalog=SECRET), _taken(catalog=SECRET)), False),  # not even after the last attempt
        (SECRET, _taken(catalog=SECRET, right=True), False),
        (SECRET, _all(_taken(catalog=SECRET), _cohort(closes_at=LATER + timedelta(minutes=1))), False),
        (SECRET, _all(_taken(catalog=SECRET), _taken(catalog=SECRET), _cohort(closes_at=LATER)), True),
        (CATALOG, _all(_taken(), _cohort(review=plain(AFTER_CLOSE))), False),  # a cohort with rules of its own
        (SECRET, _all(_taken(catalog=SECRET), _cohort(review=plain(ReviewRules()))), True),
        (_pack("confidence: true"), _nothing, True),  # as often as one likes, shown at once: nothing is at stake
        (_pack("confidence: true"), _cohort(review=plain(AFTER_CLOSE)), False),
    ],
)
def test_what_an_exam_may_ask_is_not_practised_before_it_shows_everything(
    database: Database, people: Cast, catalog: Catalog, happens: Change, free: bool
) -> None:
    take(database, people.ada, "desimal")  # its only attempt: its own questions are open
    take(database, people.ada, "awal")
    with database.transaction() as db:
        db.execute(update(Attempt).values(started_at=NOON - timedelta(days=1)))
    happens(database, people)
    found = may_practise(database, people, catalog)
    assert found >= CHECKS | {"awal-pecahan"}
    asked = {"desimal-1", "awal-desimal"} & found
    assert bool(asked) == free


@ON_SQLITE
def test_a_question_stays_secret_when_the_quiz_asks_it_no_more_or_is_gone(database: Database, people: Cast) -> None:
    take(database, people.ada, "desimal")
    take(database, people.ada, "awal")
    with database.reading() as db:
        (asked,) = attempt_records.items(db, take(database, people.ada, "simulasi", catalog=SECRET))
    for gone in ("", "draw: [{tags: [sejarah], count: 1}]"):
        pack = InMemory.copy_of(SECRET.store)
        if gone:
            pack.replace("quizzes/simulasi.md", "draw: [{tags: [desimal], count: 1}]", gone)
        else:
            del pack.contents["quizzes/simulasi.md"]
            pack.replace("content/course.yml", "  simulation: simulasi\n", "")
        found = may_practise(database, people, load(pack))
        assert found & {"desimal-1", "awal-desimal"} == {"desimal-1", "awal-desimal"} - {asked.item}


@ON_SQLITE
def test_a_practice_shows_nothing_while_its_questions_are_asked_again(database: Database, people: Cast) -> None:
    catalog = _pack(fractions="attempts: 1")
    take(database, people.ada, "pecahan", catalog=catalog)
    items = [one.item for one in pool(database, people.ada, catalog).about(About(Subject.MODULE, "pecahan"))]
    assert practice.visible(pool(database, people.ada, catalog), items) == EVERYTHING
    change(database, granted(people, "pecahan", attempts=1))
    take(database, people.ada, "pecahan", catalog=catalog, submit=False)
    assert practice.visible(pool(database, people.ada, catalog), items) == NOTHING
    checks = [item for item in items if item.id in CHECKS]
    assert practice.visible(pool(database, people.ada, catalog), checks) == EVERYTHING


# --- what is asked --------------------------------------------------------------------------------------------------


@ON_SQLITE
def test_what_was_never_asked_comes_first_then_what_was_asked_longest_ago(database: Database, people: Cast) -> None:
    lesson = About(Subject.LESSON, "pecahan/setengah")
    assert set(practise(database, people.ada, lesson)) == {"cek-bagian", "cek-benar"}
    quiz = [pool(database, people.ada).quiz(MIXED, _rng(seed)).items for seed in range(5)]
    assert {items[0].id for items in quiz} == {"cek-danau"}
    practise(database, people.ada, About(Subject.LESSON, "pecahan/sepertiga"), now=LATER + timedelta(hours=1))
    assert pool(database, people.ada).quiz(MIXED, _rng(1)).items[-1].id == "cek-danau"


def _rng(seed: int) -> Any:
    return random.Random(seed)


@ON_SQLITE
def test_what_was_missed_the_last_time_can_be_practised_until_it_is_right(database: Database, people: Cast) -> None:
    lesson, missed = CATALOG.lesson("pecahan/setengah"), About(Subject.MISSED)
    check = lesson.checks[0]
    with database.transaction() as db, pytest.raises(practice.NothingToPractise):
        practice.start(db, people.ada, CATALOG, missed, now=NOON)
    with database.transaction() as db:
        reading.answer(db, people.ada, lesson, check, ("b",), now=NOON)
    assert practise(database, people.ada, missed) == [check.id]
    practise(database, people.ada, About(Subject.LESSON, lesson.id))
    often = pool(database, people.ada).quiz(missed, random.Random(3)).items
    assert [item.id for item in often] == [check.id, "cek-benar"], "what was missed most often comes first"
    practise(database, people.ada, missed, right=True, now=LATER + timedelta(minutes=1))
    assert pool(database, people.ada).count(missed) == 0


@ON_SQLITE
def test_questions_like_one_are_others_the_nearest_first(database: Database, people: Cast) -> None:
    take(database, people.ada, "pecahan")
    take(database, people.ada, "pecahan")
    like = pool(database, people.ada).quiz(About(Subject.LIKE, "cek-bagian"), _rng(1))
    assert like.items[0].id == "cek-benar", "of the same lesson"
    assert "cek-bagian" not in {item.id for item in like.items}
    assert {item.id for item in like.items} <= {"cek-benar", "cek-danau"} | {
        item.id for item in CATALOG.quiz("pecahan").items
    }
    assert len(like.items) == practice.FEW
    assert pool(database, people.ada).count(About(Subject.LIKE, "k-nilai")) == 0, "there is nothing like it"


@ON_SQLITE
def test_a_practice_is_timed_as_the_evaluation_and_says_what_it_is_about(database: Database, people: Cast) -> None:
    take(database, people.ada, "desimal")
    take(database, people.ada, "awal")
    take(database, people.ada, "simulasi")
    quiz = pool(database, people.ada).quiz(About(Subject.EVALUATION), _rng(1))
    simulation = CATALOG.quiz("simulasi")
    assert (quiz.time_limit, quiz.length, quiz.attempts, quiz.can_be_failed) == (simulation.time_limit, 1, None, False)
    named = {
        About(Subject.MODULE, "pecahan"): "Latihan: Pecahan",
        About(Subject.LESSON, "pecahan/setengah"): "Latihan: Setengah",
        About(Subject.ARTICLE, "uu-baru#1"): "Latihan: Pasal 1 ",
        About(Subject.LIKE, "cek-danau"): "Latihan: seperti “Danau”",
    }
    for about, title in named.items():
        assert practice.title(CATALOG, about).startswith(title)


def test_the_same_practice_started_twice_goes_on(database: Database, people: Cast) -> None:
    def start(about: About) -> UUID:
        with database.transaction() as db:
            return practice.start(db, people.ada, CATALOG, about, now=LATER)

    assert start(MIXED) == start(MIXED) != start(About(Subject.MODULE, "pecahan"))
    with database.reading() as db:
        begun = practice.begun(db, people.ada, most=5)
    assert {one.title for one in begun} == {"Latihan campuran", "Latihan: Pecahan"}


# --- what it counts for ---------------------------------------------------------------------------------------------


def test_a_quiz_without_attempts_left_is_learnt_by_a_practice(database: Database, people: Cast) -> None:
    catalog, quiz = CATALOG, CATALOG.quiz("pecahan")

    def stands() -> standing.Standing:
        with database.reading() as db:
            return standing.of(db, people.ada, catalog, now=LATER)

    for _attempt in range(2):
        with database.transaction() as db, pytest.raises(practice.NotInstead):
            practice.start(db, people.ada, catalog, INSTEAD, now=NOON)
        take(database, people.ada, "pecahan")
    before = progress.course_share(catalog, stands().records).done
    assert len(practise(database, people.ada, INSTEAD)) == quiz.length
    assert not stands().records.settled(quiz), "a practice that was not passed changes nothing"
    practise(database, people.ada, INSTEAD, right=True)
    records = stands().records
    assert progress.quiz_word(quiz, records) == "learnt"
    planned = [stands().plan(today=LATER.date(), midnight=midnight).done_today for midnight in (LATER, LATER + DAY)]
    assert planned == [plan.minutes(quiz), 0], "and was done on that day"
    assert progress.course_share(catalog, records).done == before + 1
    assert (records.passed, records.learnt) == (frozenset(), {"pecahan"})
    rule = progress.module_rules(catalog.module("pecahan"), records)
    assert (rule.quizzes.done, rule.unpassed, rule.learnt) == (0, (), (quiz,))
    assert quiz not in progress.remaining(catalog, records)
    with database.transaction() as db, pytest.raises(practice.NotInstead):
        practice.start(db, people.ada, catalog, INSTEAD, now=LATER)
    change(database, granted(people, "pecahan", attempts=1))
    take(database, people.ada, "pecahan", right=True)
    assert progress.quiz_word(quiz, stands().records) == "done", "a pass says more"


@ON_SQLITE
def test_whoever_may_not_know_that_they_failed_is_offered_no_practice_instead(database: Database, people: Cast) -> None:
    hidden = ReviewRules(**dict.fromkeys(("marks", "answers", "feedback", "explanation"), Moment.AFTER_CLOSE))
    change(database, rules(people.cohort, "pecahan", review=plain(hidden)))
    for _attempt in range(2):
        take(database, people.ada, "pecahan")
    assert pool(database, people.ada).instead == ()


@ON_SQLITE
def test_neither_is_anybody_who_waits_for_a_mark(database: Database, people: Cast) -> None:
    for _attempt in range(2):
        take(database, people.ada, "pecahan")
    assert pool(database, people.ada).instead
    change(database, update(Attempt).where(Attempt.number == 2).values(passed=None, score=None))
    assert pool(database, people.ada).instead == ()


@ON_SQLITE
def test_the_mark_of_a_quiz_that_only_its_sections_decide_is_that_of_latsar(database: Database, people: Cast) -> None:
    catalog = _pack(fractions="attempts: 1")
    quiz = replace(catalog.quiz("pecahan"), pass_mark=0.0)
    decided = replace(catalog, quizzes={**catalog.quizzes, quiz.id: quiz})
    assert pool(database, people.ada, decided).shape(INSTEAD).pass_mark == 0.7001


def test_nothing_that_staff_see_changes_by_practices(database: Database, people: Cast) -> None:
    with database.reading() as db:
        enrolment = attempt_records.attempt(db, take(database, people.ada, "pecahan"))
    assert enrolment
    take(database, people.ada, "pecahan")
    ada = Member(enrolment.enrolment_id or people.ada, people.cohort, people.ada, "Ada", "ada")

    def seen() -> list[Any]:
        with database.reading() as db:
            sums = [question_sums.sums(db, people.cohort, item=id) for id in sorted(exercises(CATALOG))]
            pace = attention.Pace([*CATALOG.lessons], [*CATALOG.quizzes], 1.0)
            totals = attention.counts(db, {people.cohort: pace}, now=NOON)
            held = members.standings(db, [ada])[ada.enrolment_id]
            return [
                sums,
                totals,
                (held.records, held.last_seen_at),
                results.quiz_summaries(db, people.cohort),
                results.count_waiting(db, None),
                [question_records.cases(db, whose, "k-nama", responses=True) for whose in (None, people.cohort)],
                [question_records.stamp(db, whose, "k-nama") for whose in (None, people.cohort)],
                question_records.still_open(db, None, "k-nama", ["*"]),
            ]

    before = seen()
    practise(database, people.ada, INSTEAD)
    practise(database, people.ada, About(Subject.MODULE, "pecahan"), right=True)
    assert {"k-nama", *CHECKS} & set(practise(database, people.ada, MIXED))
    practise(database, people.ada, INSTEAD, right=True)
    assert str(seen()) == str(before)


def test_a_practice_is_seen_by_nobody_else_and_reported_nowhere(database: Database, people: Cast) -> None:
    with database.transaction() as db:
        attempt = practice.start(db, people.ada, CATALOG, MIXED, now=LATER)
        attempts.submit(db, attempt, people.ada, now=LATER)
        assert not membership.sees(db.connection(), None, attempt)
        assert not membership.sees(db.connection(), people.grace, attempt)
        with pytest.raises(reports.NotReviewable):
            reports.report(db, attempt, people.ada, "cek-danau", "Salah?", offered=None, now=LATER)
        held = attempt_records.attempt(db.connection(), attempt)
        assert held
        assert held.enrolment_id is None
        assert person_attempts.every_attempt(db.connection(), people.ada) == []


@ON_SQLITE
def test_extra_time_holds_for_a_practice_with_a_clock_too(database: Database, people: Cast) -> None:
    take(database, people.ada, "desimal")
    take(database, people.ada, "awal")
    take(database, people.ada, "simulasi")
    change(database, update(Enrolment).where(Enrolment.user_id == people.ada).values(extra_minutes=15))
    with database.transaction() as db:
        attempt = practice.start(db, people.ada, CATALOG, About(Subject.EVALUATION), now=LATER)
        held = attempt_records.attempt(db.connection(), attempt)
    assert held
    assert held.deadline_at == LATER + timedelta(minutes=60)


@ON_SQLITE
def test_of_another_cohort_nothing_is_open(database: Database, people: Cast) -> None:
    """Ada's rules are hers: what closed for Mallory's cohort is no more open to Ada."""
    take(database, people.ada, "desimal")
    take(database, people.ada, "simulasi", catalog=SECRET)
    with database.transaction() as db:
        other = db.scalars(select(Cohort.id).where(Cohort.id != people.cohort)).one()
        db.add(CohortQuiz(cohort_id=other, quiz="simulasi", closes_at=NOON))
    assert not may_practise(database, people, SECRET) & OF_DECIMALS
