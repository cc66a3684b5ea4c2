"""People whom a host application signed in: made at the first visit, and then always what the host says."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from lms.db.accounts import HostPerson, Role, User, UserRole
from lms.db.audit import AuditEvent
from lms.db.cohorts import Cohort, Enrolment, Place
from lms.db.engine import Database
from lms.errors import Conflict, Invalid
from lms.learning import accounts, cohorts, host_people
from lms.learning.host_people import Identity
from lms.learning.sign_ins import SignedIn
from tests.conftest import NOON, Cast


def identity(**more: Any) -> Identity:
    return Identity(**{"key": "p-1", "name": "Ada Lovelace", **more})


def come(database: Database, said: Identity) -> SignedIn:
    """As a request does, however often another one is first."""
    for _ in range(3):
        with database.reading() as db:
            if found := host_people.who(db, said):
                return found
        try:
            database.commit(lambda db: host_people.follow(db, said, now=NOON))
        except Conflict:
            continue
    raise AssertionError("what was written is not what the host says")


def places(database: Database, person: SignedIn) -> dict[str, str]:
    with database.reading() as db:
        rows = db.execute(
            select(Cohort.name, Enrolment.place)
            .join(Enrolment, Enrolment.cohort_id == Cohort.id)
            .where(Enrolment.user_id == person.user_id, Enrolment.left_at.is_(None))
        )
        return {row.name: row.place for row in rows}


def changes(database: Database) -> int:
    with database.reading() as db:
        return db.execute(select(func.count()).select_from(AuditEvent)).scalar_one()


def test_a_first_visit_makes_an_account_without_a_password(database: Database) -> None:
    ada = come(database, identity(name="  Ada \n Lovelace "))
    assert (ada.name, ada.login, ada.roles) == ("Ada Lovelace", "p-1", {Role.PARTICIPANT})
    with database.reading() as db:
        assert accounts.find(db, "p-1") == (ada.user_id, None)


def test_a_second_visit_finds_the_same_and_writes_nothing(database: Database) -> None:
    said = identity(
        roles=["editor", "participant"], cohorts={"Angkatan I": "participant", "Angkatan  II": "instructor"}
    )
    first, before = come(database, said), changes(database)
    with database.reading() as db:
        assert host_people.who(db, said) == first
    assert changes(database) == before
    assert first.roles == {Role.EDITOR, Role.PARTICIPANT, Role.INSTRUCTOR}


def test_what_the_host_no_longer_says_is_lost(database: Database) -> None:
    come(
        database, identity(roles=["administrator"], cohorts={"Angkatan I": "instructor", "Angkatan II": "participant"})
    )
    ada = come(database, identity(name="Bu Ada", cohorts={"Angkatan II": "participant"}))
    assert (ada.name, ada.roles) == ("Bu Ada", {Role.PARTICIPANT})
    assert places(database, ada) == {"Angkatan II": "participant"}
    ada = come(database, identity(roles=(), cohorts={}))
    assert (ada.roles, places(database, ada)) == (frozenset(), {})
    ada = come(database, identity(roles=(), cohorts={"Angkatan I": "participant"}))
    assert (ada.roles, places(database, ada)) == ({Role.PARTICIPANT}, {"Angkatan I": "participant"})


def test_where_the_host_says_nothing_of_cohorts_they_stay_as_they_are(database: Database) -> None:
    ada = come(database, identity())
    with database.transaction() as db:
        cohorts.enrol(db, cohorts.add(db, "Angkatan I", now=NOON), ada.user_id, Place.PARTICIPANT, now=NOON)
    assert come(database, identity(name="Bu Ada")).user_id == ada.user_id
    assert places(database, ada) == {"Angkatan I": "participant"}


def test_extra_minutes_stay_with_a_place_that_stays(database: Database) -> None:
    ada = come(database, identity(cohorts={"Angkatan I": "participant"}))
    with database.transaction() as db:
        cohort = cohorts.by_name(db, "Angkatan I")
        cohorts.enrol(db, cohort, ada.user_id, Place.PARTICIPANT, extra_minutes=30, now=NOON)
    come(database, identity(name="Bu Ada", cohorts={"Angkatan I": "participant", "Angkatan II": "participant"}))
    with database.reading() as db:
        assert db.execute(select(Enrolment.extra_minutes).order_by(Enrolment.id)).scalars().all() == [30, 0]


@pytest.mark.parametrize("key", ["ada", "Ada", "ADA"])
def test_an_account_that_was_there_is_never_taken_over(database: Database, people: Cast, key: str) -> None:
    stranger = come(database, identity(key=key, roles=["administrator"]))
    assert stranger.user_id != people.ada
    assert stranger.login.startswith("ada-")
    with database.transaction() as db:
        assert accounts.roles_of(db, people.ada) == {Role.PARTICIPANT}
        assert accounts.by_login(db, "ada").password_hash


def test_every_key_gets_an_account_of_its_own(database: Database) -> None:
    keys = ["198001012005011001", "a@b.go.id", "A@B.go.id", "Übung / 7", "?", "!", "x" * 255, "x" * 254, " p-1", "p-1"]
    found = [come(database, identity(key=key)) for key in keys]
    assert len({one.user_id for one in found}) == len({one.login for one in found}) == len(keys)
    assert [one.login for one in found[:2]] == keys[:2]
    for one in found:
        accounts.proper(one.login, one.name)


def test_an_account_that_is_closed_here_stays_closed(database: Database) -> None:
    ada = come(database, identity())
    with database.transaction() as db:
        accounts.disable(db, ada.user_id, now=NOON)
    with database.reading() as db, pytest.raises(host_people.AccountClosed):
        host_people.who(db, identity(name="Another"))


def test_an_administrator_links_an_account(database: Database, people: Cast) -> None:
    before = come(database, identity())
    with database.transaction() as db:
        host_people.link(db, people.ada, "p-1", now=NOON)
    assert before.user_id != come(database, identity(name="Ada")).user_id == people.ada
    with database.transaction() as db:
        host_people.link(db, people.ada, "p-2", now=NOON)
    assert come(database, identity(key="p-2", name="Ada")).user_id == people.ada
    assert come(database, identity()).user_id not in {before.user_id, people.ada}
    for nothing in ("", "x" * 256, "a\0b"):
        with database.transaction() as db, pytest.raises(Invalid):
            host_people.link(db, people.ada, nothing, now=NOON)


@pytest.mark.parametrize(
    "more",
    [
        {"key": ""},
        {"key": 7},
        {"key": None},
        {"key": "x" * 256},
        {"key": "a\0b"},
        {"key": "\ud800"},
        {"name": ""},
        {"name": " \n"},
        {"name": None},
        {"name": "x" * 201},
        {"name": "a\0b"},
        {"roles": "participant"},
        {"roles": ["root"]},
        {"cohorts": {"Angkatan I": "administrator"}},
        {"cohorts": {" ": "participant"}},
        {"cohorts": {"x" * 201: "participant"}},
    ],
    ids=str,
)
def test_what_cannot_be_kept_of_a_person_is_no_identity(more: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        identity(**more)


def test_many_first_visits_at_once_make_one_account(database: Database) -> None:
    said, go = identity(roles=["editor"], cohorts={"Angkatan I": "participant"}), Barrier(8)

    def visit(_: int) -> SignedIn:
        go.wait()
        return come(database, said)

    with ThreadPoolExecutor(8) as threads:
        found = set(threads.map(visit, range(8)))
    assert len(found) == 1
    with database.reading() as db:
        rows = {table: db.execute(select(func.count()).select_from(table)).scalar_one() for table in (User, HostPerson)}
        assert rows == {User: 1, HostPerson: 1}


def test_many_changes_at_once_end_as_one_of_them(database: Database) -> None:
    come(database, identity())
    said = [
        identity(name=f"Ada {n}", roles=[list(Role)[n % 4]], cohorts={f"Angkatan {n % 3}": "participant"})
        for n in range(8)
    ]
    go = Barrier(len(said))

    def visit(one: Identity) -> None:
        go.wait()
        database.commit(lambda db: host_people.follow(db, one, now=NOON))

    with ThreadPoolExecutor(len(said)) as threads:
        outcomes = [threads.submit(visit, one) for one in said]
    assert {type(one.exception()) for one in outcomes} <= {type(None), cohorts.CohortExists}
    with database.reading() as db:
        assert sum(host_people.who(db, one) is not None for one in said) == 1
        held = db.execute(select(UserRole.role)).scalars().all()
    assert len(held) == len(set(held)) <= 2
