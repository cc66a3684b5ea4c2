"""Pages of staff that have grown old: who was first, both values, a choice; and nothing is overwritten unseen."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from lms.db.accounts import Role
from lms.db.attempts import Allowance
from lms.db.cohorts import Cohort, Place
from lms.db.engine import Database
from lms.learning import accounts, cohorts
from lms.web.site import now
from tests.conftest import Cast
from tests.features.attempts.test_views import page
from tests.visitor import Visitor


@pytest.fixture
def base(people: Cast) -> str:
    return f"/pengampu/angkatan/{people.cohort}"


@pytest.fixture
def pair(app: Flask, database: Database, people: Cast, password_hash: str) -> tuple[Visitor, Visitor]:
    """Grace, and Barbara who teaches the same cohort."""
    with database.transaction() as db:
        barbara = accounts.add(db, login="barbara", name="Barbara", roles=[Role.INSTRUCTOR], now=now())
        barbara.password_hash = password_hash
        cohorts.enrol(db, cohorts.by_name(db, "Angkatan I"), barbara.id, Place.INSTRUCTOR, now=now())
    return Visitor(app).sign_in("grace"), Visitor(app).sign_in("barbara")


def led_back(visitor: Visitor, where: str, form: dict[str, str]) -> str:
    """What is wrong with a form is told on its page, to which the answer leads."""
    answered = visitor.post(where, form)
    assert answered.status_code == 303
    return visitor.back_at(where, answered).get_data(as_text=True)


def seen(html: str) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', html)
    assert found
    return found[1]


def test_a_grace_that_somebody_else_changed_is_told_and_can_still_be_replaced(
    pair: tuple[Visitor, Visitor], base: str, people: Cast, database: Database
) -> None:
    grace, barbara = pair
    old = seen(page(grace, f"{base}/aturan"))
    assert barbara.post(f"{base}/aturan", {"grace": "45", "seen": old}).status_code == 303
    told = led_back(grace, f"{base}/aturan", {"grace": "20", "seen": old})
    for expected in ("Barbara menyimpan ini", "45 menit", 'value="20"', "Biarkan yang tersimpan"):
        assert expected in told
    assert minutes(database, people) == 45
    assert grace.post(f"{base}/aturan", {"grace": "20", "seen": seen(told)}).status_code == 303
    assert minutes(database, people) == 20


def minutes(database: Database, people: Cast) -> int:
    with database.transaction() as db:
        return db.get_one(Cohort, people.cohort).grace_minutes


def test_rules_that_somebody_else_changed_are_told(pair: tuple[Visitor, Visitor], base: str) -> None:
    grace, barbara = pair
    where = f"{base}/aturan/pecahan"
    old = seen(page(grace, where))
    closing = {"opens_at": "", "closes_at": "2030-01-01T08:00", "review": "quiz", "seen": old}
    assert barbara.post(where, closing).status_code == 303
    assert grace.post(where, closing).status_code == 303, "the same again is no conflict"
    told = led_back(grace, where, closing | {"closes_at": "2031-01-01T08:00"})
    assert "Barbara menyimpan ini" in told
    assert "ditutup 1 Jan 2030" in told
    assert 'value="2031-01-01T08:00"' in told
    wrong = led_back(grace, where, closing | {"closes_at": "x"})
    assert seen(wrong) == old, "a mistake makes an old page no newer"


def test_giving_an_attempt_never_erases_minutes(
    pair: tuple[Visitor, Visitor], base: str, people: Cast, database: Database
) -> None:
    grace, barbara = pair
    where = f"{base}/peserta/{people.ada}/kelonggaran"
    empty = seen(page(grace, where))
    given = {"quiz": "pecahan", "extra_minutes": "30", "extra_attempts": "0", "reason": "Listrik padam", "seen": empty}
    assert barbara.post(where, given).status_code == 303
    attempt = given | {"extra_minutes": "0", "extra_attempts": "1", "reason": "Perangkat rusak"}
    told = led_back(grace, where, attempt)
    for expected in ("Barbara menyimpan ini", "+30 menit, +0 percobaan (Listrik padam)", "Perangkat rusak"):
        assert expected in told
    assert granted(database) == [(30, 0)]
    assert grace.post(where, attempt | {"extra_minutes": "30", "seen": seen(told)}).status_code == 303
    assert granted(database) == [(30, 1)]


def granted(database: Database) -> list[tuple[int, int]]:
    with database.reading() as db:
        return [tuple(row) for row in db.execute(select(Allowance.extra_minutes, Allowance.extra_attempts))]  # type: ignore[misc]
