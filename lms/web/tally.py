"""How much of each topic and of each article was right, the worst first, and where to read again.

It counts what the views of the questions tell: of marks that may not be seen it knows nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from lms.catalog import readings
from lms.quiz.item import Item
from lms.quiz.marking import ItemMark, Standing
from lms.web import site
from lms.web.items import CiteView, ItemView, cite_view, lesson_view, module_view

_UNTOLD = {Standing.WAITING, Standing.DROPPED}


@dataclass(frozen=True, slots=True)
class Line:
    """``right``: how many of the ``asked`` earned all points. ``in_degrees``: points say more than that."""

    about: CiteView
    right: int
    asked: int
    points: float
    maximum: float
    in_degrees: bool

    @property
    def complete(self) -> bool:
        return self.right == self.asked


def by_topic(items: Sequence[Item], views: Sequence[ItemView], module: str | None) -> list[Line]:
    """Of the quiz of a ``module`` by lesson, of others by module; empty where most questions name neither."""
    known = sum(bool(readings.modules(site.catalog(), item)) for item in items)
    return _lines(items, views, _lessons if module else _modules) if 2 * known > len(items) else []


def by_article(items: Sequence[Item], views: Sequence[ItemView]) -> list[Line]:
    return _lines(items, views, lambda item: filter(None, map(cite_view, item.cites)))


def topics(items: Iterable[Item], module: str | None) -> list[CiteView]:
    """What a quiz is about, in the order of the course: the lessons of its ``module``, or modules."""
    catalog = site.catalog()
    tested = {lesson.id for item in items for lesson in readings.lessons(catalog, item)}
    if module and tested:
        return [lesson_view(lesson) for lesson in catalog.every_lesson if lesson.id in tested]
    tested = {one.id for item in items for one in readings.modules(catalog, item)}
    return [module_view(one) for one in catalog.modules.values() if one.id in tested]


def _lessons(item: Item) -> Iterable[CiteView]:
    catalog = site.catalog()
    found = readings.lessons(catalog, item)
    return map(lesson_view, found) if found else _modules(item)


def _modules(item: Item) -> Iterable[CiteView]:
    return map(module_view, readings.modules(site.catalog(), item))


def _lines(items: Sequence[Item], views: Sequence[ItemView], about: Callable[[Item], Iterable[CiteView]]) -> list[Line]:
    marks: dict[CiteView, list[tuple[Item, ItemMark]]] = {}
    for item, view in zip(items, views, strict=True):
        if view.mark and view.mark.standing not in _UNTOLD:
            for one in about(item):
                marks.setdefault(one, []).append((item, view.mark))
    lines = [_line(one, found) for one, found in marks.items()]
    return sorted(lines, key=lambda line: (line.points / line.maximum, -line.maximum))


def _line(about: CiteView, marks: Sequence[tuple[Item, ItemMark]]) -> Line:
    return Line(
        about=about,
        right=sum(mark.standing is Standing.RIGHT for _item, mark in marks),
        asked=len(marks),
        points=sum(mark.points for _item, mark in marks),
        maximum=sum(mark.maximum for _item, mark in marks),
        in_degrees=any(item.in_degrees for item, _mark in marks),
    )
