"""Which names this server answers to, asked before anything else looks at the address."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from werkzeug.exceptions import SecurityError
from werkzeug.sansio.utils import host_is_trusted
from werkzeug.wsgi import get_host

from lms.logs import logger
from lms.web import last_page

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logger("lms.origin")
CHECK = "The host is not among LMS_TRUSTED_HOSTS."


def known(app: WSGIApplication, trusted: Sequence[str]) -> WSGIApplication:
    """``app`` for requests to one of these names (any that can be a name where none are given); others are refused."""

    @lru_cache(maxsize=64)
    def may_be(host: str) -> bool:
        try:
            host.encode("idna")  # the router does, and a label may be too long
        except UnicodeError:
            return False
        return not trusted or host_is_trusted(host, trusted)

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            good = may_be(get_host(environ))
        except SecurityError:
            good = False
        if not good:
            request_id = secrets.token_hex(8)
            fields = {"id": request_id, "check": CHECK, "host": environ.get("HTTP_HOST", "")[:200]}
            log.warning("request refused", extra={"fields": fields})
            return last_page.answer(environ, last_page.HOST, request_id)(environ, start_response)
        return app(environ, start_response)

    return answer
