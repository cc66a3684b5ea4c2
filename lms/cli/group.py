"""The command that all others belong to. Each is loaded when it is asked for: few of them need a database."""

from __future__ import annotations

from importlib import import_module

import click

from lms.config import BadSetting
from lms.errors import Refused
from lms.version import __version__

#: Command -> the module that holds it.
HOMES = {
    "certificate": "certificates",
    "check": "pack",
    "cohort": "enrolment",
    "coverage": "pack",
    "db": "housekeeping",
    "demonstrate": "demonstrating",
    "develop": "serving",
    "enrol": "enrolment",
    "events": "events",
    "fmt": "pack",
    "lti": "lti",
    "new": "new",
    "search": "search",
    "serve": "serving",
    "tick": "housekeeping",
    "user": "people",
}


class NotDone(click.ClickException):
    """Nothing was done: what the command needs is not there."""

    exit_code = 2


class _Group(click.Group):
    """Tell a refusal, a bad setting or a wrong option in one line instead of a traceback or a page of usage."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(HOMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if home := HOMES.get(cmd_name):
            import_module(f"lms.cli.{home}")
        return super().get_command(ctx, cmd_name)

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except BadSetting as error:
            raise NotDone(str(error)) from error
        except click.BadParameter as error:
            path = error.ctx.command_path if error.ctx else context.command_path
            raise NotDone(f"{error.format_message()} `{path} --help` says what it takes.") from error
        except Refused as error:
            parts = [f"{name}: {fault}" for name, fault in getattr(error, "fields", {}).items()]
            raise click.ClickException("\n".join([str(error), *(f"  {part}" for part in parts)])) from error


@click.group(cls=_Group)
@click.version_option(__version__)
def main() -> None:
    """Learning system for Latsar. Settings come from LMS_* in the environment (docs/operator.md)."""
