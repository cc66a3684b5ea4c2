"""The front matter of a quiz file."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from lms.fields import Day, Schema, Slug, Text, misspelt, refusal
from lms.quiz.quiz import Draw, Grade, Layout, Section
from lms.quiz.review import Moment, ReviewRules

_SPAN = re.compile(r"(?:(?P<hours>\d{1,3}) *(?:jam|h|hours?))?(?: *(?P<minutes>\d{1,4}) *(?:menit|min|minutes?|m))?")

_DECIMAL_HOURS = re.compile(r"(\d{1,3}[.,]\d{1,4}) *(?:jam|h|hours?)", re.ASCII)


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
    if isinstance(value, int | float) or (isinstance(value, str) and value.strip().isdecimal()):
        raise refusal("Q003", f"isian `time_limit` belum bersatuan; tulis `{value} min` atau `{value} jam`")
    if not span:
        message = "isian `time_limit` ditulis mis. `20 min` atau `1 jam 30 min`"
        raise refusal("Q003", message, instead=_hours(value))
    return span


def _hours(value: object) -> str | None:
    """``1,5 jam`` in whole minutes."""
    found = _DECIMAL_HOURS.fullmatch(value.strip().lower()) if isinstance(value, str) else None
    minutes = float(found[1].replace(",", ".")) * 60 if found else 0.0
    return f"{minutes:g} min" if minutes and minutes.is_integer() else None


def _review(value: object) -> object:
    """One moment stands for all four things that can be shown."""
    if isinstance(value, dict):
        return value
    if value not in set(Moment):
        known = ", ".join(f"`{moment}`" for moment in Moment)
        instead = misspelt(value, Moment) if isinstance(value, str) else None
        raise refusal("Q004", f"isian `review` ditulis {known}, atau sebagai pasangan per hal", instead=instead)
    return dict.fromkeys(Review.model_fields, value)


def _percent(value: object) -> object:
    """``70`` and ``70%`` are the same; a share of one is taken for a slip, since whoever answers anything passes."""
    bare = value.strip().removesuffix("%").replace(",", ".") if isinstance(value, str) else value
    try:
        percent = float(bare) if isinstance(bare, str | int | float) else math.nan
    except ValueError:
        return bare
    if 0 < percent <= 1 and not isinstance(value, bool):
        instead = f"{percent * 100:g}"
        message = f"isian `pass` ditulis dalam persen: `{value}` berarti {percent:g}%; tulis `pass: {instead}`"
        is_share = 0.1 <= percent < 1 and "%" not in str(value)  # less, and 1, may be percent after all
        raise refusal("Q024", message, instead=instead if is_share else None)
    return bare


def _attempts(value: object) -> object:
    if isinstance(value, int) and value >= 1 and not isinstance(value, bool):
        return value
    code = "F014" if isinstance(value, int) else "F012"
    number = re.fullmatch(r"([1-9]\d{0,3})(?: *(?:kali|x))?", value.strip()) if isinstance(value, str) else None
    message = "isian `attempts` ditulis mis. `3`; hapus isiannya bila percobaan tidak dibatasi"
    raise refusal(code, message, instead=number[1] if number else None)


class Drawn(Schema):
    tags: Annotated[tuple[Text, ...], Field(min_length=1)]
    count: Annotated[int, Field(ge=1, le=500)]
    section: Slug | None = None

    def draw(self) -> Draw:
        return Draw(tags=self.tags, count=self.count, section=self.section or "")


class Head(Schema):
    title: Text
    reviewed: Day | None = None
    module: Slug | None = None
    summary: str = ""
    time_limit: Annotated[timedelta, BeforeValidator(_span)] | None = None
    attempts: Annotated[int, BeforeValidator(_attempts)] | None = None
    pass_: Annotated[float | None, Field(alias="pass", ge=0, le=100), BeforeValidator(_percent)] = None  # percent
    shuffle: tuple[Literal["questions", "options"], ...] = ()
    review: Annotated[Review, BeforeValidator(_review)] = Review()
    asks: Annotated[int, Field(ge=1, le=500)] | None = None
    draw: tuple[Drawn, ...] = ()
    layout: Layout = Layout.ONE_PAGE
    layout_choice: bool = False
    confidence: bool = False
    after: str = ""
    grade: Grade = Grade.BEST

    def settings(self, sections: Sequence[Section]) -> dict[str, Any]:
        """The arguments of a ``Quiz`` that stand in its front matter, and its sections.

        Without ``pass`` the thresholds of the sections decide alone; where there are none, Latsar's rule does.
        """
        own = any(section.pass_points or section.pass_share for section in sections)
        percent = self.pass_ if self.pass_ is not None else 0.0 if own else 70.01
        same = (
            *("title", "reviewed", "module", "summary", "time_limit", "attempts"),
            *("asks", "layout", "layout_choice", "confidence", "after", "grade"),
        )
        return {name: getattr(self, name) for name in same} | {
            "pass_mark": round(percent / 100, 6),
            "shuffle_questions": "questions" in self.shuffle,
            "shuffle_options": "options" in self.shuffle,
            "review": self.review.rules(),
            "sections": tuple(sections),
            "draws": tuple(drawn.draw() for drawn in self.draw),
        }
