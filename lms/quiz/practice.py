"""A practice: questions as often as one likes, for oneself. The only place that knows what sets it apart from a quiz.

It is taken as an attempt of a quiz that is made up when it starts and stands in no pack. Its id begins with ``PREFIX``,
which no file of a pack can be called, and says what the practice is about.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

from lms.quiz.draw import one_of_a_family
from lms.quiz.item import Item
from lms.quiz.quiz import Layout, Quiz

PREFIX = "~"
#: How long the name of a quiz is where it is stored.
_LONGEST = 120


class Subject(StrEnum):
    """What the questions of a practice have in common. Values stand in addresses and in the ids of attempts."""

    MODULE = "modul"
    LESSON = "materi"
    ARTICLE = "pasal"
    LIKE = "seperti"  # one question: others of the same lesson, article or module
    MISSED = "meleset"  # what this person did not get right
    MIXED = "campuran"
    EVALUATION = "evaluasi"  # as many questions and minutes as the evaluation of the goal
    QUIZ = "kuis"  # instead of a quiz of which no attempt is left


@dataclass(frozen=True, slots=True)
class About:
    """``id``: of a module, a lesson, a question or a quiz; an article as ``uu-20-2023#24``; else empty."""

    subject: Subject
    id: str = ""

    @property
    def quiz_id(self) -> str:
        written = f"{PREFIX}{self.subject}:{self.id}"
        if len(written) <= _LONGEST:
            return written
        return f"{PREFIX}{self.subject}:{hashlib.sha256(self.id.encode()).hexdigest()}"


#: What the ids of all practices begin with that stand for a quiz.
INSTEAD = About(Subject.QUIZ).quiz_id


def is_practice(quiz_id: str) -> bool:
    return quiz_id.startswith(PREFIX)


def stands_for(quiz_id: str) -> str:
    """The quiz instead of which this practice was taken; empty for every other."""
    return quiz_id.removeprefix(INSTEAD) if quiz_id.startswith(INSTEAD) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How a practice is taken. ``most``: questions; ``pass_mark``: 0 where nothing is passed."""

    most: int = 10
    pass_mark: float = 0.0
    time_limit: timedelta | None = None
    layout: Layout = Layout.ONE_PAGE
    layout_choice: bool = False
    confidence: bool = False


def chosen(items: Sequence[Item], most: int, rank: Callable[[Item], Any]) -> tuple[Item, ...]:
    """At most so many, those of the lowest ``rank`` first; of parallel questions one."""
    ranked = one_of_a_family(sorted(items, key=rank))
    return tuple(ranked[:most])


def made_up(about: About, title: str, items: Iterable[Item], shape: Shape, module: str | None = None) -> Quiz:
    """The quiz of a practice: without end, and everything is reviewed at once."""
    return Quiz(
        id=about.quiz_id,
        title=title,
        module=module,
        items=tuple(replace(item, section="") for item in items),
        pass_mark=shape.pass_mark,
        time_limit=shape.time_limit,
        shuffle_questions=True,
        shuffle_options=True,
        layout=shape.layout,
        layout_choice=shape.layout_choice,
        confidence=shape.confidence,
    )
