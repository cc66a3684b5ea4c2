"""A question as a page shows it: what was asked, what was answered, and no more of the key than may be seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from lms.catalog import readings
from lms.catalog.model import Lesson, Module
from lms.citations import citation
from lms.errors import Said
from lms.learning.api import ByCriterion
from lms.quiz import marking
from lms.quiz import rubric as rubrics
from lms.quiz.item import Item, Response
from lms.quiz.marking import ItemMark, Standing
from lms.quiz.option import Option, Row
from lms.quiz.quiz import Visible
from lms.quiz.review import NOTHING
from lms.web import site, texts
from lms.web.links import link
from lms.web.stencils import Shelf, Stencils
from lms.web.words import gettext as _


@dataclass(frozen=True, slots=True)
class OptionView:
    """``right``, ``worth`` and ``feedback`` are None when they must not be shown; ``worth`` is a fraction."""

    id: str
    label: Markup
    chosen: bool
    right: bool | None
    worth: float | None
    feedback: Markup | None


@dataclass(frozen=True, slots=True)
class RowView:
    """One of several things a question asks. ``field``: where its value is typed; a list sends ``row=option``.

    ``value``: the option's id or the typed text; ``given``: the same in words. ``right`` (0…1) and ``solution`` are
    None when they must not be shown.
    """

    id: str
    label: Markup
    field: str
    options: tuple[OptionView, ...]
    value: str
    given: Markup | str
    right: float | None
    solution: Markup | str | None
    feedback: Markup | None


@dataclass(frozen=True, slots=True)
class CiteView:
    href: str
    title: str


@dataclass(frozen=True, slots=True)
class CriterionView:
    """What a criterion earned; ``text`` is None where it must not be shown, since it tells of a right answer."""

    text: Markup | None
    points: float
    maximum: float
    comment: str


@dataclass(frozen=True, slots=True)
class PassageView:
    id: str
    title: str
    text: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """What ``items/<kind>/page.html`` places. Templates decide nothing: what may not be seen is not here.

    ``stem`` of a kind whose answers stand inside it comes as ``stem_parts``: text and the index of a row in turn.
    ``rule``: how it is scored, where that counts and is more than right or wrong; ``lacking``: why it earned no more.
    ``remark``: what the author says to a right or a wrong answer. ``comment``: what a person wrote who judged it.
    """

    id: str
    number: int | Markup
    kind: str
    title: str
    section: str
    passage: PassageView | None
    stem: Markup
    stem_parts: tuple[Markup | int, ...]
    hint: Markup | None
    points: float
    rule: str
    in_degrees: bool  # whether answers are better or worse, and none with points is wrong
    unit: str
    pattern: str  # of what a script may take for an answer; empty: of anything
    doubt: str  # why the response can be right under no key; empty mostly
    several: bool  # whether more than one of the options may be chosen
    lines: Markup  # what to click on, an option a line
    field: str
    options: tuple[OptionView, ...]
    rows: tuple[RowView, ...]
    text: str
    response: Response | None
    confidence: str | None
    mark: ItemMark | None
    lacking: str
    answers: tuple[Markup | str, ...]
    remark: Markup | None
    explanation: Markup | None
    rubric: Markup | None
    criteria: tuple[CriterionView, ...]  # empty where nobody judged it by a rubric, or where it must not be shown
    comment: str
    decision: str
    cites: tuple[CiteView, ...]
    readings: tuple[CiteView, ...]  # where to read on: the lessons whose outcomes it tests, else modules its tags name
    disabled: bool

    @property
    def missed(self) -> bool:
        """Whether it is told that the question is to be learnt again."""
        if self.mark is None or self.mark.standing in {Standing.WAITING, Standing.DROPPED}:
            return False
        return marking.missed(self.mark.fraction, in_degrees=self.in_degrees)

    @property
    def template(self) -> str:
        return f"items/{self.kind}/page.html"


def view(
    item: Item,
    *,
    name: str | None = None,
    number: int = 1,
    order: Sequence[str] = (),
    response: Response | None = None,
    confidence: str | None = None,
    mark: ItemMark | None = None,
    visible: Visible = NOTHING,
    disabled: bool = False,
    graded: bool = True,
    with_passage: bool = True,
    rubric: bool = False,
    by_criterion: ByCriterion | None = None,
    comment: str = "",
    decision: str = "",
) -> ItemView:
    """``order``: option ids as this person sees them; empty: as the author wrote them. ``name``: of its version."""
    text = texts.item_text(item, name)
    asked = _Asked(item, text, response, order, visible)
    judged = mark or judge(item, response)
    told = judged if visible.marks and visible.reviewable else None
    return ItemView(
        id=item.id,
        number=number,
        kind=item.kind,
        title=item.title,
        section=item.section,
        passage=passage(item) if with_passage else None,
        stem=text.stem,
        stem_parts=text.stem_parts,
        hint=text.of(item.hint),
        points=item.points,
        rule=_(item.rule) if graded and item.rule else "",
        in_degrees=item.in_degrees,
        unit=getattr(item, "unit", ""),
        pattern=getattr(item, "pattern", ""),
        doubt=_(doubt) if (doubt := item.doubt(response)) else "",
        several=item.takes_several,
        lines=lines(item, text, order, response),
        field=item.field,
        options=asked.options(),
        rows=asked.rows(),
        text=response[0] if response and not item.choices() and not item.rows() else "",
        response=response,
        confidence=confidence,
        mark=told,
        lacking=_lacking(item, response, told) if visible.answers else "",
        answers=solution(item, name) if visible.answers else (),
        remark=_remark(item, text, judged) if visible.feedback else None,
        explanation=text.of(item.explanation) if visible.explanation else None,
        rubric=text.of(rubrics.listed(getattr(item, "rubric", ""))) if rubric else None,
        criteria=_criteria(item, by_criterion, visible) if by_criterion and told else (),
        comment=comment,
        decision=decision,
        cites=_cites(item) if visible.explanation else (),
        readings=_readings(item) if visible.explanation and graded else (),
        disabled=disabled,
    )


def scripts(items: Iterable[Item]) -> Markup:
    """What loads the scripts that the pages of these questions have."""
    names = dict.fromkeys(f"items/{item.kind}/page.js" for item in items)
    known = tuple(name for name in names if name in site.site().assets)
    return Stencils("items/scripts.html").fill({"names": known}, {}) if known else Markup()


def lines(item: Item, text: texts.ItemText, order: Sequence[str], response: Response | None) -> Markup:
    """The options to click on, as this person sees and chose them; empty where there is more to do than to choose."""
    if not text.lines:
        return Markup()
    chosen = response or ()
    ids = order if text.lines.keys() == set(order) else [one.id for one in in_order(item, item.choices(), order)]
    return Markup("".join([text.lines[id][id in chosen] for id in ids]))  # noqa: S704 – Markup


def in_order(item: Item, options: Sequence[Option], order: Sequence[str]) -> list[Option]:
    """``order``: what the person's attempt froze; without one, as the author wrote them."""
    by_id = {option.id: option for option in options}
    if order and by_id.keys() == set(order):
        return [by_id[id] for id in order]
    if item.secret_order:  # nobody froze an order for a self-check: the alphabet tells nothing
        return sorted(options, key=lambda option: option.text)
    return list(options)


