"""How fast passwords may be tried: the promises of docs/adr/0013, with their numbers, on both engines."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, insert, select

from lms.db.accounts import Tries
from lms.db.audit import AuditEvent
from lms.db.engine import Database
from lms.learning import accounts, tries
from lms.learning.tries import Door, Kind
from tests.conftest import NOON, Cast

HERE = Door.from_network("ada", "192.0.2.1")
SECOND = timedelta(seconds=1)
NOTHING = timedelta()


def begin(database: Database, door: Door, now: datetime = NOON) -> timedelta:
    return database.commit(lambda db: tries.begin(db, door, now=now))


def wrong(database: Database, door: Door, times: int, now: datetime = NOON) -> None:
    for _ in range(times):
        assert begin(database, door, now) == NOTHING


def heat(database: Database, *doors: Door, failures: int = 1, now: datetime = NOON) -> None:
    """Others were wrong before, so often each."""
    rows = [
        {
            "kind": door.kind.value,
            "login": door.login,
            "place": door.place,
            "failures": failures,
            "ready_at": now,
            "at": now,
        }
        for door in doors
    ]
    with database.transaction() as db:
        db.execute(insert(Tries), rows)


def guesses_in_a_day(database: Database, door: Door) -> int:
    """How often somebody is judged who comes again at the very moment at which they may."""
    judged, now = 0, NOON
    while now < NOON + timedelta(days=1):
        wait = begin(database, door, now)
        judged += wait == NOTHING
        now += wait
    return judged


def elsewhere(count: int) -> list[Door]:
    return [Door.from_network("ada", f"10.{n // 256}.{n % 256}.1") for n in range(count)]


# --- one account, one network -------------------------------------------------------------------------------------


def test_five_wrong_tries_cost_nothing_and_then_each_wait_is_twice_the_last(database: Database) -> None:
    wrong(database, HERE, 5)
    waits, now = [], NOON
    for _ in range(10):
        waits.append(begin(database, HERE, now).total_seconds())
        now += timedelta(seconds=waits[-1])
        assert begin(database, HERE, now) == NOTHING
    assert waits == [4, 8, 16, 32, 64, 128, 256, 512, 900, 900]


def test_coming_too_early_is_not_counted_and_makes_the_wait_no_longer(database: Database) -> None:
    wrong(database, HERE, 5)
    for seconds in (0, 1, 3):
        assert begin(database, HERE, NOON + seconds * SECOND) == (4 - seconds) * SECOND
    wrong(database, HERE, 1, NOON + 4 * SECOND)
    assert begin(database, HERE, NOON + 4 * SECOND) == 8 * SECOND, "six were wrong, not nine"


def test_one_network_gets_107_guesses_at_one_account_a_day(database: Database) -> None:
    assert guesses_in_a_day(database, HERE) == 107


def test_a_right_password_forgives_what_was_wrong_from_there(database: Database) -> None:
    wrong(database, HERE, 5)
    with database.transaction() as db:
        tries.succeeded(db, HERE)
    wrong(database, HERE, 5)


def test_a_password_that_was_not_looked_at_is_not_counted(database: Database) -> None:
    wrong(database, HERE, 5)
    with database.transaction() as db:
        tries.take_back(db, HERE, now=NOON)
        tries.take_back(db, Door.from_network("eve", "192.0.2.1"), now=NOON)
    wrong(database, HERE, 1)
    assert begin(database, HERE) == 4 * SECOND


def test_a_quiet_day_makes_a_row_new(database: Database) -> None:
    wrong(database, HERE, 5)
    wrong(database, HERE, 5, NOON + tries.KEPT)


def test_fifty_who_try_at_once_are_five_guesses(database: Database) -> None:
    assert _at_once(database, HERE, 50).count(NOTHING) == 5


def test_fifty_who_try_a_hot_account_at_once_all_wait(database: Database) -> None:
    heat(database, *elsewhere(10))
    assert set(_at_once(database, HERE, 50)) == {10 * SECOND}
    judged = _at_once(database, HERE, 50, NOON + 10 * SECOND)
    assert (judged.count(NOTHING), judged.count(30 * SECOND)) == (1, 49)


def test_fifty_at_once_on_a_known_device_are_five_guesses_too(database: Database) -> None:
    assert _at_once(database, Door.from_device("ada", "phone"), 50).count(NOTHING) == 5


def _at_once(database: Database, door: Door, count: int, now: datetime = NOON) -> list[timedelta]:
    ready, waits = threading.Barrier(count, timeout=20), []

    def ask() -> None:
        ready.wait()
        waits.append(begin(database, door, now))

    threads = [threading.Thread(target=ask) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(waits) == count
    return waits


# --- one account, many networks -----------------------------------------------------------------------------------


def test_whoever_comes_from_a_clean_network_waits_ten_seconds_whatever_others_try(database: Database) -> None:
    heat(database, *elsewhere(10_000), failures=11)
    assert begin(database, HERE) == 10 * SECOND
    for second in range(10):
        begin(database, elsewhere(10_000)[second], NOON + second * SECOND)
        assert begin(database, HERE, NOON + second * SECOND) == (10 - second) * SECOND
    wrong(database, HERE, 1, NOON + 10 * SECOND)


def test_of_many_networks_each_gets_11_guesses_at_one_account_a_day(database: Database) -> None:
    heat(database, *elsewhere(10))
    assert guesses_in_a_day(database, HERE) == 11


def test_what_came_before_an_account_grew_hot_gains_nothing(database: Database) -> None:
    wrong(database, HERE, 5)
    heat(database, *elsewhere(10))
    assert 5 + guesses_in_a_day(database, HERE) <= 11


def test_nine_networks_are_not_many(database: Database) -> None:
    heat(database, *elsewhere(9))
    heat(database, *(Door.from_device("ada", f"phone{n}") for n in range(50)), Door.to_change("ada"), failures=99)
    wrong(database, HERE, 5)


def test_what_was_wrong_elsewhere_two_days_ago_counts_no_more(database: Database) -> None:
    heat(database, *elsewhere(100), now=NOON - tries.KEPT)
    wrong(database, HERE, 5)


# --- many accounts, one network -----------------------------------------------------------------------------------


def test_in_a_school_of_a_thousand_everybody_waits_ten_seconds_once(database: Database) -> None:
    heat(database, *(Door.from_network(f"guess{n}", "192.0.2.9") for n in range(1000)), failures=30)
    for n in range(50):
        pupil = Door.from_network(f"pupil{n}", f"192.0.2.{n}")
        assert begin(database, pupil) == 10 * SECOND
        assert begin(database, pupil, NOON + 10 * SECOND) == NOTHING
        with database.transaction() as db:
            tries.succeeded(db, pupil)


def test_spraying_gets_11_guesses_an_account_a_day(database: Database) -> None:
    heat(database, *(Door.from_network(f"guess{n}", "192.0.2.9") for n in range(50)))
    assert guesses_in_a_day(database, HERE) == 11


def test_forty_nine_accounts_are_not_many(database: Database) -> None:
    heat(database, *(Door.from_network(f"guess{n}", "192.0.2.9") for n in range(49)), failures=99)
    heat(database, *(Door.from_network("ada", f"10.0.{n}.1") for n in range(9)), failures=99)
    wrong(database, HERE, 5)
    assert begin(database, Door.from_network("grace", "192.0.2.2")) == 10 * SECOND, "49 and Ada"


# --- known devices, and another password --------------------------------------------------------------------------


def test_a_known_device_and_a_change_of_password_wait_for_themselves_alone(database: Database) -> None:
    heat(database, *elsewhere(100), HERE, failures=99)
    phone, change = Door.from_device("ada", "phone"), Door.to_change("ada")
    wrong(database, phone, 5)
    wrong(database, change, 5)
    assert begin(database, phone) == 4 * SECOND
    assert begin(database, change) == 4 * SECOND
    wrong(database, Door.from_device("ada", "laptop"), 5)
    assert guesses_in_a_day(database, Door.from_device("eve", "phone")) == 107


@pytest.mark.parametrize(
    ("address", "near"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_neighbours_are_one_network(address: str, near: str) -> None:
    assert tries.network(address) == near
    assert len(tries.network("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")) <= Tries.place.type.length  # type: ignore[attr-defined]


# --- what is told, staff, and time --------------------------------------------------------------------------------


def test_whoever_hammers_is_told_without_a_write(database: Database) -> None:
    wrong(database, HERE, 5)
    with database.reading() as db:
        with pytest.raises(tries.TooEarly, match="Tunggu 4 detik") as caught:
            tries.check(db, HERE, now=NOON + timedelta(milliseconds=1))
        assert caught.value.retry_after == 4
        tries.check(db, HERE, now=NOON + 4 * SECOND)
        tries.check(db, Door.from_network("eve", "192.0.2.1"), now=NOON)


def test_a_long_wait_is_told_in_minutes() -> None:
    assert "Tunggu 120 detik" in str(tries.TooEarly(timedelta(seconds=120)))
    long = tries.TooEarly(timedelta(seconds=120.5))
    assert "Tunggu 3 menit" in str(long)
    assert long.retry_after == 121


def test_staff_let_an_account_be_tried_again_at_once_and_it_is_written_down(database: Database, people: Cast) -> None:
    grace = Door.from_network("grace", "192.0.2.1")
    for door in (HERE, Door.from_device("ada", "phone"), Door.to_change("ada"), grace):
        wrong(database, door, 5)
    with database.transaction() as db:
        assert tries.unlock(db, " ADA ", now=NOON, actor_id=people.edsger) is True
        assert tries.unlock(db, "ada", now=NOON) is False
        with pytest.raises(accounts.UnknownPerson):
            tries.unlock(db, "eve", now=NOON)
    wrong(database, HERE, 5)
    assert begin(database, grace) == 4 * SECOND
    with database.reading() as db:
        told = db.execute(
            select(AuditEvent.subject, AuditEvent.actor_id, AuditEvent.at).where(AuditEvent.action == "user.unlock")
        ).all()
    assert [tuple(row) for row in told] == [("ada", people.edsger, NOON)]


def test_rows_that_count_no_more_are_forgotten_a_few_at_a_time(database: Database) -> None:
    heat(database, *elsewhere(3), now=NOON - tries.KEPT)
    heat(database, HERE, now=NOON - tries.KEPT + SECOND)
    with database.transaction() as db:
        assert [tries.forget(db, now=NOON, most=2) for _ in range(3)] == [2, 1, 0]
        assert db.scalars(select(Tries.place)).all() == ["192.0.2.0/24"]


def test_a_login_of_any_length_waits(database: Database) -> None:
    endless = Door.from_network("x" * 5000, "192.0.2.1")
    wrong(database, endless, 5)
    assert begin(database, endless) == 4 * SECOND
    with database.reading() as db:
        assert len(db.execute(select(Tries.login)).scalar_one()) == 120
        assert db.execute(select(func.count()).select_from(Tries).where(Tries.kind == Kind.NETWORK)).scalar_one() == 1
