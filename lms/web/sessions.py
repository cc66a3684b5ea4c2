"""Signed session cookies, read once.

A phone sends the same cookie with every answer it saves, and going through its signature costs as much as a statement
in the database. Whether the session behind it still stands is asked of the database each time (``guards``).
"""

from __future__ import annotations

from copy import copy
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from flask import Flask, Response, current_app, request
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
        return cookie_name(app.config["SESSION_COOKIE_NAME"])

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
