"""What stands around every page: head, menu, notices, foot."""

from __future__ import annotations

from flask import get_flashed_messages, render_template
from flask_login import current_user
from markupsafe import Markup

from lms.web import keeping
from lms.web.guards import Barred
from lms.web.look import worn
from lms.web.menu import menu
from lms.web.mistakes import mistakes
from lms.web.stencils import Stencils, blank, blanks

_NO_SCRIPTS = Markup()


def notices() -> Markup:
    """What the request before this one had to tell, told once; to an editor at work also how much is to be mended."""
    barred = isinstance(current_user._get_current_object(), Barred)  # what waits may be for another person
    messages, wrong = [] if barred else get_flashed_messages(with_categories=True), mistakes()
    if not messages and not wrong:
        return Markup()
    if messages:
        keeping.show_only()
    return Markup(render_template("_notices.html", messages=messages, wrong=wrong))  # noqa: S704 – escaped


def whole_page(title: str, body: Markup, *, here: str, scripts: Markup = _NO_SCRIPTS) -> Markup:
    """A whole page for somebody who is signed in, around its ``body``; ``here`` names its room in the menu.

    Does what extending ``base.html`` does, except that the frame itself is placed once.
    """
    drawn = worn()
    own = {"title": title, "scripts": scripts, "menu": menu(here), "notices": notices(), "body": body}
    own |= {"attribute": drawn.attribute, "frame": drawn.frame}
    return Stencils("whole_page.html").get("", _blanks).fill(own)


def _blanks() -> dict[str, object]:
    asked = {"menu": lambda _here: blank("menu"), "notices": lambda: blank("notices")}  # by ``base.html``
    frame = {"look": blanks(["attribute", "frame"]), "here": "", "me": True}  # somebody; who, is not known to the frame
    return {**blanks(["title", "scripts", "body"]), **asked, **frame}
