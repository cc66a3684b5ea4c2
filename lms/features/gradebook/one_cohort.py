"""One cohort: who needs somebody and who was contacted, and everybody with their progress."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from lms.features.gradebook import needy, standing
from lms.features.gradebook.blueprint import bp
from lms.features.gradebook.listing import listing_asked
from lms.learning.api import attention, cohorts, members, results, staff_notes
from lms.web import signs
from lms.web.guards import Permission, me, requires, teacher
from lms.web.links import link
from lms.web.paging import paging
from lms.web.site import database, now
from lms.web.words import gettext as _

PAGE = 50


def _needy(db: Connection, cohort: cohorts.Taught) -> list[attention.Needy]:
    moment = now()
    return attention.of(db, cohort.id, signs.pace(cohort, moment), now=moment)


# --- who needs somebody ---------------------------------------------------------------------------------------------


@bp.get("/angkatan/<uuid:cohort_id>")
@requires(Permission.TEACH)
def cohort(cohort_id: UUID) -> ResponseReturnValue:
    wanted, moment = needy.asked(), now()
    with database().reading() as db:
        found = cohorts.taught(db, cohort_id, teacher())
        people, contacts = _needy(db, found), staff_notes.contacts(db, cohort_id)
        summaries = results.quiz_summaries(db, cohort_id)
    listed = needy.chosen(people, wanted, contacts, now=moment)
    shown = paging(len(listed), PAGE)
    query = wanted.query(page=shown.page)
    return render_template(
        "gradebook/cohort.html",
        cohort=found,
        people=len(people),
        listed=len(listed),
        rows=[
            needy.line(one, contacts.get(one.member.enrolment_id), moment)
            for one in listed[shown.offset : shown.offset + shown.size]
        ],
        reasons=_chips(people, wanted),
        wanted=wanted,
        query=query,
        pages=shown.pages,
        contacted=url_for(".contacted", cohort_id=cohort_id, **query),
        take_back=url_for(".take_back", cohort_id=cohort_id, **query),
        plain=url_for(".plain_list", cohort_id=cohort_id, **wanted.query()),
        quizzes=standing.quiz_lines(cohort_id, summaries),
        others=_others(cohort_id),
        here="gradebook",
    )


def _others(cohort_id: UUID) -> list[tuple[str, str]]:
    """The other pages of a cohort: where each leads, and how it is called."""
    titles = {
        "participants": _("Semua peserta dan progresnya"),
        "cohort-map": _("Peta progres"),
        "cohort-activity": _("Kegiatan"),
        "cohort-gain": _("Perolehan"),
        "cohort-gaps": _("Yang paling sering meleset"),
        "cohort-unclear": _("Materi yang belum dipahami"),
        "cohort-reports": _("Laporan soal dari peserta"),
        "cohort-exports": _("Unduhan dan laporan"),
        "cohort-rules": _("Aturan kuis angkatan ini"),
    }
    return [(link(noun, cohort_id=cohort_id), title) for noun, title in titles.items()]


def _chips(people: Sequence[attention.Needy], wanted: needy.Asked) -> list[dict[str, Any]]:
    """The reasons, by urgency; the one that was chosen first, so that it is in sight where they do not all fit."""
    chips = [_chip(reason, count, wanted) for reason, count in needy.reasons(people)]
    return sorted(chips, key=lambda chip: not chip["chosen"])


def _chip(reason: attention.Reason, count: int, wanted: needy.Asked) -> dict[str, Any]:
    """A reason that leads to those of whom it is true, and back to all where it was chosen."""
    chosen = wanted.alasan == reason
    return {
        "text": signs.kind(reason),
        "count": count,
        "chosen": chosen,
        "query": wanted.query(alasan="" if chosen else reason.value),
    }


@bp.get("/angkatan/<uuid:cohort_id>/perhatian.txt")
@requires(Permission.TEACH)
def plain_list(cohort_id: UUID) -> ResponseReturnValue:
    """Everybody on the list as it is asked for, a line each to copy: name, login and reasons, parted by tabs."""
    wanted, moment = needy.asked(), now()
    with database().reading() as db:
        people = _needy(db, cohorts.taught(db, cohort_id, teacher()))
        contacts = staff_notes.contacts(db, cohort_id)
    listed = needy.chosen(people, wanted, contacts, now=moment)
    return Response("".join(needy.plain(one, moment) for one in listed), mimetype="text/plain")


@bp.post("/angkatan/<uuid:cohort_id>/dihubungi")
@requires(Permission.TEACH)
def contacted(cohort_id: UUID) -> ResponseReturnValue:
    """Write down that those who were ticked, or the one whose button it was, were contacted."""
    with database().reading() as db:
        cohorts.taught(db, cohort_id, teacher())
    people = request.form.getlist("peserta", type=UUID)[:PAGE]
    if not people:
        flash(_("Centang dahulu siapa yang sudah dihubungi, lalu tekan tombolnya sekali lagi."), "warning")
        return _back(cohort_id)
    with database().transaction() as db:
        count = staff_notes.write(db, cohort_id, people, contacted=True, author_id=me().user_id, now=now())
    if len(people) == 1:
        return _back(cohort_id, people[0])
    flash(_("%(n)s orang tercatat sudah dihubungi.", n=count), "ok")
    return _back(cohort_id)


@bp.post("/angkatan/<uuid:cohort_id>/dihubungi/batal")
@requires(Permission.TEACH)
def take_back(cohort_id: UUID) -> ResponseReturnValue:
    """Take back a note of one's own. What is gone already, as after a second press, is no fault."""
    person = None
    with database().transaction() as db, suppress(staff_notes.UnknownStaffNote):
        cohorts.taught(db.connection(), cohort_id, teacher())
        note_id = request.form.get("catatan", UUID(int=0), type=UUID)
        person = staff_notes.take_back(db, note_id, author_id=me().user_id)
    return _back(cohort_id, person)


def _back(cohort_id: UUID, person: UUID | None = None) -> ResponseReturnValue:
    """To the list as it was asked for, where the person is, should they still be on it."""
    page = request.args.get("page", 1, type=int)
    asked = needy.asked().query(page=page if page > 1 else 0)
    anchor = f"peserta-{person}" if person else None
    return redirect(url_for(".cohort", cohort_id=cohort_id, **asked, _anchor=anchor), 303)


# --- everybody ------------------------------------------------------------------------------------------------------


@bp.get("/angkatan/<uuid:cohort_id>/peserta")
@requires(Permission.TEACH)
def participants(cohort_id: UUID) -> ResponseReturnValue:
    asked, moment = listing_asked(members.SORTS, "name", "asc"), now()
    with database().reading() as db:
        found = cohorts.taught(db, cohort_id, teacher())
        shown = paging(members.count(db, cohort_id, asked.q) if asked.q else found.participants, PAGE)
        listed = members.page(
            db,
            cohort_id,
            search=asked.q,
            sort=asked.sort,
            descending=asked.descending,
            offset=shown.offset,
            limit=shown.size,
        )
        standings = members.standings(db, listed)
        people = [one.enrolment_id for one in listed]
        reasons = attention.signs(db, cohort_id, signs.pace(found, moment), people, now=moment)
    return render_template(
        "gradebook/participants.html",
        cohort=found,
        rows=[
            standing.member_row(
                one, standings.get(one.enrolment_id, members.Standing()), reasons.get(one.enrolment_id, ()), moment
            )
            for one in listed
        ],
        query={"q": asked.q, "sort": asked.sort, "direction": asked.direction, "page": shown.page},
        pages=shown.pages,
        here="gradebook",
    )
