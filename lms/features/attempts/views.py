"""The pages of a quiz: its front, an attempt, the saving of one answer, the submit, the result."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.features.attempts import forms, pages, queries, service
from lms.features.attempts.queries import AttemptRow, ItemRow, Summary
from lms.quiz.item import Item
from lms.quiz.quiz import Moment, Quiz, Visible
from lms.web import items as item_pages
from lms.web import texts
from lms.web.guards import Permission, me, requires
from lms.web.house import catalog, database, now
from lms.web.language import duration, number
from lms.web.words import gettext as _

bp = Blueprint("attempts", __name__, template_folder="templates")


# --- the front page of a quiz ---------------------------------------------------------------------------------------


@bp.get("/kuis/<quiz>")
@requires(Permission.TAKE)
def quiz(quiz: str) -> ResponseReturnValue:
    found = catalog().quiz(quiz)
    with database().reading() as db:
        attempts = queries.of_person(db, me().user_id, found.id)
    moment = now()
    running = next((one for one in attempts if _is_running(one, moment)), None)
    left = None if found.attempts is None else max(0, found.attempts - len(attempts))
    listed = [_listed(one, found, attempts, moment) for one in attempts]
    return render_template(
        "attempts/quiz.html",
        quiz=found,
        introduction=texts.fragment(found.introduction),
        rules=_rules(found),
        attempts=listed,
        may_start=running is None and left != 0,
        why_not=None if left != 0 or running else _("Semua kesempatan untuk kuis ini sudah dipakai."),
        open_href=url_for(".attempt", attempt_id=running.id) if running else None,
        best=max((one["score"] for one in listed if one["score"] is not None), default=None),
        attempts_left=left,
        here="outline",
    )


def _is_running(one: Summary, moment: datetime) -> bool:
    return one.submitted_at is None and (one.deadline_at is None or one.deadline_at > moment)


def _listed(one: Summary, found: Quiz, attempts: list[Summary], moment: datetime) -> dict[str, Any]:
    """An attempt in a list; its score stays hidden as long as the review rules hide it on the result page."""
    running = _is_running(one, moment)
    last = any(other.passed for other in attempts) or (found.attempts is not None and len(attempts) >= found.attempts)
    shown = found.review.visible(submitted=one.submitted_at is not None, last=last).marks
    page = ".attempt" if running else ".result"
    return {
        "number": one.number,
        "href": url_for(page, attempt_id=one.id),
        "state": "open" if running else "submitted",
        "submitted_at": one.submitted_at,
        "score": one.share if shown else None,
        "passed": one.passed if shown else None,
    }


def _rules(found: Quiz) -> list[dict[str, str]]:
    """What a participant must know before starting, in words."""
    review = {
        Moment.AFTER_SUBMIT: _("segera setelah dikumpulkan"),
        Moment.AFTER_LAST: _("setelah lulus atau semua kesempatan terpakai"),
        Moment.NEVER: _("tidak ditampilkan"),
    }
    limit = (
        _("%(span)s sejak dimulai, dihitung oleh server. Jawaban yang tiba sesudahnya tidak dihitung.",
          span=duration(found.time_limit))
        if found.time_limit
        else _("Tanpa batas waktu.")
    )  # fmt: skip
    tries = _("%(n)s kali", n=found.attempts) if found.attempts else _("Sebanyak yang Anda mau")
    scoring = sorted({item.rule for item in found.items if item.rule})
    return [
        {"label": _("Soal"), "value": str(len(found.items))},
        {"label": _("Waktu"), "value": limit},
        {"label": _("Percobaan"), "value": tries},
        {
            "label": _("Ambang lulus"),
            "value": _("%(share)s%% dari nilai latihan", share=number(found.pass_mark * 100)),
        },
        {
            "label": _("Cara menilai"),
            "value": " ".join(
                [_("Soal yang tidak dijawab bernilai nol; jawaban salah tidak mengurangi nilai."), *scoring]
            ),
        },
        {"label": _("Nilai ditampilkan"), "value": review[found.review.marks]},
        {"label": _("Pembahasan ditampilkan"), "value": review[found.review.explanation]},
    ]


@bp.post("/kuis/<quiz>/mulai")
@requires(Permission.TAKE)
def start(quiz: str) -> ResponseReturnValue:
    found = catalog().quiz(quiz)
    with database().transaction() as db:
        attempt_id = service.start(db, found, me().user_id, now=now())
    return redirect(url_for(".attempt", attempt_id=attempt_id), 303)


# --- an attempt -----------------------------------------------------------------------------------------------------


@bp.get("/percobaan/<uuid:attempt_id>")
@requires(Permission.TAKE)
def attempt(attempt_id: UUID) -> ResponseReturnValue:
    with database().reading() as db:
        found = service.own(db, attempt_id, me().user_id)
        rows = queries.items(db, attempt_id)
        questions = service.questions(db, rows)
    moment = now()
    if found.is_overdue(moment):
        _close_overdue(attempt_id, moment)
        return redirect(url_for(".result", attempt_id=attempt_id), 303)
    if not found.is_open:
        return redirect(url_for(".result", attempt_id=attempt_id), 303)
    return _attempt_page(found, rows, questions, moment)


def _close_overdue(attempt_id: UUID, moment: datetime) -> None:
    """The one thing a GET may write: an attempt whose time is over is closed by whoever asks first."""
    with database().transaction() as db:
        service.submit(db, attempt_id, me().user_id, now=moment)


def _attempt_page(
    found: AttemptRow, rows: list[ItemRow], questions: list[Item], moment: datetime, *, confirm: bool = False
) -> str:
    views = [
        item_pages.view(
            item,
            number=place,
            order=row.option_order,
            response=service.response_of(row),
            revision=row.revision or 0,
            saved_at=row.saved_at,
        )
        for place, (row, item) in enumerate(zip(rows, questions, strict=True), start=1)
    ]
    unanswered = [{"number": view.number, "href": f"#soal-{view.id}"} for view in views if view.response is None]
    return render_template(
        "attempts/attempt.html",
        quiz={"title": found.rules.title, "href": url_for(".quiz", quiz=found.quiz)},
        attempt=found,
        items=views,
        answered=len(views) - len(unanswered),
        total=len(views),
        save_url=url_for(".save", attempt_id=found.id),
        submit_url=url_for(".submit", attempt_id=found.id),
        seconds_left=int((found.deadline_at - moment).total_seconds()) if found.deadline_at else None,
        confirm={"unanswered": unanswered} if confirm else None,
        here="outline",
    )


@bp.post("/percobaan/<uuid:attempt_id>/simpan")
@requires(Permission.TAKE)
def save(attempt_id: UUID) -> ResponseReturnValue:
    """Save one answer sent by script. 200 only after the commit."""
    asked = forms.save(request.get_json())
    try:
        with database().transaction() as db:
            saved = service.save(
                db,
                attempt_id,
                me().user_id,
                asked.item,
                asked.values,
                revision=asked.revision,
                save_id=asked.save_id,
                now=now(),
            )
    except service.OlderRevision as error:
        newer = {"code": 409, "message": str(error)}
        return {"error": newer, "revision": error.revision, "response": error.response}, 409
    return {"state": "saved", "revision": saved.revision, "saved_at": saved.saved_at.isoformat()}


@bp.post("/percobaan/<uuid:attempt_id>/kumpulkan")
@requires(Permission.TAKE)
def submit(attempt_id: UUID) -> ResponseReturnValue:
    """The form of the attempt: keep what it holds, and close the attempt when that was the button."""
    moment = now()
    closing = request.form.get("action") == "submit"
    with database().transaction() as db:
        connection = db.connection()
        found = service.own(connection, attempt_id, me().user_id)
        if not found.is_open:
            return redirect(url_for(".result", attempt_id=attempt_id), 303)
        questions = service.questions(connection, queries.items(connection, attempt_id))
        kept: list[str] = []
        if not found.is_overdue(moment):
            kept = service.save_all(db, attempt_id, me().user_id, forms.answers(request.form, questions), now=moment)
        rows = queries.items(connection, attempt_id)
        sure = request.form.get("confirmed") == "1" or all(row.value is not None for row in rows)
        if found.is_overdue(moment) or (closing and sure and not kept):
            service.submit(db, attempt_id, me().user_id, now=moment)
            return redirect(url_for(".result", attempt_id=attempt_id), 303)
    if kept:
        flash(
            _("%(n)s jawaban sudah diperbarui di tab atau perangkat lain; yang lebih baru dipertahankan. Periksa lagi.",
              n=len(kept)),
            "warning",
        )  # fmt: skip
    elif not closing:
        flash(_("Jawaban tersimpan di server."), "ok")
    if closing and not kept:
        return _attempt_page(found, rows, questions, moment, confirm=True)
    return redirect(url_for(".attempt", attempt_id=attempt_id), 303)


# --- the result -----------------------------------------------------------------------------------------------------


@bp.get("/percobaan/<uuid:attempt_id>/hasil")
@requires(Permission.TAKE)
def result(attempt_id: UUID) -> ResponseReturnValue:
    with database().reading() as db:
        found = service.own(db, attempt_id, me().user_id)
        if found.is_open and not found.is_overdue(now()):
            return redirect(url_for(".attempt", attempt_id=attempt_id), 303)
        attempts = queries.of_person(db, me().user_id, found.quiz)
        rows = queries.items(db, attempt_id)
        questions = service.questions(db, rows)
        marks = queries.marks(db, attempt_id)
    if found.is_open:
        _close_overdue(attempt_id, now())
        return redirect(request.path, 303)
    last = service.is_last(found, attempts)
    visible = found.rules.review.visible(submitted=True, last=last)
    return render_template(
        "attempts/result.html",
        quiz={"title": found.rules.title, "href": url_for(".quiz", quiz=found.quiz)},
        **pages.result(found, rows, questions, marks, visible),
        hidden_reason=_hidden_reason(visible, last=last),
        attempts=_siblings(found, attempts, visible),
        here="outline",
    )


def _siblings(found: AttemptRow, attempts: list[Summary], visible: Visible) -> list[dict[str, Any]]:
    moment = now()
    return [
        {
            "number": one.number,
            "href": url_for(".attempt" if _is_running(one, moment) else ".result", attempt_id=one.id),
            "state": "open" if _is_running(one, moment) else "submitted",
            "submitted_at": one.submitted_at,
            "score": one.share if visible.marks else None,
            "passed": one.passed if visible.marks else None,
            "current": one.id == found.id,
        }
        for one in attempts
    ]


def _hidden_reason(visible: Visible, *, last: bool) -> str | None:
    if visible.answers and visible.feedback and visible.explanation and visible.marks:
        return None
    if last:
        return _("Sebagian hasil tidak ditampilkan menurut aturan kuis ini.")
    return _("Sebagian hasil baru ditampilkan setelah Anda lulus atau semua kesempatan terpakai.")
