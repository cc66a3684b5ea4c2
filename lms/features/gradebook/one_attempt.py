"""One attempt as its instructor sees it: answers, judgements, what happened when, and the emergency file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from lms.db.attempts import ClosedBy
from lms.errors import Conflict, Invalid, NotFound
from lms.features.gradebook import forms
from lms.features.gradebook.blueprint import bp
from lms.learning.api import (
    AttemptRow,
    answer_file,
    attempt_records,
    frozen,
    marks,
    membership,
    stale,
    timeline,
)
from lms.quiz.item import Item
from lms.quiz.review import EVERYTHING
from lms.web import items as item_pages
from lms.web import receipts, result
from lms.web.guards import Permission, me, requires, teacher
from lms.web.language import moment
from lms.web.links import link
from lms.web.returned import brought, carry, send_back, sent_back
from lms.web.site import database, now
from lms.web.words import faults
from lms.web.words import gettext as _

#: Id and name; nothing of an attempt that counts in none.
Cohort = tuple[UUID, str] | tuple[None, None]


class NotTaught(NotFound):
    message = "Percobaan ini tidak ditemukan, atau bukan dari angkatan yang Anda ampu."


def _of_taught(db: Connection, attempt_id: UUID) -> AttemptRow:
    """Raises ``NotTaught``."""
    return _with_cohort(db, attempt_id)[0]


def _with_cohort(db: Connection, attempt_id: UUID) -> tuple[AttemptRow, Cohort]:
    """An attempt and the cohort in which it counts. Raises ``NotTaught``."""
    found, cohort = attempt_records.attempt(db, attempt_id), membership.counts_in(db, teacher(), attempt_id)
    if found is None or cohort is None:
        raise NotTaught
    return found, cohort


@bp.get("/percobaan/<uuid:attempt_id>")
@requires(Permission.TEACH)
def attempt(attempt_id: UUID) -> ResponseReturnValue:
    back = sent_back()
    with database().reading() as db:
        found, cohort = _with_cohort(db, attempt_id)
        rows = attempt_records.reviewed(db, attempt_id)
        questions = frozen.questions_of(db, rows)
        histories = attempt_records.marks(db, attempt_id)
        happened = timeline.of(db, found, rows, histories)
        seen_at = None if _submitted(found) else attempt_records.keys_seen_at(db, found)
    return render_template(
        "gradebook/attempt.html",
        person={"name": found.person, "href": _person(cohort, found)},
        quiz={"title": found.rules.title},
        crumbs_to=_crumbs(cohort, found),
        **result.result(found, rows, questions, histories, EVERYTHING, staff=True),
        judge_url=url_for(".judge", attempt_id=attempt_id),
        attempt_url=url_for(".attempt", attempt_id=attempt_id),
        desks=_desks(found, questions),
        judging={id: forms.judging(history, back) for id, history in histories.items() if marks.judgeable(history)},
        upload_url=None if _submitted(found) else url_for(".put_in", attempt_id=attempt_id),
        hidden_reason=None,
        fits=receipts.checked(found, rows),
        seen_at=seen_at,
        timeline=_told(happened),
        here="gradebook",
    )


def _person(cohort: Cohort, found: AttemptRow) -> str:
    """Where all of a person's work is; "" where it is nobody's of a cohort."""
    cohort_id, _name = cohort
    return link("participant", cohort_id=cohort_id, user_id=found.user_id) if cohort_id else ""


def _crumbs(cohort: Cohort, found: AttemptRow) -> list[tuple[str, str]]:
    cohort_id, name = cohort
    steps = [(link("cohorts"), _("Pengampu"))]
    if cohort_id and name:
        results = url_for(".results", cohort_id=cohort_id, quiz=found.quiz)
        steps += [(link("cohort", cohort_id=cohort_id), name), (results, found.rules.title)]
    return steps


def _desks(found: AttemptRow, questions: Sequence[Item]) -> dict[str, str]:
    """Item id -> where it is judged criterion by criterion, for those that have some."""
    return {
        item.id: link("marked-answer", attempt_id=found.id, item=item.id, urut="orang")
        for item in questions
        if item.criteria()
    }


def _submitted(found: AttemptRow) -> bool:
    """Whether the participant handed it in; then no answer can be put in any more."""
    return found.closed_by == ClosedBy.PARTICIPANT


@bp.post("/percobaan/<uuid:attempt_id>/nilai")
@requires(Permission.TEACH)
def judge(attempt_id: UUID) -> ResponseReturnValue:
    """Take a person's judgement on one answer."""
    item = request.form.get("item", "")
    try:
        with database().transaction() as db:
            connection = db.connection()
            found = _of_taught(connection, attempt_id)
            history = attempt_records.marks(connection, attempt_id).get(item, [])
            if not marks.judgeable(history):
                raise marks.NothingToJudge
            given = forms.judgement(request.form, history[-1].maximum)
            marks.judge(
                db,
                found.id,
                item,
                given.fraction,
                seen=request.form.get("seen"),
                author_id=me().user_id,
                comment=given.comment,
                now=now(),
            )
            waiting = sum(held[-1].pending for held in attempt_records.marks(connection, attempt_id).values())
    except Invalid as error:
        return send_back(_answer_url(attempt_id, item), faults(error), _judgement_sent())
    except stale.ChangedMeanwhile as old:
        return send_back(_answer_url(attempt_id, item), {}, _judgement_sent(), old=old)
    flash(
        _("Nilai tersimpan. %(n)s jawaban lain dalam percobaan ini masih menunggu.", n=waiting)
        if waiting
        else _("Nilai tersimpan; semua jawaban dalam percobaan ini sudah dinilai."),
        "ok",
    )
    return redirect(_answer_url(attempt_id, item), 303)


