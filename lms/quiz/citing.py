"""How a regulation or an article is named: ``uu-20-2023#3.2``."""

from __future__ import annotations

import re

_CITATION = re.compile(r"(?P<id>[a-z0-9]+(?:-[a-z0-9]+)*)(?:#(?P<locator>[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*))?")
SHAPE = "`peraturan#pasal`, mis. uu-20-2023#3.2"


def named(text: str) -> tuple[str, str] | None:
    """The id of a regulation and the locator within it, which may be empty; None for what names none."""
    found = _CITATION.fullmatch(text)
    return (found["id"], found["locator"] or "") if found else None


def respelt(text: str) -> str | None:
    """What ``text`` can only be meant to name: as in a link (``reg:``), in capitals, with spaces at its ``#``."""
    id, sign, locator = text.strip().removeprefix("reg:").partition("#")
    meant = id.strip().lower() + sign + locator.strip()
    return meant if named(meant) else None
