"""Migrations: bring a database to the newest revision, and compare it with the tables.

Only commands and tests import this: Alembic costs a server memory and start time that it never uses.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from lms.db.tables import metadata

FOLDER = Path(__file__).parent / "migrations"


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration without an ini file; the connection travels in its attributes."""
    settings = Config()
    settings.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    settings.attributes["connection"] = connection
    return settings


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run the migrations up to ``revision``, in one transaction where the engine can."""
    with _migrating(engine) as connection:
        command.upgrade(configuration(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    with _migrating(engine) as connection:
        command.downgrade(configuration(connection), revision)


@contextmanager
def _migrating(engine: Engine) -> Iterator[Connection]:
    """A transaction in which a table may be built anew.

    SQLite changes a table by copying it and dropping the old one, which would delete every row that refers to it:
    foreign keys are not enforced meanwhile, and checked at the end. The switch works outside a transaction only.
    """
    with engine.connect() as connection:
        enforced = connection.connection.cursor()
        sqlite = engine.dialect.name == "sqlite"
        if sqlite:
            enforced.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
                if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
                    raise RuntimeError(f"the migration left rows that refer to nothing: {broken[:5]}")
        finally:
            if sqlite:
                enforced.execute("PRAGMA foreign_keys=ON")
            enforced.close()


def differences(engine: Engine) -> list[Any]:
    """What Alembic would still change to make the database equal to the tables; empty when all is well."""
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))


def newest() -> str:
    """The newest revision that ships with this package."""
    head = ScriptDirectory.from_config(configuration()).get_current_head()
    if head is None:
        raise RuntimeError(f"no migrations in {FOLDER}")
    return head
