"""From responses to a score. Pure: the same items and responses always give the same score."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from lms.quiz.item import NOT_ANSWERED, Item, Mark, Response
from lms.quiz.quiz import Section

_log = logging.getLogger("lms.items")

#: Points this close below a threshold pass: sums of thirds must not fail anybody by their last binary digit.
_ROUNDING = 1e-9


class Standing(StrEnum):
    """What became of one question."""

    RIGHT = "right"  # all points
    PARTLY = "partly"
    WRONG = "wrong"
    UNANSWERED = "unanswered"
    WAITING = "waiting"  # for a person to judge it
    DROPPED = "dropped"  # nobody's counts


def missed(fraction: float, *, in_degrees: bool) -> bool:
    """Whether an answer that earned so much is a mistake; where some are better than others, one without points is."""
    return fraction <= 0 if in_degrees else fraction < 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemMark:
    """The judgement on one item in points. ``fraction`` and ``points`` may be negative where weights are."""

    item_id: str
    fraction: float
    points: float
    maximum: float  # 0 for an item that was dropped
    answered: bool
    pending: bool = False  # a person has yet to judge it; until then it counts 0
    section: str = ""

    @property
    def standing(self) -> Standing:
        if self.pending:
            return Standing.WAITING
        if not self.maximum:
            return Standing.DROPPED
        if self.fraction >= 1:
            return Standing.RIGHT
        if not self.answered:
            return Standing.UNANSWERED
        return Standing.PARTLY if self.fraction > 0 else Standing.WRONG


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionScore:
    """The sum of a section, ``points`` never below 0. ``threshold`` in points; None when the section has none.

    ``pending``: how many of its answers wait for a person.
    """

    id: str
    title: str
    points: float
    maximum: float
    threshold: float | None
    passed: bool
    pending: int

    @property
    def lacking(self) -> float:
        """The points that its threshold asks for besides."""
        return 0.0 if self.passed or self.threshold is None else self.threshold - self.points


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The sum of an attempt. ``points`` and ``share`` are never below 0; ``share`` is points over maximum, 0…1.

    ``passed`` asks for the quiz's own pass mark and for the threshold of every section. While ``pending`` it counts
    what is judged already: it can still turn true, never false.
    """

    points: float
    maximum: float
    share: float
    passed: bool
    marks: tuple[ItemMark, ...]  # in the order of the items
    sections: tuple[SectionScore, ...] = ()
    pending: int = 0  # items that wait for a person


def mark(
    items: Sequence[Item], responses: Mapping[str, Response | None], pass_mark: float, sections: Sequence[Section] = ()
) -> Score:
    """Mark an attempt. ``responses``: by item id, a missing one is not answered. ``pass_mark``: share to reach, 0…1."""
    return total([mark_item(item, responses.get(item.id)) for item in items], pass_mark, sections)


def total(marks: Sequence[ItemMark], pass_mark: float, sections: Sequence[Section] = ()) -> Score:
    """Add up judgements, some of which people may have made or a regrade may have changed."""
    points, maximum = _sum(marks)
    share = points / maximum if maximum else 0.0
    scores = tuple(_section(section, marks) for section in sections)
    return Score(
        points=points,
        maximum=maximum,
        share=share,
        passed=reaches(points, maximum, pass_mark) and all(score.passed for score in scores),
        marks=tuple(marks),
        sections=scores,
        pending=sum(one.pending for one in marks),
    )


def reaches(points: float, maximum: float, pass_mark: float) -> bool:
    """Whether so many points are the share, 0…1, that passes."""
    return (points / maximum if maximum else 0.0) >= pass_mark - _ROUNDING


def lacking(points: float, maximum: float, pass_mark: float) -> float:
    """The points that the share that passes asks for besides; 0 once it is reached."""
    return 0.0 if reaches(points, maximum, pass_mark) else pass_mark * maximum - points


def mark_item(item: Item, response: Response | None) -> ItemMark:
    """Mark one item. Never raises: what its kind may not say waits for a person."""
    judged = _mark(item, response)
    return ItemMark(
        item_id=item.id,
        fraction=judged.fraction,
        points=judged.fraction * item.points,
        maximum=item.points,
        answered=judged.answered,
        pending=judged.pending,
        section=item.section,
    )


def _mark(item: Item, response: Response | None) -> Mark:
    """What the kind says, held to what is promised of kinds: code of other packages comes to no score unseen."""
    kind, package = item.kind, type(item).__module__
    try:
        said = item.mark(response)
    except Exception:
        _log.exception("the question kind %r of %s could not mark %s, which waits for a person", kind, package, item.id)
    else:
        if _is_mark(said):
            return said
        told = "the question kind %r of %s gave %s a mark that is none, or not from -1 to 1; it waits for a person"
        _log.error(told, kind, package, item.id)
    return Mark(0.0, answered=True, pending=True) if response else NOT_ANSWERED


def _is_mark(said: object) -> bool:
    if not isinstance(said, Mark) or not all(isinstance(one, bool) for one in (said.answered, said.pending)):
        return False
    if isinstance(said.fraction, bool) or not isinstance(said.fraction, int | float):
        return False
    # nan is no less than anything, and what waits counts nothing
    return abs(said.fraction) <= 1 + _ROUNDING and not (said.pending and said.fraction)


def judged(mark: ItemMark, fraction: float) -> ItemMark:
    """``mark`` as a person judged it. ``fraction``: of its maximum."""
    return replace(mark, fraction=fraction, points=fraction * mark.maximum, pending=False)


def _section(section: Section, marks: Sequence[ItemMark]) -> SectionScore:
    own = [one for one in marks if one.section == section.id]
    points, maximum = _sum(own)
    threshold = section.threshold(maximum)
    return SectionScore(
        id=section.id,
        title=section.title,
        points=points,
        maximum=maximum,
        threshold=threshold,
        passed=threshold is None or points >= threshold - _ROUNDING,
        pending=sum(one.pending for one in own),
    )


def _sum(marks: Sequence[ItemMark]) -> tuple[float, float]:
    """Points, not below 0, and their maximum."""
    points = math.fsum(one.points for one in marks)
    return max(0.0, points), math.fsum(one.maximum for one in marks)
