"""Characters that nobody sees."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lms.markup.proof.flaw import Flaw

#: Controls, and what changes the direction of all that follows.
_HARMFUL = "\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069"
_BREAKING = {
    "\u00ad": "tanda hubung lunak",
    "\u200b": "spasi selebar nol",
    "\u2060": "penyambung kata",
    "\ufeff": "tanda awal berkas",
    "\u200e": "tanda arah tulisan",
    "\u200f": "tanda arah tulisan",
}
_INVISIBLE = re.compile(f"[{_HARMFUL}{''.join(_BREAKING)}]")


def flaws(text: str) -> Iterator[Flaw]:
    line, place = 1, 0
    told: set[tuple[int, str]] = set()
    for found in _INVISIBLE.finditer(text):
        line, place = line + text.count("\n", place, found.start()), found.start()
        if (line, found[0]) in told:
            continue
        told.add((line, found[0]))
        name = _BREAKING.get(found[0], "karakter kendali")
        column = found.start() - text.rfind("\n", 0, found.start())
        message = f"ada {name} (U+{ord(found[0]):04X}) yang tidak tampak di kolom {column}; hapus"
        is_harmful = found[0] not in _BREAKING
        fix = (found[0], "") if is_harmful else None
        yield Flaw(line, "T042", message, warning=not is_harmful, kind=found[0], fix=fix)
