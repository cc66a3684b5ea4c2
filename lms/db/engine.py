"""Engines and transactions: the only place that knows how SQLite and PostgreSQL differ.

``reading()`` gives a connection of single statements, without BEGIN and COMMIT, ``streaming()`` one for a result that
is too long to be held; ``transaction()`` a session that commits at the end or not at all. Whatever waits for a database
here waits for a bounded time (``LOCK``, ``CONNECT``, ``STATEMENT``), and what a database cannot do now ends as
``Unavailable``.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from math import inf
from pathlib import Path
from random import uniform
from time import monotonic, sleep
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from lms.config import Settings
from lms.db.trouble import Trouble, leads_no_more, trouble_of
from lms.db.turn import NoTurn, Turn
from lms.errors import StorageFull, Unavailable

#: Seconds for a lock: nothing of ours holds one for a tenth of a second, so this is somebody else's.
LOCK = 2
#: Seconds for the writers of this process that came before, where none of them waits for somebody else's lock.
QUEUE = 10
#: Seconds for one try to reach a server, for each address that it has.
CONNECT = 2
#: Seconds for one statement; the longest of ours takes two.
STATEMENT = 20
#: Seconds after which PostgreSQL ends a transaction of ours in which nothing happens: the process hangs.
IDLE = 20
#: The same while it reads a long result for somebody whose link is slow: a download may rest as long.
STREAM = 300
#: Seconds during which a request is asked again while the database is away, as during a restart.
RIDE = 3
RETRIES = 4
#: Bytes that SQLite's disk must have left: the log between two checkpoints, several times over.
ROOM = 32_000_000
#: Seconds between two pieces of long work.
PAUSE = 0.03

T = TypeVar("T")

#: In what a session knows (``Session.info``): what is to be called once its transaction was committed.
AFTERWARDS = "afterwards"


class _Here(threading.local):
    """What this thread did: how often it asked for a commit."""

    commits = 0


class Database:
    """One database: its engine, and the two ways of using it.

    ``pooled``: a pooler hands the server's connections out by transaction (``Settings.database_pooled``). ``durable``:
    SQLite flushes each commit to the disk. ``bounded=False``: wait as long as it takes; for migrations.
    """

    def __init__(self, url: str, *, pooled: bool = False, durable: bool = True, bounded: bool = True) -> None:
        self.engine = _engine(make_url(url), pooled=pooled, durable=durable, bounded=bounded)
        self.sqlite = self.engine.dialect.name == "sqlite"
        # A reading connection never opens a transaction: on PostgreSQL that saves two round trips a page.
        options: dict[str, Any] = {"reading": True} if self.sqlite else {"isolation_level": "AUTOCOMMIT"}
        self._reader = self.engine.execution_options(**options)
        #: What each session of this database knows from its start, besides what belongs to its transaction.
        self.info: dict[str, Any] = {}
        self._sessions = sessionmaker(self.engine, expire_on_commit=False, info=self.info)
        self._turn = Turn(seconds=QUEUE, stuck=LOCK / 2) if self.sqlite else None
        self._here = _Here()
        self._away = False
        #: Whether the last that was written found no room.
        self.full = False

    @classmethod
    def of(cls, settings: Settings, *, bounded: bool = True) -> Database:
        return cls(
            settings.database_url,
            pooled=settings.database_pooled,
            durable=settings.sqlite_synchronous == "full",
            bounded=bounded,
        )

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection on which each statement stands alone."""
        with self.reader() as connection:
            yield connection

    def reader(self) -> Connection:
        """The same, to be closed by the caller."""
        return self._reader.connect()

    @contextmanager
    def streaming(self) -> Iterator[Connection]:
        """A connection for one long result, of which no more is held than is being read.

        PostgreSQL's client takes the result of a plain statement whole; a cursor of its server lives in a transaction.
        """
        if self.sqlite:
            with self.reading() as connection:
                yield connection
            return
        with self.engine.connect() as connection:
            connection.exec_driver_sql(f"SET LOCAL idle_in_transaction_session_timeout = '{STREAM}s'")
            yield connection.execution_options(stream_results=True)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Where one statement writes on a reading connection, which commits with it. Raises ``NoTurn``."""
        with self._turn.taken() if self._turn else nullcontext():
            yield
        self.full = False

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Commit when the block ends, roll back when it raises. On SQLite the write lock is taken at the start.

        What is to be called afterwards is called when connection and lock were given back: it may take its time.
        """
        with self.writing(), self._sessions.begin() as session:
            if self._turn:
                session.connection()  # BEGIN IMMEDIATE
                self._turn.goes_on()
            yield session
            self._here.commits += 1  # from here on nobody knows what became of it until the server says so
        for call in session.info.get(AFTERWARDS, ()):
            call()

    def commit(self, work: Callable[[Session], T]) -> T:
        """Call ``work`` in a transaction of its own, again where that is safe (``retried``)."""

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
        """Call ``work`` again when it lost a race, at most ``RETRIES`` times, or its connection, for ``RIDE`` seconds.

        Never after it asked for a commit: what became of that nobody knows. What it did before must have been undone
        with its transaction, or do no harm when done twice. Once somebody waited in vain for a database that is away,
        those who come later ask once and do not wait, until one of them gets through.

        Raises ``Unavailable`` for whatever is no fault of the statement.
        """
        begun, tries, commits = monotonic(), 0, self._here.commits
        while True:
            try:
                result = work()
            except NoTurn as error:
                raise Unavailable from error
            except DBAPIError as error:
                trouble, tries = trouble_of(error), tries + 1
                if trouble is None:
                    raise
                waited = monotonic() - begun
                if self._here.commits != commits or not self._again(trouble, tries, waited):
                    raise self._refusal(trouble) from error
                sleep(_jitter() * 2**tries if trouble is Trouble.RACE else min(waited, 0.25))
            else:
                self._away = False
                return result

    def _again(self, trouble: Trouble, tries: int, waited: float) -> bool:
        if trouble is Trouble.RACE:
            return tries < RETRIES
        if trouble is Trouble.GONE and tries == 1:
            return True  # others in the pool may be as dead, and are thrown away with it
        return trouble in _LOST and not self._away and waited < RIDE

    def _refusal(self, trouble: Trouble) -> Unavailable:
        self._away = self._away or trouble in _LOST
        self.full = trouble is Trouble.FULL
        return StorageFull() if self.full else Unavailable()

    def has_room(self) -> bool:
        """Whether the last that was written found room, and SQLite's disk has ``ROOM`` left for what comes next."""
        file = self.engine.url.database
        if self.full or not self.sqlite or not file:
            return not self.full
        try:
            return shutil.disk_usage(Path(file).parent).free >= ROOM
        except OSError:
            return False

    def dispose(self) -> None:
        self.engine.dispose()


