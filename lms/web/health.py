"""Two questions a machine asks: is the process alive, and may it get visitors.

Answered before the name in the address is looked at: a load balancer asks by number.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from lms.db import revision
from lms.web.site import Site

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ALIVE = "/healthz"
READY = "/readyz"


def beside(app: WSGIApplication, site: Site) -> WSGIApplication:
    """``app``, and the two questions."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == ALIVE:
            return _json({"status": "alive"}, 200)(environ, start_response)
        if path == READY:
            checks = ready(site)
            fine = all(checks.values())
            told = {"status": "ready" if fine else "not ready", "checks": checks}
            return _json(told, 200 if fine else 503)(environ, start_response)
        return app(environ, start_response)

    return answer


def ready(site: Site) -> dict[str, bool]:
    """Whether the database answers and has room, its migrations are current, and a pack is loaded."""
    checks = {"database": False, "migrations": False, "space": False, "pack": bool(site.pack.current().lessons)}
    try:
        with site.database.reading() as db:
            checks["migrations"] = revision.is_current(db)
            checks["database"] = True
    except SQLAlchemyError:
        pass  # said by the checks; the details stay in the database's own log
    checks["space"] = site.database.has_room()
    return checks


def _json(told: Mapping[str, object], status: int) -> Response:
    return Response(json.dumps(told), status, content_type="application/json")
