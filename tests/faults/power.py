"""The power fails while people answer: what the disk would hold then, and whether each acknowledged answer is there.

``unsynced.c`` keeps every database file as it was at its last flush. A cut stops the server in the middle of whatever
it does and mixes that with what was written since, sector by sector, as a disk may that was writing when the power
went; SQLite then recovers from the mixture as it would on the next start.
"""

from __future__ import annotations

import random
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from tests.faults.conftest import Person, Site

SECTOR = 512
FILES = ("lms.db", "lms.db-wal")


class NoCompiler(Exception):
    """The shim cannot be built."""


def shim(folder: Path) -> Path:
    """The shared object for LD_PRELOAD. Raises ``NoCompiler``."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or not Path("/proc/self/fd").exists():
        raise NoCompiler("a C compiler and Linux are needed")
    made = folder / "unsynced.so"
    source = Path(__file__).with_name("unsynced.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", str(made), str(source), "-ldl"], check=True)
    return made


@dataclass
class Cuts:
    """What came of cutting the power: how many answers had been acknowledged, and which of them were not there."""

    cuts: int = 0
    asked: int = 0
    missing: list[str] = field(default_factory=list)


def cuts(site: Site, folder: Path, *, times: int, seed: int) -> Cuts:
    """Cut the power ``times`` times while everybody answers. ``folder`` holds the database, and ``kept`` beside it."""
    found, rng, over = Cuts(), random.Random(seed), threading.Event()
    acknowledged: dict[str, int] = {}

    def answer(person: Person) -> None:
        while not over.is_set():
            if person.save().status == 200:
                acknowledged[person.reader.attempt] = person.revision

    for name in FILES:  # what was there before anybody answered lies on the disk
        if (folder / name).exists() and not (folder / "kept" / name).exists():
            shutil.copy(folder / name, folder / "kept" / name)
    threads = [threading.Thread(target=answer, args=(person,)) for person in site.people]
    for thread in threads:
        thread.start()
    try:
        for number in range(times):
            time.sleep(rng.uniform(0.02, 0.15))
            copy = folder / "after"
            promised = _cut(site, folder, copy, acknowledged, rng)
            there = _recovered(copy)
            found.cuts += 1
            found.asked += len(promised)
            for attempt, revision in promised.items():
                if there.get(UUID(attempt.rpartition("/")[2]), 0) < revision:
                    found.missing.append(f"cut {number}: answer {revision} of {attempt}")
            shutil.rmtree(copy)
    finally:
        over.set()
        for thread in threads:
            thread.join()
    return found


def _cut(site: Site, folder: Path, copy: Path, acknowledged: dict[str, int], rng: random.Random) -> dict[str, int]:
    """Lay down in ``copy`` what the disk would hold; what had been acknowledged by then."""
    copy.mkdir()
    process = site.server.process
    assert process is not None
    process.send_signal(signal.SIGSTOP)
    try:
        while _state(process.pid) != "T":
            time.sleep(0.001)
        for name in FILES:
            written, flushed = _read(folder / name), _read(folder / "kept" / name)
            (copy / name).write_bytes(_mixed(written, flushed, rng))
        return dict(acknowledged)
    finally:
        process.send_signal(signal.SIGCONT)


def _state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def _mixed(written: bytes, flushed: bytes, rng: random.Random) -> bytes:
    """Of what was written after the flush each sector may have arrived or not; half of the time nothing did."""
    if rng.random() < 0.5:
        return flushed
    length = rng.choice((len(written), len(flushed)))
    sectors = []
    for at in range(0, length, SECTOR):
        new, old = written[at : at + SECTOR], flushed[at : at + SECTOR]
        sectors.append(new if not old or (new and rng.random() < 0.5) else old)
    return b"".join(sectors)[:length]


def _recovered(copy: Path) -> dict[UUID, int]:
    """The newest revision of each attempt after SQLite recovered. Raises ``AssertionError`` where it could not."""
    with closing(sqlite3.connect(copy / "lms.db")) as db:
        assert db.execute("PRAGMA quick_check").fetchone()[0] == "ok"
        rows = db.execute("SELECT attempt_id, max(revision) FROM response GROUP BY attempt_id").fetchall()
    return {UUID(attempt): revision for attempt, revision in rows}
