"""What a question offers to choose from, and what it asks one by one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One of several things to choose from. ``id`` is unique in its item and never changes once published."""

    id: str
    text: str
    feedback: str = ""
    fixed: bool = False  # keeps its place when options are shuffled


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One of several things that a question asks at once: a row to match, a place in an order, a gap in a text."""

    id: str
    text: str = ""  # Markdown; empty for a place in an order, and for a gap, which stands in the stem as ``{{id}}``
    options: tuple[Option, ...] = ()  # to choose from; empty where a text is typed
    feedback: str = ""