def _answer_url(attempt_id: UUID, item: str) -> str:
    return url_for(".attempt", attempt_id=attempt_id, _anchor=f"soal-{item}")


def _judgement_sent() -> dict[str, str]:
    return {name: request.form.get(name, "") for name in ("item", "seen", "points", "comment")}


# --- the emergency file ---------------------------------------------------------------------------------------------


@bp.post("/percobaan/<uuid:attempt_id>/berkas")
@requires(Permission.TEACH)
def put_in(attempt_id: UUID) -> ResponseReturnValue:
    """Put in the answers of an emergency file, and lead to what became of each.

    Where the participant saw the result before, lead to what would change, where a reason is asked for.
    """
    reason = forms.file_reason(request.form)
    with database().reading() as db:
        _of_taught(db, attempt_id)
        questions = {item.id: item for item in frozen.questions_of(db, attempt_records.items(db, attempt_id))}
    told: dict[str, Any]
    try:
        content = _file_sent()
        file = answer_file.read(content)
        with database().transaction() as db:
            report = answer_file.apply(db, attempt_id, file, actor_id=me().user_id, reason=reason.good, now=now())
        told = {"put_in": _put_in(report, questions)}
    except answer_file.ReasonWanted as wanted:
        told = {"wanted": _wanted(wanted, content, reason)}
    except (Invalid, Conflict) as error:
        flash(_(error.said), "warning")
        return redirect(url_for(".attempt", attempt_id=attempt_id), 303)
    return redirect(carry(url_for(".of_file", attempt_id=attempt_id), told), 303)


def _file_sent() -> bytes:
    """The file, or what it held when a reason was asked for. Raises ``Invalid``."""
    if kept := request.form.get("content"):
        return kept.encode()
    sent = request.files.get("berkas")
    if sent is None or not sent.filename:
        raise Invalid(_("Pilih dahulu berkas jawaban yang diberikan peserta."))
    return sent.stream.read(answer_file.LARGEST + 1)


