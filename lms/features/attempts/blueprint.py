"""What an exam draws, as a table: module × cognitive level, made from the very draws that fill it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from lms.catalog.model import Catalog
from lms.quiz.quiz import Draw, Quiz
from lms.web.words import gettext as _


@dataclass(frozen=True, slots=True)
class Blueprint:
    """``rows``: title of a module, its questions by column, and their sum; ``legend``: what the columns stand for."""

    columns: tuple[str, ...]
    legend: str
    rows: tuple[tuple[str, tuple[int, ...], int], ...]
    totals: tuple[int, ...]
    total: int


def blueprint(quiz: Quiz, catalog: Catalog) -> Blueprint | None:
    """None unless every draw names a module and a level, so that the table tells all there is."""
    counts: Counter[tuple[str, str]] = Counter()
    for draw in quiz.draws:
        place = _place(draw, catalog)
        if place is None:
            return None
        counts[place] += draw.count
    if not counts or quiz.items:
        return None
    levels = sorted({level for _module, level in counts})
    modules = [module for module in catalog.modules.values() if any(id == module.id for id, _level in counts)]
    rows = [(module.title, tuple(counts[module.id, level] for level in levels)) for module in modules]
    return Blueprint(
        columns=tuple(levels),
        legend=", ".join(f"{level} {_levels()[level]}" for level in levels),
        rows=tuple((title, cells, sum(cells)) for title, cells in rows),
        totals=tuple(sum(counts[module.id, level] for module in modules) for level in levels),
        total=counts.total(),
    )


def _place(draw: Draw, catalog: Catalog) -> tuple[str, str] | None:
    modules = [tag for tag in draw.tags if tag in catalog.modules]
    levels = [tag for tag in draw.tags if tag in _levels()]
    return (modules[0], levels[0]) if len(modules) == len(levels) == 1 and len(draw.tags) == 2 else None


def _levels() -> dict[str, str]:
    """The revised taxonomy of Bloom (Anderson & Krathwohl 2001), as test writers of the field number it."""
    return {
        "C1": _("mengingat"),
        "C2": _("memahami"),
        "C3": _("menerapkan"),
        "C4": _("menganalisis"),
        "C5": _("menilai"),
        "C6": _("merancang"),
    }
