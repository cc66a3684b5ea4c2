"""How a regulation and a place in it are named, wherever an author does so."""

from __future__ import annotations

import re

_SHAPE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:#[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*)?")


def citation(written: str) -> tuple[str, str]:
    """``uu-20-2023#3.2`` as a regulation and a locator in it, which is empty for the whole regulation."""
    regulation, _, locator = written.partition("#")
    return regulation, locator


def is_citation(written: str) -> bool:
    """Whether a register can hold what is named so."""
    return _SHAPE.fullmatch(written) is not None
