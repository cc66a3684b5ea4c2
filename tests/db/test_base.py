"""Keys and instants."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from lms.db.accounts import User
from lms.db.base import uuid7
from lms.db.engine import Database
from tests.conftest import NOON


def test_keys_are_uuid_version_7_and_grow_with_time() -> None:
    keys = [uuid7() for _ in range(2000)]
    assert {key.version for key in keys} == {7}
    assert {key.variant for key in keys} == {"specified in RFC 4122"}
    assert len(set(keys)) == len(keys)
    milliseconds = [key.int >> 80 for key in keys]
    assert milliseconds == sorted(milliseconds)
    assert abs(milliseconds[0] / 1000 - datetime.now(UTC).timestamp()) < 60


def test_a_naive_instant_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="naive datetime"), database.transaction() as db:
        db.add(User(login="ada", name="Ada", created_at=NOON.replace(tzinfo=None)))


def test_an_instant_comes_back_as_the_same_moment_in_utc(database: Database) -> None:
    in_jayapura = NOON.astimezone(timezone(timedelta(hours=9))) + timedelta(microseconds=1)
    with database.transaction() as db:
        db.add(User(login="ada", name="Ada", created_at=in_jayapura))
    with database.reading() as db:
        stored = db.execute(select(User.created_at)).scalar_one()
    assert stored == in_jayapura
    assert stored.utcoffset() == timedelta(0)
