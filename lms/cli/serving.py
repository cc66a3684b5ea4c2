"""Commands that serve: for people out there, and for whoever tries a clone."""

from __future__ import annotations

import dataclasses
import secrets
import select
from collections.abc import Callable
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from lms.cli.group import commit, main, now
from lms.cli.housekeeping import migrate
from lms.config import Settings, from_environ
from lms.db.accounts import Role
from lms.db.cohorts import Place
from lms.db.engine import Database
from lms.learning.api import accounts, cohorts, demonstration, passwords

CONNECTIONS = 800  # open at once; most systems let a process have 1,024 files


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--threads", default=4, show_default=True)
def serve(host: str, port: int, threads: int) -> None:
    """Serve with waitress; settings from the environment."""
    _serve(from_environ(), host, port, threads)


def _serve(settings: Settings, host: str, port: int, threads: int, ready: Callable[[], None] | None = None) -> None:
    import waitress  # neither the server nor the web rooms are needed by any other command

    from lms.app import create_server_app
    from lms.cli.threads import Threads

    app = create_server_app(settings)
    server = waitress.create_server(
        app,
        host=host,
        port=port,
        threads=threads,
        _dispatcher=Threads(threads),
        max_request_body_size=8 * settings.max_request_bytes,  # what is too large is told by our own page
        # Browsers keep their connections open: at waitress's hundred, the hundred and first person waits for minutes.
        connection_limit=CONNECTIONS,
        asyncore_use_poll=hasattr(select, "poll"),  # select() sees no more than 1,024 of them
        ident=None,
    )
    if ready:
        ready()
    server.run()


@main.command()
@click.option("--port", default=8000, show_default=True)
@click.option("--instance", type=click.Path(file_okay=False, path_type=Path), default=Path("instance"))
def develop(port: int, instance: Path) -> None:
    """Serve this clone on loopback, with a database and demonstration people made on the first start."""
    settings = _development(instance)
    _prepare(settings)
    address = f"http://127.0.0.1:{port}"
    _serve(settings, "127.0.0.1", port, 4, ready=lambda: _welcome(address))


def _development(instance: Path) -> Settings:
    instance.mkdir(parents=True, exist_ok=True)
    key = instance / "secret-key"
    if not key.exists():
        key.touch(mode=0o600)
        key.write_text(secrets.token_urlsafe(48), encoding="ascii")
    given = from_environ()
    default = given.database_url == Settings().database_url
    return dataclasses.replace(
        given,
        mode="development",
        secret_key=given.secret_key or key.read_text(encoding="ascii"),
        database_url=f"sqlite:///{(instance / 'lms.db').resolve().as_posix()}" if default else given.database_url,
        secure_cookies=False,
        demonstration=True,
    )


def _prepare(settings: Settings) -> None:
    """Migrate when needed and add the demonstration people once. The second start finds both done."""
    from lms.db import revision

    database = Database.of(settings)
    try:
        with database.reading() as db:
            current = revision.is_current(db)
    except SQLAlchemyError:
        current = False
    finally:
        database.dispose()
    if not current:
        migrate(settings)
    commit(_add_demonstration, settings)


def _add_demonstration(db: Session) -> None:
    try:
        accounts.by_login(db, demonstration.PEOPLE[0].login)
        return
    except accounts.UnknownPerson:
        group = cohorts.add(db, demonstration.COHORT, now=now())
    for person in demonstration.PEOPLE:
        added = accounts.add(
            db, login=person.login, name=person.name, roles=person.roles, now=now(), demonstration=True
        )
        accounts.set_password(db, added.id, passwords.new_hash(person.password, person.login))
        if Role.PARTICIPANT in person.roles:
            cohorts.enrol(db, group, added.id, Place.PARTICIPANT, now=now())
        if Role.INSTRUCTOR in person.roles:
            cohorts.enrol(db, group, added.id, Place.INSTRUCTOR, now=now())


def _welcome(address: str) -> None:
    width = max(len(person.login) for person in demonstration.PEOPLE)
    click.echo(f"\nOpen {address} in a browser. Stop with Ctrl+C.\n\nSign in as (demonstration, loopback only):")
    for person in demonstration.PEOPLE:
        click.echo(f"  {person.login:<{width}}  {person.password}   {person.label}")
    click.echo("")
