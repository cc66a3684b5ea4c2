"""Other servers are told everything, and each event with one content only, however often their worker is killed."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from lms.config import Settings
from lms.db.accounts import Role
from lms.db.cohorts import Place
from lms.db.engine import Database
from lms.learning import accounts, cohorts, deliveries, events
from lms.learning.events import Listeners
from lms.web.site import now
from tests.conftest import NOON, PACK
from tests.learning.test_deliveries import CATALOG, SECRET
from tests.receiving import Receiver, receiving

KILLS = 5
#: Of them, so many are enrolled before each kill.
PEOPLE = 12


def test_a_worker_killed_at_any_moment_loses_nothing_and_tells_nothing_in_two_ways(
    database_url: str, database: Database
) -> None:
    chance = random.Random(15)
    with receiving() as receiver:
        settings = Settings(
            database_url=database_url, own_network=True, webhook_url=receiver.url, webhook_secret=SECRET
        )
        others = deliveries.destinations(settings)
        events.listen(database, Listeners(catalog=lambda: CATALOG, destinations=others))
        receiver.status = lambda _told: chance.choice((200, 204, 204, 503))
        came: set[UUID] = set()
        with database.transaction() as db:
            cohorts.add(db, "Angkatan", now=NOON)
        for _ in range(KILLS):
            with working(settings) as worker:
                before = len(receiver.told)
                came |= {enrolled(database, f"peserta{len(came) + more}") for more in range(PEOPLE)}
                # somewhere between its start and its end; how far it came is up to the machine
                _until(receiver, worker, before + chance.randrange(PEOPLE))
                worker.kill()
            database.commit(deliveries.make_all_due)
        receiver.status = lambda _told: 204
        while deliveries.send_due(database, settings, now=now).arrived:
            database.commit(deliveries.make_all_due)
        database.info.clear()
    with database.reading() as db:
        assert deliveries.waiting(db) == []
    contents = defaultdict(set)
    for told in receiver.told:
        contents[json.loads(told.body)["id"]].add(told.body)
    assert {len(held) for held in contents.values()} == {1}
    assert {UUID(json.loads(body)["person"]) for held in contents.values() for body in held} == came
    assert len(contents) == len(came) == KILLS * PEOPLE


def enrolled(database: Database, login: str) -> UUID:
    with database.transaction() as db:
        user = accounts.add(db, login=login, name=login.title(), roles=[Role.PARTICIPANT], now=NOON)
        cohorts.enrol(db, cohorts.by_name(db, "Angkatan"), user.id, Place.PARTICIPANT, now=NOON)
        return user.id


@contextmanager
def working(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """``lms events send``, again and again, in a process of its own."""
    code = (
        "from lms.cli.group import main\n"
        "while True:\n"
        "    main(['events', 'send'], standalone_mode=False)\n"
        "    main(['events', '--again'], standalone_mode=False)\n"
    )
    environment = {
        "LMS_DATABASE_URL": settings.database_url,
        "LMS_OWN_NETWORK": "true",
        "LMS_WEBHOOK_URL": settings.webhook_url,
        "LMS_WEBHOOK_SECRET": settings.webhook_secret,
        "LMS_PACK": str(PACK),
    }
    worker = subprocess.Popen([sys.executable, "-c", code], env=os.environ | environment, stdout=subprocess.DEVNULL)
    try:
        yield worker
    finally:
        worker.kill()
        worker.wait()


def _until(receiver: Receiver, worker: subprocess.Popen[bytes], told: int) -> None:
    """So much was told; fails where the worker ended by itself."""
    while len(receiver.told) < told:
        assert worker.poll() is None, "the worker ended"
        time.sleep(0.001)
