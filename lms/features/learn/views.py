"""The pages of the course. A GET writes nothing: what is remembered comes by POST, from a script or a button."""

from __future__ import annotations

from hashlib import sha256
from io import BytesIO

from flask import flash, redirect, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_login import current_user

from lms.catalog.model import Lesson, Module
from lms.errors import Invalid
from lms.features.learn import keeping, outline, pages, printing
from lms.features.learn import own_progress as own_progress  # its route belongs to these
from lms.features.learn import register as register  # so do its
from lms.features.learn.blueprint import bp
from lms.features.learn.outline import Link
from lms.learning.api import LessonState, Records, Standing, noted, progress, reading, standing
from lms.quiz.item import Item, Response
from lms.web import deeds, headers, texts
from lms.web.guards import Permission, me, public, requires, wants_json
from lms.web.keeping import keepable
from lms.web.language import local_day
from lms.web.links import Entry, link
from lms.web.notes import Noted
from lms.web.returned import send_back, sent_back
from lms.web.site import catalog, database, now, reader
from lms.web.words import faults
from lms.web.words import gettext as _

LINKS = {
    "landing": "learn.landing",
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
    Entry(name="outline", noun="outline", title=lambda: _("Materi"), needs=Permission.READ, place=20),
    Entry(name="progress", noun="progress", title=lambda: _("Progres"), needs=Permission.READ, place=30),
    Entry(name="regulations", noun="regulations", title=lambda: _("Regulasi"), needs=Permission.READ, place=40),
    Entry(name="glossary", noun="glossary", title=lambda: _("Glosarium"), needs=Permission.READ, place=50),
)


def _records() -> Records:
    with database().reading() as db:
        return reading.records(db, me().user_id, catalog().quizzes, now=now())


# --- where everybody begins -----------------------------------------------------------------------------------------


@bp.get("/")
@public
def landing() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(link("dashboard"), 303)
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


# --- the course -----------------------------------------------------------------------------------------------------


@bp.get("/materi", endpoint="outline")
@requires(Permission.READ)
def whole_outline() -> ResponseReturnValue:
    records = _records()
    return render_template(
        "learn/outline.html",
        agendas=outline.agendas(catalog(), records),
        practice=outline.standalone(catalog(), records),
        pretest=outline.pretest(catalog(), records),
        share=progress.course_share(catalog(), records).value,
        here="outline",
    )


@bp.get("/materi/<module>")
@requires(Permission.READ)
@keepable
def module(module: str) -> ResponseReturnValue:
    found = catalog().module(module)
    records = _records()
    ordered = [one for agenda in catalog().agendas for one in agenda.modules]
    place = ordered.index(found)
    return render_template(
        "learn/module.html",
        module=found,
        introduction=outline.introduction(found),
        facts=outline.facts(found, catalog()),
        practice=outline.practice_of(found, catalog()),
        revisable=any(lesson.key_points for lesson in found.lessons),
        steps=outline.steps(found, records),
        share=progress.module_share(found, records).value,
        previous=_module_link(ordered[place - 1]) if place else None,
        next=_module_link(ordered[place + 1]) if place + 1 < len(ordered) else None,
        here="outline",
    )


@bp.get("/ringkasan/<module>", endpoint="key_points")
@requires(Permission.READ)
@keepable
def module_key_points(module: str) -> ResponseReturnValue:
    """One page to revise from: the key points of every lesson of a module."""
    found = catalog().module(module)
    listed = [
        (Link(texts.lesson_url(lesson), lesson.title), texts.fragment(lesson.key_points, found.id))
        for lesson in found.lessons
        if lesson.key_points
    ]
    return render_template("learn/key_points.html", module=found, lessons=listed, here="outline")


@bp.get("/cetak/<module>", endpoint="printed")
@requires(Permission.READ)
def printed_module(module: str) -> ResponseReturnValue:
    """All lessons of a module on one page, for paper."""
    found, as_of = catalog().module(module), catalog().course.as_of
    return render_template(
        "learn/printed.html", module=found, printed=printing.printed(found), as_of=as_of, here="outline"
    )


@bp.get("/luring/<module>")
@requires(Permission.READ)
@keepable
def kept_module(module: str) -> ResponseReturnValue:
    """For the worker of a device: what a module consists of. What it keeps beside it is found in the pages.

    ``beside``: pages of the person's own that are kept as long as any module is.
    """
    found = catalog().module(module)
    whole = keeping.kept(found)
    return {
        "title": found.title,
        "pages": whole.pages,
        "beside": [link("todays-cards")],
        "version": whole.version,
        "bytes": whole.bytes,
    }


def _module_link(found: Module) -> Link:
    return Link(outline.module_url(found), found.title)


# --- a lesson -------------------------------------------------------------------------------------------------------


@bp.get("/materi/<module>/<slug>")
@requires(Permission.READ)
@keepable
def lesson(module: str, slug: str) -> ResponseReturnValue:
    found = catalog().lesson(f"{module}/{slug}")
    if found.id != f"{module}/{slug}":
        return redirect(texts.lesson_url(found), 308)  # the file was renamed; its old address goes on working
    user_id, db = me().user_id, reader()
    records = reading.records(db, user_id, catalog().quizzes, now=now())
    responses = reading.checks(db, user_id, found)
    has_noted = not records.noted.isdisjoint(found.names)
    own = Noted(found, *noted.of_lesson(db, user_id, found)) if has_noted else Noted(found)
    return _lesson_page(found, records, responses, own)


