"""What other servers are told arrives, once or again, and always the same under the same id."""

from __future__ import annotations

import base64
import dataclasses
import json
import re
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from lms.catalog.load import load
from lms.catalog.source import Folder
from lms.config import BadSetting, Settings
from lms.db.engine import Database
from lms.db.events import EventDelivery
from lms.db.learning import LessonRecord
from lms.learning import deliveries, events, reading
from lms.learning.deliveries import LEASE, Sent
from lms.learning.events import Listeners
from lms.learning.retries import pause
from tests.conftest import NOON, PACK, Cast
from tests.learning.test_attempts import count
from tests.receiving import Receiver, receiving
from tests.web.test_what_pages_tell import ON_SQLITE

CATALOG = load(Folder.at(PACK))
SECRET = "a secret of tests, and long enough for it"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def webhook(settings: Settings, receiver: Receiver) -> Settings:
    return dataclasses.replace(settings, own_network=True, webhook_url=receiver.url, webhook_secret=SECRET)


@pytest.fixture
def store(settings: Settings, receiver: Receiver) -> Settings:
    named = dataclasses.replace(settings, own_network=True, trusted_hosts=("latsar.example",))
    return dataclasses.replace(named, xapi_url=receiver.url, xapi_key="lms", xapi_secret="geheim")


def happen(database: Database, settings: Settings, people: Cast, *, times: int = 1) -> None:
    """Ada reads a lesson, which is a whole module: two events each time."""
    lesson = CATALOG.lesson("desimal/koma")
    events.listen(database, Listeners(catalog=lambda: CATALOG, destinations=deliveries.destinations(settings)))
    with database.transaction() as db:
        for _ in range(times):
            reading.visit(db, people.ada, lesson, read=True, now=NOON)
            db.execute(LESSONS.delete())
    database.info.clear()


LESSONS: Any = LessonRecord.__table__


def send(database: Database, settings: Settings, now: datetime = NOON) -> Sent:
    return deliveries.send_due(database, settings, now=lambda: now)


def rows(database: Database) -> list[Any]:
    with database.reading() as db:
        return list(db.execute(select(EventDelivery.__table__).order_by(EventDelivery.id)))


# --- where nobody is to be told -------------------------------------------------------------------------------------


def test_without_an_address_nothing_is_written_down(database: Database, settings: Settings, people: Cast) -> None:
    happen(database, settings, people)
    assert count(database, EventDelivery) == 0
    assert send(database, settings) == Sent()


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"webhook_url": "http://other.example/", "webhook_secret": SECRET}, "LMS_WEBHOOK_URL.* LMS_OWN_NETWORK"),
        ({"webhook_url": "https://", "webhook_secret": SECRET}, "LMS_WEBHOOK_URL"),
        ({"webhook_url": "https://other.example/a b", "webhook_secret": SECRET}, "LMS_WEBHOOK_URL"),
        ({"webhook_url": "https://other.example/"}, "LMS_WEBHOOK_SECRET"),
        ({"webhook_url": "https://other.example/", "webhook_secret": "short"}, "LMS_WEBHOOK_SECRET"),
        ({"xapi_url": "ftp://other.example/", "xapi_key": "a", "xapi_secret": "b"}, "LMS_XAPI_URL"),
        ({"xapi_url": "https://other.example/"}, "LMS_XAPI_KEY"),
        ({"xapi_url": "https://other.example/", "xapi_key": "a"}, "LMS_XAPI_SECRET"),
        ({"xapi_url": "https://other.example/", "xapi_key": "a", "xapi_secret": "b"}, "LMS_TRUSTED_HOSTS"),
        (
            {
                "xapi_url": "https://other.example/",
                "xapi_key": "a",
                "xapi_secret": "b",
                "trusted_hosts": (".example",),
            },
            "LMS_TRUSTED_HOSTS",
        ),
    ],
)
def test_an_address_that_nobody_could_be_told_anything_by_is_refused_at_the_start(
    changes: dict[str, Any], named: str
) -> None:
    settings = Settings(secret_key=SECRET, **changes)
    for check in (settings.checked, lambda: deliveries.destinations(settings)):
        with pytest.raises(BadSetting, match=named):
            check()


# --- how it is told -------------------------------------------------------------------------------------------------


def snippet() -> str:
    """The verification that docs/plugins.md gives to whoever receives us."""
    text = Path("docs/plugins.md").read_text(encoding="utf-8")
    (found,) = [code for code in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "def is_ours" in code]
    return str(found)


