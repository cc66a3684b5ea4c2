"""Where a signed-in person can go: placed once for each language, room and set of roles, and then kept."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup

from lms.web.guards import Me, Permission, csrf_token, me
from lms.web.pieces import Stencils, blank
from lms.web.words import gettext as _


@dataclass(frozen=True, slots=True)
class Entry:
    """``name`` is what a page calls its room in ``here``."""

    name: str
    href: str
    title: str


def menu(here: str) -> Markup:
    """The menu with the way out; the entry of the room ``here`` is marked."""
    person = me()
    placed = Stencils("_menu.html").get(
        (here, person.roles), lambda: {"entries": _entries(person), "here": here, "token": blank("token")}
    )
    return placed.fill({"token": csrf_token()})


def _entries(person: Me) -> list[Entry]:
    entries = (
        ("dashboard", "learn.dashboard", _("Beranda"), Permission.READ),
        ("outline", "learn.outline", _("Materi"), Permission.READ),
        ("progress", "learn.progress", _("Progres"), Permission.READ),
        ("regulations", "learn.regulations", _("Regulasi"), Permission.READ),
        ("glossary", "learn.glossary", _("Glosarium"), Permission.READ),
        ("review", "review.overview", _("Pengampu"), Permission.REVIEW),
        ("studio", "studio.coverage", _("Penyunting"), Permission.EDIT),
        ("reports", "reports.inbox", _("Laporan soal"), Permission.EDIT),
        ("account", "accounts.account", _("Akun"), Permission.READ),
    )
    return [Entry(name, url_for(endpoint), title) for name, endpoint, title, needs in entries if person.may(needs)]
