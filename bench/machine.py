"""What the machine spent: processor time and memory of processes, from /proc (Linux only)."""

from __future__ import annotations

import os
import platform
import re
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def tree(root: int) -> set[int]:
    """A process and all that descend from it."""
    parents = {pid: int(stat[1]) for pid in _all() if (stat := _stat(pid))}
    found = {root}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def seconds(pids: set[int]) -> float:
    """Processor seconds these processes and their ended children have used so far."""
    return sum(sum(map(int, stat[11:15])) for pid in pids if (stat := _stat(pid))) / _TICKS


def spent(root: int | None) -> float:
    """Processor seconds of a process and its descendants; none of a database that has no process of its own."""
    return seconds(tree(root)) if root else 0.0


def resident(pids: set[int]) -> float:
    """Memory of the largest of these processes in MB (resident set)."""
    return max((_megabytes(pid, "VmRSS") for pid in pids), default=0.0)


def rest() -> float:
    """Memory of this process now in MB (resident set); from here on ``peak`` counts anew."""
    Path("/proc/self/clear_refs").write_text("5")
    return _megabytes(os.getpid(), "VmRSS")


def peak() -> float:
    """The most memory in MB (resident set) that this process held since ``rest``."""
    return _megabytes(os.getpid(), "VmHWM")


def _megabytes(pid: int, field: str) -> float:
    """A line of /proc/PID/status; 0 when the process is gone."""
    try:
        found = re.search(rf"^{field}:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(), re.M)
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0


def describe() -> str:
    """The machine in a line, for whoever compares figures."""
    info = Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*:\s*(.+)", info)
    memory = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())
    return (
        f"{model[1] if model else platform.machine()}, {os.cpu_count()} cores, "
        f"{int(memory[1]) / 1024**2 if memory else 0:.1f} GB, Linux {platform.release().split('-')[0]}, "
        f"Python {platform.python_version()}"
    )


def _all() -> list[int]:
    return [int(path.name) for path in Path("/proc").glob("[0-9]*")]


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the command's name; empty when the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return []
