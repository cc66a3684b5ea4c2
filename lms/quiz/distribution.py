"""Numbers that were counted: how often each occurs, and what follows from it.

Numbers are whole (``BILLION`` parts of one), so that sums are exact: what is counted in another order, in parts or
once more gives the same figures to the last digit. Whatever is told is told in units of one.
Source of the formulas: MoodleDocs, "Quiz statistics calculations".
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

#: Parts of a point that are counted: thirds add up to a whole within what anybody is shown.
BILLION = 1_000_000_000


@dataclass(frozen=True)
class Distribution:
    """``counts``: how often each number occurs, the smallest first."""

    counts: Mapping[int, int]

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, int]]) -> Distribution:
        """From numbers and how often each was seen; the same number may come again."""
        counts: Counter[int] = Counter()
        for number, count in pairs:
            counts[number] += count
        return cls({number: counts[number] for number in sorted(counts) if counts[number]})

    @cached_property
    def total(self) -> int:
        """How many numbers."""
        return sum(self.counts.values())

    @cached_property
    def sum(self) -> int:
        return sum(number * count for number, count in self.counts.items())

    def at(self, place: int) -> int:
        """The number at this place, 0 is that of the smallest. Raises ``IndexError``."""
        for number, count in self.counts.items():
            if place < count:
                return number
            place -= count
        raise IndexError(place)

    @property
    def mean(self) -> float | None:
        return self.sum / self.total / BILLION if self.total else None

    @property
    def median(self) -> float | None:
        n = self.total
        return (self.at((n - 1) // 2) + self.at(n // 2)) / 2 / BILLION if n else None

    @property
    def variance(self) -> float | None:
        """Of a sample (n − 1); None of fewer than two numbers."""
        n = self.total
        return self._powers(2) / (n * n * (n - 1)) / BILLION**2 if n > 1 else None

    @property
    def deviation(self) -> float | None:
        return None if self.variance is None else math.sqrt(self.variance)

    @property
    def skewness(self) -> float | None:
        """k₃ / k₂^(3/2), above 0 where the longer tail is that of high numbers; None where there is none to measure."""
        n, squares, cubes = self.total, self._powers(2), self._powers(3)
        if n < 3 or not squares:
            return None
        k2, k3 = squares / (n * n * (n - 1)), cubes / (n * n * (n - 1) * (n - 2))
        return k3 / (k2 * math.sqrt(k2))

    @property
    def kurtosis(self) -> float | None:
        """k₄ / k₂²: 0 as of the normal distribution, above it with heavier tails; None where there is none."""
        n, squares, fourths = self.total, self._powers(2), self._powers(4)
        if n < 4 or not squares:
            return None
        k4 = n * (n + 1) * fourths - 3 * (n - 1) * squares**2
        return (n - 1) * k4 / ((n - 2) * (n - 3) * squares**2)

    def _powers(self, power: int) -> int:
        """Σ (n·number − sum)^power: the deviations from the mean, n times each, without a fraction."""
        n, whole = self.total, self.sum
        return sum(count * (n * number - whole) ** power for number, count in self.counts.items())


def covariance(pairs: Iterable[tuple[int, int, int]]) -> float | None:
    """Of a sample (n − 1), from pairs and how often each was seen; None of fewer than two."""
    n = left = right = products = 0
    for one, other, count in pairs:
        n += count
        left += one * count
        right += other * count
        products += one * other * count
    return (n * products - left * right) / (n * (n - 1)) / BILLION**2 if n > 1 else None


def in_order(left: Distribution, right: Distribution) -> Iterator[tuple[int, int, int]]:
    """Pairs of the smallest with the smallest, the next with the next …: no other pairs vary more together."""
    rights = iter(right.counts.items())
    other, available = next(rights, (0, 0))
    for one, wanted in left.counts.items():
        while wanted:
            if not available:
                other, available = next(rights)
            count = min(wanted, available)
            yield one, other, count
            wanted, available = wanted - count, available - count
