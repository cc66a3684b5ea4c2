"""Migrations: bring a database to the newest revision, and compare it with the tables.

Only commands and tests import this: Alembic costs a server memory and start time that it never uses.
"""

from __future__ import annotations

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
    with engine.begin() as connection:
        command.upgrade(configuration(connection), revision)


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
