"""Typed texts: how they are compared, and the ``*`` that stands for any text."""

from __future__ import annotations

import re
import unicodedata

_TOKEN = re.compile(r"\\[*\\]|\*")  # an escaped sign, or a wildcard
_ANY = "\ue000"  # stands for a wildcard while a text is folded
_SHOWN = "…"


def folded(text: str, *, case: bool) -> str:
    """``text`` as it is compared: Unicode NFC, single spaces, and small letters unless ``case``."""
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    return text if case else unicodedata.normalize("NFC", text.casefold())


def matches(pattern: str, given: str, *, case: bool) -> bool:
    """Whether a typed text is what ``pattern`` describes: ``*`` is any text, even none; ``\\*`` is a star itself."""
    first, *middle = folded(_with_wildcard(pattern, _ANY), case=case).split(_ANY)
    text = folded(given, case=case)
    if not middle:
        return text == first
    last = middle.pop()
    if not text.startswith(first) or not text.endswith(last):
        return False
    at, end = len(first), len(text) - len(last)
    for piece in middle:
        found = text.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return at <= end


def shown(pattern: str) -> str:
    """``pattern`` for a reader; as a response it matches."""
    return _with_wildcard(pattern, _SHOWN)


def says_something(pattern: str) -> bool:
    """Whether it asks for anything besides wildcards."""
    return bool(_with_wildcard(pattern, "").strip())


def _with_wildcard(pattern: str, sign: str) -> str:
    return _TOKEN.sub(lambda found: sign if found[0] == "*" else found[0][1], pattern)
