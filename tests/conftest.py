"""Fixtures for all rooms: two real databases, one small pack, and the cast – Ada takes part, Grace instructs, Edsger
edits, Mallory may not."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine, Table, create_engine, event, insert, select, text

from lms import create_app
from lms.catalog.load import load, uncollected
from lms.catalog.model import Catalog
from lms.catalog.source import bundled
from lms.config import Settings
from lms.db import migrate
from lms.db.accounts import Role
from lms.db.base import Base
from lms.db.cohorts import Place
from lms.db.engine import Database
from lms.demonstration import story
from lms.learning import accounts, cohorts, events, passwords
from lms.memory import Memories, Memory
from tests import installed, postgres

if sys.platform != "win32":
    import fcntl

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PASSWORD = "kuda lepas di pasar"
PACK = Path(__file__).parent / "pack"
#: Comma-separated: what must not be skipped here ("postgresql", "browser", …).
REQUIRED = set(filter(None, os.environ.get("LMS_TEST_REQUIRE", "").split(",")))

#: A kind of question from another package counts as installed in all tests: what holds for ours holds for it. Servers
#: that tests start do without, and so do the packs of the tests.
_SITE = tempfile.mkdtemp(prefix="lms-tests-")
atexit.register(shutil.rmtree, _SITE, ignore_errors=True)
sys.path += installed.places(Path(__file__).parent / "sample_kind", Path(_SITE))

# Whatever the tests start is ours: it need not compile us anew each time.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

gc.disable()  # until they are collected

_missing: dict[str, str] = {}


def lacking(what: str, why: str) -> Any:
    """Skip with a loud line at the end of the run, or fail where ``what`` is required."""
    _missing[what] = why
    if what in REQUIRED:
        pytest.fail(f"{what} is required here: {why}")
    pytest.skip(f"NOT TESTED on {what}: {why}")


def pytest_collection_finish() -> None:
    """Modules and collected tests stay to the end: the collector of garbage need not look at them again and again."""
    gc.collect()
    gc.freeze()
    gc.enable()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if "NOT TESTED" in str(report.longrepr)]
    for reason in sorted({str(report.longrepr[2]) for report in skipped}):
        terminalreporter.write_line(f"!!! {reason} !!!", red=True, bold=True)


# --- databases ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    with ExitStack() as stack:
        try:
            url = stack.enter_context(postgres.server())
        except postgres.NoPostgreSQL as error:
            lacking("postgresql", str(error))
        # Workers side by side share a given server: each takes a database of its own.
        name = f"lms_test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
        own = stack.enter_context(own_database(url, name))
        engine = create_engine(own)
        migrate.upgrade(engine)
        engine.dispose()
        yield own


@contextmanager
def own_database(url: str, name: str, *, template: str = "template1") -> Iterator[str]:
    """A database of this name beside the one at ``url``: a copy of ``template``, to which nobody may be connected."""
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield admin.url.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(scope="session")
def postgresql_engine(postgresql_url: str) -> Iterator[Engine]:
    """A way of the tests' own to the database, whatever the one under test is kept from."""
    engine = create_engine(postgresql_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database(f"sqlite:///{path}", durable=False)
    migrate.upgrade(database.engine)
    database.dispose()  # the last connection takes the write-ahead log with it
    return path


def fresh_copy(template: Path) -> str:
    """The address of a new database file, always the same."""
    path = template.with_name("lms.db")
    for held in path.parent.glob(f"{path.name}*"):  # with its log: whoever still has it open keeps the old one
        held.unlink()
    shutil.copy(template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh, migrated database on each engine in turn, always under the same address."""
    if request.param == "sqlite":
        return fresh_copy(request.getfixturevalue("sqlite_template"))
    emptied: Engine = request.getfixturevalue("postgresql_engine")
    with emptied.begin() as connection:
        connection.exec_driver_sql(EMPTIED)
    return request.getfixturevalue("postgresql_url")


#: All in one message to the server. TRUNCATE gives each table and index a new file, which takes a hundred times as long
#: as these few rows.
EMPTIED = ";".join(f'DELETE FROM "{table.name}"' for table in reversed(Base.metadata.sorted_tables))


@pytest.fixture(scope="session")
def databases() -> Iterator[dict[str, Database]]:
    made: dict[str, Database] = {}
    yield made
    for database in made.values():
        database.dispose()


@pytest.fixture
def database(databases: dict[str, Database], database_url: str) -> Iterator[Database]:
    """What the engine compiled stays for the next test: it took a quarter of the time."""
    if database_url not in databases:
        databases[database_url] = Database(database_url, durable=False)
    yield databases[database_url]
    at_rest(databases[database_url])


def at_rest(database: Database) -> None:
    """Connections to a file end with the test, which takes it away. A server's stay: a new one knows no table yet."""
    if database.sqlite:
        database.dispose()


# --- people ---------------------------------------------------------------------------------------------------------


class Cast:
    """The people of a test; ids by name, all with ``PASSWORD``. ``rows`` are what the domain wrote of them."""

    ada: UUID
    grace: UUID
    edsger: UUID
    mallory: UUID
    cohort: UUID
    rows: list[tuple[Table, list[dict[str, Any]]]]


class _Remembering(PasswordHasher):
    """Argon2 at its full price, paid once for each password and hash that fit: hundreds of tests sign in the same."""

    verify = cache(PasswordHasher.verify)  # type: ignore[assignment]


@pytest.fixture(scope="session", autouse=True)
def remembered_passwords() -> Iterator[None]:
    hasher = passwords._HASHER
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", _Remembering(hasher.time_cost, hasher.memory_cost, hasher.parallelism))
        yield


@pytest.fixture(scope="session")
def password_hash() -> str:
    return passwords.rehash(PASSWORD)


@pytest.fixture(scope="session")
def cast(sqlite_template: Path, password_hash: str) -> Cast:
    """Ada takes part in a cohort that Grace teaches; Edsger edits; Mallory takes part in another one."""
    cast, file = Cast(), sqlite_template.with_name("cast.db")
    shutil.copy(sqlite_template, file)
    database = Database(f"sqlite:///{file}", durable=False)
    with database.transaction() as db:
        ours = cohorts.add(db, "Angkatan I", now=NOON)
        other = cohorts.add(db, "Angkatan II", now=NOON)
        for login, role in (
            ("ada", Role.PARTICIPANT),
            ("grace", Role.INSTRUCTOR),
            ("edsger", Role.EDITOR),
            ("mallory", Role.PARTICIPANT),
        ):
            user = accounts.add(db, login=login, name=login.title(), roles=[role], now=NOON)
            user.password_hash = password_hash
            setattr(cast, login, user.id)
        cohorts.enrol(db, ours, cast.ada, Place.PARTICIPANT, now=NOON)
        cohorts.enrol(db, ours, cast.grace, Place.INSTRUCTOR, now=NOON)
        cohorts.enrol(db, other, cast.mallory, Place.PARTICIPANT, now=NOON)
        cast.cohort = ours.id
    with database.reading() as db:
        found = {table: db.execute(select(table)).mappings() for table in Base.metadata.sorted_tables}
        cast.rows = [(table, [dict(row) for row in rows]) for table, rows in found.items()]
    database.dispose()
    return cast


@pytest.fixture
def people(database: Database, cast: Cast) -> Cast:
    """The cast in this test's database: made once by the domain, and then only written down again."""
    with database.transaction() as db:
        for table, rows in cast.rows:
            if rows:
                db.execute(insert(table), rows)
    return copy(cast)


@dataclass(frozen=True)
class Demonstrated:
    """A database in which the demonstration of the shipped pack was told until ``now``; who changes it takes a copy."""

    file: Path
    catalog: Catalog
    now: datetime


@pytest.fixture(scope="session")
def demonstrated(sqlite_template: Path, shared_folder: Path) -> Demonstrated:
    """Told once for all workers of a run: it takes seconds."""
    catalog, file, told_at = load(bundled()), shared_folder / "demonstrated.db", shared_folder / "demonstrated.at"
    with one_at_a_time(shared_folder / "demonstrated.lock"):
        if not file.exists():
            now = datetime.now(UTC)
            draft = shutil.copy(sqlite_template, file.with_name(f"demonstrated-{os.getpid()}.db"))
            database = Database(f"sqlite:///{draft}", durable=False)
            events.listen(database, events.Listeners(catalog=lambda: catalog, receives=_nobody_hears))
            with uncollected(), database.transaction() as db:
                story.tell(db, catalog, site="http://127.0.0.1:8000/", now=now)
            database.dispose()
            told_at.write_text(now.isoformat())
            draft.rename(file)
    return Demonstrated(file, catalog, datetime.fromisoformat(told_at.read_text()))


def _nobody_hears(name: str) -> bool:
    """Whoever listens is asked before anything is told."""
    raise AssertionError(f"a story told of {name} to others")


@contextmanager
def one_at_a_time(lock: Path) -> Iterator[None]:
    """Whoever holds the file ``lock`` works, and the other workers wait. It goes with the process that holds it."""
    with lock.open("w") as held:
        if sys.platform != "win32":
            fcntl.flock(held, fcntl.LOCK_EX)
        yield


# --- the application ------------------------------------------------------------------------------------------------


@pytest.fixture
def settings(database_url: str) -> Settings:
    return Settings(
        secret_key="a key for tests only, and long enough",
        database_url=database_url,
        pack=str(PACK),
        sqlite_synchronous="normal",
        secure_cookies=False,
    )


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of this run, for all its workers."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session")
def compiled_templates(shared_folder: Path) -> FileSystemBytecodeCache:
    """What Jinja compiles for one application is good for all of this run."""
    (shared_folder / "templates").mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(shared_folder / "templates"))