def test_a_webhook_is_signed_as_its_guide_says(
    database: Database, webhook: Settings, people: Cast, receiver: Receiver
) -> None:
    happen(database, webhook, people)
    sent_at = datetime.fromtimestamp(int(time.time()), NOON.tzinfo)
    assert send(database, webhook, sent_at) == Sent(arrived=2)
    assert count(database, EventDelivery) == 0
    lesson, module = receiver.told
    assert json.loads(lesson.body) == {
        "id": json.loads(lesson.body)["id"],
        "event": "lesson_done",
        "happened_at": NOON.isoformat(),
        "person": str(people.ada),
        "module": "desimal",
        "lesson": "desimal/koma",
    }
    assert json.loads(module.body)["event"] == "module_done"
    verify: dict[str, Any] = {}
    exec(snippet(), verify)
    signature = lesson.headers["Latsar-Signature"]
    assert verify["is_ours"](signature, lesson.body, SECRET)
    assert not verify["is_ours"](signature, module.body, SECRET)
    assert not verify["is_ours"](signature, lesson.body, SECRET[::-1])
    for odd in ("", "v1=", signature.replace("v1", "v0"), signature.replace("t=", "t=1"), f"{signature},t=x"):
        assert not verify["is_ours"](odd, lesson.body, SECRET), odd
    late = deliveries.Webhook(receiver.url, SECRET)
    late.offer(deliveries.Outgoing(own_network=True), rows_id(lesson), {}, now=sent_at - timedelta(hours=1))
    assert not verify["is_ours"](receiver.told[-1].headers["Latsar-Signature"], receiver.told[-1].body, SECRET)


def rows_id(told: Any) -> Any:
    return json.loads(told.body)["id"]


def test_a_store_gets_each_statement_under_its_id(
    database: Database, store: Settings, people: Cast, receiver: Receiver
) -> None:
    happen(database, store, people)
    ids = [row.id for row in rows(database)]
    assert send(database, store) == Sent(arrived=2)
    assert [(one.method, one.path) for one in receiver.told] == [
        ("PUT", f"/latsar/statements?statementId={id}") for id in ids
    ]
    headers = receiver.told[0].headers
    assert headers["X-Experience-API-Version"] == "1.0.3"
    assert base64.b64decode(headers["Authorization"].removeprefix("Basic ")) == b"lms:geheim"
    assert [json.loads(one.body)["id"] for one in receiver.told] == list(map(str, ids))


def test_a_statement_that_is_there_already_has_arrived(
    database: Database, store: Settings, people: Cast, receiver: Receiver
) -> None:
    receiver.status = lambda _told: 409
    happen(database, store, people)
    assert send(database, store) == Sent(arrived=2)
    assert count(database, EventDelivery) == 0


def test_both_are_told_and_one_that_is_away_does_not_keep_the_other_waiting(
    database: Database, webhook: Settings, store: Settings, people: Cast, receiver: Receiver
) -> None:
    both = dataclasses.replace(store, webhook_url="http://127.0.0.1:9/", webhook_secret=SECRET)
    happen(database, both, people)
    assert send(database, both) == Sent(arrived=2, refused=1)
    assert {row.destination for row in rows(database)} == {"webhook"}


# --- what was not taken ----------------------------------------------------------------------------------------------


def test_pauses_grow_to_a_day() -> None:
    assert [pause(tries) for tries in (1, 2, 3, 11)] == [MINUTE, 2 * MINUTE, 4 * MINUTE, 1024 * MINUTE]
    assert pause(12) == pause(13) == pause(10_000) == timedelta(days=1)


def test_a_server_in_trouble_is_left_in_peace_and_gets_the_same_afterwards(
    database: Database, webhook: Settings, people: Cast, receiver: Receiver
) -> None:
    receiver.status = lambda _told: 503
    happen(database, webhook, people, times=3)
    assert send(database, webhook) == Sent(refused=1)
    assert len(receiver.told) == 1
    assert {(row.due_at, row.refusal) for row in rows(database)} == {(NOON + MINUTE, "503")}
    assert send(database, webhook, NOON + MINUTE - timedelta(seconds=1)) == Sent()
    assert send(database, webhook, NOON + MINUTE) == Sent(refused=1)
    assert {row.due_at for row in rows(database)} == {NOON + 3 * MINUTE}
    receiver.status = lambda _told: 200
    assert send(database, webhook, NOON + 3 * MINUTE) == Sent(arrived=6)
    assert len({one.body for one in receiver.told}) == 6


def test_an_event_that_is_refused_does_not_hold_up_the_others(
    database: Database, webhook: Settings, people: Cast, receiver: Receiver
) -> None:
    receiver.status = lambda told: 422 if b'"lesson_done"' in told.body else 200
    happen(database, webhook, people, times=2)
    assert send(database, webhook) == Sent(arrived=2, refused=2)
    assert [(row.event, row.tries, row.due_at) for row in rows(database)] == 2 * [("lesson_done", 1, NOON + MINUTE)]


