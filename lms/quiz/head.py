"""The front matter of a quiz file."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from lms.fields import Schema, Slug, Text
from lms.quiz.quiz import Moment, ReviewRules

_SPAN = re.compile(r"(?:(?P<hours>\d{1,3}) *(?:jam|h|hours?))?(?: *(?P<minutes>\d{1,4}) *(?:menit|min|minutes?|m))?")


class Review(Schema):
    marks: Moment = Moment.AFTER_SUBMIT
    answers: Moment = Moment.AFTER_SUBMIT
    feedback: Moment = Moment.AFTER_SUBMIT
    explanation: Moment = Moment.AFTER_SUBMIT

    def rules(self) -> ReviewRules:
        return ReviewRules(marks=self.marks, answers=self.answers, feedback=self.feedback, explanation=self.explanation)


def _span(value: object) -> timedelta:
    """``20 min`` or ``1 jam 30 min`` as a span of time."""
    found = _SPAN.fullmatch(value.strip().lower()) if isinstance(value, str) else None
    span = timedelta(hours=int(found["hours"] or 0), minutes=int(found["minutes"] or 0)) if found else timedelta()
    if not span:
        raise PydanticCustomError("Q003", "isian `time_limit` ditulis mis. `20 min` atau `1 jam 30 min`")
    return span


def _review(value: object) -> object:
    """One moment stands for all four things that can be shown."""
    if isinstance(value, dict):
        return value
    if value not in set(Moment):
        message = "isian `review` ditulis `after-submit`, `after-last` atau `never`, atau sebagai pasangan per hal"
        raise PydanticCustomError("Q004", message)
    return dict.fromkeys(Review.model_fields, value)


class Head(Schema):
    title: Text
    module: Slug | None = None
    summary: str = ""
    time_limit: Annotated[timedelta, BeforeValidator(_span)] | None = None
    attempts: Annotated[int, Field(ge=1)] | None = None
    pass_: Annotated[float, Field(alias="pass", gt=0, le=100)] = 70.01  # percent
    shuffle: tuple[Literal["questions", "options"], ...] = ()
    review: Annotated[Review, BeforeValidator(_review)] = Review()

    def settings(self) -> dict[str, Any]:
        """The arguments of a ``Quiz`` that stand in its front matter."""
        return {
            "title": self.title,
            "module": self.module,
            "summary": self.summary,
            "time_limit": self.time_limit,
            "attempts": self.attempts,
            "pass_mark": round(self.pass_ / 100, 6),
            "shuffle_questions": "questions" in self.shuffle,
            "shuffle_options": "options" in self.shuffle,
            "review": self.review.rules(),
        }
