"""Reporting a question, seeing what became of it, and – for editors – answering."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from lms.db.reports import ReportState
from lms.errors import Invalid
from lms.features.reports import forms, standing
from lms.features.reports import proposing as proposing  # its routes belong to these
from lms.features.reports.blueprint import bp
from lms.fields.typed import typed
from lms.learning.api import Conditions, attempts, conditions, frozen, reports, stale, visibility
from lms.quiz.item import Item
from lms.quiz.review import EVERYTHING
from lms.web import items as item_pages
from lms.web.guards import Permission, me, requires
from lms.web.items import ItemView
from lms.web.links import Entry, link
from lms.web.paging import paging
from lms.web.returned import Returned, send_back, sent_back
from lms.web.site import catalog, database, now
from lms.web.words import faults
from lms.web.words import gettext as _

LINKS = {
    "report": "reports.report",
    "own-reports": "reports.own",
    "reports": "reports.inbox",
    "cohort-reports": "reports.of_cohort",
    "propose": "reports.propose",
}
MENU = (Entry(name="reports", noun="reports", title=lambda: _("Laporan soal"), needs=Permission.EDIT, place=80),)

PAGE = 10


# --- the person who met the question --------------------------------------------------------------------------------


@bp.get("/percobaan/<uuid:attempt_id>/lapor/<item>")
@requires(Permission.TAKE)
def again(attempt_id: UUID, item: str) -> ResponseReturnValue:
    """The form by itself, for a report that could not be taken."""
    with database().reading() as db:
        attempts.own(db, attempt_id, me().user_id)
    back = sent_back()
    return render_template(
        "reports/again.html",
        attempt_id=attempt_id,
        item=item,
        back=_back(attempt_id, item),
        message=back.values.get("message", ""),
        error=back.faults.get("message"),
        here="outline",
    )


@bp.post("/percobaan/<uuid:attempt_id>/lapor/<item>")
@requires(Permission.TAKE)
def report(attempt_id: UUID, item: str) -> ResponseReturnValue:
    moment = now()
    try:
        with database().transaction() as db:
            found = attempts.own(db.connection(), attempt_id, me().user_id)
            offered = catalog().quizzes.get(found.quiz)
            message = forms.message(request.form)
            reports.report(db, attempt_id, me().user_id, item, message, offered=offered, now=moment)
    except reports.AlreadyReported as error:
        flash(_(error.said), "warning")
    except Invalid as error:
        sent = {"message": request.form.get("message", "")}
        return send_back(url_for(".again", attempt_id=attempt_id, item=item), {"message": _(error.said)}, sent)
    else:
        flash(_("Laporan Anda diterima. Jawaban penyunting tampak di soal ini dan di halaman Laporan soal saya."), "ok")
    return redirect(_back(attempt_id, item), 303)


def _back(attempt_id: UUID, item: str) -> str:
    return link("result", attempt_id=attempt_id, _anchor=f"soal-{item}")


@bp.get("/laporan")
@requires(Permission.TAKE)
def own() -> ResponseReturnValue:
    moment = now()
    with database().reading() as db:
        own = reports.own(db, me().user_id)
        allowed = conditions.of_attempts(db, {one.attempt_id for one in own}) if own else {}
        tried = visibility.tried(db, me().user_id)
    return render_template(
        "reports/own.html",
        reports=[
            _own(one, tried[allowed[one.attempt_id].enrolment_id, one.quiz], allowed[one.attempt_id], moment)
            for one in own
        ],
        here="",
    )


def _own(one: reports.Own, tried: visibility.Tried, allowed: Conditions, moment: datetime) -> dict[str, Any]:
    """A report as its author sees it; the answer may tell the key, so it waits with the review of the question."""
    quiz = catalog().quizzes.get(one.quiz)
    limit = one.limit if quiz is None else allowed.attempts(quiz)
    visible = visibility.shown(one.review, tried, allowed, limit=limit, submitted=True, now=moment)
    return {
        "title": one.title,
        "number": one.number,
        "place": one.position + 1,
        "href": link("result", attempt_id=one.attempt_id, _anchor=f"soal-{one.item}"),
        "message": one.message,
        "state": one.state,
        "answer": one.answer if visible.reviewable else "",
        "reported_at": one.reported_at,
        "answered_at": one.answered_at,
    }


# --- editors --------------------------------------------------------------------------------------------------------


@bp.get("/penyunting/laporan")
@requires(Permission.EDIT)
def inbox() -> ResponseReturnValue:
    search, state = typed(request.args.get("q", ""))[:100], request.args.get("state", "")
    state = state if state in set(ReportState) else ""
    with database().reading() as db:
        counts = reports.counts(db, search=search, state=state)
        shown = paging(counts.found, PAGE)
        lines = reports.lines(db, search=search, state=state, offset=shown.offset, limit=shown.size)
        asked = frozen.questions(db, [line.question_version for line in lines])
    return render_template(
        "reports/inbox.html",
        reports=_told(lines, asked),
        query={"q": search, "state": state, "page": shown.page},
        pages=shown.pages,
        counts=counts,
        back=Returned(),
        here="reports",
    )


@bp.get("/penyunting/laporan/<uuid:report_id>")
@requires(Permission.EDIT)
def one(report_id: UUID) -> ResponseReturnValue:
    """One report, with what was typed to answer it and what is wrong with that."""
    back = sent_back()
    with database().reading() as db:
        line = _report(db, report_id)
        asked = frozen.questions(db, [line.question_version])
        counts = reports.counts(db, search="", state="")
    return render_template(
        "reports/inbox.html",
        reports=_told([line], asked),
        query=None,
        pages=1,
        counts=counts,
        back=back,
        here="reports",
    )


def _report(db: Connection, report_id: UUID) -> reports.Line:
    found = reports.line(db, report_id)
    if found is None:
        raise reports.UnknownReport
    return found


@bp.post("/penyunting/laporan/<uuid:report_id>")
@requires(Permission.EDIT)
def answer(report_id: UUID) -> ResponseReturnValue:
    sent = {name: request.form.get(name, "") for name in ("seen", "state", "answer")}
    page = url_for(".one", report_id=report_id, _anchor=f"jawab-{report_id}")
    with database().reading() as db:
        _report(db, report_id)
    try:
        given = forms.answer(request.form)
        with database().transaction() as session:
            reports.answer(session, report_id, given, editor_id=me().user_id, now=now())
    except Invalid as error:
        return send_back(page, faults(error), sent)
    except stale.ChangedMeanwhile as old:
        return send_back(page, {}, sent, old=old)
    flash(_("Jawaban tersimpan; pelapor dapat membacanya."), "ok")
    return redirect(url_for(".inbox"), 303)


def _told(lines: list[reports.Line], asked: list[Item]) -> list[dict[str, Any]]:
    places = standing.places({line.item for line in lines})
    return [
        {
            "id": line.id,
            "item": line.item,
            "quiz": standing.title(line.quiz),
            "view": _asked(line, question, place),
            "response": line.response,
            "message": line.message,
            "state": line.state,
            "answer": line.answer,
            "seen": line.answered_at.isoformat() if line.answered_at else "",
            "reported_at": line.reported_at,
            "answered_at": line.answered_at,
            "editor": line.editor,
            "stands": standing.stands(line.question_version, line.major, places.get(line.item)),
        }
        for place, (line, question) in enumerate(zip(lines, asked, strict=True), start=1)
    ]


def _asked(line: reports.Line, question: Item, place: int) -> ItemView:
    response = frozen.decoded(line.response)
    return item_pages.view(
        question, number=place, order=line.option_order, response=response, visible=EVERYTHING, disabled=True
    )
