"""A term of the glossary is one word, however it is spelt: ``SKP``, ``sasaran kinerja pegawai``; ``membela negara``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from lms.catalog.law import Term
from lms.search.words import stem, words


class Terms:
    """Every spelling of every term.

    One of several words is known with other affixes too. A single word is not, since so many others share its stem:
    ``penguji`` is a term, ``menguji`` is none.
    """

    def __init__(self, terms: Iterable[Term]) -> None:
        self._single: dict[str, str] = {}
        self._words: set[str] = set()
        several: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)  # by the first stem
        for term in terms:
            for said in map(words, (term.term, *term.also)):
                self._words.update(said)
                if len(said) == 1:
                    self._single[said[0]] = term.id
                elif said:
                    several[stem(said[0])].append((tuple(map(stem, said)), term.id))
        self._several = {first: sorted(spelt, key=lambda one: -len(one[0])) for first, spelt in several.items()}

    def __contains__(self, word: str) -> bool:
        """Whether some spelling of a term holds this word."""
        return word in self._words

    def named(self, said: Sequence[str]) -> Iterator[tuple[int, int, str]]:
        """Where in these words a term stands, from the left, the longest first: its first word, its end, its id."""
        end = 0
        for at, word in enumerate(said):
            if at >= end and (found := self._at(at, word, said)):
                end, id = found
                yield at, end, id

    def _at(self, at: int, word: str, said: Sequence[str]) -> tuple[int, str] | None:
        for spelling, id in self._several.get(stem(word), ()):
            end = at + len(spelling)
            if tuple(map(stem, said[at:end])) == spelling:
                return end, id
        return (at + 1, self._single[word]) if word in self._single else None


def term(id: str) -> str:
    """The word for a term: no text can hold it, since its sign parts words."""
    return f"~{id}"