def test_what_happens_while_a_server_is_away_waits_with_the_rest(
    database: Database, webhook: Settings, people: Cast, receiver: Receiver
) -> None:
    """One request for each pause, which grows, although each time there is something that was never offered."""
    receiver.status = lambda _told: 503
    for minutes in (0, 1, 3, 7):
        happen(database, webhook, people)
        assert send(database, webhook, NOON + minutes * MINUTE) == Sent(refused=1)
        happen(database, webhook, people)
        assert send(database, webhook, NOON + (minutes + 1) * MINUTE - timedelta(seconds=1)) == Sent()
    assert len(receiver.told) == 4
    with database.reading() as db:
        assert [one.due_at for one in deliveries.waiting(db)] == [NOON + 15 * MINUTE]
    assert send(database, webhook, NOON + 15 * MINUTE - timedelta(seconds=1)) == Sent()


def test_when_a_server_is_back_all_that_waited_is_due_at_once(
    database: Database, webhook: Settings, people: Cast, receiver: Receiver
) -> None:
    receiver.status = lambda _told: 503
    happen(database, webhook, people, times=40)
    for minutes in (0, 1, 3, 7, 15, 31):
        assert send(database, webhook, NOON + minutes * MINUTE) == Sent(refused=1)
    happen(database, webhook, people)
    receiver.status = lambda told: 204 if len(receiver.told) < 40 else 503
    back = NOON + 63 * MINUTE
    assert send(database, webhook, back) == Sent(arrived=33, refused=1)
    assert {row.due_at for row in rows(database)} == {back + MINUTE}, "a new absence begins with a minute"
    receiver.status = lambda _told: 204
    assert send(database, webhook, back + MINUTE) == Sent(arrived=49)
    assert count(database, EventDelivery) == 0


def test_what_arrives_shows_that_a_server_is_there_and_all_that_waited_for_it_is_due(
    database: Database, webhook: Settings, people: Cast, receiver: Receiver
) -> None:
    """Another worker finds it away meanwhile, and leaves it in peace with all that it took up."""
    happen(database, webhook, people, times=40)

    def status(_told: Any) -> int:
        if len(receiver.told) == 1:
            assert send(database, webhook) == Sent(refused=1)
            return 204
        return 503 if len(receiver.told) == 2 else 204

    receiver.status = status
    assert send(database, webhook) == Sent(arrived=80)


def test_what_is_refused_for_its_own_sake_keeps_its_pause_when_the_server_goes_and_comes_back(
    database: Database, webhook: Settings, people: Cast, receiver: Receiver
) -> None:
    receiver.status = lambda told: 422 if b'"lesson_done"' in told.body else 204
    happen(database, webhook, people)
    for minutes in (0, 1, 3):
        send(database, webhook, NOON + minutes * MINUTE)
    (refused,) = rows(database)
    receiver.status = lambda _told: 503
    happen(database, webhook, people)
    for minutes in (4, 5, 7):
        assert send(database, webhook, NOON + minutes * MINUTE) == Sent(refused=1)
        assert rows(database)[0] == refused
    assert (refused.tries, refused.due_at, refused.refusal) == (3, NOON + 7 * MINUTE, "422")
    receiver.status = lambda told: 422 if str(refused.id).encode() in told.body else 204
    assert send(database, webhook, NOON + 11 * MINUTE) == Sent(arrived=2, refused=1)
    assert [(row.tries, row.due_at) for row in rows(database)] == [(4, NOON + 19 * MINUTE)]


def test_a_pause_is_that_of_the_server_or_of_the_event_and_neither_lengthens_the_other(
    database: Database, webhook: Settings, people: Cast, receiver: Receiver
) -> None:
    happen(database, webhook, people)
    due = []
    for status, minutes in ((422, 0), (422, 1), (503, 3), (503, 4), (422, 6), (422, 7)):
        receiver.status = lambda _told, status=status: status  # type: ignore[misc]
        send(database, webhook, NOON + minutes * MINUTE)
        due.append([(row.due_at - NOON) / MINUTE for row in rows(database)])
    assert due == [[1, 1], [3, 3], [4, 4], [6, 4], [7, 10], [9, 10]]


