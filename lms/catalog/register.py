"""``content/regulations/<id>.yml``: the register of regulations and the articles that texts may cite."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from lms.catalog.law import Article, Confidence, Regulation, Status
from lms.catalog.reading import Cite, Source
from lms.fields import Day, Fix, Problems, Schema, Slug, Text, read

FOLDER = "content/regulations"
RELATIONS = ("revokes", "revoked_by", "amends", "amended_by")

_SHAPE = re.compile(r"[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*")
_LABELLED = re.compile(r"(?P<article>[0-9]+[A-Z]*)(?:\.(?P<paragraph>[0-9]+[a-z]?))?(?:\.(?P<letter>[a-z]))?")
_SPELT = re.compile(r"(?:Pasal )?([0-9]+[A-Z]*)(?: ?(?:ayat )?\(([0-9]+[a-z]?)\))?(?: huruf ([a-z]))?")


class _Article(Schema):
    label: Text | None = None
    title: Text
    gist: Text
    counterpart: tuple[Cite, ...] | None = None  # an empty list says: looked for, there is none
    checked: Day | None = None
    text: Text | None = None  # where another than the regulation's was read
    confidence: Confidence = Confidence.HIGH


class _Regulation(Schema):
    short: Text
    title: Text
    status: Status
    since: Day | None = None
    until: Day | None = None
    changed: Day | None = None
    as_of: Day
    confidence: Confidence
    revokes: tuple[Slug, ...] = ()
    revoked_by: tuple[Slug, ...] = ()
    amends: tuple[Slug, ...] = ()
    amended_by: tuple[Slug, ...] = ()
    note: str = ""
    sources: tuple[Text, ...] = ()
    text: Text | None = None
    articles: dict[str, _Article] = {}


@dataclass(frozen=True, slots=True)
class _Entry:
    id: str
    source: Source
    head: _Regulation


def read_register(sources: Mapping[str, Source], written: set[str], problems: Problems) -> Mapping[str, Regulation]:
    """The regulations by id. A relation to one that is not in the register is noted and left out.

    ``written``: ids of all that have a file, also of those that cannot be read.
    """
    entries = []
    for id, source in sources.items():
        head = read(_Regulation, source.text, path=source.path, problems=problems)
        if head is not None:
            entries.append(_Entry(id, source, head))
    known = {entry.id for entry in entries}
    return MappingProxyType({entry.id: _regulation(entry, known, written, problems) for entry in entries})


def automatic_label(locator: str) -> str | None:
    """``4.2.a`` -> ``Pasal 4 ayat (2) huruf a``; None when the locator is no article's."""
    found = _LABELLED.fullmatch(locator)
    if not found:
        return None
    parts = [f"Pasal {found['article']}"]
    if found["paragraph"]:
        parts.append(f"ayat ({found['paragraph']})")
    if found["letter"]:
        parts.append(f"huruf {found['letter']}")
    return " ".join(parts)


def _regulation(entry: _Entry, known: set[str], written: set[str], problems: Problems) -> Regulation:
    head, notes = entry.head, problems.at(entry.source.path)
    relations: dict[str, tuple[str, ...]] = {}
    for name in RELATIONS:
        ids: tuple[str, ...] = getattr(head, name)
        for index, id in enumerate(ids):
            if id not in written:
                notes.error(entry.source.line(name, index), "X001", unknown_regulation(id))
        relations[name] = _kept(ids, known)
    return Regulation(
        id=entry.id,
        short=head.short,
        title=head.title,
        status=head.status,
        since=head.since,
        until=head.until,
        changed=head.changed,
        as_of=head.as_of,
        confidence=head.confidence,
        note=head.note.strip(),
        sources=head.sources,
        text=head.text or "",
        articles=_articles(entry, known, written, notes),
        **relations,
    )


def _articles(entry: _Entry, known: set[str], written: set[str], notes: Problems) -> Mapping[str, Article]:
    articles: dict[str, Article] = {}
    for locator, head in entry.head.articles.items():
        label = head.label or automatic_label(locator)
        if not _SHAPE.fullmatch(locator):
            message = f'penunjuk `{locator}` hanya boleh huruf, angka, titik dan tanda hubung, mis. "3.2"'
            meant = _respelt(locator)
            fix = Fix(locator, meant) if meant and meant not in entry.head.articles else None
            notes.error(entry.source.line("articles", locator), "R002", message, fix=fix)
            continue
        if label is None:
            message = f"penunjuk `{locator}` bukan pasal biasa; tulis `label`-nya, mis. Lampiran I"
            notes.error(entry.source.line("articles", locator), "R003", message)
        if head.counterpart is None and entry.head.status is Status.REVOKED:
            message = f"penunjuk `{locator}` belum punya padanan; tulis `counterpart`, atau [] bila memang tidak ada"
            notes.warning(entry.source.line("articles", locator), "R016", message)
        text = head.text or entry.head.text
        if head.checked and not text:
            message = f"penunjuk `{locator}` diperiksa terhadap naskah yang tidak disebut; tulis `text`"
            notes.error(entry.source.line("articles", locator, "checked"), "R005", message)
        counterpart = head.counterpart or ()
        for index, (id, _) in enumerate(counterpart):
            if id not in written:
                line = entry.source.line("articles", locator, "counterpart", index)
                notes.error(line, "X001", unknown_regulation(id))
        articles[locator] = Article(
            locator=locator,
            label=label or locator,
            title=head.title,
            gist=head.gist,
            counterpart=tuple(cite for cite in counterpart if cite[0] in known),
            checked=head.checked,
            text=text or "",
            confidence=head.confidence,
        )
    return MappingProxyType(articles)


def _respelt(locator: str) -> str | None:
    """``4 ayat (2) huruf a`` as ``4.2.a``."""
    found = _SPELT.fullmatch(locator)
    return ".".join(filter(None, found.groups())) if found else None


def _kept(ids: Iterable[str], known: set[str]) -> tuple[str, ...]:
    return tuple(id for id in dict.fromkeys(ids) if id in known)


def unknown_regulation(id: str) -> str:
    return f"peraturan `{id}` tidak ada; tambahkan {FOLDER}/{id}.yml atau betulkan namanya"
