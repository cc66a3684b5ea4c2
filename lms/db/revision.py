"""Which revision of the database this code needs, known without loading Alembic (a test compares the two)."""

from __future__ import annotations

from sqlalchemy import Connection, text

#: The newest migration in ``migrations/versions``.
NEEDED = "0016"

_CURRENT = text("SELECT version_num FROM alembic_version")


def is_current(connection: Connection) -> bool:
    """Whether the database stands at ``NEEDED``; raises SQLAlchemy's errors when it cannot be asked."""
    return connection.execute(_CURRENT).scalar_one_or_none() == NEEDED
