"""Alembic's entry: runs on the connection that ``lms.db.migrate`` hands over."""

from __future__ import annotations

from alembic import context

from lms.db.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a table by building it anew
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
