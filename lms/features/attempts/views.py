"""The pages of a quiz: its front, an attempt, the saving of one answer, the submit, the result."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.errors import Conflict
from lms.features.attempts import closing, confirmation, forms, outcome, practised, sitting
from lms.features.attempts.blueprint import blueprint
from lms.features.attempts.briefing import briefing
from lms.features.attempts.version_names import with_version
from lms.features.attempts.words import flush_words
from lms.learning.api import (
    AttemptRow,
    Conditions,
    ItemRow,
    Summary,
    attempt_records,
    attempts,
    conditions,
    frozen,
    marks,
    participation,
    person_attempts,
    practice,
    saves,
    visibility,
)
from lms.quiz.practice import is_practice
from lms.quiz.quiz import Layout, Quiz, Visible
from lms.web import result as result_page
from lms.web import texts
from lms.web.guards import Permission, csrf_token, me, requires, wants_json
from lms.web.keeping import keys_hold_since
from lms.web.language import local_day
from lms.web.links import Entry, link
from lms.web.question_map import question_map
from lms.web.site import catalog, database, now, reader
from lms.web.who_helps import who_helps
from lms.web.words import gettext as _

bp = Blueprint("attempts", __name__, template_folder="templates")
LINKS = {"quiz": "attempts.quiz", "attempt": "attempts.attempt", "result": "attempts.result"}
MENU: tuple[Entry, ...] = ()


# --- the front page of a quiz ---------------------------------------------------------------------------------------


@bp.get("/kuis/<quiz>")
@requires(Permission.TAKE)
def quiz(quiz: str) -> ResponseReturnValue:
    found = catalog().quiz(quiz)
    with database().reading() as db:
        tries = person_attempts.of_person(db, me().user_id, found.id)
        allowed = conditions.of(db, me().user_id, found.id)
    moment = now()
    running = next((one for one in tries if one.is_running(moment)), None)
    left = allowed.left(found, tries)
    listed = [_listed(one, found, visibility.visible(one, found, tries, allowed, now=moment), moment) for one in tries]
    why_not = None if running else _why_not(left, allowed, moment)
    return render_template(
        "attempts/quiz.html",
        quiz=found,
        introduction=texts.fragment(found.introduction),
        rules=briefing(found, allowed),
        blueprint=blueprint(found, catalog()),
        attempts=listed,
        may_start=running is None and why_not is None,
        why_not=why_not,
        meanwhile=_meanwhile(found, listed) if why_not else (),
        instead=_instead(found, left, listed),
        practice=practised.of_module(found.module) if not why_not else None,
        open_href=url_for(".attempt", attempt_id=running.id) if running else None,
        late=running is not None and running.is_late(moment),
        best=max((one["score"] for one in listed if one["score"] is not None), default=None),
        attempts_left=left,
        here="outline",
    )


def _why_not(left: int | None, allowed: Conditions, moment: datetime) -> str | None:
    """Why the quiz cannot be begun, and who could change that."""
    if left == 0:
        return f"{_(attempts.NoAttemptsLeft.message)} {_who_helps()}"
    try:
        allowed.check_window(moment)
    except conditions.NotYetOpen as error:
        return _(error.said)
    except Conflict as error:
        return f"{_(error.said)} {_who_helps()}"
    return None


def _who_helps() -> str:
    with database().reading() as db:
        return who_helps(participation.teachers(db, me().user_id))


def _instead(quiz: Quiz, left: int | None, listed: list[dict[str, Any]]) -> dict[str, Any] | None:
    """How a quiz can be learnt of which no attempt is left, and, as is told, none was passed."""
    if left != 0 or not all(one["passed"] is False for one in listed):
        return None
    return practised.instead(quiz)


def _meanwhile(quiz: Quiz, listed: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Where to learn on while the quiz is shut: address and title."""
    module = catalog().modules.get(quiz.module or "")
    read = [(one["href"], _("Hasil percobaan ke-%(n)s", n=one["number"])) for one in listed if one["state"] != "open"]
    return [*read[-1:], *([(link("module", module=module.id), module.title)] if module else [])]


def _listed(one: Summary, quiz: Quiz, visible: Visible, moment: datetime) -> dict[str, Any]:
    """An attempt in a list; its score stays hidden as long as the review rules hide it on the result page."""
    running = one.is_running(moment)
    return {
        "number": one.number,
        "href": url_for(".attempt", attempt_id=one.id) if running else url_for(".result", attempt_id=one.id),
        "state": "open" if running else "submitted",
        "submitted_at": one.submitted_at,
        "score": one.share if visible.marks else None,
        "passed": one.passed if visible.marks and quiz.can_be_failed else None,
        "hidden": not running and not visible.marks,
    }


@bp.post("/kuis/<quiz>/mulai")
@requires(Permission.TAKE)
def start(quiz: str) -> ResponseReturnValue:
    found = catalog().quiz(quiz)
    with database().transaction() as db:
        attempt_id = attempts.start(db, found, me().user_id, now=now(), bank=catalog().bank if found.draws else ())
    return redirect(url_for(".attempt", attempt_id=attempt_id), 303)


