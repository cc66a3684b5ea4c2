"""A cohort on paper: for its files, and for whoever is told how it went."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from lms.features.exports.blueprint import bp
from lms.learning.api import cohorts, gaps, whole_cohort
from lms.web import gaps as gap_lines
from lms.web.guards import Permission, me, requires, teacher
from lms.web.links import link
from lms.web.site import catalog, database, now

#: So many of the articles that are missed most.
MOST = 10


@bp.get("/<uuid:cohort_id>/laporan")
@requires(Permission.TEACH)
def report(cohort_id: UUID) -> ResponseReturnValue:
    pack, moment = catalog(), now()
    lessons = [lesson.id for lesson in pack.every_lesson]
    quizzes = [quiz.id for module in pack.modules.values() for quiz in module.quizzes]
    with database().reading() as db:
        group = cohorts.taught(db, cohort_id, teacher())
        instructors = whole_cohort.teachers(db, cohort_id)
        done = whole_cohort.done(db, cohort_id, lessons=lessons, quizzes=quizzes)
        missed = gaps.by_article(gaps.of_cohort(db, cohort_id, pack), pack)
    telling = [gap for gap in missed if gap.answers >= gaps.FEWEST and gap.missed]
    return render_template(
        "exports/report.html",
        cohort=group,
        cohort_href=link("cohort", cohort_id=cohort_id),
        instructors=instructors,
        author=me().name,
        at=moment,
        done=done,
        share=_share(sum(done.read.values()), done, quizzes, group.participants, len(lessons)),
        quizzes=[
            {
                "title": quiz.title,
                "done": done.quizzes[quiz.id],
                "passed": done.quizzes[quiz.id].passed if quiz.can_be_failed else None,
            }
            for quiz in pack.quizzes.values()
            if quiz.id in done.quizzes
        ],
        modules=[_module(module, done, group.participants) for module in pack.modules.values()],
        gaps=[gap_lines.line(gap) for gap in telling[:MOST]],
        fewest=gaps.FEWEST,
        here="gradebook",
    )


def _module(module: Any, done: whole_cohort.Done, people: int) -> dict[str, Any]:
    read = sum(done.read[lesson.id] for lesson in module.lessons)
    quizzes = [quiz.id for quiz in module.quizzes]
    return {
        "title": module.title,
        "lessons": len(module.lessons),
        "read": _part(read, people * len(module.lessons)),
        "passed": _part(_passed(done, quizzes), people * len(quizzes)),
        "share": _share(read, done, quizzes, people, len(module.lessons)),
    }


def _share(read: int, done: whole_cohort.Done, quizzes: list[str], people: int, lessons: int) -> float | None:
    """Steps done, lessons read to their end and quizzes passed, of all that everybody has before them."""
    return _part(read + _passed(done, quizzes), people * (lessons + len(quizzes)))


def _passed(done: whole_cohort.Done, quizzes: list[str]) -> int:
    return sum(done.quizzes[quiz].passed for quiz in quizzes if quiz in done.quizzes)


def _part(some: int, whole: int) -> float | None:
    return some / whole if whole else None
