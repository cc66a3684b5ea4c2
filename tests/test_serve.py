"""``lms serve`` as a process of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import textwrap
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.serving import serving

ROOT = Path(__file__).parent.parent


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    settings = {
        "LMS_SECRET_KEY": "only for this test, and long enough",
        "LMS_DATABASE_URL": f"sqlite:///{tmp_path}/lms.db",
        "LMS_SECURE_COOKIES": "false",
    }
    subprocess.run([sys.executable, "-m", "lms", "db", "upgrade"], env=os.environ | settings, check=True)
    with serving(settings, log=tmp_path / "log") as server:
        yield server.port


def test_people_who_keep_their_connections_open_keep_nobody_out(port: int) -> None:
    """Waitress takes a hundred; the next one waits until somebody hangs up, which a browser does after minutes."""
    with ExitStack() as stack:
        for _ in range(250):
            stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=30))
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=30) as answer:
            assert answer.status == 200


@pytest.mark.parametrize("target", ["lms.server", "wsgi"])
def test_the_target_of_a_wsgi_server_writes_its_log(target: str, tmp_path: Path) -> None:
    settings = {
        "LMS_SECRET_KEY": "only for this test, and long enough",
        "LMS_DATABASE_URL": f"sqlite:///{tmp_path}/lms.db",
    }
    asked = f"from {target} import app; app.test_client().get('/masuk')"
    command = [sys.executable, "-c", asked]
    done = subprocess.run(command, env=os.environ | settings, cwd=ROOT, capture_output=True, text=True, check=True)
    line = json.loads(done.stderr.splitlines()[-1])
    assert (line["event"], line["path"], line["status"]) == ("request", "/masuk", 200)


def test_memory_that_a_thread_gave_back_is_there_for_all(tmp_path: Path) -> None:
    """Asked of GNU's C library: how many heaps eight threads made that held something at once."""
    asked = textwrap.dedent(
        """
        import ctypes, threading
        from lms.cli.serving import one_heap
        libc, all_of_them = ctypes.CDLL(None), threading.Barrier(8)
        libc.malloc.restype, libc.fopen.restype = ctypes.c_void_p, ctypes.c_void_p
        one_heap()
        def hold():
            libc.malloc(1000)
            all_of_them.wait()
        threads = [threading.Thread(target=hold) for _ in range(8)]
        for one in threads: one.start()
        for one in threads: one.join()
        told = ctypes.c_void_p(libc.fopen(b"told", b"w"))
        libc.malloc_info(0, told)
        libc.fclose(told)
        """
    )
    subprocess.run([sys.executable, "-c", asked], cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=True)
    assert (tmp_path / "told").read_text().count("<heap nr=") == 1
