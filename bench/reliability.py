"""Many people answer at once while servers are killed: is every acknowledged answer there, and none twice?

    python3 dev.py bench reliability [--people 200] [--seconds 60] [--kills 3] [--cuts 200]

First one server on SQLite, then two processes on one PostgreSQL, one of which is killed (SIGKILL) and started again.
Each person answers about once a second, keeps a save until it is acknowledged and sends the very same one again when
the link breaks – as the page does. At the end every row of the database is compared with what was acknowledged.

Then the power is cut (``tests/faults/power.py``): SQLite, people who answer as fast as they can, and after each cut
what was flushed by then, with some of the rest, is opened and compared with what had been acknowledged.
"""

from __future__ import annotations

import argparse
import signal
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path

from bench import answering, machine, site
from lms.db.engine import Database
from tests import postgres
from tests.faults import power
from tests.faults.conftest import serving_people
from tests.serving import Server, serving


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py bench reliability", description=__doc__.partition("\n")[0])
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--cuts", type=int, default=200)
    parser.add_argument("--module", default="manajemen-asn")
    options = parser.parse_args(arguments)
    print(f"{machine.describe()}; {options.people} people for {options.seconds:g} s\n")
    print(f"| database | kills | {answering.COLUMNS} |")
    lost = [_run(name, options) for name in ("sqlite", "postgresql")] if options.seconds else []
    return 1 if any(lost) or _cut(options.cuts) else 0


def _run(engine: str, options: argparse.Namespace) -> int:
    """Returns how many acknowledged answers are missing or wrong."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lms-reliability-")))
        url = f"sqlite:///{folder}/lms.db"
        if engine == "postgresql":
            url = stack.enter_context(postgres.server(durable=True))
        asked = site.asked(options.module)
        readers = site.prepare(url, asked, people=options.people, answered=False)
        people = [answering.Person(reader) for reader in readers]
        count = 1 if engine == "sqlite" else 2
        servers = [stack.enter_context(serving(site.environment(url))) for _ in range(count)]
        begun, over = time.monotonic(), threading.Event()
        threads = answering.answer_all(people, asked.options, [server.port for server in servers], over)
        kills = _kill(servers[-1], options.kills, options.seconds) if engine == "postgresql" else 0
        time.sleep(max(0.0, begun + options.seconds - time.monotonic()))
        over.set()
        for thread in threads:
            thread.join()
        database = Database(url)
        stack.callback(database.dispose)
        found = answering.judge(people, database)
        print(f"| {engine} | {kills} | {found.told} |", flush=True)
        for one in found.refused[:5]:
            print("  refused:", one)
        return found.missing + found.doubled


def _kill(server: Server, times: int, seconds: float) -> int:
    """Kill a server ``times`` times, spread over the run, and start it again after two seconds."""
    for _ in range(times):
        time.sleep(max(1.0, seconds / (times + 1) - 2))
        server.stop(signal.SIGKILL)
        time.sleep(2)
        server.start()
    return times


def _cut(times: int) -> int:
    """Cut the power; how many acknowledged answers were not there afterwards."""
    with tempfile.TemporaryDirectory(prefix="lms-power-") as name:
        folder = Path(name)
        (folder / "kept").mkdir()
        settings = {"LD_PRELOAD": str(power.shim(folder)), "KEPT_AT": str(folder / "kept")}
        with serving_people(f"sqlite:///{folder}/lms.db", folder, **settings) as people:
            found = power.cuts(people, folder, times=times, seed=int(time.time()))
    print(f"\npower cut {found.cuts} times: {found.asked} acknowledged answers asked for, {len(found.missing)} missing")
    return len(found.missing)
