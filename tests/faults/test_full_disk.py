"""The disk is full: what people read, what an operator's watch reads, and that nothing acknowledged is lost."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from tests import postgres
from tests.conftest import lacking
from tests.faults.conftest import Answer, Person, Site, ask, fill, serving_people


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with room for 64 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64m", "latsar-test", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        lacking("tmpfs", "only root may mount a tmpfs")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def _space(site: Site) -> bool:
    ready = ask(site.server.port, "GET", "/readyz", {})
    assert (ready.status == 200) == all(ready.json["checks"].values())
    found: bool = ready.json["checks"]["space"]
    return found


def _told(refused: Answer) -> None:
    assert refused.status == 503
    assert "penuh" in refused.json["error"]["message"]
    assert "aman" in refused.json["error"]["message"]
    assert refused.headers["Retry-After"] == "60"


def test_a_full_disk_is_told_and_what_was_acknowledged_is_there(small_disk: Path, tmp_path: Path) -> None:
    with serving_people(f"sqlite:///{small_disk}/lms.db", tmp_path) as site:
        ada = site.people[0]
        assert ada.save().status == 200
        assert _space(site)
        fill(small_disk / "filler")
        assert not _space(site), "told before the first save fails"
        acknowledged, refused = _save_until_refused(ada)
        _told(refused)
        assert ada.ask("/beranda").status == 200, "what is there can be read"
        (small_disk / "filler").unlink()
        again = ada.save()
        assert (again.status, _space(site)) == (200, True)
        assert _revision(small_disk, ada) == ada.revision > acknowledged


def _save_until_refused(person: Person) -> tuple[int, Answer]:
    """The log has room that it used before: some saves still succeed."""
    for _ in range(2000):
        answered = person.save()
        if answered.status != 200:
            return person.revision - 1, answered
    raise AssertionError("the disk never was full")


def _revision(folder: Path, person: Person) -> int:
    attempt = UUID(person.reader.attempt.rpartition("/")[2])
    with closing(sqlite3.connect(folder / "lms.db")) as db:
        found: int = db.execute("SELECT max(revision) FROM response WHERE attempt_id = ?", [attempt.hex]).fetchone()[0]
    return found


def test_a_server_without_room_says_so_too(own_postgresql: postgres.Server, postgresql_site: Site) -> None:
    ada = postgresql_site.people[0]
    with psycopg.connect(host=str(own_postgresql.data), user="lms", dbname="postgres", autocommit=True) as admin:
        admin.execute(
            "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$"
        )
        admin.execute("CREATE TRIGGER full_disk BEFORE INSERT ON response FOR EACH ROW EXECUTE FUNCTION no_room()")
        _told(ada.save())
        assert not _space(postgresql_site)
        admin.execute("DROP TRIGGER full_disk ON response")
    assert ada.save().status == 200
    assert _space(postgresql_site)
