"""Two questions a machine asks: is the process alive, and may it get visitors."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from lms.db import revision
from lms.web.guards import public
from lms.web.site import catalog, database

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    return {"status": "alive"}


@bp.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """200 when the database answers, its migrations are current and a pack is loaded; else 503 with what is wrong."""
    checks = {"database": False, "migrations": False, "pack": bool(catalog().lessons)}
    try:
        with database().reading() as db:
            checks["migrations"] = revision.is_current(db)
            checks["database"] = True
    except SQLAlchemyError:
        pass  # said by the checks; the details stay in the database's own log
    return {"status": "ready" if all(checks.values()) else "not ready", "checks": checks}, (
        200 if all(checks.values()) else 503
    )
