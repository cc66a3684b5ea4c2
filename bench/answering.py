"""People who answer all the time, as their page would for them, and the judgement at the end: what was acknowledged is
there, and nothing is there twice."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from sqlalchemy import select

from bench import site
from lms.db.attempts import Response
from lms.db.engine import Database

PAUSE = 1.0  # seconds between two answers of a person, on average
PATIENCE = 15  # seconds that a page waits for an answer, as sending.js
#: Answers, on average, after which a person's connection is made anew, as a proxy does. Else whoever left a server that
#: was killed never comes back to it, and its neighbour holds twice as many to the end.
RENEWED = 200
AFTERWARDS = 60  # seconds for what is still on its way when the time is over


@dataclass
class Person:
    """One simulated participant: what they sent and what was acknowledged, by item; what they saw on the way."""

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


def answer_all(
    people: list[Person], options: dict[str, list[str]], ports: Sequence[int], over: threading.Event
) -> list[threading.Thread]:
    """Everybody begins; to be joined. After ``over`` only what is still on its way is sent."""
    threads = [threading.Thread(target=_answer, args=(one, options, ports, over)) for one in people]
    for thread in threads:
        thread.start()
    return threads


def _answer(person: Person, options: dict[str, list[str]], ports: Sequence[int], over: threading.Event) -> None:
    rng = random.Random(person.reader.attempt)
    link: http.client.HTTPConnection | None = None
    time.sleep(rng.random() * PAUSE)
    while not over.is_set():
        item = rng.choice(list(options))
        value, save_id = rng.choice(options[item]), uuid4()
        revision = max((number for number, _ in person.sent.get(item, {}).values()), default=0) + 1
        person.sent.setdefault(item, {})[save_id] = (revision, value)
        body: dict[str, object] = {"item": item, "version": person.reader.versions[item], "response": [value]}
        body |= {"revision": revision, "save_id": str(save_id)}
        if link and rng.random() < 1 / RENEWED:
            link.close()
            link = None
        link = _deliver(person, body, link, ports, rng, over)
        over.wait(rng.uniform(0.5, 1.5) * PAUSE)


def _deliver(
    person: Person,
    body: dict[str, object],
    link: http.client.HTTPConnection | None,
    ports: Sequence[int],
    rng: random.Random,
    over: threading.Event,
) -> http.client.HTTPConnection | None:
    """Send one save until somebody acknowledges it, the very same one each time."""
    data, begun, tries, late = json.dumps(body), time.monotonic(), 0, 0.0
    while late < AFTERWARDS:
        link = link or http.client.HTTPConnection("127.0.0.1", rng.choice(ports), timeout=PATIENCE)
        after = 30.0
        try:
            link.request("POST", f"{person.reader.attempt}/simpan", data, headers(person.reader))
            answer = link.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            link.close()
            link = None
        else:
            if answer.status == 200:
                person.saves += 1
                person.waits.append(time.monotonic() - begun)
                person.acknowledged[str(body["item"])] = (int(str(body["revision"])), body["response"][0])  # type: ignore[index]
                return link
            if answer.status < 500:
                person.refused.append(f"{answer.status} {text[:100]!r}")
                return link
            after = float(answer.headers.get("Retry-After", after))
        person.repeats += 1
        waits = pause(tries, after, rng)
        time.sleep(waits)
        tries += 1
        late += waits if over.is_set() else 0.0
    person.refused.append("gave up")
    return link


def pause(tries: int, after: float, rng: random.Random) -> float:
    """Seconds until the page tries again, as ``pause`` in sending.js."""
    return min(30.0, after, 2.0**tries) * (0.5 + rng.random())


def headers(reader: site.Reader) -> dict[str, str]:
    return {
        "Cookie": reader.cookie,
        "X-CSRFToken": reader.csrf,
        "Content-Type": "application/json",
        "Accept": "application/json",
    }


# --- the judgement --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is there at the end, beside what was promised. ``waits``: seconds, in order."""

    saves: int
    repeats: int
    refused: list[str]
    rows: int
    missing: int
    doubled: int
    waits: list[float]

    @property
    def told(self) -> str:
        """The row of a table: saves, repeats, refused, held, missing, doubled, waits in ms."""
        waits = self.waits
        return (
            f"{self.saves} | {self.repeats} | {len(self.refused)} | {self.rows} | {self.missing} | {self.doubled} | "
            f"{waits[len(waits) // 2] * 1000:.0f} / {waits[int(len(waits) * 0.99)] * 1000:.0f} / {waits[-1] * 1000:.0f}"
        )


COLUMNS = "saves | sent again | refused | held | missing | doubled | wait: median / 99 % / longest, ms"


def judge(people: list[Person], database: Database) -> Judgement:
    """Compare every row with what was acknowledged and with what was sent."""
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
    by_attempt = {person.attempt: person for person in people}
    strange = [row for row in rows if row.save_id not in by_attempt[row.attempt_id].sent.get(row.item, {})]
    return Judgement(
        saves=sum(person.saves for person in people),
        repeats=sum(person.repeats for person in people),
        refused=[one for person in people for one in person.refused],
        rows=len(rows),
        missing=len(missing),
        doubled=len(rows) - len(held) + len(strange),
        waits=sorted(wait for person in people for wait in person.waits),
    )


def _is_there(row: object, person: Person, item: str, revision: int, value: str) -> bool:
    """The acknowledged answer is held, or a newer one of the same person whose acknowledgement was lost."""
    if row is None or row.revision < revision:  # type: ignore[attr-defined]
        return False
    number, given = person.sent[item][row.save_id]  # type: ignore[attr-defined]
    return (number, json.dumps([given])) == (row.revision, row.value)  # type: ignore[attr-defined]
