"""One page with every token and component, in development only: where the look is judged."""

from __future__ import annotations

from flask import Blueprint, render_template

from lms.web.guards import public

bp = Blueprint("style", __name__)


@bp.get("/_style")
@public
def style() -> str:
    return render_template("style.html", here="")
