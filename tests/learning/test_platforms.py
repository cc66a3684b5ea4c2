"""Platforms are added, approved and removed; what is incomplete is told by field and changes nothing."""

from __future__ import annotations

import dataclasses

import pytest

from lms.db.engine import Database
from lms.errors import Invalid
from lms.learning import platforms
from lms.learning.platforms import (
    LONGEST_PRODUCT,
    MOST_WAITING,
    Agreed,
    PlatformExists,
    SeveralPlatforms,
    TooManyWaiting,
    UnknownPlatform,
)
from tests.conftest import NOON

MOODLE = Agreed(
    name="Moodle BPSDM",
    issuer="https://moodle.example.id",
    client_id="abc",
    authorization_url="https://moodle.example.id/mod/lti/auth.php",
    token_url="https://moodle.example.id/mod/lti/token.php",
    keys_url="https://moodle.example.id/mod/lti/certs.php",
    deployments=("1", " 1 ", ""),
    product="moodle",
)


def test_a_platform_is_added_and_waits_for_an_administrator(database: Database) -> None:
    with database.transaction() as db:
        added = platforms.add(db, MOODLE, approved=False, now=NOON).id
    with database.reading() as db:
        row = platforms.one(db, added)
        assert (row.approved_at, row.deployments, row.audience) == (None, ["1"], MOODLE.token_url)
        assert [one.id for one in platforms.named(db, MOODLE.issuer, None)] == [added]
        assert platforms.named(db, MOODLE.issuer, "other") == []
    with database.transaction() as db:
        platforms.approve(db, added, now=NOON)
        platforms.add_deployment(db, added, " 2 ", now=NOON)
        platforms.add_deployment(db, added, "2", now=NOON)
        platforms.keep_keys(db, added, {"k": {"kty": "RSA"}}, now=NOON)
    with database.reading() as db:
        row = platforms.every(db)[0]
        assert (row.approved_at, row.deployments, row.keys, row.keys_read_at) == (
            NOON,
            ["1", "2"],
            {"k": {"kty": "RSA"}},
            NOON,
        )
    with database.transaction() as db:
        platforms.remove(db, added, now=NOON)
    with database.reading() as db, pytest.raises(UnknownPlatform):
        platforms.one(db, added)


def test_one_platform_is_added_once(database: Database) -> None:
    with database.transaction() as db:
        platforms.add(db, MOODLE, approved=True, now=NOON)
    with pytest.raises(PlatformExists), database.transaction() as db:
        platforms.add(db, MOODLE, approved=True, now=NOON)


def test_what_is_incomplete_is_told_by_field(database: Database) -> None:
    bad = dataclasses.replace(MOODLE, name=" ", client_id="x" * 256, token_url="moodle", keys_url="https://[")
    with pytest.raises(Invalid) as refused, database.transaction() as db:
        platforms.add(db, bad, approved=True, now=NOON)
    assert set(refused.value.fields) == {"name", "client_id", "token_url", "keys_url"}
    with database.reading() as db:
        assert platforms.every(db) == []


def test_an_operator_means_one_by_its_name_or_its_id(database: Database) -> None:
    with database.transaction() as db:
        first = platforms.add(db, MOODLE, approved=True, now=NOON).id
    with database.reading() as db:
        assert platforms.called(db, "Moodle BPSDM").id == platforms.called(db, str(first)).id == first
        with pytest.raises(UnknownPlatform):
            platforms.called(db, "Moodle")
    with database.transaction() as db:
        second = platforms.add(db, dataclasses.replace(MOODLE, client_id="def"), approved=True, now=NOON).id
    with database.reading() as db:
        assert platforms.called(db, str(second)).id == second
        with pytest.raises(SeveralPlatforms):
            platforms.called(db, "Moodle BPSDM")


def test_only_so_many_wait_and_whom_an_administrator_adds_never_does(database: Database) -> None:
    with database.transaction() as db:
        for number in range(MOST_WAITING):
            platforms.add(db, dataclasses.replace(MOODLE, client_id=str(number)), approved=False, now=NOON)
    with pytest.raises(TooManyWaiting), database.transaction() as db:
        platforms.add(db, MOODLE, approved=False, now=NOON)
    with database.transaction() as db:
        platforms.add(db, MOODLE, approved=True, now=NOON)
    with database.reading() as db:
        assert len(platforms.every(db)) == MOST_WAITING + 1


def test_what_a_platform_calls_itself_is_cut_to_what_can_be_kept(database: Database) -> None:
    with database.transaction() as db:
        row = platforms.add(db, dataclasses.replace(MOODLE, product="x" * 500), approved=True, now=NOON)
        assert row.product == "x" * LONGEST_PRODUCT
