"""The ``lms`` command: what an operator does, with a plain answer. Nothing is half done, however a command ends."""

from __future__ import annotations

import csv
import dataclasses
import io
import secrets
import select
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import IO, TypeVar
from uuid import UUID

import click
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from lms import __version__
from lms.catalog import check, coverage, statistics
from lms.catalog.load import load
from lms.catalog.reading import Originals
from lms.catalog.source import Folder, bundled
from lms.catalog.store import QUIZZES
from lms.config import BadSetting, Settings, from_environ
from lms.db import tables as tables  # every table is known before the first query
from lms.db.accounts import Role, User
from lms.db.cohorts import Cohort, Place
from lms.db.engine import PAUSE, Database
from lms.errors import Refused
from lms.features.review.spreadsheet import cell
from lms.learning.api import accounts, attempts, cohorts, demonstration, overrides, passwords, regrades, roster
from lms.quiz.format import tidy

T = TypeVar("T")

CONNECTIONS = 800  # open at once; most systems let a process have 1,024 files


class _Group(click.Group):
    """Tell a refusal or a bad setting in one line instead of a traceback."""

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except (Refused, BadSetting) as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Group)
@click.version_option(__version__)
def main() -> None:
    """Learning system for Latsar. Settings come from LMS_* in the environment (docs/operator.md)."""


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def _database(settings: Settings | None = None) -> Iterator[Database]:
    database = Database((settings or from_environ()).database_url)
    try:
        yield database
    except SQLAlchemyError as error:
        raise click.ClickException(
            f"the database refused: {error}. Is it there, and did `lms db upgrade` run?"
        ) from error
    finally:
        database.dispose()


def _commit(work: Callable[[Session], T], settings: Settings | None = None) -> T:
    """Do ``work`` in one transaction, or nothing of it."""
    with _database(settings) as database:
        return database.commit(work)


# --- the database ---------------------------------------------------------------------------------------------------


@main.group()
def db() -> None:
    """The database's schema."""


@db.command("upgrade")
def upgrade() -> None:
    """Bring the database to the revision this release needs."""
    _upgrade(from_environ())
    click.echo("The database is current.")


def _upgrade(settings: Settings) -> None:
    from lms.db import migrate  # Alembic takes a fifth of a second that only this command should pay

    database = Database(settings.database_url)
    try:
        migrate.upgrade(database.engine)
    finally:
        database.dispose()


# --- people ---------------------------------------------------------------------------------------------------------


@main.group()
def user() -> None:
    """People and their roles."""


_ROLE = click.Choice([role.value for role in Role])


@user.command("add")
@click.argument("login")
@click.argument("name")
@click.option("--role", "roles", type=_ROLE, multiple=True, default=[Role.PARTICIPANT.value], show_default=True)
@click.option("--address", default="", help="Address of the server, put before the invitation link.")
def add_user(login: str, name: str, roles: tuple[str, ...], address: str) -> None:
    """Add a person and print the link with which they choose a password."""
    settings = from_environ()

    def work(db: Session) -> tuple[str, str]:
        person = accounts.add(db, login=login, name=name, roles=[Role(role) for role in roles], now=_now())
        return person.login, _invitation(db, settings, person.id, address)

    added, link = _commit(work, settings)
    click.echo(f"{added} was added. Invitation, good for {settings.invitation_days} days:\n{link}")


@user.command("role")
@click.argument("login")
@click.argument("roles", type=_ROLE, nargs=-1, required=True)
def set_role(login: str, roles: tuple[str, ...]) -> None:
    """Give a person exactly these ROLES. Their devices are signed out."""
    wanted = [Role(role) for role in roles]
    _commit(lambda db: accounts.set_roles(db, accounts.by_login(db, login).id, wanted, now=_now()))
    click.echo(f"{login}: {', '.join(roles)}")


@user.command("password")
@click.argument("login")
@click.option("--invite", is_flag=True, help="Print a link instead of asking for a password here.")
@click.option("--address", default="", help="Address of the server, put before the invitation link.")
def set_password(login: str, invite: bool, address: str) -> None:
    """Set a person's password, or print a link with which they choose one."""
    settings = from_environ()
    if invite:
        click.echo(_commit(lambda db: _invitation(db, settings, accounts.by_login(db, login).id, address), settings))
        return
    password = click.prompt("New password", hide_input=True, confirmation_prompt=True)
    hashed = passwords.new_hash(password, login)
    _commit(lambda db: accounts.set_password(db, accounts.by_login(db, login).id, hashed), settings)
    click.echo(f"The password of {login} was changed; all their devices are signed out.")


