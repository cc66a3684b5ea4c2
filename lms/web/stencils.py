"""What is put together once and then remembered: parts of pages that are alike for everybody but for their blanks."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import TypeVar

from flask import render_template, request
from jinja2 import StrictUndefined
from markupsafe import Markup, escape

from lms.web import site
from lms.web.words import current_language

V = TypeVar("V")


class Shelf:
    """Where this request finds what is kept of one kind. A page that looks there often makes one for all its looks.

    Links depend on the catalog and on where the application is mounted, so what is kept does too. What is kept must not
    hold the catalog: it goes when that goes.
    """

    __slots__ = ("_memory", "_shared")

    def __init__(self, kind: Hashable) -> None:
        self._memory = site.kept()
        self._shared = kind, request.script_root

    def remember(self, of: Hashable, make: Callable[[], V]) -> V:
        return self._memory.remember((self._shared, of), make)


_MARK = secrets.token_hex(8)  # what no author can have written
_BLANK = re.compile(f"{_MARK}-([a-z_]+)-")


def blank(name: str) -> Markup:
    """What a stencil is placed with where each person's own belongs. ``name``: letters a to z and ``_``."""
    return Markup(f"{_MARK}-{name}-")  # noqa: S704 – nothing to escape


def blanks(names: Iterable[str]) -> dict[str, Markup]:
    return {name: blank(name) for name in names}


_SAFE = (Markup, int)  # nothing to escape


class Stencil:
    """A part of a page with blanks: placed once, and filled in at every view, which costs next to nothing."""

    __slots__ = ("_blanks", "_format")

    def __init__(self, html: str) -> None:
        self._format = _BLANK.sub(r"%(\1)s", html.replace("%", "%%"))
        self._blanks = sorted(set(_BLANK.findall(html)))

    def fill(self, values: Mapping[str, object]) -> Markup:
        """What is no Markup is escaped. Raises ``KeyError`` for a blank without a value."""
        own = {name: value if isinstance(value := values[name], _SAFE) else escape(value) for name in self._blanks}
        return Markup(self._format % own)  # noqa: S704 – made of Markup and of what was escaped


#: What a template asks for that one person's page knows: whoever laid one over ours would show it to all others, too.
_NOBODY = {
    name: StrictUndefined(f"{name!r} is not known here: this part of the page is placed once, for everybody")
    for name in ("me", "request", "session", "g", "csrf_token")
}


class Stencils(Shelf):
    """What one template places, in the language of the reader."""

    __slots__ = ("_template",)

    def __init__(self, template: str) -> None:
        super().__init__((template, current_language()))
        self._template = template

    def get(self, of: Hashable, values: Callable[[], Mapping[str, object]]) -> Stencil:
        """``of`` names what ``values`` depend on besides the catalog; some of them are ``blank``."""
        return self.remember(of, lambda: Stencil(render_template(self._template, **{**_NOBODY, **values()})))

    def fill(self, shape: Mapping[str, Hashable], own: Mapping[str, object]) -> Markup:
        """The template with both: it may ask what is in ``shape``, and only place what is in ``own``."""
        return self.get(tuple(shape.values()), lambda: {**shape, **blanks(own)}).fill(own)
