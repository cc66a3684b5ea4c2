"""Where a signed-in person can go: placed once for each language, room and set of roles, and then kept."""

from __future__ import annotations

from markupsafe import Markup

from lms.web.guards import Me, csrf_token, me
from lms.web.links import link
from lms.web.site import site
from lms.web.stencils import Stencils, blank


def menu(here: str) -> Markup:
    """The menu with the way out; the entry of the room ``here`` is marked."""
    person = me()
    placed = Stencils("_menu.html").get(
        (here, person.roles), lambda: {"entries": _entries(person), "here": here, "token": blank("token")}
    )
    return placed.fill({"token": csrf_token()})


def _entries(person: Me) -> list[dict[str, str]]:
    return [
        {"name": entry.name, "href": link(entry.noun), "title": entry.title()}
        for entry in site().links.menu
        if person.may(entry.needs) and (entry.beside_host or not site().host)
    ]
