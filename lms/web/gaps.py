"""What is missed most, as pages list it: an article or a topic, how much of it, and the lesson to give."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lms.citations import citation
from lms.learning.api import gaps
from lms.web import site, texts
from lms.web.items import CiteView, module_view

#: A tag that says how deep a question goes (Bloom's taxonomy), not what it is about.
_DEPTH = re.compile(r"C[1-6]")
#: "Pasal 4", of "Pasal 4 ayat (2)".
_WHOLE = re.compile(r".*?\d\S*")


@dataclass(frozen=True, slots=True)
class Line:
    """``href`` "": there is no page about it. ``missed``: a share, 0…1; ``reading``: the lesson to give."""

    title: str
    href: str
    missed: float
    answers: int
    reading: CiteView | None


def line(gap: gaps.Gap) -> Line:
    """Of an article."""
    title, href = _article(gap.about)
    return Line(title, href, gap.missed, gap.answers, _reading(gap))


def of_tag(gap: gaps.Gap) -> Line:
    """Of a topic; a tag may name a module."""
    module = site.catalog().modules.get(gap.about)
    named = module_view(module) if module else CiteView("", gap.about)
    return Line(named.title, named.href, gap.missed, gap.answers, _reading(gap))


def is_topic(gap: gaps.Gap) -> bool:
    return _DEPTH.fullmatch(gap.about) is None


def _article(about: str) -> tuple[str, str]:
    """How an article is called, and where its gist stands: also of one of which only parts are in the register."""
    id, locator = citation(about)
    regulation = site.catalog().regulations.get(id)
    if regulation is None:
        return about, ""
    article = regulation.articles.get(locator)
    if article or not locator:
        title = f"{regulation.short} {article.label}" if article else regulation.short
        return title, texts.regulation_url(id, locator)
    part = next((one for name, one in regulation.articles.items() if name.startswith(f"{locator}.")), None)
    whole = _WHOLE.match(part.label) if part else None
    label = whole[0] if whole else f"Pasal {locator}"
    return f"{regulation.short} {label}", texts.regulation_url(id, part.locator if part else "")


def _reading(gap: gaps.Gap) -> CiteView | None:
    if gap.reading is None:
        return None
    lesson, heading = gap.reading.lesson, gap.reading.heading
    return CiteView(texts.lesson_url(lesson, heading.id) if heading else texts.lesson_url(lesson), lesson.title)
