"""The page of a cohort's files, the files themselves, and the report. Each asks first whether the person teaches it."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from lms.db.engine import Database
from lms.db.exports import Form
from lms.errors import Conflict, Invalid
from lms.features.exports import forms, making
from lms.features.exports import report as report  # its route belongs to these
from lms.features.exports.blueprint import bp
from lms.features.exports.book import MIMETYPES, SUFFIXES
from lms.learning.api import analysis_counts, cohorts, exports
from lms.web.guards import Permission, me, requires, teacher
from lms.web.language import local_day, local_zone
from lms.web.links import Entry, link
from lms.web.returned import send_back, sent_back
from lms.web.site import catalog, database, now
from lms.web.spreadsheet import file_name
from lms.web.words import gettext as _

LINKS = {"cohort-exports": "exports.files", "cohort-report": "exports.report"}
MENU: tuple[Entry, ...] = ()

#: Seconds until a page asks again how far its file is.
WAIT = 3


@bp.get("/<uuid:cohort_id>/unduhan")
@requires(Permission.TEACH)
def files(cohort_id: UUID) -> ResponseReturnValue:
    back, moment = sent_back(), now()
    with database().reading() as db:
        group = cohorts.taught(db, cohort_id, teacher())
        answers = exports.answers(db, cohort_id)
        held = exports.of_person(db, cohort_id, me().user_id, now=moment)
    return render_template(
        "exports/files.html",
        cohort={"href": link("cohort", cohort_id=cohort_id), "title": group.name},
        report_url=link("cohort-report", cohort_id=cohort_id),
        people=group.participants,
        answers=answers,
        at_once=answers <= exports.AT_ONCE,
        ask_url=url_for(".ask", cohort_id=cohort_id),
        page_url=url_for(".files", cohort_id=cohort_id),
        forms=[(form, name) for form, name in _names().items()],
        wrong=back.faults.get("form", ""),
        export=exports.new_id(),
        waiting=[_waiting(one) for one in held if one.is_waited_for],
        files=[_line(one) for one in held if not one.is_waited_for],
        here="gradebook",
    )


def _names() -> dict[Form, str]:
    return {
        Form.WORKBOOK: _("Excel (.xlsx): satu berkas, satu lembar untuk setiap tabel"),
        Form.SEMICOLONS: _("CSV dengan titik koma, untuk Excel Indonesia (.zip)"),
        Form.COMMAS: _("CSV dengan koma, untuk program lain (.zip)"),
    }


def _waiting(one: exports.Found) -> dict[str, Any]:
    return {
        "href": url_for(".progress", cohort_id=one.cohort_id, export_id=one.id),
        "name": _names()[one.form],
        "begun": one.begun_at is not None,
        "asked_at": one.asked_at,
        "done": one.done,
        "total": max(one.total, one.done, 1),
    }


def _line(one: exports.Found) -> dict[str, Any]:
    return {
        "href": url_for(".file", cohort_id=one.cohort_id, export_id=one.id) if one.is_made else "",
        "name": _file_name(one),
        "made_at": one.made_at,
        "failed_at": one.failed_at,
        "size": one.size,
        "until": one.made_at + exports.KEPT if one.made_at else None,
    }


def _file_name(one: exports.Found) -> str:
    return file_name(one.cohort, "lengkap", day=local_day(one.made_at or one.asked_at)[0], suffix=SUFFIXES[one.form])


@bp.post("/<uuid:cohort_id>/unduhan")
@requires(Permission.TEACH)
def ask(cohort_id: UUID) -> ResponseReturnValue:
    """Lead to the file where it is small, else have it made and lead back to the page that shows how far it is."""
    moment, page = now(), url_for(".files", cohort_id=cohort_id)
    with database().reading() as db:
        group = cohorts.taught(db, cohort_id, teacher())
        small = exports.answers(db, cohort_id) <= exports.AT_ONCE
    try:
        wanted = forms.wanted(request.form)
    except Invalid as error:
        return send_back(page, {"form": _(error.said)})
    if small:
        analysis_counts.refresh_old(database(), now=now, cohort_id=cohort_id)
        with database().transaction() as session:
            exports.record(session, cohort_id, me().user_id, wanted.form, now=moment)
        return redirect(url_for(".at_once", cohort_id=cohort_id, form=wanted.form), 303)
    try:
        with database().transaction() as session:
            exports.ask(session, wanted.id, cohort_id, me().user_id, wanted.form, people=group.participants, now=moment)
    except Conflict as error:
        flash(_(error.said), "warning")
    return redirect(page, 303)


@bp.get("/<uuid:cohort_id>/unduhan/sekarang")
@requires(Permission.TEACH)
def at_once(cohort_id: UUID) -> ResponseReturnValue:
    """The file of a small cohort, made while it is waited for."""
    with database().reading() as db:
        group = cohorts.taught(db, cohort_id, teacher())
        if exports.answers(db, cohort_id) > exports.AT_ONCE:
            raise exports.TooMany
    form = forms.form(request.args)
    file = BytesIO()
    making.write(database(), catalog(), cohort_id, form, file, zone=local_zone())
    file.seek(0)
    name = file_name(group.name, "lengkap", day=local_day(now())[0], suffix=SUFFIXES[form])
    return send_file(file, mimetype=MIMETYPES[form], as_attachment=True, download_name=name, max_age=0)


@bp.get("/<uuid:cohort_id>/unduhan/<uuid:export_id>")
@requires(Permission.TEACH)
def file(cohort_id: UUID, export_id: UUID) -> ResponseReturnValue:
    """A file that was made. Only whoever asked for it gets it, and only while they teach the cohort."""
    found = _own(cohort_id, export_id)
    if not found.is_made:
        raise exports.NoFile
    return Response(
        _bytes(database(), found.id),
        mimetype=MIMETYPES[found.form],
        headers={
            "Content-Disposition": f'attachment; filename="{_file_name(found)}"',
            "Content-Length": str(found.size),
        },
    )


def _bytes(held: Database, export_id: UUID) -> Iterator[bytes]:
    """Piece by piece, while it is sent: the request that asked is over by then."""
    with held.reading() as db:
        yield from exports.pieces(db, export_id)


@bp.get("/<uuid:cohort_id>/unduhan/<uuid:export_id>/kemajuan")
@requires(Permission.TEACH)
def progress(cohort_id: UUID, export_id: UUID) -> ResponseReturnValue:
    """For a script that waits: how far a file is, and after how many seconds to ask again."""
    found = _own(cohort_id, export_id)
    if not found.is_waited_for:
        return {"finished": True}
    return {"done": found.done, "total": max(found.total, found.done, 1), "wait": WAIT}


def _own(cohort_id: UUID, export_id: UUID) -> exports.Found:
    with database().reading() as db:
        cohorts.taught(db, cohort_id, teacher())
        return exports.of(db, export_id, cohort_id, me().user_id, now=now())
