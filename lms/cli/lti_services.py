"""Commands that ask platforms: scores are sent, rosters are read."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache, partial
from math import inf

import click
from sqlalchemy import literal, select

from lms.catalog.load import load
from lms.catalog.model import Catalog
from lms.catalog.source import chosen
from lms.cli.database import now, opened
from lms.cli.lti import lti
from lms.config import Settings, from_environ
from lms.db.engine import Database
from lms.errors import Refused
from lms.features.lti import rosters
from lms.features.lti.sending import Sent, Worker, signing_key
from lms.features.lti.services import Services
from lms.learning.api import cohorts, offered_scores, platform_rosters
from lms.outgoing import Outgoing


@lti.command("sync")
@click.option("--watch", is_flag=True, help="Go on until ended, looking every few seconds.")
def sync(watch: bool) -> None:
    """Send the scores that platforms are owed.

    Safe to run as often as wanted, several at once, and to kill: what is not known to have arrived is sent again.
    """
    settings = from_environ()
    with opened(settings) as database:
        worker = _worker(database, settings)
        if watch:
            worker.watch(threading.Event())
        else:
            _tell(worker.run())


def send_due(database: Database, settings: Settings, *, seconds: float = inf) -> None:
    """For ``lms tick``: as far as time allows."""
    _tell(_worker(database, settings).run(seconds=seconds))


def _worker(database: Database, settings: Settings) -> Worker:
    return Worker(database, _catalog(settings), Outgoing(own_network=settings.own_network), now)


def _catalog(settings: Settings) -> Callable[[], Catalog]:
    """Loaded when it is needed first."""
    return cache(lambda: load(chosen(settings.pack)))


def _tell(sent: Sent) -> None:
    click.echo(f"{sent.taken} score(s) sent; {sent.refused} not taken.")


@lti.command("roster")
@click.option("--cohort", "name", help="Only of this cohort.")
def roster(name: str | None) -> None:
    """Read who is in the courses of platforms: people come into their cohorts, get their place, or leave.

    Line items of links of which no launch named one are looked for as well.
    """
    settings, failed = from_environ(), 0
    with opened(settings) as database:
        only = None if name is None else select(literal(database.commit(lambda db: cohorts.by_name(db, name).id)))
        with database.reading() as db:
            courses = platform_rosters.courses(db, cohorts=only)
            platforms = {one.id: one for one in offered_scores.platforms(db)}
        with Outgoing(own_network=settings.own_network).keeping() as outgoing:
            services = Services(outgoing, partial(signing_key, database, now=now), now)
            for one in courses:
                try:
                    platform = platforms[one.registration_id]
                    found = rosters.read(database, services, platform, one, now=now)
                    rosters.find_line_items(database, services, platform, one, now=now)
                except Refused as error:
                    failed += 1
                    click.echo(f"{one.cohort}: {error}", err=True)
                else:
                    click.echo(f"{one.cohort}: {found.people} people, {found.changed} changed, {found.left} left.")
    if not courses:
        click.echo("No course of a platform offers a roster.")
    if failed:
        raise click.exceptions.Exit(1)