def judge(item: Item, response: Response | None) -> ItemMark | None:
    """What the key says of a response; None until there is one."""
    return None if response is None else marking.mark_item(item, response)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What of an item is to be chosen or filled in, seen by one person."""

    item: Item
    text: texts.ItemText
    response: Response | None
    order: Sequence[str]
    visible: Visible

    def options(self) -> tuple[OptionView, ...]:
        if self.item.rows():
            return ()
        chosen = frozenset(self.response or ())
        key = self._best() if self.visible.answers else None
        shown = in_order(self.item, self.item.choices(), self.order)
        return tuple(self._option(option, option.id in chosen, key) for option in shown)

    def _best(self) -> frozenset[str]:
        """The key; where options are better or worse, several may be the best."""
        best = {id for id, share in self.item.worth().items() if share >= 1} if self.item.in_degrees else ()
        return frozenset(self.item.key() or ()).union(best)

    def _option(self, option: Option, chosen: bool, key: frozenset[str] | None) -> OptionView:
        return OptionView(
            id=option.id,
            label=self.text.label(option.text),
            chosen=chosen,
            right=None if key is None else option.id in key,
            worth=self.item.worth().get(option.id) if self.visible.answers else None,
            # What is said of an option that was not chosen tells whether it is right.
            feedback=self.text.of(self.item.feedback().get(option.id))
            if self.visible.feedback and (chosen or self.visible.answers)
            else None,
        )

    def rows(self) -> tuple[RowView, ...]:
        given = self.item.by_row(self.response)
        shares = self.item.row_shares(self.response) if self.visible.marks and self.visible.reviewable else {}
        right = self.item.by_row(self.item.key()) if self.visible.answers else {}
        return tuple(self._row(row, given.get(row.id, ""), shares, right) for row in self.item.rows())

    def _row(self, row: Row, value: str, shares: Mapping[str, float], right: Mapping[str, str]) -> RowView:
        feedback = self.item.feedback().get(row.id)
        return RowView(
            id=row.id,
            label=self.text.label(row.text or row.id),
            field=f"{self.item.field}.{row.id}",
            options=tuple(
                OptionView(one.id, self.text.label(one.text), one.id == value, None, None, None)
                for one in in_order(self.item, row.options, self.order)
            ),
            value=value,
            given=self._words(row, value),
            right=shares.get(row.id),
            solution=self._words(row, right[row.id]) if row.id in right else None,
            feedback=self.text.of(feedback) if self.visible.feedback and (value or self.visible.answers) else None,
        )

    def _words(self, row: Row, value: str) -> Markup | str:
        texts_by_id = {option.id: option.text for option in row.options}
        return self.text.label(texts_by_id[value]) if value in texts_by_id else value


def in_words(item: Item, response: Response) -> Markup:
    """A response as a person reads it."""
    text = texts.item_text(item)
    if item.rows():
        given = item.by_row(response)
        said = []
        for place, row in enumerate((row for row in item.rows() if row.id in given), start=1):
            options = {option.id: text.label(option.text) for option in row.options}
            value = given[row.id]
            said.append(
                Markup("{} → {}").format(text.label(row.text) if row.text else place, options.get(value, value))
            )
        return Markup("; ").join(said)
    options = {option.id: text.label(option.text) for option in item.choices()}
    return Markup(" + ").join(options.get(part, escape(part)) for part in response)


def passage(item: Item) -> PassageView | None:
    if item.passage is None:
        return None
    return PassageView(item.passage.id, item.passage.title, texts.fragment(item.passage.text))


def solution(item: Item, name: str | None = None) -> tuple[Markup | str, ...]:
    """All that is right, in words: labels where there are options, else texts as the author accepts them."""
    if item.choices():
        text = texts.item_text(item, name)
        return tuple(map(text.label, item.solution()))
    return tuple(_(part) if isinstance(part, Said) else part for part in item.solution())


def _criteria(item: Item, given: ByCriterion, visible: Visible) -> tuple[CriterionView, ...]:
    """What a rubric's criteria earned; nothing for a question that is judged otherwise by now."""
    if len(item.criteria()) != len(given.points):
        return ()
    return tuple(
        CriterionView(
            text=texts.inline(one.text) if visible.answers else None,
            points=points,
            maximum=one.points,
            comment=comment if visible.feedback else "",
        )
        for one, points, comment in zip(item.criteria(), given.points, given.comments, strict=True)
    )


