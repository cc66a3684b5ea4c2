"""A page's headings with their lines, and below which of them it cites what: read without rendering the page."""

from __future__ import annotations

import re
from bisect import bisect_right

from lms.markup import fences
from lms.markup.page import TOC_LEVELS, Heading
from lms.markup.references import references, runs
from lms.markup.render import table_of_contents

_HEADING = re.compile(r"[ >]*(#{1,6})")


def headings(text: str) -> list[tuple[int, Heading]]:
    """Every heading that a page lists, with its line from 1.

    The headings alone are rendered, all of them, so that each has the anchor that it has on the page.
    """
    levels = {run.line: len(mark[1]) for run in runs(text) if (mark := _HEADING.match(run.text))}
    lines = fences.mask(text).split("\n")
    toc = table_of_contents("\n\n".join(lines[line - 1] for line in levels))
    listed = [line for line, level in levels.items() if max(level, TOC_LEVELS[0]) in TOC_LEVELS]
    return list(zip(listed, toc, strict=True)) if len(listed) == len(toc) else []


def cited_below(text: str) -> dict[tuple[str, str], Heading]:
    """What a page cites -> the first heading below which it does; what it cites above all of them is left out."""
    cited = [(one.cites, one.line) for one in references(text) if one.cites]
    listed = headings(text) if cited else []
    lines = [line for line, _heading in listed]
    found: dict[tuple[str, str], Heading] = {}
    for cites, line in cited:
        if place := bisect_right(lines, line):
            found.setdefault(cites, listed[place - 1][1])
    return found
