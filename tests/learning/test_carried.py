"""What a POST hands to the page it leads to: a person's newest, and no more than fits."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms.db.carried import Carried
from lms.db.engine import Database
from lms.learning import carried
from tests.conftest import NOON, Cast


def test_of_each_person_the_newest_are_kept(database: Database, people: Cast) -> None:
    with database.transaction() as db:
        other = carried.carry(db, people.mallory, "/a", {"n": -1}, now=NOON)
        moments = [NOON + timedelta(seconds=n) for n in range(carried.MOST + 2)]
        ids = [carried.carry(db, people.ada, "/a", {"n": n}, now=at) for n, at in enumerate(moments)]
    with database.reading() as db:
        assert [carried.brought(db, people.ada, "/a", id) for id in ids] == [
            None, None, *({"n": n} for n in range(2, carried.MOST + 2))]  # fmt: skip
        assert carried.brought(db, people.mallory, "/a", other) == {"n": -1}
        assert carried.brought(db, people.ada, "/a", other) is None, "somebody else's"
        assert carried.brought(db, people.ada, "/b", ids[-1]) is None, "another page's"


def test_what_is_larger_than_any_form_is_refused_and_nothing_is_kept(database: Database, people: Cast) -> None:
    with pytest.raises(carried.TooMuch), database.transaction() as db:
        carried.carry(db, people.ada, "/a", {"text": "x" * carried.LARGEST}, now=NOON)
    with database.reading() as db:
        assert db.execute(select(func.count()).select_from(Carried)).scalar_one() == 0