#: There is no connection, but there may be one in a moment.
_LOST = {Trouble.GONE, Trouble.AWAY}


def _jitter() -> float:
    return uniform(0.005, 0.02)  # noqa: S311 – not a secret


def _engine(url: URL, *, pooled: bool, durable: bool, bounded: bool) -> Engine:
    """Its pool has no upper end: a request holds two connections at most, and waiting for one would block the other."""
    if url.get_backend_name() != "sqlite":
        given = {name: value for name, value in _postgresql(pooled, bounded).items() if name not in url.query}
        engine = create_engine(url, pool_size=8, max_overflow=-1, pool_pre_ping=False, connect_args=given)
        event.listen(engine, "handle_error", _leave_a_follower)
        return engine
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, pool_size=8, max_overflow=-1, connect_args={"check_same_thread": False})
    pragmas = (
        "journal_mode=WAL",
        f"busy_timeout={LOCK * 1000 if bounded else 60_000}",
        f"synchronous={'FULL' if durable else 'NORMAL'}",
        f"fullfsync={'ON' if durable else 'OFF'}",  # without it macOS leaves a flush in the disk's own memory
        "foreign_keys=ON",
    )
    event.listen(engine, "connect", lambda connection, _record: _prepare_sqlite(connection, pragmas))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _postgresql(pooled: bool, bounded: bool) -> dict[str, Any]:
    """What each connection asks for; a pooler knows nothing of it but how to connect (docs/operator.md)."""
    # A server that vanished with its machine is noticed by silence: ten seconds, not the two hours of the system.
    asked: dict[str, Any] = {"connect_timeout": CONNECT, "tcp_user_timeout": 8000}
    asked |= {"keepalives_idle": 4, "keepalives_interval": 2, "keepalives_count": 3}
    if pooled:
        return asked | {"prepare_threshold": None}
    # Compiling a plan took three times as long as the longest page runs.
    options = {"jit": "off"}
    if bounded:
        options |= {
            "lock_timeout": f"{LOCK}s",
            "statement_timeout": f"{STATEMENT}s",
            "idle_in_transaction_session_timeout": f"{IDLE}s",
        }
    return asked | {"options": " ".join(f"-c {name}={value}" for name, value in options.items())}


def _leave_a_follower(context: ExceptionContext) -> None:
    """After a fail-over an old connection may lead to a server that only follows: let the pool find the leader."""
    if context.original_exception is not None and leads_no_more(context.original_exception):
        context.is_disconnect = True


def _prepare_sqlite(connection: Any, pragmas: tuple[str, ...]) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see below
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once: a plain BEGIN lets two readers both become writers and lose an update."""
    if not connection.get_execution_options().get("reading"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
