"""Half an hour in which everything happens: a kill, a restart of the database, a full disk and a clock that is moved.

    python3 dev.py bench soak [--people 200] [--minutes 30]

Two processes of ours and one PostgreSQL on a small disk of its own. People answer about once a second and send again as
the page does. One process is killed and started again; PostgreSQL is restarted; its disk is filled for twenty seconds
(it ends itself then, and is started until it stays); the clock of one process goes ten minutes back, then ten ahead. At
the end every row is compared with what was acknowledged, and the memory of both processes with what it was before.
Needs root (for the disk) and Debian's libfaketime.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench import answering, machine, site
from lms.db.engine import Database
from tests import postgres
from tests.faults.conftest import fill
from tests.serving import Server, serving

DISK = 900  # megabytes
FULL = 20  # seconds
MOVED = 600  # seconds by which a clock is wrong, first behind, then ahead
#: Shares of the time at which things happen; memory is compared between what lies before and after all of them.
BEFORE, KILL, RESTART, FULL_DISK, CLOCK, AFTER = 0.1, 0.25, 0.4, 0.55, 0.7, 0.85
_FAKETIME = "faketime/libfaketimeMT.so.1"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py bench soak", description=__doc__.partition("\n")[0])
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--module", default="manajemen-asn")
    options = parser.parse_args(arguments)
    print(f"{machine.describe()}; {options.people} people for {options.minutes:g} minutes", flush=True)
    with ExitStack() as stack:
        folder = stack.enter_context(_disk())
        server = postgres.Server(folder, settings=("-c", "max_wal_size=128MB", "-c", "min_wal_size=32MB"))
        server.start()
        stack.callback(server.stop, signal.SIGINT)
        asked = site.asked(options.module)
        readers = site.prepare(server.url, asked, people=options.people, answered=False)
        people, over = [answering.Person(reader) for reader in readers], threading.Event()
        clock = folder / "clock"
        _move(clock, 0)
        ours = [stack.enter_context(serving(site.environment(server.url) | more)) for more in ({}, _clock(clock))]
        threads = answering.answer_all(people, asked.options, [one.port for one in ours], over)
        changes = _live(server, ours, clock, folder, options.minutes * 60)
        over.set()
        for thread in threads:
            thread.join()
        database = Database(server.url)
        stack.callback(database.dispose)
        found = answering.judge(people, database)
    print(f"| {answering.COLUMNS} |\n| {found.told} |")
    for one in found.refused[:5]:
        print("  refused:", one)
    grown = [change for change in changes if change > 0.03]
    return found.missing + found.doubled + len(found.refused) + len(grown)


def _live(server: postgres.Server, ours: list[Server], clock: Path, folder: Path, seconds: float) -> list[float]:
    """Let everything happen in its time; by what share the memory of each process changed."""
    begun = time.monotonic()

    def until(share: float) -> None:
        time.sleep(max(0.0, begun + share * seconds - time.monotonic()))

    def happens(share: float, what: str, work: Callable[[], None]) -> None:
        until(share)
        print(f"{(time.monotonic() - begun) / 60:5.1f} min: {what}", flush=True)
        work()

    killed, kept = ours
    until(BEFORE)
    before = {kept.port: _memory(kept, seconds * (KILL - BEFORE) * 0.8)}
    happens(KILL, "one process is killed", lambda: killed.stop(signal.SIGKILL))
    time.sleep(2)
    killed.start()
    until(KILL + 0.05)
    before[killed.port] = _memory(killed, seconds * 0.08)
    happens(RESTART, "PostgreSQL is restarted", lambda: server.stop(signal.SIGINT))
    server.start()
    happens(FULL_DISK, "its disk is full", lambda: _full(folder))
    print(f"        PostgreSQL was started {server.until_it_stays()} time(s)", flush=True)
    happens(CLOCK, "a clock goes ten minutes back", lambda: _move(clock, -MOVED))
    happens((CLOCK + AFTER) / 2, "and ten ahead", lambda: _move(clock, MOVED))
    happens(AFTER, "and is right again", lambda: _move(clock, 0))
    after = {one.port: _memory(one, seconds * (1 - AFTER) / 2.2) for one in ours}
    until(1)
    for port, memory in before.items():
        print(f"memory of a process: {memory:.1f} MB, at the end {after[port]:.1f} MB")
    return [after[port] / memory - 1 for port, memory in before.items()]


def _memory(server: Server, seconds: float) -> float:
    """What a process holds in MB: the median over a while."""
    found, ends = [], time.monotonic() + seconds
    while time.monotonic() < ends:
        found.append(machine.resident({server.process.pid} if server.process else set()))
        time.sleep(1)
    return statistics.median(found)


def _full(folder: Path) -> None:
    filler = folder / "filler"
    fill(filler)
    time.sleep(FULL)
    filler.unlink()


def _move(clock: Path, seconds: int) -> None:
    fresh = clock.with_suffix(".new")
    fresh.write_text(f"{seconds:+d}\n")
    os.replace(fresh, clock)


def _clock(path: Path) -> dict[str, str]:
    """What makes a process read its clock through this file."""
    found = next((one for one in Path("/usr/lib").glob(f"*/{_FAKETIME}")), None)
    if found is None:
        raise SystemExit("libfaketime must be installed")
    return {
        "LD_PRELOAD": str(found),
        "FAKETIME_TIMESTAMP_FILE": str(path),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }


@contextmanager
def _disk() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="lms-soak-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}m,mode=0755", "lms-soak", name], check=True)
        try:
            yield folder
        finally:
            subprocess.run(["umount", name], check=True)
