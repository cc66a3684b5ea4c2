"""Scores that go back to a platform: none is lost, and none is sent twice with another value."""

from __future__ import annotations

from pathlib import Path

from tests import postgres
from tests.faults import scores


def check(url: str, seed: int) -> None:
    with scores.scene(url, people=30) as there:
        found = scores.kill(there, times=3, seed=seed)
    assert (found.lost, found.doubled) == (0, 0), found
    assert found.handed_in > 30
    assert found.received > 30


def test_a_sender_that_is_killed_loses_and_doubles_nothing(tmp_path: Path) -> None:
    check(f"sqlite:///{tmp_path}/lms.db", 1)


def test_nor_on_postgresql(own_postgresql: postgres.Server) -> None:
    check(own_postgresql.url, 2)
