"""The figures of a cohort. Every page asks first whether the person teaches it."""

from __future__ import annotations

from lms.features.figures import activity as activity  # its routes belong to these
from lms.features.figures import gain as gain  # so do its
from lms.features.figures import people_by_module as people_by_module  # and its
from lms.features.figures.blueprint import bp as bp
from lms.web.links import Entry

LINKS = {
    "cohort-map": "figures.people_by_module",
    "cohort-activity": "figures.activity",
    "cohort-gain": "figures.gain",
}
MENU: tuple[Entry, ...] = ()
