"""The pages of notes. A note or a mark comes as a form or, from a script, as a deed: in any order, also repeatedly."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.catalog import rendering
from lms.catalog.model import Lesson
from lms.db.notes import MarkKind
from lms.errors import Invalid, Refused
from lms.features.notes import forms, listing, markdown
from lms.learning.api import Writing, lesson_marks, noted, notes
from lms.web import deeds, texts
from lms.web import notes as shown
from lms.web.guards import Permission, me, requires, wants_json
from lms.web.language import local_day
from lms.web.links import Entry
from lms.web.paging import paging
from lms.web.returned import send_back, sent_back
from lms.web.site import catalog, database, now, reader
from lms.web.words import faults
from lms.web.words import gettext as _

bp = Blueprint("notes", __name__, url_prefix="/catatan", template_folder="templates")
LINKS = {"notes": "notes.overview", "note": "notes.note", "new-note": "notes.new", "mark": "notes.mark"}
MENU = (Entry(name="notes", noun="notes", title=lambda: _("Catatan saya"), needs=Permission.READ, place=35),)

PAGE = 20  # notes and marks


@bp.get("")
@requires(Permission.READ)
def overview() -> ResponseReturnValue:
    entries = listing.own(reader())
    page = paging(len(entries), PAGE)
    return render_template(
        "notes/overview.html",
        modules=listing.by_module(listing.chapters(entries[page.offset : page.offset + page.size])),
        count=len(entries),
        query={"page": page.page},
        pages=page.pages,
        here="notes",
    )


@bp.get("/unduh")
@requires(Permission.READ)
def export() -> ResponseReturnValue:
    """All of it as one file."""
    today, _midnight = local_day(now())
    text = markdown.file(listing.chapters(listing.own(reader())), request.host_url.rstrip("/"))
    return Response(
        text,
        mimetype="text/markdown",
        headers={"Content-Disposition": f'attachment; filename="catatan-{today.isoformat()}.md"'},
    )


# --- one note -------------------------------------------------------------------------------------------------------


@bp.get("/baru")
@requires(Permission.READ)
def new() -> ResponseReturnValue:
    """``materi`` and ``bagian``: where it belongs. Its id and its version are made here, so that a form that is sent
    twice is one note."""
    if "materi" not in request.args:
        return redirect(url_for(".overview"), 303)
    lesson = catalog().lesson(request.args["materi"])
    asked = request.args.get("bagian", "")
    heading = asked if asked in rendering.sections(catalog(), lesson) else ""
    marks = lesson_marks.of_lesson(reader(), me().user_id, lesson)
    back = sent_back()
    return render_template(
        "notes/note.html",
        note=None,
        action=url_for(".note", note_id=back.values.get("id") or uuid4()),
        lesson=lesson.id,
        title=lesson.title,
        heading=heading,
        heading_title=shown.title_of(lesson, heading) if heading else "",
        place=texts.lesson_url(lesson, heading or None),
        version=uuid4(),
        text=back.values.get("text", ""),
        fault=back.faults.get("text", ""),
        most=notes.LONGEST,
        is_bookmarked=any(one.kind is MarkKind.BOOKMARK and one.heading == heading for one in marks),
        here="notes",
    )


@bp.get("/<uuid:note_id>")
@requires(Permission.READ)
def note(note_id: UUID) -> ResponseReturnValue:
    found = notes.one(reader(), me().user_id, note_id)
    lesson, back = catalog().lesson_called(found.lesson), sent_back()
    placed = notes.placed(found, rendering.sections(catalog(), lesson) if lesson else {})
    return render_template(
        "notes/note.html",
        note=shown.view(placed),
        action=url_for(".note", note_id=note_id),
        lesson=found.lesson,
        title=lesson.title if lesson else found.lesson,
        heading=placed.heading,
        heading_title=shown.title_of(lesson, placed.heading) if lesson and placed.heading else "",
        place=shown.href(found) if lesson else "",
        version=uuid4(),
        text=back.values.get("text", found.text),
        fault=back.faults.get("text", ""),
        most=notes.LONGEST,
        here="notes",
    )


@bp.post("/<uuid:note_id>")
@requires(Permission.READ)
def write(note_id: UUID) -> ResponseReturnValue:
    """Write, change or delete a note."""
    user_id, moment, by_script = me().user_id, now(), wants_json(request)
    try:
        writing = forms.writing(note_id, request.form, catalog())
        made_at = deeds.made_at(request.form)
        beside = database().commit(lambda db: notes.write(db, user_id, writing, now=moment, made_at=made_at))
    except Refused as error:
        if by_script:
            raise
        return _sent_back(note_id, error)
    lesson = catalog().lesson_called(writing.lesson)
    told = _("Catatan ini juga diubah di perangkat lain. Keduanya disimpan.") if beside else ""
    if by_script:
        return _written(writing, lesson, beside, told)
    if told or not writing.text:
        flash(told or _("Catatan itu sudah dihapus."), "warning" if told else "ok")
    if lesson is None or not writing.text:
        return redirect(texts.lesson_url(lesson, writing.heading or None) if lesson else url_for(".overview"), 303)
    return redirect(texts.lesson_url(lesson, shown.anchor(note_id)), 303)


def _sent_back(note_id: UUID, error: Refused) -> ResponseReturnValue:
    """To the form that it came from, with what was typed."""
    form, said = request.form, faults(error) if isinstance(error, Invalid) else {"text": _(error.said)}
    new = not form.get("replaces")
    page = (
        url_for(".new", materi=form.get("lesson", ""), bagian=form.get("heading") or None)
        if new
        else url_for(".note", note_id=note_id)
    )
    return send_back(page, said or {"text": _(error.said)}, {"text": form.get("text", ""), "id": str(note_id)})


def _written(writing: Writing, lesson: Lesson | None, beside: UUID | None, told: str) -> ResponseReturnValue:
    """For a script: the places of the lesson's page that look different now."""
    if lesson is None:
        return {"href": url_for(".overview"), "message": told, "places": {}}
    own = _noted(lesson)
    headings = {writing.heading if writing.heading in rendering.sections(catalog(), lesson) else ""}
    headings |= {heading for id in (writing.id, beside) if id and (heading := own.heading_of(id)) is not None}
    return {
        "href": texts.lesson_url(lesson, shown.anchor(writing.id) if writing.text else writing.heading or None),
        "message": told,
        "places": {shown.place_id(heading): own.place(heading) for heading in headings},
    }


def _noted(lesson: Lesson) -> shown.Noted:
    return shown.Noted(lesson, *noted.of_lesson(reader(), me().user_id, lesson))


# --- marks ----------------------------------------------------------------------------------------------------------


@bp.post("/tanda")
@requires(Permission.READ)
def mark() -> ResponseReturnValue:
    """Set a mark or take it away. ``back``: whether it was pressed on the page of notes."""
    asked, user_id, moment = forms.marking(request.form, catalog()), me().user_id, now()
    made_at = deeds.made_at(request.form)
    database().commit(
        lambda db: lesson_marks.mark(
            db, user_id, asked.kind, asked.lesson, asked.heading, is_set=asked.is_set, now=moment, made_at=made_at
        )
    )
    if not wants_json(request):
        to = asked.heading or "tanda"
        return redirect(url_for(".overview") if request.form.get("back") else texts.lesson_url(asked.lesson, to), 303)
    own = _noted(asked.lesson)
    places = {shown.place_id(asked.heading): own.place(asked.heading)} if asked.heading else {"tanda": own.ending()}
    return {"href": texts.lesson_url(asked.lesson, asked.heading or "tanda"), "message": "", "places": places}
