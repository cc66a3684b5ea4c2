"""Commands for the database: its schema, and what is due in it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

import click
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError

from lms.cli.database import now, opened
from lms.cli.group import main
from lms.config import Settings, from_environ
from lms.db.engine import Database
from lms.errors import Unavailable
from lms.learning.api import (
    analysis_counts,
    carried,
    deadlines,
    deliveries,
    exports,
    launched,
    offered_scores,
    overdue,
    platforms,
    regrades,
    sign_ins,
    tries,
)

_log = logging.getLogger("lms.tick")

#: Seconds for platforms that are owed scores; whatever is left waits for the next time.
SENDING = 20
#: Seconds for counting quizzes: after an upgrade there are all that were ever taken.
COUNTING = 20
#: Seconds for telling other servers: one that does not answer must not keep a file from being made.
TELLING = 20


@main.group()
def db() -> None:
    """The database's schema."""


@db.command("upgrade")
def upgrade_schema() -> None:
    """Bring the database to the revision this release needs."""
    migrate(from_environ())
    click.echo("The database is current.")


def migrate(settings: Settings) -> None:
    from lms.db.migrate import upgrade  # Alembic takes a fifth of a second that only this command should pay

    with opened(settings, upgrading=True) as database:
        upgrade(database.engine)


@main.command()
def tick() -> None:
    """Do what is due: close attempts whose time is over, finish what staff decided, count for figures, forget sign-ins,
    tell other servers, send scores to platforms, read their keys anew; last of all, make a file that staff asked for.

    Safe to run as often as wanted, e.g. each minute, and to kill. What fails is logged and named at the end, and holds
    up nothing else.
    """
    settings = from_environ()
    with opened(settings) as database:
        steps = _Steps()
        _tick(database, settings, steps)
    if steps.failed:
        raise click.ClickException(f"{len(steps.failed)} of what was due failed: {'; '.join(steps.failed)}.")


@dataclass(slots=True)
class _Steps:
    """What is due, one after the other: a step that fails is logged and holds up none behind it."""

    failed: list[str] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Raises what says that the database is away: nothing behind would fare better."""
        try:
            yield
        except (Unavailable, OperationalError, InterfaceError):
            raise
        except Exception as error:
            # a statement of the database has what people wrote in it
            trace = not isinstance(error, SQLAlchemyError)
            _log.error("%s failed: %s", name, type(error).__name__, exc_info=trace)
            self.failed.append(name)


def _tick(database: Database, settings: Settings, steps: _Steps) -> None:
    with database.reading() as db:
        decided, moving = regrades.running(db), deadlines.moving(db)
    for cohort_id in moving:  # first of all, so that nothing ends at a deadline that holds no more
        with steps.step(f"moving the deadlines of cohort {cohort_id}"):
            database.in_pieces(partial(deadlines.go_on, cohort_id=cohort_id, now=now()))
    closed, carried_through, removed = overdue.Closed(0, ()), 0, 0
    with steps.step("closing overdue attempts"):
        closed = overdue.close(database, now=now)
    steps.failed += [f"closing attempt {one}" for one in closed.left]
    for regrade_id in decided:
        with steps.step(f"carrying decision {regrade_id} through"):
            database.in_pieces(partial(regrades.go_on, regrade_id=regrade_id, now=now()))
            carried_through += 1
    with steps.step("forgetting sessions and sign-ins"):
        removed = database.in_pieces(lambda db: sign_ins.forget(db, now=now(), most=500))
    for what, most in ((tries, 500), (carried, 500), (launched, 500), (exports, 20)):
        with steps.step(f"forgetting old {what.__name__.rpartition('.')[2]}"):
            database.in_pieces(partial(what.forget, now=now(), most=most))
    click.echo(f"{closed.count} overdue attempt(s) closed; {removed} old session(s) and sign-in(s) removed.")
    if carried_through:
        click.echo(f"{carried_through} decision(s) about a question carried through.")
    with steps.step("counting quizzes"):
        if counted := analysis_counts.refresh_old(database, now=now, seconds=COUNTING):
            click.echo(f"{counted} quiz(zes) of a cohort counted for their instructors.")
    with steps.step("telling other servers"):
        sent = deliveries.send_due(database, settings, now=now, seconds=TELLING)
        if sent.arrived or sent.refused:
            click.echo(f"{sent.arrived} event(s) delivered, {sent.refused} refused.")
    with steps.step("sending scores"):
        _send_scores(database, settings)
    with steps.step("reading keys anew"):
        _read_keys(database, settings)
    with steps.step("making a file"):
        _make_a_file(database, settings)


def _send_scores(database: Database, settings: Settings) -> None:
    """For servers that have no thread for it (docs/operator.md)."""
    with database.reading() as db:
        if not offered_scores.is_due(db, now=now()):
            return
    from lms.cli.lti_services import send_due  # the pack, and what asks other servers

    send_due(database, settings, seconds=SENDING)


def _read_keys(database: Database, settings: Settings) -> None:
    """The same for keys of platforms that are known for more than a day."""
    with database.reading() as db:
        if not platforms.with_old_keys(db, now=now()):
            return
    from lms.features.lti import old_keys
    from lms.outgoing import Outgoing

    if read := old_keys.read_anew(database, Outgoing(own_network=settings.own_network), now=now):
        click.echo(f"Keys of {read} platform(s) read anew.")


def _make_a_file(database: Database, settings: Settings) -> None:
    """One at a time, which may take minutes: whatever else is due has its turn before the next."""
    with database.reading() as db:
        asked = exports.due(db, now=now())
    if not asked:
        return
    # the pack, and what writes workbooks, are needed by nothing else here
    from lms.catalog.load import load
    from lms.catalog.source import chosen
    from lms.features.exports import making

    catalog = load(chosen(settings.pack))
    if making.run(database, catalog, asked[0], now=now):
        click.echo("1 file of a cohort made.")