@bp.get("/percobaan/<uuid:attempt_id>/berkas")
@requires(Permission.TEACH)
def of_file(attempt_id: UUID) -> ResponseReturnValue:
    """What became of an emergency file, or what it would change and the form that puts it in all the same."""
    told, href = brought(), url_for(".attempt", attempt_id=attempt_id)
    with database().reading() as db:
        found = _of_taught(db, attempt_id)
        questions = {item.id: item for item in frozen.questions_of(db, attempt_records.items(db, attempt_id))}
    if told is None:
        return redirect(href, 303)
    place = {
        "person": {"name": found.person},
        "quiz": {"title": found.rules.title},
        "attempt": {"number": found.number, "href": href},
        "here": "gradebook",
    }
    if "put_in" in told:
        return render_template("gradebook/put_in.html", **place, **told["put_in"])
    return render_template("gradebook/put_in_late.html", **place, **_to_be_confirmed(told["wanted"], questions))


def _put_in(report: answer_file.Report, questions: Mapping[str, Item]) -> dict[str, Any]:
    """What became of every answer, as its page places it."""
    lists = [
        (_("Dimasukkan"), report.taken),
        (_("Sudah ada"), report.present),
        (_("Ditolak"), report.refused),
    ]
    return {
        "taken": len(report.taken),
        "lists": [{"title": title, "answers": [_answer(one, questions) for one in every]} for title, every in lists],
    }


def _answer(one: answer_file.Told, questions: Mapping[str, Item]) -> dict[str, str]:
    asked = questions.get(one.item)
    return {"title": (asked.title if asked else "") or _(one.item), "why": _(one.why) if one.why else ""}


def _wanted(wanted: answer_file.ReasonWanted, content: bytes, reason: forms.FileReason) -> dict[str, Any]:
    """What the file would change, and what was written of it so far."""
    return {
        "seen_at": wanted.seen_at.isoformat(),
        "changes": [[one.item, one.held, one.given, one.points] for one in wanted.report.changes],
        "refused": len(wanted.report.refused),
        "content": content.decode("utf-8-sig"),
        "reason": {"written": reason.written, "wrong": reason.wrong},
    }


def _to_be_confirmed(wanted: Mapping[str, Any], questions: Mapping[str, Item]) -> dict[str, Any]:
    """The same, as its page places it."""
    return {
        **wanted,
        "seen_at": datetime.fromisoformat(wanted["seen_at"]),
        "changes": [
            {
                "title": questions[item].title,
                "held": _in_words(questions[item], held),
                "given": _in_words(questions[item], given),
                "points": points,
            }
            for item, held, given, points in wanted["changes"]
        ],
        "longest": answer_file.LONGEST_REASON,
    }


def _in_words(item: Item, response: Sequence[str] | None) -> str:
    return item_pages.in_words(item, tuple(response)) if response else _("belum dijawab")


# --- what happened ----------------------------------------------------------------------------------------------------


def _told(happened: timeline.Timeline) -> dict[str, Any]:
    return {
        "events": [{"at": event.at, "what": _event(event), "reason": event.reason} for event in happened.events],
        "answered": happened.answered,
        "late": happened.late,
        "all_late": happened.all_late,
    }


def _event(event: timeline.Event) -> str:
    """One line; the moment stands beside it."""
    match event.what:
        case timeline.Happened.STARTED:
            return _("Percobaan dimulai")
        case timeline.Happened.ANSWERED:
            told = _("Jawaban soal %(n)s tiba; dibuat %(when)s menurut perangkat", n=event.number,
                     when=moment(event.made_at))  # fmt: skip
            return told + (" · " + _("tiba sesudah tenggat") if event.late else "")
        case timeline.Happened.DEADLINE:
            return _("Tenggat")
        case timeline.Happened.SUBMITTED:
            return _("Dikumpulkan peserta")
        case timeline.Happened.CLOSED:
            return _("Ditutup oleh tenggat")
        case timeline.Happened.SEEN:
            return _("Peserta pertama kali melihat soalnya ditinjau")
        case timeline.Happened.PUT_IN:
            return _("Berkas jawaban dimasukkan oleh %(who)s: %(n)s jawaban", who=event.who or "–", n=event.count)
        case timeline.Happened.JUDGED:
            return _(
                "Nilai soal %(n)s diganti oleh %(who)s", n=event.number, who=event.who or _("keputusan tentang soal")
            )
