"""Many people answer at once while servers are killed: is every acknowledged answer there, and none twice?

    python3 dev.py bench reliability [--people 200] [--seconds 60] [--kills 3]

First one server on SQLite, then two processes on one PostgreSQL, one of which is killed (SIGKILL) and started again.
Each person answers about once a second, keeps a save until it is acknowledged and sends the very same one again when
the link breaks – as the page does. At the end every row of the database is compared with what was acknowledged.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import signal
import tempfile
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import select

from bench import machine, site
from lms.db.attempts import Response
from lms.db.engine import Database
from tests import postgres
from tests.serving import Server, serving

PAUSE = 1.0  # seconds between two answers of a person, on average


@dataclass
class Person:
    """One simulated participant: what they sent and what was acknowledged, by item."""

    reader: site.Reader
    sent: dict[str, dict[UUID, tuple[int, str]]] = field(default_factory=dict)
    acknowledged: dict[str, tuple[int, str]] = field(default_factory=dict)
    saves: int = 0
    repeats: int = 0
    refused: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    @property
    def attempt(self) -> UUID:
        return UUID(self.reader.attempt.rpartition("/")[2])


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py bench reliability", description=__doc__.partition("\n")[0])
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--module", default="manajemen-asn")
    options = parser.parse_args(arguments)
    print(f"{machine.describe()}; {options.people} people for {options.seconds:g} s\n")
    lost = [_run(name, options) for name in ("sqlite", "postgresql")]
    return 1 if any(lost) else 0


def _run(engine: str, options: argparse.Namespace) -> int:
    """Returns how many acknowledged answers are missing or wrong."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lms-reliability-")))
        url = f"sqlite:///{folder}/lms.db"
        if engine == "postgresql":
            url = stack.enter_context(postgres.server(durable=True))
        asked = site.asked(options.module)
        people = [Person(reader) for reader in site.prepare(url, asked, people=options.people, answered=False)]
        servers = [stack.enter_context(serving(site.environment(url))) for _ in range(1 if engine == "sqlite" else 2)]
        ends = time.monotonic() + options.seconds
        threads = [threading.Thread(target=_answer, args=(one, asked.options, servers, ends)) for one in people]
        for thread in threads:
            thread.start()
        kills = _kill(servers[-1], options.kills, options.seconds) if engine == "postgresql" else 0
        for thread in threads:
            thread.join()
        database = Database(url)
        stack.callback(database.dispose)
        return _report(engine, people, kills, database)


# --- the people -----------------------------------------------------------------------------------------------------


def _answer(person: Person, options: dict[str, list[str]], servers: list[Server], ends: float) -> None:
    """Answer until the time is over; then send what is still unacknowledged, for at most half a minute."""
    rng = random.Random(person.reader.attempt)
    link: http.client.HTTPConnection | None = None
    time.sleep(rng.random() * PAUSE)
    while time.monotonic() < ends:
        item = rng.choice(list(options))
        value, save_id = rng.choice(options[item]), uuid4()
        revision = max((number for number, _ in person.sent.get(item, {}).values()), default=0) + 1
        person.sent.setdefault(item, {})[save_id] = (revision, value)
        body: dict[str, object] = {"item": item, "version": person.reader.versions[item], "response": [value]}
        body |= {"revision": revision, "save_id": str(save_id)}
        link = _deliver(person, body, link, servers, rng, ends + 30)
        time.sleep(rng.uniform(0.5, 1.5) * PAUSE)


def _deliver(
    person: Person,
    body: dict[str, object],
    link: http.client.HTTPConnection | None,
    servers: list[Server],
    rng: random.Random,
    patience: float,
) -> http.client.HTTPConnection | None:
    """Send one save until somebody answers it."""
    data, begun = json.dumps(body), time.monotonic()
    while time.monotonic() < patience:
        link = link or http.client.HTTPConnection("127.0.0.1", rng.choice(servers).port, timeout=10)
        try:
            link.request("POST", f"{person.reader.attempt}/simpan", data, _headers(person.reader))
            answer = link.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            link.close()
            link = None
            person.repeats += 1
            time.sleep(rng.uniform(0.05, 0.3))
            continue
        if answer.status == 200:
            person.saves += 1
            person.waits.append(time.monotonic() - begun)
            person.acknowledged[str(body["item"])] = (int(str(body["revision"])), body["response"][0])  # type: ignore[index]
            return link
        if answer.status < 500:
            person.refused.append(f"{answer.status} {text[:100]!r}")
            return link
        person.repeats += 1
        time.sleep(rng.uniform(0.05, 0.3))
    person.refused.append("gave up")
    return link


def _headers(reader: site.Reader) -> dict[str, str]:
    return {
        "Cookie": reader.cookie,
        "X-CSRFToken": reader.csrf,
        "Content-Type": "application/json",
        "Accept": "application/json",
    }


# --- the servers ----------------------------------------------------------------------------------------------------


def _kill(server: Server, times: int, seconds: float) -> int:
    """Kill a server ``times`` times, spread over the run, and start it again after two seconds."""
    for _ in range(times):
        time.sleep(max(1.0, seconds / (times + 1) - 2))
        server.stop(signal.SIGKILL)
        time.sleep(2)
        server.start()
    return times


# --- the judgement --------------------------------------------------------------------------------------------------


def _report(engine: str, people: list[Person], kills: int, database: Database) -> int:
    with database.reading() as db:
        rows = db.execute(
            select(Response.attempt_id, Response.item, Response.revision, Response.value, Response.save_id)
        ).all()
    held = {(row.attempt_id, row.item): row for row in rows}
    missing = [
        (person.attempt, item)
        for person in people
        for item, (revision, value) in person.acknowledged.items()
        if not _is_there(held.get((person.attempt, item)), person, item, revision, value)
    ]
    strange = [row for row in rows if not _was_sent(row, people)]
    saves, waits = sum(person.saves for person in people), sorted(wait for person in people for wait in person.waits)
    refused = [one for person in people for one in person.refused]
    print(
        f"| {engine} | {len(people)} | {kills} | {saves} | {sum(one.repeats for one in people)} | {len(refused)} | "
        f"{len(rows)} | {len(missing)} | {len(rows) - len(held) + len(strange)} | "
        f"{waits[len(waits) // 2] * 1000:.0f} / {waits[int(len(waits) * 0.99)] * 1000:.0f} / {waits[-1] * 1000:.0f} |",
        flush=True,
    )
    for one in refused[:5]:
        print("  refused:", one)
    return len(missing) + len(strange)


def _is_there(row: object, person: Person, item: str, revision: int, value: str) -> bool:
    """The acknowledged answer is held, or a newer one of the same person whose acknowledgement was lost."""
    if row is None or row.revision < revision:  # type: ignore[attr-defined]
        return False
    number, given = person.sent[item][row.save_id]  # type: ignore[attr-defined]
    return (number, json.dumps([given])) == (row.revision, row.value)  # type: ignore[attr-defined]


def _was_sent(row: object, people: list[Person]) -> bool:
    by_attempt = {person.attempt: person for person in people}
    return row.save_id in by_attempt[row.attempt_id].sent.get(row.item, {})  # type: ignore[attr-defined]
