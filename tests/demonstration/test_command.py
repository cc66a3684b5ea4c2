"""``lms demonstrate``: all of it or nothing, and never where people are let in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, event, func, select

from lms.cli import main
from lms.db.accounts import User
from lms.db.base import Base
from lms.db.engine import Database
from lms.learning import analysis_counts
from tests.conftest import PACK, Cast

Lms = Callable[..., Result]


@pytest.fixture
def demonstrate(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Lms:
    for name, value in {"DATABASE_URL": database_url, "PACK": str(PACK), "MODE": "development"}.items():
        monkeypatch.setenv(f"LMS_{name}", value)
    return lambda **env: CliRunner(env=env).invoke(main, ["demonstrate"])


@contextmanager
def interrupted(after: int) -> Iterator[None]:
    """Somebody presses Ctrl+C when so many statements were sent."""
    sent = count()

    def press(*_: Any) -> None:
        if next(sent) == after:
            raise KeyboardInterrupt

    event.listen(Engine, "before_cursor_execute", press)
    yield
    event.remove(Engine, "before_cursor_execute", press)


def test_whoever_is_interrupted_begins_anew_and_nothing_is_there_twice(demonstrate: Lms, database: Database) -> None:
    with interrupted(after=1_000):
        assert demonstrate().exit_code == 1
    with database.reading() as db:
        held = {table.name: db.execute(select(func.count()).select_from(table)).scalar_one() for table in _TABLES}
    assert not any(held.values()), held
    done = demonstrate()
    assert (done.exit_code, done.stdout.count("\n")) == (0, 2)
    with database.reading() as db:
        assert db.execute(select(func.count()).select_from(User)).scalar_one() == 65
        assert analysis_counts.old(db) == [], "what is told of questions is there without `lms tick`"
    again = demonstrate()
    assert (again.exit_code, again.stdout) == (2, "")
    assert "there are people in this database already; name an empty one with LMS_DATABASE_URL" in again.stderr


_TABLES = Base.metadata.sorted_tables


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_there_is_no_demonstration_where_people_are_let_in(demonstrate: Lms, database: Database, people: Cast) -> None:
    refused = demonstrate(LMS_MODE="production")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert (
        "have a public password, so they are made in development mode only; set LMS_MODE=development" in refused.stderr
    )
    assert demonstrate().exit_code == 2, "nor beside people"
    with database.reading() as db:
        assert db.execute(select(func.count()).select_from(User).where(User.demonstration)).scalar_one() == 0
