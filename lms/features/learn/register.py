"""The register of regulations and the glossary: their pages, and what these list."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from lms.catalog.law import Regulation, Status, Term
from lms.features.learn import pages
from lms.features.learn.blueprint import bp
from lms.features.learn.outline import Link
from lms.web import texts
from lms.web.guards import Permission, requires
from lms.web.site import catalog
from lms.web.words import gettext as _


def relations(found: Regulation) -> dict[str, list[Link]]:
    """What a regulation revokes and amends, and by what it is itself."""
    related = {
        "revokes": found.revokes,
        "revoked_by": found.revoked_by,
        "amends": found.amends,
        "amended_by": found.amended_by,
    }
    return {
        name: [_related(found if name == "revoked_by" else catalog().regulations[one], one, name) for one in ids]
        for name, ids in related.items()
    }


def articles(found: Regulation) -> list[dict[str, Any]]:
    """Its articles, each with what took its place and the lessons that cite it."""
    citing = catalog().cited_in(found.id)
    return [
        {
            "id": texts.article_id(locator),
            "label": article.label,
            "title": article.title,
            "gist": article.gist,
            "counterparts": [pages.article_link(*pair) for pair in article.counterpart],
            "lessons": [Link(texts.lesson_url(lesson), lesson.title) for lesson in citing.get(locator, ())],
        }
        for locator, article in found.articles.items()
    ]


def letters() -> list[dict[str, Any]]:
    """The terms of the glossary under the letter they begin with."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for term in sorted(catalog().glossary.values(), key=lambda one: one.term.casefold()):
        found[term.term[0].upper()].append(_term(term))
    return [{"letter": letter, "terms": terms} for letter, terms in found.items()]


def _related(revoked: Regulation, id: str, how: str) -> Link:
    """``revoked``: the one of the two that is revoked, where ``how`` speaks of that; perhaps only in part."""
    partly = how in {"revokes", "revoked_by"} and revoked.status is Status.PARTLY_REVOKED
    short = catalog().regulations[id].short
    return Link(texts.regulation_url(id), _("%(regulation)s (sebagian)", regulation=short) if partly else short)


def _term(term: Term) -> dict[str, Any]:
    return {
        "id": term.id,
        "term": term.term,
        "meaning": term.meaning,
        "also": term.also,
        "obsolete": term.obsolete,
        "citations": [pages.article_link(*pair) for pair in term.cites],
    }


# --- their pages ------------------------------------------------------------------------------------------------------


@bp.get("/regulasi")
@requires(Permission.READ)
def regulations() -> ResponseReturnValue:
    listed = [
        {
            "href": texts.regulation_url(found.id),
            "short": found.short,
            "title": found.title,
            "status": pages.status_label(found.status),
            "stands": found.stands,
        }
        for found in sorted(catalog().regulations.values(), key=lambda one: (not one.stands, one.short))
    ]
    return render_template(
        "learn/regulations.html", regulations=listed, as_of=catalog().course.as_of, here="regulations"
    )


@bp.get("/regulasi/<id>")
@requires(Permission.READ)
def regulation(id: str) -> ResponseReturnValue:
    found = catalog().regulation(id)
    return render_template(
        "learn/regulation.html",
        regulation=found,
        status=pages.status_label(found.status),
        relations=relations(found),
        articles=articles(found),
        here="regulations",
    )


@bp.get("/glosarium")
@requires(Permission.READ)
def glossary() -> ResponseReturnValue:
    return render_template(
        "learn/glossary.html",
        letters=letters(),
        here="glossary",
    )
