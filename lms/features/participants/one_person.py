"""One person's work: how far they are and what is missing, every attempt, notes of staff, and what happened when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import groupby
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from lms.catalog.model import Module
from lms.errors import Invalid
from lms.features.participants import happenings
from lms.features.participants.blueprint import bp
from lms.fields.typed import typed
from lms.learning.api import (
    Records,
    attention,
    certificates,
    cohorts,
    history,
    members,
    overrides,
    participants,
    progress,
    staff_notes,
)
from lms.web import signs, texts
from lms.web.guards import Permission, me, requires, teacher
from lms.web.language import local_day
from lms.web.links import link
from lms.web.paging import paging
from lms.web.returned import send_back, sent_back
from lms.web.site import catalog, database, now
from lms.web.words import faults
from lms.web.words import gettext as _

#: So many things that happened stand on one page.
PAGE = 40


@bp.get("/peserta/<uuid:user_id>")
@requires(Permission.TEACH)
def person(cohort_id: UUID, user_id: UUID) -> ResponseReturnValue:
    moment, back = now(), sent_back()
    with database().reading() as db:
        group = cohorts.taught(db, cohort_id, teacher())
        who, pace = participants.of(db, cohort_id, user_id), signs.pace(group, moment)
        standing = members.standings(db, [who.member]).get(who.member.enrolment_id, members.Standing())
        needs = attention.signs(db, cohort_id, pace, [who.member.enrolment_id], now=moment)
        attempts = participants.taken(db, who.member.enrolment_id)
        allowed = overrides.allowances(db, user_id)
        notes = staff_notes.of(db, who.member.enrolment_id)
        events = history.of(db, who, attempts, notes)
        certificate = certificates.of_person(db, user_id)
    shown = paging(len(events), PAGE)
    return render_template(
        "participants/person.html",
        cohort={"href": link("cohort", cohort_id=cohort_id), "name": group.name},
        person=who.member,
        who=who,
        last_seen=signs.ago(standing.last_seen_at, moment) if standing.last_seen_at else "",
        signs=[signs.told(sign, who.member, moment) for sign in needs.get(who.member.enrolment_id, ())],
        expected=pace.share,
        share=progress.course_share(catalog(), standing.records).value,
        modules=[_module(module, standing.records) for module in catalog().modules.values()],
        quizzes=_attempts(attempts),
        notes=[_note(note) for note in notes],
        note={"text": back.values.get("text", ""), "contacted": back.values.get("contacted") == "1"},
        wrong=back.faults.get("text", ""),
        longest=staff_notes.LONGEST,
        note_url=url_for(".note", cohort_id=cohort_id, user_id=user_id),
        granted=_granted(allowed, events),
        allowances=link("allowances", cohort_id=cohort_id, user_id=user_id),
        certificate=certificate and _certificate(certificate),
        days=_days(events[shown.offset : shown.offset + shown.size]),
        page=shown.page,
        pages=shown.pages,
        previous=_beside(cohort_id, who.previous),
        next=_beside(cohort_id, who.next),
        here="gradebook",
    )


def _beside(cohort_id: UUID, one: participants.Beside | None) -> dict[str, str] | None:
    if one is None:
        return None
    return {"href": url_for(".person", cohort_id=cohort_id, user_id=one.user_id), "title": one.name}


# --- how far they are -----------------------------------------------------------------------------------------------


def _module(module: Module, records: Records) -> dict[str, Any]:
    """A module, with every lesson and quiz of it that is missing by name."""
    rules = progress.module_rules(module, records)
    unread = [
        {"title": one.lesson.title, "href": texts.lesson_url(one.lesson), "why": _unread(one.state)}
        for one in rules.unread
    ]
    unpassed = [
        {
            "title": quiz.title,
            "href": "",
            "why": _("kuis, belum lulus") if quiz.id in records.tried else _("kuis, belum dikerjakan"),
        }
        for quiz in rules.unpassed
    ]
    return {"title": module.title, "share": progress.module_share(module, records).value, "missing": unread + unpassed}


def _unread(state: progress.LessonState) -> str:
    if state.read:
        return _("dibaca; cek dirinya belum semua dijawab")
    return _("mulai dibaca") if state.seen else _("belum dibuka")


def _can_be_failed(quiz: str) -> bool:
    """A quiz that is no longer there is taken for one that can be."""
    found = catalog().quizzes.get(quiz)
    return found is None or found.can_be_failed


def _attempts(taken: Sequence[participants.Taken]) -> list[dict[str, Any]]:
    """By quiz, in the order of the course; what it has no more comes last."""
    places, best = {id: place for place, id in enumerate(catalog().quizzes)}, participants.best(taken)
    in_order = sorted(taken, key=lambda one: (places.get(one.quiz, len(places)), one.quiz, one.number))
    return [
        {
            "title": happenings.quiz_title(quiz),
            "attempts": [
                {
                    "href": link("reviewed-attempt", attempt_id=one.id),
                    "number": one.number,
                    "share": one.share,
                    "passed": one.passed if _can_be_failed(quiz) else None,
                    "is_best": one.id in best,
                    "is_waiting": one.is_waiting,
                    "is_open": one.is_open,
                    "timed_out": happenings.timed_out(one),
                    "at": one.submitted_at or one.started_at,
                }
                for one in theirs
            ],
        }
        for quiz, theirs in groupby(in_order, key=lambda one: one.quiz)
    ]


# --- what staff gave and noted --------------------------------------------------------------------------------------


def _granted(allowed: Mapping[str, overrides.Allowed], events: Sequence[history.Event]) -> list[dict[str, Any]]:
    """What holds today, with who gave it; taken back again, it stands in the timeline only."""
    who = {one.about: one.who for one in reversed(events) if one.what is history.Happened.GRANTED}
    return [
        {
            "title": happenings.quiz_title(quiz),
            "words": happenings.more(one.extra_minutes, one.extra_attempts),
            "reason": one.reason,
            "at": one.granted_at,
            "who": who.get(quiz) or _("Baris perintah"),
        }
        for quiz, one in allowed.items()
        if one.extra_minutes or one.extra_attempts
    ]


def _note(note: staff_notes.WrittenNote) -> dict[str, Any]:
    return {
        "id": note.id,
        "text": note.text,
        "contacted": note.contacted,
        "at": note.written_at,
        "who": note.author or _("Seseorang yang akunnya sudah tidak ada"),
        "own": note.author_id == me().user_id,
    }


def _certificate(found: certificates.Found) -> dict[str, Any]:
    return {
        "valid": found.is_valid,
        "issued_at": found.says.issued_at if found.says else None,
        "revoked_at": found.revoked_at,
        "reason": found.reason or "",
    }


@bp.post("/peserta/<uuid:user_id>/catatan")
@requires(Permission.TEACH)
def note(cohort_id: UUID, user_id: UUID) -> ResponseReturnValue:
    """Write down something about a participant, or take back what one wrote. What is gone already is no fault."""
    page = url_for(".person", cohort_id=cohort_id, user_id=user_id, _anchor="catatan")
    text, contacted = typed(request.form.get("text", "")), request.form.get("contacted") == "1"
    try:
        with database().transaction() as db:
            who = _taught(db.connection(), cohort_id, user_id)
            if "take-back" in request.form:
                with suppress(staff_notes.UnknownStaffNote):
                    id = request.form.get("take-back", UUID(int=0), type=UUID)
                    staff_notes.take_back(db, id, author_id=me().user_id)
            else:
                about = [who.member.enrolment_id]
                staff_notes.write(db, cohort_id, about, text, contacted=contacted, author_id=me().user_id, now=now())
    except Invalid as error:
        typed_so_far = {"text": request.form.get("text", ""), "contacted": request.form.get("contacted", "")}
        return send_back(page, faults(error) or {"text": _(error.said)}, typed_so_far)
    return redirect(page, 303)


def _taught(db: Connection, cohort_id: UUID, user_id: UUID) -> participants.Participant:
    """Raises ``UnknownCohort`` or ``UnknownParticipant``."""
    cohorts.taught(db, cohort_id, teacher())
    return participants.of(db, cohort_id, user_id)


# --- what happened --------------------------------------------------------------------------------------------------


def _days(events: Sequence[history.Event]) -> list[dict[str, Any]]:
    """By day, as the reader's calendar has it."""

    return [
        {"day": day, "events": list(map(happenings.told, those))}
        for day, those in groupby(events, key=lambda event: local_day(event.at)[0])
    ]
