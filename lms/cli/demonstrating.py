"""The command that fills an empty database with a course to look at, and what ``lms develop`` makes of it."""

from __future__ import annotations

import click
from sqlalchemy.orm import Session

from lms.catalog.load import load, uncollected
from lms.catalog.source import chosen
from lms.cli.database import commit, now, opened
from lms.cli.group import NotDone, main
from lms.config import Settings, from_environ
from lms.demonstration import story
from lms.learning.api import accounts, analysis_counts

#: Where ``lms develop`` serves by itself.
HERE = "http://127.0.0.1:8000/"


@main.command()
def demonstrate() -> None:
    """Fill an empty database with two cohorts, sixty people and weeks of their work. In development mode only.

    Its people can sign in where `lms develop` serves it, on loopback: their password is public.
    """
    settings = from_environ()
    if settings.mode != "development":
        raise NotDone(
            "the people of a demonstration have a public password, so they are made in development mode only; "
            "set LMS_MODE=development where nobody else is let in"
        )
    if not make(settings, HERE):
        raise NotDone("there are people in this database already; name an empty one with LMS_DATABASE_URL")
    click.echo("Done. Look at it with `lms develop`.")


def make(settings: Settings, site: str) -> bool:
    """Make the demonstration, all of it or nothing; False where there are people already.

    ``site``: the address that its certificate names. Who is interrupted begins anew the next time.
    """
    if commit(accounts.are_there, settings):
        return False
    click.echo("Making the demonstration: two cohorts, sixty people, five weeks of work. This takes some seconds …")

    def tell(db: Session) -> bool:
        if accounts.are_there(db):  # somebody else was first
            return False
        story.tell(db, catalog, site=site, now=now())
        return True

    with uncollected():
        catalog = load(chosen(settings.pack))
        made = commit(tell, settings)
    if made:  # `lms develop` runs no `lms tick`, and what is told of questions would not be there
        with opened(settings) as database:
            analysis_counts.refresh_old(database, now=now)
    return made