def _remark(item: Item, text: texts.ItemText, mark: ItemMark | None) -> Markup | None:
    if mark is None or mark.pending or not mark.answered or (item.choices() and not item.secret_order):
        return None  # with options, the author speaks at the option
    return text.of(item.correct if mark.fraction >= 1 else item.incorrect)


def _lacking(item: Item, response: Response | None, mark: ItemMark | None) -> str:
    """Why the mark is no better, where the item's own key gave it: not where a person or a decision did."""
    if response is None or mark is None or mark.standing not in {Standing.WRONG, Standing.PARTLY}:
        return ""
    why = item.lacking(response) if marking.mark_item(item, response).fraction == mark.fraction else None
    return _(why) if why else ""


def _readings(item: Item) -> tuple[CiteView, ...]:
    of = item.id, item.outcomes, item.cites, item.tags
    return Shelf("readings").remember(of, lambda: _found_readings(item))


def _found_readings(item: Item) -> tuple[CiteView, ...]:
    catalog = site.catalog()
    if found := readings.readings(catalog, item):
        return tuple(map(_reading, found))
    return tuple(map(module_view, readings.modules(catalog, item)))


def _reading(one: readings.Reading) -> CiteView:
    if one.heading is None:
        return lesson_view(one.lesson)
    return CiteView(texts.lesson_url(one.lesson, one.heading.id), f"{one.lesson.title}: {one.heading.title}")


def lesson_view(lesson: Lesson) -> CiteView:
    return Shelf("lesson").remember(lesson.id, lambda: CiteView(texts.lesson_url(lesson), lesson.title))


def module_view(module: Module) -> CiteView:
    return Shelf("module").remember(module.id, lambda: CiteView(link("module", module=module.id), module.title))


def _cites(item: Item) -> tuple[CiteView, ...]:
    return tuple(filter(None, map(cite_view, item.cites)))


def cite_view(cite: str) -> CiteView | None:
    """None for a regulation that left the register since the question was asked."""
    return Shelf("cite").remember(cite, lambda: _cite_view(cite))


def _cite_view(cite: str) -> CiteView | None:
    regulation_id, locator = citation(cite)
    regulation = site.catalog().regulations.get(regulation_id)
    if regulation is None:
        return None
    article = regulation.articles.get(locator)
    title = f"{regulation.short} {article.label}" if article else regulation.short
    return CiteView(texts.regulation_url(regulation_id, locator if article else ""), title)
