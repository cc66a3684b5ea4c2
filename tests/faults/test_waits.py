"""Somebody else holds a lock: who has to wait, for how long, and what they are told."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import make_url

from tests.faults.conftest import ASKED, Answer, OutOfTime, Person, Site, ask, in_time, on_their_way

#: Seconds for a lock, as docs/operator.md promises; not the code's word for it.
LOCK = 2
#: Seconds that a busy machine may take for what costs milliseconds.
SLACK = 1.5
LESSON = f"/materi/{ASKED.lesson.module}/{ASKED.lesson.slug}"


@contextmanager
def _locked_file(site: Site) -> Iterator[None]:
    """As a backup tool or a forgotten shell would."""
    other = sqlite3.connect(make_url(site.url).database or "", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@contextmanager
def _locked_row(site: Site, person: Person) -> Iterator[None]:
    url = make_url(site.url)
    with psycopg.connect(host=str(url.query["host"]), user=url.username, dbname=url.database) as other:
        attempt = UUID(person.reader.attempt.rpartition("/")[2])
        other.execute("SELECT 1 FROM attempt WHERE id = %s FOR UPDATE", [attempt])
        yield
        other.rollback()


def _healthy(site: Site) -> Answer:
    return ask(site.server.port, "GET", "/healthz", {})


def _refused_in_words(answered: Answer) -> None:
    assert answered.status == 503, answered.text
    assert int(answered.headers["Retry-After"]) > 0
    assert "aman" in answered.json["error"]["message"]


@in_time
def test_a_locked_file_costs_writers_a_bounded_wait_and_readers_none(sqlite_site: Site) -> None:
    ada, others = sqlite_site.people[0], sqlite_site.people[1:]
    with _locked_file(sqlite_site):
        with on_their_way(*(person.save for person in others for _ in range(3))) as saves:
            time.sleep(LOCK / 2 + 0.2)  # by now one thread waits for the file, and nobody else for that thread
            for _ in range(3):
                page = ada.ask(LESSON)
                assert page.status == 200
                page.came_within(SLACK)
                _healthy(sqlite_site).came_within(SLACK)
        for save in saves:
            _refused_in_words(save.result())
            save.result().came_within(LOCK + SLACK)
    assert others[0].save().status == 200


@in_time
def test_a_locked_row_stops_its_owner_and_nobody_for_long(postgresql_site: Site) -> None:
    ada, mallory = postgresql_site.people[:2]
    with _locked_row(postgresql_site, ada):
        with on_their_way(*(ada.save for _ in range(4))) as saves:  # as many as there are threads
            time.sleep(0.3)
            _healthy(postgresql_site).came_within(SLACK)
            page = mallory.ask("/beranda")
            assert page.status == 200
            page.came_within(LOCK + SLACK)
        for save in saves:
            _refused_in_words(save.result())
            save.result().came_within(LOCK + SLACK)
    assert ada.save().status == 200


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
@in_time
def test_a_lock_that_is_let_go_in_time_is_a_wait_and_no_error(engine: str, request: pytest.FixtureRequest) -> None:
    site: Site = request.getfixturevalue(f"{engine}_site")
    ada = site.people[0]
    with ExitStack() as held:
        held.enter_context(_locked_file(site) if engine == "sqlite" else _locked_row(site, ada))
        since = time.monotonic()
        with on_their_way(ada.save) as (save,):
            time.sleep(0.6)
            waited = not save.done()
            held.close()
            if time.monotonic() - since >= LOCK:
                raise OutOfTime("the lock was held longer than anybody waits for one")
    assert waited
    assert save.result().status == 200
    if save.result().seconds <= 0.3:
        raise OutOfTime("the save came when the lock was about to be let go")