@pytest.fixture(scope="session")
def applications() -> Iterator[dict[Settings, Flask]]:
    made: dict[Settings, Flask] = {}
    yield made
    for app in made.values():
        app.extensions["lms"].database.dispose()


@pytest.fixture
def app(
    request: pytest.FixtureRequest,
    settings: Settings,
    applications: dict[Settings, Flask],
    compiled_templates: FileSystemBytecodeCache,
) -> Iterator[Flask]:
    """As it stands after its start. Making it took most tests longer than what they ask of it, so that those with the
    same settings share one, and each gets what it remembers, and the pack that it serves, anew.

    A test that changes more than these has one of its own (``own_app``).
    """
    if settings.pack not in ("", str(PACK)):  # written by this test
        yield request.getfixturevalue("own_app")
        return
    with as_started(settings, applications, compiled_templates) as shared:
        yield shared


@contextmanager
def as_started(
    settings: Settings, applications: dict[Settings, Flask], compiled_templates: FileSystemBytecodeCache
) -> Iterator[Flask]:
    """The one of these settings, for whoever changes no more of it than ``app`` says."""
    if settings not in applications:
        applications[settings] = _made(settings, compiled_templates)
    shared = applications[settings]
    site, before = shared.extensions["lms"], _state(shared)
    shared.extensions["lms"] = replace(site, pack=copy(site.pack), memory=Memory(), pages=Memories())
    yield shared
    shared.extensions["lms"] = site
    at_rest(site.database)
    if _state(shared) != before:
        applications.pop(settings).extensions["lms"].database.dispose()
        pytest.fail("this test changed an application that others use: take own_app")


@pytest.fixture
def own_app(settings: Settings, compiled_templates: FileSystemBytecodeCache) -> Iterator[Flask]:
    """An application that no other test meets."""
    made = _made(settings, compiled_templates)
    yield made
    made.extensions["lms"].database.dispose()


def _made(settings: Settings, compiled_templates: FileSystemBytecodeCache) -> Flask:
    made = create_app(settings)
    made.jinja_env.bytecode_cache = compiled_templates
    return made


def _state(app: Flask) -> list[Any]:
    """What a test could change of an application and leave to the next one."""
    jinja = app.jinja_env
    return [dict(app.config), dict(app.view_functions), app.wsgi_app, jinja.loader, dict(jinja.globals), app.testing]


class Statements:
    """Every statement that an application sends to its database, in order; ``of`` counts those of one request."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def listen(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        self.sent.append(statement)

    def of(self, ask: Callable[[], Any]) -> int:
        self.sent.clear()
        ask()
        return len(self.sent)


@pytest.fixture
def statements(app: Flask) -> Iterator[Statements]:
    engine, heard = app.extensions["lms"].database.engine, Statements()
    event.listen(engine, "before_cursor_execute", heard.listen)
    yield heard
    event.remove(engine, "before_cursor_execute", heard.listen)
