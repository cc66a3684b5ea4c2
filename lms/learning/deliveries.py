"""What other servers are still to be told, and how it gets to them: at least once, always the same under the same id.

A row is written with what happened (``events``) and goes when it has arrived. Whoever sends takes a few rows for
``LEASE`` by moving when they are due, in a short transaction of its own: another worker passes them over meanwhile, and
takes them up afterwards if this one was killed.

A server that is away is left in peace until its pause is over, and what happens meanwhile waits with the rest: what it
was not there for is marked by its refusal, and while that is not due, nothing is taken up for this server. Then one row
of those is offered alone, so that there is one request for each pause; when it arrives, all the others are due.
"""

from __future__ import annotations

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
from lms.logs import logger
from lms.outgoing import WHOLE, Answer, NotAsked, Outgoing

log = logger("lms.events")

#: So many are taken at a time, and held in memory.
PIECE = 50
#: For so long nobody else offers them. No request is begun that might not end within it.
LEASE = timedelta(seconds=90)
#: Characters that are kept of why something was not taken.
_LONGEST = 300
#: Statuses that refuse one event and say nothing of the next.
_OF_THIS_ONE = {400, 409, 413, 422}
#: So begins what was refused for its own sake. All else that was refused says that its server was away, and ``tries``
#: of such a row counts how often it was in succession.
_OWN = [str(status) for status in sorted(_OF_THIS_ONE)]
_AWAY = and_(EventDelivery.refusal.is_not(None), func.substr(EventDelivery.refusal, 1, 3).not_in(_OWN))


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
            if db.execute(_due(db, open_to, now()).limit(1)).first() is None:
                break
        until = monotonic() + LEASE.total_seconds() - WHOLE
        rows = database.commit(partial(_take, names=list(open_to), now=now()))
        offered = _offer_all(rows, open_to, outgoing, now=now, until=until)
        database.commit(partial(_settle, offered=offered))
        for name in offered.away:
            del open_to[name]
        sent.arrived, sent.refused = sent.arrived + len(offered.arrived), sent.refused + len(offered.refused)
        sleep(PAUSE)
    return sent


def _due(db: Connection, names: Collection[str], moment: datetime) -> Select[Any]:
    """What may be taken up: of a server that was away one row alone, which is the same for all who ask."""
    marked = {name: last for name in names if (last := _last_away(db, name)) is not None}
    there = [name for name in names if name not in marked]
    chosen = or_(EventDelivery.destination.in_(there), EventDelivery.id.in_([last.id for last in marked.values()]))
    due = and_(chosen, EventDelivery.due_at <= moment)
    return select(EventDelivery.__table__).where(due).order_by(EventDelivery.due_at, EventDelivery.id)


def _last_away(db: Connection, name: str) -> Any:
    """What is due last of what a server was not there for; None: it is there, or somebody says that it is."""
    marked = and_(EventDelivery.destination == name, EventDelivery.due_at > AT_ONCE, _AWAY)
    last = select(EventDelivery.id, EventDelivery.due_at).where(marked)
    return db.execute(last.order_by(EventDelivery.due_at.desc(), EventDelivery.id).limit(1)).first()


def _take(db: Session, names: Collection[str], *, now: datetime) -> Sequence[Any]:
    """The next few, in the order in which they happened; from now on they are nobody else's."""
    due = _due(db.connection(), names, now).limit(PIECE)
    rows = db.connection().execute(due.with_for_update(skip_locked=True)).all()
    taken = EventDelivery.id.in_([row.id for row in rows])
    db.execute(update(EventDelivery).where(taken).values(due_at=now + LEASE))
    return rows


@dataclass
class _Offered:
    """``refused``: columns of these rows; ``away``: those of the row that a server was not there for, by its name.

    ``left``: what was not offered to it any more.
    """

    arrived: list[UUID] = field(default_factory=list)
    back: set[str] = field(default_factory=set)
    refused: list[dict[str, Any]] = field(default_factory=list)
    away: dict[str, dict[str, Any]] = field(default_factory=dict)
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
        if row.destination in done.away:
            done.left.append(row.id)
            continue
        if monotonic() > until:
            continue
        refusal = _offer(open_to[row.destination], outgoing, row, now())
        if refusal is None:
            done.arrived.append(row.id)
            done.back.add(row.destination)
            continue
        alike = row.refusal is not None and (row.refusal[:3] in _OWN) == refusal.of_this_one
        tries, why = 1 + (row.tries if alike else 0), refusal.why[:_LONGEST]
        columns = {"id": row.id, "tries": tries, "due_at": now() + pause(tries), "refusal": why}
        done.refused.append(columns)
        if not refusal.of_this_one:
            done.away[row.destination] = columns
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
        return _Refusal(printable(error.detail), of_this_one=False)
    if to.took(answer):
        return None
    said = printable(answer.body[:_LONGEST].decode(errors="replace"))
    return _Refusal(f"{answer.status} {said}".strip(), answer.status in _OF_THIS_ONE)


def printable(said: str) -> str:
    """On one line, without what would steer a terminal or could not be stored."""
    return " ".join("".join(one if one.isprintable() else " " for one in said).split())


def _settle(db: Session, offered: _Offered) -> None:
    """What was refused for its own sake keeps its pause, whether its server goes or comes back."""
    db.execute(delete(EventDelivery).where(EventDelivery.id.in_(offered.arrived)))
    for name in offered.back:
        waited = and_(EventDelivery.destination == name, _AWAY)
        db.execute(update(EventDelivery).where(waited).values(due_at=AT_ONCE, tries=0, refusal=None))
    if offered.refused:
        db.execute(update(EventDelivery), offered.refused)
    for name, columns in offered.away.items():
        rest = {of: held for of, held in columns.items() if of != "id"}
        of_it = update(EventDelivery).where(EventDelivery.destination == name)
        db.execute(of_it.where(EventDelivery.id.in_(offered.left)).values(due_at=rest["due_at"]))
        not_own = or_(EventDelivery.refusal.is_(None), _AWAY)
        db.execute(of_it.where(EventDelivery.due_at <= rest["due_at"], not_own).values(**rest))


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
    found = []
    for name, count, oldest, due_at in db.execute(counted.order_by(EventDelivery.destination)).all():
        rests = _last_away(db, name)
        offered = max(due_at, rests.due_at) if rests else due_at
        found.append(Waiting(name, count, oldest, offered, _newest_refusal(db, name)))
    return found


def _newest_refusal(db: Connection, name: str) -> str | None:
    refused = and_(EventDelivery.destination == name, EventDelivery.refusal.is_not(None))
    newest = select(EventDelivery.refusal).where(refused).order_by(EventDelivery.due_at.desc(), EventDelivery.id.desc())
    return db.execute(newest.limit(1)).scalar()


def make_all_due(db: Session) -> int:
    """Offer all of it at once, however often it was refused; returns how many wait."""
    return db.connection().execute(update(EventDelivery).values(due_at=AT_ONCE)).rowcount
