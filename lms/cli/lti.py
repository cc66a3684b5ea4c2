"""Commands for platforms that launch us by LTI 1.3: what was agreed on with each, and whether it works."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from lms.cli.database import commit, now, opened
from lms.cli.group import main
from lms.config import from_environ
from lms.features.lti import self_check
from lms.features.lti.addresses import Addresses
from lms.features.lti.products import product
from lms.features.lti.sending import signing_key
from lms.learning.api import platforms
from lms.outgoing import Outgoing
from lms.web.words import in_language


def _whole(context: click.Context, option: click.Parameter, address: str) -> str:
    """An address, or none."""
    if address and not address.startswith(("https://", "http://")):
        raise click.BadParameter(f"{address!r} does not begin with https://")
    return address


_ADDRESS = click.option(
    "--address", default="", callback=_whole, help="Address of the server, without the path it is mounted below."
)


@main.group()
def lti() -> None:
    """Platforms that launch us by LTI 1.3 (docs/lti.md). NAME is a platform's name or its id."""


@lti.command("add")
@click.argument("name")
@click.option("--issuer", required=True, help="As the platform writes it, to the last slash.")
@click.option("--client-id", required=True)
@click.option("--authorization-url", required=True, help="Where people sign in at the platform.")
@click.option("--token-url", required=True, help="Where the platform gives tokens for its services.")
@click.option("--keys-url", required=True, help="Where the platform publishes its keys (JWKS).")
@click.option("--deployment", "deployments", multiple=True, help="Deployment ID; may be given several times.")
@click.option("--audience", default="", help="Whom requests for a token name. Default: the token URL.")
@click.option("--product", default="", help="moodle, canvas, BlackboardLearn, desire2learn or open-edx.")
@_ADDRESS
def add(address: str, **given: Any) -> None:
    """Register the platform NAME, and let its people in."""
    agreed = platforms.Agreed(**given)
    added = commit(lambda db: str(platforms.add(db, agreed, approved=True, now=now()).id))
    click.echo(f"{agreed.name} was added as {added}, and its people may come in.")
    if not agreed.deployments:
        click.echo("It has no deployment yet, so each launch is refused: lms lti deployment NAME ID")
    _echo_paste(agreed.product, address)


@lti.command("list")
def list_all() -> None:
    """List all platforms, those that wait for a yes first."""
    with opened() as database, database.reading() as db:
        rows = platforms.every(db)
    for row in rows:
        state = "approved" if row.approved_at else "waiting"
        click.echo(f"{row.id}  {state:<8}  {row.name}  {row.issuer}  {row.client_id}")
    if not rows:
        click.echo("No platform is registered. `lms lti add --help` says what to give.")


@lti.command("show")
@click.argument("name")
@_ADDRESS
def show(name: str, address: str) -> None:
    """Show what was agreed on with a platform, and what to paste into it."""
    row = _called(name)
    for label, value in (
        ("id", row.id),
        ("name", row.name),
        ("product", row.product or "–"),
        ("issuer", row.issuer),
        ("client id", row.client_id),
        ("authorization URL", row.authorization_url),
        ("token URL", row.token_url),
        ("keys URL", row.keys_url),
        ("audience", row.audience),
        ("deployments", ", ".join(row.deployments) or "none: each launch is refused"),
        ("added", row.created_at.isoformat(timespec="seconds")),
        ("approved", row.approved_at.isoformat(timespec="seconds") if row.approved_at else "no: nobody gets in"),
        ("keys read", row.keys_read_at.isoformat(timespec="seconds") if row.keys_read_at else "never"),
    ):
        click.echo(f"{label:<18} {value}")
    _echo_paste(row.product, address)


@lti.command("approve")
@click.argument("name")
def approve(name: str) -> None:
    """Say yes to a registration that waits."""
    row = _called(name)
    if row.approved_at:
        click.echo(f"{row.name} was approved before.")
        return
    commit(lambda db: platforms.approve(db, row.id, now=now()))
    click.echo(f"{row.name} is approved; its people may come in.")


@lti.command("deployment")
@click.argument("name")
@click.argument("id")
def add_deployment(name: str, id: str) -> None:
    """Know a deployment of a platform by its ID."""
    row = _called(name)
    commit(lambda db: platforms.add_deployment(db, row.id, id, now=now()))
    click.echo(f"{row.name}: launches of deployment {id.strip()} are taken.")


@lti.command("remove")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove(name: str, yes: bool) -> None:
    """Let nobody in by a platform any more. Accounts, cohorts and results stay."""
    row = _called(name)
    with opened() as database, database.reading() as db:
        concerned = platforms.concerned(db, row.id)
    click.echo(f"{row.name} has {concerned.people} people and {concerned.courses} courses here.")
    if concerned.scores:
        click.echo(f"{concerned.scores} scores are not sent yet, and never would be; `lms lti sync` sends them first.")
    if not yes:
        click.confirm(f"Remove {row.name} ({row.issuer}, {row.client_id})?", abort=True)
    commit(lambda db: platforms.remove(db, row.id, now=now()))
    click.echo(f"{row.name} was removed.")


@lti.command("test")
@click.argument("name")
@_ADDRESS
def test(name: str, address: str) -> None:
    """Ask a platform whether the two of us can talk, and print the answer to mail to whoever helps. Ends with 1 where
    something is wrong."""
    settings, row = from_environ(), _called(name)
    outgoing = Outgoing(own_network=settings.own_network, whole=self_check.WHOLE)
    here = _ours(address).here if address else ""
    with opened(settings) as database:
        found = self_check.check(row, outgoing, partial(signing_key, database, now=now), here=here, now=now)
        database.commit(lambda db: platforms.ask_for_keys(db, row.id, now=now()))
    click.echo(self_check.as_text(row.name, row, found, in_language("en"), at=now()))
    if not self_check.is_sound(found):
        raise click.exceptions.Exit(1)


def _called(name: str) -> Any:
    with opened() as database, database.reading() as db:
        return platforms.called(db, name)


def _ours(address: str) -> Addresses:
    return Addresses(f"{address.rstrip('/')}{from_environ().url_prefix}")


def _echo_paste(of: str, address: str) -> None:
    if not address:
        click.echo("With --address https://… this says what to paste into the platform.")
        return
    its, ours = product(of), _ours(address)
    click.echo(f"\nPaste into {its.name or 'the platform'}{f' ({its.menu})' if its.menu else ''}:")
    for name, value, _ in its.paste(ours):
        click.echo(f"  {name}: {value}")
    if its.dynamic:
        click.echo(f"Or let it register by itself ({its.dynamic}): {ours.register}")


from lms.cli import lti_services as lti_services  # noqa: E402 – its commands belong to the group above
