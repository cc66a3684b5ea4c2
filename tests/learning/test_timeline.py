"""What an instructor reads of an attempt: in the order in which it reached the server, the device's word beside it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from lms.db.engine import Database
from lms.learning import answer_file, attempt_records, attempts, timeline
from lms.learning.timeline import Happened
from tests.conftest import NOON, Cast
from tests.learning.test_answer_file import DEADLINE, MUCH_LATER, TIMED, one, packed, put
from tests.learning.test_attempts import make, save, start, submit, the_attempt


def told(database: Database, attempt_id: UUID) -> timeline.Timeline:
    with database.reading() as db:
        rows, marks = attempt_records.reviewed(db, attempt_id), attempt_records.marks(db, attempt_id)
        return timeline.of(db, the_attempt(database, attempt_id), rows, marks)


def test_everything_stands_in_the_order_in_which_it_arrived(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(TIMED), people.ada)
    save(database, attempt_id, people.ada, "t-dua", ["a"], 1, now=NOON + timedelta(minutes=2))
    save(database, attempt_id, people.ada, "t-satu", ["a"], 1, made_at=NOON, now=DEADLINE + timedelta(minutes=1))
    with database.transaction() as db:
        attempts.close_overdue(db, now=MUCH_LATER)
        attempts.note_seen(db, attempt_id, now=MUCH_LATER)
    with database.transaction() as db:
        file = answer_file.read(packed(attempt_id, one("t-tiga", ["Toba"])))
        answer_file.apply(db, attempt_id, file, actor_id=people.grace, reason="Saya saksi.", now=MUCH_LATER)
    found = told(database, attempt_id)
    assert [event.what for event in found.events] == [
        Happened.STARTED,
        Happened.ANSWERED,
        Happened.DEADLINE,
        Happened.CLOSED,
        Happened.ANSWERED,
        Happened.ANSWERED,
        Happened.PUT_IN,
        Happened.SEEN,
    ]
    answered = [event for event in found.events if event.what is Happened.ANSWERED]
    assert [(event.number, event.late) for event in answered] == [(2, False), (1, True), (3, True)]
    assert (answered[1].made_at, answered[1].at) == (NOON, DEADLINE + timedelta(minutes=1))
    (put_in,) = (event for event in found.events if event.what is Happened.PUT_IN)
    assert (put_in.who, put_in.reason, put_in.count) == ("Grace", "Saya saksi.", 1)
    assert (found.answered, found.late, found.all_late) == (3, 2, False)


@pytest.mark.parametrize("late", [True, False])
def test_a_device_whose_answers_all_came_late_is_flagged(database: Database, people: Cast, late: bool) -> None:
    attempt_id = start(database, make(TIMED), people.ada)
    arrived = DEADLINE + timedelta(minutes=1) if late else NOON + timedelta(minutes=1)
    for item in ("t-satu", "t-dua"):
        save(database, attempt_id, people.ada, item, ["a"], 1, made_at=NOON, now=arrived)
    assert told(database, attempt_id).all_late is late


def test_where_nothing_was_answered_nothing_is_flagged(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(TIMED), people.ada)
    assert not told(database, attempt_id).all_late


def test_the_marks_of_the_key_are_no_event(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(), people.ada)
    save(database, attempt_id, people.ada, "t-satu", ["a"], 1)
    submit(database, attempt_id, people.ada)
    kinds = [event.what for event in told(database, attempt_id).events]
    assert kinds == [Happened.STARTED, Happened.ANSWERED, Happened.SUBMITTED]


def test_a_file_nobody_had_to_explain_stands_there_too(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(TIMED), people.ada)
    put(database, people, attempt_id, packed(attempt_id, one("t-satu", ["a"])), NOON + timedelta(minutes=6))
    (event,) = (event for event in told(database, attempt_id).events if event.what is Happened.PUT_IN)
    assert (event.who, event.reason, event.count) == ("Grace", "", 1)
