"""A platform that listens on this machine: what it answers is a table, and what it was asked a list."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.features.lti import platform

#: Where a request for a token is answered that has our signature.
SIGNED = "/token, signed"


@dataclass
class Local:
    """``answers``: path -> status and body, which is JSON unless it is a text. ``date``: what its clock says."""

    address: str = ""
    answers: dict[str, tuple[int, Any]] = field(default_factory=dict)
    date: str | None = None
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)

    @property
    def configuration(self) -> str:
        return f"{self.address}/openid?x=1"

    def sound(self) -> Local:
        """As a platform that registers tools by itself."""
        self.answers = {
            "/openid?x=1": (
                200,
                {
                    "issuer": self.address,
                    "authorization_endpoint": f"{self.address}/auth",
                    "token_endpoint": f"{self.address}/token",
                    "jwks_uri": f"{self.address}/keys",
                    "registration_endpoint": f"{self.address}/tools",
                    "https://purl.imsglobal.org/spec/lti-platform-configuration": {"product_family_code": "moodle"},
                },
            ),
            "/tools": (
                201,
                {
                    "client_id": "abc",
                    "https://purl.imsglobal.org/spec/lti-tool-configuration": {"deployment_id": "7"},
                },
            ),
            "/keys": (200, {"keys": [platform.public(), platform.SHORT | {"kid": "pendek"}, "?"]}),
            "/token": (400, {"error": "invalid_request"}),
            SIGNED: (200, {"access_token": "boleh", "expires_in": 3600}),
            "/auth": (400, "no login hint"),
        }
        return self


@contextmanager
def listening() -> Iterator[Local]:
    local = Local()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            local.asked.append((self.command, self.path, headers, body))
            path = SIGNED if self.path == "/token" and b"client_assertion=" in body else self.path
            status, said = local.answers.get(path, (404, "nothing here"))
            told = (said if isinstance(said, str) else json.dumps(said)).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        do_GET = do_POST = answer  # noqa: N815 – http.server calls them so

        def date_time_string(self, timestamp: float | None = None) -> str:
            return local.date if local.date is not None else super().date_time_string(timestamp)

        def log_message(self, *_args: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    local.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield local
    server.shutdown()
    server.server_close()
    thread.join(5)
