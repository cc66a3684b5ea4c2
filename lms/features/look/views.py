"""Also for whoever is not signed in: to read the sign-in page is the first thing there is to do."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lms.web import look
from lms.web.guards import public, safe_next
from lms.web.links import Entry, link

bp = Blueprint("look", __name__, template_folder="templates")
LINKS = {"look": "look.page"}
MENU: tuple[Entry, ...] = ()


@bp.get("/tampilan")
@public
def page() -> ResponseReturnValue:
    """``dari``: the page that somebody was reading."""
    return render_template("look/look.html", back=safe_next(request.args.get("dari")), here="")


@bp.post("/tampilan")
@public
def keep() -> ResponseReturnValue:
    answer = make_response(redirect(safe_next(request.form.get("next")) or link("look"), 303))
    look.keep(look.chosen(request.form), answer)
    return answer
