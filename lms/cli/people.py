"""Commands for people: who they are, what they may, and their way in."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import click
from sqlalchemy.orm import Session

from lms.cli.database import commit, now
from lms.cli.group import main
from lms.config import Settings, from_environ
from lms.db.accounts import Role
from lms.learning.api import accounts, host_people, passwords, tries


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
        person = accounts.add(db, login=login, name=name, roles=[Role(role) for role in roles], now=now())
        return person.login, invitation(db, settings, person.id, address)

    added, link = commit(work, settings)
    click.echo(f"{added} was added. Invitation, good for {settings.invitation_days} days:\n{link}")


@user.command("role")
@click.argument("login")
@click.argument("roles", type=_ROLE, nargs=-1, required=True)
def set_role(login: str, roles: tuple[str, ...]) -> None:
    """Give a person exactly these ROLES. Their devices are signed out."""
    wanted = [Role(role) for role in roles]
    commit(lambda db: accounts.set_roles(db, accounts.by_login(db, login).id, wanted, now=now()))
    click.echo(f"{login}: {', '.join(roles)}")


@user.command("password")
@click.argument("login")
@click.option("--invite", is_flag=True, help="Print a link instead of asking for a password here.")
@click.option("--address", default="", help="Address of the server, put before the invitation link.")
def set_password(login: str, invite: bool, address: str) -> None:
    """Set a person's password, or print a link with which they choose one."""
    settings = from_environ()
    if invite:
        click.echo(commit(lambda db: invitation(db, settings, accounts.by_login(db, login).id, address), settings))
        return
    password = click.prompt("New password", hide_input=True, confirmation_prompt=True)
    hashed = passwords.new_hash(password, login)
    commit(lambda db: accounts.set_password(db, accounts.by_login(db, login).id, hashed), settings)
    click.echo(f"The password of {login} was changed; all their devices are signed out.")


@user.command("disable")
@click.argument("login")
def disable(login: str) -> None:
    """Close the door to a person: all their devices are signed out, and what they did is kept."""
    changed = commit(lambda db: accounts.disable(db, accounts.by_login(db, login).id, now=now()))
    click.echo(f"{login} cannot sign in any more." if changed else f"{login} could not sign in before either.")


@user.command("enable")
@click.argument("login")
def enable(login: str) -> None:
    """Let a person in again who was disabled."""
    changed = commit(lambda db: accounts.enable(db, accounts.by_login(db, login).id, now=now()))
    click.echo(f"{login} can sign in again." if changed else f"{login} was not disabled.")


@user.command("unlock")
@click.argument("login")
def unlock(login: str) -> None:
    """Let an account be tried again at once, after wrong passwords made it wait."""
    changed = commit(lambda db: tries.unlock(db, login, now=now()))
    click.echo(f"{login} waits no more." if changed else f"Nothing wrong was tried at {login} in the last day.")


@user.command("link")
@click.argument("login")
@click.argument("key")
def link(login: str, key: str) -> None:
    """Let whom a host application calls KEY (docs/plugins.md) be this person."""
    commit(lambda db: host_people.link(db, accounts.by_login(db, login).id, key, now=now()))
    click.echo(f"Whoever is signed in at the host as {key!r} is {login} here.")


def invitation(db: Session, settings: Settings, user_id: UUID, address: str) -> str:
    token = accounts.invite(db, user_id, lifetime=timedelta(days=settings.invitation_days), now=now())
    return f"{address.rstrip('/')}{settings.url_prefix}/undangan/{token}"
