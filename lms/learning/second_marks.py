"""A second person's judgement on an answer, given without seeing the first one's, and how their difference is settled.

The first counts until somebody settles it. What is settled is written by ``marks``, the only writer of marks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.orm import Session, aliased

from lms.db import audit
from lms.db.accounts import User
from lms.db.marking import SecondMark
from lms.errors import Conflict, Invalid
from lms.learning import attempt_records, marks, stale
from lms.learning.attempt_records import MarkRow
from lms.learning.judgement import ByCriterion, Given
from lms.learning.stale import ChangedMeanwhile


class Outcome(StrEnum):
    """What counts in the end. Values are stored."""

    FIRST = "first"
    SECOND = "second"
    MEAN = "mean"
    NEW = "new"


class NoFirstMark(Conflict):
    message = "Jawaban ini belum punya nilai pertama. Nilailah dahulu seperti biasa."


class OwnFirstMark(Conflict):
    message = "Nilai pertama jawaban ini dari Anda sendiri. Penilai kedua harus orang lain."


class NothingToSettle(Conflict):
    message = "Jawaban ini tidak punya dua nilai yang menunggu diselesaikan."


@dataclass(frozen=True, slots=True)
class Second:
    """``outcome`` None: not settled yet."""

    author_id: UUID | None
    author: str | None
    given: Given
    marked_at: datetime
    outcome: Outcome | None
    reason: str
    settled_by: str | None
    settled_at: datetime | None


_SETTLER = aliased(User)
_OF = (
    select(
        SecondMark.author_id,
        User.name.label("author"),
        SecondMark.fraction,
        SecondMark.comment,
        SecondMark.criteria,
        SecondMark.marked_at,
        SecondMark.outcome,
        SecondMark.reason,
        _SETTLER.name.label("settled_by"),
        SecondMark.settled_at,
    )
    .outerjoin(User, User.id == SecondMark.author_id)
    .outerjoin(_SETTLER, _SETTLER.id == SecondMark.settled_by)
    .where(SecondMark.attempt_id == bindparam("attempt_id"), SecondMark.item == bindparam("item"))
)


def of(db: Connection, attempt_id: UUID, item: str) -> Second | None:
    row = db.execute(_OF, {"attempt_id": attempt_id, "item": item}).first()
    if row is None:
        return None
    return Second(
        author_id=row.author_id,
        author=row.author,
        given=Given(row.fraction, row.comment, ByCriterion.of(row.criteria)),
        marked_at=row.marked_at,
        outcome=Outcome(row.outcome) if row.outcome else None,
        reason=row.reason,
        settled_by=row.settled_by,
        settled_at=row.settled_at,
    )


def give(db: Session, attempt_id: UUID, item: str, given: Given, *, author_id: UUID, now: datetime) -> None:
    """A second judgement, or another one by the same person until it is settled.

    Raises ``NoFirstMark``, ``OwnFirstMark``, and ``ChangedMeanwhile`` where somebody else gave a second one or it is
    settled.
    """
    if not 0 <= given.fraction <= 1:
        raise Invalid("Nilai harus di antara nol dan poin penuh soal ini.")
    marks.lock(db, attempt_id)
    connection = db.connection()
    history = attempt_records.marks(connection, attempt_id).get(item, [])
    if not marks.judgeable(history) or history[-1].pending:
        raise NoFirstMark
    if history[-1].author_id == author_id:
        raise OwnFirstMark
    held = of(connection, attempt_id, item)
    row = {
        "author_id": author_id,
        "fraction": given.fraction,
        "criteria": given.criteria.stored() if given.criteria else None,
        "comment": given.comment,
        "marked_at": now,
    }
    key = {"attempt_id": attempt_id, "item": item}
    if held is None:
        db.execute(insert(SecondMark), {**key, **row, "reason": ""})
    elif held.author_id != author_id or held.outcome:
        raise ChangedMeanwhile(held.settled_by or held.author, held.settled_at or held.marked_at)
    elif held.given == given:
        return
    else:
        db.execute(update(SecondMark).where(*_is(key)).values(row))
    audit.record(db, now=now, actor_id=author_id, action="mark.second", subject=str(attempt_id), item=item)


def _is(key: Mapping[str, Any]) -> list[Any]:
    return [SecondMark.attempt_id == key["attempt_id"], SecondMark.item == key["item"]]


def stamp(first: MarkRow, second: Second) -> str:
    """Names the two judgements that a page showed."""
    return stale.stamp({"first": str(first.id), "second": second.marked_at.isoformat()})


def mean(first: Given, second: Given) -> Given:
    """Half of the way between the two, criterion by criterion; what was said stays that of the first."""
    one, other = first.criteria, second.criteria
    between = None
    if one and other and len(one.points) == len(other.points):
        points = tuple((a + b) / 2 for a, b in zip(one.points, other.points, strict=True))
        between = ByCriterion(points, one.comments)
    return Given((first.fraction + second.fraction) / 2, first.comment, between)


@dataclass(frozen=True, slots=True)
class Settling:
    """How a difference is settled. ``fraction``: of the maximum; only of a new mark."""

    outcome: Outcome
    reason: str
    fraction: float = 0.0


def settle(
    db: Session, attempt_id: UUID, item: str, settling: Settling, *, seen: str | None, author_id: UUID, now: datetime
) -> None:
    """Let one mark count from now on; what both gave stays readable.

    ``seen``: the ``stamp`` that the page showed. Raises ``NothingToSettle`` or ``ChangedMeanwhile``.
    """
    marks.lock(db, attempt_id)
    connection = db.connection()
    history = attempt_records.marks(connection, attempt_id).get(item, [])
    second = of(connection, attempt_id, item)
    if second is None or not marks.judgeable(history) or history[-1].pending:
        raise NothingToSettle
    first = history[-1]
    if second.outcome:
        raise ChangedMeanwhile(second.settled_by, second.settled_at)
    if seen is not None and seen != stamp(first, second):
        raise ChangedMeanwhile(*max((first.marked_at, first.author), (second.marked_at, second.author))[::-1])
    counts = _settled(first.given, second.given, settling)
    if counts != first.given:
        marks.judge(
            db,
            attempt_id,
            item,
            counts.fraction,
            author_id=author_id,
            comment=counts.comment,
            criteria=counts.criteria,
            now=now,
        )
    how = {"outcome": settling.outcome, "reason": settling.reason, "settled_by": author_id, "settled_at": now}
    db.execute(update(SecondMark).where(*_is({"attempt_id": attempt_id, "item": item})).values(how))
    audit.record(
        db,
        now=now,
        actor_id=author_id,
        action="mark.settle",
        subject=str(attempt_id),
        item=item,
        outcome=settling.outcome.value,
        reason=settling.reason,
    )


def _settled(first: Given, second: Given, settling: Settling) -> Given:
    match settling.outcome:
        case Outcome.FIRST:
            return first
        case Outcome.SECOND:
            return second
        case Outcome.MEAN:
            return mean(first, second)
        case Outcome.NEW:
            return Given(settling.fraction, first.comment)
