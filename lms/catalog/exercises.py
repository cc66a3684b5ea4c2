"""The questions of a pack that can be practised, and what each is about: alike for everybody.

Which of them one person may practise now is asked in ``lms/learning/practice.py``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lms.catalog import readings
from lms.catalog.law import Citation
from lms.catalog.model import Catalog
from lms.citations import citation
from lms.quiz import draw
from lms.quiz.item import Item


@dataclass(frozen=True, slots=True)
class Exercise:
    """A question that can be practised, and what it is about. ``quizzes``: those that may ask it, by id."""

    item: Item
    modules: frozenset[str]
    lessons: frozenset[str]
    articles: frozenset[Citation]
    quizzes: frozenset[str]


def exercises(catalog: Catalog) -> Mapping[str, Exercise]:
    """By id, every question that needs nobody to judge it; worked out once for a catalog."""
    return catalog.memory.remember("exercises", lambda: {one.item.id: one for one in _exercises(catalog)})


def _exercises(catalog: Catalog) -> Iterator[Exercise]:
    askers = _askers(catalog)
    sources = [(quiz.items, quiz.module) for quiz in catalog.quizzes.values()]
    sources += [(lesson.checks, lesson.module) for lesson in catalog.every_lesson]
    for items, module in sources:
        yield from (_exercise(catalog, item, module, askers) for item in items if item.key() is not None)


def _exercise(catalog: Catalog, item: Item, module: str | None, askers: Mapping[str, set[str]]) -> Exercise:
    """``module``: of the file that it stands in."""
    named = [one.id for one in readings.modules(catalog, item)] or filter(None, [module])
    return Exercise(
        item,
        frozenset(named),
        frozenset(lesson.id for lesson in readings.lessons(catalog, item)),
        frozenset(readings.article(citation(cite)) for cite in item.cites),
        frozenset(askers.get(item.id, ())),
    )


def _askers(catalog: Catalog) -> Mapping[str, set[str]]:
    """Item id -> ids of the quizzes it stands in, and of those that may draw it."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for quiz in catalog.quizzes.values():
        drawn = draw.open_to(quiz, catalog.bank) if quiz.draws else []
        for item in (*quiz.items, *(item for one in quiz.draws for item in draw.pool(one, drawn))):
            found[item.id].add(quiz.id)
    return found


def can_practise(catalog: Catalog, module: str | None) -> bool:
    """Whether there is something to practise of a module, whatever exams keep back: it has self-checks."""
    return module in catalog.memory.remember("practisable", lambda: _with_checks(catalog))


def _with_checks(catalog: Catalog) -> frozenset[str]:
    free = (one.modules for one in exercises(catalog).values() if not one.quizzes)
    return frozenset().union(*free)
