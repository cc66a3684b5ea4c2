"""How the people and the quizzes of a cohort stand, as its page lists them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import url_for

from lms.learning.api import attention, cohorts, members, progress
from lms.web import signs
from lms.web.links import link
from lms.web.site import catalog

#: So many reasons of a cohort are named where it is one of a list.
FOREMOST = 2


def cohort_line(cohort: cohorts.Taught, need: attention.Need) -> dict[str, Any]:
    """A cohort in a list of them; of the reasons, those that are true of most people."""
    foremost = sorted(attention.Reason, key=lambda reason: -need.reasons.get(reason, 0))[:FOREMOST]
    return {
        "href": link("cohort", cohort_id=cohort.id),
        "name": cohort.name,
        "participants": cohort.participants,
        "needy": need.people,
        "reasons": [(signs.kind(reason), need.reasons[reason]) for reason in foremost if reason in need.reasons],
        "waiting": need.reasons.get(attention.Reason.WAITING, 0),
        "done_share": need.done,
        "active_7d": need.active,
    }


def member_row(
    member: members.Member, one: members.Standing, found: Sequence[attention.Sign], moment: datetime
) -> dict[str, Any]:
    """``found``: the signs that this person needs somebody, the most urgent first."""
    lessons = catalog().every_lesson
    quizzes = {quiz.id for module in catalog().modules.values() for quiz in module.quizzes}  # those of the course
    return {
        "name": member.name,
        "login": member.login,
        "href": link("participant", cohort_id=member.cohort_id, user_id=member.user_id),
        "share": progress.course_share(catalog(), one.records).value,
        "lessons_done": sum(progress.lesson_state(lesson, one.records).done for lesson in lessons),
        "lessons_total": len(lessons),
        "quizzes_passed": len(one.records.passed & quizzes),
        "quizzes_total": len(quizzes),
        "last_seen": signs.ago(one.last_seen_at, moment) if one.last_seen_at else "–",
        "signs": list(dict.fromkeys(signs.kind(sign.reason) for sign in found)),
    }


def quiz_lines(cohort_id: UUID, summaries: dict[str, Any]) -> list[dict[str, Any]]:
    """``passed``: None of a quiz that cannot be failed."""
    lines = []
    for quiz in catalog().quizzes.values():
        one = summaries.get(quiz.id)
        lines.append(
            {
                "href": url_for(".results", cohort_id=cohort_id, quiz=quiz.id),
                "title": quiz.title,
                "people": one.people if one else 0,
                "attempts": one.attempts if one else 0,
                "mean": one.mean if one else None,
                "passed": (one.passed if one else 0) if quiz.can_be_failed else None,
            }
        )
    return lines
