"""Lists of a cohort's people, ordered and paged by the database; what nobody did counts as nothing."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from lms.catalog.load import load
from lms.catalog.source import Folder
from lms.db.engine import Database
from lms.learning import members, reading
from tests.conftest import NOON, PACK, Cast
from tests.learning.test_attempts import make, save, start, submit
from tests.learning.test_regrades import class_of

CATALOG = load(Folder.at(PACK))
DAY = timedelta(days=1)


@pytest.fixture
def trio(database: Database, people: Cast) -> dict[str, UUID]:
    """Ada was never here; the first of two others read two lessons long ago, the second passed a quiz today."""
    first, second = class_of(database, 2)
    lessons = CATALOG.every_lesson
    with database.transaction() as db:
        reading.visit(db, first, lessons[0], read=True, now=NOON - 20 * DAY)
        reading.visit(db, first, lessons[1], read=True, now=NOON - 19 * DAY)
        reading.visit(db, first, lessons[2], now=NOON - 19 * DAY)
    answer(database, start(database, make("pass: 10"), second), second)
    return {"ada": people.ada, "peserta0": first, "peserta1": second}


def answer(database: Database, attempt_id: UUID, user_id: UUID, option: str = "a") -> None:
    save(database, attempt_id, user_id, "t-satu", [option], 1)
    submit(database, attempt_id, user_id)


def listed(database: Database, people: Cast, sort: str, *, descending: bool = False, search: str = "") -> list[str]:
    with database.reading() as db:
        found = members.page(
            db,
            people.cohort,
            search=search,
            sort=sort,
            descending=descending,
            limit=9,
        )
    return [one.login for one in found]


@pytest.mark.parametrize(
    ("sort", "ascending"),
    [
        ("name", ["ada", "peserta0", "peserta1"]),
        ("login", ["ada", "peserta0", "peserta1"]),
        ("share", ["ada", "peserta1", "peserta0"]),
        ("last_seen", ["ada", "peserta0", "peserta1"]),
    ],
)
def test_a_list_is_ordered_either_way(
    database: Database, people: Cast, trio: dict[str, UUID], sort: str, ascending: list[str]
) -> None:
    assert listed(database, people, sort) == ascending
    assert listed(database, people, sort, descending=True) == ascending[::-1]


def test_quizzes_passed_put_somebody_ahead(database: Database, people: Cast, trio: dict[str, UUID]) -> None:
    assert listed(database, people, "quizzes", descending=True)[0] == "peserta1"


def test_a_page_holds_some_and_the_count_all(database: Database, people: Cast, trio: dict[str, UUID]) -> None:
    with database.reading() as db:
        page = members.page(db, people.cohort, offset=1, limit=1)
        assert [one.login for one in page] == ["peserta0"]
        assert members.count(db, people.cohort) == 3
        assert members.count(db, people.cohort, "PESERTA") == 2
        assert members.count(db, people.cohort, "%") == 0
    assert listed(database, people, "name", search="peserta 1") == ["peserta1"]


def test_the_standing_of_those_on_a_page_is_exact(database: Database, people: Cast, trio: dict[str, UUID]) -> None:
    with database.reading() as db:
        page = members.page(db, people.cohort, limit=9)
        standings = {one.login: members.standings(db, page).get(one.enrolment_id) for one in page}
    assert standings["ada"] is None
    first, second = standings["peserta0"], standings["peserta1"]
    assert first is not None
    assert second is not None
    assert (len(first.records.read), len(first.records.seen)) == (2, 3)
    assert first.last_seen_at == NOON - 19 * DAY
    assert (second.records.passed, second.last_seen_at) == ({"percobaan"}, NOON)
