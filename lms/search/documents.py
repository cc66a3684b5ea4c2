"""What can be found in a catalog, one by one: a section of a lesson, a regulation, an article of it, a term."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from lms.catalog.law import Article, Citation, Regulation, Term
from lms.catalog.model import Catalog, Lesson, Module
from lms.markup import plain_sections


class Kind(StrEnum):
    """What a page is. A new kind is found as soon as its documents are given to an index."""

    LESSON = "lesson"
    REGULATION = "regulation"
    TERM = "term"
    GUIDE = "guide"
    NOTE = "note"  # a person's own; in no catalog


@dataclass(frozen=True, slots=True)
class Page:
    """What a result leads to; ``id`` as the catalog has it."""

    kind: Kind
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A place on a page. All texts are plain.

    ``place``: the anchor of a heading, the locator of an article, empty for the page itself. ``title`` is the page's,
    ``heading`` the place's. ``names``: by what else it is called. ``beside``: words that help to find it and are not
    shown. ``cites``: the regulations and articles that it names, or is. ``worth``: above 0, up to 1; what does not
    hold any more is found behind what does.
    """

    page: Page
    place: str = ""
    title: str
    heading: str = ""
    names: str = ""
    text: str = ""
    beside: str = ""
    cites: tuple[Citation, ...] = ()
    worth: float = 1.0


REVOKED = 0.6  # the worth of what is revoked


def documents(catalog: Catalog) -> Iterator[Document]:
    """In the order of the course, then the register, then the glossary: whatever ranks alike stays in it."""
    for module in catalog.modules.values():
        for lesson in module.lessons:
            yield from _of_lesson(lesson, module)
    for regulation in catalog.regulations.values():
        yield from _of_regulation(regulation)
    yield from map(_of_term, catalog.glossary.values())


def _of_lesson(lesson: Lesson, module: Module) -> Iterator[Document]:
    page = Page(Kind.LESSON, lesson.id)
    sections = plain_sections(lesson.body)
    opening = sections[0] if sections and sections[0].heading is None else None
    yield Document(
        page=page,
        title=lesson.title,
        text=f"{lesson.summary} {opening.text}" if opening else lesson.summary,
        beside=" ".join((module.title, *lesson.outcomes)),
        cites=opening.cites if opening else (),
    )
    for one in sections:
        if one.heading:
            yield Document(
                page=page,
                place=one.heading.id,
                title=lesson.title,
                heading=one.heading.title,
                text=one.text,
                cites=one.cites,
            )


def _of_regulation(regulation: Regulation) -> Iterator[Document]:
    page = Page(Kind.REGULATION, regulation.id)
    worth = 1.0 if regulation.stands else REVOKED
    yield Document(
        page=page,
        title=f"{regulation.short}: {regulation.title}",
        text=regulation.note,
        cites=((regulation.id, ""),),
        worth=worth,
    )
    for article in regulation.articles.values():
        yield _of_article(regulation, article, page, worth)


def _of_article(regulation: Regulation, article: Article, page: Page, worth: float) -> Document:
    return Document(
        page=page,
        place=article.locator,
        title=f"{regulation.short}: {regulation.title}",
        heading=f"{article.label} · {article.title}",
        text=article.gist,
        cites=((regulation.id, article.locator),),
        worth=worth,
    )


def _of_term(term: Term) -> Document:
    return Document(
        page=Page(Kind.TERM, term.id),
        title=term.term,
        names=", ".join(term.also),
        text=term.meaning,
        cites=term.cites,
    )
