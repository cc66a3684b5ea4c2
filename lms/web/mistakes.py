"""What is wrong in the pack, for editors who are at work on it."""

from __future__ import annotations

from flask_login import current_user

from lms.catalog.check import check, line
from lms.web.guards import Permission
from lms.web.site import catalog, site


def mistakes() -> list[str]:
    """What ``lms check`` says, a line each: to an editor, in development, and to nobody else."""
    if not site().development or not current_user.is_authenticated or not current_user.may(Permission.EDIT):
        return []
    served = catalog()
    return served.memory.remember("mistakes", lambda: [line(one) for one in check(served.store)])
