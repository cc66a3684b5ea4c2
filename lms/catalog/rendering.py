"""The texts of a pack as HTML, complete but for the addresses of their links (``markup.addressed``).

The same for every reader, language and place, so pages, search, exports and offline reading take it from here. Each
version of a text is rendered once: a catalog remembers it for as long as it is there itself. A text over a limit is
told to its author (``lms check``); a reader meets a sentence in its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from markupsafe import Markup

from lms import markup
from lms.catalog.model import Catalog, Lesson
from lms.markup import To, unaddressed


def lesson(catalog: Catalog, one: Lesson) -> markup.Rendered:
    links = _Links(catalog, one.module)
    return catalog.memory.remember(("lesson", one.module, one.digest), lambda: _page(one, links))


def _page(one: Lesson, links: markup.Links) -> markup.Rendered:
    try:
        return markup.render(one.body, links)
    except markup.TextRefused:
        checks = map(markup.Slot, range(len(one.checks)))
        return markup.Rendered((markup.NOT_SHOWN, *checks), toc=(), words=0, citations=(), terms=())


_HEADING = re.compile(r'<h[23][^>]*? id="(?P<id>[^"]+)"[^>]*>.*?</h[23]>', re.DOTALL)


def after_headings(html: str) -> Iterator[tuple[str, str]]:
    """HTML of a page cut behind each heading that it lists: (id of the heading, what follows up to and with the next).

    The first piece stands above all of them, and its id is empty.
    """
    id, at = "", 0
    for heading in _HEADING.finditer(html):
        yield id, html[at : heading.end()]
        id, at = heading["id"], heading.end()
    yield id, html[at:]


def sections(catalog: Catalog, one: Lesson) -> Mapping[str, str]:
    """The plain text that a page shows below each of its headings, self-checks left out; "" above the first.

    Words are parted by single spaces. ``static/passages.js`` reads the same off the page.
    """
    return catalog.memory.remember(("sections", one.module, one.digest), lambda: _sections(lesson(catalog, one)))


def _sections(page: markup.Rendered) -> dict[str, str]:
    html = "\n".join(part for part in page.parts if isinstance(part, Markup))
    pieces = ((id, _HEADING.sub("", piece)) for id, piece in after_headings(html))
    return {id: Markup(piece).striptags() for id, piece in pieces}  # noqa: S704 – is one already


def fragment(catalog: Catalog, text: str, module: str | None = None) -> Markup:
    """A stem, a feedback, an introduction: blocks. ``module``: whose pictures it may name without their folder."""
    links = _Links(catalog, module)
    return catalog.memory.remember(("fragment", module, text), lambda: _shown(markup.fragment, text, links))


def inline(catalog: Catalog, text: str) -> Markup:
    """An option's label: one line, without a paragraph around it."""
    return catalog.memory.remember(("inline", text), lambda: _shown(markup.inline, text, _Links(catalog, None)))


def _shown(rendered: Callable[[str, markup.Links], Markup], text: str, links: markup.Links) -> Markup:
    try:
        return rendered(text, links)
    except markup.TextRefused:
        return markup.NOT_SHOWN


class _Links:
    """What references lead to in one catalog; ``module``: the one that the text belongs to."""

    def __init__(self, catalog: Catalog, module: str | None) -> None:
        self._catalog = catalog
        self._module = module

    def citation(self, regulation: str, locator: str) -> markup.Target | None:
        found = self._catalog.regulations.get(regulation)
        if found is None or (locator and locator not in found.articles):
            return None
        article = found.articles.get(locator)
        title = f"{found.short} {article.label}: {article.gist}" if article else found.title
        href = unaddressed(To.REGULATION, f"{regulation}#{locator}" if locator else regulation)
        return markup.Target(href=href, title=title, revoked=not found.stands)

    def lesson(self, id: str) -> markup.Target | None:
        found = self._catalog.lesson_called(id)
        return markup.Target(href=unaddressed(To.LESSON, found.id), title=found.title) if found else None

    def quiz(self, id: str) -> markup.Target | None:
        found = self._catalog.quizzes.get(id)
        return markup.Target(href=unaddressed(To.QUIZ, id), title=found.title) if found else None

    def term(self, id: str) -> markup.Target | None:
        found = self._catalog.glossary.get(id)
        return markup.Target(href=unaddressed(To.TERM, id), title=found.meaning) if found else None

    def picture(self, path: str) -> markup.Target | None:
        found = self._catalog.picture_in(self._module, path)
        if found is None:
            return None
        return markup.Target(href=unaddressed(To.PICTURE, found.path), width=found.width, height=found.height)

    def terms(self) -> Mapping[str, str]:
        return self._catalog.term_forms
