"""What is remembered of reading, on both engines."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from lms.catalog.load import load
from lms.catalog.source import Folder
from lms.db.engine import Database
from lms.db.learning import LessonRecord, SelfCheck
from lms.learning import reading
from lms.learning.progress import Records
from tests.conftest import NOON, PACK, Cast
from tests.learning.test_attempts import make, save, start, submit

CATALOG = load(Folder.at(PACK))
LESSON = CATALOG.lesson("pecahan/setengah")
OFFERED = {"percobaan": make()}
LATER = NOON + timedelta(hours=1)


def test_a_visit_remembers_the_place_and_an_end_once_reached_stays_reached(database: Database, people: Cast) -> None:
    with database.transaction() as db:
        reading.visit(db, people.ada, LESSON, position="bagian-gambarnya", now=NOON)
    with database.transaction() as db:
        reading.visit(db, people.ada, LESSON, position="", read=True, now=LATER)
    with database.transaction() as db:
        reading.visit(db, people.ada, LESSON, position="bagian-penutup", now=LATER + timedelta(hours=1))
    with database.reading() as db:
        (latest,) = reading.visits(db, people.ada)
        records = reading.records(db, people.ada, OFFERED, now=NOON)
    assert (latest.lesson, latest.position, latest.read_at) == (LESSON.id, "bagian-penutup", LATER)
    assert records.seen == records.read == {LESSON.id}


def test_the_latest_answer_to_a_self_check_is_kept(database: Database, people: Cast) -> None:
    check = reading.check_of(LESSON, "cek-bagian")
    for response in (("b",), ("a",)):
        with database.transaction() as db:
            reading.answer(db, people.ada, LESSON, check, response, now=NOON)
    with database.reading() as db:
        assert reading.checks(db, people.ada, LESSON) == {"cek-bagian": ("a",)}
        assert reading.checks(db, people.mallory, LESSON) == {}
        assert reading.records(db, people.ada, OFFERED, now=NOON).answered == {"cek-bagian"}


def test_of_two_answers_the_one_made_last_is_kept_in_whatever_order_and_however_often_they_arrive(
    database: Database, people: Cast
) -> None:
    check, minute = reading.check_of(LESSON, "cek-bagian"), timedelta(minutes=1)
    first, last = (("a",), NOON), (("b",), NOON + minute)
    for arriving in ([first, last, first, last], [last, first, last, first]):
        for response, made_at in arriving:
            with database.transaction() as db:
                reading.answer(db, people.ada, LESSON, check, response, now=LATER, made_at=made_at)
        with database.transaction() as db:
            row = db.execute(select(SelfCheck.response, SelfCheck.fraction, SelfCheck.answered_at)).one()
            assert tuple(row) == (["b"], 0, NOON + minute)
            db.execute(delete(SelfCheck))


def test_an_answer_of_a_device_that_knows_no_time_is_not_lost_and_not_for_ever(
    database: Database, people: Cast
) -> None:
    check = reading.check_of(LESSON, "cek-bagian")
    answers = (
        (("a",), NOON, None),
        (("b",), NOON + timedelta(hours=1), NOON.replace(year=2010)),
        (("a",), NOON + timedelta(hours=2), NOON.replace(year=2040)),
        (("b",), NOON + timedelta(hours=3), None),
    )
    for response, now, made_at in answers:
        with database.transaction() as db:
            reading.answer(db, people.ada, LESSON, check, response, now=now, made_at=made_at)
        with database.reading() as db:
            assert reading.checks(db, people.ada, LESSON) == {"cek-bagian": response}


def test_a_visit_that_arrives_late_neither_moves_the_place_nor_loses_the_end(database: Database, people: Cast) -> None:
    for position, read, made_at in (
        ("bagian-penutup", False, LATER),
        ("", True, NOON + timedelta(minutes=5)),
        ("bagian-gambarnya", True, NOON),
    ):
        with database.transaction() as db:
            reading.visit(db, people.ada, LESSON, position=position, read=read, now=LATER, made_at=made_at)
    with database.reading() as db:
        assert reading.visits(db, people.ada) == [reading.Visit(LESSON.id, "bagian-penutup", NOON, LATER)]
        assert db.execute(select(LessonRecord.first_seen_at)).scalar_one() == NOON


def test_nothing_answered_is_told_and_changes_nothing(database: Database, people: Cast) -> None:
    check = reading.check_of(LESSON, "cek-bagian")
    with pytest.raises(reading.NothingAnswered), database.transaction() as db:
        reading.answer(db, people.ada, LESSON, check, None, now=NOON)
    with database.reading() as db:
        assert reading.records(db, people.ada, OFFERED, now=NOON).answered == set()


def test_a_check_of_another_lesson_is_unknown() -> None:
    with pytest.raises(reading.UnknownCheck):
        reading.check_of(LESSON, "cek-danau")


def test_first_and_last_visit_are_kept_apart_and_every_lesson_has_its_own(database: Database, people: Cast) -> None:
    other = next(lesson for lesson in CATALOG.every_lesson if lesson.id != LESSON.id)
    with database.transaction() as db:
        reading.visit(db, people.ada, LESSON, position="awal", now=NOON)
        reading.visit(db, people.ada, other, read=True, now=LATER)
        reading.visit(db, people.mallory, LESSON, position="lain", read=True, now=LATER)
        reading.visit(db, people.ada, LESSON, now=LATER + timedelta(hours=1))
    with database.reading() as db:
        rows = db.execute(
            select(LessonRecord.lesson, LessonRecord.first_seen_at, LessonRecord.last_seen_at, LessonRecord.position)
            .where(LessonRecord.user_id == people.ada)
            .order_by(LessonRecord.first_seen_at)
        ).all()
        assert [tuple(row) for row in rows] == [
            (LESSON.id, NOON, LATER + timedelta(hours=1), ""),
            (other.id, LATER, LATER, ""),
        ]
        assert reading.visits(db, people.ada) == [
            reading.Visit(LESSON.id, "", None, LATER + timedelta(hours=1)),
            reading.Visit(other.id, "", LATER, LATER),
        ]
        assert reading.visits(db, people.grace) == []
        found = reading.records(db, people.ada, OFFERED, now=NOON)
        assert (found.seen, found.read, found.tried) == ({LESSON.id, other.id}, {other.id}, frozenset())


def test_an_answer_to_a_self_check_is_a_visit_and_is_never_graded(database: Database, people: Cast) -> None:
    check = reading.check_of(LESSON, "cek-bagian")
    for response, fraction, now in ((check.key(), 1, NOON), (("salah",), 0, LATER)):
        with database.transaction() as db:
            reading.answer(db, people.ada, LESSON, check, response, now=now)
        with database.reading() as db:
            row = db.execute(select(SelfCheck.response, SelfCheck.fraction, SelfCheck.answered_at)).one()
            assert tuple(row) == (list(response or ()), fraction, now)
            assert reading.visits(db, people.ada) == [reading.Visit(LESSON.id, "cek-cek-bagian", None, now)]
            other = next(lesson for lesson in CATALOG.every_lesson if lesson.id != LESSON.id)
            assert reading.checks(db, people.ada, other) == {}


def test_a_self_check_that_moved_is_answered_where_it_stands_now(database: Database, people: Cast) -> None:
    check = reading.check_of(LESSON, "cek-bagian")
    moved = dataclasses.replace(LESSON, id="pecahan/baru", checks=(check,))
    with database.transaction() as db:
        reading.answer(db, people.ada, LESSON, check, ("a",), now=NOON)
        reading.answer(db, people.ada, moved, check, ("b",), now=NOON)
    with database.reading() as db:
        assert reading.checks(db, people.ada, moved) == {"cek-bagian": ("b",)}
        assert reading.checks(db, people.ada, LESSON) == {}


def test_a_self_check_stays_answered_when_its_lesson_is_renamed(database: Database, people: Cast) -> None:
    renamed = dataclasses.replace(LESSON, id="pecahan/baru", aliases=(LESSON.id,))
    with database.transaction() as db:
        reading.answer(db, people.ada, LESSON, reading.check_of(LESSON, "cek-bagian"), ("a",), now=NOON)
    with database.reading() as db:
        assert reading.checks(db, people.ada, renamed) == {"cek-bagian": ("a",)}


def test_a_quiz_is_tried_once_it_was_started_and_passed_once_it_was_ever_passed(
    database: Database, people: Cast
) -> None:
    quiz = make("pass: 20")
    for right, passed in ((False, set()), (True, {"percobaan"}), (False, {"percobaan"})):
        attempt_id = start(database, quiz, people.ada)
        with database.reading() as db:
            assert reading.records(db, people.ada, OFFERED, now=NOON).tried == {"percobaan"}
            assert reading.records(db, people.mallory, OFFERED, now=NOON) == Records()
        if right:
            save(database, attempt_id, people.ada, "t-satu", ["a"], 1)
        submit(database, attempt_id, people.ada)
        with database.reading() as db:
            assert reading.records(db, people.ada, OFFERED, now=NOON).passed == passed
