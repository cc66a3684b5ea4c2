"""What somebody typed -> the words that are looked for, each with all its forms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lms.search.index import Index, law
from lms.search.laws import Laws
from lms.search.terms import Terms, term
from lms.search.words import stem

LONGEST = 200  # characters that are read of a question; the rest is left unread
MOST_WORDS = 12
#: How close to a word its forms are: with the same stem, begun so far, or a part of a term.
STEM, BEGUN, PART = 0.7, 0.6, 0.4
MOST_BEGUN = 30
#: ``lama`` is otherwise what was in force before.
_HOW_LONG = re.compile(r"\b(?:se)?berapa\s+(?:lama|banyak|besar|sering|jauh)\b", re.IGNORECASE)
_FEWEST_BEGUN = 3  # letters that a word begun has at least


@dataclass(frozen=True, slots=True)
class Wanted:
    """A word that is looked for: every form that counts as it -> how close that is, up to 1.

    ``term``: the id of the term that it is, empty for any other word.
    """

    forms: Mapping[str, float]
    term: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """``taken``: words that stand nowhere -> those that are looked for instead. ``unknown``: without anything near."""

    wanted: tuple[Wanted, ...]
    taken: Mapping[str, str]
    unknown: tuple[str, ...]


def read(asked: str, index: Index, laws: Laws, terms: Terms) -> Question:
    """Reads whatever is typed; raises nothing."""
    named = laws.named(_HOW_LONG.sub(" ", asked[:LONGEST]))
    wanted: list[Wanted] = []
    if named.cites:
        wanted.append(Wanted({law(*cited): 1.0 for cited in named.cites}))
    known, taken, unknown = _known(named.rest[:MOST_WORDS], index, terms)
    begun = known[-1] if known and not taken else ""
    wanted += _wanted(known, begun, index, terms)
    return Question(tuple(wanted), taken, unknown)


def _known(typed: Sequence[str], index: Index, terms: Terms) -> tuple[list[str], dict[str, str], tuple[str, ...]]:
    """The words that stand somewhere, or spell a term that may; what was taken for one of them; what is like none."""
    known: list[str] = []
    taken: dict[str, str] = {}
    unknown: list[str] = []
    for word in typed:
        if word in index or word in terms or index.related(stem(word)) or (word == typed[-1] and _begun(word, index)):
            known.append(word)
        elif near := index.nearest(word, _steps(word)):
            taken[word] = near
            known.append(near)
        else:
            unknown.append(word)
    return known, taken, tuple(dict.fromkeys(unknown))


def _wanted(known: Sequence[str], begun: str, index: Index, terms: Terms) -> Iterator[Wanted]:
    done = 0
    for first, end, id in (*terms.named(known), (len(known), len(known), "")):
        for word in dict.fromkeys(known[done:first]):
            yield Wanted(dict(_forms(word, index, word == begun)))
        if id:
            yield Wanted({**_parts(known[first:end], index), term(id): 1.0}, id)
        done = end


def _parts(said: Sequence[str], index: Index) -> dict[str, float]:
    """The words of a term: one alone is the term, of several each is but a part."""
    if len(said) == 1:
        return dict(_forms(said[0], index, begun=False))
    return {form: PART * close for word in said for form, close in _forms(word, index, begun=False)}


def _begun(word: str, index: Index) -> list[str]:
    return index.beginning(word, MOST_BEGUN) if len(word) >= _FEWEST_BEGUN else []


def _forms(word: str, index: Index, begun: bool) -> Iterator[tuple[str, float]]:
    """Later pairs win: from the farthest form to the very word."""
    if begun:
        yield from ((form, BEGUN) for form in _begun(word, index))
    yield from ((form, STEM) for form in index.related(stem(word)))
    if word in index:
        yield word, 1.0


def _steps(word: str) -> int:
    """How many slips a word of this length may hold and still be known."""
    if not word.isalpha() or len(word) < 4:
        return 0
    return 1 if len(word) < 7 else 2
