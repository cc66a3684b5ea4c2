"""One structured line a request, and the id that joins an error page to its line."""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
import time
from typing import Any

from flask import Flask, Response, g, request

requests = logging.getLogger("lms.request")
_GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


_ENCODER = json.JSONEncoder(ensure_ascii=False, default=str)  # ``json.dumps`` makes one for every line


class JsonLines(logging.Formatter):
    """A log record as one line of JSON; ``extra={"fields": {…}}`` adds keys."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "event": record.__dict__.get("event") or record.getMessage(),
        }
        line.update(getattr(record, "fields", {}))
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return _ENCODER.encode(line)


def configure() -> None:
    """Send our records to standard error as JSON lines. Called by commands that serve, never on import."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    ours = logging.getLogger("lms")
    ours.handlers[:] = [handler]
    ours.setLevel(logging.INFO)
    ours.propagate = False


def request_id() -> str:
    """The id of this request: the proxy's ``X-Request-ID`` when it is harmless, else our own."""
    found: str | None = g.get("lms_request_id")
    if found is None:
        given = request.headers.get("X-Request-ID", "")
        found = g.lms_request_id = given if _GIVEN_ID.fullmatch(given) else secrets.token_hex(8)
    return found


def install(app: Flask) -> None:
    @app.before_request
    def _start() -> None:
        g.lms_started = time.perf_counter()

    @app.after_request
    def _finish(response: Response) -> Response:
        response.headers["X-Request-ID"] = request_id()
        if requests.isEnabledFor(logging.INFO):
            # Without ``findCaller``: the line always comes from here, and looking that up costs more than the rest.
            line = requests.makeRecord(
                requests.name, logging.INFO, "", 0, "request", (), None, extra={"fields": _fields(response)}
            )
            requests.handle(line)
        return response


def _fields(response: Response) -> dict[str, object]:
    """Neither query strings nor bodies: they may hold what a person typed."""
    return {
        "id": request_id(),
        "method": request.method,
        "path": request.path,
        "status": response.status_code,
        "ms": round((time.perf_counter() - g.get("lms_started", time.perf_counter())) * 1000, 2),
        "bytes": response.calculate_content_length(),
        "user": str(user_id) if (user_id := getattr(g.get("_login_user"), "user_id", None)) else None,
    }
