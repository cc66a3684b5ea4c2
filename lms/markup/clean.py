"""The allow-list, and the two cleaners that enforce it: bleach first, then nh3, with the same data.

bleach is no longer maintained; nh3 is the second lock and the plan for the day the first one is found broken.
Neither script nor style nor form can be written down here: pages get theirs from templates, after cleaning.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import nh3
from bleach.sanitizer import Cleaner as Bleach

_Rule = Callable[[str], bool]


def _words(*known: str) -> _Rule:
    return lambda value: set(value.split()) <= set(known)


def _shape(pattern: str) -> _Rule:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


def _anything(value: str) -> bool:
    return True


_ANCHOR = r"bagian-[a-z0-9-]+|fn-[\w.-]{1,80}|fnref[0-9]*-[\w.-]{1,80}"
_ADDRESS = _shape(rf"(?:https?://[^/\s][^\s]*|mailto:[^/\s][^\s]*|/(?:[^/\\\s][^\s]*)?|#(?:{_ANCHOR}|[\w.-]+))")
_ALIGN = _shape("left|right|center")
_NUMBER = _shape("[0-9]{1,5}")

#: Element -> attribute -> what its value may be. ``img src`` is narrowed further for each text.
ALLOWED: dict[str, dict[str, _Rule]] = {
    "a": {
        "href": _ADDRESS,
        "title": _anything,
        "rel": _words("noopener", "nofollow"),
        "class": _words("citation", "revoked", "term", "lesson", "quiz", "footnote-ref", "footnote-backref"),
    },
    "aside": {
        "class": _shape(r"callout callout-(?:note|tip|important|warning|case)"),
        "role": _words("note"),
    },
    "blockquote": {},
    "br": {},
    "code": {},
    "del": {},
    "div": {
        "class": _words("table", "footnote"),
        "role": _words("group"),
        "tabindex": _words("0"),
        "aria-label": _words("Tabel"),
    },
    "em": {},
    "h2": {"id": _shape(_ANCHOR)},
    "h3": {"id": _shape(_ANCHOR)},
    "h4": {"id": _shape(_ANCHOR)},
    "hr": {"class": _shape("slot-[0-9]{1,4}")},
    "img": {
        "src": _ADDRESS,
        "alt": _anything,
        "width": _NUMBER,
        "height": _NUMBER,
        "loading": _words("lazy"),
    },
    "li": {"id": _shape(_ANCHOR), "class": _words("task")},
    "ol": {"start": _shape("[0-9]{1,9}")},
    "p": {"class": _words("callout-title", "opens")},
    "pre": {},
    "span": {
        "class": _words("callout-kind", "missing", "tick"),
        "role": _words("img"),
        "aria-label": _words("sudah", "belum"),
    },
    "strong": {},
    "sup": {"id": _shape(_ANCHOR)},
    "table": {},
    "tbody": {},
    "td": {"align": _ALIGN},
    "th": {"align": _ALIGN},
    "thead": {},
    "tr": {},
    "ul": {},
}
SCHEMES = {"http", "https", "mailto"}


class Cleaner:
    """Not safe to share between threads, since bleach's parser is not."""

    def __init__(self) -> None:
        self._pictures: frozenset[str] = frozenset()
        self._bleach = Bleach(tags=set(ALLOWED), attributes=self._keeps, protocols=SCHEMES)
        self._nh3 = nh3.Cleaner(
            tags=set(ALLOWED),
            attributes={tag: set(attributes) for tag, attributes in ALLOWED.items()},
            attribute_filter=lambda tag, name, value: value if self._keeps(tag, name, value) else None,
            url_schemes=SCHEMES,
            link_rel=None,
        )

    def clean(self, html: str, pictures: frozenset[str] = frozenset()) -> str:
        """HTML of which nothing is left but what ``ALLOWED`` names. ``pictures``: addresses an ``img`` may show."""
        self._pictures = pictures
        return self._nh3.clean(self._bleach.clean(html))

    def _keeps(self, tag: str, name: str, value: str) -> bool:
        rule = ALLOWED.get(tag, {}).get(name)
        if rule is None:
            return False
        value = unescape(value)
        if tag == "img" and name == "src" and value not in self._pictures:
            return False
        return rule(value)
