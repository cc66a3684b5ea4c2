"""Where seeded databases lie: filled once for a size and a schema, kept below ``.bench/``, and copied to be changed.

A full one takes about two gigabytes; whoever wants them back removes the folder.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, replace
from pathlib import Path

from sqlalchemy import Engine, create_engine, inspect, make_url, select, text

from bench import crowd, repeat, seed
from bench.seed import Size
from lms.db.accounts import User
from lms.db.engine import Database
from lms.db.revision import NEEDED
from tests import postgres

FOLDER = Path(__file__).parent.parent / ".bench"
WRITTEN = 100_000  # so many attempts are made one by one; of more the same ones are told several times


@dataclass(frozen=True, slots=True)
class Store:
    """A seeded database. ``pid``: of its server, None for SQLite. ``copy``: the URL of one that may be changed."""

    url: str
    pid: int | None
    copy: Callable[[], str]
    #: Ends what an asker that was stopped left running in the server.
    hush: Callable[[], None]


def name_of(size: Size) -> str:
    """Another size, schema or seeding, another database."""
    sources = [Path(module.__file__ or "").read_text(encoding="utf-8") for module in (seed, crowd, repeat)]
    return hashlib.sha256("\0".join([repr(astuple(size)), NEEDED, *sources]).encode()).hexdigest()[:12]


@contextmanager
def sqlite(size: Size, folder: Path = FOLDER) -> Iterator[Store]:
    folder.mkdir(parents=True, exist_ok=True)
    kept, copied = folder / f"{name_of(size)}.db", folder / "copy.db"
    if not kept.exists():
        unfinished = kept.with_suffix(".part")
        _remove(unfinished)
        fill(f"sqlite:///{unfinished}", size)
        unfinished.rename(kept)

    def copy() -> str:
        _remove(copied)
        shutil.copyfile(kept, copied)
        return f"sqlite:///{copied}"

    try:
        yield Store(f"sqlite:///{kept}", None, copy, hush=lambda: None)
    finally:
        _remove(copied)


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


@contextmanager
def postgresql(size: Size, folder: Path = FOLDER) -> Iterator[Store]:
    kept, copied = f"lms_{name_of(size)}", "lms_copy"
    with postgres.server(durable=True, kept=folder / "postgresql") as address:
        admin = create_engine(address, isolation_level="AUTOCOMMIT")
        if not _databases(admin, kept):
            _make(admin, "lms_part")
            fill(_at(admin, "lms_part"), size)
            _say(admin, f"ALTER DATABASE lms_part RENAME TO {kept}")

        def copy() -> str:
            hush()
            _make(admin, copied, f"TEMPLATE {kept}")
            _say(admin, "CHECKPOINT")  # its work is no cost of what comes next
            return _at(admin, copied)

        def hush() -> None:
            asking = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN (:kept, :copied)"
            _say(admin, asking, kept=kept, copied=copied)

        try:
            yield Store(_at(admin, kept), _server(admin), copy, hush)
        finally:
            hush()
            _say(admin, f"DROP DATABASE IF EXISTS {copied} WITH (FORCE)")
            admin.dispose()


def _make(admin: Engine, name: str, how: str = "") -> None:
    _say(admin, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    _say(admin, f"CREATE DATABASE {name} {how}")


def _say(admin: Engine, statement: str, **values: str) -> None:
    with admin.connect() as connection:
        connection.execute(text(statement), values)


def _at(admin: Engine, name: str) -> str:
    return admin.url.set(database=name).render_as_string(hide_password=False)


def _databases(admin: Engine, name: str) -> int:
    with admin.connect() as connection:
        found: int = connection.execute(
            text("SELECT count(*) FROM pg_database WHERE datname = :name"), {"name": name}
        ).scalar_one()
        return found


def _server(admin: Engine) -> int:
    """The process of the server, whose children work for us."""
    with admin.connect() as connection:
        data = connection.execute(text("SHOW data_directory")).scalar_one()
    return int(Path(data, "postmaster.pid").read_text().splitlines()[0])


@contextmanager
def given(url: str, size: Size) -> Iterator[Store]:
    """Somebody's own database: filled when it is empty, and itself changed where otherwise a copy would be."""
    if _is_empty(url):
        fill(url, size)
    yield Store(url, None, copy=lambda: url, hush=lambda: None)


def _is_empty(url: str) -> bool:
    engine = create_engine(make_url(url))
    try:
        with engine.connect() as connection:
            return not inspect(connection).has_table("user") or not connection.execute(select(User.id).limit(1)).first()
    finally:
        engine.dispose()


def fill(url: str, size: Size) -> None:
    print(f"seeding {make_url(url).get_backend_name()}: {size} …", flush=True)
    begun, database = time.perf_counter(), Database(url, bounded=False)  # one statement tells a million answers
    try:
        times = max(1, size.attempts // WRITTEN)
        seed.fill(database, replace(size, attempts=size.attempts // times))
        if times > 1:
            repeat.repeat(database, times)
    finally:
        database.dispose()
    print(f"seeded in {time.perf_counter() - begun:.0f} s\n", flush=True)
