"""Many people answer at once while servers are killed: is every acknowledged answer there, and none twice?

    python3 dev.py bench reliability [--people 200] [--seconds 60] [--kills 3] [--cuts 200] [--score-kills 50]
                                     [--scores 10000]

First one server on SQLite, then two processes on one PostgreSQL, one of which is killed (SIGKILL) and started again.
Each person answers about once a second, keeps a save until it is acknowledged and sends the very same one again when
the link breaks – as the page does. At the end every row of the database is compared with what was acknowledged.

Then the power is cut (``tests/faults/power.py``): SQLite, people who answer as fast as they can, and after each cut
what was flushed by then, with some of the rest, is opened and compared with what had been acknowledged.

Last, scores go back to a platform (``tests/faults/scores.py``): ``lms lti sync`` is killed again and again while people
hand in, and what the platform has in the end is compared with what holds; then it sends as many as it can, killed once.
"""

from __future__ import annotations

import argparse
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench import answering, machine, site
from lms.db.engine import Database
from tests import postgres
from tests.faults import power, scores
from tests.faults.conftest import serving_people
from tests.serving import Server, serving


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py bench reliability", description=__doc__.partition("\n")[0])
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--cuts", type=int, default=200)
    parser.add_argument("--score-kills", type=int, default=50)
    parser.add_argument("--scores", type=int, default=10_000)
    parser.add_argument("--module", default="manajemen-asn")
    options = parser.parse_args(arguments)
    print(f"{machine.describe()}; {options.people} people for {options.seconds:g} s\n")
    print(f"| database | kills | {answering.COLUMNS} |")
    lost = [_run(name, options) for name in ("sqlite", "postgresql")] if options.seconds else []
    cut = _cut(options.cuts) if options.cuts else 0
    return 1 if any(lost) or cut or _scores(options) else 0


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


def _scores(options: argparse.Namespace) -> int:
    """Returns how many scores a platform lacks, or has twice with another value."""
    wrong = 0
    for name in ("sqlite", "postgresql"):
        if options.score_kills:
            with _fresh(name) as url, scores.scene(url, people=100) as there:
                found = scores.kill(there, times=options.score_kills, seed=int(time.time()))
            wrong += found.lost + found.doubled
            print(
                f"\n{name}: `lms lti sync` killed {found.kills} times while people handed in {found.handed_in} times:"
            )
            print(f"  {found.received} scores received, {found.again} of them the very same once more;", end=" ")
            print(f"{found.lost} lost, {found.doubled} doubled", flush=True)
        for killed in (False, True) if options.scores else ():
            with _fresh(name) as url, scores.scene(url, people=options.scores, handed_in=True) as there:
                sent = scores.rate(there, killed=killed)
            wrong += sent.found.lost + sent.found.doubled
            how = "killed once and resumed" if killed else "not killed"
            print(
                f"\n{name}: {sent.scores} scores, {how}: {sent.seconds:.1f} s, {sent.each_second:.0f} a second,",
                end=" ",
            )
            print(f"at most {sent.megabytes:.0f} MB; {sent.found.again} sent once more,", end=" ")
            print(f"{sent.found.lost} lost, {sent.found.doubled} doubled", flush=True)
    return wrong


@contextmanager
def _fresh(engine: str) -> Iterator[str]:
    """The address of an empty database."""
    with ExitStack() as stack:
        if engine == "postgresql":
            yield stack.enter_context(postgres.server(durable=True))
        else:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="lms-scores-"))
            yield f"sqlite:///{folder}/lms.db"
