"""All guides are public: whoever cannot come in needs help most, and none of them holds a secret. Listed and searched
are those for one's own work."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from lms import markup
from lms.errors import NotFound
from lms.features.guides.guides import Guide, every_guide
from lms.search import LONGEST, Found, Searchable, prepare
from lms.search.index import Index
from lms.web.guards import Permission, public
from lms.web.links import Entry
from lms.web.site import catalog
from lms.web.stencils import Shelf
from lms.web.words import gettext as _

bp = Blueprint("guides", __name__, template_folder="templates")
LINKS = {"guides": "guides.overview", "guide": "guides.guide"}
MENU = (Entry(name="guides", noun="guides", title=lambda: _("Bantuan"), needs=Permission.READ, place=95),)

#: Guide -> the work it is for, in the order of the list; None: everybody.
FOR = {
    "peserta": None,
    "pengampu": Permission.TEACH,
    "arti-angka": Permission.TEACH,
    "lti": Permission.TEACH,
    "penyunting": Permission.EDIT,
    "markdown": Permission.EDIT,
    "jenis-soal": Permission.EDIT,
    "kode-periksa": Permission.EDIT,
}


@bp.get("/bantuan")
@public
def overview() -> ResponseReturnValue:
    asked, listed = request.args.get("q", "")[:LONGEST].strip(), _own()
    found = _search(listed, asked)
    return render_template(
        "guides/overview.html",
        asked=asked,
        longest=LONGEST,
        found=found,
        hits=found.hits(0, len(listed)),
        guides=listed,
        here="guides",
    )


@bp.get("/bantuan/<name>", endpoint="guide")
@public
def one_guide(name: str) -> ResponseReturnValue:
    found = every_guide().get(name)
    if found is None:
        raise NotFound
    shown = Shelf("guide").remember(name, lambda: found.shown(lambda other: url_for(".guide", name=other)))
    text = Markup("\n").join(part for part in shown.parts if not isinstance(part, markup.Slot))
    return render_template("guides/guide.html", guide=found, text=text, toc=shown.toc, here="guides")


def _own() -> list[Guide]:
    """The guides for what this person may do; a stranger's are those of everybody."""
    person = current_user._get_current_object()
    return [
        every_guide()[name]
        for name, work in FOR.items()
        if work is None or (person.is_authenticated and person.may(work))
    ]


def _search(listed: Sequence[Guide], asked: str) -> Found:
    course = prepare(catalog())
    names = tuple(guide.name for guide in listed)
    index = Shelf("guides").remember(
        names, lambda: Index((document for guide in listed for document in guide.documents()), course.terms)
    )
    return Searchable(index, course.laws, course.terms).search(asked)
