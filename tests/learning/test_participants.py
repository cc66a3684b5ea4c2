"""One participant as staff see them: between whom they stand by name, and which attempt counts."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from lms.db.engine import Database
from lms.learning import cohorts, participants
from lms.learning.overrides import UnknownParticipant
from tests.conftest import NOON, Cast
from tests.learning.test_attempts import make, save, start, submit
from tests.learning.test_regrades import class_of


def test_neighbours_are_those_beside_somebody_by_name(database: Database, people: Cast) -> None:
    first, second, gone = class_of(database, 3)
    with database.transaction() as db:
        cohorts.leave(db, people.cohort, gone, now=NOON)
    found = {}
    with database.reading() as db:
        for user_id in (people.ada, first, second):
            one = participants.of(db, people.cohort, user_id)
            found[one.member.name] = tuple(beside and beside.name for beside in (one.previous, one.next))
        for stranger in (gone, people.grace, people.mallory, uuid4()):
            with pytest.raises(UnknownParticipant):
                participants.of(db, people.cohort, stranger)
    assert found == {
        "Ada": (None, "Peserta 0"),
        "Peserta 0": ("Ada", "Peserta 1"),
        "Peserta 1": ("Peserta 0", None),
    }


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_best_attempt_is_the_earliest_of_those_that_earned_the_most(database: Database, people: Cast) -> None:
    made = []
    for day, given in enumerate(("b", "a", "a", None)):
        attempt_id = start(database, make(), people.ada, now=NOON + timedelta(days=day))
        if given:
            save(database, attempt_id, people.ada, "t-satu", [given], 1, now=NOON + timedelta(days=day))
            submit(database, attempt_id, people.ada, now=NOON + timedelta(days=day))
        made.append(attempt_id)
    with database.reading() as db:
        taken = participants.taken(db, participants.of(db, people.cohort, people.ada).member.enrolment_id)
    assert [one.id for one in taken] == made
    assert participants.best(taken) == {made[1]}
    assert [one.is_waiting for one in taken] == [False] * 4, "the last one is still open"
