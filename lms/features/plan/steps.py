"""Steps of a plan as pages, calendar and sentences name them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from lms.catalog.model import Lesson
from lms.learning.api import Records, plan
from lms.quiz.quiz import Quiz
from lms.web import texts
from lms.web.language import duration
from lms.web.links import link
from lms.web.site import catalog
from lms.web.words import gettext as _


@dataclass(frozen=True, slots=True)
class StepLine:
    """A lesson or a quiz in a list. ``taken``: handed in, and whether it was passed is not told."""

    href: str
    title: str
    module: str
    kind: str
    minutes: int
    taken: bool


def line(step: plan.Step, records: Records) -> StepLine:
    module = catalog().modules.get(step.module or "")
    return StepLine(
        href=href(step),
        title=step.title,
        module=module.title if module else "",
        kind="lesson" if isinstance(step, Lesson) else "quiz",
        minutes=plan.minutes(step),
        taken=step.id in records.taken,
    )


def lines(steps: Iterable[plan.Step], records: Records) -> list[StepLine]:
    return [line(step, records) for step in steps]


def href(step: plan.Step, heading: str | None = None) -> str:
    return texts.lesson_url(step, heading) if isinstance(step, Lesson) else link("quiz", quiz=step.id)


def amount(steps: Sequence[plan.Step], cards: int = 0) -> str:
    """ "2 materi, 1 kuis, 8 kartu, 44 menit"."""
    lessons = sum(isinstance(step, Lesson) for step in steps)
    quizzes = len(steps) - lessons
    told = [_("1 materi") if lessons == 1 else _("%(n)s materi", n=lessons)] if lessons else []
    told += [_("1 kuis") if quizzes == 1 else _("%(n)s kuis", n=quizzes)] if quizzes else []
    told += [_("1 kartu") if cards == 1 else _("%(n)s kartu", n=cards)] if cards else []
    return ", ".join([*told, span(sum(map(plan.minutes, steps)) + plan.card_minutes(cards))])


def span(minutes: int) -> str:
    return duration(timedelta(minutes=minutes))


def size(quiz: Quiz) -> str:
    """ "20 soal, sekitar 30 menit"."""
    return _("%(n)s soal, sekitar %(span)s", n=quiz.length, span=span(plan.minutes(quiz)))
