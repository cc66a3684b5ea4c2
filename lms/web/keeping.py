"""What a device may keep of our pages, and whose they are: the server says it with each, and the worker obeys.

A page carries ``Latsar-Page: <mount> <person> <keep or show> <manner> [<moment>]``. ``static/worker.js`` keeps what
says ``keep``, under the person's id, and forgets what it kept for anybody else as soon as a page is heard that is not
theirs. What does not say ``keep`` is on no device: a view says so by itself (``keepable``), and nothing about an
attempt does (ADR 26). The manner is the language and the look of the page: what stands in for others is fetched anew
when it changes. Keys that were kept before the moment are asked for anew: a quiz began then, and may ask them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import quote

from flask import Flask, Response, current_app, g, request

from lms.web.look import look
from lms.web.words import current_language

HEADER = "Latsar-Page"
NOBODY = "-"

View = TypeVar("View", bound=Callable[..., Any])


def keepable(view: View) -> View:
    """The device of whoever asked may keep what this view answers, and show it without a link.

    Only for what may be seen at any later time, too: content, and what the person did in it. Its page places
    ``_kept.html``, which says that it comes from the device.
    """
    view.lms_keepable = True  # type: ignore[attr-defined]
    return view


def show_only() -> None:
    """This page is not kept, though its view is ``keepable``: it says something once and never again, or not all that a
    device needs of it."""
    g.lms_show_only = True


def is_asked_to_keep() -> bool:
    """Whether a device asks, to keep the page, and nobody looks at it now."""
    return request.headers.get(HEADER) == "keep"


def keys_hold_since(moment: datetime) -> None:
    """A quiz began then: keys that this person could read before may be among what it asks."""
    g.lms_keys_hold_since = moment


def install(app: Flask) -> None:
    app.after_request(_tell)


def _tell(response: Response) -> Response:
    keep = _may_be_kept(response)
    if keep or response.mimetype == "text/html":
        person = g.get("_login_user")  # nobody is asked for who was not asked for before
        if person is not None:
            whose = getattr(person, "user_id", NOBODY)
            manner = ".".join((current_language(), *look().words))
            told = f"{quote(request.script_root)}/ {whose} {'keep' if keep else 'show'} {manner}"
            since = g.get("lms_keys_hold_since")
            response.headers[HEADER] = f"{told} {since.isoformat()}" if since else told
    return response


def _may_be_kept(response: Response) -> bool:
    if request.method != "GET" or response.status_code != 200 or request.endpoint is None:
        return False
    if g.get("lms_show_only"):
        return False
    return getattr(current_app.view_functions[request.endpoint], "lms_keepable", False)
