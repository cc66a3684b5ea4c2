"""What a person gives for an answer: a share of its points, what each criterion earned, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class ByCriterion:
    """Points and a comment for each criterion of a rubric, in its order."""

    points: tuple[float, ...]
    comments: tuple[str, ...]

    def stored(self) -> dict[str, Any]:
        return {"points": list(self.points), "comments": list(self.comments)}

    @classmethod
    def of(cls, stored: Mapping[str, Any] | None) -> Self | None:
        return cls(tuple(stored["points"]), tuple(stored["comments"])) if stored else None


@dataclass(frozen=True, slots=True)
class Given:
    """``fraction``: of the maximum, 0…1. ``criteria`` None: the answer was judged by one number."""

    fraction: float
    comment: str
    criteria: ByCriterion | None = None
