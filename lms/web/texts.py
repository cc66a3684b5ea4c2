"""Authors' texts as HTML: rendered at their first view and then kept, so that a page never renders Markdown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import render_template
from markupsafe import Markup

from lms import markup
from lms.catalog.model import Catalog, Lesson
from lms.quiz.definition import version
from lms.quiz.item import Item, Option
from lms.web import site
from lms.web.links import link
from lms.web.pieces import Shelf


class PackLinks:
    """Where references of a text lead on this site.

    ``module``: whose pictures the text may name without their folder. ``sources``: citations lead to the list below it.
    """

    def __init__(self, catalog: Catalog, *, module: str | None = None, sources: bool = False) -> None:
        self._catalog = catalog
        self._module = module
        self._sources = sources

    def citation(self, regulation: str, locator: str) -> markup.Target | None:
        found = self._catalog.regulations.get(regulation)
        if found is None or (locator and locator not in found.articles):
            return None
        article = found.articles.get(locator)
        title = f"{found.short} {article.label}: {article.gist}" if article else found.title
        href = f"#{source_id(regulation, locator)}" if self._sources else regulation_url(regulation, locator)
        return markup.Target(href=href, title=title, revoked=not found.stands)

    def lesson(self, id: str) -> markup.Target | None:
        found = self._catalog.lessons.get(id)
        return markup.Target(href=lesson_url(found), title=found.title) if found else None

    def quiz(self, id: str) -> markup.Target | None:
        found = self._catalog.quizzes.get(id)
        return markup.Target(href=link("quiz", quiz=id), title=found.title) if found else None

    def term(self, id: str) -> markup.Target | None:
        found = self._catalog.glossary.get(id)
        return markup.Target(href=link("glossary", _anchor=id), title=found.meaning) if found else None

    def picture(self, path: str) -> markup.Target | None:
        found = self._catalog.picture_in(self._module, path)
        if found is None:
            return None
        return markup.Target(href=link("picture", path=found.path), width=found.width, height=found.height)

    def terms(self) -> Mapping[str, str]:
        return self._catalog.term_forms


def source_id(regulation: str, locator: str) -> str:
    """The fragment of a cited article in the list of sources below a lesson."""
    return f"sumber-{regulation}" + (f"-{locator}" if locator else "")


def article_id(locator: str) -> str:
    """The fragment of an article on its regulation's page."""
    return f"pasal-{locator}"


def regulation_url(regulation: str, locator: str = "") -> str:
    return link("regulation", id=regulation, _anchor=article_id(locator) if locator else None)


def lesson_url(lesson: Lesson, anchor: str | None = None) -> str:
    return link("lesson", module=lesson.module, slug=lesson.slug, _anchor=anchor)


def lesson_text(lesson: Lesson) -> markup.Rendered:
    links = PackLinks(site.catalog(), module=lesson.module, sources=True)
    return Shelf("lesson").remember((lesson.module, lesson.digest), lambda: markup.render(lesson.body, links))


def fragment(text: str, module: str | None = None) -> Markup:
    """A stem, a feedback, a module's introduction: block HTML without a table of contents."""
    if not text:
        return Markup()
    links = PackLinks(site.catalog(), module=module)
    return Shelf(("fragment", module)).remember(text, lambda: markup.fragment(text, links))


def inline(text: str) -> Markup:
    """An option's label: one line, without a paragraph around it."""
    links = PackLinks(site.catalog())
    return Shelf("inline").remember(text, lambda: markup.inline(text, links))


@dataclass(frozen=True, slots=True)
class ItemText:
    """What of a question is shown to everybody, rendered once; ``stem_parts``: the stem cut at its gaps.

    ``lines``: option id -> what a person clicks on, not chosen and chosen; only for questions with one list of options.
    What is shown only after an answer is rendered when it is first asked for.
    """

    stem: Markup
    stem_parts: tuple[Markup | int, ...]
    labels: Mapping[str, Markup]
    lines: Mapping[str, tuple[Markup, Markup]]

    def of(self, text: str | None) -> Markup | None:
        """A text of the question as blocks of HTML; None when it was not written."""
        return fragment(text) if text else None

    def label(self, text: str) -> Markup:
        """A text of the question as one line."""
        return self.labels[text] if text in self.labels else inline(text)


class ItemTexts(Shelf):
    """The texts of questions."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("item")

    def get(self, item: Item, name: str | None = None) -> ItemText:
        """``name`` stands for this very version where it is known: working it out costs as much as the page around."""
        return self.remember(name or version(item), lambda: _item_text(item))


def item_text(item: Item, name: str | None = None) -> ItemText:
    return ItemTexts().get(item, name)


_GAP = re.compile(r"\{\{([^{}]+)\}\}")


def _item_text(item: Item) -> ItemText:
    stem = fragment(item.stem)
    labelled = {option.text for option in item.choices()} | {row.text for row in item.rows()}
    labelled |= {option.text for row in item.rows() for option in row.options}
    return ItemText(
        stem=stem,
        stem_parts=_parts(stem, [row.id for row in item.rows()]) if item.inline else (stem,),
        labels={text: inline(text) for text in labelled},
        lines={} if item.rows() else {option.id: _lines(item, option) for option in item.choices()},
    )


def _lines(item: Item, option: Option) -> tuple[Markup, Markup]:
    values = {"item": item, "id": option.id, "label": inline(option.text)}
    free, chosen = (render_template("items/_option.html", **values, chosen=chosen) for chosen in (False, True))
    return Markup(free), Markup(chosen)  # noqa: S704 – escaped


def _parts(html: Markup, rows: Sequence[str]) -> tuple[Markup | int, ...]:
    """Cut clean HTML at ``{{row}}``: what stands between two elements stays with the element around it."""
    pieces = _GAP.split(str(html))
    return tuple(
        rows.index(piece) if odd % 2 and piece in rows else Markup(piece)  # noqa: S704 – parts of what was cleaned
        for odd, piece in enumerate(pieces)
        if piece
    )
