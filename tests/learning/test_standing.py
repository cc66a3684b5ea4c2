"""Where somebody stands, read from the database: what they may begin, what the pre-test showed, what today brought."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert

from lms.catalog.model import Catalog
from lms.db.accounts import User
from lms.db.attempts import Allowance
from lms.db.base import uuid7
from lms.db.cohorts import Cohort, CohortQuiz, Place
from lms.db.engine import Database
from lms.learning import accounts, attempts, cohorts, conditions, participation, plan, reading, standing
from lms.learning.conditions import Availability
from lms.learning.participation import PastDay
from lms.learning.standing import Standing
from tests.conftest import NOON, Cast
from tests.guided import guided

CATALOG = guided()
TODAY = date(2026, 11, 23)
MIDNIGHT = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)  # in Jakarta
LATER = NOON + timedelta(hours=1)


def stands(database: Database, people: Cast, *, catalog: Catalog = CATALOG, now: datetime = LATER) -> Standing:
    with database.reading() as db:
        return standing.of(db, people.ada, catalog, now=now)


def take(database: Database, people: Cast, quiz: str, answers: dict[str, str], *, now: datetime = NOON) -> None:
    with database.transaction() as db:
        attempt = attempts.start(db, CATALOG.quiz(quiz), people.ada, now=now, bank=CATALOG.bank)
        given = {item: attempts.Answer(values=(answer,), revision=1) for item, answer in answers.items()}
        attempts.save_all(db, attempt, people.ada, given, now=now)
        attempts.submit(db, attempt, people.ada, now=now)


def granted(people: Cast, quiz: str, *, minutes: int = 0, attempts: int = 0) -> Any:
    row = {"id": uuid7(), "user_id": people.ada, "quiz": quiz, "reason": "sakit", "granted_at": NOON}
    return insert(Allowance).values(**row, extra_minutes=minutes, extra_attempts=attempts)


def rules(cohort: UUID, quiz: str, **different: Any) -> Any:
    row = {"opens_at": None, "closes_at": None, "review": None, **different}
    return insert(CohortQuiz).values(cohort_id=cohort, quiz=quiz, **row)


def test_whoever_did_nothing_is_new(database: Database, people: Cast) -> None:
    found = stands(database, people)
    assert found.is_new
    assert found.running is None
    assert found.gaps == {}


def test_a_pre_test_tells_what_is_missing(database: Database, people: Cast) -> None:
    take(database, people, "awal", {"awal-pecahan": "a", "awal-desimal": "b"})
    found = stands(database, people)
    assert found.gaps == {"pecahan": 0.0, "desimal": 1.0, "sejarah": 1.0}
    planned = found.plan(today=TODAY, midnight=MIDNIGHT)
    assert planned.next is CATALOG.lesson("desimal/koma")


def test_as_long_as_the_questions_of_a_pre_test_are_hidden_the_order_tells_nothing(
    database: Database, people: Cast
) -> None:
    take(database, people, "awal", {"awal-pecahan": "a"})
    with database.transaction() as db:
        hidden = dict.fromkeys(("answers", "feedback", "explanation"), "never")
        db.execute(rules(people.cohort, "awal", review={"marks": "after-submit", **hidden}))
    assert stands(database, people).gaps == {}


def test_a_running_attempt_is_where_somebody_is(database: Database, people: Cast) -> None:
    with database.transaction() as db:
        attempts.start(db, CATALOG.quiz("pecahan"), people.ada, now=NOON)
        reading.visit(db, people.ada, CATALOG.lesson("sejarah/aturan-lama"), now=NOON + timedelta(minutes=5))
    found = stands(database, people, now=NOON + timedelta(minutes=6))
    assert found.running is not None
    assert found.plan(today=TODAY, midnight=MIDNIGHT).next is CATALOG.quiz("pecahan")


def test_after_a_failed_quiz_the_lessons_that_were_skipped_come_before_another_attempt(
    database: Database, people: Cast
) -> None:
    take(database, people, "pecahan", {})
    planned = stands(database, people).plan(today=TODAY, midnight=MIDNIGHT)
    assert [step.id for step in planned.steps[:3]] == ["pecahan/setengah", "pecahan/sepertiga", "pecahan"]


def test_a_quiz_whose_attempts_are_used_up_stands_in_the_way_until_another_is_granted(
    database: Database, people: Cast
) -> None:
    take(database, people, "desimal", {"desimal-1": "b"})
    quiz = CATALOG.quiz("desimal")
    assert stands(database, people).availability(quiz) is Availability.USED_UP
    assert [one.quiz.id for one in stands(database, people).plan(today=TODAY, midnight=MIDNIGHT).blocked] == ["desimal"]
    with database.transaction() as db:
        db.execute(granted(people, "desimal", attempts=1))
    assert stands(database, people).availability(quiz) is Availability.NOW


def test_attempts_of_an_earlier_enrolment_use_up_nothing(database: Database, people: Cast) -> None:
    take(database, people, "desimal", {"desimal-1": "b"})
    with database.transaction() as db:
        newer = cohorts.add(db, "Angkatan III", now=LATER)
        cohorts.enrol(db, newer, people.ada, Place.PARTICIPANT, now=LATER)
    assert stands(database, people, now=LATER).availability(CATALOG.quiz("desimal")) is Availability.NOW


@pytest.mark.parametrize(
    ("opens", "closes", "expected"),
    [(1, None, Availability.LATER), (None, -1, Availability.CLOSED), (-1, 1, Availability.NOW)],
)
def test_the_window_of_a_cohort_shuts_a_quiz(
    database: Database, people: Cast, opens: int | None, closes: int | None, expected: Availability
) -> None:
    at = {None: None, 1: LATER + timedelta(days=1), -1: LATER - timedelta(days=1)}
    with database.transaction() as db:
        db.execute(rules(people.cohort, "pecahan", opens_at=at[opens], closes_at=at[closes]))
    assert stands(database, people).availability(CATALOG.quiz("pecahan")) is expected


def test_read_at_once_the_conditions_are_those_read_for_each_quiz(database: Database, people: Cast) -> None:
    with database.transaction() as db:
        second = cohorts.add(db, "Angkatan III", now=LATER)
        second.grace_minutes = 30
        cohorts.enrol(db, second, people.ada, Place.PARTICIPANT, now=LATER)
        db.execute(rules(people.cohort, "pecahan", opens_at=NOON))
        db.execute(rules(second.id, "pecahan", opens_at=LATER))
        db.execute(rules(second.id, "awal", opens_at=NOON, review={"marks": "never"}))
        db.execute(granted(people, "pecahan", minutes=7, attempts=2))
    with database.reading() as db:
        for user in (people.ada, people.mallory, people.edsger):
            whole = participation.of(db, user)
            for quiz in CATALOG.quizzes:
                assert whole.conditions(quiz) == conditions.of(db, user, quiz), quiz


def test_only_what_was_finished_since_midnight_was_done_today(database: Database, people: Cast) -> None:
    before = MIDNIGHT - timedelta(hours=1)
    with database.transaction() as db:
        reading.visit(db, people.ada, CATALOG.lesson("desimal/koma"), read=True, now=before)
        reading.visit(db, people.ada, CATALOG.lesson("sejarah/aturan-lama"), read=True, now=NOON)
        reading.visit(db, people.ada, CATALOG.lesson("pecahan/setengah"), read=True, now=NOON)  # its checks are open
    take(database, people, "desimal", {"desimal-1": "a"})
    planned = stands(database, people).plan(today=TODAY, midnight=MIDNIGHT)
    lesson, quiz = CATALOG.lesson("sejarah/aturan-lama"), CATALOG.quiz("desimal")
    assert planned.done_today == plan.minutes(lesson) + plan.minutes(quiz)


# --- one's own plan -------------------------------------------------------------------------------------------------


def test_ones_own_last_day_goes_before_that_of_the_cohort(database: Database, people: Cast) -> None:
    ends, chosen = TODAY + timedelta(days=30), TODAY + timedelta(days=10)
    with database.transaction() as db:
        cohort = db.get(Cohort, people.cohort)
        assert cohort is not None
        cohort.ends_on = ends
    assert stands(database, people).plan(today=TODAY, midnight=MIDNIGHT).finish_on == ends
    database.commit(lambda db: participation.finish_by(db, people.ada, chosen, today=TODAY))
    assert stands(database, people).plan(today=TODAY, midnight=MIDNIGHT).finish_on == chosen
    database.commit(lambda db: participation.finish_by(db, people.ada, None, today=TODAY))
    assert stands(database, people).plan(today=TODAY, midnight=MIDNIGHT).finish_on == ends


def test_a_day_that_has_gone_by_is_refused_and_changes_nothing(database: Database, people: Cast) -> None:
    with pytest.raises(PastDay):
        database.commit(lambda db: participation.finish_by(db, people.ada, TODAY - timedelta(days=1), today=TODAY))
    assert stands(database, people).participation.finish_on is None


def test_a_calendar_is_found_by_its_newest_key_alone_and_while_its_owner_may_sign_in(
    database: Database, people: Cast
) -> None:
    def key() -> str | None:
        return stands(database, people).participation.calendar

    def owner(asked: str) -> participation.Owner | None:
        with database.reading() as db:
            return participation.owner_of(db, asked)

    database.commit(lambda db: participation.finish_by(db, people.ada, TODAY, today=TODAY))
    database.commit(lambda db: participation.share_calendar(db, people.ada))
    first = key()
    assert first is not None
    assert owner(first) == participation.Owner(people.ada, "Asia/Jakarta", "id")
    database.commit(lambda db: participation.share_calendar(db, people.ada))
    second = key()
    assert second not in (None, first)
    assert owner(first) is None
    assert stands(database, people).participation.finish_on == TODAY, "the day stays"
    database.commit(lambda db: participation.withdraw_calendar(db, people.ada))
    assert owner(str(second)) is None
    database.commit(lambda db: participation.share_calendar(db, people.ada))
    with database.transaction() as db:
        ada = db.get(User, people.ada)
        assert ada is not None
        ada.disabled_at = NOON
    assert owner(str(key())) is None


def test_those_who_teach_a_person_are_named_and_nobody_else(database: Database, people: Cast) -> None:
    with database.transaction() as db:
        left = accounts.add(db, login="kay", name="Kay", roles=[], now=NOON)
        cohort = db.get(Cohort, people.cohort)
        assert cohort is not None
        cohorts.enrol(db, cohort, left.id, Place.INSTRUCTOR, now=NOON)
        cohorts.leave(db, people.cohort, left.id, now=NOON)
    with database.reading() as db:
        assert participation.teachers(db, people.ada) == ["Grace"]
        assert participation.teachers(db, people.mallory) == []
