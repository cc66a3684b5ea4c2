"""Headers on every answer: what a browser may load, keep and tell others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def policy(framed_by: Iterable[str] = (), sends_to: str = "") -> str:
    """``framed_by``: origins whose pages may hold this one; none: nobody's may. ``sends_to``: another origin that forms
    of it may be sent to."""
    ancestors = " ".join(framed_by) or "'none'"
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "connect-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            f"form-action 'self' {sends_to}".rstrip(),
            f"frame-ancestors {ancestors}",
            "base-uri 'none'",
        )
    )


CONTENT_SECURITY_POLICY = policy()
#: ``Sec-Fetch-Dest`` of a page that will stand in another one.
FRAMES = frozenset({"iframe", "frame", "embed", "object"})
#: An SVG opened by itself must not run anything either.
DRAWING_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
#: What only a page obeys; an answer to a script carries none of it.
_PAGE = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    # The CSRF check over https needs the Referer of our own pages; nobody else gets any.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
#: Answers are personal: neither a shared cache nor the next person at this phone may see them. Files say otherwise.
_ON_PAGES = _ALWAYS | _PAGE | {"Cache-Control": "private, no-store"}
_ELSEWHERE = _ALWAYS | {"Cache-Control": "private, no-store"}
_ON_DRAWINGS = _ELSEWHERE | {"Content-Security-Policy": DRAWING_POLICY}
_BY_TYPE = {"text/html": _ON_PAGES, "image/svg+xml": _ON_DRAWINGS}
_SECURE = {"Strict-Transport-Security": "max-age=31536000"}


def protected(app: WSGIApplication) -> WSGIApplication:
    """``app`` with these headers on whatever it answers, static files too; one that it set itself stays as it is."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            given = dict(headers)
            wanted = _BY_TYPE.get(given.get("Content-Type", "").partition(";")[0], _ELSEWHERE)
            if environ["wsgi.url_scheme"] == "https":
                wanted = wanted | _SECURE
            more = [(name, value) for name, value in wanted.items() if name not in given]
            return start_response(status, headers + more, *error)

        return app(environ, start)

    return answer
