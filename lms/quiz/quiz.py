"""A quiz: its items, and the rules it is taken and reviewed by."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from lms.errors import NotFound
from lms.quiz.canonical import digest
from lms.quiz.item import Item


class UnknownItem(NotFound):
    message = "Soal itu tidak ada dalam kuis ini."


class Moment(StrEnum):
    """When something about an attempt may be seen."""

    AFTER_SUBMIT = "after-submit"
    AFTER_LAST = "after-last"  # when the attempt limit is reached or the quiz is passed
    NEVER = "never"

    def reached(self, *, submitted: bool, last: bool) -> bool:
        match self:
            case Moment.AFTER_SUBMIT:
                return submitted
            case Moment.AFTER_LAST:
                return submitted and last
            case Moment.NEVER:
                return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Visible:
    """What may be shown now."""

    marks: bool
    answers: bool
    feedback: bool
    explanation: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRules:
    """What is shown of a submitted attempt × when."""

    marks: Moment = Moment.AFTER_SUBMIT
    answers: Moment = Moment.AFTER_SUBMIT
    feedback: Moment = Moment.AFTER_SUBMIT
    explanation: Moment = Moment.AFTER_SUBMIT

    def visible(self, *, submitted: bool, last: bool) -> Visible:
        """``submitted``: this attempt is closed. ``last``: no further attempt is possible, or the quiz is passed."""
        return Visible(
            marks=self.marks.reached(submitted=submitted, last=last),
            answers=self.answers.reached(submitted=submitted, last=last),
            feedback=self.feedback.reached(submitted=submitted, last=last),
            explanation=self.explanation.reached(submitted=submitted, last=last),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiz:
    """An assessment. ``time_limit`` and ``attempts``: None means no limit."""

    id: str
    title: str
    items: tuple[Item, ...]
    module: str | None = None
    summary: str = ""
    introduction: str = ""  # Markdown
    time_limit: timedelta | None = None
    attempts: int | None = None
    pass_mark: float = 0.7001  # fraction of the points; Latsar asks for more than 70 percent
    shuffle_questions: bool = False
    shuffle_options: bool = False
    review: ReviewRules = ReviewRules()

    def item(self, id: str) -> Item:
        """Raises ``UnknownItem``."""
        for item in self.items:
            if item.id == id:
                return item
        raise UnknownItem

    @property
    def points(self) -> float:
        """The maximum score."""
        return math.fsum(item.points for item in self.items)

    @property
    def digest(self) -> str:
        """Names this very quiz with its items and rules."""
        return digest(self)
