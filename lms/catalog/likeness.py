"""Questions that are too near to each other: stems that read alike, and questions that give another's answer away."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

from lms.quiz.item import Item
from lms.quiz.quiz import Quiz

#: Share of the runs of three words that two stems have in common, from which they read alike.
ALIKE = 0.5
#: Words that a typed answer or a key must have to be told from what stands anywhere.
_TELLING = 3
_RUN = 3

Pair = tuple[Item, Item]


def alike(items: Iterable[Item]) -> list[Pair]:
    """Pairs whose stems share more than ``ALIKE`` of their runs of words (Jaccard), also within a family."""
    runs = {item.id: (item, _runs(item.stem)) for item in items}
    holding: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for id, (_item, own) in runs.items():
        for run in own:
            holding[run].append(id)
    near = {pair for ids in holding.values() for pair in combinations(ids, 2)}
    return [
        (runs[one][0], runs[other][0])
        for one, other in sorted(near)
        if len(runs[one][1] & runs[other][1]) > ALIKE * len(runs[one][1] | runs[other][1])
    ]


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = _words(text)
    return frozenset(tuple(words[at : at + _RUN]) for at in range(max(1, len(words) - _RUN + 1)))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", re.sub(r"\]\([^)]*\)", "]", text.casefold()))


def given_away(quiz: Quiz) -> Iterator[Pair]:
    """Pairs of a question and another one whose stem tells its answer; kin of a family never meet in one attempt."""
    stems = {item.id: f" {' '.join(_words(item.stem))} " for item in quiz.items}
    for item in quiz.items:
        answers = [" ".join(_words(str(answer))) for answer in item.solution()]
        telling = [answer for answer in answers if len(answer.split()) >= _TELLING or _is_name(answer)]
        for other in quiz.items:
            kin = item.family and item.family == other.family
            if other is not item and not kin and any(f" {answer} " in stems[other.id] for answer in telling):
                yield item, other


def _is_name(answer: str) -> bool:
    """Whether a short answer is a word of its own, and no number or everyday word."""
    return len(answer) >= 6 and not answer.isdecimal()
