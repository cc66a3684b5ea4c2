"""Commands for certificates: the key that signs them, and taking one back."""

from __future__ import annotations

from uuid import UUID

import click

from lms.cli.database import commit, now
from lms.cli.group import main
from lms.learning.api import certificates


@main.group()
def certificate() -> None:
    """Certificates of completion."""


@certificate.command("key")
def new_key() -> None:
    """Sign with a new key from now on. What the former ones signed stands; their private halves are forgotten."""
    made = commit(lambda db: certificates.new_key(db, now=now()))
    click.echo(f"Certificates are signed with the key {made.id} from now on.")


@certificate.command("revoke")
@click.argument("number", type=click.UUID)
@click.option("--reason", required=True, help="Shown to whoever looks at the certificate.")
@click.option("--reissue", is_flag=True, help="Let the person have another one issued.")
def revoke(number: UUID, reason: str, reissue: bool) -> None:
    """Take the certificate with this NUMBER back; its page says when and why."""
    commit(lambda db: certificates.revoke(db, number, reason=reason, reissue=reissue, now=now()))
    may = "may have another one issued" if reissue else "gets no other until you run this again with --reissue"
    click.echo(f"{number} is revoked; its owner {may}.")
