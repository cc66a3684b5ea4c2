"""What instructors note about a participant: who may take it back, who was contacted last, what goes with whom."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from lms.db.accounts import User
from lms.db.cohorts import Cohort, Enrolment
from lms.db.engine import Database
from lms.learning import cohorts, staff_notes
from lms.learning.cohorts import NotEnrolled
from lms.learning.staff_notes import NoteTooLong, NothingNoted, UnknownStaffNote
from tests.conftest import NOON, Cast
from tests.learning.test_regrades import class_of


def enrolment(database: Database, user_id: UUID) -> UUID:
    with database.reading() as db:
        return db.execute(select(Enrolment.id).where(Enrolment.user_id == user_id)).scalar_one()


def note(
    database: Database, people: Cast, about: list[UUID], text: str = "", *, contacted: bool = False, day: int = 0
) -> int:
    with database.transaction() as db:
        return staff_notes.write(
            db,
            people.cohort,
            about,
            text,
            contacted=contacted,
            author_id=people.grace,
            now=NOON + timedelta(days=day),
        )


def texts(database: Database, enrolment_id: UUID) -> list[str]:
    with database.reading() as db:
        return [one.text for one in staff_notes.of(db, enrolment_id)]


def test_notes_are_listed_newest_first_and_taken_back_by_their_author_only(database: Database, people: Cast) -> None:
    ada = enrolment(database, people.ada)
    note(database, people, [ada], "Ibu sakit sampai Kamis.")
    note(database, people, [ada], "Sudah kembali.", day=3)
    with database.reading() as db:
        newest, oldest = staff_notes.of(db, ada)
    assert (newest.text, oldest.text, oldest.author) == ("Sudah kembali.", "Ibu sakit sampai Kamis.", "Grace")
    with database.transaction() as db, pytest.raises(UnknownStaffNote):
        staff_notes.take_back(db, newest.id, author_id=people.edsger)
    with database.transaction() as db:
        staff_notes.take_back(db, newest.id, author_id=people.grace)
    assert texts(database, ada) == ["Ibu sakit sampai Kamis."]
    with database.transaction() as db, pytest.raises(UnknownStaffNote):
        staff_notes.take_back(db, newest.id, author_id=people.grace)


def test_of_many_people_the_newest_contact_is_told_and_no_other_note(database: Database, people: Cast) -> None:
    first, second, third = (enrolment(database, one) for one in class_of(database, 3))
    assert note(database, people, [first, second], contacted=True) == 2
    note(database, people, [first], "Menelepon lagi.", contacted=True, day=2)
    note(database, people, [first, third], "Rajin.", day=3)
    with database.reading() as db:
        found = staff_notes.contacts(db, people.cohort)
    assert {id: (one.text, one.written_at, one.author) for id, one in found.items()} == {
        first: ("Menelepon lagi.", NOON + timedelta(days=2), "Grace"),
        second: ("", NOON, "Grace"),
    }


def test_a_note_is_about_somebody_of_the_cohort_says_something_and_is_short(database: Database, people: Cast) -> None:
    ada, mallory = enrolment(database, people.ada), enrolment(database, people.mallory)
    with pytest.raises(NotEnrolled):
        note(database, people, [mallory], "Bukan peserta saya.")
    with pytest.raises(NothingNoted):
        note(database, people, [ada])
    with pytest.raises(NoteTooLong):
        note(database, people, [ada], "a" * (staff_notes.LONGEST + 1))
    assert note(database, people, [ada, mallory], "a" * staff_notes.LONGEST) == 1
    with database.transaction() as db:
        cohorts.leave(db, people.cohort, people.ada, now=NOON)
    with pytest.raises(NotEnrolled):
        note(database, people, [ada], "Sudah pindah.")
    assert texts(database, mallory) == []


def test_notes_go_with_the_enrolment_and_outlive_their_author(database: Database, people: Cast) -> None:
    ada = enrolment(database, people.ada)
    note(database, people, [ada], contacted=True)
    with database.transaction() as db:
        db.execute(delete(User).where(User.id == people.grace))
    with database.reading() as db:
        assert [(one.author_id, one.author) for one in staff_notes.of(db, ada)] == [(None, None)]
        assert list(staff_notes.contacts(db, people.cohort)) == [ada]
    with database.transaction() as db:
        db.execute(delete(Cohort).where(Cohort.id == people.cohort))
    assert texts(database, ada) == []
