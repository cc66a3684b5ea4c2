"""What of ours a platform can open: the course, a module, a lesson, a quiz; each by its path on this site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit
from uuid import UUID

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from lms.catalog.model import Catalog
from lms.db.cohorts import Place
from lms.features.lti.refusals import Code, LaunchRefused
from lms.web.links import link

#: By which name a link that we placed says what it opens, whatever address a platform made of it.
CUSTOM = "latsar"
#: The path of the course as a whole.
COURSE = ""


@dataclass(frozen=True, slots=True)
class Resource:
    """``path``: below the root of the site, without its first stroke. ``noun``: what ``link`` calls it."""

    path: str
    noun: str
    values: Mapping[str, str]

    def href(self, place: Place, cohort_id: UUID | None) -> str:
        """Where it leads. Whoever teaches sees how their cohort does: of the course, and of a quiz its results."""
        if place is Place.INSTRUCTOR and cohort_id is not None:
            if self.noun == "quiz":
                return link("quiz-results", cohort_id=cohort_id, **self.values)
            if self.noun == "dashboard":
                return link("cohort", cohort_id=cohort_id)
        return link(self.noun, **self.values)


def resource(target: str, custom: Mapping[str, str], catalog: Catalog) -> Resource:
    """What a launch opens. Raises ``LaunchRefused`` for what is not there, or not to be opened from elsewhere.

    ``target``: its address, which lies below ours. What we placed ourselves says it besides (``custom``), since some
    platforms launch all links at one address.
    """
    path = custom.get(CUSTOM)
    if path is None:
        path = unquote(urlsplit(target).path).removeprefix(request.script_root)
    path = path.strip("/")
    noun, values = _found(path)
    if noun == "module":
        known = values["module"] in catalog.modules
    elif noun == "lesson":
        module = catalog.modules.get(values["module"])
        known = module is not None and any(lesson.slug == values["slug"] for lesson in module.lessons)
    elif noun == "quiz":
        known = values["quiz"] in catalog.quizzes
    else:
        known = noun == "dashboard"
    if not known:
        raise LaunchRefused(Code.NOT_OURS, repr(path))
    return Resource(COURSE if noun == "dashboard" else path, noun, values)


def _found(path: str) -> tuple[str, Mapping[str, str]]:
    """The noun under which a path is offered, and its variables."""
    if path in _COURSE:
        return "dashboard", {}
    adapter = current_app.create_url_adapter(request)
    try:
        endpoint, values = adapter.match(f"/{path}", method="GET") if adapter else ("", {})
    except (HTTPException, RequestRedirect) as error:
        raise LaunchRefused(Code.NOT_OURS, repr(path)) from error
    links = current_app.extensions["lms"].links
    noun = next((noun for noun in ("module", "lesson", "quiz") if links.endpoint(noun) == endpoint), "")
    return noun, values


#: Addresses that mean the course: where people come in, and where we ourselves are launched.
_COURSE = frozenset({"", "beranda", "materi", "lti/launch"})
