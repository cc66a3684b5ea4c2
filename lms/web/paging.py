"""Long lists, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from flask import request


@dataclass(frozen=True, slots=True)
class Paging:
    """Page number ``page`` of ``pages``, counted from 1; it shows ``size`` lines from ``offset`` on."""

    page: int
    pages: int
    size: int

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.size


def paging(total: int, size: int) -> Paging:
    """The page of a list of ``total`` lines that the request asks for with ``page``; the nearest where it has none."""
    pages = max(1, ceil(total / size))
    asked = request.args.get("page", 1, type=int)
    return Paging(page=min(max(1, asked), pages), pages=pages, size=size)
