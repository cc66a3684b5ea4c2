"""The one statement that saves an answer, and guards all that must hold for it. Built once, at import."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Connection, Integer, String, Uuid, and_, bindparam, case, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from lms.db.attempts import Attempt, AttemptItem, Response
from lms.db.base import UtcDateTime

#: The columns of a response that a save writes, in the order of its SELECT.
_ANSWERED = ("value", "revision", "save_id", "made_at", "saved_at", "flagged", "confidence")


def _save(dialect: Any) -> Any:
    """One statement that saves an answer if and only if it may be saved: the attempt is the person's own and open, the
    answer was made before the deadline and arrives before the attempt closes, the question belongs to it in the version
    that was answered, its key was not shown yet, and no equal or newer revision is there. An answer that claims to be
    older than its attempt has no word for when it was made: it was made now.

    ``FOR SHARE`` makes PostgreSQL wait for a submit of the same attempt and then see that it is closed.
    """
    said, now = bindparam("made_at", type_=UtcDateTime), bindparam("now", type_=UtcDateTime)
    made_at = case((said < Attempt.started_at, now), else_=said)
    allowed = (
        select(
            AttemptItem.attempt_id,
            AttemptItem.item,
            AttemptItem.question_version,
            bindparam("value", type_=String),
            bindparam("revision", type_=Integer),
            bindparam("save_id", type_=Uuid),
            made_at,
            now,
            bindparam("flagged", type_=Boolean),
            bindparam("confidence", type_=String),
        )
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .where(
            AttemptItem.attempt_id == bindparam("attempt_id"),
            AttemptItem.item == bindparam("item"),
            AttemptItem.question_version == bindparam("version"),
            Attempt.user_id == bindparam("user_id"),
            Attempt.submitted_at.is_(None),
            or_(Attempt.deadline_at.is_(None), Attempt.deadline_at > made_at),
            or_(Attempt.closes_at.is_(None), Attempt.closes_at > now),
        )
    )
    if dialect is postgresql:
        allowed = allowed.with_for_update(read=True, of=Attempt.__table__)
    statement = dialect.insert(Response.__table__).from_select(
        ["attempt_id", "item", "question_version", *_ANSWERED], allowed
    )
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["attempt_id", "item"],
        set_={name: new[name] for name in _ANSWERED},
        where=and_(Response.revision < new.revision, Response.checked_at.is_(None)),
    ).returning(Response.revision)


_SAVE = {"sqlite": _save(sqlite), "postgresql": _save(postgresql)}


def save(
    db: Connection,
    *,
    attempt_id: UUID,
    user_id: UUID,
    item: str,
    value: str | None,
    revision: int,
    save_id: UUID,
    made_at: datetime,
    now: datetime,
    flagged: bool,
    confidence: str | None,
    version: str,
) -> bool:
    """Whether anything was saved."""
    given = {
        "attempt_id": attempt_id,
        "user_id": user_id,
        "item": item,
        "value": value,
        "revision": revision,
        "save_id": save_id,
        "made_at": made_at,
        "now": now,
        "flagged": flagged,
        "confidence": confidence,
        "version": version,
    }
    return db.execute(_SAVE[db.dialect.name], given).first() is not None
