"""A server as operators run it, people in the middle of a quiz, and how they ask."""

from __future__ import annotations

import http.client
import json
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec
from uuid import uuid4

import pytest

from bench import site
from tests import postgres
from tests.conftest import lacking
from tests.serving import Server, serving

P = ParamSpec("P")
ASKED = site.asked("manajemen-asn")


class OutOfTime(AssertionError):
    """Something took longer than it may, or than the scene lasts in which it is looked at."""


def in_time(test: Callable[P, None]) -> Callable[P, None]:
    """For a test of how long somebody waits: it is played up to three times, as long as it is ``OutOfTime``.

    A machine that is busy with something else stalls once; code that waits too long does so each time.
    """

    @wraps(test)
    def tried(*given: P.args, **named: P.kwargs) -> None:
        for _ in range(2):
            with suppress(OutOfTime):
                return test(*given, **named)
        return test(*given, **named)

    return tried


@dataclass(frozen=True)
class Answer:
    """What came back, and after how many seconds."""

    status: int
    headers: dict[str, str]
    text: str
    seconds: float

    def came_within(self, seconds: float) -> None:
        """Raises ``OutOfTime``."""
        if self.seconds >= seconds:
            raise OutOfTime(f"{self.status} after {self.seconds:.2f} s, and {seconds:g} s are allowed")

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class Person:
    """Somebody who is signed in and sits at a quiz."""

    def __init__(self, server: Server, reader: site.Reader) -> None:
        self.server, self.reader = server, reader
        self.revision = 0

    def ask(self, path: str, *, json_wanted: bool = False) -> Answer:
        headers = {"Cookie": self.reader.cookie, "Accept": "application/json" if json_wanted else "text/html"}
        return ask(self.server.port, "GET", path, headers)

    def save(self) -> Answer:
        """Answer the first question once more."""
        self.revision += 1
        item, options = next(iter(ASKED.options.items()))
        body = {
            "item": item,
            "version": self.reader.versions[item],
            "response": [options[self.revision % len(options)]],
            "revision": self.revision,
            "save_id": str(uuid4()),
        }
        headers = {
            "Cookie": self.reader.cookie,
            "X-CSRFToken": self.reader.csrf,
            "Content-Type": "application/json",
            "Accept": "application/json",
        }
        return ask(self.server.port, "POST", f"{self.reader.attempt}/simpan", headers, json.dumps(body))


def ask(port: int, method: str, path: str, headers: dict[str, str], body: str | None = None) -> Answer:
    begun = time.monotonic()
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        link.request(method, path, body, headers)
        answered = link.getresponse()
        text = answered.read().decode()
        return Answer(answered.status, dict(answered.headers), text, time.monotonic() - begun)
    finally:
        link.close()


def fill(path: Path) -> None:
    """Write until the disk has no room left."""
    with path.open("wb", buffering=0) as filler:
        try:
            while True:
                filler.write(b"\0" * 65_536)
        except OSError:
            pass


@dataclass(frozen=True)
class Site:
    """A running ``lms serve``, its database, and its people."""

    server: Server
    people: list[Person]
    url: str


@contextmanager
def on_their_way(*questions: Callable[[], Answer]) -> Iterator[list[Future[Answer]]]:
    """Each question in a thread of its own while the block runs; all are answered when it ends."""
    with ThreadPoolExecutor(len(questions)) as pool:
        yield [pool.submit(question) for question in questions]


@contextmanager
def serving_people(
    url: str, folder: Path, *, people: int = 4, threads: int = 4, direct: str = "", **settings: str
) -> Iterator[Site]:
    """``direct``: the same database for whoever prepares it, where ``url`` leads through something."""
    readers = site.prepare(direct or url, ASKED, people=people, answered=False)
    environment = site.environment(url) | settings
    with serving(environment, log=folder / "log", threads=threads) as server:
        yield Site(server, [Person(server, reader) for reader in readers], url)


@pytest.fixture(scope="module")
def sqlite_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    with serving_people(f"sqlite:///{folder}/lms.db", folder) as found:
        yield found


@pytest.fixture(scope="module")
def own_postgresql() -> Iterator[postgres.Server]:
    """A PostgreSQL of this module's own, which it may end and start; it pays for its commits."""
    with tempfile.TemporaryDirectory(
        prefix="lms-pg-", ignore_cleanup_errors=True
    ) as folder:  # a socket's path is short
        try:
            made = postgres.Server(Path(folder), settings=("-c", "max_connections=30"))
            made.start()
        except postgres.NoPostgreSQL as error:
            lacking("postgresql", str(error))
        try:
            yield made
        finally:
            made.stop(signal.SIGINT)


@pytest.fixture(scope="module")
def postgresql_site(own_postgresql: postgres.Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving_people(own_postgresql.url, tmp_path_factory.mktemp("site")) as found:
        yield found
