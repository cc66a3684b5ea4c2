"""A platform that gives tokens, takes scores and tells its roster over HTTP, as it is told to: also late, or not."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from lms.features.lti.messages import MediaType


@dataclass(frozen=True)
class Asked:
    """A request: ``path`` with its query."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


@dataclass
class Answered:
    """``body``: as JSON, unless it is bytes."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


class Gradebook:
    """``scores``: what was taken, in order. ``answers``: path without query -> what is answered instead, as often as it
    is asked. ``pause``: seconds before a score is answered, after it was taken."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.scores: list[dict[str, Any]] = []
        self.answers: dict[str, Callable[[Asked], Answered | None]] = {}
        self.pause = 0.0
        self.tokens = 0
        self.connections = 0
        self.address = ""

    def answer(self, asked: Asked) -> Answered:
        path = urlsplit(asked.path).path
        if path in self.answers and (special := self.answers[path](asked)):
            return special
        if path == "/token":
            self.tokens += 1
            return Answered(200, {"access_token": f"t-{self.tokens}", "expires_in": 3600, "token_type": "bearer"})
        if asked.headers.get("Authorization") != f"Bearer t-{self.tokens}":
            return Answered(401)
        if path.endswith("/scores"):
            assert asked.headers["Content-Type"] == MediaType.SCORE
            self.scores.append({**asked.json, "at": asked.path})
            time.sleep(self.pause)
            return Answered(204)
        return Answered(404)

    def of(self, subject: str) -> list[dict[str, Any]]:
        return [one for one in self.scores if one["userId"] == subject]

    def paths(self) -> list[str]:
        return [one.path for one in self.asked]


def _bytes(body: Any) -> bytes:
    if body is None or isinstance(body, bytes):
        return body or b""
    return json.dumps(body).encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever asked was killed; what else goes wrong shows in what they got."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


@contextmanager
def gradebook() -> Iterator[Gradebook]:
    """One that listens on loopback."""
    book = Gradebook()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def setup(self) -> None:
            book.connections += 1
            super().setup()

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            if len(body) < length:  # whoever asked was killed meanwhile
                return
            asked = Asked(self.command, self.path, dict(self.headers), body)
            book.asked.append(asked)
            answered = book.answer(asked)
            told = _bytes(answered.body)
            with suppress(OSError):  # who asked was killed
                self.send_response(answered.status)
                for name, value in answered.headers.items():
                    self.send_header(name, value)
                if answered.status != 204:
                    self.send_header("Content-Length", str(len(told)))
                self.end_headers()
                self.wfile.write(told)

        do_POST = do_GET  # noqa: N815 – the names are given

        def log_message(self, *_: object) -> None: ...

    server = _Server(("127.0.0.1", 0), Handler)
    book.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield book
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
