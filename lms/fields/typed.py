"""Text as people type it into forms, made fit to be kept."""

from __future__ import annotations

import re

#: Control characters, which no keyboard sends, and halves of characters, which no database takes.
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def typed(text: str) -> str:
    """``text`` without what cannot be stored and without white space around it; lines end as everywhere else."""
    return _UNSTORABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def storable(text: str) -> bool:
    """Whether every database and every JSON text can hold it."""
    return not _UNSTORABLE.search(text)
