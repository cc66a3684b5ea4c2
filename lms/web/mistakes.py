"""What is wrong in the pack, for editors who are at work on it: in development, and to nobody else."""

from __future__ import annotations

from flask_login import current_user

from lms.catalog.check import check
from lms.fields import Problem
from lms.web.guards import Permission
from lms.web.site import catalog, site


def are_told() -> bool:
    """Whether the person at this page is told of mistakes."""
    return bool(site().development and current_user.is_authenticated and current_user.may(Permission.EDIT))


def mistakes() -> list[Problem]:
    """What ``lms check`` says, causes first."""
    if not are_told():
        return []
    served = catalog()
    return served.memory.remember("mistakes", lambda: check(served.store))


def mistakes_in(*places: str) -> list[Problem]:
    """Those of some files, or of all files below folders (``modules/asn/``); templates ask for those of their page."""
    return [one for one in mistakes() if any(one.path == place or _below(one.path, place) for place in places)]


def _below(path: str, folder: str) -> bool:
    return folder.endswith("/") and path.startswith(folder)
