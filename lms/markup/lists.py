"""Lists as authors write them, for Python-Markdown.

CommonMark nests a list by the column of the text above it (two or three spaces) and lets it follow a paragraph
directly; Python-Markdown wants four spaces and an empty line. Quiz files are read as CommonMark, so lessons are too –
but for what stands below ``10.``, where authors go on with three spaces as below ``9.``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

ITEM = re.compile(r"(?P<indent>[ ]*)(?P<mark>[-*+]|(?P<number>[0-9]{1,9})[.)])(?P<gap>[ ]+)(?P<text>.*)$")
_RULE = re.compile(r"[ ]{0,3}([-*_])[ ]*(?:\1[ ]*){2,}$")
#: What ends every list that it is not indented below: a heading, or a rule.
_ALONE = re.compile(rf"#|{_RULE.pattern}")
_QUOTE = re.compile(r"[ ]{0,3}>[ ]?")
TAB = 4
ENOUGH = 3  # spaces that put a line below the text of a numbered item, however long its number


@dataclass(frozen=True, slots=True)
class _Level:
    """An open list item: the columns of its mark and of its text, and what kind of list it belongs to."""

    mark: int
    text: int
    ordered: bool

    def holds(self, indent: int) -> bool:
        return indent >= (min(self.text, self.mark + ENOUGH) if self.ordered else self.text)


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
    within = 0  # how many lists the lines since the last empty one are a part of; text counts as one more
    left: list[_Level] = []  # those that a line has left without an empty one: Python-Markdown takes it for theirs
    for line in lines:
        if not line.strip(" "):
            done.append("")
            blank, left = True, []
            continue
        indent = len(line) - len(line.lstrip(" "))
        item = _item(line, levels, blank)
        if item:
            if _open(done, levels, item, blank, within, left[len(levels) :]):
                within = len(levels) - 1
            left = []
        else:
            if not blank and levels and not levels[-1].holds(indent) and _ALONE.match(line):
                # or Python-Markdown reads the item above a rule as a heading, and text below a heading as the item's
                done.append("")
                blank = True
            left = [] if blank else left or [*levels]
            done.append(_continued(levels, line, indent, blank))
            within = len(levels) + 1 if blank else within
        blank = False
    return done


def _item(line: str, levels: list[_Level], blank: bool) -> re.Match[str] | None:
    item = None if _RULE.match(line) else ITEM.match(line)
    if item is None or levels:
        return item
    if len(item["indent"]) >= TAB:
        return None
    # "… pada tahun⏎2020. Sesudah itu" is text: only a 1 may begin a list in the middle of a paragraph
    return item if blank or item["number"] in (None, "1") else None


def _open(
    done: list[str], levels: list[_Level], item: re.Match[str], blank: bool, within: int, left: list[_Level]
) -> bool:
    """Write an item's first line and make it the innermost level; whether an empty line is above it then.

    ``left``: items within the innermost level that text has left, though no empty line did. Python-Markdown takes what
    follows an empty line for one: an item further out would become a part of it.
    """
    indent, ordered = len(item["indent"]), item["number"] is not None
    sibling = left[0] if left else None
    while levels and not levels[-1].holds(indent):
        sibling = levels.pop()
    changes = sibling is not None and sibling.ordered != ordered
    apart = blank or changes or len(levels) < within
    if apart and not blank:
        done.append("")
    mark = f"{item['number']}." if ordered else item["mark"]
    done.append(f"{' ' * TAB * len(levels)}{mark} {item['text']}")
    gap = len(item["gap"]) if len(item["gap"]) <= TAB else 1
    levels.append(_Level(indent, indent + len(item["mark"]) + gap, ordered))
    return apart


def _continued(levels: list[_Level], line: str, indent: int, blank: bool) -> str:
    """A line that is no item: further text of the innermost item that reaches its column."""
    if not blank and levels and not line.lstrip(" ").startswith((">", "#", "|", "\x02")):
        return line.lstrip(" ") if not levels[-1].holds(indent) else " " * TAB * len(levels) + line.lstrip(" ")
    while levels and not levels[-1].holds(indent):
        levels.pop()
    if not levels:
        return line
    return " " * TAB * len(levels) + line[min(indent, levels[-1].text) :]
