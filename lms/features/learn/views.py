"""The pages of the course. A GET writes nothing: what is remembered comes by POST, from a script or a button."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from lms.catalog.model import Catalog, Lesson, Module, Regulation, Status, Term
from lms.features.learn import outline, pages
from lms.features.learn.outline import Link
from lms.learning.api import (
    AttemptLine,
    Conditions,
    Records,
    attempt_records,
    conditions,
    progress,
    reading,
    visibility,
)
from lms.quiz.quiz import Quiz
from lms.web import texts
from lms.web.frame import framed
from lms.web.guards import Permission, me, public, requires
from lms.web.links import Entry, link
from lms.web.mistakes import mistakes
from lms.web.site import catalog, database, now, reader
from lms.web.words import gettext as _

bp = Blueprint("learn", __name__, template_folder="templates")
LINKS = {
    "landing": "learn.landing",
    "dashboard": "learn.dashboard",
    "outline": "learn.outline",
    "module": "learn.module",
    "lesson": "learn.lesson",
    "progress": "learn.progress",
    "regulation": "learn.regulation",
    "regulations": "learn.regulations",
    "glossary": "learn.glossary",
    "picture": "learn.media",
}
MENU = (
    Entry(name="dashboard", noun="dashboard", title=lambda: _("Beranda"), needs=Permission.READ, place=10),
    Entry(name="outline", noun="outline", title=lambda: _("Materi"), needs=Permission.READ, place=20),
    Entry(name="progress", noun="progress", title=lambda: _("Progres"), needs=Permission.READ, place=30),
    Entry(name="regulations", noun="regulations", title=lambda: _("Regulasi"), needs=Permission.READ, place=40),
    Entry(name="glossary", noun="glossary", title=lambda: _("Glosarium"), needs=Permission.READ, place=50),
)


def _records() -> Records:
    with database().reading() as db:
        return reading.records(db, me().user_id)


# --- where everybody begins -----------------------------------------------------------------------------------------


@bp.get("/")
@public
def landing() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(url_for(".dashboard"), 303)
    course = catalog().course
    agendas = [
        {
            "agenda": agenda,
            "modules": [
                {
                    "href": outline.module_url(module),
                    "title": module.title,
                    "summary": module.summary,
                    "lessons": len(module.lessons),
                    "minutes": sum(lesson.minutes for lesson in module.lessons),
                }
                for module in agenda.modules
            ],
        }
        for agenda in catalog().agendas
        if agenda.modules
    ]
    return render_template("learn/landing.html", course=course, agendas=agendas, here="")


@bp.get("/beranda")
@requires(Permission.READ)
def dashboard() -> ResponseReturnValue:
    with database().reading() as db:
        records = reading.records(db, me().user_id)
        latest = reading.latest(db, me().user_id)
        attempts = attempt_records.latest_attempts(db, me().user_id)
        allowed = conditions.of_attempts(db, [attempt.id for attempt in attempts]) if attempts else {}
        tried = visibility.tried(db, me().user_id)
    moment = now()
    left = progress.remaining(catalog(), records)
    return render_template(
        "learn/dashboard.html",
        resume=_resume(latest, attempts, left, records, moment),
        agendas=outline.agendas(catalog(), records),
        share=progress.course_share(catalog(), records).value,
        results=_results(attempts, tried, allowed, moment),
        remaining=[_remaining_line(step) for step in left[:5]],
        remaining_count=len(left),
        here="dashboard",
    )


def _remaining_line(step: Lesson | Quiz) -> dict[str, Any]:
    is_lesson = isinstance(step, Lesson)
    return {
        "href": outline.step_url(step),
        "title": step.title,
        "kind": "lesson" if is_lesson else "quiz",
        "minutes": step.minutes if isinstance(step, Lesson) else None,
    }


def _resume(
    latest: reading.Latest | None,
    attempts: Any,
    left: list[Lesson | Quiz],
    records: Records,
    moment: datetime,
) -> dict[str, Any] | None:
    """Where to go on: an open attempt first (its clock may run), then the lesson one was in, then the next step."""
    for attempt in attempts:
        if attempt.is_running(moment) and attempt.quiz in catalog().quizzes:
            href = link("attempt", attempt_id=attempt.id)
            title = catalog().quiz(attempt.quiz).title
            return {"href": href, "title": title, "module": "", "label": _("Lanjutkan kuis")}
    lesson = catalog().lessons.get(latest.lesson) if latest else None
    if latest and lesson and not progress.lesson_state(lesson, records).done:
        href = texts.lesson_url(lesson, latest.position or None)
        return _place(href, lesson, _("Lanjutkan"))
    step = _next_step(lesson, left) if left else None
    if step is None:
        return None
    label = _("Lanjutkan") if latest or attempts else _("Mulai belajar")
    if isinstance(step, Quiz):
        return {"href": outline.step_url(step), "title": step.title, "module": "", "label": label}
    return _place(texts.lesson_url(step), step, label)


def _place(href: str, lesson: Lesson, label: str) -> dict[str, Any]:
    return {
        "href": href,
        "title": lesson.title,
        "module": catalog().module(lesson.module).title,
        "label": label,
    }


def _next_step(lesson: Lesson | None, left: list[Lesson | Quiz]) -> Lesson | Quiz:
    """The first unfinished step after the lesson a person was in; else the first of all."""
    if lesson is not None:
        step: Lesson | Quiz | None = catalog().next(lesson)
        while step is not None:
            if step in left:
                return step
            step = catalog().next(step)
    return left[0]


def _results(
    attempts: Sequence[AttemptLine],
    tried: Mapping[tuple[UUID | None, str], visibility.Tried],
    allowed: Mapping[UUID, Conditions],
    moment: datetime,
) -> list[dict[str, Any]]:
    """The newest submitted attempt of each quiz, as far as its review rules and those of the cohort show marks."""
    listed: dict[str, dict[str, Any]] = {}
    for attempt in attempts:
        found = catalog().quizzes.get(attempt.quiz)
        if found is None or attempt.submitted_at is None or attempt.quiz in listed:
            continue
        holds = allowed[attempt.id]
        stands = tried[holds.enrolment_id, attempt.quiz]
        limit = holds.attempts(found)
        visible = visibility.shown(attempt.review, stands, holds, limit=limit, submitted=True, now=moment)
        shown = visible.marks
        listed[attempt.quiz] = {
            "title": found.title,
            "href": link("result", attempt_id=attempt.id),
            "score": attempt.share if shown else None,
            "passed": attempt.passed if shown and found.can_be_failed else None,
            "when": attempt.submitted_at,
        }
    return list(listed.values())


# --- the course -----------------------------------------------------------------------------------------------------


@bp.get("/materi", endpoint="outline")
@requires(Permission.READ)
def whole_outline() -> ResponseReturnValue:
    records = _records()
    return render_template(
        "learn/outline.html",
        agendas=outline.agendas(catalog(), records),
        practice=outline.practice(catalog(), records),
        share=progress.course_share(catalog(), records).value,
        here="outline",
    )


@bp.get("/materi/<module>")
@requires(Permission.READ)
def module(module: str) -> ResponseReturnValue:
    found = catalog().module(module)
    records = _records()
    ordered = [one for agenda in catalog().agendas for one in agenda.modules]
    place = ordered.index(found)
    return render_template(
        "learn/module.html",
        module=found,
        introduction=outline.introduction(found),
        steps=outline.steps(found, records),
        share=progress.module_share(found, records).value,
        previous=_module_link(ordered[place - 1]) if place else None,
        next=_module_link(ordered[place + 1]) if place + 1 < len(ordered) else None,
        problems=_problems(found.path),
        here="outline",
    )


def _module_link(found: Module) -> Link:
    return Link(outline.module_url(found), found.title)


def _problems(path: str) -> list[str]:
    """An author's mistakes in one file, shown on its page."""
    return [line for line in mistakes() if line.startswith(f"{path}:")]


