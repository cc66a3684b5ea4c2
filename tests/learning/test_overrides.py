"""What a decision of staff does to the rows, and at once to the attempts that run."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from lms.db.accounts import Role, User
from lms.db.attempts import Allowance
from lms.db.audit import AuditEvent
from lms.db.cohorts import Cohort, CohortQuiz, Place
from lms.db.engine import Database
from lms.errors import Invalid
from lms.learning import accounts, attempts, cohorts, deadlines, overrides
from lms.learning.deadlines import Moved
from lms.learning.overrides import Grant, Rules
from lms.quiz.quiz import Quiz
from lms.quiz.review import Moment, ReviewRules
from tests.conftest import NOON, Cast
from tests.learning.test_attempts import make, start, submit, the_attempt

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TIMED = "pass: 70\ntime_limit: 10 min"


def rules(database: Database, people: Cast, *, now: datetime = NOON, **values: Any) -> list[Moved]:
    given = Rules(**{"opens_at": None, "closes_at": None, "review": None, **values})
    with database.transaction() as db:
        return overrides.set_rules(db, people.cohort, "percobaan", given, actor_id=people.grace, now=now)


def grant(database: Database, user_id: UUID, minutes: int = 0, tries: int = 0, *, now: datetime = NOON) -> list[Moved]:
    given = Grant(extra_minutes=minutes, extra_attempts=tries, reason="Listrik padam")
    with database.transaction() as db:
        return overrides.grant(db, user_id, "percobaan", given, actor_id=None, now=now)


def audited(database: Database) -> list[AuditEvent]:
    actions = ("cohort.rules", "cohort.grace", "allowance.grant")
    with database.transaction() as db:
        return list(db.scalars(select(AuditEvent).where(AuditEvent.action.in_(actions)).order_by(AuditEvent.id)))


def test_rules_are_kept_changed_and_given_back_to_the_quiz(database: Database, people: Cast) -> None:
    rules(database, people, opens_at=NOON, closes_at=NOON + HOUR, review=ReviewRules())
    with database.reading() as db:
        row = db.execute(select(CohortQuiz.review, CohortQuiz.opens_at)).one()
    assert row.review == dict.fromkeys(("marks", "answers", "feedback", "explanation"), "after-submit")
    assert row.opens_at == NOON
    rules(database, people, opens_at=NOON, closes_at=NOON + HOUR, review=ReviewRules())  # nothing new: nothing told
    rules(database, people)
    rules(database, people)
    with database.reading() as db:
        assert db.execute(select(CohortQuiz.quiz)).first() is None
    first, second = audited(database)
    assert (first.subject, first.actor_id, first.details["before"]["review"]) == ("Angkatan I", people.grace, None)
    assert second.details["before"] == first.details["after"]
    assert second.details["after"] == {"opens_at": None, "closes_at": None, "review": None}


def test_at_once_for_everything_is_an_override_too(database: Database, people: Cast) -> None:
    rules(database, people, review=ReviewRules())
    quiz = make("pass: 70\nreview: never")
    attempt_id = start(database, quiz, people.ada)
    assert the_attempt(database, attempt_id).rules.review == ReviewRules()


def test_more_time_moves_the_deadline_of_a_running_attempt(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(TIMED), people.ada)
    other = start(database, make(TIMED), people.mallory)
    moved = grant(database, people.ada, 15, now=NOON + 5 * MINUTE)
    assert moved == [Moved(attempt_id, NOON + 25 * MINUTE)]
    found = the_attempt(database, attempt_id)
    assert (found.deadline_at, found.closes_at) == (NOON + 25 * MINUTE, NOON + 35 * MINUTE)
    assert the_attempt(database, other).deadline_at == NOON + 10 * MINUTE
    assert audited(database)[0].details["after"]["extra_minutes"] == 15


def test_more_time_revives_an_attempt_in_its_grace_and_no_closed_one(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(TIMED), people.ada)
    grant(database, people.ada, 30, now=NOON + 15 * MINUTE)
    assert not the_attempt(database, attempt_id).is_late(NOON + 39 * MINUTE)
    submit(database, attempt_id, people.ada, now=NOON + 20 * MINUTE)
    assert grant(database, people.ada, 60, now=NOON + 21 * MINUTE) == []
    assert the_attempt(database, attempt_id).deadline_at == NOON + 40 * MINUTE


def test_less_time_takes_nothing_back_that_has_passed(database: Database, people: Cast) -> None:
    grant(database, people.ada, 30)
    attempt_id = start(database, make(TIMED), people.ada)
    assert the_attempt(database, attempt_id).deadline_at == NOON + 40 * MINUTE
    grant(database, people.ada, 0, now=NOON + 25 * MINUTE)
    found = the_attempt(database, attempt_id)
    assert (found.deadline_at, found.closes_at) == (NOON + 25 * MINUTE, NOON + 35 * MINUTE), "answers are on their way"
    grant(database, people.ada, 0, 1, now=NOON + 30 * MINUTE)
    assert the_attempt(database, attempt_id).deadline_at == NOON + 25 * MINUTE, "it is over already and stays so"
    grant(database, people.ada, 1, 1, now=NOON + 50 * MINUTE)
    assert the_attempt(database, attempt_id).closes_at == NOON + 35 * MINUTE, "and so does its grace"


def test_more_time_does_not_reach_beyond_the_close_nor_into_a_quiz_without_limit(
    database: Database, people: Cast
) -> None:
    endless = start(database, make(), people.mallory)
    assert grant(database, people.mallory, 15) == []
    assert the_attempt(database, endless).deadline_at is None
    rules(database, people, closes_at=NOON + 5 * MINUTE)
    attempt_id = start(database, make(TIMED), people.ada)
    assert grant(database, people.ada, 15) == []
    assert the_attempt(database, attempt_id).deadline_at == NOON + 5 * MINUTE


def test_a_close_reaches_attempts_that_run(database: Database, people: Cast) -> None:
    endless = start(database, make(), people.ada)
    assert rules(database, people, closes_at=NOON + HOUR) == [Moved(endless, NOON + HOUR)]
    assert the_attempt(database, endless).closes_at == NOON + HOUR + 10 * MINUTE
    rules(database, people, closes_at=NOON - HOUR, now=NOON + MINUTE)
    assert the_attempt(database, endless).deadline_at == NOON + MINUTE, "not into the past"
    rules(database, people, closes_at=NOON + 3 * HOUR, now=NOON + 2 * MINUTE)
    assert the_attempt(database, endless).deadline_at == NOON + 3 * HOUR
    rules(database, people, now=NOON + 3 * MINUTE)
    found = the_attempt(database, endless)
    assert (found.deadline_at, found.closes_at) == (None, None)


def test_rules_of_one_cohort_leave_the_other_alone(database: Database, people: Cast) -> None:
    theirs = start(database, make(), people.mallory)
    assert rules(database, people, closes_at=NOON + HOUR) == []
    assert the_attempt(database, theirs).deadline_at is None


def test_grace_moves_the_end_of_running_attempts_and_not_their_deadline(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(TIMED), people.ada)
    with database.transaction() as db:
        assert overrides.set_grace(db, people.cohort, 60, actor_id=people.grace, now=NOON) == []
    found = the_attempt(database, attempt_id)
    assert (found.deadline_at, found.closes_at) == (NOON + 10 * MINUTE, NOON + 70 * MINUTE)
    with database.transaction() as db:
        overrides.set_grace(db, people.cohort, 0, actor_id=people.grace, now=NOON)
    assert the_attempt(database, attempt_id).closes_at == NOON + 10 * MINUTE
    (first, second) = audited(database)
    assert [(one.details["before"], one.details["after"]) for one in (first, second)] == [(10, 60), (60, 0)]
    for minutes in (-1, 10**9):
        with pytest.raises(Invalid), database.transaction() as db:
            overrides.set_grace(db, people.cohort, minutes, actor_id=None, now=NOON)
    with database.transaction() as db:
        assert db.get_one(Cohort, people.cohort).grace_minutes == 0


def test_another_attempt_is_for_new_starts_and_is_used_once(database: Database, people: Cast) -> None:
    quiz = make("pass: 70\nattempts: 1")
    first = start(database, quiz, people.ada)
    grant(database, people.ada, tries=1)
    assert the_attempt(database, first).attempt_limit == 1, "the limit is frozen in each row"
    submit(database, first, people.ada)
    second = start(database, quiz, people.ada)
    assert (the_attempt(database, second).number, the_attempt(database, second).attempt_limit) == (2, 2)
    submit(database, second, people.ada)
    with pytest.raises(attempts.NoAttemptsLeft):
        start(database, quiz, people.ada)
    grant(database, people.ada, 0, 0)
    with pytest.raises(attempts.NoAttemptsLeft):
        start(database, quiz, people.ada)


def test_nothing_is_not_granted(database: Database, people: Cast) -> None:
    with pytest.raises(overrides.NothingGranted):
        grant(database, people.ada)
    grant(database, people.ada, 5)
    grant(database, people.ada)  # takes back what there was
    with database.transaction() as db:
        row = db.scalars(select(Allowance)).one()
        assert (row.extra_minutes, row.extra_attempts) == (0, 0)
    assert [event.details["before"] for event in audited(database)] == [
        None,
        {"extra_minutes": 5, "extra_attempts": 0, "reason": "Listrik padam"},
    ]


def test_the_cohort_that_was_joined_last_decides_what_is_shown(database: Database, people: Cast) -> None:
    rules(database, people, review=ReviewRules(answers=Moment.NEVER))
    with database.transaction() as db:
        other = cohorts.by_name(db, "Angkatan II")
        cohorts.enrol(db, other, people.ada, Place.PARTICIPANT, now=NOON + HOUR)
        given = Rules(opens_at=None, closes_at=None, review=ReviewRules())
        overrides.set_rules(db, other.id, "percobaan", given, actor_id=None, now=NOON)
    attempt_id = start(database, make("pass: 70\nreview: never"), people.ada)
    assert the_attempt(database, attempt_id).rules.review == ReviewRules()


def test_a_grant_and_a_start_at_once_never_miss_each_other(database: Database, people: Cast) -> None:
    """Whichever is first: the attempt has the longer deadline in the end."""
    quiz = make(TIMED)
    for number in range(6):
        minutes = 5 * (number + 1)
        barrier = threading.Barrier(2)
        failed: list[BaseException] = []

        def both(work: Any, barrier: threading.Barrier = barrier, failed: list[BaseException] = failed) -> None:
            try:
                barrier.wait(10)
                database.retried(work)
            except BaseException as error:
                failed.append(error)

        workers = [
            threading.Thread(target=both, args=(lambda minutes=minutes: grant(database, people.ada, minutes),)),
            threading.Thread(target=both, args=(lambda: start(database, quiz, people.ada),)),
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(30)
        assert not failed
        attempt_id = start(database, quiz, people.ada)
        assert the_attempt(database, attempt_id).deadline_at == NOON + (10 + minutes) * MINUTE
        submit(database, attempt_id, people.ada)


# --- of many running attempts a few at a time ---------------------------------------------------------------------


def running(database: Database, people: Cast, count: int, quiz: Quiz | None = None) -> list[UUID]:
    """Attempts of as many people of Ada's cohort, in the order of their ids."""
    quiz, made = quiz or make(TIMED), []
    for number in range(count):
        with database.transaction() as db:
            group = db.get_one(Cohort, people.cohort)
            found = db.scalars(select(User).where(User.login == f"peserta{number}")).one_or_none()
            user = found or accounts.add(
                db, login=f"peserta{number}", name=f"Peserta {number}", roles=[Role.PARTICIPANT], now=NOON
            )
            cohorts.enrol(db, group, user.id, Place.PARTICIPANT, now=NOON)
            made.append(attempts.start(db, quiz, user.id, now=NOON))
    return sorted(made)


