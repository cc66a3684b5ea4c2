"""How well search finds what ``queries.yml`` asks for. ``python3 dev.py search`` prints it.

A page of the first page of results (``SHOWN`` pages at most, fewer where search cuts earlier) is *right* when the
query's ``find`` or ``also`` names it, or it cites what ``citing`` names. *Precision* of a query is the share of the
shown pages that are right, 0 where nothing is shown. *Recall* is the share of ``find`` that is shown; where ``find``
names a place, one of the places shown with the page must be that place or, for an article, a part of it. Both figures
are means over the queries, each query counting as much as any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import yaml

from lms.catalog.model import Catalog
from lms.citations import citation
from lms.search import Hit, Kind, search

SHOWN = 10
QUERIES = Path(__file__).with_name("queries.yml")


@dataclass(frozen=True, slots=True)
class Judged:
    """``missed`` of what should be found, and what was ``wrong`` to show, by their names in ``queries.yml``."""

    query: str
    recall: float
    precision: float
    missed: tuple[str, ...]
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    queries: int
    recall: float
    precision: float


def lists() -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """``tuned`` and ``held_out``."""
    found: Mapping[str, Sequence[Mapping[str, Any]]] = yaml.safe_load(QUERIES.read_text(encoding="utf-8"))
    return found


def figures(judged: Sequence[Judged]) -> Figures:
    return Figures(len(judged), fmean(one.recall for one in judged), fmean(one.precision for one in judged))


def judge(catalog: Catalog, query: Mapping[str, Any]) -> Judged:
    hits = search(catalog, query["query"]).hits(0, SHOWN)
    shown = {name(hit): [place.document.place for place in hit.places] for hit in hits}
    missed = [one for one in query["find"] if not _is_shown(one, shown)]
    right = {one.partition("#")[0] for one in (*query["find"], *query["also"])} | _citing(catalog, query.get("citing"))
    wrong = [one for one in shown if one not in right]
    return Judged(
        query["query"],
        recall=1 - len(missed) / len(query["find"]),
        precision=1 - len(wrong) / len(shown) if shown else 0.0,
        missed=tuple(missed),
        wrong=tuple(wrong),
    )


def name(hit: Hit) -> str:
    """As ``queries.yml`` names a page."""
    return f"term:{hit.page.id}" if hit.page.kind is Kind.TERM else hit.page.id


def _is_shown(wanted: str, shown: Mapping[str, Iterable[str]]) -> bool:
    page, _, place = wanted.partition("#")
    places = [one.removeprefix("bagian-") for one in shown.get(page, ())]
    return page in shown and (not place or any(one == place or one.startswith(f"{place}.") for one in places))


def _citing(catalog: Catalog, cited: str | None) -> set[str]:
    if not cited:
        return set()
    regulation, locator = citation(cited)

    def cites(found: tuple[str, str]) -> bool:
        return found[0] == regulation and (not locator or found[1] == locator or found[1].startswith(f"{locator}."))

    lessons = {one.id for one in catalog.every_lesson if any(map(cites, one.citations))}
    return lessons | {f"term:{one.id}" for one in catalog.glossary.values() if any(map(cites, one.cites))}
