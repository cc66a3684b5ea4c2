"""How a regulation and a place in it are named, wherever an author does so: ``uu-20-2023#3.2``."""

from __future__ import annotations

import re

SHAPE = "`peraturan#pasal`, mis. uu-20-2023#3.2"
_SHAPE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:#[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*)?")


def citation(written: str) -> tuple[str, str]:
    """A regulation and a locator in it, which is empty for the whole regulation."""
    regulation, _, locator = written.partition("#")
    return regulation, locator


def is_citation(written: str) -> bool:
    """Whether a register can hold what is named so."""
    return _SHAPE.fullmatch(written) is not None


def respelt(written: str) -> str | None:
    """What can only be meant: as in a link (``reg:``), in capitals, with spaces at its ``#``. None: a doubt."""
    regulation, sign, locator = written.strip().removeprefix("reg:").partition("#")
    meant = regulation.strip().lower() + sign + locator.strip()
    return meant if is_citation(meant) else None
