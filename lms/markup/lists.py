"""Lists as authors write them, for Python-Markdown.

CommonMark nests a list by the column of the text above it (two or three spaces) and lets it follow a paragraph
directly; Python-Markdown wants four spaces and an empty line. Quiz files are read as CommonMark, so lessons are too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ITEM = re.compile(r"(?P<indent>[ ]*)(?P<mark>[-*+]|(?P<number>[0-9]{1,9})[.)])(?P<gap>[ ]+)(?P<text>.*)$")
_RULE = re.compile(r"[ ]{0,3}([-*_])[ ]*(?:\1[ ]*){2,}$")
_QUOTE = re.compile(r"[ ]{0,3}>[ ]?")
_TAB = 4


@dataclass(frozen=True, slots=True)
class _Level:
    """An open list item: the columns of its mark and of its text, and what kind of list it belongs to."""

    mark: int
    text: int
    ordered: bool


def normalise(lines: list[str]) -> list[str]:
    """The same text with nested lists at multiples of four and an empty line before each list."""
    done: list[str] = []
    block: list[str] = []
    for line in [*lines, None]:
        if line is not None and (quote := _QUOTE.match(line)):
            block.append(line[quote.end() :])
            continue
        if block:
            done += [f"> {inner}" if inner else ">" for inner in normalise(block)]
            block = []
        if line is not None:
            done.append(line)
    return _indented(done)


def _indented(lines: list[str]) -> list[str]:
    done: list[str] = []
    levels: list[_Level] = []
    blank = True
    for line in lines:
        if not line.strip(" "):
            done.append("")
            blank = True
            continue
        indent = len(line) - len(line.lstrip(" "))
        item = _item(line, levels, blank)
        if item:
            _open(done, levels, item, blank)
        else:
            if not blank and levels and indent < levels[-1].text and _RULE.match(line):
                done.append("")  # or Python-Markdown reads the item above as a heading
                blank = True
            done.append(_continued(levels, line, indent, blank))
        blank = False
    return done


def _item(line: str, levels: list[_Level], blank: bool) -> re.Match[str] | None:
    item = None if _RULE.match(line) else _ITEM.match(line)
    if item is None or levels:
        return item
    if len(item["indent"]) >= _TAB:
        return None
    # "… pada tahun⏎2020. Sesudah itu" is text: only a 1 may begin a list in the middle of a paragraph
    return item if blank or item["number"] in (None, "1") else None


def _open(done: list[str], levels: list[_Level], item: re.Match[str], blank: bool) -> None:
    """Write an item's first line and make it the innermost level."""
    indent, ordered = len(item["indent"]), item["number"] is not None
    sibling = None
    while levels and indent < levels[-1].text:
        sibling = levels.pop()
    interrupts = sibling is None and not levels
    changes = sibling is not None and sibling.ordered != ordered
    if not blank and (interrupts or changes):
        done.append("")
    mark = f"{item['number']}." if ordered else item["mark"]
    done.append(f"{' ' * _TAB * len(levels)}{mark} {item['text']}")
    gap = len(item["gap"]) if len(item["gap"]) <= _TAB else 1
    levels.append(_Level(indent, indent + len(item["mark"]) + gap, ordered))


def _continued(levels: list[_Level], line: str, indent: int, blank: bool) -> str:
    """A line that is no item: further text of the innermost item that reaches its column."""
    if not blank and levels and not line.lstrip(" ").startswith((">", "#", "|", "\x02")):
        return line.lstrip(" ") if indent < levels[-1].text else " " * _TAB * len(levels) + line.lstrip(" ")
    while levels and indent < levels[-1].text:
        levels.pop()
    if not levels:
        return line
    return " " * _TAB * len(levels) + line[levels[-1].text :]
