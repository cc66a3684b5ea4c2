"""Where things are: the only way from one feature's pages to another's, and from the frame of all pages to any.

A feature says beside its blueprint which of its pages others may lead to, each under a noun (``LINKS``), and which of
them stand in the menu (``MENU``). Code and templates ask for ``link("lesson", module=…, slug=…)``; nobody names another
feature's endpoint.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for

from lms.web.stencils import Shelf


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the menu. ``name``: what a page calls its room in ``here``; ``noun``: the link; ``place``: the smallest
    comes first; ``needs``: the permission without which it is not shown; ``beside_host``: whether it is where a host
    application says who is there."""

    name: str
    noun: str
    title: Callable[[], str]
    needs: str
    place: int
    beside_host: bool = True


class Links:
    """What the features of one application offer. Raises ValueError for a noun that two of them claim, and for a menu
    entry that leads nowhere: at the start, not when somebody clicks."""

    def __init__(self, offers: Iterable[tuple[Mapping[str, str], Iterable[Entry]]]) -> None:
        self._endpoints: dict[str, str] = {}
        entries: list[Entry] = []
        for endpoints, menu in offers:
            if claimed := self._endpoints.keys() & endpoints.keys():
                raise ValueError(f"two features offer {', '.join(sorted(claimed))}")
            self._endpoints.update(endpoints)
            entries += menu
        if dead := [entry.name for entry in entries if entry.noun not in self._endpoints]:
            raise ValueError(f"menu entries lead nowhere: {', '.join(dead)}")
        self.menu = tuple(sorted(entries, key=lambda entry: entry.place))

    def lead_to(self, endpoints: Container[str]) -> None:
        """Raises ValueError when a noun stands for an endpoint that the application, once put together, lacks."""
        if missing := [f"{noun} ({to})" for noun, to in self._endpoints.items() if to not in endpoints]:
            raise ValueError(f"nouns lead nowhere: {', '.join(missing)}")

    def endpoint(self, noun: str) -> str:
        """Raises KeyError for a noun that nobody offers."""
        return self._endpoints[noun]


def link(noun: str, **values: Any) -> str:
    """The address of what a feature offers under this noun."""
    links: Links = current_app.extensions["lms"].links
    if values:
        return url_for(links.endpoint(noun), **values)
    return Shelf("link").remember(noun, lambda: url_for(links.endpoint(noun)))  # every page asks for a dozen of these
