"""For those who teach, and for administrators: which scores a platform did not take and why, and the rosters of their
courses."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.errors import NotFound, Refused, Said
from lms.features.lti import rosters
from lms.features.lti.blueprint import bp
from lms.features.lti.sending import signing_key
from lms.features.lti.services import Services
from lms.learning.api import membership, offered_scores, owed_scores, platform_rosters
from lms.outgoing import Outgoing
from lms.web.guards import Permission, me, requires, teacher
from lms.web.links import link
from lms.web.paging import paging
from lms.web.site import catalog, database, now, site
from lms.web.words import gettext as _

PAGE = 50


class NoRoster(NotFound):
    message = Said("Kursus ini tidak ditemukan, atau platformnya tidak memberi daftar peserta.")


@bp.get("/belum-terkirim")
@requires(Permission.TEACH)
def not_sent() -> ResponseReturnValue:
    """The newest reason of each; a score that waits for its turn is no matter of this page."""
    cohorts = _cohorts()
    with database().reading() as db:
        total = offered_scores.count_not_sent(db, cohorts)
        shown = paging(total, PAGE)
        listed = offered_scores.not_sent(db, cohorts, offset=shown.offset, limit=shown.size)
        courses = platform_rosters.courses(db, cohorts=cohorts)
    return render_template(
        "lti/not_sent.html",
        rows=[
            {
                "name": one.name,
                "cohort": one.cohort,
                "title": _title(one.resource),
                "platform": one.platform,
                "refusal": _(one.refusal),
                "due_at": one.due_at if one.due_at > now() else None,
            }
            for one in listed
        ],
        courses=[
            {
                "cohort": one.cohort,
                "href": link("cohort", cohort_id=one.cohort_id),
                "read_at": one.roster_read_at,
                "read": url_for(".read_roster", course_id=one.id),
            }
            for one in courses
        ],
        total=total,
        query={"page": shown.page},
        pages=shown.pages,
        here="gradebook",
    )


@bp.post("/belum-terkirim")
@requires(Permission.TEACH)
def resend() -> ResponseReturnValue:
    """The server's sender, or the next ``lms tick``, takes it from here."""
    cohorts = _cohorts()
    count = database().commit(lambda db: owed_scores.resend(db, cohorts=cohorts))
    if count:
        flash(_("%(n)s nilai dikirim ulang dalam lima menit, asal platformnya melayani.", n=count), "ok")
    else:
        flash(_("Tidak ada nilai yang menunggu dikirim ulang."), "warning")
    return redirect(url_for(".not_sent"), 303)


@bp.post("/daftar-peserta/<uuid:course_id>")
@requires(Permission.TEACH)
def read_roster(course_id: UUID) -> ResponseReturnValue:
    with database().reading() as db:
        course = next((one for one in platform_rosters.courses(db, cohorts=_cohorts()) if one.id == course_id), None)
        platforms = {one.id: one for one in offered_scores.platforms(db)}
    if course is None:
        raise NoRoster
    with Outgoing(own_network=site().settings.own_network).keeping() as outgoing:
        services = Services(outgoing, partial(signing_key, database(), now=now), now)
        try:
            platform = platforms[course.registration_id]
            found = rosters.read(database(), services, platform, course, now=now, actor_id=me().user_id)
            rosters.find_line_items(database(), services, platform, course, now=now)
        except Refused as error:
            flash(_(error.said), "warning")
        else:
            flash(_("%(n)s orang di kursus ini; %(left)s keluar.", n=found.people, left=found.left), "ok")
    return redirect(url_for(".not_sent"), 303)


def _cohorts() -> Any:
    """Ids of the cohorts that this person teaches; None: an administrator, who sees all."""
    user_id = teacher()
    return None if user_id is None else membership.taught_by(user_id)


def _title(resource: str) -> str:
    kind, _slash, id = resource.partition("/")
    if kind == "kuis":
        found: Any = catalog().quizzes.get(id)
    else:
        found = catalog().lesson_called(id) or catalog().modules.get(id)
    return found.title if found else resource
