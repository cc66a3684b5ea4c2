"""The map of a cohort says of each module what the person's own pages say of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from lms.db.accounts import Role
from lms.db.cohorts import Place
from lms.db.engine import Database
from lms.learning import accounts, cohort_map, cohorts, progress, reading
from tests.conftest import NOON, Cast
from tests.guided import finish, guided, take
from tests.learning.test_regrades import class_of

CATALOG = guided()
MODULES = list(CATALOG.modules.values())


def mapped(database: Database, people: Cast, **how: Any) -> dict[str, cohort_map.Line]:
    with database.reading() as db:
        found = cohort_map.lines(db, CATALOG, people.cohort, now=NOON, limit=9, **how)
        how = {name: value for name, value in how.items() if name in ("search", "unfinished")}
        assert cohort_map.count(db, CATALOG, people.cohort, **how) == len(found)
    return {line.member.login: line for line in found}


def quiz_of(module: str) -> Any:
    return next(quiz for quiz in CATALOG.modules[module].quizzes)


@pytest.fixture
def pair(database: Database, people: Cast) -> list[UUID]:
    """The first did everything; the second a little, and failed a quiz. Ada did nothing."""
    first, second = class_of(database, 2)
    lesson = CATALOG.modules["pecahan"].lessons[0]
    with database.transaction() as db:
        finish(db, first, CATALOG, now=NOON)
        reading.visit(db, second, lesson, read=True, now=NOON)
        for check in lesson.checks:
            reading.answer(db, second, lesson, check, check.key(), now=NOON)
        reading.visit(db, second, CATALOG.modules["pecahan"].lessons[1], now=NOON)
        take(db, second, quiz_of("pecahan"), now=NOON)
        desimal = quiz_of("desimal")
        take(db, second, desimal, now=NOON, blank=[item.id for item in desimal.items])
    return [first, second]


def test_a_square_is_the_share_that_the_person_is_shown(database: Database, people: Cast, pair: list[UUID]) -> None:
    found = mapped(database, people)
    with database.reading() as db:
        for login, user_id in (("ada", people.ada), ("peserta0", pair[0]), ("peserta1", pair[1])):
            own = reading.records(db, user_id, CATALOG.quizzes, now=NOON)
            shares = [progress.module_share(module, own) for module in MODULES]
            assert [square.share for square in found[login].squares] == shares, login
            assert found[login].whole == progress.course_share(CATALOG, own), login
    assert found["peserta0"].whole.complete
    assert 0 < found["peserta1"].whole.value < 1


def test_a_quiz_that_was_judged_and_never_passed_is_marked_in_its_module(
    database: Database, people: Cast, pair: list[UUID]
) -> None:
    failed = {
        login: [module.id for module, square in zip(MODULES, line.squares, strict=True) if square.failed]
        for login, line in mapped(database, people).items()
    }
    assert failed == {"ada": [], "peserta0": [], "peserta1": ["desimal"]}


def test_only_those_who_have_something_left_are_listed_when_asked(
    database: Database, people: Cast, pair: list[UUID]
) -> None:
    third = one_more(database)
    lesson = CATALOG.lesson("pecahan/setengah")
    with database.transaction() as db:
        finish(db, third, CATALOG, now=NOON)
    assert set(mapped(database, people, unfinished=True)) == {"ada", "peserta1"}
    change = "UPDATE lesson_record SET lesson = '{}' WHERE user_id = '{}' AND lesson = '{}'"
    execute(database, change, lesson.aliases[0], third, lesson.id)
    assert set(mapped(database, people, unfinished=True)) == {"ada", "peserta1"}, "read under its former name"
    with database.transaction() as db:
        reading.visit(db, third, lesson, read=True, now=NOON)
    other = CATALOG.lesson("pecahan/sepertiga").id
    execute(database, "UPDATE lesson_record SET read_at = NULL WHERE user_id = '{}' AND lesson = '{}'", third, other)
    assert "orang" in mapped(database, people, unfinished=True), "two names of one lesson are no two lessons"
    with database.transaction() as db:
        reading.visit(db, third, CATALOG.lesson(other), read=True, now=NOON)
    assert "orang" not in mapped(database, people, unfinished=True)
    execute(database, "DELETE FROM self_check WHERE item = '{}' AND user_id = '{}'", lesson.checks[0].id, third)
    assert set(mapped(database, people, unfinished=True)) == {"ada", "peserta1", "orang"}
    assert set(mapped(database, people, unfinished=True, search="ORANG")) == {"orang"}


def execute(database: Database, statement: str, *values: object) -> None:
    keys = [value.hex if isinstance(value, UUID) and database.sqlite else value for value in values]
    with database.transaction() as db:
        db.connection().exec_driver_sql(statement.format(*keys))


def one_more(database: Database) -> UUID:
    with database.transaction() as db:
        user = accounts.add(db, login="orang", name="Orang", roles=[Role.PARTICIPANT], now=NOON)
        cohorts.enrol(db, cohorts.by_name(db, "Angkatan I"), user.id, Place.PARTICIPANT, now=NOON)
        return user.id


def test_the_map_is_ordered_as_asked(database: Database, people: Cast, pair: list[UUID]) -> None:
    assert list(mapped(database, people)) == ["ada", "peserta0", "peserta1"]
    assert list(mapped(database, people, sort="share")) == ["ada", "peserta1", "peserta0"]
    assert list(mapped(database, people, sort="last_seen", descending=True))[2] == "ada", "who was never seen"
