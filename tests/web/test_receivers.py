"""What a host hears of the requests to us: everything, from the right one of us, and without harm."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from blinker import Signal
from flask import Flask

import lms
from lms import events
from lms.config import Settings
from lms.db.engine import Database
from lms.events import Event
from tests.conftest import Cast, Statements
from tests.visitor import Visitor
from tests.web.test_what_pages_tell import ON_SQLITE

KOMA = "/materi/desimal/koma"


@pytest.fixture
def listening() -> Iterator[Callable[..., list[tuple[Any, Event]]]]:
    """Listen to signals until the test ends."""
    connected: list[tuple[Signal, Any]] = []

    def listen(*signals: Signal, sender: Any = None) -> list[tuple[Any, Event]]:
        heard: list[tuple[Any, Event]] = []

        def hear(sender: Any, event: Event) -> None:
            heard.append((sender, event))

        for signal in signals:
            signal.connect(hear, **({"sender": sender} if sender else {}))
            connected.append((signal, hear))
        return heard

    yield listen
    for signal, hear in connected:
        signal.disconnect(hear)


def test_a_host_hears_of_what_its_people_do_here(app: Flask, people: Cast, listening: Any) -> None:
    heard = listening(*events.SIGNALS.values())
    ada = Visitor(app).sign_in("ada")
    for path in ("/beranda", KOMA, "/progres", "/kuis/pecahan"):
        ada.get(path)
    assert heard == []
    ada.post(f"{KOMA}/selesai")
    ada.post(f"{KOMA}/selesai")
    assert [(sender, event.name) for sender, event in heard] == [(app, "lesson_done"), (app, "module_done")]
    assert {event.person for _sender, event in heard} == {people.ada}
    heard.clear()
    attempt = ada.post("/kuis/pecahan/mulai").location
    assert heard == []
    ada.get(attempt)
    ada.post(f"{attempt}/kumpulkan", {"action": "submit", "confirmed": "1"})
    assert [event.name for _sender, event in heard] == ["attempt_submitted", "attempt_marked"]


@ON_SQLITE
def test_a_receiver_that_fails_harms_neither_the_request_nor_the_others(
    app: Flask, people: Cast, listening: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_sender: Any, **_told: Any) -> None:
        raise RuntimeError("the portal is away")

    events.lesson_done.connect(fail)
    heard = listening(events.lesson_done, events.module_done)
    ada = Visitor(app).sign_in("ada")
    with caplog.at_level(logging.ERROR, "lms.events"):
        answered = ada.post(f"{KOMA}/selesai")
    events.lesson_done.disconnect(fail)
    assert answered.status_code == 303
    assert [event.name for _sender, event in heard] == ["lesson_done", "module_done"]
    (line,) = caplog.records
    assert line.exc_info
    fields = line.fields  # type: ignore[attr-defined]
    assert (fields["id"], fields["told"]) == (answered.headers["X-Request-ID"], "lesson_done")
    assert fields["receiver"].endswith("fail")


@ON_SQLITE
def test_two_mounts_are_told_apart(settings: Settings, database: Database, people: Cast, listening: Any) -> None:
    host = Flask("host")
    ours = [lms.init_app(host, url_prefix=prefix, settings=settings) for prefix in ("/satu", "/dua")]
    everything, of_the_second = listening(events.lesson_done), listening(events.lesson_done, sender=ours[1])
    for prefix, login in (("/satu", "ada"), ("/dua", "mallory")):
        Visitor(host, prefix).sign_in(login).post(f"{KOMA}/selesai")
    assert [(sender, event.person) for sender, event in everything] == [
        (ours[0], people.ada),
        (ours[1], people.mallory),
    ]
    assert [event.person for _sender, event in of_the_second] == [people.mallory]
    for one in ours:
        one.extensions["lms"].database.dispose()


@ON_SQLITE
def test_listening_to_something_else_costs_a_request_nothing(
    app: Flask, people: Cast, listening: Any, statements: Statements
) -> None:
    ada, mallory = Visitor(app).sign_in("ada"), Visitor(app).sign_in("mallory")
    alone = statements.of(lambda: ada.post(f"{KOMA}/selesai"))
    listening(events.person_enrolled)
    assert statements.of(lambda: mallory.post(f"{KOMA}/selesai")) == alone


def test_every_value_is_frozen_and_every_signal_has_its_own() -> None:
    assert all(getattr(events, name) is signal for name, signal in events.SIGNALS.items())
    named = [getattr(events, name) for name in events.__all__ if name not in {"Event", "SIGNALS"}]
    values = [value for value in named if isinstance(value, type)]
    assert {value.name for value in values} == events.SIGNALS.keys()
    for value in values:
        assert dataclasses.is_dataclass(value)
        assert value.__dataclass_params__.frozen  # type: ignore[attr-defined]
