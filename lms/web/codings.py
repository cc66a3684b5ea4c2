"""How answers are coded for the wire: the cheapest coding that a browser has (docs/performance.md, Compression)."""

from __future__ import annotations

from flask import Flask, Response, request
from flask_compress import Compress


def install(app: Flask) -> None:
    app.config.update(
        COMPRESS_MIMETYPES=["text/html", "application/json", "text/csv", "text/javascript", "image/svg+xml"],
        COMPRESS_ALGORITHM=["zstd", "br", "gzip"],
        COMPRESS_ZSTD_LEVEL=3,
        COMPRESS_BR_LEVEL=2,
        COMPRESS_LEVEL=4,
        COMPRESS_EVALUATE_CONDITIONAL_REQUEST=False,  # it would ask every page, which has no ETag: 2% of a lesson
    )
    app.after_request(_not_again)  # hooks run last to first: the coding has its say in the ETag before
    Compress(app)


def _not_again(response: Response) -> Response:
    """What a browser has already is not sent again."""
    if "ETag" in response.headers:
        response.make_conditional(request)
    return response
