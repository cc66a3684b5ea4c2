"""The instructor's pages. Every one asks first whether the person teaches that cohort."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import fmean, median
from typing import Any
from uuid import UUID

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.db.engine import Database
from lms.errors import Invalid
from lms.features.gradebook import one_attempt as one_attempt  # its routes belong to these
from lms.features.gradebook import one_cohort as one_cohort  # so do its routes
from lms.features.gradebook import spreadsheet, standing
from lms.features.gradebook import unclear as unclear  # and its route
from lms.features.gradebook.blueprint import bp
from lms.features.gradebook.listing import Listing, listing_asked
from lms.learning.api import attention, cohorts, results
from lms.web import signs
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
    "participants": "gradebook.participants",
    "contacted": "gradebook.contacted",
    "quiz-results": "gradebook.results",
    "reviewed-attempt": "gradebook.attempt",
}
MENU = (Entry(name="gradebook", noun="cohorts", title=lambda: _("Pengampu"), needs=Permission.TEACH, place=60),)

PAGE = 50


# --- cohorts --------------------------------------------------------------------------------------------------------


@bp.get("")
@requires(Permission.TEACH)
def overview() -> ResponseReturnValue:
    """The cohorts of one page of the list; of these, those in which most people need somebody come first."""
    moment = now()
    with database().reading() as db:
        shown = paging(cohorts.count_taught(db, teacher()), PAGE)
        taught = cohorts.taught_by(db, teacher(), offset=shown.offset, limit=shown.size)
        needs = attention.counts(db, {one.id: signs.pace(one, moment) for one in taught}, now=moment)
        count = results.count_waiting(db, teacher())
    lines = [standing.cohort_line(one, needs[one.id]) for one in taught]
    return render_template(
        "gradebook/overview.html",
        waiting={"href": link("marking"), "count": count},
        cohorts=sorted(lines, key=lambda line: (-line["needy"], line["name"].lower())),
        query={"page": shown.page},
        pages=shown.pages,
        here="gradebook",
    )


# --- the results of a quiz ------------------------------------------------------------------------------------------


@bp.get("/angkatan/<uuid:cohort_id>/kuis/<quiz>", endpoint="results")
@requires(Permission.TEACH)
def quiz_results(cohort_id: UUID, quiz: str) -> ResponseReturnValue:
    found = catalog().quiz(quiz)
    listing = listing_asked(results.SORTS, "submitted_at", "desc")
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
    listing = listing_asked(results.SORTS, "name", "asc")
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
