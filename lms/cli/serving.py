"""Commands that serve: for people out there, and for whoever tries a clone."""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import logging
import secrets
import select
import threading
import time
from collections.abc import Callable
from pathlib import Path

import click

from lms.catalog.source import chosen
from lms.cli.database import now, opened
from lms.cli.demonstrating import make
from lms.cli.group import NotDone, main
from lms.cli.housekeeping import migrate
from lms.cli.refusals import NotUpgraded
from lms.config import Settings, from_environ
from lms.db.engine import Database
from lms.demonstration.learners import PEOPLE, login
from lms.learning.api import deliveries, demonstration
from lms.search import prepare

CONNECTIONS = 800  # open at once; most systems let a process have 1,024 files
M_ARENA_MAX = -8  # glibc's malloc.h

_port = click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@_port
@click.option("--threads", type=click.IntRange(1, 200), default=4, show_default=True)
def serve(host: str, port: int, threads: int) -> None:
    """Serve with waitress; settings from the environment."""
    settings = from_environ().checked()
    chosen(settings.pack)  # told before a database that is not there
    with opened(settings):
        pass  # a server whose every page would fail does not start
    _serve(settings, host, port, threads)


def _serve(settings: Settings, host: str, port: int, threads: int, ready: Callable[[], None] | None = None) -> None:
    import waitress  # neither the server nor the web rooms are needed by any other command

    from lms.app import create_server_app
    from lms.cli.threads import Threads
    from lms.features.lti.sending import Worker
    from lms.outgoing import Outgoing

    one_heap()
    app = create_server_app(settings)
    try:
        server = waitress.create_server(
            app,
            host=host,
            port=port,
            threads=threads,
            _dispatcher=Threads(threads),
            max_request_body_size=8 * settings.max_request_bytes,  # what is too large is told by our own page
            # Browsers keep their connections open: at waitress's hundred, the hundred and first person waits for
            # minutes.
            connection_limit=CONNECTIONS,
            asyncore_use_poll=hasattr(select, "poll"),  # select() sees no more than 1,024 of them
            ident=None,
            clear_untrusted_proxy_headers=False,  # our own (LMS_PROXIES) believes them, or tells that nobody does
        )
    except (OSError, ValueError) as error:  # waitress says ValueError of a name that leads nowhere
        number = error.errno if isinstance(error, OSError) else None
        advice = _UNBOUND.get(number, f"{error}; choose another with --host or --port")
        raise NotDone(f"cannot listen on {host}, port {port}: {advice}") from error
    if ready:
        ready()
    # so that nobody waits who searches first; a server that forks must not hold the lock of a half-made one
    site = app.extensions["lms"]
    threading.Thread(target=prepare, args=(site.pack.current(),), daemon=True).start()
    threading.Thread(target=_tell, args=(site.database, settings), daemon=True).start()
    # what it has taken up when the process ends is sent again
    sender = Worker(site.database, site.pack.current, Outgoing(own_network=settings.own_network), now)
    threading.Thread(target=sender.watch, args=(threading.Event(),), daemon=True).start()
    server.run()


#: Seconds between two looks at what other servers are to be told.
LOOKING = 5


def _tell(database: Database, settings: Settings) -> None:
    """Off every request's path. Whatever goes wrong, the next look is as good as the first."""
    while deliveries.destinations(settings):
        time.sleep(LOOKING)
        try:
            deliveries.send_due(database, settings, now=now)
        except Exception:
            logging.getLogger("lms.events").exception("not delivered")


def one_heap() -> None:
    """Keep memory that one thread gave back for all of them.

    GNU's C library has a heap for each thread and keeps in each what it once held when everybody waited. The threads of
    Python take turns anyway, so they lose nothing by sharing one.
    """
    import ctypes

    with contextlib.suppress(AttributeError, OSError, TypeError):  # another C library, which does without
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)


_UNBOUND = {
    None: "no machine has this name; write an address of this machine with --host",
    errno.EADDRINUSE: "another program listens there; end it, or choose another with --port",
    errno.EACCES: "this user may not take that port; choose one above 1023 with --port",
    errno.EADDRNOTAVAIL: "this machine does not have that address; write one of its own with --host",
}


@main.command()
@_port
@click.option("--instance", type=click.Path(file_okay=False, path_type=Path), default=Path("instance"))
def develop(port: int, instance: Path) -> None:
    """Serve this clone on loopback, with a database and a demonstration made on the first start."""
    settings = _development(instance)
    address = f"http://127.0.0.1:{port}"
    _prepare(settings, address)
    _serve(settings, "127.0.0.1", port, 4, ready=lambda: _welcome(address))


def _development(instance: Path) -> Settings:
    key = instance / "secret-key"
    try:
        instance.mkdir(parents=True, exist_ok=True)
        if not key.exists():
            key.touch(mode=0o600)
            key.write_text(secrets.token_urlsafe(48), encoding="ascii")
        kept = key.read_text(encoding="ascii").strip()
    except OSError as error:
        raise NotDone(
            f"{instance.absolute()}: {error.strerror}; choose a folder in which this user may write with --instance"
        ) from error
    given = from_environ()
    default = given.database_url == Settings().database_url
    return dataclasses.replace(
        given,
        mode="development",
        secret_key=given.secret_key or kept,
        database_url=f"sqlite:///{(instance / 'lms.db').resolve().as_posix()}" if default else given.database_url,
        secure_cookies=False,
        demonstration=True,
    )


def _prepare(settings: Settings, address: str) -> None:
    """Migrate when needed and make the demonstration once. The second start finds both done."""
    try:
        make(settings, f"{address}/")
    except NotUpgraded:
        migrate(settings)
        make(settings, f"{address}/")


def _welcome(address: str) -> None:
    width = max(len(person.login) for person in demonstration.PEOPLE)
    click.echo(f"\nOpen {address} in a browser. Stop with Ctrl+C.\n\nSign in as (demonstration, loopback only):")
    for person in demonstration.PEOPLE:
        click.echo(f"  {person.login:<{width}}  {person.password}   {person.label}")
    click.echo(f"or, with the same password, as one of those who have been learning: {login(1)} … {login(PEOPLE)}\n")
