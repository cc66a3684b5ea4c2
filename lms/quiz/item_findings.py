"""What answers say against a question: sentences' worth of evidence for whoever may mend it.

A finding is told only where chance hardly makes one (``CHANCE``), so that a healthy quiz has none; `tests/bench` counts
hits and false alarms over simulated cohorts.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

from lms.quiz.item import Item
from lms.quiz.item_analysis import FEWEST, Choosers, ItemAnalysis

#: How often a healthy question may be accused of one thing by chance.
CHANCE = 0.01
#: Share of right answers from which a question tells nobody apart, and the one that it must be surely above.
_EASY, _SURELY = 0.95, 0.9
#: A wrong option that draws less than this part of an equal share of the wrong answers is none.
_DEAD = 0.2
#: Share of the upper group that a wrong option may have and be no second answer.
_FEW = 0.2

#: Part of a sum that changes none of its digits.
_NOTHING = 1e-17


class Finding(StrEnum):
    """What is wrong with a question."""

    WRONG_KEY = "wrong-key"  # able people choose another option than the key
    TWO_ANSWERS = "two-answers"  # … and the key as well
    AGAINST = "against"  # who does well elsewhere does badly here
    UNCHOSEN = "unchosen"  # an option that nobody takes for right
    TOO_EASY = "too-easy"


@dataclass(frozen=True, slots=True)
class Found:
    """A finding and its evidence. ``option``: the id of the option that it is about; ``choosers``: who chose that."""

    finding: Finding
    option: str = ""
    choosers: Choosers | None = None


def findings(item: Item, analysis: ItemAnalysis) -> tuple[Found, ...]:
    """What is wrong with a question, the worst first; nothing of fewer than ``FEWEST`` attempts."""
    if analysis.attempts < FEWEST:
        return ()
    return (*_of_answers(item, analysis), *_unchosen(item, analysis), *_too_easy(analysis))


def _of_answers(item: Item, analysis: ItemAnalysis) -> Iterator[Found]:
    """Whether the key is wrong, or not the only one, or the question works against the rest; one of these."""
    rivals = [id for id in _wrong(item, analysis) if _attracts(analysis, id)]
    rival = max(rivals, key=lambda id: analysis.choosers(id).upper or 0, default=None)
    works = analysis.discrimination
    if rival is not None:
        kind = Finding.TWO_ANSWERS if works is not None and works > 0 else Finding.WRONG_KEY
        yield Found(kind, rival, analysis.choosers(rival))
    elif works is not None and _by_chance(-works, analysis.attempts) < CHANCE:
        yield Found(Finding.AGAINST)


def _wrong(item: Item, analysis: ItemAnalysis) -> list[str]:
    """The options of a question with one answer that earn less than the key; none where there are several answers."""
    if item.takes_several or item.in_degrees:
        return []
    right = right_ones(item, analysis)
    return [option.id for option in item.choices() if option.id not in right]


def right_ones(item: Item, analysis: ItemAnalysis) -> list[str]:
    """The options of a question with one answer that earn all of its points, in its order.

    As it is marked by now: once a decision has made another option right, that one is no finding any more. Of what
    nobody chose the key says it.
    """
    worth, key = item.worth(), item.key() or ()
    by_key = {option.id: option.id in key or worth.get(option.id, 0) >= 1 for option in item.choices()}
    earned = {id: analysis.earns_all(id) for id in by_key}
    return [id for id, right in by_key.items() if (right if earned[id] is None else earned[id])]


def _attracts(analysis: ItemAnalysis, option: str) -> bool:
    """Whether the able take an option for right: surely more than a few of them, and they more than others.

    The second is held against the rest score, since whoever takes it loses the points of this question for it.
    """
    choosers, groups, everybody = analysis.choosers(option), analysis.group_sizes, analysis.rests.mean
    if groups is None or choosers.upper is None or choosers.rest is None or everybody is None:
        return False
    return _at_least(choosers.upper, groups[0], _FEW) < CHANCE and choosers.rest >= everybody


def _unchosen(item: Item, analysis: ItemAnalysis) -> Iterator[Found]:
    wrong = _wrong(item, analysis)
    missed = sum(analysis.choosers(id).attempts for id in wrong)
    for id in wrong:
        choice = analysis.choosers(id)
        if len(wrong) > 1 and _at_most(choice.attempts, missed, _DEAD / len(wrong)) < CHANCE:
            yield Found(Finding.UNCHOSEN, id, choice)


def _too_easy(analysis: ItemAnalysis) -> Iterator[Found]:
    n, facility = analysis.attempts, analysis.facility or 0.0
    missed = round((1 - facility) * n)
    if facility >= _EASY and _at_most(missed, n, 1 - _SURELY) < CHANCE:
        yield Found(Finding.TOO_EASY)


def _by_chance(correlation: float, n: int) -> float:
    """How often numbers that have nothing to do with each other correlate so much or more (Fisher's z)."""
    if correlation >= 1:
        return 0.0
    return 1 - NormalDist().cdf(math.atanh(max(correlation, -0.999999)) * math.sqrt(n - 3))


def _at_most(count: int, n: int, share: float) -> float:
    """How often so few of ``n``, or fewer, come about where each does with a chance of ``share`` (binomial)."""
    if count >= n * share:
        return 1 - _tail(n - count - 1, n, 1 - share)
    return _tail(count, n, share)


def _tail(count: int, n: int, share: float) -> float:
    """The same below the mean, where each term is less than the one above it, and soon too small to matter."""
    if count < 0:
        return 0.0
    term, whole = math.exp(_log_ways(n, count) + count * math.log(share) + (n - count) * math.log1p(-share)), 0.0
    for k in range(count, -1, -1):
        whole += term
        if term <= whole * _NOTHING:
            break
        term *= k / (n - k + 1) * (1 - share) / share
    return whole


def _at_least(count: int, n: int, share: float) -> float:
    """… so many, or more."""
    return _at_most(n - count, n, 1 - share)


def _log_ways(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
