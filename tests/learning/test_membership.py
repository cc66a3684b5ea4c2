"""Whose attempts a cohort counts: those made under it by people who take part in it today."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from lms.db.attempts import Attempt, AttemptItem, Mark
from lms.db.cohorts import Place
from lms.db.engine import Database
from lms.learning import (
    attempts,
    cohorts,
    conditions,
    marks,
    members,
    membership,
    question_records,
    question_sums,
    regrades,
    results,
)
from lms.quiz import regrade
from lms.quiz.quiz import Quiz
from tests.conftest import NOON, Cast
from tests.learning.test_attempts import SOURCE, make, save, start, submit, the_attempt
from tests.learning.test_marks import ESSAY

DAY = timedelta(days=1)


def enrol(database: Database, name: str, user_id: UUID, place: Place = Place.PARTICIPANT, *, days: int = 1) -> UUID:
    with database.transaction() as db:
        cohort = cohorts.by_name(db, name)
        cohorts.enrol(db, cohort, user_id, place, now=NOON + days * DAY)
        return cohort.id


def leave(database: Database, cohort_id: UUID, user_id: UUID) -> None:
    with database.transaction() as db:
        cohorts.leave(db, cohort_id, user_id, now=NOON + DAY)


def taken(database: Database, quiz: Quiz, user_id: UUID) -> UUID:
    attempt_id = start(database, quiz, user_id)
    submit(database, attempt_id, user_id)
    return attempt_id


def counted(database: Database, cohort_id: UUID | None) -> set[UUID]:
    with database.reading() as db:
        return set(db.execute(select(Attempt.id).where(membership.attempts_of(cohort_id))).scalars())


def test_an_attempt_counts_in_the_cohort_it_was_made_under_and_in_no_other(database: Database, people: Cast) -> None:
    first = taken(database, make(), people.ada)
    other = enrol(database, "Angkatan II", people.ada)
    second = taken(database, make(), people.ada)
    assert counted(database, people.cohort) == {first}
    assert counted(database, other) == {second}
    with database.reading() as db:
        assert membership.sees(db, people.grace, first)
        assert not membership.sees(db, people.grace, second), "she teaches the first cohort only"
        assert membership.sees(db, None, second)
        lines = results.results(db, people.cohort, "percobaan")
        assert [line.id for line in lines] == [first]
        assert results.quiz_summaries(db, other)["percobaan"].attempts == 1


def test_numbers_and_the_limit_count_within_an_enrolment(database: Database, people: Cast) -> None:
    quiz = make("pass: 70\nattempts: 1")
    first = taken(database, quiz, people.ada)
    with pytest.raises(attempts.NoAttemptsLeft):
        start(database, quiz, people.ada)
    enrol(database, "Angkatan II", people.ada)
    second = taken(database, quiz, people.ada)
    assert (the_attempt(database, first).number, the_attempt(database, second).number) == (1, 1)
    with pytest.raises(attempts.NoAttemptsLeft):
        start(database, quiz, people.ada)


def test_who_left_counts_no_more_and_who_comes_back_counts_again(database: Database, people: Cast) -> None:
    attempt_id = taken(database, make(), people.ada)
    leave(database, people.cohort, people.ada)
    assert counted(database, people.cohort) == set()
    with database.reading() as db:
        assert members.count(db, people.cohort) == 0
        assert members.page(db, people.cohort, limit=9) == []
        assert not membership.sees(db, people.grace, attempt_id)
        assert conditions.of(db, people.ada, "percobaan").enrolment_id is None
    enrol(database, "Angkatan I", people.ada)
    assert counted(database, people.cohort) == {attempt_id}


def test_every_way_to_ask_who_belongs_says_the_same(database: Database, people: Cast) -> None:
    attempt_ids = [taken(database, make(), user_id) for user_id in (people.ada, people.mallory, people.grace)]
    first, second = people.cohort, enrol(database, "Angkatan II", people.ada)
    attempt_ids.append(taken(database, make(), people.ada))

    def found(cohort_id: UUID) -> tuple[set[UUID], set[UUID]]:
        with database.reading() as db:
            few = set(db.execute(select(Attempt.id).where(membership.few_attempts_of(cohort_id))).scalars())
            assert few == counted(database, cohort_id)
            people_ids = set(db.execute(membership.participants([cohort_id])).scalars())
            assert people_ids == set(question_records.people(db, cohort_id))
            return few, people_ids

    assert found(first) == ({attempt_ids[0]}, {people.ada})
    assert found(second) == ({attempt_ids[1], attempt_ids[3]}, {people.ada, people.mallory})
    leave(database, first, people.ada)
    assert found(first) == (set(), set())
    assert found(second) == ({attempt_ids[1], attempt_ids[3]}, {people.ada, people.mallory})


def test_an_instructor_who_left_teaches_no_more(database: Database, people: Cast) -> None:
    attempt_id = taken(database, make(), people.ada)
    leave(database, people.cohort, people.grace)
    with database.reading() as db:
        assert cohorts.taught_by(db, people.grace) == []
        assert not membership.sees(db, people.grace, attempt_id)


def test_a_fellow_participant_is_no_teacher(database: Database, people: Cast) -> None:
    enrol(database, "Angkatan I", people.mallory)
    attempt_id = taken(database, make(), people.ada)
    with database.reading() as db:
        assert not membership.sees(db, people.mallory, attempt_id)
        assert results.count_waiting(db, people.mallory) == 0


def test_what_instructors_try_themselves_counts_nowhere(database: Database, people: Cast) -> None:
    own, theirs = taken(database, make(), people.grace), taken(database, make(), people.ada)
    assert counted(database, people.cohort) == {theirs}
    asked = regrades.Asked(item="t-satu", cohort_id=people.cohort, decision=regrade.FullMarks(), reason="Soal keliru")
    with database.reading() as db:
        plan = regrades.preview(db, asked)
        changed = regrades.changed(db, asked, plan, offset=0, limit=9)
        (answered,) = question_sums.sums(db, people.cohort, item="t-satu")
    assert (plan.marked, [change.attempt.id for change in changed]) == (1, [theirs])
    assert answered.attempts == 1
    assert the_attempt(database, own).enrolment_id is None


def test_only_closed_attempts_wait_for_a_mark(database: Database, people: Cast) -> None:
    quiz = make("pass: 70", ESSAY)
    attempt_id = start(database, quiz, people.ada)
    save(database, attempt_id, people.ada, "u-satu", ["Teks."], 1)
    with database.reading() as db:
        assert results.count_waiting(db, people.grace) == 0
    submit(database, attempt_id, people.ada)
    with database.reading() as db:
        assert results.count_waiting(db, people.grace) == 1
        assert [one.id for one in results.waiting(db, people.grace, limit=9)] == [attempt_id]


def test_the_mark_that_counts_stands_at_its_item(database: Database, people: Cast) -> None:
    attempt_id = start(database, make("pass: 70", ESSAY), people.ada)
    save(database, attempt_id, people.ada, "u-satu", ["Teks."], 1)
    assert set(current(database, attempt_id).values()) == {(None, None, None)}
    submit(database, attempt_id, people.ada)
    assert current(database, attempt_id)["u-satu"][1:] == (0, True)
    with database.transaction() as db:
        marks.judge(db, attempt_id, "u-satu", 1, author_id=people.grace, comment="", now=NOON + DAY)
    newest = current(database, attempt_id)
    assert newest["u-satu"][1:] == (1, False)
    with database.reading() as db:
        history = db.execute(select(Mark.id).where(Mark.item == "u-satu").order_by(Mark.marked_at)).scalars().all()
    assert len(history) == 2, "the history is kept"
    assert newest["u-satu"][0] == history[-1]


def current(database: Database, attempt_id: UUID) -> dict[str, tuple[UUID | None, float | None, bool | None]]:
    with database.reading() as db:
        rows = db.execute(
            select(AttemptItem.item, AttemptItem.mark_id, AttemptItem.fraction, AttemptItem.pending).where(
                AttemptItem.attempt_id == attempt_id
            )
        ).all()
    return {item: (mark_id, fraction, pending) for item, mark_id, fraction, pending in rows}


def test_a_decision_is_about_the_question_as_it_stood(database: Database, people: Cast) -> None:
    """Dropped once, and then rewritten: the new question counts."""
    taken(database, make(), people.ada)
    other_key = SOURCE.replace("- (x) Di sini", "- ( ) Di sini").replace("- ( ) Di sana", "- (x) Di sana")
    rewritten = make(source=other_key)
    asked = regrades.Asked(item="t-satu", cohort_id=None, decision=regrade.Drop(), reason="Soal keliru sekali")
    with database.reading() as db:
        plan = regrades.preview(db, asked)
    with database.transaction() as db:
        made = {"quiz": "percobaan", "author_id": people.grace, "now": NOON}
        regrades.decide(db, asked, plan, regrade_id=UUID(int=7), seen=plan.digest, **made)  # type: ignore[arg-type]
    old, new = taken(database, make(), people.mallory), taken(database, rewritten, people.mallory)
    assert the_attempt(database, old).maximum == 3, "without the dropped question"
    assert the_attempt(database, new).maximum == 4
