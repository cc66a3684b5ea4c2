"""The results of a quiz in a cohort: who passed, how the scores lie, and every attempt."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from lms.db.engine import Database
from lms.errors import Invalid
from lms.features.gradebook import spreadsheet
from lms.features.gradebook.blueprint import bp
from lms.features.gradebook.listing import PAGE, Listing, listing_asked
from lms.learning.api import cohorts, frozen, question_sums, results
from lms.quiz.quiz import Quiz
from lms.web import which_attempts
from lms.web.guards import Permission, requires, teacher
from lms.web.language import local_day, number
from lms.web.links import link
from lms.web.paging import paging
from lms.web.site import catalog, database, now
from lms.web.spreadsheet import file_name
from lms.web.which_attempts import Which
from lms.web.words import gettext as _

#: Sections are told at once of so many attempts: every answer is read for them. Of more on demand, in a second or two.
AT_ONCE = 1_500


@bp.get("/angkatan/<uuid:cohort_id>/kuis/<quiz>", endpoint="results")
@requires(Permission.TEACH)
def quiz_results(cohort_id: UUID, quiz: str) -> ResponseReturnValue:
    found, which = catalog().quiz(quiz), which_attempts.asked(Which.BEST)
    wanted = listing_asked(results.SORTS, "submitted_at", "desc")
    with database().reading() as db:
        group = cohorts.taught(db, cohort_id, teacher())
        outcomes = results.outcomes(db, cohort_id, found.id, wanted.q, which.which)
        total = sum(one.attempts for one in outcomes)
        shown = paging(total, PAGE)
        lines = results.results(
            db,
            cohort_id,
            found.id,
            search=wanted.q,
            sort=wanted.sort,
            descending=wanted.descending,
            offset=shown.offset,
            limit=shown.size,
            which=which.which,
        )
        wants_parts = bool(found.sections) and (total <= AT_ONCE or "bagian" in request.args)
        parts = _parts(db, cohort_id, found, which.which) if wants_parts and not wanted.q else []
    marked = [one for one in outcomes if one.share is not None]
    query: dict[str, Any] = {**wanted.query, which_attempts.NAME: which.word}
    return render_template(
        "gradebook/results.html",
        quiz=found,
        cohort={"href": url_for(".cohort", cohort_id=cohort_id), "title": group.name},
        which=which,
        rows=[_row(line, found) for line in lines],
        query={**query, "page": shown.page},
        pages=shown.pages,
        total=total,
        summary=_summary(marked, total),
        distribution=_distribution(marked, found),
        parts=parts,
        more_parts=bool(found.sections) and not (wants_parts or wanted.q),
        questions_url=link("quiz-questions", cohort_id=cohort_id, quiz=found.id),
        analysis_url=link("quiz-analysis", cohort_id=cohort_id, quiz=found.id),
        export_urls={
            separator: url_for(".export", cohort_id=cohort_id, quiz=found.id, separator=separator, **query)
            for separator in spreadsheet.SEPARATORS
        },
        here="gradebook",
    )


def _row(line: results.Line, quiz: Quiz) -> dict[str, Any]:
    return {
        "name": line.name,
        "login": line.login,
        "number": line.number,
        "submitted_at": line.submitted_at,
        "score": line.share,
        "passed": line.passed if quiz.can_be_failed else None,
        "href": url_for(".attempt", attempt_id=line.id),
        "state": line.state,
    }


# --- in numbers -----------------------------------------------------------------------------------------------------


def _summary(marked: Sequence[results.Outcome], total: int) -> dict[str, Any]:
    """People and attempts, each by themselves. ``unmarked``: attempts still open or waiting for a mark."""
    n = sum(one.attempts for one in marked)
    return {
        "n": n,
        "unmarked": total - n,
        "people": sum(one.people for one in marked),
        "passed": sum(one.people for one in marked if one.passed),
        "mean": math.fsum((one.share or 0) * one.attempts for one in marked) / n if n else None,
        "median": _median(marked, n) if n else None,
    }


def _median(marked: Sequence[results.Outcome], n: int) -> float:
    """``marked``: the lowest shares first; at least one."""
    shares = [one.share or 0.0 for one in marked for _attempt in range(one.attempts)]
    return (shares[(n - 1) // 2] + shares[n // 2]) / 2


@dataclass(frozen=True, slots=True)
class Band:
    """Attempts with a share from ``label`` on. ``passes``: whether it lies above the pass mark; None without one."""

    label: str
    count: int
    passes: bool | None


#: Closer to a tenth than this, the pass mark takes its place: two bands of a few attempts each would tell nothing.
_NEAR = 0.01


def _distribution(marked: Sequence[results.Outcome], quiz: Quiz) -> list[Band]:
    """How many attempts lie in each tenth, the last one holding 100 % too; the pass mark parts its own."""
    edges = [tenth / 10 for tenth in range(11)]
    if quiz.pass_mark > 0:
        edges = sorted([edge for edge in edges if abs(edge - quiz.pass_mark) > _NEAR or edge in (0, 1)])
        edges = sorted({*edges, quiz.pass_mark})
    counts = [0] * (len(edges) - 1)
    for one in marked:
        reached = sum(edge <= (one.share or 0) + 1e-9 for edge in edges)
        counts[min(max(reached, 1), len(counts)) - 1] += one.attempts
    return [
        Band(
            label=f"{_whole(low)}–{_whole(high)}%",
            count=count,
            passes=low >= quiz.pass_mark if quiz.pass_mark > 0 else None,
        )
        for (low, high), count in zip(pairwise(edges), counts, strict=True)
    ]


def _whole(share: float) -> str:
    return f"{round(share * 100)}"


def _parts(db: Connection, cohort_id: UUID, quiz: Quiz, which: Which) -> list[dict[str, Any]]:
    """How each section went. What a version of a question belongs to, it says itself: drawn ones are in no quiz."""
    digests = [one.question_version for one in question_sums.sums(db, cohort_id, quiz=quiz.id)]
    sections = {digest: item.section for digest, item in zip(digests, frozen.questions(db, digests), strict=True)}
    asked = [
        results.Part(
            versions=[digest for digest, section in sections.items() if section == one.id],
            points=one.pass_points,
            share=one.pass_share,
        )
        for one in quiz.sections
    ]
    return [
        {
            "title": section.title,
            "attempts": done.attempts,
            "mean": done.mean,
            "passed": done.passed,
            "threshold": _threshold(section.pass_points, section.pass_share),
        }
        for section, done in zip(quiz.sections, results.parts(db, cohort_id, quiz.id, asked, which), strict=True)
        if done.attempts
    ]


def _threshold(points: float | None, share: float | None) -> str:
    """What is to be reached, in words; empty where nothing is."""
    if share is not None:
        return _("%(share)s%%", share=number(share * 100))
    return _("%(points)s poin", points=number(points)) if points is not None else ""


# --- as a table to take away ----------------------------------------------------------------------------------------


@bp.get("/angkatan/<uuid:cohort_id>/kuis/<quiz>.csv")
@requires(Permission.TEACH)
def export(cohort_id: UUID, quiz: str) -> ResponseReturnValue:
    """The results of a quiz as CSV, searched and ordered as their page; ``separator``: a comma or a semicolon."""
    found, which = catalog().quiz(quiz), which_attempts.asked(Which.EVERY)
    separator = request.args.get("separator", ",")
    if separator not in spreadsheet.SEPARATORS:
        raise Invalid(_("Pemisah harus koma atau titik koma."))
    wanted = listing_asked(results.SORTS, "name", "asc")
    with database().reading() as db:
        group = cohorts.taught(db, cohort_id, teacher())
    name = file_name(group.name, found.id, "hasil", day=local_day(now())[0], suffix="csv")
    return Response(
        _exported(database(), cohort_id, found, wanted, which.which, separator),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _exported(
    held: Database, cohort_id: UUID, quiz: Quiz, wanted: Listing, which: Which, separator: str
) -> Iterator[bytes]:
    """Line by line, while it is sent: the request that asked is over by then."""
    with held.streaming() as db:
        found = results.each(
            db, cohort_id, quiz.id, search=wanted.q, sort=wanted.sort, descending=wanted.descending, which=which
        )
        with closing(found) as lines:  # before the connection, also where the download is broken off
            yield from spreadsheet.export(lines, separator, can_be_failed=quiz.can_be_failed)
