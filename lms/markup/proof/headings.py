"""Headings of the wrong level, and lines that become headings unseen."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lms.markup.proof.flaw import Flaw, lines

_UNDERLINE = re.compile(r"^(?:=+|-+)[ ]*$", re.MULTILINE)
_NO_TITLE = re.compile(r"#|[-*+][ ]|[0-9]{1,9}[.)][ ]|[-=:| ]*$")


def underlined(prose: str) -> Iterator[Flaw]:
    """A line between an empty one and a rule: Markdown makes it a heading, wanted or not."""
    for found in _UNDERLINE.finditer(prose):
        above, gap = _line_before(prose, found.start())
        title, before = prose[gap:above].strip(" >"), prose[_line_before(prose, gap)[1] : max(gap - 1, 0)]
        if not before.strip(" >") and "|" not in title and not _NO_TITLE.match(title):
            message = "garis tepat di bawah teks menjadikannya judul; tulis `## Judul`, atau beri jarak satu baris"
            yield Flaw(prose.count("\n", 0, found.start()) + 1, "T033", message)


def _line_before(text: str, start: int) -> tuple[int, int]:
    """Where the line above the one that begins here ends, and where it begins."""
    end = max(start - 1, 0)
    return end, text.rfind("\n", 0, end) + 1


_HEADING = re.compile(r"(#{1,6})(?!#)[ ]*\S")


def levels(prose: str) -> Iterator[Flaw]:
    last = 1
    for number, line in lines(prose):
        found = _HEADING.match(line) if line.startswith("#") else None
        if not found:
            continue
        level = len(found[1])
        if level == 1:
            yield Flaw(number, "T010", "`#` dipakai untuk judul halaman; mulai dari `##`")
        elif level > 3:
            yield Flaw(number, "T012", "pakai `##` dan `###` saja")
        elif level > last + 1:
            yield Flaw(number, "T011", "`###` tanpa `##` di atasnya; tingkat judul tidak boleh melompat")
        last = max(min(level, 3), 1)


def misplaced(prose: str) -> Iterator[Flaw]:
    for number, line in lines(prose):
        if _HEADING.match(line):
            yield Flaw(number, "T045", "judul tampil apa adanya di sini; tulis alinea biasa, atau `**tebal**`")
