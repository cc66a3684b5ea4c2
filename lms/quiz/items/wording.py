"""Typed texts: how they are compared, and the ``*`` that stands for any text."""

from __future__ import annotations

import re
import unicodedata

_TOKEN = re.compile(r"\\[*\\]|\*")  # an escaped sign, or a wildcard
_ANY = "\ue000"  # stands for a wildcard while a text is folded
_SHOWN = "…"
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("‘’‛ʼ´`′", "'"),
        **dict.fromkeys("“”„‟″", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff"),  # are not seen
    }
)


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


def is_meant(pattern: str, given: str, *, case: bool) -> bool:
    """The same, and what thumbs and keyboards did to the typed text is forgiven."""
    pattern, text = plain_signs(pattern), plain_signs(given)
    return any(matches(pattern, one, case=case) for one in (text, without_full_stop(text)))


def tidied(text: str, *, case: bool) -> str:
    """What is the same for all typed texts that mean the same."""
    return folded(without_full_stop(plain_signs(text)), case=case)


def plain_signs(text: str) -> str:
    """``text`` with the quotes and dashes of a typewriter, which keyboards make curly and long."""
    return text.translate(_PLAIN)


def without_full_stop(text: str) -> str:
    """A keyboard puts one behind a word that is followed by two spaces, and who writes sentences puts one by habit."""
    return text.rstrip().removesuffix(".").rstrip()


def is_open(pattern: str) -> bool:
    """Whether it holds a wildcard."""
    return _ANY in _with_wildcard(pattern, _ANY)


def shown(pattern: str) -> str:
    """``pattern`` for a reader; as a response it matches."""
    return _with_wildcard(pattern, _SHOWN)


def says_something(pattern: str) -> bool:
    """Whether it asks for anything besides wildcards."""
    return bool(_with_wildcard(pattern, "").strip())


def _with_wildcard(pattern: str, sign: str) -> str:
    return _TOKEN.sub(lambda found: sign if found[0] == "*" else found[0][1], pattern)
