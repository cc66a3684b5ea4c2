"""Authors' texts on this site: what the catalog rendered, with the addresses that its links have here."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import render_template
from markupsafe import Markup

from lms import markup
from lms.catalog import rendering
from lms.catalog.model import Lesson
from lms.citations import citation
from lms.markup import To, addressed, lacks_addresses
from lms.quiz.definition import version
from lms.quiz.item import Item
from lms.quiz.option import Option
from lms.web import site
from lms.web.links import link
from lms.web.stencils import Shelf


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


def _where(to: To, id: str) -> str:
    """Where on this site the links of a text lead."""
    match to:
        case To.REGULATION:
            return regulation_url(*citation(id))
        case To.LESSON:
            return lesson_url(site.catalog().lessons[id])
        case To.QUIZ:
            return link("quiz", quiz=id)
        case To.TERM:
            return link("glossary", _anchor=id)
        case To.PICTURE:
            return link("picture", path=id)


def _where_in_lesson(to: To, id: str) -> str:
    """Citations of a lesson lead to the list of sources below it."""
    return f"#{source_id(*citation(id))}" if to is To.REGULATION else _where(to, id)


def lesson_text(lesson: Lesson) -> markup.Rendered:
    """Addressed at each call: what is made of it is kept."""
    text = rendering.lesson(site.catalog(), lesson)
    parts = (part if isinstance(part, markup.Slot) else addressed(part, _where_in_lesson) for part in text.parts)
    return dataclasses.replace(text, parts=tuple(parts))


def fragment(text: str, module: str | None = None) -> Markup:
    """A stem, a feedback, a module's introduction: block HTML without a table of contents."""
    return _addressed(rendering.fragment(site.catalog(), text, module)) if text else Markup()


def inline(text: str) -> Markup:
    """An option's label: one line, without a paragraph around it."""
    return _addressed(rendering.inline(site.catalog(), text))


def _addressed(html: Markup) -> Markup:
    if not lacks_addresses(html):
        return html
    return Shelf("addressed").remember(html, lambda: addressed(html, _where))


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
