"""PostgreSQL goes away and comes back under a running site."""

from __future__ import annotations

import signal
import time
from contextlib import ExitStack, suppress
from functools import partial

import psycopg
import pytest

from tests import postgres
from tests.faults.conftest import Answer, OutOfTime, Site, ask, in_time, on_their_way

SLACK = 1.5
#: Seconds for a connection, and for riding through, as docs/operator.md promises.
CONNECT, RIDE = 2, 3


def _fill_the_pool(site: Site) -> None:
    """Every thread holds connections that the server will forget."""
    with on_their_way(*(partial(one.ask, "/beranda") for one in site.people * 4)) as pages:
        pass
    assert {page.result().status for page in pages} == {200}


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=["restarted", "crashed"])
def test_after_a_restart_nobody_meets_a_dead_connection(
    how: signal.Signals, own_postgresql: postgres.Server, postgresql_site: Site
) -> None:
    _fill_the_pool(postgresql_site)
    own_postgresql.stop(how)
    own_postgresql.start()
    for person in postgresql_site.people * 3:
        assert person.ask("/beranda").status == 200
        assert person.save().status == 200


@in_time
def test_who_asks_during_a_short_restart_waits_and_is_served(
    own_postgresql: postgres.Server, postgresql_site: Site
) -> None:
    _fill_the_pool(postgresql_site)
    ada, mallory, *_ = postgresql_site.people
    own_postgresql.stop(signal.SIGINT)
    since = time.monotonic()
    with on_their_way(lambda: ada.ask("/beranda"), mallory.save) as asked:
        time.sleep(RIDE / 2)
        own_postgresql.start()
        away = time.monotonic() - since
    if away >= RIDE - 0.5:
        raise OutOfTime(f"the restart took {away:.2f} s and was no short one")
    assert [one.result().status for one in asked] == [200, 200]


@in_time
def test_while_it_is_away_everybody_is_told_so_soon_and_served_again_afterwards(
    own_postgresql: postgres.Server, postgresql_site: Site
) -> None:
    ada = postgresql_site.people[0]
    own_postgresql.stop(signal.SIGINT)
    try:
        first = ada.ask("/beranda")
        assert first.status == 503
        assert first.seconds > RIDE - 0.5
        first.came_within(RIDE + CONNECT + SLACK)
        later = ada.ask("/beranda")
        later.came_within(SLACK)  # one person waited in vain; those who come later do not
        _tells_of_the_database(later, "text/html")
        assert later.headers["Refresh"] == later.headers["Retry-After"]
        saved = ada.save()
        _tells_of_the_database(saved, "application/json")
        assert "Refresh" not in saved.headers
        assert ask(postgresql_site.server.port, "GET", "/healthz", {}).status == 200
        ready = ask(postgresql_site.server.port, "GET", "/readyz", {})
        assert (ready.status, ready.json["checks"]["database"]) == (503, False)
    finally:
        own_postgresql.start()
    assert ada.ask("/beranda").status == 200
    assert ada.save().status == 200


def _tells_of_the_database(answered: Answer, kind: str) -> None:
    assert answered.status == 503
    assert answered.headers["Content-Type"].startswith(kind)
    assert int(answered.headers["Retry-After"]) > 0
    assert "perangkat ini aman" in answered.text
    assert "on this device are safe" in answered.text


def test_a_server_without_room_for_a_connection_is_away_too(
    own_postgresql: postgres.Server, postgresql_site: Site
) -> None:
    ada = postgresql_site.people[0]
    to = {"host": str(own_postgresql.data), "user": "lms", "dbname": "postgres"}
    with ExitStack() as stack:
        admin = stack.enter_context(psycopg.connect(**to, autocommit=True))
        ours = {admin.info.backend_pid}
        while True:
            with suppress(psycopg.OperationalError):
                while True:
                    ours.add(stack.enter_context(psycopg.connect(**to)).info.backend_pid)
            others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'lms' AND pid <> ALL(%s)"
            if not admin.execute(others, [list(ours)]).fetchall():
                break  # the server's own thread may have come back meanwhile
        refused = ada.ask("/beranda")
        assert refused.status == 503
        _tells_of_the_database(refused, "text/html")
    time.sleep(0.1)
    assert ada.ask("/beranda").status == 200


def test_when_every_session_is_ended_nobody_notices(own_postgresql: postgres.Server, postgresql_site: Site) -> None:
    _fill_the_pool(postgresql_site)
    with psycopg.connect(host=str(own_postgresql.data), user="lms", dbname="postgres", autocommit=True) as admin:
        for person in postgresql_site.people:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
                "AND backend_type = 'client backend'"
            )
            assert person.ask("/beranda").status == 200
            assert person.save().status == 200
