"""The instructor's pages. Every one asks first whether the person teaches that cohort."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from lms.features.gradebook import one_attempt as one_attempt  # its routes belong to these
from lms.features.gradebook import quiz_results as quiz_results  # so do its routes
from lms.features.gradebook import standing
from lms.features.gradebook import unclear as unclear  # so does its route
from lms.features.gradebook.blueprint import bp
from lms.features.gradebook.listing import PAGE, listing
from lms.learning.api import (
    cohorts,
    members,
    results,
)
from lms.web.guards import Permission, requires, teacher
from lms.web.links import Entry
from lms.web.paging import paging
from lms.web.site import catalog, database, now
from lms.web.words import gettext as _

LINKS = {
    "cohorts": "gradebook.overview",
    "cohort": "gradebook.cohort",
    "quiz-results": "gradebook.results",
    "reviewed-attempt": "gradebook.attempt",
}
MENU = (Entry(name="gradebook", noun="cohorts", title=lambda: _("Pengampu"), needs=Permission.TEACH, place=60),)


# --- cohorts --------------------------------------------------------------------------------------------------------


@bp.get("")
@requires(Permission.TEACH)
def overview() -> ResponseReturnValue:
    moment = now()
    lessons, quizzes = _steps()
    with database().reading() as db:
        shown = paging(cohorts.count_taught(db, teacher()), PAGE)
        taught = cohorts.taught_by(db, teacher(), offset=shown.offset, limit=shown.size)
        ids = [cohort.id for cohort in taught]
        sums = members.sums(db, ids, lessons=lessons, quizzes=quizzes, active_since=moment - standing.QUIET)
        count = results.count_waiting(db, teacher())
    steps = len(lessons) + len(quizzes)
    return render_template(
        "gradebook/overview.html",
        waiting={"href": url_for(".waiting"), "count": count},
        cohorts=[_cohort_line(cohort, sums.get(cohort.id, members.Sum()), steps) for cohort in taught],
        query={"page": shown.page},
        pages=shown.pages,
        here="gradebook",
    )


def _steps() -> tuple[list[str], list[str]]:
    """What the course consists of: its lessons, and the quizzes of its modules."""
    modules = [module for agenda in catalog().agendas for module in agenda.modules]
    lessons = [lesson.id for module in modules for lesson in module.lessons]
    return lessons, [quiz.id for module in modules for quiz in module.quizzes]


def _cohort_line(cohort: cohorts.Taught, done: members.Sum, steps: int) -> dict[str, Any]:
    all_steps = cohort.participants * steps
    return {
        "href": url_for(".cohort", cohort_id=cohort.id),
        "name": cohort.name,
        "participants": cohort.participants,
        "done_share": (done.read + done.passed) / all_steps if all_steps else 0.0,
        "active_7d": done.active,
    }


@bp.get("/angkatan/<uuid:cohort_id>")
@requires(Permission.TEACH)
def cohort(cohort_id: UUID) -> ResponseReturnValue:
    wanted, moment = listing(members.SORTS, "name", "asc"), now()
    with database().reading() as db:
        found = cohorts.taught(db, cohort_id, teacher())
        total = members.count(db, cohort_id, wanted.q)
        shown = paging(total, PAGE)
        listed = members.page(
            db,
            cohort_id,
            search=wanted.q,
            sort=wanted.sort,
            descending=wanted.descending,
            quiet_since=moment - standing.QUIET,
            offset=shown.offset,
            limit=shown.size,
        )
        standings = members.standings(db, listed)
        summaries = results.quiz_summaries(db, cohort_id)
    return render_template(
        "gradebook/cohort.html",
        cohort=found,
        rows=[standing.member_row(one, standings.get(one.enrolment_id, members.Standing()), moment) for one in listed],
        query={**wanted.query, "page": shown.page},
        pages=shown.pages,
        total=total,
        quizzes=standing.quiz_lines(cohort_id, summaries),
        here="gradebook",
    )


# --- answers that wait for a person ---------------------------------------------------------------------------------


@bp.get("/menunggu")
@requires(Permission.TEACH)
def waiting() -> ResponseReturnValue:
    """Attempts with answers that nobody judged yet, oldest first."""
    with database().reading() as db:
        total = results.count_waiting(db, teacher())
        shown = paging(total, PAGE)
        listed = results.waiting(db, teacher(), offset=shown.offset, limit=shown.size)
    quizzes = catalog().quizzes
    return render_template(
        "gradebook/waiting.html",
        rows=[
            {
                "name": one.name,
                "login": one.login,
                "quiz": quizzes[one.quiz].title if one.quiz in quizzes else one.quiz,
                "number": one.number,
                "submitted_at": one.submitted_at,
                "href": url_for(".attempt", attempt_id=one.id),
            }
            for one in listed
        ],
        total=total,
        query={"page": shown.page},
        pages=shown.pages,
        here="gradebook",
    )
