"""Pages within a page of a platform (LTI): who may hold them, and what they look like there.

Nobody may frame us, except that a launch says which platform it was (``admit``): the pages of that session may stand in
a page of that platform, and of no other.
"""

from __future__ import annotations

from collections.abc import Collection

from flask import Flask, Response, g, render_template, request, session
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lms.web.headers import FRAMES, policy
from lms.web.sessions import in_frame_session
from lms.web.site import site

_ADMITTED = "framed_by"


def asked_in_frame() -> bool:
    """Whether the browser says that the page will stand in another one."""
    return request.headers.get("Sec-Fetch-Dest") in FRAMES


def framed() -> bool:
    """Whether the page that is asked for will stand in another one.

    A worker that asks for it does not say so; its session does.
    """
    return asked_in_frame() or in_frame_session()


def launched() -> bool:
    """Whether this session began at a platform, where it begins again; also after it ended."""
    return _ADMITTED in session


def ended() -> ResponseReturnValue:
    """What a frame shows where nobody is signed in, or no more: no door of ours, which would lead nowhere in there.

    The cookie that stays says which platform it was. Where it is gone, too, anybody may hold the page: it says nothing
    of anybody, and has nothing to press.
    """
    if not launched():
        admit_here(["*"])
    return render_template("ended.html"), 401


def admit(origins: Collection[str]) -> None:
    """The pages of this session may be framed by pages of these origins (``https://lms.example.go.id``)."""
    session[_ADMITTED] = sorted(origins)


def admitted() -> list[str]:
    """The origins that this session admits: a session that follows upon it in the same frame admits them, too."""
    found: list[str] = session.get(_ADMITTED, [])
    return found


def admit_here(origins: Collection[str], *, sends_to: str = "") -> None:
    """The same of the answer to this request alone, whoever is or is not signed in.

    ``sends_to``: another origin to which a form of it may go.
    """
    g.lms_framed_by, g.lms_sends_to = sorted(origins), sends_to


def head() -> Markup:
    """What such a page loads besides: it hides its menu and tells the page around how tall it is."""
    if not framed():
        return Markup()
    url = site().assets.url
    return Markup('\n<link rel="stylesheet" href="{}">\n<script type="module" src="{}"></script>').format(
        request.script_root + url("frame.css"), request.script_root + url("frame.js")
    )


def install(app: Flask) -> None:
    @app.after_request
    def _admit(response: Response) -> Response:
        origins = g.get("lms_framed_by")
        if origins is None and framed():
            origins = session.get(_ADMITTED)
        if origins and "Content-Security-Policy" not in response.headers:
            response.headers["Content-Security-Policy"] = policy(origins, g.get("lms_sends_to", ""))
        return response
