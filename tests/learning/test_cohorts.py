"""Cohorts: enrolment as a whole or not at all, and who may see whom."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from lms.db.accounts import Role, User
from lms.db.audit import AuditEvent
from lms.db.cohorts import Place
from lms.db.engine import Database
from lms.errors import Invalid
from lms.learning import accounts, cohorts, roster
from tests.conftest import NOON, Cast


def _entries(text: str) -> list[roster.Entry]:
    return roster.read(text.encode())


def _people(database: Database) -> int:
    with database.reading() as db:
        found: int = db.execute(select(func.count()).select_from(User)).scalar_one()
    return found


def test_a_list_adds_who_is_new_and_changes_who_is_there(database: Database, people: Cast) -> None:
    entries = _entries("login;nama;menit tambahan\nada;Ada;30\ndennis;Dennis;\nmallory;Mallory;\n")
    with database.transaction() as db:
        done = cohorts.enrol_all(db, cohorts.by_name(db, "Angkatan I"), entries, now=NOON)
    assert (done.enrolled, done.unchanged, done.new, len(done.added)) == (3, 0, 1, 1)
    with database.transaction() as db:
        again = cohorts.enrol_all(db, cohorts.by_name(db, "Angkatan I"), entries, now=NOON)
    assert (again.enrolled, again.unchanged, again.new) == (0, 3, 0)
    with database.reading() as db:
        events = db.execute(select(AuditEvent.subject).where(AuditEvent.action == "cohort.enrol")).scalars().all()
    assert set(events) == {"Angkatan I"}


def test_one_impossible_row_undoes_the_whole_list(database: Database, people: Cast) -> None:
    before = _people(database)
    entries = _entries("login;nama\ndennis;Dennis\nx!;Salah\nken;Ken\ny!;Salah juga\n")
    with pytest.raises(roster.BadRoster) as caught, database.transaction() as db:
        cohorts.enrol_all(db, cohorts.by_name(db, "Angkatan I"), entries, now=NOON)
    assert [row.split(":")[0] for row in caught.value.rows] == ["Baris 3", "Baris 5"]
    assert _people(database) == before


def test_an_instructor_on_a_list_gets_the_role_that_goes_with_it(database: Database, people: Cast) -> None:
    with database.transaction() as db:
        cohorts.enrol(db, cohorts.by_name(db, "Angkatan II"), people.ada, Place.INSTRUCTOR, now=NOON)
        assert accounts.roles_of(db, people.ada) == {Role.PARTICIPANT, Role.INSTRUCTOR}


def test_an_instructor_sees_only_their_own_cohorts(database: Database, people: Cast) -> None:
    with database.reading() as db:
        mine = cohorts.taught_by(db, people.grace)
        every = cohorts.taught_by(db, None)
        assert [(cohort.name, cohort.participants) for cohort in mine] == [("Angkatan I", 1)]
        assert {cohort.name for cohort in every} == {"Angkatan I", "Angkatan II"}
        other = next(cohort.id for cohort in every if cohort.name == "Angkatan II")
        with pytest.raises(cohorts.UnknownCohort):
            cohorts.taught(db, other, people.grace)
        with pytest.raises(cohorts.UnknownCohort):
            cohorts.taught(db, people.cohort, people.ada)
        assert cohorts.taught(db, other, None).name == "Angkatan II"


def test_a_cohort_needs_a_name_of_its_own(database: Database, people: Cast) -> None:
    with pytest.raises(cohorts.CohortExists), database.transaction() as db:
        cohorts.add(db, " Angkatan   I ", now=NOON)
    with pytest.raises(Invalid), database.transaction() as db:
        cohorts.add(db, "  ", now=NOON)
    with pytest.raises(cohorts.UnknownCohort, match="Angkatan II"), database.transaction() as db:
        cohorts.by_name(db, "Angkatan III")


def test_a_cohort_does_not_end_before_it_begins(database: Database) -> None:
    with pytest.raises(Invalid), database.transaction() as db:
        cohorts.add(db, "Terbalik", starts_on=NOON.date(), ends_on=NOON.date().replace(day=1), now=NOON)
