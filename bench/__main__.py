"""Measure our lesson page, quiz page and saved answer against the floor, on SQLite and on PostgreSQL.

    python3 dev.py bench pack          what a large pack costs: ``bench/scale.py``
    python3 dev.py bench size          what thousands of people cost: ``bench/size.py``
    python3 dev.py bench curve         what instructors' figures cost as attempts grow: ``bench/curve.py``
    python3 dev.py bench reliability   many answer while servers are killed: ``bench/reliability.py``
    python3 dev.py bench failover      many answer while the database's leader is killed: ``bench/failover.py``
    python3 dev.py bench soak          half an hour in which everything happens: ``bench/soak.py``
    python3 dev.py bench [--rounds 5] [--seconds 3] [--databases sqlite,postgresql] [--module manajemen-asn]

Needs Linux, two cores, ``wrk`` and ``taskset``. Each server runs alone on core 0 (gunicorn, one worker of four
threads), wrk on core 1; every round measures every case once, so that a drift of the machine hits all alike. *Thrift*
is the processor time of a floor request (server and database) over that of ours: 1 would be the floor itself.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import create_engine, text

from bench import curve, failover, machine, reliability, scale, site, size, soak
from bench.load import Case, Measured, measure
from tests import postgres

CONNECTIONS = 16
#: What a browser of today takes; the figures that count are those of pages as they are asked for.
BROWSER = "gzip, deflate, br, zstd"


def main() -> int:
    if sys.argv[1:2] == ["pack"]:
        return scale.main(sys.argv[2:])
    if sys.argv[1:2] == ["size"]:
        return size.main(sys.argv[2:])
    if sys.argv[1:2] == ["curve"]:
        return curve.main(sys.argv[2:])
    if sys.argv[1:2] == ["reliability"]:
        return reliability.main(sys.argv[2:])
    if sys.argv[1:2] == ["failover"]:
        return failover.main(sys.argv[2:])
    if sys.argv[1:2] == ["soak"]:
        return soak.main(sys.argv[2:])
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--module", default="manajemen-asn", help="whose first lesson and quiz are asked for")
    options = parser.parse_args()
    if missing := [name for name in ("wrk", "taskset") if not shutil.which(name)]:
        sys.exit(f"{' and '.join(missing)} must be installed")
    print(f"{machine.describe()}; {options.rounds} rounds of {options.seconds:g} s, {CONNECTIONS} connections\n")
    missed = [row for name in options.databases.split(",") for row in _on(name, options)]
    if missed:
        print(f"below the goal: {', '.join(missed)}")
    return 1 if missed else 0


def _on(engine: str, options: argparse.Namespace) -> list[str]:
    """All measurements on one database engine; the names of those below their goal."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lms-bench-")))
        database_pid, urls = _databases(stack, engine, folder)
        cases = _cases(stack, folder, urls, options.module)
        figures: dict[str, list[Measured]] = defaultdict(list)
        for case in cases:  # warm: texts rendered, statements compiled, connections open
            measure(case, seconds=1, connections=CONNECTIONS, database_pid=database_pid)
        for _ in range(options.rounds):
            for case in cases:
                figures[case.name].append(
                    measure(case, seconds=options.seconds, connections=CONNECTIONS, database_pid=database_pid)
                )
        return _print(engine, cases, figures)


def _databases(stack: ExitStack, engine: str, folder: Path) -> tuple[int | None, dict[str, str]]:
    """Two databases, for the floor and for us: the server's process and their URLs."""
    if engine == "sqlite":
        return None, {name: f"sqlite:///{folder}/{name}.db" for name in ("floor", "ours")}
    url = stack.enter_context(postgres.server(durable=True))
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for name in ("floor", "ours"):
            connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
            connection.execute(text(f"CREATE DATABASE {name}"))
        data = connection.execute(text("SHOW data_directory")).scalar_one()
    made = {name: admin.url.set(database=name).render_as_string(hide_password=False) for name in ("floor", "ours")}
    admin.dispose()
    return int(Path(data, "postmaster.pid").read_text().splitlines()[0]), made


