"""A learning record store of somebody else's takes our statements: ralph-malph, where its command is on the PATH.

It lies in an environment of its own (`pip install 'ralph-malph[lrs]' click-option-group requests`), with a Python
beside it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lms.db.base import uuid7
from lms.learning.statements import Store, statement
from lms.outgoing import NotAsked, Outgoing
from tests.conftest import lacking
from tests.learning.test_statements import CATALOG, HOME, ONE_OF_EACH
from tests.serving import free_port

OUTGOING = Outgoing(own_network=True)
_HASHED = "import bcrypt; print(bcrypt.hashpw(b'geheim', bcrypt.gensalt(4)).decode())"

#: Its store in files takes one statement and no more, unless told to append.
_SERVED = """
import sys
import uvicorn
from ralph.backends.data.base import BaseOperationType
from ralph.backends.lrs.fs import FSLRSBackend
FSLRSBackend.default_operation_type = BaseOperationType.APPEND
uvicorn.run("ralph.api:app", port=int(sys.argv[1]))
"""


@pytest.fixture(scope="module")
def ralph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    found = shutil.which("ralph")
    if found is None:
        lacking("ralph", "its command is not on the PATH (see the head of this file)")
    with _serving(str(Path(found).with_name("python")), tmp_path_factory.mktemp("ralph")) as url:
        yield Store(url, "lms", "geheim", HOME)


@contextmanager
def _serving(python: str, folder: Path) -> Iterator[str]:
    hashed = subprocess.run([python, "-c", _HASHED], check=True, capture_output=True, text=True).stdout.strip()
    agent = {"objectType": "Agent", "mbox": "mailto:lms@latsar.example"}
    known = [{"username": "lms", "hash": hashed, "scopes": ["all"], "agent": agent}]
    (folder / "auth.json").write_text(json.dumps(known))
    (folder / "statements").mkdir()
    given = {
        "RALPH_RUNSERVER_BACKEND": "fs",
        "RALPH_AUTH_FILE": str(folder / "auth.json"),
        "RALPH_BACKENDS__LRS__FS__DEFAULT_DIRECTORY_PATH": str(folder / "statements"),
    }
    port = free_port()
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [python, "-c", _SERVED, str(port)], env=os.environ | given, cwd=folder, stdout=log, stderr=log
        )
    try:
        _wait(process, f"http://127.0.0.1:{port}/", folder / "log")
        yield f"http://127.0.0.1:{port}/xAPI"
    finally:
        process.terminate()
        process.wait(20)


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        try:
            OUTGOING.get(url)
        except NotAsked:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"ralph did not come up: {log.read_text()[-1000:]}")


def put(store: Store, said: dict[str, Any], now: Any) -> Any:
    return store.offer(OUTGOING, said["id"], said, now=now)


def test_a_store_takes_each_statement_and_has_it_afterwards(ralph: Store) -> None:
    for event in ONE_OF_EACH:
        said = statement(event, uuid7(), CATALOG, home=HOME)
        assert said is not None
        answered = put(ralph, said, event.happened_at)
        assert ralph.took(answered), (event.name, answered)
        again = put(ralph, said, event.happened_at)
        assert ralph.took(again), (event.name, again)
        changed = put(ralph, {**said, "result": {"completion": False}}, event.happened_at)
        assert changed.status == 409


def test_a_store_refuses_what_is_no_statement_and_who_is_not_known(ralph: Store) -> None:
    event = ONE_OF_EACH[0]
    said = statement(event, uuid7(), CATALOG, home=HOME)
    assert said is not None
    assert not ralph.took(put(ralph, {**said, "actor": {"name": "Ada"}}, event.happened_at))
    assert put(replace(ralph, secret="another"), said, event.happened_at).status == 401
