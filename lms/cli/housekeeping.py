"""Commands for the database: its schema, and what is due in it."""

from __future__ import annotations

from functools import partial

import click

from lms.cli.database import now, opened
from lms.cli.group import main
from lms.config import Settings, from_environ
from lms.db.engine import Database
from lms.learning.api import (
    analysis_counts,
    attempts,
    carried,
    deadlines,
    deliveries,
    exports,
    launched,
    offered_scores,
    platforms,
    regrades,
    sign_ins,
    tries,
)

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

    Safe to run as often as wanted, e.g. each minute, and to kill.
    """
    settings = from_environ()
    with opened(settings) as database:
        with database.reading() as db:
            decided, moving = regrades.running(db), deadlines.moving(db)
        for cohort_id in moving:  # first of all, so that nothing ends at a deadline that holds no more
            database.in_pieces(partial(deadlines.go_on, cohort_id=cohort_id, now=now()))
        closed = database.in_pieces(lambda db: attempts.close_overdue(db, now=now(), most=10))
        for regrade_id in decided:
            database.in_pieces(partial(regrades.go_on, regrade_id=regrade_id, now=now()))
        removed = database.in_pieces(lambda db: sign_ins.forget(db, now=now(), most=500))
        database.in_pieces(lambda db: tries.forget(db, now=now(), most=500))
        database.in_pieces(lambda db: carried.forget(db, now=now(), most=500))
        database.in_pieces(lambda db: launched.forget(db, now=now(), most=500))
        database.in_pieces(lambda db: exports.forget(db, now=now(), most=20))
        counted = analysis_counts.refresh_old(database, now=now, seconds=COUNTING)
        sent = deliveries.send_due(database, settings, now=now, seconds=TELLING)
        click.echo(f"{closed} overdue attempt(s) closed; {removed} old session(s) and sign-in(s) removed.")
        if decided:
            click.echo(f"{len(decided)} decision(s) about a question carried through.")
        if counted:
            click.echo(f"{counted} quiz(zes) of a cohort counted for their instructors.")
        if sent.arrived or sent.refused:
            click.echo(f"{sent.arrived} event(s) delivered, {sent.refused} refused.")
        _send_scores(database, settings)
        _read_keys(database, settings)
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
