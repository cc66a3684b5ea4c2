"""``lms serve`` as a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        chosen = int(free.getsockname()[1])
    settings = {
        "LMS_SECRET_KEY": "only for this test, and long enough",
        "LMS_DATABASE_URL": f"sqlite:///{tmp_path}/lms.db",
        "LMS_SECURE_COOKIES": "false",
    }
    lms = [sys.executable, "-m", "lms"]
    subprocess.run([*lms, "db", "upgrade"], env=os.environ | settings, check=True)
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen([*lms, "serve", "--port", str(chosen)], env=os.environ | settings, stderr=log)
        try:
            _wait(chosen, process)
            yield chosen
        finally:
            process.terminate()
            process.wait(20)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the server did not come up")


def test_people_who_keep_their_connections_open_keep_nobody_out(port: int) -> None:
    """Waitress takes a hundred; the next one waits until somebody hangs up, which a browser does after minutes."""
    with ExitStack() as stack:
        for _ in range(250):
            stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            assert answer.status == 200
