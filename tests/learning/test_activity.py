"""When a cohort learns: what is counted leaves a mark that never moves, on the day where the reader is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from lms.db.engine import Database
from lms.learning import activity, attempts, practice, reading
from lms.learning.activity import Activity
from lms.quiz.practice import About, Subject
from tests.conftest import Cast
from tests.learning.test_attempts import make, start, submit
from tests.learning.test_members import CATALOG
from tests.learning.test_regrades import class_of

JAKARTA = ZoneInfo("Asia/Jakarta")
SUNDAY, MONDAY = date(2026, 11, 22), date(2026, 11, 23)
LATE = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)  # half past eleven in the evening in Jakarta
NEXT = LATE + timedelta(hours=1)  # half past midnight
LESSONS = CATALOG.every_lesson


def counted(database: Database, people: Cast, first: date = SUNDAY, last: date = MONDAY) -> Activity:
    with database.reading() as db:
        return activity.of(db, people.cohort, first=first, last=last, zone=JAKARTA)


@pytest.fixture
def class_at_night(database: Database, people: Cast) -> UUID:
    """Ada reads two lessons before midnight and hands in a quiz after it; somebody else opens a lesson after it, and
    again later; Mallory, of another cohort, reads, too."""
    (other,) = class_of(database, 1)
    with database.transaction() as db:
        reading.visit(db, people.ada, LESSONS[0], read=True, now=LATE)
        reading.visit(db, people.ada, LESSONS[1], read=True, now=LATE)
        reading.visit(db, other, LESSONS[0], now=NEXT)
        reading.visit(db, other, LESSONS[0], now=NEXT + timedelta(hours=5))
        reading.visit(db, people.mallory, LESSONS[0], read=True, now=NEXT)
    submit(database, start(database, make(), people.ada, now=NEXT), people.ada, now=NEXT)
    return other


def test_people_lessons_and_attempts_are_counted_by_the_day_of_the_reader(
    database: Database, people: Cast, class_at_night: UUID
) -> None:
    found = counted(database, people)
    assert found.people == {SUNDAY: 1, MONDAY: 2}
    assert found.lessons == {SUNDAY: 2}
    assert found.attempts == {MONDAY: 1}
    assert found.people_a_week == {date(2026, 11, 16): 1, MONDAY: 2}
    assert found.hours == {(6, 23): 1, (0, 0): 2}, "reading again is not counted: nobody knows when it was"


def test_two_spans_together_tell_what_the_whole_does(database: Database, people: Cast, class_at_night: UUID) -> None:
    parts = counted(database, people, SUNDAY, SUNDAY) + counted(database, people, MONDAY, MONDAY)
    assert parts == counted(database, people)
    assert counted(database, people, date(2026, 11, 24), date(2026, 11, 30)) == Activity()


def test_what_nobody_did_and_what_is_ones_own_is_not_counted(database: Database, people: Cast) -> None:
    start(database, make("pass: 70\ntime_limit: 10 min"), people.ada, now=LATE)
    with database.transaction() as db:
        assert attempts.close_overdue(db, now=NEXT + timedelta(hours=1)) == 1
        practice.start(db, people.ada, CATALOG, About(Subject.MIXED), now=NEXT)
    found = counted(database, people)
    assert (found.people, found.attempts) == ({SUNDAY: 1}, {}), "begun on Sunday, and closed by the clock"
