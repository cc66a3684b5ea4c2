"""Where a request says it comes from, and whether that agrees with where it arrived: a wrong proxy shows here first.

A browser names the page that sent a form (``Origin``, ``Referer``). When that is not the address the server believes to
have, somebody set up the proxy wrongly, and the log must say so: whoever sent the form can do nothing about it.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app, request

from lms.logs import logger
from lms.web.log import request_id
from lms.web.sessions import cookie_path
from lms.web.site import site

log = logger("lms.origin")

_BELIEVED = ("X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Forwarded-Prefix")


def refused(check: str) -> None:
    """Say which check failed and what it compared: origins and switches only, never paths, cookies or tokens."""
    log.warning("request refused", extra={"fields": {"check": check, **_compared()}})


def server_is_wrong() -> bool:
    """Whether the browser was elsewhere than we believe to be, or cannot send back the cookie as we set it."""
    told = _told()
    elsewhere = told is not None and told != f"{request.scheme}://{_host()}"
    return elsewhere or (current_app.config["SESSION_COOKIE_SECURE"] and not _cookie_came() and not request.is_secure)


def notice_scheme() -> None:
    """Nothing breaks at once where the proxy does not tell that it speaks HTTPS, so it is said once a process."""
    if request.scheme != "http" or not request.headers.get("Origin", "").startswith("https:"):
        return  # so it is with every answer that is saved: not a word more than needed
    if _told() == f"https://{_host()}":
        site().memory.remember(("told", "scheme"), _tell_scheme)


def _tell_scheme() -> bool:
    log.warning("the proxy does not pass X-Forwarded-Proto, or LMS_PROXIES is 0", extra={"fields": _compared()})
    return True


def _told() -> str | None:
    """Scheme, host and port of the page in the browser, as far as it tells."""
    origin = request.headers.get("Origin", "null")
    return _origin(request.headers.get("Referer", "")) if origin == "null" else _origin(origin)


def _origin(address: str) -> str | None:
    try:
        parts = urlsplit(address)
        name, port = parts.hostname, parts.port
    except ValueError:
        return None
    if not name:
        return None
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    return f"{parts.scheme}://{name}" + (f":{port}" if port and port != usual else "")


def _host() -> str:
    """Name and port that we believe to have."""
    found = _origin(f"{request.scheme}://{request.headers.get('Host', '')}")
    return found.partition("://")[2] if found else ""


def _cookie_came() -> bool:
    return current_app.session_interface.get_cookie_name(current_app) in request.cookies


def _compared() -> dict[str, object]:
    return {
        "id": request_id(),
        "scheme": request.scheme,
        "host": request.headers.get("Host", "")[:200],
        "browser_at": (_told() or "")[:200],
        "fetch_site": request.headers.get("Sec-Fetch-Site", "")[:20],
        "forwarded": {name: request.headers[name][:200] for name in _BELIEVED if name in request.headers},
        "proxies": site().settings.proxies,
        "cookie_path": cookie_path(),
        "cookie_came": _cookie_came(),
    }
