"""How people name a law: ``UU 20/2023``, ``PP94``, ``pasal 24 ayat (1) uu no 20 tahun 2023``, ``uu asn``.

Kinds and their names come from the register, so a new kind of regulation is understood as soon as it is written there.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lms.catalog.law import Citation, Regulation
from lms.search.terms import Terms
from lms.search.words import normal, words

_ID = re.compile(r"(?P<kind>[a-z0-9-]+?)-(?:(?P<number>[0-9]+)-)?(?P<year>[0-9]{4})")
_NUMBER = r"(?:[\s.-]*(?:(?:no|nomor|nmr)\b[\s.]*)?(?P<number>[0-9]{1,4})(?![0-9]))?"
_YEAR = r"(?:[\s/.-]*(?:(?:tahun|thn|th)\b[\s.]*)?(?P<year>[0-9]{4})(?![0-9]))?"
_ARTICLE = re.compile(
    r"\b(?:pasal|psl|ps)[\s.]*(?P<article>[0-9]+[a-z]{0,2})\b"
    r"(?:[\s,]*ayat[\s.]*\(?(?P<paragraph>[0-9]+[a-z]?)\b\)?)?(?:[\s,]*huruf[\s.]*(?P<letter>[a-z])\b)?"
)


@dataclass(frozen=True, slots=True)
class Named:
    """``cites``: the laws that may be meant, each a form of one word; ``rest``: the other words of the question."""

    cites: tuple[Citation, ...]
    rest: Sequence[str]


class Laws:
    """Every name that a regulation of a register goes by."""

    def __init__(self, register: Mapping[str, Regulation], terms: Terms) -> None:
        self._register = register
        self._terms = terms
        self._called: dict[tuple[str, str], list[str]] = defaultdict(list)  # kind, number or year -> ids
        self._about: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)  # kind, subject -> ids
        self._kinds: dict[str, str] = {}  # as people write it, without spaces -> as in ids
        for one in sorted(register.values(), key=lambda one: not one.stands):
            if found := _ID.fullmatch(one.id):
                self._add(one, found["kind"], found["number"], found["year"])
        names = sorted({name for one in register.values() for name in _leads(one)}, key=len, reverse=True)
        kinds = "|".join(re.escape(name).replace(r"\ ", r"[\s-]*") for name in names) or r"(?!)"
        self._pattern = re.compile(rf"\b(?P<kind>{kinds}){_NUMBER}{_YEAR}(?![^\W_])")

    def _add(self, one: Regulation, kind: str, number: str | None, year: str) -> None:
        self._kinds |= {_joined(name): kind for name in _leads(one)}
        for written in {f"{number or ''}/", f"/{year}", f"{number or ''}/{year}"} - {"/"}:
            self._called[kind, written].append(one.id)
        subject = one.title.partition(" tentang ")[2]
        if subject:
            self._about[kind, self._canonical(words(subject))].append(one.id)

    def named(self, question: str) -> Named:
        """Only what the register holds is taken for a law; all else is left as words."""
        asked = normal(question)
        regulations, rest = self._numbered(asked)
        article = _ARTICLE.search(rest)
        without = _without(rest, article) if article else rest
        regulations = regulations or self._subject(without)
        if not article:
            return Named(tuple((id, "") for id in regulations), words(rest))
        locators = _locators(article)
        cites = tuple((id, held) for id in regulations or self._register if (held := self._held(id, locators)))
        if cites or regulations:
            return Named(cites or tuple((id, "") for id in regulations), words(without))
        return Named((), words(rest))

    def _numbered(self, asked: str) -> tuple[Sequence[str], str]:
        """The laws named by their number, or year, and what else was written."""
        for one in self._pattern.finditer(asked):
            kind = self._kinds[_joined(one["kind"])]
            number, year = one["number"] or "", one["year"] or ""
            for written in (f"{number}/{year}", f"/{number}"):  # what looks like a number may be the year
                if found := self._called.get((kind, written)):
                    return found, _without(asked, one)
        return (), asked

    def _subject(self, asked: str) -> Sequence[str]:
        """The laws named by what they are about: ``uu keterbukaan informasi publik``, and shorter ``uu asn``."""
        for one in self._pattern.finditer(asked):
            if not one["number"] and not one["year"]:
                kind, following = self._kinds[_joined(one["kind"])], words(asked[one.end() :])
                for size in range(len(following), 0, -1):
                    if found := self._about.get((kind, self._canonical(following[:size]))):
                        return found
        return ()

    def _canonical(self, said: Sequence[str]) -> tuple[str, ...]:
        """Each term as one word, however it is spelt."""
        canonical, done = list[str](), 0
        for first, end, id in self._terms.named(said):
            canonical += [*said[done:first], id]
            done = end
        return (*canonical, *said[done:])

    def _held(self, id: str, locators: Iterable[str]) -> str | None:
        """The first of these locators that the register has an article for, as it is written there."""
        held = {locator.casefold(): locator for locator in self._register[id].articles}
        return next((held[one] for one in locators if one in held), None)


def _leads(one: Regulation) -> set[str]:
    """What stands before the number in an id, in the short name and in the title: ``uu``, ``undang-undang``."""
    kind = _ID.fullmatch(one.id)
    before = [kind["kind"]] if kind else []
    for name in (one.short, one.title):
        lead = re.split(r"\bNomor\b|\bTahun\b|[0-9]", name, maxsplit=1)[0]
        before += [] if "(" in lead else [lead]
    return {name for name in (re.sub(r"[\s-]+", " ", normal(name)).strip() for name in before) if name}


def _joined(name: str) -> str:
    return re.sub(r"[\s-]+", "", name)


def _locators(article: re.Match[str]) -> list[str]:
    """From the whole of what was named up to the article alone: not every paragraph is in the register."""
    parts = [part for part in (article["article"], article["paragraph"], article["letter"]) if part]
    return [".".join(parts[:size]) for size in range(len(parts), 0, -1)]


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"
