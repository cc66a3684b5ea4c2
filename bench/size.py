"""What the pages cost where a cohort has thousands of people, and what large acts make others wait.

    python3 dev.py bench size [--people 4000] [--cohorts 2000] [--attempts 100000] [--items 20] [--only overview,acts]

Databases of that size are made once and kept below ``.bench/`` (``bench/seed.py``, ``bench/store.py``). Every page is
asked for in a fresh process (``bench/visits.py``); what is too slow is stopped after ``--limit`` seconds and told so.
Then a regrade is applied, attempts are closed, people enrolled …, on a copy, while others save (``bench/strain.py``).
Exits with 1 and names what is beyond its bounds.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import statistics
import subprocess
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager

from bench import machine, store, strain, visits
from bench.seed import Size
from bench.store import Store
from bench.strain import Strain
from bench.visits import Measured

ACTS = "acts"
#: The most that is wanted: processor seconds and MB of a page, seconds that a save waits, processor seconds of an act,
#: seconds of a transaction.
PROCESSOR, MEMORY, WAIT, ACT, HELD = 0.3, 50, 0.3, 20, 0.1
NAMES = {
    "regrade": "Apply a regrade",
    "grace": "`lms cohort set --grace`, all attempts running",
    "tick": "`lms tick`, attempts overdue",
    "enrol": "`lms enrol`, people new",
    "leave": "`lms cohort leave`, a hundred people",
}


def main(arguments: Sequence[str]) -> int:
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.visit:
        return _visit(options)
    if options.apply:
        return strain.apply(options.at)
    size = Size(options.people, options.cohorts, options.attempts, options.items)
    wanted = options.only.split(",") if options.only else [*visits.VISITS, ACTS]
    if unknown := set(wanted) - {*visits.VISITS, ACTS}:
        parser.error(f"nothing is called {', '.join(sorted(unknown))}; there are {', '.join(visits.VISITS)}, {ACTS}")
    print(f"{machine.describe()}; {size}, {options.limit:g} s at most\n")
    engines = {"sqlite": store.sqlite, "postgresql": store.postgresql}
    beyond: list[str] = []
    for name in [options.database] if options.database else options.databases.split(","):
        found: AbstractContextManager[Store]
        found = engines[name](size) if name in engines else store.given(name, size)
        with found as at:
            beyond += report(name, at, size, wanted, options.limit)
    if beyond:
        print(f"beyond the bounds: {', '.join(beyond)}")
    return 1 if beyond else 0


def _parser() -> argparse.ArgumentParser:
    size = Size()
    parser = argparse.ArgumentParser(prog="dev.py bench size", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--people", type=int, default=size.people, help="in the large cohort")
    parser.add_argument("--cohorts", type=int, default=size.cohorts)
    parser.add_argument("--attempts", type=int, default=size.attempts)
    parser.add_argument("--items", type=int, default=size.items, help="of an attempt")
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--database", help="URL of a throw-away one instead: filled when empty, changed by the acts")
    parser.add_argument("--limit", type=float, default=120, help="seconds for a page; an act has ten times as long")
    parser.add_argument("--only", help=f"some of: {', '.join(visits.VISITS)}, {ACTS}")
    # one measurement, in a process of its own
    parser.add_argument("--visit", choices=visits.VISITS, help=argparse.SUPPRESS)
    parser.add_argument("--apply", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--at", help=argparse.SUPPRESS)
    parser.add_argument("--pid", type=int, help=argparse.SUPPRESS)
    return parser


def _visit(options: argparse.Namespace) -> int:
    app = visits.application(options.at)
    print(json.dumps(dataclasses.asdict(visits.measure(app, visits.VISITS[options.visit], options.pid))))
    app.extensions["lms"].database.dispose()
    return 0


def report(name: str, at: Store, size: Size, wanted: Sequence[str], limit: float) -> list[str]:
    """Print the tables of one database as they grow; what is beyond its bounds."""
    engine = name.partition("+")[0].partition(":")[0]
    beyond = _pages(engine, at, [one for one in visits.VISITS if one in wanted], limit)
    return beyond + (_acts(engine, at, size, limit * 10) if ACTS in wanted else [])


def _pages(engine: str, at: Store, names: Sequence[str], limit: float) -> list[str]:
    if not names:
        return []
    app = visits.application(at.url)
    visits.count(app)
    app.extensions["lms"].database.dispose()
    print(f"| {engine}: page | CPU s, first | CPU s, again | waited s | memory MB | KB | statements |")
    print("|---|---|---|---|---|---|---|")
    beyond = []
    for name in names:
        found = measured(name, at, limit)
        print(page_row(name, found, limit), flush=True)
        if found is None or found.spent > PROCESSOR or found.memory > MEMORY:
            beyond.append(f"{visits.VISITS[name].title} on {engine}")
    print()
    return beyond


def _acts(engine: str, at: Store, size: Size, limit: float) -> list[str]:
    head = "CPU s | took s | longest transaction ms | saves meanwhile | a save waited, median / longest ms | refused"
    print(f"| {engine}: act | {head} |")
    print("|---|---|---|---|---|---|---|")
    beyond = []
    try:
        for done in strain.run(at, size, limit):
            print(act_row(done), flush=True)
            if max(done.waits, default=0.0) > WAIT or done.refused or done.spent > ACT or done.held > HELD:
                beyond.append(f"{NAMES[done.act]} on {engine}")
    except subprocess.TimeoutExpired:
        print(f"| stopped after {limit:g} s | | | | | | |")
        beyond.append(f"the acts on {engine}")
        at.hush()
    print()
    return beyond


def measured(name: str, at: Store, limit: float) -> Measured | None:
    """A page in a process of its own; None when it took too long."""
    command = [sys.executable, "-m", "bench", "size", "--visit", name, "--at", at.url]
    command += ["--pid", str(at.pid)] if at.pid else []
    try:
        ran = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        at.hush()
        return None
    return Measured(**json.loads(ran.stdout))


def page_row(name: str, found: Measured | None, limit: float) -> str:
    title = visits.VISITS[name].title
    if found is None:
        return f"| {title} | > {limit:g} | | | | | |"
    cells = [
        title,
        _processor(found.first, found.first_database),
        "" if found.again is None else _processor(found.again, found.again_database or 0.0),
        f"{found.waited:.2f}",
        f"{found.memory:.0f}",
        f"{found.bytes / 1000:,.0f}",
        str(found.statements),
    ]
    return f"| {' | '.join(cells)} |"


def act_row(done: Strain) -> str:
    waits = [wait * 1000 for wait in done.waits]
    told = f"{statistics.median(waits):.1f} / {max(waits):,.0f}" if waits else ""
    return (
        f"| {NAMES[done.act]} | {_processor(done.ours, done.database)} | {done.took:.1f} | {done.held * 1000:.0f} | "
        f"{len(waits)} | {told} | {done.refused} |"
    )


def _processor(ours: float, database: float) -> str:
    """Of our process, and of the database's where it has one."""
    return f"{ours:.3f} + {database:.2f}" if database else f"{ours:.3f}"
