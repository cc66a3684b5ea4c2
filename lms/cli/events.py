"""Commands for what other servers are told: what waits, and sending it."""

from __future__ import annotations

import click

from lms.cli.database import now, opened
from lms.cli.group import main
from lms.config import from_environ
from lms.learning.api import deliveries


@main.group(invoke_without_command=True)
@click.option("--again", is_flag=True, help="Make all of it due at once, whatever was refused before.")
@click.pass_context
def events(context: click.Context, again: bool) -> None:
    """List what other servers are still to be told (LMS_WEBHOOK_URL, LMS_XAPI_URL)."""
    if context.invoked_subcommand and again:
        raise click.UsageError("--again stands alone: `lms events --again`, then `lms events send`")
    if context.invoked_subcommand:
        return
    settings = from_environ()
    known = {one.name for one in deliveries.destinations(settings)}
    with opened(settings) as database:
        if again:
            made_due = database.commit(deliveries.make_all_due)
            click.echo(f"{made_due} event(s) are due now.")
        with database.reading() as db:
            waiting = deliveries.waiting(db)
    for one in waiting:
        click.echo(f"{one.destination}: {one.count} waiting, the oldest of {one.oldest:%Y-%m-%d %H:%M} UTC")
        if one.destination not in known:
            click.echo("  no address is set for it any more, so nothing is sent")
        elif one.due_at > now():
            click.echo(f"  offered again at {one.due_at:%Y-%m-%d %H:%M} UTC")
        if one.refusal:
            click.echo(f"  last refusal: {deliveries.printable(one.refusal)}")
    if not waiting:
        click.echo("Nothing waits.")


@events.command("send")
def send() -> None:
    """Send what is due. `lms serve` and `lms tick` do it, too; several at once share the work.

    Safe to kill: what had not arrived is sent by the next one, after a minute and a half or `lms events --again`.
    """
    settings = from_environ()
    with opened(settings) as database:
        sent = deliveries.send_due(database, settings, now=now)
    click.echo(f"{sent.arrived} event(s) delivered, {sent.refused} refused.")
