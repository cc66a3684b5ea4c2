"""What the answers tell of a quiz and of its questions: how hard they are, and whom they tell apart.

Source of the formulas: MoodleDocs, "Quiz statistics calculations"; an attempt is to it what a student is there.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from lms.quiz.distribution import BILLION, Distribution, covariance, in_order

#: Of fewer attempts the figures would mislead more than they tell.
FEWEST = 20
#: Share of attempts in the upper and in the lower group: two that differ much and are not small (Kelley, 1939).
GROUP = 0.27


@dataclass(frozen=True, slots=True)
class Cell:
    """So many attempts that gave a question the same response, earned as much for it and ended with the same score.

    ``response``: ids of what was chosen, or one text that tells responses apart; empty: not answered.
    ``points`` of the question, ``score`` of the attempt: in billionths of a point.
    """

    response: tuple[str, ...]
    points: int
    score: int
    count: int

    @property
    def rest(self) -> int:
        """The score of all other questions: what an answer can be held against."""
        return self.score - self.points


@dataclass(frozen=True, slots=True)
class Groups:
    """By score: who is in the upper and in the lower group. Equal scores are never parted, so a group may be larger.

    ``lower``: scores up to this, ``upper``: scores from this on.
    """

    lower: int
    upper: int

    @classmethod
    def of(cls, scores: Distribution) -> Groups | None:
        """None where scores do not differ enough for two groups."""
        size = max(1, round(GROUP * scores.total))
        if not scores.total:
            return None
        lower, upper = scores.at(size - 1), scores.at(scores.total - size)
        return cls(lower, upper) if lower < upper else None


@dataclass(frozen=True, slots=True)
class Choosers:
    """Who chose an option. ``rest``: their mean score of all other questions, in points.

    ``upper``, ``middle``, ``lower``: how many of each group; None where there are no groups.
    """

    attempts: int
    share: float
    rest: float | None
    upper: int | None = None
    middle: int | None = None
    lower: int | None = None


@dataclass(frozen=True)
class ItemAnalysis:
    """One version of a question in the attempts that asked it. ``maximum`` in points."""

    maximum: float
    cells: Sequence[Cell]
    groups: Groups | None = None

    @cached_property
    def points(self) -> Distribution:
        return Distribution.of((one.points, one.count) for one in self.cells)

    @cached_property
    def rests(self) -> Distribution:
        return Distribution.of((one.rest, one.count) for one in self.cells)

    @property
    def attempts(self) -> int:
        return self.points.total

    @property
    def facility(self) -> float | None:
        """How easy it proved: mean of the points over the maximum, 1: everybody got all of them."""
        return None if self.points.mean is None or not self.maximum else self.points.mean / self.maximum

    @property
    def deviation(self) -> float | None:
        """Standard deviation of the points, as a share of the maximum."""
        return None if self.points.deviation is None or not self.maximum else self.points.deviation / self.maximum

    @cached_property
    def with_rest(self) -> float | None:
        """Covariance of points and rest."""
        return covariance((one.points, one.rest, one.count) for one in self.cells)

    @cached_property
    def with_score(self) -> float | None:
        """Covariance of points and score."""
        return covariance((one.points, one.score, one.count) for one in self.cells)

    @property
    def discrimination(self) -> float | None:
        """Correlation of points and rest, −1 … 1: whether who does well elsewhere does well here.

        None where everybody earned the same, here or elsewhere.
        """
        spread = (self.points.variance or 0) * (self.rests.variance or 0)
        return None if self.with_rest is None or not spread else self.with_rest / math.sqrt(spread)

    @property
    def efficiency(self) -> float | None:
        """Discrimination as a share of the highest that points and rests like these allow; None as above."""
        highest = covariance(in_order(self.points, self.rests))
        return None if self.with_rest is None or not highest else self.with_rest / highest

    @cached_property
    def group_sizes(self) -> tuple[int, int] | None:
        """How many attempts are in the upper and in the lower group."""
        if self.groups is None:
            return None
        everybody = self._of(self.cells)
        return everybody.upper or 0, everybody.lower or 0

    def choosers(self, option: str) -> Choosers:
        """Who chose an option, alone or among others."""
        return self._of([one for one in self.cells if option in one.response])

    def earns_all(self, option: str) -> bool | None:
        """Whether who chose only this option has all points of the question by now; None where nobody did."""
        points = [one.points for one in self.cells if one.response == (option,)]
        return max(points) >= round(self.maximum * BILLION) if points else None

    @property
    def unanswered(self) -> Choosers:
        return self._of([one for one in self.cells if not one.response])

    def _of(self, cells: Sequence[Cell]) -> Choosers:
        n = sum(one.count for one in cells)
        share = n / self.attempts if self.attempts else 0.0
        rest = Distribution.of((one.rest, one.count) for one in cells).mean
        if self.groups is None:
            return Choosers(n, share, rest)
        upper = sum(one.count for one in cells if one.score >= self.groups.upper)
        lower = sum(one.count for one in cells if one.score <= self.groups.lower)
        return Choosers(n, share, rest, upper, n - upper - lower, lower)


@dataclass(frozen=True)
class QuizAnalysis:
    """A quiz in the attempts that count. ``items`` by question id and major version; ``scores``: of all these attempts.

    ``fixed``: whether every attempt asked the same questions in the same major versions; a drawn quiz does not, and has
    no internal consistency, for the formula compares what the same people earned for the same questions.
    """

    scores: Distribution
    items: Mapping[tuple[str, str], ItemAnalysis]
    fixed: bool = True

    @classmethod
    def of(
        cls, scores: Iterable[tuple[int, int]], cells: Mapping[tuple[str, str], tuple[float, Sequence[Cell]]]
    ) -> QuizAnalysis:
        """``scores``: in billionths, with how many attempts.

        ``cells``: by question and major version, with its maximum in points.
        """
        total = Distribution.of(scores)
        groups = Groups.of(total)
        items = {id: ItemAnalysis(maximum, tuple(found), groups) for id, (maximum, found) in cells.items()}
        return cls(total, items, all(one.attempts == total.total for one in items.values()))

    @property
    def is_telling(self) -> bool:
        return self.scores.total >= FEWEST

    @property
    def consistency(self) -> float | None:
        """Coefficient of internal consistency (Cronbach's alpha; KR-20 where points are 0 or 1), at most 1."""
        p, variance = len(self.items), self.scores.variance
        if not self.fixed or p < 2 or not variance:
            return None
        return p / (p - 1) * (1 - sum(one.points.variance or 0 for one in self.items.values()) / variance)

    @property
    def error_ratio(self) -> float | None:
        """How much of the spread of scores is chance, 0 … 1 and above it where the consistency is negative."""
        return None if self.consistency is None else math.sqrt(1 - self.consistency)

    @property
    def standard_error(self) -> float | None:
        """By how many points a score may be off by chance."""
        if self.error_ratio is None or self.scores.deviation is None:
            return None
        return self.error_ratio * self.scores.deviation

    @cached_property
    def intended_weights(self) -> dict[tuple[str, str], float]:
        """By question, its share of all points to be had."""
        whole = math.fsum(one.maximum for one in self.items.values())
        return {id: one.maximum / whole for id, one in self.items.items()} if whole else {}

    @cached_property
    def effective_weights(self) -> dict[tuple[str, str], float | None]:
        """By question, its share in what scores differ by; None where it works against the score."""
        covariances = {id: one.with_score for id, one in self.items.items()}
        roots = {id: None if one is None or one < 0 else math.sqrt(one) for id, one in covariances.items()}
        whole = math.fsum(root for root in roots.values() if root is not None)
        return {id: None if root is None or not whole else root / whole for id, root in roots.items()}
