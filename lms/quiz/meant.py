"""How lines that look like a part of a question are to be written, where only one thing can be meant by them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

_HEADING = re.compile(r" *\\?(?P<marks>[#＃]{1,6})[ \t]*(?P<title>[^#＃\s].*)")
_WITH_ID = re.compile(r"\{#[^{}]*\}[ #]*$")
_SECTION = re.compile(r"(?:Bagian|Section) *:", re.IGNORECASE)
_BULLET = re.compile(r"\s*(?:[-–—−•·●▪*+]|\d{1,2}[.)])\s+")
TICKS = frozenset("√✓✔☑✅vV")
_BOX = re.compile(
    r"\s*(?:(?:[-–—−•·●▪*+]|\d{1,2}[.)])\s*)?"
    r"(?P<opens>\[\(|\[\[|[(\[（［]) *(?P<mark>[xX√✓✔☑✅vV]?) *(?P<closes>\)\]|\]\]|[)\]）］])(?!\() *(?P<text>\S.*)"
)
_SHAPES = {"()": "()", "（）": "()", "[()]": "()", "[]": "[]", "［］": "[]", "[[]]": "[]"}
_ARROWS = re.compile(r"==>|=>>|=>|[→⇒⟶]|->")


def heading(text: str) -> str | None:
    """The heading of a question or a section: ``##Judul`` wants a space, ``### Judul {#id}`` has a mark too many."""
    found = _HEADING.fullmatch(text)
    if not found:
        return None
    title, level, is_section = found["title"], len(found["marks"]), bool(_SECTION.match(found["title"]))
    if level == 1:
        return f"# {title}" if is_section else None
    return f"## {title}" if not is_section and (level == 2 or _WITH_ID.search(title)) else None


def options(lines: Mapping[int, str], sound: Collection[int]) -> dict[int, str] | None:
    """Lines that look like options, by their number, as options; those in ``sound`` are read as such already.

    None when it is not plain which brackets are meant, or which option is right.
    """
    found = {line: _BOX.fullmatch(text) for line, text in lines.items()}
    boxes = {line: box for line, box in found.items() if box}
    shapes = {_SHAPES.get(box["opens"] + box["closes"]) for box in boxes.values()}
    marks = [box["mark"] for box in boxes.values()]
    rights = sum(map(bool, marks))
    shape = next(iter(shapes), None)
    if len(boxes) < max(len(lines), 2) or len(shapes) > 1 or not shape or not are_plain(marks):
        return None
    if shape == "()" and rights > 1:
        return None
    written = {
        line: f"- {shape[0]}{'x' if box['mark'] else ' '}{shape[1]} {box['text']}" for line, box in boxes.items()
    }
    return {
        line: lines[line] if line in sound and boxes[line]["mark"] not in TICKS else written[line] for line in lines
    }


def are_plain(marks: Sequence[str]) -> bool:
    """Whether it is plain which options are marked as right: a tick among crosses may mean either."""
    return TICKS.isdisjoint(marks) or ("" in marks and {"x", "X"}.isdisjoint(marks))


def pair(text: str) -> str | None:
    """``1. kiri ==> kanan`` as a pair."""
    arrows, bullet = _ARROWS.findall(text), _BULLET.match(text)
    if len(arrows) != 1 or "=>" not in arrows[0] or not bullet:
        return None
    return f"- {text[bullet.end() :].replace(arrows[0], '=>')}"


def arrow(text: str) -> str | None:
    """The one arrow in a line that is no ``=>``."""
    found = _ARROWS.findall(text)
    return found[0] if len(found) == 1 else None


def answer(text: str) -> str | None:
    """``- = jawaban`` without the mark of a list."""
    found = _BULLET.match(text)
    return text[found.end() :] if found and text.startswith("=", found.end()) else None
