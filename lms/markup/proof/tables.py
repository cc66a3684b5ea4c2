"""Tables that are none, and rows that do not fit their head."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lms.markup.proof.flaw import Flaw

_RULER = re.compile(r"(?=.*-)[-:| ]+$")
_PIPE = re.compile(r"(?<!\\)\|")


def flaws(prose: str) -> Iterator[Flaw]:
    if "|" not in prose:
        return
    written = prose.split("\n")
    lines = [line.lstrip(" >").rstrip(" ") for line in written]
    first = 0  # of the stretch without an empty line
    for index, line in enumerate([*lines, ""]):
        if line and not line.startswith("[!"):
            continue
        if any("|" in one for one in lines[first:index]):
            alone = lines[first:index] == written[first:index]  # in no quote and no list, where a line is easily added
            yield from _table(lines[first:index], first + 1, alone)
        first = index + 1


def _table(lines: list[str], number: int, alone: bool) -> Iterator[Flaw]:
    """What is wrong with a table that begins here; ``number``: of its first line."""
    head, ruler = lines[0], lines[1] if len(lines) > 1 else ""
    late = next((at for at in range(2, len(lines)) if _is_ruler(lines[at]) and "|" in lines[at - 1]), 0)
    bordered = head.startswith("|") or head.endswith("|")
    if "|" in head and _is_ruler(ruler):
        columns, ruled = _cells(head, bordered), _cells(ruler, bordered)
        if len(columns) != len(ruled):
            message = f"kepala tabel {len(columns)} kolom, garis pemisahnya {len(ruled)}; samakan"
            yield Flaw(number + 1, "T034", message)
            return
        for at, row in enumerate(lines[2:], number + 2):
            if any(cell.strip(f" {_GONE}") for cell in _cells(row, bordered)[len(columns) :]):
                message = f"baris ini lebih dari {len(columns)} kolom; samakan, atau tulis `\\|` di dalam sel"
                yield Flaw(at, "T035", message)
    elif late:
        message, row = "beri baris kosong di atas tabel ini; tanpa itu tabel tampil sebagai teks", lines[late - 1]
        yield Flaw(number + late - 1, "T025", message, fix=(row, f"\n{row}") if alone else None)
    elif head.startswith("|") and head.endswith("|") and len(_cells(head, bordered)) > 1:
        write = "|".join(["", *["---"] * len(_cells(head, bordered)), ""])
        message = f"tabel tanpa garis pemisah tampil sebagai teks; tulis `{write[:60]}` di bawah baris ini"
        yield Flaw(number, "T034", message, fix=(head, f"{head}\n{write}") if alone else None)


_GONE = "\x02"


def _is_ruler(line: str) -> bool:
    return "|" in line and _RULER.match(line) is not None


def _cells(row: str, bordered: bool) -> list[str]:
    """As Python-Markdown cuts them: the outer marks are none where the head has none."""
    cells = _PIPE.split(row)
    if bordered:
        cells = cells[1:] if row.startswith("|") else cells
        cells = cells[:-1] if len(cells) > 1 and not cells[-1] else cells
    return cells
