"""How long a process keeps others from writing: its longest transaction, from the lock to the commit.

    python -m bench.holding COMMAND …

runs an ``lms`` command so and says it at the end, on standard error.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter

from sqlalchemy import event
from sqlalchemy.orm import Session

from lms.cli import main as lms

SAYS = "longest transaction: "


@dataclass
class Held:
    """``longest``: seconds, on SQLite without the wait for the lock, which a transaction takes as it begins."""

    longest: float = 0.0


@contextmanager
def watched() -> Iterator[Held]:
    """All transactions of sessions that begin in this process meanwhile. A save is a single statement and is none."""
    held = Held()

    def begun(session: Session, *_: object) -> None:
        session.info["begun"] = perf_counter()

    def ended(session: Session, *_: object) -> None:
        if begun_at := session.info.pop("begun", None):
            held.longest = max(held.longest, perf_counter() - begun_at)

    listeners = {"after_begin": begun, "after_commit": ended, "after_rollback": ended}
    for name, listener in listeners.items():
        event.listen(Session, name, listener)
    try:
        yield held
    finally:
        for name, listener in listeners.items():
            event.remove(Session, name, listener)


def main() -> None:
    with watched() as held:
        try:
            lms(sys.argv[1:])
        finally:
            print(f"{SAYS}{held.longest}", file=sys.stderr)


if __name__ == "__main__":
    main()
