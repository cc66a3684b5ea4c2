"""One measurement: wrk asks for some seconds, and the processor time of server and database is read around it."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from bench import machine

_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass(frozen=True, slots=True)
class Measured:
    """``server`` and ``database``: processor milliseconds a request; ``p50``, ``p99``: milliseconds of waiting."""

    rate: float
    server: float
    database: float
    p50: float
    p99: float
    refused: int

    @property
    def cost(self) -> float:
        return self.server + self.database


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is asked: ``script`` is a wrk script that makes the requests, ``base`` the floor they are held against."""

    name: str
    url: str
    script: Path
    server_pid: int
    base: str | None = None
    wanted: float | None = None  # the least thrift


def measure(case: Case, *, seconds: float, connections: int, database_pid: int | None) -> Measured:
    servers = machine.tree(case.server_pid)
    databases = machine.tree(database_pid) if database_pid else set()
    before = machine.seconds(servers), machine.seconds(databases)
    command = ["taskset", "-c", "1", "wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", "--latency"]
    command += ["--timeout", "30s", "-s", str(case.script), case.url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    # PostgreSQL starts a process for each connection, so some are new
    after = machine.seconds(servers), machine.seconds(machine.tree(database_pid) if database_pid else set())
    return _read(said, after[0] - before[0], after[1] - before[1])


def _read(said: str, server: float, database: float) -> Measured:
    total = re.search(r"(\d+) requests in", said)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if not total or not rate or not int(total[1]):
        raise RuntimeError(f"wrk measured nothing:\n{said}")
    waits = {part: float(number) * _UNITS[unit] for part, number, unit in re.findall(_WAIT, said, re.M)}
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    count = int(total[1])
    return Measured(
        rate=float(rate[1]),
        server=server * 1000 / count,
        database=database * 1000 / count,
        p50=waits.get("50", 0.0),
        p99=waits.get("99", 0.0),
        refused=int(refused[1]) if refused else 0,
    )


_WAIT = r"^\s+(50|99)%\s+([\d.]+)(us|ms|s|m)\s*$"