@user.command("disable")
@click.argument("login")
def disable(login: str) -> None:
    """Close the door to a person: all their devices are signed out, and what they did is kept."""
    changed = _commit(lambda db: accounts.disable(db, accounts.by_login(db, login).id, now=_now()))
    click.echo(f"{login} cannot sign in any more." if changed else f"{login} could not sign in before either.")


@user.command("enable")
@click.argument("login")
def enable(login: str) -> None:
    """Let a person in again who was disabled."""
    changed = _commit(lambda db: accounts.enable(db, accounts.by_login(db, login).id, now=_now()))
    click.echo(f"{login} can sign in again." if changed else f"{login} was not disabled.")


def _invitation(db: Session, settings: Settings, user_id: UUID, address: str) -> str:
    token = accounts.invite(db, user_id, lifetime=timedelta(days=settings.invitation_days), now=_now())
    return f"{address.rstrip('/')}{settings.url_prefix}/undangan/{token}"


# --- cohorts --------------------------------------------------------------------------------------------------------


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
    made = _commit(lambda db: cohorts.add(db, name, starts_on=_day(starts), ends_on=_day(ends), now=_now()).name)
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

    def work(db: Session) -> str:
        found = cohorts.by_name(db, name)
        overrides.set_grace(db, found.id, grace, actor_id=None, now=_now())
        return found.name

    click.echo(f"Cohort {_commit(work)!r}: {grace} minutes of grace.")


@cohort.command("leave")
@click.argument("name")
@click.argument("logins", nargs=-1, required=True)
def leave_cohort(name: str, logins: tuple[str, ...]) -> None:
    """Let the people with these LOGINS leave a cohort: they count in it no more, and what they did is kept."""

    def work(db: Session) -> str:
        found = cohorts.by_name(db, name)
        for login in logins:
            cohorts.leave(db, found.id, accounts.by_login(db, login).id, now=_now())
        return found.name

    click.echo(f"{', '.join(logins)} left {_commit(work)!r}.")


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--cohort", "cohort_name", required=True, help="Name of the cohort.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@click.option("--invitations", type=click.Path(dir_okay=False, path_type=Path), help="Write links of new people here.")
@click.option("--address", default="", help="Address of the server, put before each invitation link.")
def enrol(file: Path, cohort_name: str, dry_run: bool, invitations: Path | None, address: str) -> None:
    """Enrol the people listed in a CSV FILE: columns login (or NIP) and nama; peran and menit tambahan if wanted.

    UTF-8 or cp1252, separated by ; or , – every bad row is named, and nothing is half done.
    """
    settings = from_environ()
    entries = roster.read(file.read_bytes())
    with _database(settings) as database:
        group = database.commit(lambda db: cohorts.by_name(db, cohort_name))
        with database.reading() as db:
            expected = cohorts.compare(db, group, entries)
        if dry_run:
            click.echo("Dry run, nothing was changed. It would be:")
        done = expected if dry_run else _enrol(database, settings, group, entries, invitations, address)
    click.echo(f"{done.enrolled} enrolled or changed, {done.unchanged} already there, {done.new} new people.")
    if done.added and invitations:
        click.echo(f"Invitation links: {invitations}")


#: So many people are enrolled in one transaction: others wait for a moment only, and a kill loses no more than these.
PIECE = 50


def _enrol(
    database: Database,
    settings: Settings,
    group: Cohort,
    entries: Sequence[roster.Entry],
    invitations: Path | None,
    address: str,
) -> cohorts.Enrolled:
    """Every row was checked before; after a kill, running the command again does what is left."""
    done = cohorts.Enrolled(0, 0, 0)
    with _links(invitations) as told, click.progressbar(length=len(entries), label="Enrolling", file=sys.stderr) as bar:

        def work(db: Session) -> cohorts.Enrolled:
            enrolled = cohorts.enrol_all(db, group, piece, now=_now())
            rows = [_invited(db, settings, user_id, address) for user_id in enrolled.added]
            told.write(_as_csv(rows))
            told.flush()  # before the commit: a link that is lost cannot be told again
            return enrolled

        for start in range(0, len(entries), PIECE):
            piece = entries[start : start + PIECE]
            done += database.commit(work)
            bar.update(len(piece))
            time.sleep(PAUSE)
    return done


def _invited(db: Session, settings: Settings, user_id: UUID, address: str) -> tuple[str, str, str]:
    person = db.get_one(User, user_id)
    return person.login, cell(person.name), _invitation(db, settings, user_id, address)


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


# --- the pack -------------------------------------------------------------------------------------------------------