def _lesson_page(found: Lesson, records: Records, responses: dict[str, tuple[str, ...]], own: Noted) -> str:
    page = pages.lesson_page(found)
    state = progress.lesson_state(found, records)
    return render_template(
        "learn/lesson.html",
        lesson=found,
        page=page,
        text=pages.text(found, page, responses, sent_back().values, own),
        marks=own.ending(),
        steps=pages.steps(found, records),
        state=state,
        user=me().user_id,
        now=now().isoformat(),
        here="outline",
    )


# What is done in a lesson comes as a form, which is answered with a page, or from a script (``static/lesson.js``), now
# or once its device has a link again: that is told where to see what came of it, and what the page holds from now on.


@bp.post("/materi/<module>/<slug>/selesai")
@requires(Permission.READ)
def finish(module: str, slug: str) -> ResponseReturnValue:
    """The button at the end of a lesson: read to the end. ``then``: where a person who waits for it is going."""
    found = catalog().lesson(f"{module}/{slug}")
    user_id, moment, by_script = me().user_id, now(), wants_json(request)
    made_at = deeds.made_at(request.form)
    database().commit(lambda db: reading.visit(db, user_id, found, read=True, now=moment, made_at=made_at))
    with database().reading() as db:
        stands = standing.of(db, user_id, catalog(), now=moment)
    goes_on = request.form.get("then") == "next"
    href = _going_on(found, stands) if goes_on else texts.lesson_url(found)
    state = progress.lesson_state(found, stands.records)
    if "then" in request.form or not by_script:
        _tell_of_end(found, state, goes_on=goes_on)
    return {"href": href, "places": pages.standing(found, stands.records)} if by_script else redirect(href, 303)


def _tell_of_end(found: Lesson, state: LessonState, *, goes_on: bool) -> None:
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


def _going_on(found: Lesson, stands: Standing) -> str:
    """The next step of the plan, which the start page names as well; after the last one the start page, which ends."""
    today, midnight = local_day(stands.now)
    following = stands.plan(today=today, midnight=midnight).after(found.id)
    return outline.step_url(following) if following else link("dashboard")


@bp.post("/materi/<module>/<slug>/posisi")
@requires(Permission.READ)
def position(module: str, slug: str) -> ResponseReturnValue:
    """Sent by a script while reading: the heading last passed, and whether the end was reached."""
    found = catalog().lesson(f"{module}/{slug}")
    user_id, moment, anchor, read = me().user_id, now(), request.form.get("anchor", ""), request.form.get("read") == "1"
    with database().transaction() as db:
        reading.visit(
            db,
            user_id,
            found,
            position=anchor if anchor in pages.lesson_page(found).anchors else "",
            read=read,
            now=moment,
            made_at=deeds.made_at(request.form),
        )
        if not (read and wants_json(request)):
            return "", 204
        records = reading.records(db.connection(), user_id, catalog().quizzes, now=moment)
    return {"href": texts.lesson_url(found), "places": pages.standing(found, records)}


@bp.post("/materi/<module>/<slug>/cek/<item>")
@requires(Permission.READ)
def check(module: str, slug: str, item: str) -> ResponseReturnValue:
    """Answer a self-check; the page comes back with the feedback, at the same place."""
    found = catalog().lesson(f"{module}/{slug}")
    question = reading.check_of(found, item)
    response = question.read(request.form.to_dict(flat=False))
    if wants_json(request):
        return _checked(found, question, response)
    place = texts.lesson_url(found, f"cek-{question.id}")
    try:
        with database().transaction() as db:
            reading.answer(db, me().user_id, found, question, response, now=now())
    except reading.NothingAnswered as error:
        flash(_(error.said), "warning")
    except Invalid as error:
        return send_back(place, faults(error), {question.field: request.form.get(question.field, "")})
    return redirect(place, 303)


def _checked(found: Lesson, question: Item, response: Response | None) -> ResponseReturnValue:
    """The same for a script: the self-check with its feedback as the page would hold it."""
    user_id, moment = me().user_id, now()
    with database().transaction() as db:
        reading.answer(db, user_id, found, question, response, now=moment, made_at=deeds.made_at(request.form))
        records = reading.records(db.connection(), user_id, catalog().quizzes, now=moment)
        responses = reading.checks(db.connection(), user_id, found)
    newer = responses[question.id] != response
    return {
        "href": texts.lesson_url(found, f"cek-{question.id}"),
        "message": _("Ini jawaban Anda yang lebih baru, dari tab atau perangkat lain.") if newer else "",
        "places": {
            **pages.standing(found, records),
            f"cek-{question.id}": pages.check(found, question, responses),
        },
    }


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
    answered.headers["Content-Security-Policy"] = headers.DRAWING_POLICY  # also where nothing is sent anew
    return answered
