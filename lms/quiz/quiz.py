"""A quiz: its items and sections, and the rules it is taken and reviewed by."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import chain

from lms.errors import NotFound
from lms.quiz.canonical import digest
from lms.quiz.item import Item
from lms.quiz.passage import Passage
from lms.quiz.review import AT_ONCE, Moment, ReviewRules, Visible

__all__ = ["Draw", "Grade", "Layout", "Moment", "Quiz", "ReviewRules", "Section", "UnknownItem", "Visible", "passages"]


#: The fraction of the points that passes: Latsar asks for more than 70 percent.
OF_LATSAR = 0.7001


class UnknownItem(NotFound):
    message = "Soal itu tidak ada dalam kuis ini."


class Layout(StrEnum):
    """How a quiz is laid out while it is taken."""

    ONE_PAGE = "one-page"
    PER_QUESTION = "per-question"


class Grade(StrEnum):
    """Which of several attempts a platform is told of."""

    BEST = "best"
    LAST = "last"
    FIRST = "first"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a quiz with a threshold of its own; items name it by ``Item.section``.

    The threshold is ``pass_points`` or ``pass_share`` (fraction of the section's points); with neither, all pass.
    """

    id: str
    title: str
    introduction: str = ""  # Markdown
    pass_points: float | None = None
    pass_share: float | None = None

    def threshold(self, maximum: float) -> float | None:
        """The points to reach of ``maximum``; None when there is no threshold."""
        return self.pass_share * maximum if self.pass_share is not None else self.pass_points


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """``count`` items are drawn from the bank that carry all ``tags``; they join a section when it is named."""

    tags: tuple[str, ...]
    count: int
    section: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiz:
    """An assessment. ``time_limit`` and ``attempts``: None means no limit.

    A quiz that ``is_drawn`` becomes one that can be taken by ``draw.fill``.
    """

    id: str
    title: str
    items: tuple[Item, ...]
    module: str | None = None
    summary: str = ""
    introduction: str = ""  # Markdown
    time_limit: timedelta | None = None
    attempts: int | None = None
    #: Fraction of the points; 0 where the sections' thresholds alone decide.
    pass_mark: float = OF_LATSAR
    shuffle_questions: bool = False
    shuffle_options: bool = False
    review: ReviewRules = AT_ONCE
    sections: tuple[Section, ...] = ()
    draws: tuple[Draw, ...] = ()
    asks: int | None = None  # how many of its own items an attempt asks; all when None
    layout: Layout = Layout.ONE_PAGE
    layout_choice: bool = False  # whether the participant may switch
    reviewed: date | None = field(default=None, compare=False)  # against the law; no part of the rules
    confidence: bool = False  # whether every answer may say how sure it is
    #: Id of the quiz taken before what was taught, with which it is compared; no part of the rules.
    after: str = field(default="", compare=False)
    #: No part of the rules either: it holds as the quiz says today.
    grade: Grade = field(default=Grade.BEST, compare=False)

    def item(self, id: str) -> Item:
        """Raises ``UnknownItem``."""
        for item in self.items:
            if item.id == id:
                return item
        raise UnknownItem

    @property
    def is_drawn(self) -> bool:
        """Whether what is asked is drawn anew for every attempt."""
        return bool(self.draws) or self.asks is not None

    @property
    def length(self) -> int:
        """How many questions an attempt holds."""
        own = len(self.items) if self.asks is None else min(self.asks, len(self.items))
        return own + sum(draw.count for draw in self.draws)

    @property
    def can_be_failed(self) -> bool:
        """Whether anybody is told "passed" or "not passed"; a test to find out where one stands has no pass mark."""
        return self.pass_mark > 0 or any(section.threshold(1) is not None for section in self.sections)

    @property
    def gives_keys_away(self) -> bool:
        """Whether whoever reads the review of an attempt can pass the next one, if it asks the same questions.

        Passing counts in the quiz of a module only; elsewhere it is a word to oneself.
        """
        counts = self.module is not None and self.can_be_failed
        return counts and self.attempts != 1 and self.review.between_attempts

    @property
    def points(self) -> float:
        """The maximum score."""
        return math.fsum(item.points for item in self.items)

    @property
    def digest(self) -> str:
        """Names this very quiz with its items and rules."""
        return digest(self)

    def arranged(self, rng: random.Random) -> tuple[Item, ...]:
        """The items as one person meets them: shuffled within their sections if the quiz says so.

        Items that share a passage stay together, in the author's order: the passage is shown with the first of them.
        """
        units = _units(self.items)
        if self.shuffle_questions:
            rng.shuffle(units)
        places = {id: at for at, id in enumerate(["", *(section.id for section in self.sections)])}
        units.sort(key=lambda unit: places.get(unit[0].section, 0))
        return tuple(chain.from_iterable(units))


def passages(items: Iterable[Item]) -> dict[str, Passage]:
    """Item id -> the passage to be shown with it, on a page of ``items``: with the first of those that share it."""
    first: dict[Passage, str] = {}
    for item in items:
        if item.passage:
            first.setdefault(item.passage, item.id)
    return {id: passage for passage, id in first.items()}


def _units(items: Iterable[Item]) -> list[list[Item]]:
    """The items of a section that share a passage, and every other item alone."""
    units: dict[object, list[Item]] = {}
    for item in items:
        units.setdefault((item.section, item.passage or item.id), []).append(item)
    return list(units.values())