@main.command("check")
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path), required=False)
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--stats", is_flag=True, help="Also count modules, lessons, questions.")
def check_pack(path: Path | None, style: str, stats: bool) -> None:
    """Report every mistake of a pack at once: file:line: CODE message. Exit 1 when there is an error."""
    pack = Folder.at(path) if path else bundled()
    problems = check.check(pack)
    click.echo(check.report(problems, style))
    if stats:
        click.echo(statistics.told(load(pack)), err=style == "json")
    sys.exit(1 if any(problem.severity is check.Severity.ERROR for problem in problems) else 0)


@main.command("coverage")
@click.argument("regulations", nargs=-1)
@click.option("--pack", "path", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Another pack.")
@click.option("--format", "style", type=click.Choice(["text", "csv"]), default="text", show_default=True)
@click.option("--empty", is_flag=True, help="Only what lacks a lesson or a question.")
def show_coverage(regulations: tuple[str, ...], path: Path | None, style: str, empty: bool) -> None:
    """Show for every article which lessons, self-checks and questions cite it; of these REGULATIONS or of all."""
    catalog = load(Folder.at(path) if path else bundled())
    wanted = {catalog.regulation(id).id for id in regulations} or catalog.regulations.keys()
    covered = [one for one in coverage.survey(catalog) if one.regulation.id in wanted]
    covered = coverage.empty_only(covered) if empty else covered
    click.echo(coverage.as_csv(covered) if style == "csv" else coverage.table(covered), nl=style == "text")


@main.command("fmt")
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path), required=False)
@click.option("--check", "only_check", is_flag=True, help="Change nothing; exit 1 when a file would change.")
def format_pack(path: Path | None, only_check: bool) -> None:
    """Write missing ids and the canonical form into the quiz files of a pack. Ids that are there never change."""
    folder = Folder.at(path) if path else bundled()
    originals, changed = Originals(folder), 0
    for name in originals.paths(QUIZZES):
        if not name.endswith(".md") or name.count("/") > 1:
            continue  # no quiz: `lms check` says so
        source = originals.source(name)
        if source is None:
            click.echo(f"{name}: left alone, it is no UTF-8 text; `lms check` says more", err=True)
            continue
        if (tidied := tidy(source.text)) == source.text:
            continue
        changed += 1
        click.echo(name)
        if not only_check:
            folder.write(name, tidied.encode())
    click.echo(f"{changed} file(s) {'would change' if only_check else 'changed'}.")
    sys.exit(1 if changed and only_check else 0)


# --- housekeeping and serving ---------------------------------------------------------------------------------------


@main.command()
def tick() -> None:
    """Do what is due: close attempts whose time is over, finish regrades, and forget old sessions and sign-ins.

    Safe to run as often as wanted, e.g. each minute, and to kill.
    """
    with _database() as database:
        closed = database.in_pieces(lambda db: attempts.close_overdue(db, now=_now(), most=10))
        with database.reading() as db:
            decided = regrades.running(db)
        for regrade_id in decided:
            database.in_pieces(partial(regrades.go_on, regrade_id=regrade_id, now=_now()))
        removed = database.in_pieces(lambda db: accounts.forget(db, now=_now(), most=500))
    click.echo(f"{closed} overdue attempt(s) closed; {removed} old session(s) and sign-in(s) removed.")
    if decided:
        click.echo(f"{len(decided)} decision(s) about a question carried through.")


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

    app = create_server_app(settings)
    server = waitress.create_server(
        app,
        host=host,
        port=port,
        threads=threads,
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

    database = Database(settings.database_url)
    try:
        with database.reading() as db:
            current = revision.is_current(db)
    except SQLAlchemyError:
        current = False
    finally:
        database.dispose()
    if not current:
        _upgrade(settings)
    _commit(_add_demonstration, settings)


def _add_demonstration(db: Session) -> None:
    try:
        accounts.by_login(db, demonstration.PEOPLE[0].login)
        return
    except accounts.UnknownPerson:
        group = cohorts.add(db, demonstration.COHORT, now=_now())
    for person in demonstration.PEOPLE:
        added = accounts.add(
            db, login=person.login, name=person.name, roles=person.roles, now=_now(), demonstration=True
        )
        accounts.set_password(db, added.id, passwords.new_hash(person.password, person.login))
        if Role.PARTICIPANT in person.roles:
            cohorts.enrol(db, group, added.id, Place.PARTICIPANT, now=_now())
        if Role.INSTRUCTOR in person.roles:
            cohorts.enrol(db, group, added.id, Place.INSTRUCTOR, now=_now())


def _welcome(address: str) -> None:
    width = max(len(person.login) for person in demonstration.PEOPLE)
    click.echo(f"\nOpen {address} in a browser. Stop with Ctrl+C.\n\nSign in as (demonstration, loopback only):")
    for person in demonstration.PEOPLE:
        click.echo(f"  {person.login:<{width}}  {person.password}   {person.label}")
    click.echo("")
