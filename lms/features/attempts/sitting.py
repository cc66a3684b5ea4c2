"""The page of a running attempt: its head, the map of its questions, and the questions themselves (``questions.py``).

On the evening of a deadline everybody opens it. So what everybody sees alike is placed once and kept
(``Stencil``), and what is one person's own is filled in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from flask import render_template, request, url_for
from markupsafe import Markup

from lms.features.attempts import closing, practised
from lms.features.attempts.questions import Placed, Shared, questions
from lms.learning.api import AttemptRow, ItemRow
from lms.quiz.item import Item
from lms.quiz.practice import is_practice
from lms.quiz.quiz import Layout, Visible
from lms.web import items as item_pages
from lms.web.guards import csrf_token
from lms.web.language import clock, zone
from lms.web.links import link
from lms.web.site import site
from lms.web.stencils import Stencils
from lms.web.whole_page import whole_page
from lms.web.words import gettext as _


def page(
    found: AttemptRow,
    rows: Sequence[ItemRow],
    items: Sequence[Item],
    during: Visible,
    *,
    now: datetime,
) -> str:
    """``during``: what may be seen of a question whose key was shown."""
    alone, late = layout(found) is Layout.PER_QUESTION, found.is_late(now)
    placed = questions(Shared(found, during, alone, late), rows, items)
    return whole_page(
        f"{found.rules.title}, {_('percobaan ke-%(n)s', n=found.number)}",
        _sitting(found, placed, _shown(rows) if alone else None, now=now),
        here="outline",
        scripts=Stencils("attempts/_scripts.html").fill({}, {}) + item_pages.scripts(items),
    )


def _sitting(found: AttemptRow, placed: Sequence[Placed], place: int | None, *, now: datetime) -> Markup:
    """``place``: the number of the question that is shown alone; None: all are shown."""
    answered = sum(question.answered for question in placed)
    href = places(found)
    shape = {
        "late": found.is_late(now),
        "timed": found.deadline_at is not None,
        "alone": place is not None,
        "first": place == 1,
        "last": place == len(placed),
        "exam": closing.is_exam(found),
        "practice": is_practice(found.quiz),
    }
    own = {
        "title": found.rules.title,
        "quiz_href": practised.front(found),
        "number": found.number,
        "started": clock(found.started_at),
        "until": clock(found.deadline_at),
        "closes": clock(found.closes_at),
        "layouts": _layouts(found) if not shape["late"] else "",
        "result_url": url_for("attempts.result", attempt_id=found.id),
        "closes_at": found.closes_at.isoformat() if found.closes_at else "",
        "submit_url": url_for("attempts.submit", attempt_id=found.id, tampilan=chosen(found), soal=place),
        "save_url": url_for("attempts.save", attempt_id=found.id),
        "attempt": found.id,
        "user": found.user_id,
        "sign_in": _sign_in(found),
        "now": now.isoformat(),
        "zone": zone(),
        "deadline": found.deadline_at.isoformat() if found.deadline_at else "",
        "token": csrf_token(),
        "answered": answered,
        "flagged": sum(question.flagged for question in placed),
        "empty": len(placed) - answered,
        "total": len(placed),
        "follows": closing.what_follows(found),
        "place": place,
        "before": (place or 0) - 1,
        "after": (place or 0) + 1,
        "shown": _joined(placed if place is None else [placed[place - 1]]),
        "others": _joined(question for question in placed if place not in {None, question.number}),
        "map": _map(placed, href, place),
    }
    return Stencils("attempts/sitting.html").fill(shape, own)


def _sign_in(found: AttemptRow) -> str:
    """Where whoever is out comes in again; a host leads back to this page, and asks somebody else to leave first."""
    return link("sign-in", next=request.path, orang=found.user_id) if site().host else link("sign-in")


def _joined(listed: Iterable[Placed]) -> Markup:
    return Markup("\n".join([question.html for question in listed]))  # noqa: S704 – Markup, and what was escaped


def _map(placed: Sequence[Placed], href: Callable[[int], str], place: int | None) -> Markup:
    stencils = Stencils("attempts/_place.html")
    lines = [
        stencils.fill(
            {"answered": question.answered, "flagged": question.flagged, "current": question.number == place},
            {"item": question.id, "number": question.number, "href": href(question.number)},
        )
        for question in placed
    ]
    return Markup("".join(lines))  # noqa: S704 – Markup


# --- layouts --------------------------------------------------------------------------------------------------------


def layout(found: AttemptRow) -> Layout:
    """The author's choice, or the participant's where the author allows one."""
    asked = request.args.get("tampilan")
    if found.rules.layout_choice and asked in set(Layout):
        return Layout(asked)
    return found.rules.layout


def chosen(found: AttemptRow) -> str | None:
    """What an address must say for the next page to have this layout, too."""
    return layout(found).value if found.rules.layout_choice else None


def _layouts(found: AttemptRow) -> Markup:
    """The switch between them, where the author allows one."""
    if not found.rules.layout_choice:
        return Markup()
    names = {Layout.ONE_PAGE: _("Semua soal"), Layout.PER_QUESTION: _("Satu per satu")}
    listed = [
        {
            "href": url_for("attempts.attempt", attempt_id=found.id, tampilan=one.value),
            "title": title,
            "current": one is layout(found),
        }
        for one, title in names.items()
    ]
    return Markup(render_template("attempts/_layouts.html", layouts=listed))  # noqa: S704 – escaped


def places(found: AttemptRow) -> Callable[[int], str]:
    """Where each question, by its number, is shown in the layout that is in use."""
    address = url_for("attempts.attempt", attempt_id=found.id, tampilan=chosen(found))
    if layout(found) is not Layout.PER_QUESTION:
        return lambda place: f"{address}#soal-{place}"
    joint = "&" if "?" in address else "?"
    return lambda place: f"{address}{joint}soal={place}"


def _shown(rows: Sequence[ItemRow]) -> int:
    """The number of the question to show alone: the one asked for, else the one that was saved last, else the first."""
    asked = request.args.get("soal", type=int)
    if asked is not None and 1 <= asked <= len(rows):
        return asked
    saved = [(row.saved_at, place) for place, row in enumerate(rows, start=1) if row.saved_at]
    return max(saved)[1] if saved else 1
