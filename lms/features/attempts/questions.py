"""The questions of a running attempt as its page shows them.

On the evening of a deadline this is the page that everybody opens. So what everybody sees alike is placed once and kept
(``Stencil``), and what is one person's own, the order of the options among it, is filled in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import render_template
from markupsafe import Markup

from lms.features.attempts.version_names import name_of
from lms.learning.api import AttemptRow, ItemRow, frozen
from lms.quiz.item import Item, Response
from lms.quiz.quiz import Visible, passages
from lms.quiz.review import NOTHING
from lms.web import items as item_pages
from lms.web import texts
from lms.web.language import clock_of_reader
from lms.web.stencils import Stencil, Stencils, blank, blanks
from lms.web.words import gettext as _

_BLANKS = ("number", "opening", "question", "revision", "flagged", "sure", "unsure", "guess", "state", "said")
_CHECKED = {True: Markup(" checked"), False: Markup()}


@dataclass(frozen=True, slots=True)
class Placed:
    id: str
    number: int
    answered: bool
    flagged: bool
    html: Markup


@dataclass(frozen=True, slots=True)
class Shared:
    """What all questions of a page share. ``during``: what may be seen of a question whose key was shown already.

    ``alone``: each question stands on a page of its own, with the passage it shares with others.
    """

    found: AttemptRow
    during: Visible
    alone: bool
    late: bool


def questions(shared: Shared, rows: Sequence[ItemRow], items: Sequence[Item]) -> list[Placed]:
    place, openings = _Place(shared), _openings(shared, items)
    return [
        place.question(row, item, number, opening)
        for number, (row, item, opening) in enumerate(zip(rows, items, openings, strict=True), start=1)
    ]


class _Place:
    """Places the questions of one page; what it would ask for at each of them it asks for once."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._stencils, self._texts = Stencils("attempts/question.html"), texts.ItemTexts()
        self._saved, self._empty, self._clock = _("tersimpan di server %(when)s"), _("belum dijawab"), clock_of_reader()
        self._shape = {
            "asks_confidence": shared.found.rules.confidence,
            "may_check": shared.during.reviewable and not shared.late,
            "late": shared.late,
        }
        self._of = tuple(self._shape.values())

    def question(self, row: ItemRow, item: Item, number: int, opening: Markup) -> Placed:
        response, flagged, saved = frozen.response_of(row), bool(row.flagged), row.saved_at
        own = {
            "number": number,
            "opening": opening,
            "flagged": _CHECKED[flagged],
            "revision": row.revision or 0,
            "state": "saved" if saved else "empty",
            "said": self._saved % {"when": self._clock(saved)} if saved else self._empty,
        }
        if self._shared.found.rules.confidence:
            own |= {level: _CHECKED[row.confidence == level] for level in ("sure", "unsure", "guess")}
        asked = row.checked_at is None and not item.rows() and not item.doubt(response)
        if asked:
            text = self._texts.get(item, row.question_version)
            own["lines"] = item_pages.lines(item, text, row.option_order, response)
            own["text"] = response[0] if response else ""
        else:
            own["question"] = _question(self._shared, row, item, number, response)
        return Placed(item.id, number, response is not None, flagged, self._stencil(row, item, asked=asked).fill(own))

    def _stencil(self, row: ItemRow, item: Item, *, asked: bool) -> Stencil:
        """``asked``: what is asked is in it, with a blank for the options or the text; else all of it is a blank."""

        def values() -> dict[str, Any]:
            view = item_pages.view(item, name=row.question_version)
            shown = replace(view, number=blank("number"), lines=blank("lines"), text=blank("text"))
            shape = self._shape | {"checked": row.checked_at is not None, "asked": asked}
            return shape | blanks(_BLANKS) | {"item": shown, "version": name_of(row.question_version)}

        return self._stencils.get((row.question_version, self._of, row.checked_at is None, asked), values)


def _question(shared: Shared, row: ItemRow, item: Item, number: int, response: Response | None) -> Markup:
    """What is asked where several things are to be filled in; or what was asked, once the key was shown."""
    view = item_pages.view(
        item,
        name=row.question_version,
        number=number,
        order=row.option_order,
        response=response,
        visible=shared.during if row.checked_at else NOTHING,
    )
    template = "items/review.html" if row.checked_at else "items/ask.html"
    return Markup(render_template(template, item=view, word=""))  # noqa: S704 – escaped


def _openings(shared: Shared, items: Sequence[Item]) -> list[Markup]:
    """What stands above each question: mostly nothing."""
    sections = _sections(shared.found)
    shown = {item.id for item in items} if shared.alone else passages(items).keys()
    openings, before = [], ""
    for item in items:
        section = sections.get(item.section)
        heads = section is not None and item.section != before
        passage = item_pages.passage(item) if item.id in shown else None
        before = item.section
        if passage or heads or (section and shared.alone):
            html = render_template(
                "attempts/opening.html", section=section, heads=heads, passage=passage, alone=shared.alone
            )
            openings.append(Markup(html))  # noqa: S704 – escaped
        else:
            openings.append(Markup())
    return openings


def _sections(found: AttemptRow) -> dict[str, dict[str, Any]]:
    """By id, what introduces each section of the quiz."""
    return {
        section.id: {"title": section.title, "introduction": texts.fragment(section.introduction)}
        for section in found.rules.sections
    }
