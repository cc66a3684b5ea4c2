"""Scores on their way to the platforms. Whoever is killed here loses nothing: what was not written down as sent is sent
again, with the same time and the same value."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from math import inf
from time import monotonic
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from lms.catalog.model import Catalog
from lms.db.engine import Database
from lms.errors import Unavailable
from lms.features.lti import old_keys
from lms.features.lti.services import Away, Services, Tokens
from lms.learning.api import offered_scores, platform_keys, retries
from lms.logs import logger
from lms.outgoing import WHOLE, Outgoing

#: Scores that are taken up at once.
PIECE = 100
#: Seconds after which what was sent is written down.
WRITE = 1.0
#: A platform that serves nobody is left alone for no longer, unless it asks for more: whoever presses "Kirim ulang"
#: waits for it, too. What it did not take pauses by itself, and longer (``offered_scores.refused``).
LONGEST_REST = timedelta(minutes=5)
#: Seconds between two looks for what is due, and for keys that are old.
EVERY, EVERY_KEYS = 5.0, 600.0

_log = logger("lms.lti")


@dataclass(frozen=True, slots=True)
class Sent:
    """How many scores platforms took, and how many they refused."""

    taken: int = 0
    refused: int = 0

    def __add__(self, other: Sent) -> Sent:
        return Sent(self.taken + other.taken, self.refused + other.refused)


@dataclass
class _Rest:
    """A platform that is left alone: after so many ``tries`` in vain, ``until`` then."""

    tries: int
    until: datetime


@dataclass
class Worker:
    """One of however many. ``catalog``: the pack as it is served now."""

    database: Database
    catalog: Callable[[], Catalog]
    outgoing: Outgoing
    now: Callable[[], datetime]
    _resting: dict[UUID, _Rest] = field(default_factory=dict)
    _tokens: Tokens = field(default_factory=dict)

    def run(self, *, seconds: float = inf) -> Sent:
        """Send all that is due, a few of each platform in turn, so that none waits for the slowest."""
        ends, done = monotonic() + seconds, Sent()
        with self.database.reading() as db:
            if not offered_scores.is_due(db, now=self.now()):
                return done
            platforms = offered_scores.platforms(db)
        catalog = self.catalog()  # not within a transaction: it may have to be loaded
        with self.outgoing.keeping() as outgoing:
            services = Services(outgoing, partial(signing_key, self.database, now=self.now), self.now, self._tokens)
            while platforms and monotonic() < ends:
                busy = []
                for one in platforms:
                    rest = self._resting.get(one.id)
                    if rest and rest.until > self.now():
                        continue
                    looked, sent = self._piece(services, catalog, one)
                    done += sent
                    busy += [one] if looked else []
                platforms = busy
        return done

    def _piece(self, services: Services, catalog: Catalog, platform: Any) -> tuple[int, Sent]:
        looked, offers = self.database.commit(
            lambda db: offered_scores.take_up(db, catalog, platform.id, now=self.now(), most=PIECE)
        )
        return looked, self._send(services, platform, offers) if offers else Sent()

    def _send(self, services: Services, platform: Any, offers: list[offered_scores.Offer]) -> Sent:
        """Each in turn, as long as nobody else takes them up."""
        ends, written, done = monotonic() + offered_scores.LEASE.total_seconds() - WHOLE, monotonic(), Sent()
        taken, refused = list[offered_scores.Offer](), list[offered_scores.Refusal]()
        for offer in offers:
            if monotonic() > ends:
                break
            try:
                refusal = services.post_score(platform, offer)
            except Away as error:
                self._rest(platform, error)
                refused.append(offered_scores.Refusal(offer, error.said.template, wait=error.wait))
                break
            self._resting.pop(platform.id, None)
            if refusal is None:
                taken.append(offer)
            else:
                _log.info("%s did not take a score: %s", platform.name, refusal.sentence)
                refused.append(refusal)
            if monotonic() > written + WRITE:
                done += self._write(taken, refused)
                taken, refused, written = [], [], monotonic()
        return done + self._write(taken, refused)

    def _rest(self, platform: Any, error: Away) -> None:
        tries = self._resting[platform.id].tries + 1 if platform.id in self._resting else 1
        rest = max(min(retries.pause(tries), LONGEST_REST), error.wait or timedelta())
        self._resting[platform.id] = _Rest(tries, self.now() + rest)
        _log.warning("no scores are taken by %s: %s", platform.name, error.detail or error)

    def _write(self, taken: list[offered_scores.Offer], refused: list[offered_scores.Refusal]) -> Sent:
        def write(db: Session) -> None:
            offered_scores.taken(db, taken, now=self.now())
            offered_scores.refused(db, refused, now=self.now())

        if taken or refused:
            self.database.commit(write)
        return Sent(len(taken), len(refused))

    def watch(self, stop: threading.Event) -> None:
        """Send what is due, and look again every few seconds until ``stop`` is set; whatever happens, go on.

        Now and then the keys of platforms are read anew.
        """
        look = monotonic()
        while not stop.is_set():
            try:
                self.run()
                if monotonic() >= look:
                    look = monotonic() + EVERY_KEYS
                    old_keys.read_anew(self.database, self.outgoing, now=self.now)
            except Unavailable as error:
                _log.warning("scores wait for the database: %s", error)
            except Exception:  # the next look may find the database, or the pack, again
                _log.exception("scores could not be sent")
            stop.wait(EVERY)


def signing_key(database: Database, *, now: Callable[[], datetime]) -> platform_keys.SigningKey:
    """What we sign with today; made where there is none, and followed by another when it is old."""
    with database.reading() as db:
        needed = platform_keys.is_needed(db, now=now())
    if needed:
        made = platform_keys.new_key()
        database.commit(lambda db: platform_keys.keep(db, made, now=now()))
    with database.reading() as db:
        found = platform_keys.signing(db, now=now())
    if found is None:
        raise RuntimeError("a key was kept and is not there")
    return found
