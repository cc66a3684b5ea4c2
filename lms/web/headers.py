"""Headers on every answer: what a browser may load, keep and tell others."""

from __future__ import annotations

from flask import Flask, Response, request

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # The CSRF check over https needs the Referer of our own pages; nobody else gets any.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def install(app: Flask) -> None:
    @app.after_request
    def _protect(response: Response) -> Response:
        headers = response.headers
        headers.extend(_HEADERS)
        if "Content-Security-Policy" not in headers:  # a picture brings a narrower one
            headers.add("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        if request.is_secure:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        if "Cache-Control" not in headers:
            # Pages are personal: neither a shared cache nor the next person at this phone may see them.
            headers.add("Cache-Control", "private, no-store" if _is_page(response) else "private, no-cache")
        return response


def _is_page(response: Response) -> bool:
    return response.mimetype == "text/html"