def test_two_workers_at_once_make_one_request_when_a_pause_is_over(
    database: Database, webhook: Settings, people: Cast, receiver: Receiver
) -> None:
    receiver.status = lambda _told: 503
    happen(database, webhook, people, times=60)
    assert send(database, webhook) == Sent(refused=1)
    with database.transaction() as db:
        (probe,) = deliveries._take(db, ["webhook"], now=NOON + MINUTE)
    happen(database, webhook, people)
    assert send(database, webhook, NOON + MINUTE) == Sent()
    assert send(database, webhook, NOON + MINUTE + LEASE) == Sent(refused=1), "the worker that had it is dead"
    assert len(receiver.told) == 2
    assert receiver.told[0].body == receiver.told[1].body
    assert json.loads(receiver.told[1].body)["id"] == str(probe.id)


def test_what_an_answer_says_is_kept_without_what_steers_a_terminal(
    database: Database, webhook: Settings, people: Cast, receiver: Receiver
) -> None:
    receiver.status, receiver.body = lambda _told: 500, "\x1b[2J\x1b]0;title\x07not\r\nnow\x00\u202e – é".encode()
    happen(database, webhook, people)
    assert send(database, webhook) == Sent(refused=1)
    assert {row.refusal for row in rows(database)} == {"500 [2J ]0;title not now – é"}


def test_a_refusal_begins_with_its_cause(database: Database, webhook: Settings, people: Cast) -> None:
    happen(database, webhook, people)
    away = dataclasses.replace(webhook, webhook_url=f"http://127.0.0.1:9/{'long' * 100}")
    assert send(database, away) == Sent(refused=1)
    assert {row.refusal[:30] for row in rows(database)} == {"connection refused: POST http:"}


def test_what_the_operators_own_network_may_not_be_asked_stays(
    database: Database, webhook: Settings, people: Cast, receiver: Receiver
) -> None:
    happen(database, webhook, people)
    outside = dataclasses.replace(webhook, own_network=False, webhook_url="https://127.0.0.1:9/")
    assert send(database, outside) == Sent(refused=1)
    assert "LMS_OWN_NETWORK" in str(rows(database)[0].refusal)
    assert receiver.told == []


# --- several workers -------------------------------------------------------------------------------------------------


def test_what_one_worker_has_taken_is_nobody_elses_until_it_must_be_dead(
    database: Database, webhook: Settings, people: Cast, receiver: Receiver
) -> None:
    happen(database, webhook, people)
    with database.transaction() as db:
        assert len(deliveries._take(db, ["webhook"], now=NOON)) == 2
    assert send(database, webhook, NOON + LEASE - timedelta(seconds=1)) == Sent()
    assert send(database, webhook, NOON + LEASE) == Sent(arrived=2)


def test_two_workers_at_once_tell_everything_once(
    database: Database, webhook: Settings, people: Cast, receiver: Receiver
) -> None:
    happen(database, webhook, people, times=30)
    sent: list[Sent] = []
    workers = [threading.Thread(target=lambda: sent.append(send(database, webhook))) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(one.arrived for one in sent) == 60
    assert len({one.body for one in receiver.told}) == len(receiver.told) == 60


@ON_SQLITE
def test_no_more_is_begun_than_the_lease_has_time_for(
    database: Database, webhook: Settings, people: Cast, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that answers slowly: what was not offered is left to whoever comes when the lease is over."""
    happen(database, webhook, people, times=3)
    begun, passed = time.monotonic(), [0.0]
    monkeypatch.setattr(deliveries, "monotonic", lambda: begun + passed[0])

    def slowly(_told: Any) -> int:
        passed[0] += 30
        return 200

    receiver.status = slowly
    sent = deliveries.send_due(database, webhook, now=lambda: NOON + timedelta(seconds=passed[0]), seconds=90)
    assert sent == Sent(arrived=3)
    assert count(database, EventDelivery) == 3
    passed[0] = 0.0
    assert send(database, webhook, NOON + LEASE) == Sent(arrived=3)


# --- what waits ------------------------------------------------------------------------------------------------------


def test_what_waits_is_counted_with_its_newest_refusal_and_can_be_made_due(
    database: Database, webhook: Settings, people: Cast, receiver: Receiver
) -> None:
    receiver.status = lambda _told: 500
    happen(database, webhook, people)
    send(database, webhook)
    with database.transaction() as db:
        lesson = EventDelivery.event == "lesson_done"
        db.execute(update(EventDelivery).where(lesson).values(refusal="older", due_at=NOON))
    with database.reading() as db:
        (one,) = deliveries.waiting(db)
    assert (one.destination, one.count, one.oldest, one.due_at, one.refusal) == (
        "webhook",
        2,
        NOON,
        NOON + MINUTE,
        "500",
    ), "what is due before its server is asked again waits for that"
    receiver.status = lambda _told: 200
    assert database.commit(deliveries.make_all_due) == 2
    assert send(database, webhook) == Sent(arrived=2)