def _cases(stack: ExitStack, folder: Path, urls: dict[str, str], module: str) -> list[Case]:
    floor_env = {"BENCH_DATABASE_URL": urls["floor"]}
    subprocess.run(
        [sys.executable, "-c", "from bench import floor; floor.fill()"], env=os.environ | floor_env, check=True
    )
    catalog, readers = _ours(urls["ours"], module)
    floor, floor_pid, _ = _serve(stack, "bench.floor:app", floor_env, "/hello")
    asked = f"/materi/{catalog.lesson.module}/{catalog.lesson.slug}"
    ours, our_pid, started = _serve(stack, "lms.server:app", site.environment(urls["ours"]), asked, readers[0].cookie)
    print(
        f"cold start to the first lesson page {started:.2f} s, memory of the process "
        f"{machine.resident(machine.tree(our_pid)):.0f} MB, lesson page {catalog.lesson.id}"
    )
    with urllib.request.urlopen(f"{floor}/sign-in") as answer:
        cookie = answer.headers["Set-Cookie"].split(";")[0]
    lessons = [(asked, reader.cookie) for reader in readers]
    quizzes = [(reader.attempt, reader.cookie) for reader in readers]
    return [
        Case(name="floor hello", url=floor, script=site.pages(folder, "hello", [("/hello", "")]), server_pid=floor_pid),
        Case(
            name="floor lesson",
            url=floor,
            script=site.pages(folder, "bare", [("/lesson", cookie)]),
            server_pid=floor_pid,
        ),
        Case(name="floor autosave", url=floor, script=site.floor_save(folder, cookie), server_pid=floor_pid),
        Case(
            name="lesson page",
            url=ours,
            script=site.pages(folder, "lesson", lessons),
            server_pid=our_pid,
            base="floor lesson",
            wanted=0.6,
        ),
        Case(
            name="quiz page",
            url=ours,
            script=site.pages(folder, "quiz", quizzes),
            server_pid=our_pid,
            base="floor lesson",
            wanted=0.5,
        ),
        Case(
            name="saved answer",
            url=ours,
            script=site.saves(folder, readers, catalog.options),
            server_pid=our_pid,
            base="floor autosave",
            wanted=0.7,
        ),
        Case(
            name="lesson, as asked",
            url=ours,
            script=site.pages(folder, "lesson-asked", lessons, accept=BROWSER),
            server_pid=our_pid,
            base="floor lesson",
            wanted=0.6,
        ),
        Case(
            name="quiz, as asked",
            url=ours,
            script=site.pages(folder, "quiz-asked", quizzes, accept=BROWSER),
            server_pid=our_pid,
            base="floor lesson",
            wanted=0.5,
        ),
    ]


def _ours(database_url: str, module: str) -> tuple[site.Asked, list[site.Reader]]:
    asked = site.asked(module)
    return asked, site.prepare(database_url, asked)


def _serve(
    stack: ExitStack, app: str, environment: dict[str, str], path: str, cookie: str = ""
) -> tuple[str, int, float]:
    """Start gunicorn on core 0: its address, process, and the seconds until ``path`` was answered with 200."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["taskset", "-c", "0", sys.executable, "-m", "gunicorn", "-w1", "-k", "gthread", "--threads", "4"]
    command += ["--keep-alive", "30", "-b", f"127.0.0.1:{port}", "--log-level", "error", app]
    begun = time.perf_counter()
    server = subprocess.Popen(command, env=os.environ | environment, start_new_session=True, stderr=subprocess.DEVNULL)
    stack.callback(_stop, server)
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Cookie": cookie})
    while time.perf_counter() < begun + 20:
        try:
            with urllib.request.urlopen(asked) as answer:
                if answer.url.endswith(path):
                    return f"http://127.0.0.1:{port}", server.pid, time.perf_counter() - begun
                raise RuntimeError(f"{path} led to {answer.url}")
        except OSError:
            time.sleep(0.01)
    raise RuntimeError(f"{app} did not answer {path}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGTERM)
    server.wait(20)


def _print(engine: str, cases: list[Case], figures: dict[str, list[Measured]]) -> list[str]:
    print(f"\n{engine}: minimum / median / maximum\n")
    print(f"| {'case':<20} | requests/s | CPU ms/request (server + database) | p50, p99 ms | thrift | wanted |")
    print("|---|---|---|---|---|---|")
    missed = []
    for case in cases:
        runs = figures[case.name]
        if refused := sum(run.refused for run in runs):
            raise RuntimeError(f"{case.name}: {refused} requests were refused; the figures mean nothing")
        thrift = _thrift(runs, figures[case.base]) if case.base else []
        if case.wanted and statistics.median(thrift) < case.wanted:
            missed.append(f"{case.name} on {engine}")
        print(_row(case, runs, thrift))
    print(flush=True)
    return missed


def _row(case: Case, runs: list[Measured], thrift: list[float]) -> str:
    server, database, p50, p99 = (
        statistics.median(getattr(run, name) for run in runs) for name in ("server", "database", "p50", "p99")
    )
    cells = [
        f"{case.name:<20}",
        _spread([run.rate for run in runs], 0),
        f"{_spread([run.cost for run in runs], 2)} ({server:.2f} + {database:.2f})",
        f"{p50:.1f}, {p99:.0f}",
        _spread(thrift, 2) if thrift else "",
        f"≥ {case.wanted}" if case.wanted else "",
    ]
    return f"| {' | '.join(cells)} |"


def _thrift(ours: list[Measured], floor: list[Measured]) -> list[float]:
    """Round by round: the floor of the same round, since the machine drifts."""
    return [base.cost / run.cost for run, base in zip(ours, floor, strict=True)]


def _spread(values: list[float], digits: int) -> str:
    return " / ".join(f"{value:,.{digits}f}" for value in (min(values), statistics.median(values), max(values)))


if __name__ == "__main__":
    sys.exit(main())
