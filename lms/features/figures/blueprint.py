"""The blueprint of all figures of a cohort: below the address of the cohort."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from lms.learning.api import cohorts
from lms.web.links import link

bp = Blueprint("figures", __name__, template_folder="templates", url_prefix="/pengampu/angkatan/<uuid:cohort_id>")


def shown(found: cohorts.Taught) -> dict[str, Any]:
    """A cohort as the head of each of these pages names it."""
    return {
        "id": found.id,
        "title": found.name,
        "href": link("cohort", cohort_id=found.id),
        "participants": found.participants,
    }
