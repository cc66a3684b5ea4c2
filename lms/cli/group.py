"""The command that all others belong to, and how each of them reaches the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TypeVar

import click
from sqlalchemy.orm import Session

from lms import __version__
from lms.cli.refusals import NotDone, opening, require_file, require_schema, told
from lms.config import BadSetting, Settings, from_environ
from lms.db import tables as tables  # every table is known before the first query
from lms.db.engine import Database
from lms.errors import Refused

T = TypeVar("T")


class _Group(click.Group):
    """Tell a refusal, a bad setting or a wrong option in one line instead of a traceback or a page of usage."""

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except BadSetting as error:
            raise NotDone(str(error)) from error
        except click.BadParameter as error:
            path = error.ctx.command_path if error.ctx else context.command_path
            raise NotDone(f"{error.format_message()} `{path} --help` says what it takes.") from error
        except Refused as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Group)
@click.version_option(__version__)
def main() -> None:
    """Learning system for Latsar. Settings come from LMS_* in the environment (docs/operator.md)."""


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def opened(settings: Settings | None = None, *, upgrading: bool = False) -> Iterator[Database]:
    """The database of these settings; ``upgrading``: it need not be there yet, nor be of this release.

    Raises ``NotDone`` where it cannot be opened, is not what this release needs, or refuses later.
    """
    chosen = settings or from_environ()
    url = chosen.database_url
    if not upgrading:
        require_file(url)
    with opening(url):
        found = Database.of(chosen, bounded=not upgrading)
    try:
        with told(url):
            require_schema(found, older=upgrading)
            yield found
    finally:
        found.dispose()


def commit(work: Callable[[Session], T], settings: Settings | None = None) -> T:
    """Do ``work`` in one transaction, or nothing of it."""
    with opened(settings) as found:
        return found.commit(work)
