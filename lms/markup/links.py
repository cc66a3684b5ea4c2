"""How a reference inside a text becomes a place; implemented by whoever renders."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Target:
    """Where a reference leads.

    ``href`` begins with ``/``, ``#``, ``http:`` or ``https:``; ``title`` is what a reader is told beforehand.
    ``revoked``: a citation of a regulation that no longer stands. ``width`` and ``height``: of a picture in
    pixels, 0 when unknown.
    """

    href: str
    title: str = ""
    revoked: bool = False
    width: int = 0
    height: int = 0


class Links(Protocol):
    """None means: there is no such thing; the text is then shown without a link."""

    def citation(self, regulation: str, locator: str) -> Target | None:
        """``[Pasal 3](reg:uu-20-2023#3)``; the locator is empty for a whole regulation."""

    def lesson(self, id: str) -> Target | None: ...

    def quiz(self, id: str) -> Target | None: ...

    def term(self, id: str) -> Target | None: ...

    def picture(self, path: str) -> Target | None:
        """``![alt](media/x.svg)``: the path as written, never an address on another host."""

    def terms(self) -> Mapping[str, str]:
        """Surface form -> term id, for marking the first occurrence of each term on a page."""


_SCHEME = re.compile("(?:https?|mailto|reg|lesson|quiz|term):", re.IGNORECASE)


def address(written: str) -> str:
    """What a link was given, its scheme in small letters: a telephone writes ``Https:`` and ``Reg:``."""
    return _SCHEME.sub(lambda scheme: scheme[0].lower(), written, count=1) if _SCHEME.match(written) else written


def link_attributes(name: str, target: Target) -> dict[str, str]:
    """Attributes of an ``a`` in a Python-Markdown tree."""
    attributes = {"href": escaped(target.href)} | ({"class": name} if name else {})
    return attributes | {"title": escaped(target.title)} if target.title else attributes


def escaped(text: str) -> str:
    # the serializer takes "&lt;" for an entity the author wrote; from a catalog it is text
    return text.replace("&", "&amp;")
