"""The instructor's pages. Every one asks first whether the person teaches that cohort."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any
from uuid import UUID

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.db.engine import Database
from lms.errors import Invalid
from lms.features.gradebook import one_attempt as one_attempt  # its routes belong to these
from lms.features.gradebook import spreadsheet, standing
from lms.features.gradebook import unclear as unclear  # so does its route
from lms.features.gradebook.blueprint import bp
from lms.fields.typed import typed
from lms.learning.api import (
    cohorts,
    members,
    results,
)
from lms.web.guards import Permission, requires, teacher
from lms.web.language import local_day
from lms.web.links import Entry, link
from lms.web.paging import paging
from lms.web.site import catalog, database, now
from lms.web.spreadsheet import file_name
from lms.web.words import gettext as _

LINKS = {
    "cohorts": "gradebook.overview",
    "cohort": "gradebook.cohort",
    "quiz-results": "gradebook.results",
    "reviewed-attempt": "gradebook.attempt",
}
MENU = (Entry(name="gradebook", noun="cohorts", title=lambda: _("Pengampu"), needs=Permission.TEACH, place=60),)

PAGE = 50


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


@dataclass(frozen=True, slots=True)
class Listing:
    """How a list was asked for: search and order."""

    q: str
    sort: str
    direction: str

    @property
    def descending(self) -> bool:
        return self.direction == "desc"


def _listing(sorts: Any, default: str, direction: str) -> Listing:
    """Read search and order of a list; what is unknown falls back to the default."""
    sort = request.args.get("sort", default)
    asked = request.args.get("direction", direction)
    return Listing(
        q=typed(request.args.get("q", ""))[:100],
        sort=sort if sort in sorts else default,
        direction=asked if asked in {"asc", "desc"} else direction,
    )


@bp.get("/angkatan/<uuid:cohort_id>")
@requires(Permission.TEACH)
def cohort(cohort_id: UUID) -> ResponseReturnValue:
    listing, moment = _listing(members.SORTS, "name", "asc"), now()
    with database().reading() as db:
        found = cohorts.taught(db, cohort_id, teacher())
        total = members.count(db, cohort_id, listing.q)
        shown = paging(total, PAGE)
        listed = members.page(
            db,
            cohort_id,
            search=listing.q,
            sort=listing.sort,
            descending=listing.descending,
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
        query={"q": listing.q, "sort": listing.sort, "direction": listing.direction, "page": shown.page},
        pages=shown.pages,
        total=total,
        quizzes=standing.quiz_lines(cohort_id, summaries),
        here="gradebook",
    )


# --- the results of a quiz ------------------------------------------------------------------------------------------


@bp.get("/angkatan/<uuid:cohort_id>/kuis/<quiz>", endpoint="results")
@requires(Permission.TEACH)
def quiz_results(cohort_id: UUID, quiz: str) -> ResponseReturnValue:
    found = catalog().quiz(quiz)
    listing = _listing(results.SORTS, "submitted_at", "desc")
    with database().reading() as db:
        group = cohorts.taught(db, cohort_id, teacher())
        shares = results.shares(db, cohort_id, found.id, listing.q)
        shown = paging(len(shares), PAGE)
        lines = results.results(
            db,
            cohort_id,
            found.id,
            search=listing.q,
            sort=listing.sort,
            descending=listing.descending,
            offset=shown.offset,
            limit=shown.size,
        )
    marked = [share for share, _passed in shares if share is not None]
    return render_template(
        "gradebook/results.html",
        quiz=found,
        cohort={"href": url_for(".cohort", cohort_id=cohort_id), "title": group.name},
        rows=[_result_row(line) for line in lines],
        query={"q": listing.q, "sort": listing.sort, "direction": listing.direction, "page": shown.page},
        pages=shown.pages,
        total=len(shares),
        summary={
            "n": len(marked),
            "mean": fmean(marked) if marked else None,
            "median": median(marked) if marked else None,
            "pass_share": fmean(bool(passed) for share, passed in shares if share is not None) if marked else None,
        },
        distribution=_distribution(marked),
        questions_url=link("quiz-questions", cohort_id=cohort_id, quiz=found.id),
        export_urls={
            separator: url_for(
                ".export",
                cohort_id=cohort_id,
                quiz=found.id,
                separator=separator,
                q=listing.q or None,
                sort=listing.sort,
                direction=listing.direction,
            )
            for separator in spreadsheet.SEPARATORS
        },
        here="gradebook",
    )


def _result_row(line: results.Line) -> dict[str, Any]:
    return {
        "name": line.name,
        "login": line.login,
        "number": line.number,
        "submitted_at": line.submitted_at,
        "score": line.share,
        "passed": line.passed,
        "href": url_for(".attempt", attempt_id=line.id),
        "state": line.state,
    }


def _distribution(marked: list[float]) -> list[dict[str, Any]]:
    """How many attempts lie in each tenth; the last one holds 100 % too."""
    counts = [0] * 10
    for share in marked:
        counts[min(9, int(share * 10 + 1e-9))] += 1
    return [{"label": f"{tenth * 10}–{tenth * 10 + 10}%", "count": count} for tenth, count in enumerate(counts)]


@bp.get("/angkatan/<uuid:cohort_id>/kuis/<quiz>.csv")
@requires(Permission.TEACH)
def export(cohort_id: UUID, quiz: str) -> ResponseReturnValue:
    """The results of a quiz as CSV, searched and ordered as their page; ``separator``: a comma or a semicolon."""
    found = catalog().quiz(quiz)
    separator = request.args.get("separator", ",")
    if separator not in spreadsheet.SEPARATORS:
        raise Invalid(_("Pemisah harus koma atau titik koma."))
    listing = _listing(results.SORTS, "name", "asc")
    with database().reading() as db:
        group = cohorts.taught(db, cohort_id, teacher())
    name = file_name(group.name, found.id, "hasil", day=local_day(now())[0], suffix="csv")
    return Response(
        _exported(database(), cohort_id, found.id, listing, separator),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _exported(held: Database, cohort_id: UUID, quiz: str, listing: Listing, separator: str) -> Iterator[bytes]:
    """Line by line, while it is sent: the request that asked is over by then."""
    with held.reading() as db:
        lines = results.each(db, cohort_id, quiz, search=listing.q, sort=listing.sort, descending=listing.descending)
        yield from spreadsheet.export(lines, separator)


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
