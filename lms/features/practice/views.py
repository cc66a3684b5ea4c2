"""One page that offers practices, as a whole, of one module or of one regulation; and the form that starts one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.errors import Conflict, Invalid
from lms.features.practice import choices, forms
from lms.learning.api import practice
from lms.web.guards import Permission, me, requires
from lms.web.links import Entry, link
from lms.web.site import catalog, database, now
from lms.web.words import gettext as _

bp = Blueprint("practice", __name__, template_folder="templates")
LINKS = {"practice": "practice.choose"}
MENU: tuple[Entry, ...] = ()  # seven entries fill a phone already; start page, outline, modules and results lead here
LAST = 5  # practices that are named


@bp.get("/latihan")
@requires(Permission.TAKE)
def choose() -> ResponseReturnValue:
    """``modul`` and ``peraturan``: what of one module, or of one regulation, there is to practise."""
    with database().reading() as db:
        pool = practice.of(db, me().user_id, catalog(), now=now())
        begun = practice.begun(db, me().user_id, most=LAST)
    if module := request.args.get("modul"):
        return _of_module(pool, module)
    if regulation := request.args.get("peraturan"):
        return _of_regulation(pool, regulation)
    return render_template(
        "practice/choose.html",
        instead=choices.instead(pool),
        whole=choices.whole_course(pool),
        modules=choices.by_module(pool),
        regulations=choices.by_regulation(pool),
        running=[_line(one) for one in begun if one.submitted_at is None],
        done=[_line(one) for one in begun if one.submitted_at is not None],
        here="outline",
    )


def _line(one: practice.Begun) -> dict[str, Any]:
    noun = "result" if one.submitted_at else "attempt"
    return {
        "href": link(noun, attempt_id=one.id),
        "title": one.title,
        "when": one.submitted_at or one.started_at,
    }


def _of_module(pool: practice.Pool, id: str) -> ResponseReturnValue:
    module = catalog().module(id)
    return render_template(
        "practice/part.html",
        title=module.title,
        about={"href": link("module", module=id), "title": _("Buka modul")},
        whole=choices.whole_module(pool, module),
        told=_("Per materi, dengan kompetensi yang dilatihnya."),
        listed=choices.of_module(pool, module),
        here="outline",
    )


def _of_regulation(pool: practice.Pool, id: str) -> ResponseReturnValue:
    regulation = catalog().regulation(id)
    return render_template(
        "practice/part.html",
        title=regulation.short,
        about={"href": link("regulation", id=id), "title": _("Baca inti pasalnya")},
        whole=None,
        told=regulation.title,
        listed=choices.of_regulation(pool, id),
        here="outline",
    )


@bp.post("/latihan")
@requires(Permission.TAKE)
def start() -> ResponseReturnValue:
    """Starting the same twice leads to the same practice, as long as it is not handed in."""
    try:
        about = forms.about(request.form)
        with database().transaction() as db:
            attempt_id = practice.start(db, me().user_id, catalog(), about, now=now())
    except (Invalid, Conflict) as error:
        flash(_(error.said), "warning")
        return redirect(url_for(".choose"), 303)
    return redirect(link("attempt", attempt_id=attempt_id), 303)
