"""A page that has grown old: nothing is changed, and who was first is told – the last who saved this very thing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from lms.db.engine import Database
from lms.learning import cohorts, overrides
from lms.learning.overrides import Grant, Rules
from lms.learning.stale import ChangedMeanwhile, stamp
from tests.conftest import NOON, Cast

MINUTE = timedelta(minutes=1)
CLOSED = Rules(opens_at=None, closes_at=NOON, review=None)


def test_equal_values_have_one_stamp_in_whatever_order_they_stand() -> None:
    assert stamp({"a": 1, "b": None}) == stamp({"b": None, "a": 1})
    assert len({stamp(held) for held in (None, {}, {"a": 1}, {"a": 2}, {"a": 1, "b": None})}) == 5


def grace(database: Database, cohort_id: UUID, minutes: int, actor_id: UUID | None, *, at: int, seen: Any) -> None:
    with database.transaction() as db:
        overrides.set_grace(db, cohort_id, minutes, seen=seen, actor_id=actor_id, now=NOON + at * MINUTE)


def test_the_last_who_saved_is_told_and_nothing_is_changed(database: Database, people: Cast) -> None:
    shown = stamp(overrides.grace_held(10))
    grace(database, people.cohort, 20, people.edsger, at=0, seen=shown)
    grace(database, people.cohort, 30, people.grace, at=1, seen=None)
    grace(database, people.cohort, 35, people.edsger, at=0, seen=None)  # written later, on a clock that is behind
    with pytest.raises(ChangedMeanwhile) as caught:
        grace(database, people.cohort, 40, people.edsger, at=2, seen=shown)
    assert (caught.value.who, caught.value.at) == ("Grace", NOON + MINUTE)
    with database.reading() as db:
        assert overrides.cohort_rules(db, people.cohort).grace == 35


def test_whoever_saves_what_is_held_already_is_told_nothing(database: Database, people: Cast) -> None:
    grace(database, people.cohort, 20, people.grace, at=0, seen=None)
    grace(database, people.cohort, 20, people.edsger, at=1, seen=stamp(overrides.grace_held(10)))


def test_the_command_line_has_no_name(database: Database, people: Cast) -> None:
    grace(database, people.cohort, 20, None, at=0, seen=None)
    with pytest.raises(ChangedMeanwhile) as caught:
        grace(database, people.cohort, 30, people.grace, at=1, seen="old")
    assert (caught.value.who, caught.value.at) == (None, NOON)


def test_only_who_saved_this_of_this_cohort_at_this_quiz_is_told(database: Database, people: Cast) -> None:
    with database.transaction() as db:
        other = cohorts.by_name(db, "Angkatan II").id
        for cohort_id, quiz, actor_id in (
            (people.cohort, "percobaan", people.grace),
            (people.cohort, "lain", people.edsger),
            (other, "percobaan", people.edsger),
        ):
            overrides.set_rules(db, cohort_id, quiz, CLOSED, actor_id=actor_id, now=NOON)
        overrides.set_grace(db, people.cohort, 20, actor_id=people.edsger, now=NOON)
    nothing = Rules(opens_at=None, closes_at=None, review=None)
    with pytest.raises(ChangedMeanwhile) as caught, database.transaction() as db:
        overrides.set_rules(db, people.cohort, "percobaan", nothing, seen="old", actor_id=people.ada, now=NOON)
    assert caught.value.who == "Grace"


def test_what_nobody_wrote_down_was_changed_by_nobody_we_know(database: Database, people: Cast) -> None:
    with pytest.raises(ChangedMeanwhile) as caught:
        grace(database, people.cohort, 20, people.grace, at=0, seen="old")
    assert (caught.value.who, caught.value.at) == (None, None)


def test_a_grant_is_told_by_its_person_and_quiz(database: Database, people: Cast) -> None:
    given = Grant(extra_minutes=5, extra_attempts=0, reason="Listrik padam")
    with database.transaction() as db:
        for user_id, quiz, actor_id in (
            (people.ada, "percobaan", people.grace),
            (people.ada, "lain", people.edsger),
            (people.mallory, "percobaan", people.edsger),
        ):
            overrides.grant(db, user_id, quiz, given, seen=overrides.NOTHING, actor_id=actor_id, now=NOON)
    with database.reading() as db:
        held = overrides.allowances(db, people.ada)["percobaan"]
    more = Grant(extra_minutes=9, extra_attempts=0, reason="Listrik padam")
    with pytest.raises(ChangedMeanwhile) as caught, database.transaction() as db:
        overrides.grant(db, people.ada, "percobaan", more, seen=overrides.NOTHING, actor_id=people.ada, now=NOON)
    assert caught.value.who == "Grace"
    with database.transaction() as db:
        overrides.grant(db, people.ada, "percobaan", more, seen=held.stamp, actor_id=people.ada, now=NOON)
        assert overrides.allowances(db.connection(), people.ada)["percobaan"].extra_minutes == 9
