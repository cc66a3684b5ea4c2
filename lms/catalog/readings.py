"""What a question is about, and where to read about it: as its author says, and as lessons cite what it cites."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from lms.catalog.law import Citation
from lms.catalog.model import Catalog, Lesson, Module
from lms.citations import citation
from lms.markup import Heading
from lms.quiz.item import Item


@dataclass(frozen=True, slots=True)
class Reading:
    """A lesson, from one of its headings on where that is known."""

    lesson: Lesson
    heading: Heading | None


def lessons(catalog: Catalog, item: Item) -> tuple[Lesson, ...]:
    """Those whose outcomes it tests; of a self-check that names none the lesson it stands in."""
    tested = (catalog.outcome_called(outcome)[0] for outcome in item.outcomes)
    own = [] if item.outcomes else [catalog.checked_in.get(item.id)]
    return tuple({lesson.id: lesson for lesson in (*tested, *own) if lesson}.values())


def modules(catalog: Catalog, item: Item) -> tuple[Module, ...]:
    """Those of the lessons whose outcomes it tests, else those that its tags name."""
    named = [lesson.module for lesson in lessons(catalog, item)] or item.tags
    return tuple(catalog.modules[id] for id in dict.fromkeys(named) if id in catalog.modules)


def readings(catalog: Catalog, item: Item) -> tuple[Reading, ...]:
    """Where its lessons speak of it: below the first heading that cites what it cites, or else the article of that."""
    return tuple(Reading(lesson, _heading(lesson, item)) for lesson in lessons(catalog, item))


def _heading(lesson: Lesson, item: Item) -> Heading | None:
    cites, below = [citation(cite) for cite in item.cites], lesson.cited_below
    exactly = (below[cite] for cite in cites if cite in below)
    nearly = (heading for cite in cites for cited, heading in below.items() if article(cited) == article(cite))
    return next(chain(exactly, nearly), None)


def article(cited: Citation) -> Citation:
    """Of a paragraph or a letter the article that it stands in."""
    regulation, locator = cited
    return regulation, locator.partition(".")[0]
