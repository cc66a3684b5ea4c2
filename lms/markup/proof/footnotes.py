"""Footnotes without a text, and texts without a mark."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lms.markup import lists
from lms.markup.proof.flaw import Flaw, excerpt, lines

NOTE = re.compile(r"(?>(?:[ ]{0,3}>[ ]?)*)(?P<indent>[ ]*)\[\^(?P<name>[^\]\n]+)\]:[ ]*(?P<text>.*)")
_NAME = re.compile(r"[\w.-]{1,80}")


def flaws(prose: str) -> Iterator[Flaw]:
    if "[^" not in prose:
        return
    defined: dict[str, int] = {}
    used: dict[str, int] = {}
    rows = prose.split("\n")
    for number, line in enumerate(rows, 1):
        if definition := NOTE.match(line):
            yield from _note(definition, number, rows, defined)
            line = definition["text"]
        for name in re.findall(r"\[\^([^\]\n]+)\]", line) if "[^" in line else ():
            used.setdefault(name, number)
    for name, number in used.items():
        if not _NAME.fullmatch(name):
            message = f"nama catatan kaki `[^{excerpt(name)}]` hanya boleh huruf, angka, `-`, `_` dan `.`"
            yield Flaw(number, "T040", message)
        elif name not in defined:
            yield Flaw(number, "T021", f"catatan kaki `[^{name}]` belum ada; tulis `[^{name}]: …` di akhir teks")
    for name, number in defined.items():
        if name not in used:
            yield Flaw(number, "T022", f"catatan kaki `[^{name}]` tidak dipakai di dalam teks", warning=True)


def _note(found: re.Match[str], number: int, rows: list[str], defined: dict[str, int]) -> Iterator[Flaw]:
    name = found["name"]
    below = rows[number : number + 2]
    if name in defined:
        message = f"catatan kaki `[^{name}]` sudah ditulis di atas dan salah satunya hilang; beri nama lain"
        yield Flaw(number, "T039", message)
    elif len(found["indent"]) >= lists.TAB and not _below_item(rows[max(number - _ITEM_LINES, 0) : number]):
        yield Flaw(number, "T040", f"isi catatan kaki `[^{name}]` menjorok dan tampil sebagai teks; tulis di tepi kiri")
    elif not found["text"].strip() and not any(line.startswith("    ") and line.strip() for line in below):
        yield Flaw(number, "T040", f"catatan kaki `[^{name}]` belum ada isinya; tulis sesudah titik dua")
    defined.setdefault(name, number)


_ITEM_LINES = 20  # that are looked through for the item which a line may belong to


def _below_item(lines: list[str]) -> bool:
    """Whether the last of these lines is set in below the text of an item."""
    indent = len(lines[-1]) - len(lines[-1].lstrip(" "))
    outer = (line for line in reversed(lines) if line and len(line) - len(line.lstrip(" ")) < indent)
    return lists.ITEM.match(next(outer, "")) is not None


def misplaced(prose: str) -> Iterator[Flaw]:
    if "[^" not in prose:
        return
    for number, line in lines(prose):
        if found := re.search(r"\[\^[\w.-]{1,80}\]", line):
            message = f"catatan kaki `{found[0]}` tampil apa adanya di sini; tulis isinya di dalam kalimat"
            yield Flaw(number, "T045", message)
