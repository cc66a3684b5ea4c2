"""What happened with a participant: everything once, with who did it, the newest first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from lms.db.engine import Database
from lms.learning import attempts, history, overrides, participants, reading, reports, staff_notes
from lms.learning import marks as judging
from lms.learning.history import Event, Happened
from lms.quiz import regrade
from tests.conftest import NOON, Cast
from tests.learning.test_attempts import make, save, start, submit
from tests.learning.test_marks import ESSAY
from tests.learning.test_members import CATALOG
from tests.learning.test_regrades import asked, decide

LESSON = CATALOG.every_lesson[0]


def at(hour: int) -> Any:
    return NOON + timedelta(hours=hour)


def told(database: Database, people: Cast, user_id: UUID | None = None) -> list[Event]:
    with database.reading() as db:
        one = participants.of(db, people.cohort, user_id or people.ada)
        taken = participants.taken(db, one.member.enrolment_id)
        return history.of(db, one, taken, staff_notes.of(db, one.member.enrolment_id))


def test_who_did_nothing_has_only_joined(database: Database, people: Cast) -> None:
    assert told(database, people) == [Event(NOON, Happened.JOINED)]


def test_everything_is_told_once_with_who_did_it(database: Database, people: Cast) -> None:
    with database.transaction() as db:
        reading.visit(db, people.ada, LESSON, now=at(1))
        reading.visit(db, people.ada, LESSON, read=True, now=at(2))
    essay = start(database, make("pass: 70", ESSAY), people.ada, now=at(3))
    save(database, essay, people.ada, "u-satu", ["Menahan abrasi."], 1, now=at(3))
    submit(database, essay, people.ada, now=at(4))
    for fraction in (0.5, 1.0):
        with database.transaction() as db:
            judging.judge(db, essay, "u-satu", fraction, author_id=people.grace, comment="", now=at(5))
    late = start(database, make("time_limit: 20 min"), people.ada, now=at(6))
    save(database, late, people.ada, "t-satu", ["b"], 1, now=at(6))
    with database.transaction() as db:
        attempts.close_overdue(db, now=at(8))
        given = overrides.Grant(extra_minutes=30, extra_attempts=1, reason="Listrik padam")
        overrides.grant(db, people.ada, "percobaan", given, actor_id=people.grace, now=at(9))
        reports.report(db, late, people.ada, "t-satu", "Dua yang benar.", offered=None, now=at(10))
    decide(database, people, asked(people, regrade.FullMarks()), now=at(11))
    decide(database, people, asked(people, regrade.FullMarks(), "t-tiga"), now=at(12))
    decide(database, people, asked(people, regrade.FullMarks(), "t-tiga"), now=at(13))
    with database.transaction() as db:
        about = participants.of(db.connection(), people.cohort, people.ada).member.enrolment_id
        staff_notes.write(db, people.cohort, [about], "Ibunya sakit.", author_id=people.grace, now=at(14))
    closed = next(event.at for event in told(database, people) if event.what is Happened.TIMED_OUT)
    found = [
        (event.at, event.what, event.number, event.item, event.who, event.count) for event in told(database, people)
    ]
    assert found == [
        (at(14), Happened.NOTED, 0, "", "Grace", 0),
        (at(12), Happened.REGRADED, 2, "t-tiga", "Grace", 1),  # the same decision again changed nothing
        (at(11), Happened.REGRADED, 2, "t-satu", "Grace", 1),
        (at(10), Happened.REPORTED, 2, "t-satu", "", 0),
        (at(9), Happened.GRANTED, 0, "", "Grace", 0),
        (closed, Happened.TIMED_OUT, 2, "", "", 0),
        (at(6), Happened.BEGUN, 2, "", "", 0),
        (at(5), Happened.JUDGED, 1, "", "Grace", 1),
        (at(4), Happened.HANDED_IN, 1, "", "", 0),
        (at(3), Happened.BEGUN, 1, "", "", 0),
        (at(2), Happened.READ, 0, "", "", 0),
        (at(1), Happened.SEEN, 0, "", "", 0),
        (at(0), Happened.JOINED, 0, "", "", 0),
    ]
