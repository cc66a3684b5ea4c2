"""The instructor's pages. Every one asks first whether the person teaches that cohort."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from lms.features.gradebook import one_attempt as one_attempt  # its routes belong to these
from lms.features.gradebook import one_cohort as one_cohort  # so do its routes
from lms.features.gradebook import quiz_results as quiz_results  # and its
from lms.features.gradebook import standing
from lms.features.gradebook import unclear as unclear  # and its route
from lms.features.gradebook.blueprint import bp
from lms.features.gradebook.listing import PAGE
from lms.learning.api import attention, cohorts, membership, offered_scores, results
from lms.web import signs
from lms.web.guards import Permission, requires, teacher
from lms.web.links import Entry, link
from lms.web.paging import paging
from lms.web.site import database, now
from lms.web.words import gettext as _

LINKS = {
    "cohorts": "gradebook.overview",
    "cohort": "gradebook.cohort",
    "participants": "gradebook.participants",
    "cohort-unclear": "gradebook.unclear",
    "quiz-results": "gradebook.results",
    "reviewed-attempt": "gradebook.attempt",
}
MENU = (Entry(name="gradebook", noun="cohorts", title=lambda: _("Pengampu"), needs=Permission.TEACH, place=60),)


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
        owed = _owed_to_platforms(db) if any(one.of_platform for one in taught) else None
    lines = [standing.cohort_line(one, needs[one.id]) for one in taught]
    return render_template(
        "gradebook/overview.html",
        waiting={"href": link("marking"), "count": count},
        owed=owed,
        cohorts=sorted(lines, key=lambda line: (-line["needy"], line["name"].lower())),
        query={"page": shown.page},
        pages=shown.pages,
        here="gradebook",
    )


def _owed_to_platforms(db: Connection) -> dict[str, Any]:
    """How many scores their platforms did not take, and where they are told."""
    user_id = teacher()
    count = offered_scores.count_not_sent(db, None if user_id is None else membership.taught_by(user_id))
    return {"href": link("not-sent"), "count": count}
