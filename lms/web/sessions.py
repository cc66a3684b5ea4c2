"""Signed session cookies, read once.

A phone sends the same cookie with every answer it saves, and going through its signature costs as much as a statement
in the database. Whether the session behind it still stands is asked of the database each time (``guards``).
"""

from __future__ import annotations

from copy import copy
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from flask import Flask, Response, current_app, g, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from itsdangerous import SignatureExpired, URLSafeTimedSerializer

_MOST_COOKIES = 10_000


def cookie_name(plain: str) -> str:
    """The name of a cookie, with the prefix that makes a browser hold to how it was set: over HTTPS, here alone."""
    if not current_app.config["SESSION_COOKIE_SECURE"]:
        return plain
    return f"__Host-{plain}" if cookie_path() == "/" else f"__Secure-{plain}"


def cookie_path() -> str:
    """Where a cookie of ours is sent: wherever this request found us, also below the prefix of a host application."""
    return request.script_root + "/"


#: The session of pages in a frame of another site, which gets no cookie unless it says so.
_IN_FRAME = "latsar-frame"


def in_frame_session() -> bool:
    """Whether this request belongs to a session that began in a frame of another site.

    Such a cookie is kept apart by the site around it (``Partitioned``). A browser that does not know this sends it from
    everywhere: a page of its own has the session of its own, and so has what it sends without saying where it stands.
    """
    found: bool | None = g.get("lms_in_frame_session")
    if found is None:
        sent = cookie_name(_IN_FRAME) in request.cookies and not has_own_session()
        found = g.lms_in_frame_session = sent and request.headers.get("Sec-Fetch-Dest") != "document"
    return found


def has_own_session() -> bool:
    """Whether the cookie came that everybody has. It is ``Lax``: no frame of another site gets it."""
    return cookie_name(current_app.config["SESSION_COOKIE_NAME"]) in request.cookies


def begin_in_frame(*, framed: bool) -> None:
    """The session that this request begins is one of a frame of another site, or is none."""
    g.lms_in_frame_session = framed


class _Reader(URLSafeTimedSerializer):
    """Remembers what good cookies say. A bad one raises ``BadSignature`` each time it comes."""

    def __init__(self, *of: Any, **like: Any) -> None:
        super().__init__(*of, **like)
        self._read = lru_cache(_MOST_COOKIES)(super().loads)

    def loads(self, cookie: str, max_age: int) -> Any:  # type: ignore[override]
        said, signed_at = self._read(cookie, return_timestamp=True)
        if datetime.now(UTC) - signed_at > timedelta(seconds=max_age):
            raise SignatureExpired("the session is too old")
        return {name: copy(value) for name, value in said.items()}  # views add to lists in it


class Sessions(SecureCookieSessionInterface):
    """Flask's own, with one reader for all requests; ``SESSION_REFRESH_EACH_REQUEST`` is off."""

    _reader: _Reader | None = None

    def get_cookie_name(self, app: Flask) -> str:
        return cookie_name(_IN_FRAME if in_frame_session() else app.config["SESSION_COOKIE_NAME"])

    def get_cookie_samesite(self, app: Flask) -> str | None:
        return "None" if self._partitioned(app) else super().get_cookie_samesite(app)

    def get_cookie_partitioned(self, app: Flask) -> bool:
        return self._partitioned(app)

    @staticmethod
    def _partitioned(app: Flask) -> bool:
        """Only over HTTPS is there such a cookie; without it a frame of the same site is all there can be."""
        secure: bool = app.config["SESSION_COOKIE_SECURE"]
        return secure and in_frame_session()

    def get_cookie_path(self, app: Flask) -> str:
        return cookie_path()

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if self._reader is None and (made := super().get_signing_serializer(app)):
            self._reader = _Reader(
                made.secret_keys, salt=made.salt, serializer=made.serializer, signer_kwargs=made.signer_kwargs
            )
        return self._reader

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if session.modified or not session:
            return super().save_session(app, session, response)
        # Nothing to send: what Flask would do is said in one line, without reading the header that is there.
        if session.accessed:
            response.headers.add("Vary", "Cookie")
        return None
