"""The migrations and the tables say the same, on both engines."""

from __future__ import annotations

from sqlalchemy import JSON, Uuid, bindparam, inspect, text

from lms.db import migrate, revision
from lms.db.base import UtcDateTime, uuid7
from lms.db.engine import Database
from lms.learning import attempt_records
from tests.conftest import NOON, Cast


def test_the_code_needs_the_newest_revision() -> None:
    assert migrate.newest() == revision.NEEDED


def test_a_migrated_database_has_exactly_the_tables_of_the_models(database: Database) -> None:
    assert migrate.differences(database.engine) == []
    with database.reading() as db:
        assert revision.is_current(db)


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    migrate.upgrade(database.engine)
    assert migrate.differences(database.engine) == []


def test_a_column_that_only_the_models_know_is_noticed(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text('ALTER TABLE "user" ADD COLUMN forgotten INTEGER'))
    try:
        assert migrate.differences(database.engine) != []
    finally:
        with database.engine.begin() as connection:
            connection.execute(text('ALTER TABLE "user" DROP COLUMN forgotten'))


def test_the_way_down_leaves_nothing_and_the_way_up_again_is_whole(database: Database) -> None:
    migrate.downgrade(database.engine, "base")
    assert set(inspect(database.engine).get_table_names()) <= {"alembic_version"}
    migrate.upgrade(database.engine)
    assert migrate.differences(database.engine) == []


def test_an_attempt_of_the_first_release_is_whole_after_the_upgrade(database: Database, people: Cast) -> None:
    """Written in SQL as the first release would have written it: today's tables know more columns."""
    migrate.downgrade(database.engine, "0001")
    keys = {name: uuid7() for name in ("attempt", "mark", "save")}
    with database.engine.begin() as connection:
        for statement in _FIRST_RELEASE:
            connection.execute(
                text(statement).bindparams(
                    *(bindparam(name, type_=kind) for name, kind in _TYPES.items() if f":{name}" in statement)
                ),
                {**keys, "ada": people.ada, "noon": NOON, "definition": {"id": "q", "title": "Q", "items": []}},
            )
    migrate.upgrade(database.engine)
    assert migrate.differences(database.engine) == []
    with database.reading() as db:
        attempt = attempt_records.attempt(db, keys["attempt"])
        (row,) = attempt_records.items(db, keys["attempt"])
        (mark,) = attempt_records.marks(db, keys["attempt"])["t-satu"]
    assert attempt is not None
    assert (attempt.closes_at, attempt.score) == (NOON, 1)
    assert (row.value, row.flagged, row.confidence, row.checked_at) == ('["a"]', False, None, None)
    assert (mark.points, mark.pending, mark.regrade_id) == (1, False, None)


_TYPES = {
    "attempt": Uuid(),
    "mark": Uuid(),
    "save": Uuid(),
    "ada": Uuid(),
    "noon": UtcDateTime(),
    "definition": JSON(),
}
_FIRST_RELEASE = (
    "INSERT INTO quiz_revision (digest, quiz, definition, created_at) VALUES ('r', 'q', :definition, :noon)",
    "INSERT INTO question_version (digest, major, item, definition, created_at)"
    " VALUES ('v', 'm', 't-satu', :definition, :noon)",
    "INSERT INTO attempt (id, user_id, quiz, number, revision, started_at, deadline_at, submitted_at, closed_by,"
    " maximum, score, passed)"
    " VALUES (:attempt, :ada, 'q', 1, 'r', :noon, :noon, :noon, 'participant', 1, 1, true)",
    "INSERT INTO attempt_item (attempt_id, item, position, question_version, option_order)"
    " VALUES (:attempt, 't-satu', 0, 'v', '[]')",
    "INSERT INTO response (attempt_id, item, question_version, value, revision, save_id, saved_at)"
    " VALUES (:attempt, 't-satu', 'v', '[\"a\"]', 1, :save, :noon)",
    "INSERT INTO mark (id, attempt_id, item, question_version, fraction, points, maximum, answered, marked_at, reason)"
    " VALUES (:mark, :attempt, 't-satu', 'v', 1, 1, 1, true, :noon, '')",
)
