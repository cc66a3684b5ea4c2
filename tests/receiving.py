"""Another server on loopback that is told what happened here, and writes it down."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Told:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """``status``: what it answers to a request, ``body``: what it says with it."""

    url: str = ""
    told: list[Told] = field(default_factory=list)
    status: Callable[[Told], int] = lambda _told: 204
    body: bytes = b""


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            with suppress(OSError):  # whoever tells us may be killed meanwhile
                length = int(self.headers.get("Content-Length") or 0)
                if len(body := self.rfile.read(length)) < length:
                    return  # they were
                told = Told(self.command, self.path, dict(self.headers), body)
                receiver.told.append(told)
                self.send_response(receiver.status(told), "So it is")
                self.end_headers()
                self.wfile.write(receiver.body)

        do_PUT = do_POST  # noqa: N815 – the name is given

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}/latsar"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield receiver
    server.shutdown()
    thread.join()
    server.server_close()
