"""What an instructor has typed about an answer and not yet given: kept, so that a closed tab loses none of it (ADR 31).

A draft is a deed: word of it arrives in any order and more than once, and the one that was typed last holds. Once its
author has judged the answer, what was typed before is no draft any more, however late it arrives.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, select, union_all
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lms.db.attempts import Mark
from lms.db.base import UtcDateTime
from lms.db.marking import JudgementDraft, SecondMark
from lms.learning import deeds


def _keep(dialect: Any) -> Any:
    statement = dialect.insert(JudgementDraft.__table__)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["attempt_id", "item", "author_id"],
        set_={"typed": new.typed, "made_at": new.made_at},
        where=JudgementDraft.made_at <= new.made_at,
    )


_KEEP = {"sqlite": _keep(sqlite), "postgresql": _keep(postgresql)}


def _judged(table: Any) -> Any:
    return select(table.marked_at).where(
        table.attempt_id == bindparam("attempt_id"),
        table.item == bindparam("item"),
        table.author_id == bindparam("author_id"),
        table.marked_at >= bindparam("made_at", type_=UtcDateTime),
    )


_JUDGED_SINCE = union_all(_judged(Mark), _judged(SecondMark))


def keep(
    db: Session,
    attempt_id: UUID,
    item: str,
    author_id: UUID,
    typed: Mapping[str, str],
    *,
    now: datetime,
    made_at: datetime | None = None,
) -> None:
    """``made_at``: when it was typed, as the device says."""
    moment, connection = deeds.done_at(made_at, now=now), db.connection()
    key = {"attempt_id": attempt_id, "item": item, "author_id": author_id, "made_at": moment}
    if connection.execute(_JUDGED_SINCE, key).first() is None:
        connection.execute(_KEEP[connection.dialect.name], {**key, "typed": dict(typed)})


_OF = select(JudgementDraft.typed, JudgementDraft.made_at).where(
    JudgementDraft.attempt_id == bindparam("attempt_id"),
    JudgementDraft.item == bindparam("item"),
    JudgementDraft.author_id == bindparam("author_id"),
)


def of(db: Connection, attempt_id: UUID, item: str, author_id: UUID) -> tuple[Mapping[str, str], datetime] | None:
    """What somebody typed, and when; None: nothing."""
    row = db.execute(_OF, {"attempt_id": attempt_id, "item": item, "author_id": author_id}).first()
    return (row.typed, row.made_at) if row else None


def drop(db: Session, attempt_id: UUID, item: str, author_id: UUID) -> None:
    db.execute(
        delete(JudgementDraft).where(
            JudgementDraft.attempt_id == attempt_id,
            JudgementDraft.item == item,
            JudgementDraft.author_id == author_id,
        )
    )