# --- a lesson -------------------------------------------------------------------------------------------------------


@bp.get("/materi/<module>/<slug>")
@requires(Permission.READ)
def lesson(module: str, slug: str) -> ResponseReturnValue:
    found = catalog().lesson(f"{module}/{slug}")
    if found.id != f"{module}/{slug}":
        return redirect(texts.lesson_url(found), 308)  # the file was renamed; its old address goes on working
    records = reading.records(reader(), me().user_id)
    responses = reading.checks(reader(), me().user_id, found.id)
    return _lesson_page(found, records, responses)


def _lesson_page(found: Lesson, records: Records, responses: dict[str, tuple[str, ...]]) -> str:
    page = pages.lesson_page(found)
    state = progress.lesson_state(found, records)
    html = render_template(
        "learn/lesson.html",
        lesson=found,
        page=page,
        text=pages.text(found, page, responses),
        steps=outline.menu(pages.module_of(found), records, found.id),
        state=state,
        finish_url=url_for(".finish", module=found.module, slug=found.slug),
        position_url=url_for(".position", module=found.module, slug=found.slug),
        problems=_problems(found.path),
    )
    return framed(f"{found.title} · {page.module.title}", Markup(html), here="outline")  # noqa: S704 – escaped


@bp.post("/materi/<module>/<slug>/selesai")
@requires(Permission.READ)
def finish(module: str, slug: str) -> ResponseReturnValue:
    """The button at the end of a lesson: read to the end."""
    found = catalog().lesson(f"{module}/{slug}")
    with database().transaction() as db:
        reading.visit(db, me().user_id, found, position="", read=True, now=now())
        records = reading.records(db.connection(), me().user_id)
    following = outline.step_link(catalog().next(found))
    goes_on = request.form.get("then") == "next" and following
    state = progress.lesson_state(found, records)
    if not state.done:
        left = state.checks_total - state.checks_answered
        flash(
            _(
                "“%(title)s” sudah dibaca. Jawab %(n)s cek diri lagi agar materi itu selesai.",
                title=found.title,
                n=left,
            ),
            "warning",
        )
    elif not goes_on:
        flash(_("Materi ini selesai."), "ok")
    return redirect(following.href if following and goes_on else texts.lesson_url(found), 303)


