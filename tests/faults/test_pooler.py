"""PgBouncer hands out PostgreSQL's connections by transaction: two statements of one person may meet two of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest

from lms.db.engine import Database
from tests import postgres
from tests.conftest import lacking
from tests.faults.conftest import ASKED, Site, on_their_way, serving_people

#: What `docs/operator.md` tells to set for the role, since a pooler passes no settings on.
ROLE = (
    "ALTER ROLE lms SET jit = off",
    "ALTER ROLE lms SET lock_timeout = '2s'",
    "ALTER ROLE lms SET statement_timeout = '20s'",
    "ALTER ROLE lms SET idle_in_transaction_session_timeout = '20s'",
)
_SETTINGS = """
[databases]
* = host={data} user=lms
[pgbouncer]
listen_addr =
unix_socket_dir = {folder}
listen_port = 6432
auth_type = any
pool_mode = transaction
default_pool_size = 3
max_client_conn = 100
"""


@pytest.fixture(scope="module")
def pooled_site(own_postgresql: postgres.Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Three connections of the server for the four threads of ours."""
    program = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        lacking("pgbouncer", "install the system's pgbouncer package")
    with psycopg.connect(host=str(own_postgresql.data), user="lms", dbname="postgres", autocommit=True) as admin:
        for statement in ROLE:
            admin.execute(statement)
    folder = own_postgresql.data.parent / "pooler"
    folder.mkdir()
    folder.chmod(0o777)
    (folder / "pgbouncer.ini").write_text(_SETTINGS.format(data=own_postgresql.data, folder=folder))
    as_nobody = ["-u", "nobody"] if os.geteuid() == 0 else []
    pooler = subprocess.Popen([program, "-q", *as_nobody, str(folder / "pgbouncer.ini")], stderr=subprocess.DEVNULL)
    try:
        _wait(folder)
        url = f"postgresql+psycopg://lms@:6432/postgres?host={folder}"
        settings = {"LMS_DATABASE_POOLED": "true"}
        with serving_people(url, tmp_path_factory.mktemp("site"), direct=own_postgresql.url, **settings) as site:
            yield site
    finally:
        pooler.terminate()
        pooler.wait(10)


def _wait(folder: Path) -> None:
    for _ in range(200):
        try:
            psycopg.connect(host=str(folder), port=6432, user="lms", dbname="postgres", prepare_threshold=None).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise RuntimeError("the pooler did not come up")


PAGES = ("/beranda", "/materi", f"/materi/{ASKED.lesson.module}/{ASKED.lesson.slug}", "/akun", f"/kuis/{ASKED.quiz}")


def test_every_page_and_every_save_works_behind_a_pooler(pooled_site: Site) -> None:
    """Each several times at once: a statement is prepared when it comes for the sixth time."""
    for _ in range(4):
        for path in PAGES:
            with on_their_way(*(partial(one.ask, path) for one in pooled_site.people * 2)) as pages:
                pass
            assert {page.result().status for page in pages} == {200}, path
        with on_their_way(*(one.save for one in pooled_site.people)) as saves:
            pass
        assert {save.result().status for save in saves} == {200}


def test_the_waits_are_bounded_by_what_the_role_says(pooled_site: Site) -> None:
    database = Database(pooled_site.url, pooled=True)
    with database.reading() as db:
        assert db.exec_driver_sql("SHOW lock_timeout").scalar_one() == "2s"
        assert db.exec_driver_sql("SHOW statement_timeout").scalar_one() == "20s"
    database.dispose()
