"""What a lesson asks to be remembered: the text below its last heading of the second level."""

from __future__ import annotations

import re

from lms.markup.fences import mask

_HEADING = re.compile(r"^##[ \t]+\S.*$", re.MULTILINE)
_FOOTNOTE = re.compile(r"^\[\^[^\]\n]*\]:.*(?:\n[ \t]+\S.*)*$|\[\^[^\]\n]*\]", re.MULTILINE)


def key_points(text: str) -> str:
    """The Markdown below the last ``##``, without fenced blocks and footnotes; empty where it holds no list."""
    shown = mask(text)
    headings = list(_HEADING.finditer(shown))
    below = _FOOTNOTE.sub("", shown[headings[-1].end() :]).strip() if headings else ""
    return below if re.search(r"^(?:[-*+]|\d{1,4}\.) ", below, re.MULTILINE) else ""
