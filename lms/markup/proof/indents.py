"""Lines that are set in, and mean something else than they look like."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lms.markup import lists
from lms.markup.proof.flaw import Flaw, lines
from lms.markup.proof.footnotes import NOTE


def code(prose: str) -> Iterator[Flaw]:
    """Indented code is no code with us: it is shown as text. Below an item or a note it is a part of that."""
    below, gap, told = False, True, False
    for number, line in lines(prose):
        text = line.lstrip(" ")
        if not text:
            gap, told = True, False
            continue
        indent = len(line) - len(text)
        begins = lists.ITEM.match(line) or NOTE.match(line)
        if indent < lists.TAB:
            below = bool(begins) or (below and (indent > 0 or not gap))
        elif gap and not below and not told and not begins:
            told = True
            message = "teks menjorok empat spasi tampil sebagai teks biasa; tulis di tepi kiri, atau kode di antara ```"
            yield Flaw(number, "T043", message, warning=True, kind="T043")
        gap = False


def items(prose: str) -> Iterator[Flaw]:
    """An item that is set in, but not far enough to be one below the item above."""
    above: re.Match[str] | None = None
    for number, line in lines(prose):
        item = lists.ITEM.match(line)
        if item and above:
            indent, mark = len(item["indent"]), len(above["indent"])
            needed = mark + min(len(above["mark"]) + 1, lists.ENOUGH)
            if mark < indent < needed:
                message = (
                    f"butir ini setingkat dengan yang di atasnya; beri {needed} spasi, atau {mark} bila memang begitu"
                )
                yield Flaw(number, "T044", message, warning=True, kind="T044")
        if item or (line and not line.startswith(" ")):
            above = item
