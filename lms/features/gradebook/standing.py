"""How the people and the quizzes of a cohort stand, as its page lists them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import url_for

from lms.learning.api import members, progress
from lms.web.links import link
from lms.web.site import catalog
from lms.web.words import gettext as _

#: Days without a sign of life after which somebody counts as stuck.
QUIET = timedelta(days=7)


def member_row(member: members.Member, one: members.Standing, moment: datetime) -> dict[str, Any]:
    lessons = catalog().every_lesson
    quizzes = catalog().quizzes
    share = progress.course_share(catalog(), one.records)
    return {
        "name": member.name,
        "login": member.login,
        "href": link("participant", cohort_id=member.cohort_id, user_id=member.user_id),
        "share": share.value,
        "lessons_done": sum(progress.lesson_state(lesson, one.records).done for lesson in lessons),
        "lessons_total": len(lessons),
        "quizzes_passed": len(one.records.passed & quizzes.keys()),
        "quizzes_total": len(quizzes),
        "last_seen": one.last_seen_at,
        "stuck": _stuck(one, share.complete, moment),
    }


def _stuck(one: members.Standing, complete: bool, moment: datetime) -> str:
    """Why somebody seems to need help, in words; empty when they do not."""
    if complete:
        return ""
    if one.last_seen_at is None:
        return _("belum mulai")
    if one.most_tries >= 2:
        return _("kuis dicoba %(n)s kali, belum lulus", n=one.most_tries)
    if moment - one.last_seen_at >= QUIET:
        return _("tidak aktif lebih dari %(n)s hari", n=QUIET.days)
    return ""


def quiz_lines(cohort_id: UUID, summaries: dict[str, Any]) -> list[dict[str, Any]]:
    lines = []
    for quiz in catalog().quizzes.values():
        one = summaries.get(quiz.id)
        lines.append(
            {
                "href": url_for(".results", cohort_id=cohort_id, quiz=quiz.id),
                "title": quiz.title,
                "attempts": one.attempts if one else 0,
                "mean": one.mean if one else None,
                "passed": one.passed if one else 0,
            }
        )
    return lines
