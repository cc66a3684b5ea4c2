"""What is remembered of reading, on both engines."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lms.catalog.load import load
from lms.catalog.source import Folder
from lms.db.engine import Database
from lms.learning import reading
from tests.conftest import NOON, PACK, Cast

CATALOG = load(Folder.at(PACK))
LESSON = CATALOG.lesson("pecahan/setengah")
LATER = NOON + timedelta(hours=1)


def test_a_visit_remembers_the_place_and_an_end_once_reached_stays_reached(database: Database, people: Cast) -> None:
    with database.transaction() as db:
        reading.visit(db, people.ada, LESSON, position="bagian-gambarnya", now=NOON)
    with database.transaction() as db:
        reading.visit(db, people.ada, LESSON, position="", read=True, now=LATER)
    with database.transaction() as db:
        reading.visit(db, people.ada, LESSON, position="bagian-penutup", now=LATER + timedelta(hours=1))
    with database.reading() as db:
        latest = reading.latest(db, people.ada)
        records = reading.records(db, people.ada)
    assert latest is not None
    assert (latest.lesson, latest.position, latest.read_at) == (LESSON.id, "bagian-penutup", LATER)
    assert records.seen == records.read == {LESSON.id}


def test_the_latest_answer_to_a_self_check_is_kept(database: Database, people: Cast) -> None:
    check = reading.check_of(LESSON, "cek-bagian")
    for response in (("b",), ("a",)):
        with database.transaction() as db:
            reading.answer(db, people.ada, LESSON, check, response, now=NOON)
    with database.reading() as db:
        assert reading.checks(db, people.ada, LESSON.id) == {"cek-bagian": ("a",)}
        assert reading.checks(db, people.mallory, LESSON.id) == {}
        assert reading.records(db, people.ada).answered == {"cek-bagian"}


def test_nothing_answered_is_told_and_changes_nothing(database: Database, people: Cast) -> None:
    check = reading.check_of(LESSON, "cek-bagian")
    with pytest.raises(reading.NothingAnswered), database.transaction() as db:
        reading.answer(db, people.ada, LESSON, check, None, now=NOON)
    with database.reading() as db:
        assert reading.records(db, people.ada).answered == set()


def test_a_check_of_another_lesson_is_unknown() -> None:
    with pytest.raises(reading.UnknownCheck):
        reading.check_of(LESSON, "cek-danau")
