"""The questions of a closed attempt at a glance: a map of them, and which of them a page shows in full.

It knows no more than the views of the questions: what may not be told of them is not in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from lms.quiz.marking import Standing
from lms.web.items import CiteView, ItemView
from lms.web.words import gettext as _


class Group(StrEnum):
    """How a question stands, as an address says it. ``MISSED`` takes in others; ``GIVEN``: more is not told."""

    MISSED = "meleset"
    WRONG = "salah"
    PARTLY = "sebagian"
    UNANSWERED = "kosong"
    WAITING = "menunggu"
    RIGHT = "benar"
    DROPPED = "dilewati"
    GIVEN = "dijawab"


_OF = {standing: Group[standing.name] for standing in Standing}
SIGNS = {
    Group.MISSED: "",
    Group.WRONG: "✕",
    Group.PARTLY: "◐",
    Group.UNANSWERED: "–",
    Group.WAITING: "…",
    Group.RIGHT: "✓",
    Group.DROPPED: "○",
    Group.GIVEN: "●",
}


def _words() -> dict[Group, str]:
    return {
        Group.MISSED: _("Hanya yang meleset"),
        Group.WRONG: _("salah"),
        Group.PARTLY: _("sebagian"),
        Group.UNANSWERED: _("tidak dijawab"),
        Group.WAITING: _("menunggu dinilai"),
        Group.RIGHT: _("benar"),
        Group.DROPPED: _("tidak dihitung"),
        Group.GIVEN: _("dijawab"),
    }


@dataclass(frozen=True, slots=True)
class Place:
    """A question in the map; ``href`` leads to it on the page that shows it."""

    number: int
    href: str
    group: Group
    sign: str
    word: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A question whose line the page shows; ``readings``: what stands beside the line already, not in the question."""

    view: ItemView
    group: Group
    sign: str
    word: str
    readings: tuple[CiteView, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """Some of the questions; ``name`` of all of them is empty."""

    name: str
    sign: str
    word: str
    count: int
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class QuestionMap:
    places: tuple[Place, ...]
    filters: tuple[Filter, ...]
    shown: tuple[Shown, ...]

    @property
    def missed(self) -> Filter | None:
        """The way to what was missed, where that is told and something was."""
        return next((one for one in self.filters if one.name == Group.MISSED), None)


def question_map(views: Sequence[ItemView], asked: str, address: str) -> QuestionMap:
    """``asked``: the group to be shown alone; all are shown where no question is of it. ``address``: of the page."""
    counts = Counter(group for view in views for group in _groups(view))
    chosen = next((group for group in Group if group == asked and counts[group]), None)
    shown = [view for view in views if chosen is None or chosen in _groups(view)]
    words, ids = _words(), {view.id for view in shown}
    return QuestionMap(
        places=tuple(
            _place(number, view, words, "" if view.id in ids else address) for number, view in _numbered(views)
        ),
        filters=_filters(counts, len(views), chosen, words, address),
        shown=tuple(_shown(view, words, to_read=chosen is Group.MISSED) for view in shown),
    )


def _numbered(views: Sequence[ItemView]) -> list[tuple[int, ItemView]]:
    return list(enumerate(views, start=1))


def _group(view: ItemView) -> Group:
    if view.mark is None:
        return Group.UNANSWERED if view.response is None else Group.GIVEN
    return _OF[view.mark.standing]


def _groups(view: ItemView) -> tuple[Group, ...]:
    return (Group.MISSED, _group(view)) if view.missed else (_group(view),)


def _place(number: int, view: ItemView, words: dict[Group, str], address: str) -> Place:
    group = _group(view)
    return Place(number, f"{address}#soal-{view.id}", group, SIGNS[group], words[group])


def _shown(view: ItemView, words: dict[Group, str], *, to_read: bool) -> Shown:
    group = _group(view)
    readings, inside = (view.readings, replace(view, readings=())) if to_read else ((), view)
    return Shown(inside, group, SIGNS[group], words[group], readings)


def _filters(
    counts: Counter[Group], total: int, chosen: Group | None, words: dict[Group, str], address: str
) -> tuple[Filter, ...]:
    """All questions, and each group that is there; none where all stand alike."""
    if len(counts) < 2:
        return ()
    everything = Filter("", "", _("Semua soal"), total, f"{address}#jawaban", chosen is None)
    groups = [
        Filter(group, SIGNS[group], words[group], counts[group], f"{address}?tampil={group}#jawaban", group is chosen)
        for group in Group
        if counts[group]
    ]
    return (everything, *groups)
