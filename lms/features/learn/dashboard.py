"""Where a person stands: what to go on with, what is left, and the results of late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from lms.catalog.model import Lesson
from lms.features.learn import outline
from lms.learning.api import AttemptLine, Conditions, Records, progress, reading, visibility
from lms.quiz.quiz import Quiz
from lms.web import texts
from lms.web.links import link
from lms.web.site import catalog
from lms.web.words import gettext as _


def remaining_line(step: Lesson | Quiz, records: Records) -> dict[str, Any]:
    is_lesson = isinstance(step, Lesson)
    return {
        "href": outline.step_url(step),
        "title": step.title,
        "kind": "lesson" if is_lesson else "quiz",
        "minutes": step.minutes if isinstance(step, Lesson) else None,
        "taken": step.id in records.taken,
    }


def resume(
    latest: reading.Latest | None,
    attempts: Sequence[AttemptLine],
    left: list[Lesson | Quiz],
    records: Records,
    moment: datetime,
) -> dict[str, Any] | None:
    """Where to go on: an open attempt first (its clock may run), then the lesson one was in, then the next step."""
    for attempt in attempts:
        if attempt.is_running(moment) and attempt.quiz in catalog().quizzes:
            href = link("attempt", attempt_id=attempt.id)
            title = catalog().quiz(attempt.quiz).title
            return {"href": href, "title": title, "module": "", "label": _("Lanjutkan kuis")}
    lesson = catalog().lesson_called(latest.lesson) if latest else None
    if latest and lesson and not progress.lesson_state(lesson, records).done:
        href = texts.lesson_url(lesson, latest.position or None)
        return _place(href, lesson, _("Lanjutkan"))
    step = progress.following(catalog(), left, lesson)
    if step is None:
        return None
    label = _("Lanjutkan") if latest or attempts else _("Mulai belajar")
    if isinstance(step, Quiz):
        return {"href": outline.step_url(step), "title": step.title, "module": "", "label": label}
    return _place(texts.lesson_url(step), step, label)


def _place(href: str, lesson: Lesson, label: str) -> dict[str, Any]:
    return {
        "href": href,
        "title": lesson.title,
        "module": catalog().module(lesson.module).title,
        "label": label,
    }


def results(
    attempts: Sequence[AttemptLine],
    tried: Mapping[tuple[UUID | None, str], visibility.Tried],
    allowed: Mapping[UUID, Conditions],
    moment: datetime,
) -> list[dict[str, Any]]:
    """The newest submitted attempt of each quiz, as far as its review rules and those of the cohort show marks."""
    listed: dict[str, dict[str, Any]] = {}
    for attempt in attempts:
        found = catalog().quizzes.get(attempt.quiz)
        if found is None or attempt.submitted_at is None or attempt.quiz in listed:
            continue
        holds = allowed[attempt.id]
        stands = tried[holds.enrolment_id, attempt.quiz]
        limit = holds.attempts(found)
        visible = visibility.shown(attempt.review, stands, holds, limit=limit, submitted=True, now=moment)
        shown = visible.marks
        listed[attempt.quiz] = {
            "title": found.title,
            "href": link("result", attempt_id=attempt.id),
            "score": attempt.share if shown else None,
            "passed": attempt.passed if shown and found.can_be_failed else None,
            "hidden": not shown,
            "when": attempt.submitted_at,
        }
    return list(listed.values())
