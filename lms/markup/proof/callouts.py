"""Boxes of an unknown kind, and those that run into the quotation above."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lms.markup.blocks import CALLOUTS
from lms.markup.proof.flaw import Flaw, lines

_CALLOUT = re.compile(r"(?P<prefix>[ >]*>)[ ]*\[!(?P<kind>\w+)\]")


def flaws(prose: str) -> Iterator[Flaw]:
    if "[!" not in prose:
        return
    above = 0
    for number, line in lines(prose):
        quotes = line[: len(line) - len(line.lstrip(" >"))].count(">")
        if found := _CALLOUT.match(line):
            if found["kind"] not in CALLOUTS:
                kinds = ", ".join(CALLOUTS)
                kind, meant = found["kind"], found["kind"].upper()
                fix = (f"[!{kind}]", f"[!{meant}]") if meant in CALLOUTS else None
                yield Flaw(number, "T014", f"jenis kotak `{kind}` tidak dikenal; pilih {kinds}", fix=fix)
            elif above >= quotes:
                fix = (line, f"\n{line}") if found["prefix"] == ">" else None
                yield Flaw(number, "T015", "beri baris kosong tanpa `>` di atas kotak ini", fix=fix)
        above = quotes
