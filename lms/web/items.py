"""A question as a page shows it: what was asked, what was answered, and no more of the key than may be seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from lms.quiz import marking
from lms.quiz.item import Item, Response
from lms.quiz.marking import ItemMark
from lms.quiz.quiz import Visible
from lms.web import house, texts

NOTHING = Visible(marks=False, answers=False, feedback=False, explanation=False)
EVERYTHING = Visible(marks=True, answers=True, feedback=True, explanation=True)


@dataclass(frozen=True, slots=True)
class OptionView:
    """``right`` and ``feedback`` are None when they must not be shown."""

    id: str
    label: Markup
    chosen: bool
    right: bool | None
    feedback: Markup | None


@dataclass(frozen=True, slots=True)
class CiteView:
    href: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """What ``items/<kind>.html`` places. Templates decide nothing: what may not be seen is not here."""

    id: str
    number: int
    kind: str
    title: str
    stem: Markup
    hint: Markup | None
    points: float
    rule: str
    field: str
    options: tuple[OptionView, ...]
    text: str
    response: Response | None
    revision: int
    saved_at: datetime | None
    mark: ItemMark | None
    answers: tuple[Markup | str, ...]
    explanation: Markup | None
    cites: tuple[CiteView, ...]
    disabled: bool

    @property
    def template(self) -> str:
        return f"items/{self.kind}.html"


def view(
    item: Item,
    *,
    number: int = 1,
    order: Sequence[str] = (),
    response: Response | None = None,
    revision: int = 0,
    saved_at: datetime | None = None,
    mark: ItemMark | None = None,
    visible: Visible = NOTHING,
    disabled: bool = False,
) -> ItemView:
    """``order``: option ids as this person sees them; empty: as the author wrote them."""
    text = texts.item_text(item)
    chosen = frozenset(response or ())
    choices = {option.id: option for option in item.choices()}
    right = frozenset(item.key() or ()) if visible.answers else frozenset()
    return ItemView(
        id=item.id,
        number=number,
        kind=item.kind,
        title=item.title,
        stem=text.stem,
        hint=text.hint,
        points=item.points,
        rule=item.rule,
        field=item.field,
        options=tuple(
            OptionView(
                id=option_id,
                label=text.labels[option_id],
                chosen=option_id in chosen,
                right=option_id in right if visible.answers else None,
                feedback=text.feedback.get(option_id) if visible.feedback else None,
            )
            for option_id in (order or choices)
        ),
        text=response[0] if response and not choices else "",
        response=response,
        revision=revision,
        saved_at=saved_at,
        mark=mark if visible.marks else None,
        answers=_answers(item, text) if visible.answers else (),
        explanation=text.explanation if visible.explanation else None,
        cites=_cites(item) if visible.explanation else (),
        disabled=disabled,
    )


def judged(item: Item, response: Response | None) -> ItemMark | None:
    """The mark of a self-check; None until it is answered."""
    return None if response is None else marking.mark_item(item, response)


def _answers(item: Item, text: texts.ItemText) -> tuple[Markup | str, ...]:
    return tuple(text.labels.get(part, part) for part in item.key() or ())


def _cites(item: Item) -> tuple[CiteView, ...]:
    found = []
    for cite in item.cites:
        regulation_id, _, locator = cite.partition("#")
        regulation = house.catalog().regulations.get(regulation_id)
        if regulation is None:
            continue  # a regulation that left the register since the question was asked
        article = regulation.articles.get(locator)
        title = f"{regulation.short} {article.label}" if article else regulation.short
        found.append(CiteView(texts.regulation_url(regulation_id, locator if article else ""), title))
    return tuple(found)
