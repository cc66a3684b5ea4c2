"""Where in a text a passage stands that somebody marked there, perhaps in an earlier version of it. Pure.

A passage is named as the Web Annotation Data Model names it (W3C, 2017, 4.2.4 and 4.2.5): by its own words, by a few
around them, and by where they began.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile

from rapidfuzz import fuzz

#: How much of a passage may have changed before it is another one, and how short one is that must be there as it was.
ALIKE, SHORT = 90.0, 24


@dataclass(frozen=True, slots=True)
class Quote:
    """``exact``: the words of the passage, parted by single spaces; ``start``: characters of the text before it."""

    exact: str
    prefix: str = ""
    suffix: str = ""
    start: int = 0


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a text as it is now."""

    start: int
    exact: str


def find(text: str, quote: Quote) -> Passage | None:
    """The passage in ``text``: of several, the one with the same words around it, then the nearest.

    None where there is nothing of it, or too little to be sure.
    """
    return _same(text, quote) or _alike(text, quote)


def _same(text: str, quote: Quote) -> Passage | None:
    found: list[int] = []
    at = text.find(quote.exact)
    while at >= 0:
        found.append(at)
        at = text.find(quote.exact, at + 1)
    if not found:
        return None
    start = max(found, key=lambda at: (_around(text, at, quote), -abs(at - quote.start)))
    return Passage(start, quote.exact)


def _around(text: str, at: int, quote: Quote) -> int:
    """How many characters before and behind are the same."""
    return _agree(text[:at][::-1], quote.prefix[::-1]) + _agree(text[at + len(quote.exact) :], quote.suffix)


def _agree(one: str, other: str) -> int:
    """How many characters are the same from the beginning on."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _alike(text: str, quote: Quote) -> Passage | None:
    if not SHORT <= len(quote.exact) <= len(text):
        return None
    found = fuzz.partial_ratio_alignment(quote.exact, text, score_cutoff=ALIKE)
    if found is None:
        return None
    start, end = text.rfind(" ", 0, found.dest_start + 1) + 1, text.find(" ", found.dest_end)
    return Passage(start, text[start : end if end >= 0 else None])
