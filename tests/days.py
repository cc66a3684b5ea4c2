"""Moves the clock: what was done lies further back than it did."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from lms.db.attempts import Attempt, Response
from lms.db.cards import CardReview, CardState
from lms.db.engine import Database
from lms.db.learning import SelfCheck

_MOMENTS: dict[Any, tuple[str, ...]] = {
    Attempt: ("started_at", "submitted_at"),
    Response: ("made_at", "saved_at"),
    SelfCheck: ("answered_at", "missed_at"),
    CardReview: ("made_at",),
    CardState: ("last_at", "reviewed_at", "due_on"),
}


def days_pass(database: Database, days: int) -> None:
    """So many days have gone by since everything that anybody did with questions."""
    with database.transaction() as db:
        connection = db.connection()
        for model, moments in _MOMENTS.items():
            table = model.__table__
            for row in connection.execute(select(table)).all():
                earlier = {name: at and at - timedelta(days) for name in moments for at in [getattr(row, name)]}
                this = [column == row._mapping[column] for column in table.primary_key]
                connection.execute(update(table).where(*this).values(earlier))
