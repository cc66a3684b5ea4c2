"""Both engines, as the application uses them."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from lms.db.accounts import User
from lms.db.base import uuid7
from lms.db.cohorts import Enrolment
from lms.db.engine import Database
from tests.conftest import NOON


def _count(database: Database) -> int:
    with database.reading() as db:
        found: int = db.execute(text('SELECT count(*) FROM "user"')).scalar_one()
    return found


def test_a_transaction_that_raises_leaves_nothing(database: Database) -> None:
    def fail_half_way() -> None:
        with database.transaction() as db:
            db.add(User(login="ada", name="Ada", created_at=NOON))
            db.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert _count(database) == 0


def test_foreign_keys_are_enforced(database: Database) -> None:
    orphan = Enrolment(cohort_id=uuid7(), user_id=uuid7(), place="participant", enrolled_at=NOON)
    with pytest.raises(IntegrityError), database.transaction() as db:
        db.add(orphan)


def test_sqlite_keeps_a_write_ahead_log_and_waits_for_its_turn(database: Database) -> None:
    if not database.sqlite:
        pytest.skip("a property of SQLite")
    with database.reading() as db:
        assert db.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
        assert db.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
        assert db.execute(text("PRAGMA busy_timeout")).scalar_one() == 2_000


def test_reading_on_postgresql_opens_no_transaction(database: Database) -> None:
    if database.sqlite:
        pytest.skip("a property of PostgreSQL")
    with database.reading() as db:
        first, second = (db.execute(text("SELECT now()")).scalar_one() for _ in range(2))
    assert first < second, "one transaction would have one now()"


def test_postgresql_compiles_no_plan(database: Database) -> None:
    if database.sqlite:
        pytest.skip("a property of PostgreSQL")
    with database.reading() as db:
        assert db.execute(text("SHOW jit")).scalar_one() == "off"


def test_postgresql_ends_whatever_waits_or_idles_too_long(database: Database) -> None:
    if database.sqlite:
        pytest.skip("a property of PostgreSQL")
    with database.reading() as db:
        assert db.execute(text("SHOW lock_timeout")).scalar_one() == "2s"
        assert db.execute(text("SHOW statement_timeout")).scalar_one() == "20s"
        assert db.execute(text("SHOW idle_in_transaction_session_timeout")).scalar_one() == "20s"


_MANY = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 30000) SELECT x FROM n"


def test_a_long_result_is_read_while_others_write(database: Database) -> None:
    with database.streaming() as db:
        rows = (x for some in db.execute(text(_MANY)).partitions(500) for (x,) in some)
        assert next(rows) == 1
        with database.transaction() as session:
            session.add(User(login="ada", name="Ada", created_at=NOON))
        assert 1 + sum(1 for _ in rows) == 30_000
    assert _count(database) == 1


def test_of_a_long_result_postgresql_keeps_the_rest(database: Database) -> None:
    if database.sqlite:
        pytest.skip("SQLite finds each row when it is asked for")
    unstreamed = {"stream_results": False}
    with database.streaming() as db:
        with db.execute(text(_MANY)) as found:
            next(found.partitions(500))
            asked = text("SELECT statement FROM pg_cursors")
            assert _MANY in db.execute(asked, execution_options=unstreamed).scalar_one()
        resting = text("SHOW idle_in_transaction_session_timeout")
        assert db.execute(resting, execution_options=unstreamed).scalar_one() == "5min"
    with database.reading() as db:
        assert db.execute(resting).scalar_one() == "20s", "on the same connection, for whoever has it next"


def test_of_many_counting_up_at_once_none_is_lost(database: Database) -> None:
    with database.transaction() as db:
        db.add(User(login="counter", name="0", created_at=NOON))

    def count_up() -> None:
        for _ in range(10):
            with database.transaction() as db:
                held = db.execute(text('SELECT name FROM "user" FOR UPDATE' if not database.sqlite else _PLAIN))
                db.execute(update(User).values(name=str(int(held.scalar_one()) + 1)))

    threads = [threading.Thread(target=count_up) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as db:
        assert db.execute(text(_PLAIN)).scalar_one() == "60"


_PLAIN = 'SELECT name FROM "user"'


def test_a_serialization_failure_is_tried_again(database: Database) -> None:
    """Two serializable transactions that read what the other writes: PostgreSQL lets one win, the other retries."""
    if database.sqlite:
        pytest.skip("SQLite has one writer at a time")
    with database.transaction() as db:
        db.add_all(User(login=login, name="0", created_at=NOON) for login in ("ada", "mallory"))
    both_have_read = threading.Barrier(2, timeout=10)
    tries: list[str] = []

    def swap(own: str, other: str) -> None:
        first = True

        def work() -> None:
            nonlocal first
            tries.append(own)
            options: dict[str, Any] = {"isolation_level": "SERIALIZABLE"}
            with database.engine.connect().execution_options(**options) as connection, connection.begin():
                name = connection.execute(
                    text('SELECT name FROM "user" WHERE login = :login'), {"login": other}
                ).scalar_one()
                if first:
                    first = False
                    both_have_read.wait()
                connection.execute(
                    text('UPDATE "user" SET name = :name WHERE login = :login'), {"name": name + own, "login": own}
                )

        database.retried(work)

    threads = [threading.Thread(target=swap, args=pair) for pair in (("ada", "mallory"), ("mallory", "ada"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as db:
        names = {row.login: row.name for row in db.execute(text('SELECT login, name FROM "user"'))}
    assert len(tries) == 3, "one of the two had to try again"
    assert sorted(names.values(), key=len) in (["0ada", "0adamallory"], ["0mallory", "0malloryada"])


def test_what_is_not_a_lost_race_is_raised_at_once(database: Database) -> None:
    calls: list[int] = []

    def work() -> None:
        calls.append(1)
        with database.reading() as db:
            db.execute(text("SELECT * FROM no_such_table"))

    with pytest.raises(DBAPIError, match="no_such_table"):
        database.retried(work)
    assert calls == [1]


def test_nobody_waits_for_a_connection_that_another_request_of_the_same_thread_holds(database: Database) -> None:
    held = [database.reader() for _ in range(40)]
    try:
        with database.transaction() as db:
            assert db.execute(text("SELECT 1")).scalar_one() == 1
    finally:
        for connection in held:
            connection.close()
