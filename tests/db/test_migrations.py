"""The migrations and the tables say the same, on both engines."""

from __future__ import annotations

from alembic import command
from sqlalchemy import inspect, text

from lms.db import migrate, revision
from lms.db.engine import Database


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
    with database.engine.begin() as connection:
        command.downgrade(migrate.configuration(connection), "base")
    assert set(inspect(database.engine).get_table_names()) <= {"alembic_version"}
    migrate.upgrade(database.engine)
    assert migrate.differences(database.engine) == []
