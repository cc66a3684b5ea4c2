"""``lms lti``: a platform is added, shown, checked and removed from the command line."""

from __future__ import annotations

from typing import Any

import pytest

from lms.db.engine import Database
from lms.learning import platforms
from lms.web.site import now
from tests.conftest import NOON
from tests.features.lti.conftest import local as local
from tests.features.lti.local import Local
from tests.learning.test_platforms import MOODLE
from tests.test_cli import Lms
from tests.test_cli import lms as lms

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

HERE = "https://latsar.example/"


def add(lms: Lms, address: str, *more: str, name: str = "Moodle BPSDM") -> Any:
    return lms(
        *("lti", "add", name, "--issuer", address, "--client-id", "abc", "--authorization-url", f"{address}/auth"),
        *("--token-url", f"{address}/token", "--keys-url", f"{address}/keys", *more),
    )


def held(database: Database) -> list[Any]:
    with database.reading() as db:
        return platforms.every(db)


def test_a_platform_is_added_and_told_what_to_paste(lms: Lms, database: Database) -> None:
    done = add(lms, "https://moodle.example", "--product", "moodle", "--deployment", "1", "--address", HERE)
    assert done.exit_code == 0, done.output
    (row,) = held(database)
    assert (row.deployments, row.approved_at is not None) == (["1"], True)
    assert str(row.id) in done.output
    assert "  Initiate login URL: https://latsar.example/lti/login\n" in done.output
    assert "https://latsar.example/lti/register" in done.output
    assert "no deployment" not in done.output


def test_below_a_prefix_the_addresses_have_it(lms: Lms, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMS_URL_PREFIX", "/latsar")
    done = add(lms, "https://moodle.example", "--address", HERE)
    assert "https://latsar.example/latsar/lti/keys" in done.output
    assert "lms lti deployment NAME ID" in done.output


def test_what_cannot_be_added_is_told_in_a_line(lms: Lms, database: Database) -> None:
    assert add(lms, "moodle.example").exit_code == 1
    assert held(database) == []
    assert lms("lti", "add", "X").exit_code == 2
    add(lms, "https://moodle.example")
    again = add(lms, "https://moodle.example")
    assert (again.exit_code, again.output.startswith("Error: ")) == (1, True)


def test_platforms_are_listed_shown_approved_and_removed(lms: Lms, database: Database) -> None:
    assert "No platform is registered" in lms("lti", "list").output
    with database.transaction() as db:
        id = str(platforms.add(db, MOODLE, approved=False, now=NOON).id)
    assert lms("lti", "list").output == f"{id}  waiting   Moodle BPSDM  https://moodle.example.id  abc\n"
    shown = lms("lti", "show", id).output
    assert "approved           no: nobody gets in" in shown
    assert "With --address" in shown
    assert lms("lti", "approve", "Moodle BPSDM").output == "Moodle BPSDM is approved; its people may come in.\n"
    assert lms("lti", "approve", "Moodle BPSDM").output == "Moodle BPSDM was approved before.\n"
    assert lms("lti", "deployment", id, "12:ab").exit_code == 0
    assert "1, 12:ab" in lms("lti", "show", id, "--address", HERE).output
    asked = lms("lti", "remove", id, typed="n\n")
    assert (asked.exit_code, asked.output.startswith("Moodle BPSDM has 0 people and 0 courses here.\n")) == (1, True)
    assert len(held(database)) == 1
    assert lms("lti", "remove", id, "--yes").exit_code == 0
    assert held(database) == []


@pytest.mark.parametrize("command", ["show", "approve", "remove", "test"])
def test_a_platform_that_is_not_there_is_told(lms: Lms, database: Database, command: str) -> None:
    done = lms("lti", command, "tiada")
    assert (done.exit_code, done.output) == (1, "Error: Platform ini tidak ditemukan.\n")


def test_of_two_with_one_name_the_id_is_asked_for(lms: Lms, database: Database) -> None:
    add(lms, "https://a.example")
    add(lms, "https://b.example")
    done = lms("lti", "show", "Moodle BPSDM")
    assert done.exit_code == 1
    assert "Sebut id-nya" in done.output
    assert lms("lti", "show", str(held(database)[0].id)).exit_code == 0


def test_what_cannot_be_agreed_on_is_named_part_by_part(lms: Lms, database: Database) -> None:
    given = [
        "--issuer",
        "m.example",
        "--client-id",
        "x",
        "--authorization-url",
        "ftp://x",
        "--token-url",
        "",
        "--keys-url",
        "y",
    ]
    refused = lms("lti", "add", "Moodle", *given)
    assert refused.exit_code == 1
    for part in ("issuer", "authorization_url", "token_url", "keys_url"):
        assert f"  {part}: " in refused.output
    assert held(database) == []


def test_an_address_without_its_scheme_is_not_pasted_anywhere(lms: Lms, database: Database) -> None:
    refused = lms("lti", "test", "Moodle BPSDM", "--address", "latsar.test")
    assert refused.exit_code == 2
    assert "'latsar.test' does not begin with https://" in refused.output


def test_the_check_prints_a_table_in_english(
    lms: Lms, database: Database, local: Local, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(lms, local.address, "--deployment", "1")
    refused = lms("lti", "test", "Moodle BPSDM")
    assert refused.exit_code == 1
    assert "!!  Keys of the platform  This address may not be asked from here (LTI40)" in refused.output
    monkeypatch.setenv("LMS_OWN_NETWORK", "true")
    sound = lms("lti", "test", "Moodle BPSDM", "--address", HERE)
    assert sound.exit_code == 0, sound.output
    assert "ok  Keys of the platform  1 keys can be used." in sound.output
    assert "ok  Address of this site  It uses HTTPS. [https://latsar.example]" in sound.output


def test_ticking_reads_keys_anew_that_are_a_day_old(
    lms: Lms, database: Database, local: Local, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LMS_OWN_NETWORK", "true")
    add(lms, local.address)
    (row,) = held(database)
    with database.transaction() as db:
        platforms.keep_keys(db, row.id, {"lama": {}}, now=now() - platforms.KEYS_FOR)
    assert "Keys of 1 platform(s) read anew." in lms("tick").output
    assert "kunci-1" in held(database)[0].keys
    assert "lama" not in held(database)[0].keys
    assert "Keys of" not in lms("tick").output
