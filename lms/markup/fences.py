"""Fenced blocks: found line by line, before anything else reads the text. The only reader of them.

Python-Markdown's own fences work at the left margin only; ours also inside lists and quotes. A fence at the left margin
whose first word is ``quiz`` is a self-check, whatever stands behind it: the page gets a slot in its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# one character class, so that no line can make it backtrack
_OPENING = re.compile(r"^(?P<prefix>[ >]*)(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Fence:
    """``first`` and ``last`` are the lines (from 0) of its two marks; without a closing one, of the last line.

    ``info``: what stands behind the opening mark.
    """

    first: int
    last: int
    prefix: str
    mark: str
    info: str
    source: str
    closed: bool

    @property
    def language(self) -> str:
        return self.info.split(maxsplit=1)[0] if self.info else ""

    @property
    def is_check(self) -> bool:
        return self.language == "quiz" and not self.prefix


def clean(text: str) -> str:
    """The text as Python-Markdown takes it before it reads a line: its line ends, its tabs, no marks of its own."""
    text = text.replace("\x02", "").replace("\x03", "")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.expandtabs(4) if "\t" in text else text


def find(text: str) -> Iterator[Fence]:
    """Every fenced block, in order."""
    text = clean(text)
    if "```" not in text and "~~~" not in text:
        return
    lines = text.split("\n")
    line, position = 0, 0
    after = 0
    for opening in _OPENING.finditer(text):
        line += text.count("\n", position, opening.start())
        position = opening.start()
        if line < after or (opening["fence"][0] == "`" and "`" in opening["info"]):
            continue
        fence = _read(lines, line, opening)
        yield fence
        after = fence.last + 1


def _read(lines: list[str], first: int, opening: re.Match[str]) -> Fence:
    prefix, mark, info = opening["prefix"], opening["fence"], opening["info"].strip()
    quotes, indent = prefix.count(">"), len(prefix) - len(prefix.rstrip(" "))
    closing = re.compile(rf"[ ]*{mark[0]}{{{len(mark)},}}[ ]*$")
    source: list[str] = []
    last, closed = len(lines) - 1, False
    for number in range(first + 1, len(lines)):
        line = _without_quotes(lines[number], quotes)
        if line is None or closing.match(line):
            # where a quote ends, its fence ends with it
            last, closed = (number - 1 if line is None else number), True
            break
        spaces = len(line) - len(line.lstrip(" "))
        source.append(line[min(indent, spaces) :])
    return Fence(first, last, prefix, mark, info, "\n".join(source), closed)


def _without_quotes(line: str, quotes: int) -> str | None:
    for _ in range(quotes):
        line = line.lstrip(" ")
        if not line.startswith(">"):
            return None
        line = line[1:]
    return line.removeprefix(" ") if quotes else line


def quiz_fences(text: str) -> list[Fence]:
    """The self-checks of a lesson, one for each slot of its page. Renders nothing."""
    return [fence for fence in find(text) if fence.is_check]


def as_code(text: str, fences: Iterable[Fence]) -> str:
    """The text with these fences of it as plain code: a fence without a name is no self-check."""
    lines = clean(text).split("\n")
    for fence in fences:
        lines[fence.first] = fence.prefix + fence.mark
    return "\n".join(lines)


def mask(text: str) -> str:
    """The text with every fenced block blanked; the number of lines stays the same."""
    lines = clean(text).split("\n")
    for fence in find(text):
        lines[fence.first : fence.last + 1] = [""] * (fence.last + 1 - fence.first)
    return "\n".join(lines)