@bp.post("/materi/<module>/<slug>/posisi")
@requires(Permission.READ)
def position(module: str, slug: str) -> ResponseReturnValue:
    """Sent by a script while reading: the heading last passed, and whether the end was reached."""
    found = catalog().lesson(f"{module}/{slug}")
    anchor = request.form.get("anchor", "")
    with database().transaction() as db:
        reading.visit(
            db,
            me().user_id,
            found,
            position=anchor if anchor in pages.lesson_page(found).anchors else "",
            read=request.form.get("read") == "1",
            now=now(),
        )
    return "", 204


@bp.post("/materi/<module>/<slug>/cek/<item>")
@requires(Permission.READ)
def check(module: str, slug: str, item: str) -> ResponseReturnValue:
    """Answer a self-check; the page comes back with the feedback, at the same place."""
    found = catalog().lesson(f"{module}/{slug}")
    question = reading.check_of(found, item)
    response = question.read(request.form.to_dict(flat=False))
    try:
        with database().transaction() as db:
            reading.answer(db, me().user_id, found, question, response, now=now())
    except reading.NothingAnswered as error:
        flash(_(error.said), "warning")
    return redirect(texts.lesson_url(found, f"cek-{question.id}"), 303)


# --- the register and the glossary ----------------------------------------------------------------------------------


@bp.get("/regulasi")
@requires(Permission.READ)
def regulations() -> ResponseReturnValue:
    listed = [
        {
            "href": texts.regulation_url(found.id),
            "short": found.short,
            "title": found.title,
            "status": pages.status_label(found.status),
            "stands": found.stands,
        }
        for found in sorted(catalog().regulations.values(), key=lambda one: (not one.stands, one.short))
    ]
    return render_template(
        "learn/regulations.html", regulations=listed, as_of=catalog().course.as_of, here="regulations"
    )


@bp.get("/regulasi/<id>")
@requires(Permission.READ)
def regulation(id: str) -> ResponseReturnValue:
    found = catalog().regulation(id)
    related = {
        "revokes": found.revokes,
        "revoked_by": found.revoked_by,
        "amends": found.amends,
        "amended_by": found.amended_by,
    }
    resting = _resting_on(catalog(), found)
    return render_template(
        "learn/regulation.html",
        regulation=found,
        status=pages.status_label(found.status),
        relations={
            name: [_related(found if name == "revoked_by" else catalog().regulations[one], one, name) for one in ids]
            for name, ids in related.items()
        },
        articles=[
            {
                "id": texts.article_id(locator),
                "label": article.label,
                "title": article.title,
                "gist": article.gist,
                "counterparts": [pages.article_link(*pair) for pair in article.counterpart],
                "lessons": resting[locator],
            }
            for locator, article in found.articles.items()
        ],
        here="regulations",
    )


