"""``lms events``: what waits, sending it, and that other commands tell other servers, too."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update

from lms.cli import main
from lms.db.engine import Database
from lms.db.events import EventDelivery
from lms.web.site import now
from tests.conftest import PACK, Cast
from tests.learning.test_attempts import count, make, start
from tests.learning.test_deliveries import SECRET
from tests.receiving import Receiver, receiving
from tests.serving import serving
from tests.web.test_what_pages_tell import ON_SQLITE


@pytest.fixture
def receiver(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """The one that the settings of the command name."""
    with receiving() as found:
        given = {"DATABASE_URL": database_url, "WEBHOOK_URL": found.url, "WEBHOOK_SECRET": SECRET, "PACK": str(PACK)}
        for name, value in {**given, "OWN_NETWORK": "true"}.items():
            monkeypatch.setenv(f"LMS_{name}", value)
        yield found


def lms(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.fixture
def listed(tmp_path: Path) -> str:
    file = tmp_path / "peserta.csv"
    file.write_text("login;nama\nbarbara;Barbara\ndennis;Dennis\n")
    return str(file)


def test_what_a_command_does_is_told_by_another_one(
    database: Database, people: Cast, receiver: Receiver, listed: str
) -> None:
    assert lms("events").output == "Nothing waits.\n"
    assert lms("enrol", listed, "--cohort", "Angkatan I").exit_code == 0
    assert lms("events").output.startswith("webhook: 2 waiting, the oldest of ")
    assert lms("events", "send").output == "2 event(s) delivered, 0 refused.\n"
    assert len(receiver.told) == 2
    assert lms("events").output == "Nothing waits.\n"


def test_a_refusal_is_told_and_tried_again_when_somebody_says_so(
    database: Database, people: Cast, receiver: Receiver, listed: str, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.status = lambda _told: 401
    lms("enrol", listed, "--cohort", "Angkatan I")
    assert lms("events", "send").output == "0 event(s) delivered, 1 refused.\n"
    [line] = caplog.messages
    assert line.startswith("not delivered [destination=webhook id=")
    assert line.endswith(" tries=1 why=401]")
    told = lms("events").output.splitlines()
    assert told[1].startswith("  offered again at ")
    assert told[2] == "  last refusal: 401"
    receiver.status = lambda _told: 200
    assert lms("events", "send").output == "0 event(s) delivered, 0 refused.\n"
    assert lms("events", "--again").output.startswith("2 event(s) are due now.\nwebhook: 2 waiting")
    assert lms("events", "send").output == "2 event(s) delivered, 0 refused.\n"


def test_a_refusal_that_was_kept_before_steers_no_terminal(
    database: Database, people: Cast, receiver: Receiver, listed: str
) -> None:
    lms("enrol", listed, "--cohort", "Angkatan I")
    with database.transaction() as db:
        db.execute(update(EventDelivery).values(refusal="500 \x1b[2Jgone\r\nNothing waits."))
    assert lms("events").output.splitlines()[1:] == ["  last refusal: 500 [2Jgone Nothing waits."]


def test_a_tick_closes_and_tells(database: Database, people: Cast, receiver: Receiver) -> None:
    start(database, make("pass: 70\ntime_limit: 20 min"), people.ada, now() - timedelta(days=1))
    assert "2 event(s) delivered, 0 refused." in lms("tick").output
    assert [b'"attempt_submitted"' in one.body for one in receiver.told] == [True, False]


@ON_SQLITE
def test_a_server_tells_by_itself(database: Database, people: Cast, receiver: Receiver, listed: str) -> None:
    lms("enrol", listed, "--cohort", "Angkatan I")
    ends = time.monotonic() + 120
    with serving({"LMS_SECRET_KEY": SECRET}):
        while len(receiver.told) < 2 and time.monotonic() < ends:
            time.sleep(0.05)
    assert len(receiver.told) == 2


def test_what_is_for_a_server_that_is_set_no_more_stays_and_is_named(
    database: Database, people: Cast, receiver: Receiver, listed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lms("enrol", listed, "--cohort", "Angkatan I")
    monkeypatch.delenv("LMS_WEBHOOK_URL")
    assert lms("events", "send").exit_code == 0
    assert "no address is set for it any more" in lms("events").output
    assert count(database, EventDelivery) == 2


@pytest.mark.parametrize("arguments", [("events", "--again", "send"), ("events", "sent")])
def test_what_is_not_meant_so_does_nothing(
    database: Database, people: Cast, receiver: Receiver, arguments: Any, listed: str
) -> None:
    lms("enrol", listed, "--cohort", "Angkatan I")
    with database.transaction() as db:
        db.execute(update(EventDelivery).values(tries=3))
    assert lms(*arguments).exit_code == 2
    assert count(database, EventDelivery) == 2


def test_a_setting_that_cannot_be_used_is_named(
    database: Database, people: Cast, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LMS_WEBHOOK_SECRET", "short")
    done = lms("events")
    assert (done.exit_code, "LMS_WEBHOOK_SECRET" in done.output, "short'" in done.output) == (2, True, False)
