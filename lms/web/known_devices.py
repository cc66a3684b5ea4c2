"""The cookie of a device on which people signed in before: their way in stays open, whatever others try elsewhere.

It names accounts by their ids, a few at most, since phones are shared. Each entry is bound to the password that holds,
and says nothing but "signed in here": it opens no page. Its own wrong tries are counted and slowed (``tries``).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from uuid import UUID

from flask import Response, after_this_request, current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

from lms.web.sessions import cookie_name, cookie_path

_MOST = 5
_KEPT = timedelta(days=400)  # browsers keep no cookie longer


def known(user_id: UUID, password_hash: str) -> str | None:
    """The id of this device when the account signed in on it with the password that holds; else None."""
    device, accounts = _read()
    told = accounts.get(user_id.hex, "")
    return device if hmac.compare_digest(told, _seal(device, password_hash)) else None


def remember(user_id: UUID, password_hash: str) -> None:
    """The answer to this request tells the browser that the account signed in here."""
    device, accounts = _read()
    accounts.pop(user_id.hex, None)
    kept = [*accounts.items(), (user_id.hex, _seal(device, password_hash))][-_MOST:]

    @after_this_request
    def send(response: Response) -> Response:
        config = current_app.config
        response.set_cookie(
            cookie_name("latsar-device"),
            _serializer().dumps([device, kept]),
            max_age=_KEPT,
            path=cookie_path(),
            secure=config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
        return response


def _read() -> tuple[str, dict[str, str]]:
    """Id and accounts of this device; a new id where it brings none that we signed."""
    try:
        cookie = request.cookies.get(cookie_name("latsar-device"), "")
        device, accounts = _serializer().loads(cookie, max_age=int(_KEPT.total_seconds()))
    except BadData:
        return secrets.token_urlsafe(16), {}
    return device, dict(accounts)


def _seal(device: str, password_hash: str) -> str:
    """Another password, or the same one set anew, makes another seal."""
    return hmac.new(password_hash.encode(), device.encode(), "sha256").hexdigest()[:32]


def _serializer() -> URLSafeTimedSerializer:
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"], str(current_app.secret_key)]
    return URLSafeTimedSerializer(keys, salt="known device", signer_kwargs={"digest_method": hashlib.sha256})