# --- an attempt -----------------------------------------------------------------------------------------------------


@bp.get("/percobaan/<uuid:attempt_id>")
@requires(Permission.TAKE)
def attempt(attempt_id: UUID) -> ResponseReturnValue:
    db = reader()
    found = attempts.own(db, attempt_id, me().user_id)
    rows = attempt_records.items(db, attempt_id)
    questions = frozen.questions_of(db, rows)
    moment = now()
    during = visibility.during(db, found, now=moment)
    if found.is_overdue(moment):
        _close_overdue(attempt_id, moment)
        return redirect(url_for(".result", attempt_id=attempt_id), 303)
    if not found.is_open:
        return redirect(url_for(".result", attempt_id=attempt_id), 303)
    if not is_practice(found.quiz):
        keys_hold_since(found.started_at)
    return sitting.page(found, rows, questions, during, now=moment)


def _close_overdue(attempt_id: UUID, moment: datetime) -> None:
    """A GET may write it: an attempt whose time is over is closed by whoever asks first."""
    with database().transaction() as db:
        attempts.submit(db, attempt_id, me().user_id, now=moment)


@bp.post("/percobaan/<uuid:attempt_id>/simpan")
@requires(Permission.TAKE)
def save(attempt_id: UUID) -> ResponseReturnValue:
    """Save one answer sent by script. 200 only after the commit."""
    asked, db = saves.read(_json()), reader()
    try:
        answer = with_version(db, attempt_id, asked.item, asked.answer)
        with database().writing():  # one statement, which commits by itself
            saved = attempts.save(db, attempt_id, me().user_id, asked.item, answer, save_id=asked.save_id, now=now())
    except attempts.OlderRevision as error:
        newer = {"code": 409, "message": _(error.said)}
        return {"error": newer, "revision": error.revision, "response": error.response}, 409
    return {"state": "saved", "revision": saved.revision, "saved_at": saved.saved_at.isoformat()}


def _json() -> Any:
    try:
        return request.get_json()
    except RecursionError as error:  # brackets in brackets
        raise saves.Unreadable(saves.NO_OBJECT) from error


@bp.get("/segar")
@requires(Permission.TAKE)
def fresh() -> ResponseReturnValue:
    """For a script that is back on the line: who is signed in, a token that is good now, and the server's time.

    ``percobaan``: an attempt whose deadline is asked, too, for staff may have moved it, and which answers are held: a
    device sends again what was acknowledged and is not there. Signed out, the guard says so.
    """
    told: dict[str, Any] = {
        "csrf": csrf_token(),
        "user": str(me().user_id),
        "now": now().isoformat(),
        "words": flush_words(),
    }
    if attempt_id := request.args.get("percobaan", type=UUID):
        with database().reading() as db:
            found = attempt_records.attempt(db, attempt_id)
            if found and found.user_id == me().user_id:  # else somebody else has signed in: ``user`` says so
                told["deadline_at"] = found.deadline_at.isoformat() if found.deadline_at else None
                if found.is_open:
                    held = attempt_records.items(db, attempt_id)
                    told["revisions"] = {row.item: row.revision for row in held if row.revision is not None}
    return told


@bp.post("/percobaan/<uuid:attempt_id>/kumpulkan")
@requires(Permission.TAKE)
def submit(attempt_id: UUID) -> ResponseReturnValue:
    """The form of the attempt: keep what it holds, and go on, check a question or close, as the button said."""
    moment, action = now(), request.form.get("action", "")
    with database().transaction() as db:
        connection = db.connection()
        attempts.own(connection, attempt_id, me().user_id)
        marks.lock(db, attempt_id)  # two forms at once: the second one finds what the first one left
        found = attempts.own(connection, attempt_id, me().user_id)
        if not found.is_open:
            return redirect(url_for(".result", attempt_id=attempt_id), 303)
        if action == "submit" and found.is_late(moment) and not found.is_overdue(moment) and wants_json(request):
            raise attempts.TimeIsOver  # the script knows what to do; a person without one gets the page that says it
        rows = attempt_records.items(connection, attempt_id)
        questions = frozen.questions_of(connection, rows)
        kept: list[str] = []
        if not found.is_late(moment):
            kept = attempts.save_all(db, attempt_id, me().user_id, forms.answers(request.form, questions), now=moment)
            rows = attempt_records.items(connection, attempt_id)
        if action.startswith("check-") and not kept:
            attempts.check_answer(db, attempt_id, me().user_id, action.removeprefix("check-"), now=moment)
        sure = request.form.get("confirmed") == "1" or not closing.must_ask(found, rows)
        closes = action == "submit" and not kept and not found.is_late(moment)
        if found.is_overdue(moment) or (closes and sure):
            attempts.submit(db, attempt_id, me().user_id, now=moment)
            return redirect(url_for(".result", attempt_id=attempt_id), 303)
    _tell(kept, late=found.is_late(moment), saved=action == "save")
    if closes:
        return redirect(url_for(".confirm", attempt_id=attempt_id, tampilan=sitting.chosen(found)), 303)
    return redirect(_next_page(found, action, rows), 303)


