"""What is refused before Markdown sees it.

Python-Markdown takes minutes for a few kilobytes of unclosed brackets and runs out of stack on deep nesting (its
issue 798; measured in docs of the dependencies). These rules are far above what any lesson holds and keep every
text that passes below a second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lms.errors import Invalid
from lms.markup import fences

MAX_CHARACTERS = 200_000
MAX_LINE = 10_000
MAX_UNCLOSED = 200
MAX_DEPTH = 20
MAX_COLUMNS = 50
MAX_CELLS = 5_000
MAX_MARKS = 20_000

#: Line from 1, code, message.
Refusal = tuple[int, str, str]

_MARKS = re.compile(r"[\\`*_\[\]<>!|&#~^]")
_PREFIX = re.compile(r"[ ]*(?:(?:>|(?:[-*+]|[0-9]{1,9}[.)])[ ])[ ]*)*")
_PREFIX_MARK = re.compile(r">|[-*+]|[0-9]{1,9}[.)]")
_RULE = re.compile(r"[ ]{0,3}(?:[-*_][ ]*)+$")


class TextRefused(Invalid):
    """The text could stall the server; ``line`` counts from 1 within the text."""

    message = "Teks ini tidak dapat ditampilkan."

    def __init__(self, message: str | None = None, *, code: str = "T001", line: int = 1) -> None:
        super().__init__(message)
        self.code = code
        self.line = line


def refuse(text: str) -> None:
    """Raise ``TextRefused`` for the first broken limit."""
    for line, code, message in broken(text):
        raise TextRefused(message, code=code, line=line)


def broken(text: str) -> Iterator[Refusal]:
    """Every broken limit; the ones on size alone come first and end the search."""
    if len(text) > MAX_CHARACTERS:
        yield 1, "T001", f"teks lebih dari {MAX_CHARACTERS // 1000} KB; bagi menjadi beberapa materi"
        return
    lines = text.split("\n")
    if long := next((number for number, line in enumerate(lines, 1) if len(line) > MAX_LINE), 0):
        yield long, "T002", f"baris lebih dari {MAX_LINE} karakter; pecah menjadi beberapa baris"
        return
    prose = fences.mask(text)
    if len(_MARKS.findall(prose)) > MAX_MARKS:
        yield 1, "T006", f"teks memuat lebih dari {MAX_MARKS} tanda Markdown; bagi menjadi beberapa materi"
        return
    yield from _unclosed(prose)
    yield from _nested(prose)
    yield from _tables(prose)


def _unclosed(text: str) -> Iterator[Refusal]:
    for opening, closing in ("[]", "<>"):
        if text.count(opening) <= MAX_UNCLOSED:
            continue
        depth = 0
        for mark in re.finditer(f"[{re.escape(opening + closing)}]", text):
            depth = depth + 1 if mark[0] == opening else max(depth - 1, 0)
            if depth > MAX_UNCLOSED:
                line = text.count("\n", 0, mark.start()) + 1
                message = f"lebih dari {MAX_UNCLOSED} tanda `{opening}` tidak ditutup"
                yield line, "T003", message
                break


def _nested(text: str) -> Iterator[Refusal]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line or line[0] not in " >-*+0123456789":
            continue
        found = _PREFIX.match(line)
        prefix = found[0] if found else ""
        depth = len(_PREFIX_MARK.findall(prefix)) + (len(prefix) - len(prefix.lstrip(" "))) // 2
        if depth > MAX_DEPTH and not _RULE.match(line):
            yield number, "T004", f"daftar atau kutipan bersarang lebih dari {MAX_DEPTH} tingkat"
            return


def _tables(text: str) -> Iterator[Refusal]:
    """Every row gets as many cells as the header: short rows under a wide header grow a hundredfold."""
    cells, columns = 0, 0
    for number, line in enumerate(text.split("\n"), 1):
        columns = max(columns, line.count("|")) if line.strip(" >") else 0
        cells += columns
        if columns > MAX_COLUMNS or cells > MAX_CELLS:
            yield number, "T005", f"tabel lebih dari {MAX_COLUMNS} kolom atau {MAX_CELLS} sel; pecah tabelnya"
            return
