"""What is refused before Markdown sees it.

Python-Markdown takes minutes for a few kilobytes of unclosed brackets and runs out of stack on deep nesting (its
issue 798), and cleaning its HTML costs about 0.1 ms an element. These rules keep every text that passes below a second
(``tests/markup/test_costs.py``) and are more than ten times what any lesson of the shipped pack holds; the most of one
lesson stands beside each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lms.errors import Invalid
from lms.markup import fences

MAX_CHARACTERS = 200_000  # 9,798
MAX_LINES = 5_000  # 125; one alone costs little, yet each is looked at some fifty times
MAX_LINE = 10_000  # 634
MAX_UNCLOSED = 200
MAX_DEPTH = 20
MAX_COLUMNS = 50
MAX_CELLS = 2_000  # about 60
MAX_MARKS = 6_000  # 211; the least that emphasis, code or an entity needs is one or two
MAX_HEADINGS = 300  # 11
MAX_REFERENCES = 600  # 41; a footnote makes five elements
MAX_BLOCKS = 2_000  # 76
MAX_JOINED = 4_000_000  # 110,000, were all its headings in one paragraph; see ``_built``

#: Line from 1, code, message.
Refusal = tuple[int, str, str]

_MARKS = "\\`*_[]<>!|&#~^"
#: What costs in code as well: it is escaped, or no character of HTML (its control characters and noncharacters).
_ESCAPED = re.compile(
    "[&<>\0-\x08\x0b\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef"
    + "".join(chr(p << 16 | e) for p in range(17) for e in (0xFFFE, 0xFFFF))
    + "]"
)
#: Of the rest of ASCII nothing is; a text is mostly that, and told in a tenth of the time.
_PLAIN = bytes({*b"\t\n", *range(0x20, 0x7F)} - {*b"&<>"})
_REFERENCE = re.compile(r"\]\([ ]*<?(?:https?://)?|\[\^|<[A-Za-z][A-Za-z0-9+.-]*://|https?://|www\.", re.IGNORECASE)
_PREFIX = re.compile(r"[ ]*(?:(?:>|(?:[-*+]|[0-9]{1,9}[.)])[ ])[ ]*)*")
_PREFIX_MARK = re.compile(r">|[-*+]|[0-9]{1,9}[.)]")
#: Without so many of these characters at its beginning no line is too deep, and hardly any has them.
_DEEP = re.compile(rf"^[ >*+.)0-9-]{{{MAX_DEPTH}}}", re.MULTILINE)
_RULE = re.compile(r"[ ]{0,3}(?:[-*_][ ]*)+$")
_UNDERLINE = re.compile(r"(?:=+|-+)[ ]*$")
#: A heading, a rule, an underline, the title of a box, a footnote: it stands for itself within its paragraph.
_ALONE = re.compile(r"#|(?:[-*_=][ ]*)+$|\[[!^]")


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
    if len(text) > MAX_CHARACTERS or len(text := fences.clean(text)) > MAX_CHARACTERS:
        yield 1, "T001", f"teks lebih dari {MAX_CHARACTERS // 1000} KB; bagi menjadi beberapa materi atau soal"
        return
    lines = text.split("\n")
    if len(lines) > MAX_LINES:
        yield MAX_LINES + 1, "T001", f"teks lebih dari {MAX_LINES} baris; bagi menjadi beberapa materi atau soal"
        return
    if long := next((number for number, line in enumerate(lines, 1) if len(line) > MAX_LINE), 0):
        yield long, "T002", f"baris lebih dari {MAX_LINE} karakter; pecah menjadi beberapa baris"
        return
    prose = fences.mask(text)
    if len(text) > MAX_MARKS and max(sum(map(prose.count, _MARKS)), _escaped(text)) > MAX_MARKS:
        yield 1, "T006", f"teks memuat lebih dari {MAX_MARKS} tanda Markdown; bagi menjadi beberapa materi atau soal"
        return
    yield from _referred(prose)
    if not _is_short(text, len(lines)):
        yield from _built(prose, sum(1 for _ in fences.find(text)))
    yield from _unclosed(prose)
    yield from _nested(prose)
    yield from _tables(prose)


def _escaped(text: str) -> int:
    """How many characters cost in code; where few can, how many at most."""
    most = len(text.encode(errors="replace").translate(None, _PLAIN))
    return len(_ESCAPED.findall(text)) if most > MAX_MARKS else most


def _referred(text: str) -> Iterator[Refusal]:
    if sum(map(text.casefold().count, ("[", "]", "<", "://", "www."))) <= MAX_REFERENCES:
        return
    for count, mark in enumerate(_REFERENCE.finditer(text), 1):
        if count > MAX_REFERENCES:
            message = (
                f"lebih dari {MAX_REFERENCES} tautan, gambar dan catatan kaki; bagi menjadi beberapa materi atau soal"
            )
            yield text.count("\n", 0, mark.start()) + 1, "T008", message
            return


def _is_short(text: str, lines: int) -> bool:
    """Whether nothing that ``_built`` counts can be over its limit: so are most texts, and this is quickly told."""
    most = 3 * lines + sum(map(text.count, ">-*+.)"))
    return lines <= MAX_HEADINGS and most <= MAX_BLOCKS and lines * len(text) <= MAX_JOINED


def _built(text: str, blocks: int) -> Iterator[Refusal]:
    """Counts, on the safe side, the elements that Markdown builds of lines; ``blocks``: what else there is.

    What stands for itself within a paragraph makes Python-Markdown read the rest of it again: ``joined`` counts the
    characters.
    """
    headings = joined = alone = size = quotes = 0
    above, ended = "", True
    for number, line in enumerate([*text.split("\n"), ""], 1):
        prefix = _prefix(line)
        rest, is_item = line[len(prefix) :], bool(prefix.strip(" >"))
        if not line.strip(" "):
            joined += max(alone - 1, 0) * size
            alone = size = quotes = 0
        is_alone = _ALONE.match(rest) is not None
        underlines = bool(above) and _UNDERLINE.match(rest) is not None
        headings += rest.startswith("#") or underlines
        alone += is_alone
        size += len(line) + 1
        if rest or is_item:
            blocks += (
                (ended or is_alone)
                + rest.endswith(("  ", "\\"))
                + rest.startswith("[")
                + len(_PREFIX_MARK.findall(prefix.replace(">", "")))
            )
        blocks += max(prefix.count(">") - quotes, 0)
        quotes, above, ended = prefix.count(">"), rest, is_alone or not rest
        if headings > MAX_HEADINGS:
            yield number, "T007", f"lebih dari {MAX_HEADINGS} judul; bagi menjadi beberapa materi atau soal"
            return
        if blocks > MAX_BLOCKS:
            yield (
                number,
                "T009",
                f"lebih dari {MAX_BLOCKS} alinea, butir dan kotak; bagi menjadi beberapa materi atau soal",
            )
            return
        if joined > MAX_JOINED:
            message = "terlalu banyak judul dan garis dalam satu alinea; beri baris kosong di antaranya"
            yield number - 1, "T009", message
            return


def _prefix(line: str) -> str:
    """The marks of lists and quotes before a text, and the spaces around them."""
    found = _PREFIX.match(line) if line[:1] in " >-*+0123456789" else None
    return found[0] if found else ""


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
    if not _DEEP.search(text):
        return
    for number, line in enumerate(text.split("\n"), 1):
        prefix = _prefix(line)
        depth = len(_PREFIX_MARK.findall(prefix)) + (len(prefix) - len(prefix.lstrip(" "))) // 2
        if depth > MAX_DEPTH and not _RULE.match(line):
            yield number, "T004", f"daftar atau kutipan bersarang lebih dari {MAX_DEPTH} tingkat"
            return


def _tables(text: str) -> Iterator[Refusal]:
    """Every row gets as many cells as the header: short rows under a wide header grow a hundredfold."""
    cells, columns = 0, 0
    if "|" not in text:
        return
    for number, line in enumerate(text.split("\n"), 1):
        columns = max(columns, line.count("|")) if line.strip(" >") else 0
        cells += columns
        if columns > MAX_COLUMNS or cells > MAX_CELLS:
            yield number, "T005", f"tabel lebih dari {MAX_COLUMNS} kolom atau {MAX_CELLS} sel; pecah tabelnya"
            return
