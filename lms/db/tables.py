"""All tables in one import: what Alembic compares with the database."""

from __future__ import annotations

from lms.db import (
    accounts,
    attempts,
    audit,
    cards,
    carried,
    certificates,
    cohorts,
    events,
    exports,
    learning,
    lti,
    marking,
    notes,
    plans,
    reports,
    staff_notes,
    statistics,
)
from lms.db.base import Base

__all__ = [
    "accounts",
    "attempts",
    "audit",
    "cards",
    "carried",
    "certificates",
    "cohorts",
    "events",
    "exports",
    "learning",
    "lti",
    "marking",
    "metadata",
    "notes",
    "plans",
    "reports",
    "staff_notes",
    "statistics",
]

metadata = Base.metadata
