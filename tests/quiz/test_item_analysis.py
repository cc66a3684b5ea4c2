"""The figures of a quiz agree with a computation written apart, and with examples worked by hand."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from math import inf, sqrt

import numpy as np
import pandas as pd
import pytest

from lms.quiz.distribution import BILLION, Distribution, covariance, in_order
from lms.quiz.item_analysis import Cell, Choosers, Groups, ItemAnalysis, QuizAnalysis

OPTIONS = "abcd"


def cells(rows: Sequence[tuple[str, float, float]]) -> list[Cell]:
    """As a database counts them: response (empty: none), points and score of each attempt."""
    counted = Counter(rows)
    return [
        Cell(tuple(response), round(points * BILLION), round(score * BILLION), count)
        for (response, points, score), count in counted.items()
    ]


class Sitting:
    """Attempts at a quiz, random: able people do better; ``steps``: how finely a question is marked."""

    def __init__(self, seed: int, *, attempts: int, items: int, steps: int = 1, spread: float = 1.0) -> None:
        rng = random.Random(seed)
        self.maxima = [rng.choice((1.0, 2.0, 2.5)) for _ in range(items)]
        able = [rng.gauss(0, spread) for _ in range(attempts)]
        hard = [rng.gauss(0, 1) for _ in range(items)]
        self.points = np.zeros((attempts, items))
        self.responses = [[""] * items for _ in range(attempts)]
        for i in range(attempts):
            for j in range(items):
                step = sum(rng.gauss(able[i] - hard[j], 1) > 0 for _ in range(steps))
                self.points[i, j] = round(self.maxima[j] * step / steps, 9)
                self.responses[i][j] = "a" if step == steps else rng.choice(("b", "c", "d", ""))
        self.scores = self.points.sum(axis=1)

    def __str__(self) -> str:
        attempts, items = self.points.shape
        return f"{attempts} attempts at {items} questions"

    @property
    def analysis(self) -> QuizAnalysis:
        rows = {
            str(j): (
                maximum,
                cells([(self.responses[i][j], self.points[i, j], score) for i, score in enumerate(self.scores)]),
            )
            for j, maximum in enumerate(self.maxima)
        }
        return QuizAnalysis.of([(round(score * BILLION), 1) for score in self.scores], rows)


SITTINGS = [
    Sitting(1, attempts=200, items=20),
    Sitting(2, attempts=57, items=7, steps=3),
    Sitting(3, attempts=25, items=2),
    Sitting(4, attempts=40, items=5, spread=0),
    Sitting(5, attempts=4, items=3),
]


def near(value: float | None, other: float) -> bool:
    """Alike to 1e-9, or both without a value."""
    return value is None if np.isnan(other) or abs(other) == inf else value == pytest.approx(other, abs=1e-9)


@pytest.mark.parametrize("sitting", SITTINGS, ids=str)
def test_scores_are_told_as_pandas_tells_them(sitting: Sitting) -> None:
    scores, ours = pd.Series(sitting.scores), sitting.analysis.scores
    assert near(ours.mean, scores.mean())
    assert near(ours.median, scores.median())
    assert near(ours.deviation, scores.std())
    assert near(ours.skewness, scores.skew())
    assert near(ours.kurtosis, scores.kurt())


@pytest.mark.parametrize("sitting", SITTINGS, ids=str)
def test_a_question_is_told_as_numpy_tells_it(sitting: Sitting) -> None:
    covariances = {}
    for j, maximum in enumerate(sitting.maxima):
        x, total = sitting.points[:, j], sitting.scores
        ours, rest = sitting.analysis.items[str(j)], total - x
        with np.errstate(invalid="ignore", divide="ignore"):
            agreement = np.corrcoef(x, rest)[0, 1]
            best = np.cov(np.sort(x), np.sort(rest))[0, 1]
            efficiency = np.cov(x, rest)[0, 1] / best if best > 1e-12 else np.nan
        assert near(ours.facility, x.mean() / maximum)
        assert near(ours.deviation, x.std(ddof=1) / maximum)
        assert near(ours.discrimination, agreement)
        assert near(ours.efficiency, efficiency)
        covariances[str(j)] = np.cov(x, total)[0, 1]
    roots = {id: sqrt(one) for id, one in covariances.items() if one >= 0}
    assert {id: one for id, one in sitting.analysis.effective_weights.items() if one is not None} == pytest.approx(
        {id: root / sum(roots.values()) for id, root in roots.items()}, abs=1e-9
    )


@pytest.mark.parametrize("sitting", SITTINGS, ids=str)
def test_consistency_is_told_as_numpy_tells_it(sitting: Sitting) -> None:
    p = len(sitting.maxima)
    spread = sitting.scores.var(ddof=1)
    alpha = p / (p - 1) * (1 - sitting.points.var(axis=0, ddof=1).sum() / spread)
    assert near(sitting.analysis.consistency, alpha)
    assert near(sitting.analysis.error_ratio, sqrt(1 - alpha))
    assert near(sitting.analysis.standard_error, sqrt(1 - alpha) * sqrt(spread))


def test_groups_are_those_of_the_scores_and_never_part_equal_ones() -> None:
    sitting = SITTINGS[0]
    item, ordered = sitting.analysis.items["0"], np.sort(sitting.scores)
    lower, upper = ordered[53], ordered[-54]  # 27 of 100, of 200 attempts
    chose = np.array([row[0] == "a" for row in sitting.responses])
    expected = Choosers(
        attempts=int(chose.sum()),
        share=chose.mean(),
        rest=pytest.approx((sitting.scores - sitting.points[:, 0])[chose].mean(), abs=1e-9),
        upper=int((chose & (sitting.scores >= upper)).sum()),
        middle=int((chose & (sitting.scores < upper) & (sitting.scores > lower)).sum()),
        lower=int((chose & (sitting.scores <= lower)).sum()),
    )
    assert item.choosers("a") == expected
    assert sum(item.choosers(option).attempts for option in OPTIONS) + item.unanswered.attempts == item.attempts


def test_an_example_worked_by_hand() -> None:
    """Five attempts at two questions: points (1,1) (1,1) (1,0) (0,1) (0,0), scores 2 2 1 1 0."""
    rows = [("a", 1, 2), ("a", 1, 2), ("a", 1, 1), ("b", 0, 1), ("", 0, 0)]
    others = [("a", 1, 2), ("a", 1, 2), ("b", 0, 1), ("a", 1, 1), ("b", 0, 0)]
    quiz = QuizAnalysis.of(
        [(score * BILLION, 1) for score in (2, 2, 1, 1, 0)], {"x": (1, cells(rows)), "y": (1, cells(others))}
    )
    one = quiz.items["x"]
    # x and its rest are 1 1 1 0 0 and 1 1 0 1 0: variances 3/10 each, covariance 2/4 − (3·3)/(5·4) = 1/20
    assert one.facility == pytest.approx(3 / 5)
    assert one.discrimination == pytest.approx((1 / 20) / (3 / 10))
    assert one.efficiency == pytest.approx((1 / 20) / (3 / 10))  # sorted, both are 0 0 1 1 1
    # the scores vary by 7/10: α = 2 · (1 − (6/10)/(7/10)) = 2/7
    assert quiz.consistency == pytest.approx(2 / 7)
    assert quiz.effective_weights == pytest.approx({"x": 0.5, "y": 0.5})
    assert quiz.scores.median == 1


def test_shape_and_weights_worked_by_hand() -> None:
    """Scores 0 0 0 4: they lie −1 −1 −1 3 from their mean; the sums of powers are 12, 24 and 84."""
    scores = Distribution.of([(0, 3), (4 * BILLION, 1)])
    assert scores.deviation == pytest.approx(2, abs=1e-9)  # 12 / 3 = 4
    assert scores.skewness == pytest.approx(2, abs=1e-9)  # (4 · 24 / (3 · 2)) / 4^(3/2)
    assert scores.kurtosis == pytest.approx(4, abs=1e-9)  # 4 · 5 · 84 / (3 · 2 · 1 · 4²) − 3 · 3² / (2 · 1)
    # three points of four are those of the first question, which varies nine times as much as the second
    quiz = QuizAnalysis.of(
        [(0, 3), (4 * BILLION, 1)],
        {"x": (3, cells([("", 0, 0)] * 3 + [("a", 3, 4)])), "y": (1, cells([("", 0, 0)] * 3 + [("a", 1, 4)]))},
    )
    assert quiz.intended_weights == pytest.approx({"x": 3 / 4, "y": 1 / 4}, abs=1e-9)
    # covariances with the score: 3 · 4 / 4 = 3 and 1 · 4 / 4 = 1
    roots = sqrt(3) + 1
    assert quiz.effective_weights == pytest.approx({"x": sqrt(3) / roots, "y": 1 / roots}, abs=1e-9)
    # variances 9/4, 1/4 and 4: α = 2 · (1 − (10/4)/4) = 3/4; then 1/2 of the spread is chance, 1 point of 4
    assert quiz.consistency == pytest.approx(3 / 4, abs=1e-9)
    assert (quiz.error_ratio, quiz.standard_error) == pytest.approx((1 / 2, 1), abs=1e-9)


def test_where_nothing_differs_nothing_is_told() -> None:
    alike = QuizAnalysis.of([(BILLION, 30)], {"x": (1.0, [Cell(("a",), BILLION, BILLION, 30)])})
    item = alike.items["x"]
    assert (item.facility, item.deviation) == (1.0, 0.0)
    assert (item.discrimination, item.efficiency, alike.consistency, alike.standard_error) == (None,) * 4
    assert (alike.scores.skewness, alike.scores.kurtosis) == (None, None)
    assert item.choosers("a") == Choosers(30, 1.0, 0.0)


@pytest.mark.parametrize("attempts", [0, 1])
def test_of_one_attempt_or_none_no_spread_is_told(attempts: int) -> None:
    found = [Cell(("a",), BILLION, BILLION, 1)] * attempts
    quiz = QuizAnalysis.of([(BILLION, 1)] * attempts, {"x": (1.0, found), "y": (1.0, found)})
    assert quiz.items["x"].facility == (1.0 if attempts else None)
    told = (quiz.scores.variance, quiz.scores.skewness, quiz.items["x"].discrimination, quiz.consistency)
    assert told == (None,) * 4
    assert not quiz.is_telling


def test_a_question_that_works_against_the_score_has_no_effective_weight() -> None:
    rows = [("a", 1, 1)] * 5 + [("b", 0, 9)] * 5
    quiz = QuizAnalysis.of(
        [(BILLION, 5), (9 * BILLION, 5)],
        {"x": (1.0, cells(rows)), "y": (9.0, cells([("a", 0, 1)] * 5 + [("a", 9, 9)] * 5))},
    )
    assert quiz.effective_weights == {"x": None, "y": 1.0}
    assert quiz.items["x"].discrimination == -1.0


def test_no_consistency_is_told_of_attempts_that_asked_different_questions() -> None:
    sitting = SITTINGS[0].analysis
    drawn = {id: replace(one, cells=one.cells[1:]) for id, one in sitting.items.items()}
    assert (
        QuizAnalysis.of(
            sitting.scores.counts.items(), {id: (one.maximum, one.cells) for id, one in drawn.items()}
        ).consistency
        is None
    )


def test_counting_in_another_order_or_in_parts_gives_the_same_figures() -> None:
    item = SITTINGS[1].analysis.items["2"]
    parts = [replace(cell, count=1) for cell in item.cells for _ in range(cell.count)]
    random.Random(6).shuffle(parts)
    again = ItemAnalysis(item.maximum, parts, item.groups)
    assert (again.facility, again.discrimination, again.efficiency) == (
        item.facility,
        item.discrimination,
        item.efficiency,
    )
    assert [again.choosers(option) for option in OPTIONS] == [item.choosers(option) for option in OPTIONS]


def test_pairs_in_order_vary_most_together() -> None:
    left, right = Distribution.of([(1, 2), (5, 1)]), Distribution.of([(2, 1), (3, 2)])
    assert list(in_order(left, right)) == [(1, 2, 1), (1, 3, 1), (5, 3, 1)]
    assert covariance([]) is None


def test_equal_scores_make_a_group_larger_and_too_many_make_none() -> None:
    assert Groups.of(Distribution.of([(1, 4), (2, 3), (3, 3)])) == Groups(lower=1, upper=3)
    assert Groups.of(Distribution.of([(1, 1), (2, 9)])) is None  # nine of ten are alike