@bp.get("/percobaan/<uuid:attempt_id>/kumpulkan")
@requires(Permission.TAKE)
def confirm(attempt_id: UUID) -> ResponseReturnValue:
    """Asks before an attempt is closed; what was answered is saved, so it can be left, reloaded and come back to."""
    moment, db = now(), reader()
    found = attempts.own(db, attempt_id, me().user_id)
    if not found.is_open:
        return redirect(url_for(".result", attempt_id=attempt_id), 303)
    if found.is_late(moment):
        return redirect(url_for(".attempt", attempt_id=attempt_id), 303)
    return confirmation.page(found, attempt_records.items(db, attempt_id))


def _tell(kept: list[str], *, late: bool, saved: bool) -> None:
    if kept:
        flash(
            _("%(n)s jawaban sudah diperbarui di tab atau perangkat lain; yang lebih baru dipertahankan. Periksa lagi.",
              n=len(kept)),
            "warning",
        )  # fmt: skip
    elif late:
        flash(_(attempts.TimeIsOver.message), "warning")
    elif saved:
        flash(_("Jawaban tersimpan di server."), "ok")


def _next_page(found: AttemptRow, action: str, rows: list[ItemRow]) -> str:
    verb, _dash, where = action.partition("-")
    if verb == "go" and re.fullmatch("[0-9]{1,4}", where) and 1 <= int(where) <= len(rows):
        return sitting.places(found)(int(where))
    checked = next((place for place, row in enumerate(rows, start=1) if action == f"check-{row.item}"), None)
    if checked:
        return sitting.places(found)(checked)
    if sitting.layout(found) is Layout.PER_QUESTION and (asked := request.args.get("soal", type=int)):
        return sitting.places(found)(asked)
    chosen = request.args.get("tampilan") if found.rules.layout_choice else None
    return url_for(".attempt", attempt_id=found.id, tampilan=chosen)


# --- the result -----------------------------------------------------------------------------------------------------


@bp.get("/percobaan/<uuid:attempt_id>/hasil")
@requires(Permission.TAKE)
def result(attempt_id: UUID) -> ResponseReturnValue:
    moment = now()
    with database().reading() as db:
        found = attempts.own(db, attempt_id, me().user_id)
        if found.is_open and not found.is_overdue(moment):
            return redirect(url_for(".attempt", attempt_id=attempt_id), 303)
        tries = person_attempts.of_person(db, me().user_id, found.quiz)
        allowed = conditions.of(db, me().user_id, found.quiz)
        rows = attempt_records.reviewed(db, attempt_id)
        questions = frozen.questions_of(db, rows)
        histories = attempt_records.marks(db, attempt_id)
    if found.is_open:
        _close_overdue(attempt_id, moment)
        return redirect(request.path, 303)
    offered = catalog().quizzes.get(found.quiz, found.rules)  # a better try would be at the quiz as it is now
    shown = {one.id: visibility.visible(one, offered, tries, allowed, now=moment) for one in tries}
    own = is_practice(found.quiz)
    mine = practised.pool() if own else None
    visible = practice.visible(mine, questions) if mine else shown[found.id]
    if found.seen_at is None and visible.reviewable:
        with database().transaction() as session:
            attempts.note_seen(session, attempt_id, now=moment)
    judged = result_page.result(found, rows, questions, histories, visible)
    passed, left = judged["score"]["passed"] if judged["score"] else None, allowed.left(offered, tries)
    listed = [{**_listed(one, found.rules, shown[one.id], moment), "current": one.id == found.id} for one in tries]
    return render_template(
        "attempts/result.html",
        quiz={"title": found.rules.title},
        quiz_href=practised.front(found),
        practice=practised.ending(found, passed) if own else None,
        alike=practised.alike(judged["items"], mine),
        **judged,
        **outcome.reading(found.rules, questions, judged["items"], visible, passed),
        withheld=outcome.withheld(visible, allowed.review or found.rules.review, allowed.closes_at),
        again=None if own else _again(passed, left, allowed, moment),
        instead=None if own else _instead(offered, left, listed),
        comes_back=outcome.comes_back(judged["items"], handed_in_today=_is_today(found.submitted_at, moment)),
        map=question_map(judged["items"], request.args.get("tampil", ""), url_for(".result", attempt_id=attempt_id)),
        attempts=[] if own else listed,
        reports={row.item: {"state": row.report, "answer": row.report_answer} for row in rows},
        may_report=visible.reviewable and not own,
        here="outline",
    )


def _is_today(instant: datetime | None, moment: datetime) -> bool:
    _today, midnight = local_day(moment)
    return instant is not None and instant >= midnight


def _again(passed: bool | None, left: int | None, allowed: Conditions, moment: datetime) -> dict[str, Any]:
    """Whether the quiz that was not passed may be tried again, and how often; ``why_not`` in words."""
    if passed is not False:
        return {"may": False, "left": None, "why_not": None}
    why_not = _why_not(left, allowed, moment)
    return {"may": why_not is None, "left": left, "why_not": why_not}
