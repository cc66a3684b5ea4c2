"""Engines and transactions: the only place that knows how SQLite and PostgreSQL differ.

``reading()`` gives a connection of single statements, without BEGIN and COMMIT; ``transaction()`` a session that
commits at the end or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf
from pathlib import Path
from random import uniform
from time import monotonic, sleep
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

#: PostgreSQL: serialization failure and deadlock. Both mean: nothing happened, say it again.
_RETRY_STATES = {"40001", "40P01"}
RETRIES = 4
#: Seconds between two pieces of long work.
PAUSE = 0.03

T = TypeVar("T")


class Database:
    """One database: its engine, and the two ways of using it."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self.sqlite = self.engine.dialect.name == "sqlite"
        # A reading connection never opens a transaction: on PostgreSQL that saves two round trips a page.
        options: dict[str, Any] = {"reading": True} if self.sqlite else {"isolation_level": "AUTOCOMMIT"}
        self._reader = self.engine.execution_options(**options)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection on which each statement stands alone: what it writes, if anything, is committed with it."""
        with self.reader() as connection:
            yield connection

    def reader(self) -> Connection:
        """The same, to be closed by the caller."""
        return self._reader.connect()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Commit when the block ends, roll back when it raises. On SQLite the write lock is taken at the start."""
        with self._sessions.begin() as session:
            yield session

    def commit(self, work: Callable[[Session], T]) -> T:
        """Call ``work`` in a transaction of its own, again when it lost a race."""

        def once() -> T:
            with self.transaction() as session:
                return work(session)

        return self.retried(once)

    def in_pieces(self, work: Callable[[Session], int], *, seconds: float = inf) -> int:
        """Do ``work`` in one short transaction after the other until it finds nothing left or ``seconds`` are over.

        ``work`` says how much it did. Others get their turn in between: SQLite gives the lock to whoever asks first,
        and without a pause that would always be we.
        """
        done, ends = 0, monotonic() + seconds
        while piece := self.commit(work):
            done += piece
            if monotonic() >= ends:
                break
            sleep(PAUSE)
        return done

    def retried(self, work: Callable[[], T]) -> T:
        """Call ``work`` again when the engine says that it lost a race, at most ``RETRIES`` times.

        What it did before it lost must have been undone with its transaction.
        """
        for tries in range(RETRIES):
            try:
                return work()
            except DBAPIError as error:
                if tries == RETRIES - 1 or not lost_a_race(error):
                    raise
            sleep(uniform(0.005, 0.02) * 2**tries)  # noqa: S311 – jitter, not a secret
        raise AssertionError("unreachable")

    def dispose(self) -> None:
        self.engine.dispose()


def lost_a_race(error: DBAPIError) -> bool:
    """Whether the statement failed only because another transaction was first."""
    return getattr(error.orig, "sqlstate", None) in _RETRY_STATES or "database is locked" in str(error.orig)


def _engine(url: str) -> Engine:
    """Its pool has no upper end: a request holds two connections at most, and waiting for one would block the other."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        engine = create_engine(parsed, pool_size=8, max_overflow=-1, pool_pre_ping=False)
        event.listen(engine, "connect", _prepare_postgresql)
        return engine
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, pool_size=8, max_overflow=-1, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_postgresql(connection: Any, _record: object) -> None:
    connection.execute("SET jit = off")  # compiling a plan took three times as long as the longest page runs
    connection.commit()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see below
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once: a plain BEGIN lets two readers both become writers and lose an update."""
    if not connection.get_execution_options().get("reading"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
