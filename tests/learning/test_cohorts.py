"""Cohorts: enrolment as a whole or not at all, and who may see whom."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.db.accounts import Role, User
from lms.db.audit import AuditEvent
from lms.db.cohorts import Enrolment, Place
from lms.db.engine import Database
from lms.errors import Invalid
from lms.learning import accounts, cohorts, listed_people, roster
from tests.conftest import NOON, Cast


def _entries(text: str) -> list[roster.Entry]:
    return roster.read(text.encode())


def _people(database: Database) -> int:
    with database.reading() as db:
        found: int = db.execute(select(func.count()).select_from(User)).scalar_one()
    return found


def test_a_list_adds_who_is_new_and_changes_who_is_there(database: Database, people: Cast) -> None:
    entries = _entries("login;nama;menit tambahan\nada;Ada;30\ndennis;Dennis;\nmallory;Mallory;20\n")
    with database.transaction() as db:
        done = listed_people.enrol_all(db, cohorts.by_name(db, "Angkatan I"), entries, now=NOON)
    assert (done.enrolled, done.changed, done.unchanged, done.new, len(done.added)) == (2, 1, 0, 1, 1)
    with database.transaction() as db:
        again = listed_people.enrol_all(db, cohorts.by_name(db, "Angkatan I"), entries, now=NOON)
    assert (again.enrolled, again.unchanged, again.new) == (0, 3, 0)
    with database.transaction() as db:
        assert _enrolment(db, people.cohort, people.mallory) == ("participant", 20, NOON)
    with database.reading() as db:
        events = db.execute(select(AuditEvent.subject).where(AuditEvent.action == "cohort.enrol")).scalars().all()
    assert set(events) == {"Angkatan I"}


def test_one_impossible_row_undoes_the_whole_list(database: Database, people: Cast) -> None:
    before = _people(database)
    entries = [
        roster.Entry(row, login, login.title(), Place.PARTICIPANT, 0)
        for row, login in enumerate(("dennis", "x!", "ken", "y!"), start=2)
    ]
    with pytest.raises(roster.BadRoster) as caught, database.transaction() as db:
        listed_people.enrol_all(db, cohorts.by_name(db, "Angkatan I"), entries, now=NOON)
    assert [row.split(":")[0] for row in caught.value.rows] == ["Baris 3", "Baris 5"]
    assert _people(database) == before


def test_an_instructor_on_a_list_gets_the_role_that_goes_with_it(database: Database, people: Cast) -> None:
    with database.transaction() as db:
        cohorts.enrol(db, cohorts.by_name(db, "Angkatan II"), people.ada, Place.INSTRUCTOR, now=NOON)
        assert accounts.roles_of(db, people.ada) == {Role.PARTICIPANT, Role.INSTRUCTOR}
    with database.transaction() as db:
        entries = _entries("login;nama;peran\nmallory;Mallory;pengampu\n")
        listed_people.enrol_all(db, cohorts.by_name(db, "Angkatan I"), entries, now=NOON, actor_id=people.edsger)
        assert Role.INSTRUCTOR in accounts.roles_of(db, people.mallory)
        events = db.scalars(select(AuditEvent).where(AuditEvent.subject == "mallory", AuditEvent.action != "user.add"))
        assert {event.actor_id for event in events} == {people.edsger}


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


LIST = "login;nama;peran;menit tambahan\nada;Ada;;30\nGrace;Grace;pengampu;\nken;Ken;pengampu;15\ntini;Tini;;\n"


def test_what_a_list_would_do_is_what_it_does(database: Database, people: Cast) -> None:
    entries = _entries(LIST)
    with database.transaction() as db:
        ours = cohorts.by_name(db, "Angkatan I")
        expected = listed_people.compare(db.connection(), ours, entries)
        assert expected == listed_people.Enrolled(new=2, enrolled=2, changed=1, unchanged=1)
        done = listed_people.enrol_all(db, ours, entries, now=NOON, actor_id=people.edsger)
        assert (done.new, done.enrolled, done.changed, done.unchanged) == (2, 2, 1, 1)
        assert listed_people.compare(db.connection(), ours, entries) == listed_people.Enrolled(0, 0, 4)
        cohorts.leave(db, ours.id, people.ada, now=NOON)
        db.flush()
        assert listed_people.compare(db.connection(), ours, entries) == listed_people.Enrolled(0, 1, 3)
        other = cohorts.by_name(db, "Angkatan II")
        assert listed_people.compare(db.connection(), other, entries) == listed_people.Enrolled(0, 4, 0)
    with database.reading() as db, pytest.raises(roster.BadRoster, match="Baris 2"):
        listed_people.compare(db, ours, _entries("login;nama\nx!;Salah\n"))


def test_a_list_gives_everybody_their_place_minutes_and_role(database: Database, people: Cast) -> None:
    with database.transaction() as db:
        done = listed_people.enrol_all(
            db, cohorts.by_name(db, "Angkatan I"), _entries(LIST), now=NOON + timedelta(1), actor_id=people.edsger
        )
    with database.transaction() as db:
        ids = {login: accounts.by_login(db, login).id for login in ("ada", "grace", "ken", "tini")}
        assert set(done.added) == {ids["ken"], ids["tini"]}
        assert {login: _enrolment(db, people.cohort, user_id) for login, user_id in ids.items()} == {
            "ada": ("participant", 30, NOON),
            "grace": ("instructor", 0, NOON),
            "ken": ("instructor", 15, NOON + timedelta(1)),
            "tini": ("participant", 0, NOON + timedelta(1)),
        }
        assert accounts.roles_of(db, ids["ken"]) == {Role.INSTRUCTOR}
        events = db.scalars(select(AuditEvent).where(AuditEvent.actor_id == people.edsger)).all()
        made = db.execute(select(AuditEvent.actor_id).where(AuditEvent.at == NOON + timedelta(1))).scalars()
        assert set(made) == {people.edsger}
    assert sorted((event.action, event.subject, event.details, event.at) for event in events) == [
        ("cohort.enrol", "Angkatan I", {"people": 3, "new": 2}, NOON + timedelta(1)),
        ("user.add", "ken", {"roles": ["instructor"]}, NOON + timedelta(1)),
        ("user.add", "tini", {"roles": ["participant"]}, NOON + timedelta(1)),
    ]


def _enrolment(db: Session, cohort_id: UUID, user_id: UUID) -> tuple[str, int, datetime]:
    held = db.scalars(select(Enrolment).where(Enrolment.cohort_id == cohort_id, Enrolment.user_id == user_id)).one()
    assert held.left_at is None
    return held.place, held.extra_minutes, held.enrolled_at


def test_a_list_of_thousands_is_compared_as_a_whole(database: Database, people: Cast) -> None:
    entries = _entries("login;nama\n" + "".join(f"p{number:04};Orang\n" for number in range(1001)))
    with database.transaction() as db:
        ours = cohorts.by_name(db, "Angkatan I")
        assert listed_people.enrol_all(db, ours, entries, now=NOON).new == 1001
        assert listed_people.compare(db.connection(), ours, entries) == listed_people.Enrolled(0, 0, 1001)


def test_parts_of_a_list_add_up() -> None:
    one, two = UUID(int=1), UUID(int=2)
    ada, ken = listed_people.OtherName("ada", "Ada", "Ada L"), listed_people.OtherName("ken", "Ken", "Ken K")
    assert listed_people.Enrolled(1, 2, 4, (one,), 64, 256, (ada,)) + listed_people.Enrolled(
        8, 16, 32, (two,), 128, 512, (ken,)
    ) == listed_people.Enrolled(9, 18, 36, (one, two), 192, 768, (ada, ken))


def test_another_name_is_told_and_taken_only_when_that_is_said(database: Database, people: Cast) -> None:
    entries = _entries("login;nama;menit tambahan\nada;Ada  Lovelace;\nmallory;Mallory;\nken;Ken;\n")
    ada = listed_people.OtherName("ada", "Ada", "Ada Lovelace")
    with database.transaction() as db:
        ours = cohorts.by_name(db, "Angkatan I")
        for update in (False, True):
            expected = listed_people.compare(db.connection(), ours, entries, update_names=update)
            assert expected == listed_people.Enrolled(1, 2, 0 if update else 1, renamed=int(update), names=(ada,))
        done = listed_people.enrol_all(db, ours, entries, now=NOON)
        assert (done.enrolled, done.renamed, done.unchanged, done.names) == (2, 0, 1, (ada,))
        assert accounts.by_login(db, "ada").name == "Ada"
    with database.transaction() as db:
        ours = cohorts.by_name(db, "Angkatan I")
        done = listed_people.enrol_all(db, ours, entries, update_names=True, now=NOON, actor_id=people.edsger)
        assert done == listed_people.Enrolled(0, 0, 2, renamed=1, names=(ada,))
    with database.transaction() as db:
        assert accounts.by_login(db, "ada").name == "Ada Lovelace"
        event = db.scalars(select(AuditEvent).where(AuditEvent.action == "user.name")).one()
        assert (event.subject, event.actor_id, event.at) == ("ada", people.edsger, NOON)
        assert event.details == {"before": "Ada", "after": "Ada Lovelace"}
        again = listed_people.enrol_all(db, cohorts.by_name(db, "Angkatan I"), entries, update_names=True, now=NOON)
        assert again == listed_people.Enrolled(0, 0, 3)


def test_enrolling_says_whether_anything_changed(database: Database, people: Cast) -> None:
    with database.transaction() as db:
        ours = cohorts.by_name(db, "Angkatan I")

        def enrolled(place: Place, minutes: int) -> bool:
            return cohorts.enrol(
                db, ours, people.ada, place, extra_minutes=minutes, now=NOON + timedelta(1), actor_id=people.edsger
            )

        assert not enrolled(Place.PARTICIPANT, 0)
        assert enrolled(Place.PARTICIPANT, 10)
        assert not enrolled(Place.PARTICIPANT, 10)
        assert _enrolment(db, ours.id, people.ada) == ("participant", 10, NOON)
        assert enrolled(Place.INSTRUCTOR, 10)
        assert accounts.roles_of(db, people.ada) == {Role.PARTICIPANT, Role.INSTRUCTOR}
        told = db.scalars(select(AuditEvent).where(AuditEvent.action == "user.role", AuditEvent.subject == "ada"))
        assert (people.edsger, NOON + timedelta(1)) in {(event.actor_id, event.at) for event in told}


def test_who_leaves_may_come_back_under_the_same_enrolment(database: Database, people: Cast) -> None:
    with database.transaction() as db:
        cohorts.leave(db, people.cohort, people.ada, now=NOON, actor_id=people.grace)
        with pytest.raises(cohorts.NotEnrolled):
            cohorts.leave(db, people.cohort, people.ada, now=NOON)
        with pytest.raises(cohorts.NotEnrolled):
            cohorts.leave(db, people.cohort, people.mallory, now=NOON)
        event = db.scalars(select(AuditEvent).where(AuditEvent.action == "cohort.leave")).one()
        assert (event.subject, event.actor_id, event.at) == ("Angkatan I", people.grace, NOON)
        assert event.details == {"user": str(people.ada), "place": "participant"}
        ours = cohorts.by_name(db, "Angkatan I")
        assert cohorts.enrol(db, ours, people.ada, Place.PARTICIPANT, now=NOON + timedelta(1))
        assert _enrolment(db, ours.id, people.ada) == ("participant", 0, NOON)


def test_cohorts_are_listed_newest_first_and_page_by_page(database: Database, people: Cast) -> None:
    with database.transaction() as db:
        for days, name in ((2, "Angkatan IV"), (1, "Angkatan III")):
            new = cohorts.add(db, name, starts_on=date(2026, 12, days), now=NOON + timedelta(days))
            cohorts.enrol(db, new, people.grace, Place.INSTRUCTOR, now=NOON)
            cohorts.enrol(db, new, people.ada, Place.PARTICIPANT, now=NOON)
            cohorts.enrol(db, new, people.mallory, Place.PARTICIPANT, now=NOON)
    with database.reading() as db:
        mine = cohorts.taught_by(db, people.grace)
        assert [(one.name, one.participants) for one in mine] == [
            ("Angkatan IV", 2),
            ("Angkatan III", 2),
            ("Angkatan I", 1),
        ]
        assert mine[0].starts_on == date(2026, 12, 2)
        assert mine[0].ends_on is None
        assert cohorts.taught_by(db, people.grace, offset=1, limit=1) == mine[1:2]
        assert (cohorts.count_taught(db, people.grace), cohorts.count_taught(db, None)) == (3, 4)
        assert cohorts.taught(db, mine[2].id, people.grace) == mine[2]


def test_a_cohort_keeps_its_dates_and_is_written_down(database: Database, people: Cast) -> None:
    day = NOON.date()
    with database.transaction() as db:
        made = cohorts.add(db, "x" * 200, starts_on=day, ends_on=day, now=NOON, actor_id=people.edsger)
        assert (made.name, made.starts_on, made.ends_on, made.created_at) == ("x" * 200, day, day, NOON)
        assert cohorts.by_name(db, f" {made.name} ").id == made.id
        told = select(AuditEvent.action, AuditEvent.actor_id).where(AuditEvent.subject == "x" * 200)
        assert [tuple(row) for row in db.execute(told)] == [("cohort.add", people.edsger)]
    with pytest.raises(Invalid), database.transaction() as db:
        cohorts.add(db, "x" * 201, now=NOON)


def test_where_there_is_no_cohort_yet_that_is_said(database: Database) -> None:
    with database.transaction() as db, pytest.raises(cohorts.UnknownCohort, match="belum ada satu pun"):
        cohorts.by_name(db, "Angkatan I")
