"""Fenced blocks: found line by line, before anything else reads the text.

Python-Markdown's own fences work at the left margin only; ours also inside lists and quotes. A ```quiz fence at the
left margin is a self-check: the page gets a slot in its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# one character class, so that no line can make it backtrack
_OPENING = re.compile(r"^(?P<prefix>[ >]*)(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*)$", re.MULTILINE)
_QUIZ = re.compile(r"^(?:`{3,}|~{3,})[ ]*quiz[ ]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Fence:
    """``first`` and ``last`` are the lines (from 0) of its two marks; without a closing one, of the last line."""

    first: int
    last: int
    prefix: str
    language: str
    source: str
    closed: bool

    @property
    def is_check(self) -> bool:
        return self.language == "quiz" and not self.prefix


def find(text: str) -> Iterator[Fence]:
    """Every fenced block, in order."""
    lines = text.split("\n")
    line, position = 0, 0
    after = 0
    for opening in _OPENING.finditer(text):
        line += text.count("\n", position, opening.start())
        position = opening.start()
        mark, info = opening["fence"], opening["info"].strip()
        if line < after or (mark[0] == "`" and "`" in info):
            continue
        fence = _read(lines, line, opening["prefix"], mark, info.split(" ")[0])
        yield fence
        after = fence.last + 1


def _read(lines: list[str], first: int, prefix: str, mark: str, language: str) -> Fence:
    quotes, indent = prefix.count(">"), len(prefix) - len(prefix.rstrip(" "))
    closing = re.compile(rf"[ ]*{mark[0]}{{{len(mark)},}}[ ]*$")
    source: list[str] = []
    for number in range(first + 1, len(lines)):
        line = _without_quotes(lines[number], quotes)
        if line is None:  # the quote ends, and its fence with it
            return Fence(first, number - 1, prefix, language, "\n".join(source), closed=True)
        if closing.match(line):
            return Fence(first, number, prefix, language, "\n".join(source), closed=True)
        spaces = len(line) - len(line.lstrip(" "))
        source.append(line[min(indent, spaces) :])
    return Fence(first, len(lines) - 1, prefix, language, "\n".join(source), closed=False)


def _without_quotes(line: str, quotes: int) -> str | None:
    for _ in range(quotes):
        line = line.lstrip(" ")
        if not line.startswith(">"):
            return None
        line = line[1:]
    return line.removeprefix(" ") if quotes else line


def quiz_fences(text: str) -> list[tuple[int, str]]:
    """The self-checks of a lesson: ``(line, from 1, of the source's first line; source)``. Renders nothing."""
    if not _QUIZ.search(text):
        return []
    return [(fence.first + 2, fence.source) for fence in find(text) if fence.is_check]


def mask(text: str) -> str:
    """The text with every fenced block blanked; the number of lines stays the same."""
    lines = text.split("\n")
    for fence in find(text):
        lines[fence.first : fence.last + 1] = [""] * (fence.last + 1 - fence.first)
    return "\n".join(lines)
