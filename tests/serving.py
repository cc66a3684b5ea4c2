"""``lms serve`` as a process of its own, which can be killed and started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Server:
    """One process; ``start`` after a kill takes the same port. ``environment``: settings, beside our own."""

    def __init__(self, environment: dict[str, str], *, log: Path | None = None, threads: int = 4) -> None:
        self.port = free_port()
        self._environment = os.environ | environment
        self._log, self._threads = log, threads
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "lms", "serve", "--port", str(self.port), "--threads", str(self._threads)]
        with (self._log or Path(os.devnull)).open("ab") as log:
            self.process = subprocess.Popen(command, env=self._environment, stderr=log)
        until = time.monotonic() + 60
        while time.monotonic() < until and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError("the server did not come up")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process:
            self.process.send_signal(how)
            self.process.wait(20)


@contextmanager
def serving(environment: dict[str, str], *, log: Path | None = None, threads: int = 4) -> Iterator[Server]:
    server = Server(environment, log=log, threads=threads)
    server.start()
    try:
        yield server
    finally:
        server.stop()
