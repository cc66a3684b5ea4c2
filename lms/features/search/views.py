"""One page: a field, and what was found. It asks the database for nothing but who is asking, and for their notes."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from lms.catalog.model import Catalog
from lms.features.search import own_notes
from lms.learning.api import OwnNote, notes
from lms.search import LONGEST, Document, Hit, Kind, Piece, search
from lms.web import notes as shown
from lms.web import texts
from lms.web.guards import Permission, me, requires
from lms.web.links import Entry, link
from lms.web.paging import paging
from lms.web.site import catalog, reader
from lms.web.words import gettext as _

PAGE = 10  # results; the figures of ``tests/search`` hold for the first page
NOTES = 5  # of one's own that are shown, on the first page

bp = Blueprint("search", __name__, template_folder="templates")
LINKS = {"search": "search.results"}
MENU = (Entry(name="search", noun="search", title=lambda: _("Cari"), needs=Permission.READ, place=55),)

#: What an empty page offers to try; each finds something in the shipped pack.
EXAMPLES = ("masa percobaan", "PP 94/2021", "pasal 24 uu asn", "konflik kepentingan")


@dataclass(frozen=True, slots=True)
class Place:
    """A place on a page of results: the pieces of its heading and of its text, some of them marked."""

    href: str
    heading: tuple[Piece, ...]
    text: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """``label``: what kind of page it is, and where it belongs."""

    href: str
    title: tuple[Piece, ...]
    label: str
    places: tuple[Place, ...]


@bp.get("/cari")
@requires(Permission.READ)
def results() -> ResponseReturnValue:
    asked = request.args.get("q", "")[:LONGEST].strip()
    found = search(catalog(), asked)
    page = paging(len(found), PAGE)
    return render_template(
        "search/results.html",
        query={"q": asked, "page": page.page},
        longest=LONGEST,
        found=found,
        results=[_result(hit, catalog()) for hit in found.hits(page.offset, page.size)],
        own=_own(asked) if page.page == 1 else [],
        count=len(found),
        pages=page.pages,
        examples=EXAMPLES,
        here="search",
    )


def _own(asked: str) -> list[Result]:
    """The person's own notes that were found, the best first."""
    own = {str(note.id): note for note in notes.of_person(reader(), me().user_id)} if asked else {}
    if not own:
        return []
    hits = own_notes.search(list(own.values()), asked, catalog()).hits(0, NOTES)
    return [_note(hit, own[hit.page.id]) for hit in hits]


def _note(hit: Hit, note: OwnNote) -> Result:
    places = tuple(Place("", (), place.text) for place in hit.places)
    return Result(shown.href(note), hit.title, "", places)


def _result(hit: Hit, pack: Catalog) -> Result:
    places = tuple(
        Place(_address(place.document, pack) if place.heading else "", place.heading, place.text)
        for place in sorted(hit.places, key=lambda place: bool(place.heading))  # what has no heading stands on top
    )
    first = hit.places[0].document
    return Result(_address(first, pack, whole=True), hit.title, _label(first, pack), places)


def _address(document: Document, pack: Catalog, *, whole: bool = False) -> str:
    """Of the place, or of the ``whole`` page."""
    id, place = document.page.id, "" if whole else document.place
    match document.page.kind:
        case Kind.LESSON:
            return texts.lesson_url(pack.lessons[id], place or None)
        case Kind.REGULATION:
            return texts.regulation_url(id, place)
        case Kind.TERM:
            return link("glossary", _anchor=id)
        case Kind.GUIDE:
            return link("guide", name=id, _anchor=place or None)
        case Kind.NOTE:
            raise ValueError("a catalog holds nobody's notes")


def _label(document: Document, pack: Catalog) -> str:
    id = document.page.id
    match document.page.kind:
        case Kind.LESSON:
            return _("Materi · %(module)s", module=pack.modules[pack.lessons[id].module].title)
        case Kind.REGULATION:
            return _("Regulasi") if pack.regulations[id].stands else _("Regulasi · sudah dicabut")
        case Kind.TERM:
            return _("Glosarium")
        case Kind.GUIDE:
            return _("Bantuan")
        case Kind.NOTE:
            raise ValueError("a catalog holds nobody's notes")
