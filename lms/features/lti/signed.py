"""What travels with a browser and comes back, signed by us; and where we and the platform are."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import current_app, request
from itsdangerous import URLSafeTimedSerializer

from lms.learning.api import platforms


def serializer(purpose: str) -> URLSafeTimedSerializer:
    """For texts of one purpose, with the keys of the application, the newest last."""
    config = current_app.config
    return URLSafeTimedSerializer([*config["SECRET_KEY_FALLBACKS"], config["SECRET_KEY"]], salt=purpose)


def here() -> str:
    """Our own address, without the stroke at its end."""
    return request.url_root.rstrip("/")


def origins(registration: platforms.Row, *more: str) -> list[str]:
    """Whose pages may hold ours: those of the platform, as it was registered and as it says itself where it signs."""
    addresses = (registration.issuer, registration.authorization_url, *more)
    return sorted({found for address in addresses if (found := origin(address))})


def origin(address: str) -> str:
    """Empty for what has none; nothing in it can end the header in which it stands."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return ""
    host = parts.hostname or ""
    named = f"[{host}]" if ":" in host else host
    if parts.scheme not in ("https", "http") or not _HOST.fullmatch(named):
        return ""
    return f"{parts.scheme}://{named}" + (f":{port}" if port else "")


_HOST = re.compile(r"[a-z0-9._-]+|\[[0-9a-f:.]+\]")
