"""Commands for cohorts (angkatan): their rules, and who belongs to them."""

from __future__ import annotations

import csv
import io
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import IO, TypeVar
from uuid import UUID

import click
from sqlalchemy.orm import Session

from lms.cli.database import commit, now, opened
from lms.cli.group import main
from lms.cli.people import invitation
from lms.config import Settings, from_environ
from lms.db.accounts import User
from lms.db.cohorts import Cohort
from lms.db.engine import PAUSE, Database
from lms.learning.api import accounts, cohorts, deadlines, listed_people, overrides, roster
from lms.web.spreadsheet import cell

T = TypeVar("T")


@main.group()
def cohort() -> None:
    """Cohorts (angkatan)."""


_DATE = click.DateTime(["%Y-%m-%d"])


@cohort.command("add")
@click.argument("name")
@click.option("--starts", type=_DATE, help="First day, YYYY-MM-DD.")
@click.option("--ends", type=_DATE, help="Last day, YYYY-MM-DD.")
def add_cohort(name: str, starts: datetime | None, ends: datetime | None) -> None:
    """Make a cohort."""
    made = commit(lambda db: cohorts.add(db, name, starts_on=_day(starts), ends_on=_day(ends), now=now()).name)
    click.echo(f"Cohort {made!r} was made.")


@cohort.command("set")
@click.argument("name")
@click.option(
    "--grace", type=int, required=True, metavar="MINUTES", help="How long after a deadline answers still count."
)
def set_cohort(name: str, grace: int) -> None:
    """Change a cohort: for MINUTES after a deadline answers are taken that were made before it.

    Attempts that run already follow.
    """
    with opened() as database:
        group = database.commit(partial(cohorts.by_name, name=name))
        decision = partial(overrides.set_grace, cohort_id=group.id, minutes=grace, actor_id=None, now=now())
        database.commit(decision)
        database.in_pieces(partial(deadlines.go_on, cohort_id=group.id, now=now()))
    click.echo(f"Cohort {group.name!r}: {grace} minutes of grace.")


@cohort.command("leave")
@click.argument("name")
@click.argument("logins", nargs=-1, required=True)
def leave_cohort(name: str, logins: tuple[str, ...]) -> None:
    """Let the people with these LOGINS leave a cohort: they count in it no more, and what they did is kept."""

    def known(db: Session) -> tuple[Cohort, list[UUID]]:
        found, people = cohorts.by_name(db, name), [accounts.by_login(db, login).id for login in dict.fromkeys(logins)]
        cohorts.require_enrolled(db, found.id, people)
        return found, people

    with opened() as database:
        group, people = database.commit(known)
        for piece in _pieces(people):
            database.commit(partial(cohorts.leave_all, cohort_id=group.id, people=piece, now=now()))
    click.echo(f"{', '.join(logins)} left {group.name!r}.")


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--cohort", "cohort_name", required=True, help="Name of the cohort.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@click.option("--update-names", is_flag=True, help="Give people who are known the names of the list.")
@click.option(
    "--accept-unusual-nip", is_flag=True, help="Take logins of digits that are not 18, or end in 000, as they are."
)
@click.option("--invitations", type=click.Path(dir_okay=False, path_type=Path), help="Write links of new people here.")
@click.option("--address", default="", help="Address of the server, put before each invitation link.")
def enrol(
    file: Path,
    cohort_name: str,
    dry_run: bool,
    update_names: bool,
    accept_unusual_nip: bool,
    invitations: Path | None,
    address: str,
) -> None:
    """Enrol the people listed in a CSV FILE: columns login (or NIP) and nama; peran and menit tambahan if wanted.

    UTF-8, UTF-16 or cp1252, separated by ; or , or tabs – every bad row is named, and nothing is half done.
    """
    settings = from_environ()
    entries = roster.read(file.read_bytes(), unusual=accept_unusual_nip)
    with opened(settings) as database:
        group = database.commit(lambda db: cohorts.by_name(db, cohort_name))
        with database.reading() as db:
            expected = listed_people.compare(db, group, entries, update_names=update_names)
        if dry_run:
            click.echo("Dry run, nothing was changed. It would be:")
        done = expected if dry_run else _enrol(database, settings, group, entries, update_names, invitations, address)
    click.echo(
        f"{done.enrolled} enrolled, {done.new} of them new people; {done.changed} given another place or time; "
        f"{done.renamed} names changed; {done.unchanged} unchanged."
    )
    if done.names:
        what = (
            "The list's names, taken" if update_names else "Known by another name, which stays without --update-names"
        )
        click.echo("\n".join([f"{what}:", *(f"  {one.login}: {one.held} → {one.listed}" for one in done.names)]))
    if done.added and invitations:
        click.echo(f"Invitation links: {invitations}")


#: So many people come or go in one transaction: others wait for a moment only, and a kill loses no more than these.
PIECE = 25


def _enrol(
    database: Database,
    settings: Settings,
    group: Cohort,
    entries: Sequence[roster.Entry],
    update_names: bool,
    invitations: Path | None,
    address: str,
) -> listed_people.Enrolled:
    """Every row was checked before; after a kill, running the command again does what is left."""
    done = listed_people.Enrolled(0, 0, 0)
    with _links(invitations) as told, click.progressbar(length=len(entries), label="Enrolling", file=sys.stderr) as bar:

        def work(db: Session) -> listed_people.Enrolled:
            enrolled = listed_people.enrol_all(db, group, piece, update_names=update_names, now=now())
            rows = [_invited(db, settings, user_id, address) for user_id in enrolled.added]
            told.write(_as_csv(rows))
            told.flush()  # before the commit: a link that is lost cannot be told again
            return enrolled

        for piece in _pieces(entries):
            done += database.commit(work)
            bar.update(len(piece))
    return done


def _pieces(people: Sequence[T]) -> Iterator[Sequence[T]]:
    """With a pause after each: SQLite gives the lock to whoever asks first, and that would always be we."""
    for start in range(0, len(people), PIECE):
        yield people[start : start + PIECE]
        time.sleep(PAUSE)


def _invited(db: Session, settings: Settings, user_id: UUID, address: str) -> tuple[str, str, str]:
    person = db.get_one(User, user_id)
    return person.login, cell(person.name), invitation(db, settings, user_id, address)


@contextmanager
def _links(target: Path | None) -> Iterator[IO[str]]:
    """Where invitation links go: to the end of a file, which an earlier run may have begun, or to the screen."""
    heading = _as_csv([("login", "name", "invitation")])
    if target is None:
        click.echo(heading, nl=False)
        yield sys.stdout
        return
    try:
        new = not target.exists()
        file = target.open("a", encoding="utf-8-sig" if new else "utf-8", newline="")
    except OSError as error:
        raise click.ClickException(f"{target}: {error.strerror}; nothing was changed") from error
    with file:
        if new:
            file.write(heading)
        yield file


def _as_csv(rows: Sequence[tuple[str, str, str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()
