"""Takes an author's text as it comes: odd line ends, tabs, and the notes among editors that must never be published."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lms.quiz.markdown import in_prose

_OPENING = re.compile("<!--")


def clean(text: str) -> str:
    """``text`` with ``\\n`` line ends, four-column tab stops, and neither byte order mark nor unstorable characters."""
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    return text.expandtabs(4).encode(errors="replace").decode()


@dataclass(frozen=True, slots=True)
class Bare:
    """A text without its ``<!-- notes -->``; all other characters stand on the line they stood on."""

    text: str
    noted: frozenset[int]  # lines on which nothing but a note stood
    unclosed: int | None  # the line where a note begins that never ends


def without_notes(text: str, first_line: int) -> Bare:
    """Leave out HTML comments, except where they are shown as code. The text begins at line ``first_line``."""
    if "<!--" not in text:
        return Bare(text, frozenset(), None)
    pieces, end, unclosed = [], 0, None
    for start in (found.start() for found in in_prose(_OPENING, text)):
        if start < end:
            continue
        close = text.find("-->", start + 2)  # `<!-->` is a whole note
        if close < 0:
            unclosed = first_line + text.count("\n", 0, start)
        pieces.append(text[end:start])
        end = len(text) if close < 0 else close + 3
        pieces.append("\n" * text.count("\n", start, end))
    bare = "".join([*pieces, text[end:]])
    both = enumerate(zip(text.split("\n"), bare.split("\n"), strict=True), first_line)
    noted = frozenset(line for line, (before, after) in both if before.strip() and not after.strip())
    return Bare(bare, noted, unclosed)
