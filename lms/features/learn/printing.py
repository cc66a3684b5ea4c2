"""A module on paper: all its lessons on one page, alike for everybody, and put together once.

Its self-checks are asked and not answered: whose turn it is to see a key is known on the screen, not on paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flask import render_template
from markupsafe import Markup

from lms import markup
from lms.catalog.model import Lesson, Module
from lms.features.learn.pages import Source, source
from lms.quiz.item import Item
from lms.web import items as item_pages
from lms.web import texts
from lms.web.items import ItemView
from lms.web.language import of_pack
from lms.web.stencils import Shelf
from lms.web.words import current_language


@dataclass(frozen=True, slots=True)
class PrintedLesson:
    """``id``: where on the page it stands."""

    id: str
    title: str
    summary: str
    minutes: int
    text: Markup


@dataclass(frozen=True, slots=True)
class Printed:
    """``sources``: the articles that the lessons cite, each once, in order of first use."""

    lessons: tuple[PrintedLesson, ...]
    sources: tuple[Source, ...]


def printed(module: Module) -> Printed:
    return Shelf("printed").remember((module.id, current_language()), lambda: _printed(module))


def _printed(module: Module) -> Printed:
    read = [(lesson, texts.lesson_text(lesson)) for lesson in module.lessons]
    cited = dict.fromkeys(citation for _, text in read for citation in text.citations)
    return Printed(
        lessons=tuple(_lesson(lesson, text) for lesson, text in read),
        sources=tuple(source(*citation) for citation in cited),
    )


def _lesson(lesson: Lesson, text: markup.Rendered) -> PrintedLesson:
    parts = Markup("\n").join(_parts(lesson, text))
    return PrintedLesson(lesson.slug, lesson.title, lesson.summary, lesson.minutes, _apart(parts, lesson.slug))


def _parts(lesson: Lesson, text: markup.Rendered) -> Iterator[Markup]:
    for part in text.parts:
        if isinstance(part, markup.Slot):
            yield _check(lesson.checks[part.index], part.index + 1)
        else:
            yield Markup('<div{} class="prose">{}</div>').format(of_pack(), part)


def _check(item: Item, number: int) -> Markup:
    view = item_pages.view(item, number=number, graded=False)
    return Markup(render_template("learn/printed_check.html", item=view, lists=_lists(view)))  # noqa: S704 – escaped


def _lists(view: ItemView) -> list[tuple[Markup, ...]]:
    """What a list on the screen offers, which paper must write out: once where all rows offer the same."""
    lists = [tuple(option.label for option in row.options) for row in view.rows]
    return list(dict.fromkeys(one for one in lists if one))


_TAG = re.compile(r'<[a-z](?:[^">]|"[^"]*")*>')
#: What names a place of the page or leads to one; the list of sources is that of the whole page.
_PLACE = re.compile(r' (?:id|name|aria-describedby|aria-errormessage)="| href="#(?!sumber-)')


def _apart(html: Markup, slug: str) -> Markup:
    """With names of its own, since two lessons of a page may call their places alike."""
    named = _TAG.sub(lambda tag: _PLACE.sub(lambda place: f"{place[0]}{slug}-", tag[0]), html)
    return Markup(named)  # noqa: S704 – only slugs were added
