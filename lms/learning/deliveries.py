"""What other servers are still to be told, and how it gets to them: at least once, always the same under the same id.

A row is written with what happened (``events``) and goes when it has arrived. Whoever sends takes a few rows for
``LEASE`` by moving when they are due, in a short transaction of its own: another worker passes them over meanwhile, and
takes them up afterwards if this one was killed. A server that is away is left in peace until its pause is over.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from math import inf
from time import monotonic, sleep
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Connection, Select, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from lms.config import Settings
from lms.db.engine import PAUSE, Database
from lms.db.events import EventDelivery
from lms.db.lti import AT_ONCE
from lms.learning import events
from lms.learning.retries import pause
from lms.learning.statements import Store
from lms.learning.webhooks import Webhook
from lms.outgoing import WHOLE, Answer, NotAsked, Outgoing

log = logging.getLogger("lms.events")

#: So many are taken at a time, and held in memory.
PIECE = 50
#: For so long nobody else offers them. No request is begun that might not end within it.
LEASE = timedelta(seconds=90)
#: Characters that are kept of why something was not taken.
_LONGEST = 300
#: Statuses that refuse one event and say nothing of the next.
_OF_THIS_ONE = {400, 409, 413, 422}


class Destination(events.Destination, Protocol):
    def offer(self, outgoing: Outgoing, id: UUID, told: dict[str, Any], *, now: datetime) -> Answer:
        """Raises ``NotAsked``."""

    def took(self, answer: Answer) -> bool: ...


def destinations(settings: Settings) -> Sequence[Destination]:
    """The servers that are told what happens. Raises ``BadSetting``."""
    settings.check_destinations()
    found: list[Destination] = []
    if settings.webhook_url:
        found.append(Webhook(settings.webhook_url, settings.webhook_secret))
    if settings.xapi_url:
        found.append(Store(settings.xapi_url, settings.xapi_key, settings.xapi_secret, settings.home))
    return found


# --- sending ---------------------------------------------------------------------------------------------------------


@dataclass
class Sent:
    """What became of those that were offered."""

    arrived: int = 0
    refused: int = 0


def send_due(database: Database, settings: Settings, *, now: Callable[[], datetime], seconds: float = inf) -> Sent:
    """Offer what is due to each server that is set, until nothing is or ``seconds`` are over. May be killed."""
    sent, ends, open_to = Sent(), monotonic() + seconds, {one.name: one for one in destinations(settings)}
    outgoing = Outgoing(own_network=settings.own_network)
    while open_to and monotonic() < ends:
        with database.reading() as db:  # most of the time nothing is due, and nobody need wait for that
            if db.execute(_due(open_to, now()).limit(1)).first() is None:
                break
        until = monotonic() + LEASE.total_seconds() - WHOLE
        rows = database.commit(partial(_take, names=list(open_to), now=now()))
        offered = _offer_all(rows, open_to, outgoing, now=now, until=until)
        database.commit(partial(_settle, offered=offered))
        for name in offered.resting:
            del open_to[name]
        sent.arrived, sent.refused = sent.arrived + len(offered.arrived), sent.refused + len(offered.refused)
        sleep(PAUSE)
    return sent


def _due(names: Collection[str], moment: datetime) -> Select[Any]:
    due = and_(EventDelivery.destination.in_(names), EventDelivery.due_at <= moment)
    return select(EventDelivery.__table__).where(due).order_by(EventDelivery.due_at, EventDelivery.id)


def _take(db: Session, names: Collection[str], *, now: datetime) -> Sequence[Any]:
    """The next few, in the order in which they happened; from now on they are nobody else's."""
    rows = db.connection().execute(_due(names, now).limit(PIECE).with_for_update(skip_locked=True)).all()
    taken = EventDelivery.id.in_([row.id for row in rows])
    db.execute(update(EventDelivery).where(taken).values(due_at=now + LEASE))
    return rows


@dataclass
class _Offered:
    """``refused``: columns of these rows; ``resting``: servers that are left in peace, until when and why.

    ``left``: what was not offered to them any more.
    """

    arrived: list[UUID] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)
    resting: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    left: list[UUID] = field(default_factory=list)


def _offer_all(
    rows: Sequence[Any],
    open_to: Mapping[str, Destination],
    outgoing: Outgoing,
    *,
    now: Callable[[], datetime],
    until: float,
) -> _Offered:
    """What there is no time for stays as it is: it is due again when its lease is over."""
    done = _Offered()
    for row in rows:
        if row.destination in done.resting:
            done.left.append(row.id)
            continue
        if monotonic() > until:
            continue
        refusal = _offer(open_to[row.destination], outgoing, row, now())
        if refusal is None:
            done.arrived.append(row.id)
            continue
        tries, why = row.tries + 1, refusal.why[:_LONGEST]
        due_at = now() + pause(tries)
        done.refused.append({"id": row.id, "tries": tries, "due_at": due_at, "refusal": why})
        if not refusal.of_this_one:
            done.resting[row.destination] = due_at, why
        fields = {"destination": row.destination, "id": str(row.id), "tries": tries, "why": why}
        log.warning("not delivered", extra={"fields": fields})
    return done


@dataclass(frozen=True, slots=True)
class _Refusal:
    why: str
    of_this_one: bool


def _offer(to: Destination, outgoing: Outgoing, row: Any, moment: datetime) -> _Refusal | None:
    """None: it has arrived."""
    try:
        answer = to.offer(outgoing, row.id, row.told, now=moment)
    except NotAsked as error:
        return _Refusal(error.detail, of_this_one=False)
    if to.took(answer):
        return None
    said = " ".join(answer.body[:_LONGEST].decode(errors="replace").split())
    return _Refusal(f"{answer.status} {said}".strip(), answer.status in _OF_THIS_ONE)


def _settle(db: Session, offered: _Offered) -> None:
    db.execute(delete(EventDelivery).where(EventDelivery.id.in_(offered.arrived)))
    if offered.refused:
        db.execute(update(EventDelivery), offered.refused)
    for name, (until, why) in offered.resting.items():
        waits = or_(EventDelivery.due_at < until, EventDelivery.id.in_(offered.left))
        waiting = and_(EventDelivery.destination == name, waits)
        db.execute(update(EventDelivery).where(waiting).values(due_at=until, refusal=why))


# --- looking ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Waiting:
    """What one server is still to be told. ``due_at``: when the next of it is offered; ``refusal``: the newest one."""

    destination: str
    count: int
    oldest: datetime
    due_at: datetime
    refusal: str | None


def waiting(db: Connection) -> list[Waiting]:
    """By the name of the server; also of those that are set no more."""
    counted = select(
        EventDelivery.destination,
        func.count(),
        func.min(EventDelivery.happened_at),
        func.min(EventDelivery.due_at),
    ).group_by(EventDelivery.destination)
    return [
        Waiting(name, count, oldest, due_at, _newest_refusal(db, name))
        for name, count, oldest, due_at in db.execute(counted.order_by(EventDelivery.destination))
    ]


def _newest_refusal(db: Connection, name: str) -> str | None:
    refused = and_(EventDelivery.destination == name, EventDelivery.refusal.is_not(None))
    newest = select(EventDelivery.refusal).where(refused).order_by(EventDelivery.due_at.desc(), EventDelivery.id.desc())
    return db.execute(newest.limit(1)).scalar()


def make_all_due(db: Session) -> int:
    """Offer all of it at once, however often it was refused; returns how many wait."""
    return db.connection().execute(update(EventDelivery).values(due_at=AT_ONCE)).rowcount
