"""The command that all others belong to, and how each of them reaches the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TypeVar

import click
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from lms import __version__
from lms.config import BadSetting, Settings, from_environ
from lms.db import tables as tables  # every table is known before the first query
from lms.db.engine import Database
from lms.errors import Refused

T = TypeVar("T")


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


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def opened(settings: Settings | None = None) -> Iterator[Database]:
    """The database of these settings. Raises ``ClickException`` where it is not there or refuses."""
    found = Database.of(settings or from_environ())
    try:
        yield found
    except SQLAlchemyError as error:
        raise click.ClickException(
            f"the database refused: {error}. Is it there, and did `lms db upgrade` run?"
        ) from error
    finally:
        found.dispose()


def commit(work: Callable[[Session], T], settings: Settings | None = None) -> T:
    """Do ``work`` in one transaction, or nothing of it."""
    with opened(settings) as found:
        return found.commit(work)
