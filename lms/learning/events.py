"""What happened to people here, as values for others: a host application, another server.

The only file that says what an event is. It is noted in the transaction in which it happens: rows for other servers are
written in it, and receivers in this process hear of it after its commit, or never. Whoever changes what may make
something happen asks ``lms.learning.noticing``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import product
from typing import Any, ClassVar, Protocol
from uuid import UUID

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from lms.catalog.model import Catalog
from lms.db.accounts import HostPerson
from lms.db.base import uuid7
from lms.db.engine import AFTERWARDS, Database
from lms.db.events import EventDelivery

# --- what happens ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """``person``: the id of an account, which says nothing of who that is.

    ``host_key``: what the host that signed this person in calls them; None: they signed in here.
    """

    name: ClassVar[str]

    happened_at: datetime
    person: UUID
    host_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptSubmitted(Event):
    """An attempt at a quiz was closed. ``closed_by``: ``participant`` or ``deadline``.

    ``number``: from 1, of this person at this quiz in this cohort; ``cohort`` None: they took part in none.
    """

    name: ClassVar[str] = "attempt_submitted"

    attempt: UUID
    quiz: str
    number: int
    cohort: UUID | None
    closed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptMarked(Event):
    """An attempt has a score, or another one: when it was closed, an essay was judged, a question was regraded.

    ``score`` and ``maximum`` in points. Both ``score`` and ``passed`` are None where a decision made an attempt wait
    for a person again.
    """

    name: ClassVar[str] = "attempt_marked"

    attempt: UUID
    quiz: str
    number: int
    cohort: UUID | None
    score: float | None
    maximum: float
    passed: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonDone(Event):
    """A lesson was read to its end and all its self-checks are answered. ``lesson``: ``module/name``."""

    name: ClassVar[str] = "lesson_done"

    module: str
    lesson: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleDone(Event):
    """All lessons and quizzes of a module are done, as its page shows to the person."""

    name: ClassVar[str] = "module_done"

    module: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseDone(Event):
    """All modules are done. ``contents``: the first digits of the digest of the pack as it is then."""

    name: ClassVar[str] = "course_done"

    contents: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonEnrolled(Event):
    """Somebody came into a cohort, or came back. ``place``: ``participant`` or ``instructor``."""

    name: ClassVar[str] = "person_enrolled"

    cohort: UUID
    place: str


#: In the order in which one follows from the other.
EVENTS: tuple[type[Event], ...] = (
    PersonEnrolled,
    AttemptSubmitted,
    AttemptMarked,
    LessonDone,
    ModuleDone,
    CourseDone,
)

# --- who is told -----------------------------------------------------------------------------------------------------


class Destination(Protocol):
    """Another server. ``name``: what the rows for it are found by."""

    @property
    def name(self) -> str: ...

    def says(self, event: Event, id: UUID, catalog: Catalog) -> dict[str, Any] | None:
        """What it is told, which stays; None: nothing of this event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listeners:
    """Whom the transactions of a database tell.

    ``receives``: whether somebody in this process listens to the event of this name now; ``tell``: hands them what
    happened, and raises nothing. ``catalog``: the pack as it is now.
    """

    catalog: Callable[[], Catalog]
    destinations: Sequence[Destination] = ()
    receives: Callable[[str], bool] = lambda _name: False
    tell: Callable[[Sequence[Event]], None] = lambda _events: None

    def want(self, *events: type[Event]) -> bool:
        return bool(self.destinations) or any(self.receives(event.name) for event in events)


_LISTENERS = "listeners"


def listen(database: Database, listeners: Listeners) -> None:
    """From now on they hear of what is done in transactions of this database."""
    database.info[_LISTENERS] = listeners


def listeners(db: Session, *events: type[Event]) -> Listeners | None:
    """Who wants to know of one of these; None: nobody, so that nothing need be looked up."""
    found: Listeners | None = db.info.get(_LISTENERS)
    return found if found and found.want(*events) else None


def silence(db: Session) -> None:
    """Nobody hears of what is done in this transaction: it is a story."""
    db.info.pop(_LISTENERS, None)


def note(db: Session, events: Sequence[Event]) -> None:
    """Something happened in this transaction."""
    found = listeners(db, *{type(event) for event in events})
    if not events or found is None:
        return
    if found.destinations:
        _write(db, found, events)
    if heard := [event for event in events if found.receives(event.name)]:
        known = _host_keys(db, {event.person for event in heard})
        named = [replace(event, host_key=known.get(event.person)) for event in heard]
        db.info.setdefault(AFTERWARDS, []).append(partial(found.tell, named))


def _write(db: Session, listeners: Listeners, events: Sequence[Event]) -> None:
    catalog, rows = listeners.catalog(), list[dict[str, Any]]()
    pairs = list(product(events, listeners.destinations))
    ids = sorted(uuid7() for _ in pairs)  # within a millisecond they are in no order
    for id, (event, destination) in zip(ids, pairs, strict=True):
        if (told := destination.says(event, id, catalog)) is not None:
            of = {"event": event.name, "happened_at": event.happened_at}
            rows.append({"id": id, "destination": destination.name, "told": told, **of})
    if rows:
        db.execute(insert(EventDelivery), rows)


_KEYS = select(HostPerson.user_id, HostPerson.key).where(HostPerson.user_id.in_(bindparam("people", expanding=True)))


def _host_keys(db: Session, people: Collection[UUID]) -> Mapping[UUID, str]:
    return {row.user_id: row.key for row in db.execute(_KEYS, {"people": list(people)})}
