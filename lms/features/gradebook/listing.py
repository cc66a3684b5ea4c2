"""How a list of the instructor's pages was asked for."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from flask import request

from lms.fields.typed import typed

#: Lines of a list on one page.
PAGE = 50


@dataclass(frozen=True, slots=True)
class Listing:
    """Search and order of a list."""

    q: str
    sort: str
    direction: str

    @property
    def descending(self) -> bool:
        return self.direction == "desc"

    @property
    def query(self) -> dict[str, str]:
        """As an address says it."""
        return {"q": self.q, "sort": self.sort, "direction": self.direction}


def listing_asked(sorts: Container[str], default: str, direction: str) -> Listing:
    """Read search and order; what is unknown falls back to the default."""
    sort = request.args.get("sort", default)
    asked = request.args.get("direction", direction)
    return Listing(
        q=searched(),
        sort=sort if sort in sorts else default,
        direction=asked if asked in {"asc", "desc"} else direction,
    )


def searched() -> str:
    """The words that a list is searched by."""
    return typed(request.args.get("q", ""))[:100]
