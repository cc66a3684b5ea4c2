"""From responses to a score. Pure: the same items and responses always give the same score."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lms.quiz.item import Item, Response

#: Shares this close below the pass mark pass: sums of thirds must not fail anybody by their last binary digit.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemMark:
    """The judgement on one item in points. ``fraction`` and ``points`` may be negative where weights are."""

    item_id: str
    fraction: float
    points: float
    maximum: float
    answered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The sum of an attempt. ``points`` and ``share`` are never below 0; ``share`` is points over maximum, 0…1."""

    points: float
    maximum: float
    share: float
    passed: bool
    marks: tuple[ItemMark, ...]  # in the order of the items


def mark(items: Sequence[Item], responses: Mapping[str, Response | None], pass_mark: float) -> Score:
    """Mark an attempt. ``responses``: by item id, a missing one is not answered. ``pass_mark``: share to reach, 0…1."""
    marks = tuple(mark_item(item, responses.get(item.id)) for item in items)
    points = max(0.0, math.fsum(one.points for one in marks))
    maximum = math.fsum(one.maximum for one in marks)
    share = points / maximum if maximum else 0.0
    return Score(points=points, maximum=maximum, share=share, passed=share >= pass_mark - _ROUNDING, marks=marks)


def mark_item(item: Item, response: Response | None) -> ItemMark:
    """Mark one item."""
    judged = item.mark(response)
    return ItemMark(
        item_id=item.id,
        fraction=judged.fraction,
        points=judged.fraction * item.points,
        maximum=item.points,
        answered=judged.answered,
    )
