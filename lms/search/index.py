"""An inverted index in memory: for each word, in which documents it stands and how much it says about each.

How much follows BM25 (Robertson and Zaragoza, “The Probabilistic Relevance Framework: BM25 and Beyond”, 2009): what is
said often counts more, but less each time, and less in a long text. Each word of a document costs two numbers of four
bytes.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from math import log

from rapidfuzz import process
from rapidfuzz.distance import OSA

from lms.search.documents import Document, Kind, Page
from lms.search.terms import Terms, term
from lms.search.words import stem, words

#: How often a word would have to stand in the text to count as much as standing there once.
TITLE, NAMES, HEADING, TEXT, OF_PAGE, BESIDE = 6.0, 6.0, 5.0, 1.0, 0.5, 0.3
#: BM25's two constants, and the length of a text that is neither long nor short, in words.
SATURATION, SHORTNESS, USUAL = 1.2, 0.5, 100
#: How much a document says of the law that it is or is a part of, of the whole law that its article belongs to, and of
#: one that it cites; a term is too short to say much of what it rests on.
ITSELF, PART, OF_WHOLE, CITED, RESTS_ON = 8.0, 5.0, 0.3, 1.0, 0.3


class Index:
    """Made once of all documents; read by many threads.

    ``page``: for each document the number of the first one on the same page.
    """

    def __init__(self, documents: Iterable[Document], terms: Terms) -> None:
        self.documents = tuple(documents)
        self.first: dict[Page, int] = {}  # page -> the number of its first document
        self.page = array("I", (self.first.setdefault(one.page, at) for at, one in enumerate(self.documents)))
        self._standing: dict[str, array[int]] = defaultdict(lambda: array("I"))
        self._weights: dict[str, array[float]] = defaultdict(lambda: array("f"))
        for number, document in enumerate(self.documents):
            for word, weight in _weighed(document, terms):
                self._standing[word].append(number)
                self._weights[word].append(weight)
        self._standing.default_factory = self._weights.default_factory = None
        self._vocabulary = sorted(word for word in self._standing if word.isalnum())
        self._related = _by_stem(self._vocabulary)

    def on_page(self, page: int) -> range:
        """The numbers of the documents on the page with this first one: they stand one behind the other."""
        return range(page, bisect_right(self.page, page, lo=page))

    def __contains__(self, word: str) -> bool:
        return word in self._standing

    def spread(self, word: str) -> int:
        """In how many documents a word stands."""
        return len(self._standing.get(word, ()))

    def related(self, stem: str) -> list[str]:
        """The words that have this stem."""
        return self._related.get(stem, [])

    def beginning(self, start: str, most: int) -> list[str]:
        """The first words that begin so, in the order of the alphabet."""
        following = islice(self._vocabulary, bisect_left(self._vocabulary, start), None)
        found: list[str] = []
        for word in islice(following, most):
            if not word.startswith(start):
                break
            found.append(word)
        return found

    def nearest(self, word: str, most: int) -> str | None:
        """The word that is written most alike: a letter more, less, another or two in turn are one step, of at most
        ``most``. Of several, the one that stands in most documents."""
        near = process.extract(word, self._vocabulary, scorer=OSA.distance, score_cutoff=most, limit=None)
        letters = [(steps, -self.spread(found), found) for found, steps, _ in near if not any(map(str.isdigit, found))]
        return min(letters)[2] if letters else None

    def weights(self, forms: Mapping[str, float]) -> dict[int, float]:
        """Document -> how much the best of these forms says about it. ``forms``: each with its closeness, up to 1."""
        found: dict[int, float] = {}
        held = sorted((form for form in forms if form in self._standing), key=lambda form: (-forms[form], form))
        for form in held:
            closeness, told = forms[form], zip(self._standing[form], self._weights[form], strict=True)
            if not found and closeness == 1.0:
                found = dict(told)  # much quicker than one by one
                continue
            for number, weight in told:
                if (value := closeness * weight) > found.get(number, 0.0):
                    found[number] = value
        return found

    def rarity(self, standing: int) -> float:
        """What it says that a word stands in so many documents: much where they are few; never below 0."""
        standing = min(standing, len(self.documents))
        return log(1 + (len(self.documents) - standing + 0.5) / (standing + 0.5))


def law(regulation: str, locator: str) -> str:
    """The word for a law: no text can hold it, since its signs part words."""
    return f"{regulation}#{locator.casefold()}"


def _weighed(document: Document, terms: Terms) -> Iterator[tuple[str, float]]:
    told: dict[str, float] = defaultdict(float)
    of_place = bool(document.place)
    fields = (
        (document.title, OF_PAGE if of_place else TITLE),
        (document.names, NAMES),
        (document.heading, HEADING),
        (document.text, TEXT),
        (document.beside, BESIDE),
    )
    length = 0
    for text, weight in fields:
        said = words(text)
        length += len(said)
        counted = Counter(said)
        counted.update(term(id) for _, _, id in terms.named(said))
        for word, times in counted.items():
            told[word] += weight * times
    for word, weight in _laws(document):
        told[word] = max(told[word], weight)
    slack = SATURATION * (1 - SHORTNESS + SHORTNESS * length / USUAL)
    for word, weight in told.items():
        yield word, document.worth * weight * (SATURATION + 1) / (weight + slack)


def _laws(document: Document) -> Iterator[tuple[str, float]]:
    """An article is found by its own name and by that of what it is part of: ``24.1.d``, ``24.1``, ``24``."""
    own = document.page.kind is Kind.REGULATION
    cited = RESTS_ON if document.page.kind is Kind.TERM else CITED
    for regulation, locator in document.cites:
        yield law(regulation, ""), (OF_WHOLE if locator else ITSELF) if own else cited
        parts = locator.split(".")
        for size in range(len(parts), 0, -1):
            if locator:
                whole = size == len(parts)
                yield law(regulation, ".".join(parts[:size])), (ITSELF if whole else PART) if own else cited


def _by_stem(vocabulary: Iterable[str]) -> dict[str, list[str]]:
    related = defaultdict(list)
    for word in vocabulary:
        related[stem(word)].append(word)
    return dict(related)
