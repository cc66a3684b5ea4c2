"""Keys that are a day old are read anew, by no request: a key that a platform withdrew lets nobody in any more."""

from __future__ import annotations

import dataclasses
import threading
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import update

from lms.config import Settings
from lms.db.engine import Database
from lms.db.lti import LtiRegistration
from lms.features.lti import old_keys, sending
from lms.learning import platforms
from lms.learning.platforms import KEYS_AGAIN, KEYS_EVERY, KEYS_FOR
from lms.outgoing import Outgoing
from lms.web.site import now
from tests.conftest import NOON, Cast
from tests.features.lti import platform
from tests.features.lti.gradebook import Answered, Gradebook
from tests.features.lti.phone import Phone, code_of
from tests.features.lti.sites import Clock, Site


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return dataclasses.replace(settings, secure_cookies=True, own_network=True)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def old(database: Database, registered: UUID, book: Gradebook, clock: Clock) -> UUID:
    """A platform whose key is known for a day, and that has another one now."""
    book.answers["/keys"] = lambda _: Answered(200, {"keys": [platform.public("kunci-2")]})
    with database.transaction() as db:
        row = db.get_one(LtiRegistration, registered)
        row.keys_url, row.keys_read_at = f"{book.address}/keys", clock.now - KEYS_FOR
    return registered


def read(database: Database, clock: Clock) -> int:
    return old_keys.read_anew(database, Outgoing(own_network=True, read=2), now=clock)


def keys(database: Database, registration_id: UUID) -> set[str]:
    with database.reading() as db:
        return set(platforms.one(db, registration_id).keys)


def test_what_was_withdrawn_lets_nobody_in(app: Flask, database: Database, people: Cast, old: UUID) -> None:
    assert Phone(app).launch().status_code == 303
    clock = Clock()
    clock.now = now() + KEYS_FOR
    assert read(database, clock) == 1
    assert keys(database, old) == {"kunci-2"}
    assert code_of(Phone(app).launch()) == "LTI23"


def test_no_request_reads_them(app: Flask, database: Database, people: Cast, old: UUID, book: Gradebook) -> None:
    with database.transaction() as db:
        db.execute(update(LtiRegistration).values(keys_read_at=NOON - timedelta(days=400)))
    assert Phone(app).launch().status_code == 303
    assert book.asked == []


def test_they_are_read_once_a_day(database: Database, old: UUID, book: Gradebook, clock: Clock) -> None:
    assert (read(database, clock), read(database, clock)) == (1, 0)
    clock.now += KEYS_FOR - timedelta(seconds=1)
    assert read(database, clock) == 0
    clock.now += timedelta(seconds=1)
    assert read(database, clock) == 1
    assert len(book.asked) == 2


@pytest.mark.parametrize("answer", [Answered(503), Answered(404), Answered(200, b"{"), Answered(200, [])])
def test_where_the_platform_does_not_answer_they_stay_and_it_is_asked_again(
    database: Database, old: UUID, book: Gradebook, clock: Clock, answer: Answered, caplog: pytest.LogCaptureFixture
) -> None:
    sound, book.answers["/keys"] = book.answers["/keys"], lambda _: answer
    assert (read(database, clock), read(database, clock)) == (0, 0)
    assert len(book.asked) == 1
    assert keys(database, old) == {platform.KEY}
    assert "could not be read anew" in caplog.text
    with database.transaction() as db:
        assert platforms.claim_keys(db, old, now=clock.now + KEYS_EVERY), "an unknown key is asked for as before"
        db.rollback()
    book.answers["/keys"] = sound
    clock.now += KEYS_AGAIN - timedelta(seconds=1)
    assert read(database, clock) == 0
    clock.now += timedelta(seconds=1)
    assert read(database, clock) == 1
    assert keys(database, old) == {"kunci-2"}


def test_of_two_that_look_at_once_one_asks(database: Database, old: UUID, clock: Clock) -> None:
    with database.transaction() as db:
        assert platforms.claim_old_keys(db, old, now=clock.now)
    with database.transaction() as db:
        assert not platforms.claim_old_keys(db, old, now=clock.now)


def test_a_platform_without_a_yes_is_not_asked(database: Database, old: UUID, book: Gradebook, clock: Clock) -> None:
    with database.transaction() as db:
        db.get_one(LtiRegistration, old).approved_at = None
    assert read(database, clock) == 0
    assert book.asked == []


def test_one_that_is_removed_meanwhile_is_no_matter(
    database: Database, old: UUID, book: Gradebook, clock: Clock
) -> None:
    def removed(_: object) -> Answered:
        with database.transaction() as db:
            platforms.remove(db, old, now=clock.now)
        return Answered(200, {"keys": []})

    book.answers["/keys"] = removed
    assert read(database, clock) == 0


def test_the_worker_that_watches_reads_them(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "EVERY", 0.01)
    with site.database.transaction() as db:
        row = db.get_one(LtiRegistration, site.course.registration)
        row.keys, row.keys_read_at = {"lama": {}}, site.clock.now - KEYS_FOR
    asked, stop = threading.Event(), threading.Event()

    def answer(_: object) -> Answered:
        asked.set()
        return Answered(200, {"keys": [platform.public()]})

    site.book.answers["/certs"] = answer
    thread = threading.Thread(target=site.worker.watch, args=(stop,))
    thread.start()
    try:
        assert asked.wait(10)
    finally:
        stop.set()
        thread.join()
    assert keys(site.database, site.course.registration) == {platform.KEY}
