"""A server of ours that is reached below a prefix, whether the proxy in front of it takes the prefix away or not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def below(prefix: str, app: WSGIApplication) -> WSGIApplication:
    """``app``, which then knows where it lies: every link and cookie of ours begins with ``SCRIPT_NAME``."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        mounted, path = environ.get("SCRIPT_NAME", ""), environ.get("PATH_INFO", "")
        if path == prefix or path.startswith(f"{prefix}/"):
            path = path.removeprefix(prefix)
        elif mounted.endswith(prefix):
            return app(environ, start_response)  # the server was told, e.g. gunicorn by SCRIPT_NAME
        return app(environ | {"SCRIPT_NAME": mounted + prefix, "PATH_INFO": path or "/"}, start_response)

    return answer