def _related(revoked: Regulation, id: str, how: str) -> Link:
    """``revoked``: the one of the two that is revoked, where ``how`` speaks of that; perhaps only in part."""
    partly = how in {"revokes", "revoked_by"} and revoked.status is Status.PARTLY_REVOKED
    short = catalog().regulations[id].short
    return Link(texts.regulation_url(id), _("%(regulation)s (sebagian)", regulation=short) if partly else short)


def _resting_on(catalog: Catalog, found: Regulation) -> dict[str, list[Link]]:
    """The lessons that cite each article of a regulation."""
    resting: dict[str, list[Link]] = defaultdict(list)
    for locator, lessons in catalog.cited_in(found.id).items():
        resting[locator] = [Link(texts.lesson_url(lesson), lesson.title) for lesson in lessons]
    return resting


@bp.get("/glosarium")
@requires(Permission.READ)
def glossary() -> ResponseReturnValue:
    letters: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for term in sorted(catalog().glossary.values(), key=lambda one: one.term.casefold()):
        letters[term.term[0].upper()].append(_term(term))
    return render_template(
        "learn/glossary.html",
        letters=[{"letter": letter, "terms": terms} for letter, terms in letters.items()],
        here="glossary",
    )


def _term(term: Term) -> dict[str, Any]:
    return {
        "id": term.id,
        "term": term.term,
        "meaning": term.meaning,
        "also": term.also,
        "obsolete": term.obsolete,
        "citations": [pages.article_link(*pair) for pair in term.cites],
    }


# --- progress -------------------------------------------------------------------------------------------------------


@bp.get("/progres", endpoint="progress")
@requires(Permission.READ)
def own_progress() -> ResponseReturnValue:
    records = _records()
    agendas = [
        {
            "title": agenda.title,
            "share": progress.agenda_share(agenda, records).value,
            "modules": [_explained(module, records) for module in agenda.modules],
        }
        for agenda in catalog().agendas
        if agenda.modules
    ]
    whole = progress.course_share(catalog(), records)
    return render_template(
        "learn/progress.html",
        share=whole.value,
        done=whole.done,
        total=whole.total,
        agendas=agendas,
        here="progress",
    )


def _explained(module: Module, records: Records) -> dict[str, Any]:
    """A module's percentage with the rules behind it and what is missing."""
    rules = progress.module_rules(module, records)
    share = progress.module_share(module, records)
    explained = [
        {
            "text": _("Setiap materi dibaca sampai akhir dan cek dirinya dijawab"),
            "met": rules.lessons.complete,
            "detail": _("%(done)s dari %(total)s materi", done=rules.lessons.done, total=rules.lessons.total),
            "missing": [_missing_lesson(unread) for unread in rules.unread],
        }
    ]
    if rules.quizzes.total:
        explained.append(
            {
                "text": _("Kuis modul lulus"),
                "met": rules.quizzes.complete,
                "detail": _("%(done)s dari %(total)s kuis", done=rules.quizzes.done, total=rules.quizzes.total),
                "missing": [Link(outline.quiz_url(quiz), quiz.title) for quiz in rules.unpassed],
            }
        )
    return {
        "title": module.title,
        "href": outline.module_url(module),
        "share": share.value,
        "done": share.complete,
        "rules": explained,
    }


def _missing_lesson(unread: progress.Unread) -> Link:
    lacking = []
    if not unread.state.read:
        lacking.append(_("belum dibaca sampai akhir"))
    if open_checks := unread.state.checks_total - unread.state.checks_answered:
        lacking.append(_("%(n)s cek diri belum dijawab", n=open_checks))
    return Link(texts.lesson_url(unread.lesson), f"{unread.lesson.title} – {', '.join(lacking)}")


# --- pictures -------------------------------------------------------------------------------------------------------


@bp.get("/media/<path:path>")
@public
def media(path: str) -> ResponseReturnValue:
    """A picture of the pack. Only what the catalog lists is served; nothing else of its store has a name here."""
    picture = catalog().picture(path)
    content = catalog().content_of(picture)
    answered = send_file(
        BytesIO(content), mimetype=picture.mimetype, etag=sha256(content).hexdigest(), conditional=True, max_age=86400
    )
    # Compressed as a stream, it would be sent again to browsers that have it.
    answered.direct_passthrough = False
    answered.make_sequence()
    # An SVG opened by itself must not run anything either.
    answered.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return answered