def grace_of(database: Database, attempts: list[UUID]) -> list[int]:
    """Minutes between deadline and close."""
    found = []
    for attempt_id in attempts:
        one = the_attempt(database, attempt_id)
        assert one.closes_at
        assert one.deadline_at
        found.append((one.closes_at - one.deadline_at) // MINUTE)
    return found


def go_on(database: Database, people: Cast) -> int:
    with database.transaction() as db:
        return deadlines.go_on(db, people.cohort, now=NOON)


def moving(database: Database) -> Sequence[UUID]:
    with database.reading() as db:
        return deadlines.moving(db)


def test_of_many_running_attempts_a_few_follow_at_a_time(
    database: Database, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadlines, "PIECE", 2)
    theirs = running(database, people, 5)
    with database.transaction() as db:
        overrides.set_grace(db, people.cohort, 40, actor_id=None, now=NOON)
    assert grace_of(database, theirs) == [40, 40, 10, 10, 10]
    assert moving(database) == [people.cohort]
    begun = start(database, make(TIMED), people.ada)
    assert grace_of(database, [begun]) == [40], "it holds at once for whoever starts"
    submit(database, begun, people.ada)
    assert [go_on(database, people) for _ in range(4)] == [2, 1, 0, 0]
    assert grace_of(database, theirs) == [40] * 5
    assert moving(database) == []
    assert go_on(database, people) == 0, "nothing is left"


def test_as_many_as_follow_at_once_leave_nothing_to_do(
    database: Database, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadlines, "PIECE", 2)
    running(database, people, 2)
    assert len(rules(database, people, closes_at=NOON + 5 * MINUTE)) == 2
    assert moving(database) == []


def test_a_decision_about_another_quiz_meanwhile_leaves_none_behind(
    database: Database, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadlines, "PIECE", 2)
    first = running(database, people, 4, replace(make(TIMED), id="lain"))
    then = running(database, people, 4)
    for quiz, closes_at in (("lain", NOON + 5 * MINUTE), ("percobaan", NOON + 6 * MINUTE)):
        with database.transaction() as db:
            given = Rules(opens_at=None, closes_at=closes_at, review=None)
            assert len(overrides.set_rules(db, people.cohort, quiz, given, actor_id=None, now=NOON)) == 2
    while go_on(database, people):
        pass
    assert {the_attempt(database, one).deadline_at for one in first} == {NOON + 5 * MINUTE}
    assert {the_attempt(database, one).deadline_at for one in then} == {NOON + 6 * MINUTE}


def test_what_staff_decided_is_written_down_by_whom_about_what_and_when(database: Database, people: Cast) -> None:
    strict = ReviewRules(answers=Moment.AFTER_CLOSE)
    rules(database, people, opens_at=NOON, review=strict, now=NOON + MINUTE)
    with database.transaction() as db:
        overrides.set_grace(db, people.cohort, 25, actor_id=people.grace, now=NOON + 2 * MINUTE)
        given = Grant(extra_minutes=5, extra_attempts=1, reason="Listrik padam")
        overrides.grant(db, people.ada, "percobaan", given, actor_id=people.grace, now=NOON + 3 * MINUTE)
    told = [(one.action, one.subject, one.actor_id, one.at, one.details.get("quiz")) for one in audited(database)]
    assert told == [
        ("cohort.rules", "Angkatan I", people.grace, NOON + MINUTE, "percobaan"),
        ("cohort.grace", "Angkatan I", people.grace, NOON + 2 * MINUTE, None),
        ("allowance.grant", str(people.ada), people.grace, NOON + 3 * MINUTE, "percobaan"),
    ]
    aspects = {"marks": "after-submit", "answers": "after-close", "feedback": "after-submit"}
    assert audited(database)[0].details["after"] == {
        "opens_at": NOON.isoformat(),
        "closes_at": None,
        "review": aspects | {"explanation": "after-submit"},
    }
    assert audited(database)[2].details["after"] == {
        "extra_minutes": 5,
        "extra_attempts": 1,
        "reason": "Listrik padam",
    }
    with database.reading() as db:
        allowed = overrides.allowances(db, people.ada)
        assert {
            quiz: (one.extra_minutes, one.extra_attempts, one.reason, one.granted_at) for quiz, one in allowed.items()
        } == {"percobaan": (5, 1, "Listrik padam", NOON + 3 * MINUTE)}
        assert overrides.allowances(db, people.mallory) == {}


def test_what_was_granted_last_is_listed_first(database: Database, people: Cast) -> None:
    with database.transaction() as db:
        for minutes, quiz in ((2, "c"), (1, "a"), (3, "b")):
            given = Grant(extra_minutes=5, extra_attempts=0, reason="Listrik padam")
            overrides.grant(db, people.ada, quiz, given, actor_id=None, now=NOON + minutes * MINUTE)
    with database.reading() as db:
        assert list(overrides.allowances(db, people.ada)) == ["b", "c", "a"]


def test_a_week_of_grace_is_the_most_and_the_same_again_is_not_told(database: Database, people: Cast) -> None:
    for minutes, told in ((overrides.MOST_GRACE, 1), (overrides.MOST_GRACE, 1), (0, 2)):
        with database.transaction() as db:
            overrides.set_grace(db, people.cohort, minutes, actor_id=None, now=NOON)
        assert len(audited(database)) == told
    for minutes in (-1, overrides.MOST_GRACE + 1):
        with pytest.raises(Invalid, match="0–10080 menit"), database.transaction() as db:
            overrides.set_grace(db, people.cohort, minutes, actor_id=None, now=NOON)


def test_nothing_granted_is_told_beside_both_fields(database: Database, people: Cast) -> None:
    with pytest.raises(overrides.NothingGranted) as caught:
        grant(database, people.ada)
    assert set(caught.value.fields) == {"extra_minutes", "extra_attempts"}
    assert set(caught.value.fields.values()) == {str(caught.value)}


def test_what_a_cohort_has_different_is_read_as_it_was_written(database: Database, people: Cast) -> None:
    with database.reading() as db:
        assert overrides.cohort_rules(db, people.cohort) == overrides.CohortRules(10, {})
    strict = ReviewRules(answers=Moment.NEVER)
    rules(database, people, opens_at=NOON, closes_at=NOON + HOUR, review=strict)
    with database.transaction() as db:
        other = cohorts.by_name(db, "Angkatan II")
        overrides.set_rules(
            db, other.id, "lain", Rules(opens_at=None, closes_at=NOON, review=None), actor_id=None, now=NOON
        )
    with database.reading() as db:
        (found,) = overrides.cohort_rules(db, people.cohort).quizzes.items()
        (theirs,) = overrides.cohort_rules(db, other.id).quizzes.values()
    assert found[0] == "percobaan"
    assert (found[1].opens_at, found[1].closes_at, found[1].review) == (NOON, NOON + HOUR, strict)
    assert (theirs.opens_at, theirs.closes_at, theirs.review) == (None, NOON, None)
    assert found[1].stamp != overrides.Different().stamp
    with database.transaction() as db:  # what a page showed is what is held
        overrides.set_rules(
            db,
            people.cohort,
            "percobaan",
            Rules(opens_at=None, closes_at=None, review=None),
            seen=found[1].stamp,
            actor_id=None,
            now=NOON,
        )
        overrides.set_rules(
            db,
            people.cohort,
            "percobaan",
            Rules(opens_at=NOON, closes_at=None, review=None),
            seen=overrides.Different().stamp,
            actor_id=None,
            now=NOON,
        )


def test_a_participant_is_one_of_this_cohort_today(database: Database, people: Cast) -> None:
    with database.transaction() as db:
        ours = cohorts.by_name(db, "Angkatan I")
        cohorts.enrol(db, ours, people.ada, Place.PARTICIPANT, extra_minutes=15, now=NOON)
    with database.reading() as db:
        found = overrides.participant(db, people.cohort, people.ada)
        assert found == overrides.Participant(people.ada, "Ada", "ada", None, 15)
        for stranger in (people.grace, people.mallory, people.edsger):
            with pytest.raises(overrides.UnknownParticipant):
                overrides.participant(db, people.cohort, stranger)
    with database.transaction() as db:
        cohorts.leave(db, people.cohort, people.ada, now=NOON)
    with database.reading() as db, pytest.raises(overrides.UnknownParticipant):
        overrides.participant(db, people.cohort, people.ada)


def test_the_quizzes_that_somebody_is_at_are_listed_with_their_deadline(database: Database, people: Cast) -> None:
    start(database, make(TIMED), people.ada)
    start(database, replace(make(), id="lain"), people.ada)
    submit(database, start(database, replace(make(), id="selesai"), people.ada), people.ada)
    start(database, make(TIMED), people.mallory)
    with database.reading() as db:
        assert overrides.running(db, people.ada) == {"percobaan": NOON + 10 * MINUTE, "lain": None}


def test_an_attempt_that_stays_does_not_hold_up_those_that_move(database: Database, people: Cast) -> None:
    with database.transaction() as db:
        cohorts.enrol(db, cohorts.by_name(db, "Angkatan I"), people.edsger, Place.PARTICIPANT, now=NOON)
    stays, moves = start(database, make(TIMED), people.ada), start(database, make(), people.edsger)
    assert rules(database, people, closes_at=NOON + HOUR) == [Moved(moves, NOON + HOUR)]
    assert [the_attempt(database, one).deadline_at for one in (stays, moves)] == [NOON + 10 * MINUTE, NOON + HOUR]


def test_rules_of_one_quiz_and_grace_of_one_cohort_move_no_other_attempt(database: Database, people: Cast) -> None:
    own = start(database, make(TIMED), people.ada)
    other_quiz = start(database, replace(make(TIMED), id="lain"), people.ada)
    other_cohort = start(database, make(TIMED), people.mallory)
    assert rules(database, people, closes_at=NOON + 5 * MINUTE) == [Moved(own, NOON + 5 * MINUTE)]
    with database.transaction() as db:
        assert overrides.set_grace(db, people.cohort, 30, actor_id=None, now=NOON) == [], "no deadline moved"
    assert [the_attempt(database, one).closes_at for one in (own, other_quiz, other_cohort)] == [
        NOON + 35 * MINUTE,
        NOON + 40 * MINUTE,
        NOON + 20 * MINUTE,
    ]


def test_what_one_person_is_granted_or_runs_is_nobody_elses(database: Database, people: Cast) -> None:
    grant(database, people.ada, 15)
    grant(database, people.mallory, 20)
    start(database, make(TIMED), people.mallory)
    with database.reading() as db:
        granted = {
            who: overrides.allowances(db, who)["percobaan"].extra_minutes for who in (people.ada, people.mallory)
        }
        assert granted == {people.ada: 15, people.mallory: 20}
        assert overrides.running(db, people.ada) == {}
        assert overrides.running(db, people.mallory) == {"percobaan": NOON + 30 * MINUTE}
