"""A question -> the pages that answer it, the best first, each with its best places."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from lms.catalog.load import uncollected
from lms.catalog.model import Catalog
from lms.search import question
from lms.search.documents import Document, Kind, Page, documents
from lms.search.excerpt import Marks, Piece
from lms.search.index import Index
from lms.search.laws import Laws
from lms.search.terms import Terms

PLACES = 3  # of a page that are shown at most
NEAR = 0.6  # how good a further place is, measured by the best of its page
ENOUGH = 0.5  # how good a page is, measured by the best one
COVERED = 0.5  # how much of what was asked a document holds
COMMON = 8  # a word that stands in one of so many documents tells them apart no more


@dataclass(frozen=True, slots=True)
class Place:
    """A place on a page; ``document.place`` is its name there."""

    document: Document
    heading: tuple[Piece, ...]
    text: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A page and its best places, the best first; ``title`` is the page's, with what was looked for marked."""

    page: Page
    title: tuple[Piece, ...]
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Searchable:
    """Documents that can be searched: those of a catalog, or whatever else is read with its ``laws`` and ``terms``."""

    index: Index
    laws: Laws
    terms: Terms

    def search(self, asked: str) -> Found:
        """Whatever is typed is answered; of a very long question the beginning."""
        return Found(question.read(asked, self.index, self.laws, self.terms), self.index)


_MAKING = threading.Lock()  # two that search first at once would both make it


def prepare(catalog: Catalog) -> Searchable:
    """The index of a catalog: made when it is first asked for, and kept as long as the catalog is there."""
    found: Searchable | None = catalog.memory.get("search")
    if found:
        return found
    with _MAKING:
        return catalog.memory.remember("search", lambda: _made(catalog))


def _made(catalog: Catalog) -> Searchable:
    terms = Terms(catalog.glossary.values())
    with uncollected():
        return Searchable(Index(documents(catalog), terms), Laws(catalog.regulations, terms), terms)


def search(catalog: Catalog, asked: str) -> Found:
    return prepare(catalog).search(asked)


class Found:
    """The answer to a question: pages, the best first. What is shown of a page is put together when it is asked for.

    ``taken``: misspelt words -> what was looked for instead; ``unknown``: words that stand nowhere; ``asked``: whether
    there was anything to look for.
    """

    def __init__(self, read: question.Question, index: Index) -> None:
        self.taken, self.unknown = read.taken, read.unknown
        self.asked = bool(read.wanted or read.unknown)
        terms = (Page(Kind.TERM, one.term) for one in read.wanted if one.term)
        named = {index.first[page] for page in terms if page in index.first}
        self._index = index
        self._scores = _scores(read.wanted, index, named)
        self._pages = _pages(self._scores, index, named)
        self._marks = Marks({form for one in read.wanted for form in one.forms})

    def __len__(self) -> int:
        return len(self._pages)

    def hits(self, first: int, most: int) -> list[Hit]:
        """The pages from ``first`` on, counted from 0."""
        return [_hit(page, self._scores, self._index, self._marks) for page in self._pages[first : first + most]]


def _scores(wanted: Sequence[question.Wanted], index: Index, named: Collection[int]) -> dict[int, float]:
    """Document -> score. What holds only part of what was asked counts for as much less, and below ``COVERED`` nothing.

    The rarest word comes first: as soon as the words left could not cover enough, they add to what was found and no
    more. A term that is ``named`` is asked for, whatever else is.
    """
    told = _telling(wanted, index)
    whole = left = sum(rarity for rarity, _ in told)
    scores: dict[int, float] = {}
    covered: dict[int, float] = {}
    for rarity, one in told:
        weights = index.weights(one.forms)
        if not scores:
            scores = {number: rarity * weight for number, weight in weights.items()}
            covered = dict.fromkeys(scores, rarity)
        elif left >= COVERED * whole:
            for number, weight in weights.items():
                scores[number] = scores.get(number, 0.0) + rarity * weight
                covered[number] = covered.get(number, 0.0) + rarity
        else:
            for number in {*scores, *named} & weights.keys():
                scores[number] = scores.get(number, 0.0) + rarity * weights[number]
                covered[number] = covered.get(number, 0.0) + rarity
        left -= rarity
    if len(told) == 1:
        return scores
    covered |= {number: whole for number in named if number in covered}
    enough = COVERED * whole
    return {number: score * covered[number] / whole for number, score in scores.items() if covered[number] >= enough}


def _telling(wanted: Sequence[question.Wanted], index: Index) -> list[tuple[float, question.Wanted]]:
    """The words that tell documents apart, each with how rare it is, the rarest first; all of them where none does."""
    told = []
    for one in wanted:
        if standing := sum(index.spread(form) for form, close in one.forms.items() if close > question.PART):
            told.append((index.rarity(standing), one))
    told.sort(key=lambda one: -one[0])
    common = index.rarity(len(index.documents) // COMMON)
    return [one for one in told if one[0] > common] or told


def _pages(scores: Mapping[int, float], index: Index, named: Collection[int]) -> list[int]:
    """The pages that are good enough, the best first, each by the number of its first document."""
    enough = ENOUGH * max(scores.values(), default=0.0)
    best = {number: scores[number] for number in named if number in scores}
    for number, score in scores.items():
        if score >= enough and score > best.get(page := index.page[number], 0.0):
            best[page] = score
    return sorted(best, key=lambda page: (-best[page], page))


def _hit(page: int, scores: Mapping[int, float], index: Index, marks: Marks) -> Hit:
    own = sorted((-scores[number], number) for number in index.on_page(page) if number in scores)
    near: dict[str, Document] = {}  # by the article: its paragraphs say much the same
    for score, number in own:
        document = index.documents[number]
        if score <= NEAR * own[0][0]:
            near.setdefault(document.place.partition(".")[0], document)
    best = list(near.values())[:PLACES]
    places = tuple(Place(one, marks.in_whole(one.heading), marks.in_excerpt(one.text)) for one in best)
    return Hit(best[0].page, marks.in_whole(best[0].title), places)
