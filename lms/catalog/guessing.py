"""How far somebody gets who knows nothing but test-craft: whether the options of a bank give their keys away.

Two kinds of guessers are let loose on single-choice questions. Rules look at one trait of the options, as people do who
have taken many tests. The learner has only seen the words of options in other files, right and wrong: a naive Bayes
classifier over the words of an option, with Laplace's rule for words that are rare (Manning, Raghavan, Schütze:
Introduction to Information Retrieval, chapter 13, Bernoulli model without absent words).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from lms.quiz.items.choice import ChoiceItem

#: Path of a file -> its single-choice questions.
Questions = Mapping[str, Sequence[ChoiceItem]]
#: How strongly each option of a question is taken for its key.
Rule = Callable[[ChoiceItem], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Score:
    """``hits``: the questions got right, a guess among several equals counting as its share; of ``total``."""

    hits: float = 0.0
    total: int = 0

    @property
    def share(self) -> float:
        return self.hits / self.total if self.total else 0.0

    def __add__(self, other: Score) -> Score:
        return Score(self.hits + other.hits, self.total + other.total)


def score(questions: Iterable[ChoiceItem], rule: Rule) -> Score:
    """How many keys somebody finds who always chooses the option that the rule likes best."""
    shares = [_hit(question, rule(question)) for question in questions]
    return Score(math.fsum(shares), len(shares))


def _hit(question: ChoiceItem, liking: Sequence[float]) -> float:
    most = max(liking) - 1e-9
    chosen = [option for option, liked in zip(question.options, liking, strict=True) if liked >= most]
    return sum(option.right for option in chosen) / len(chosen)


def total(scores: Iterable[Score]) -> Score:
    return sum(scores, Score())


# --- rules ----------------------------------------------------------------------------------------------------------


def _words(*words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})\b")


_REASON = _words("karena", "sebab", "agar", "supaya", "sehingga", "demi")
_ABSOLUTE = _words("selalu", "semua", "setiap", "seluruh", "hanya", "saja", "pasti", r"tidak pernah", "cukup")
_CLAUSE = re.compile(r"[,;:]|\b(?:lalu|kemudian|serta|dan|sambil|sebelum|sesudah|setelah)\b")
_PROCEDURE = re.compile(
    r"\b(?:me|di|ber)?(?:n?catat|n?tanya|lapor|m?inta|p?eriksa|cek|konfirmasi|s?ampai|jelas|usul|ajak|baca|tulis|susun"
    r"|dokumentasi|koordinasi|verifikasi|tunjuk)\w*|\b(?:lalu|kemudian|tertulis)\b"
)


def _lengths(question: ChoiceItem) -> list[int]:
    return [len(option.text) for option in question.options]


def _second_longest(question: ChoiceItem) -> list[float]:
    lengths = _lengths(question)
    second = sorted(lengths, reverse=True)[1]
    return [float(length == second) for length in lengths]


def _count(pattern: re.Pattern[str], question: ChoiceItem, *, sign: int) -> list[float]:
    return [sign * len(pattern.findall(option.text.casefold())) for option in question.options]


#: What test-takers go by -> the rule.
RULES: Mapping[str, Rule] = {
    "terpanjang": _lengths,
    "terpanjang kedua": _second_longest,
    "terpendek": lambda question: [-length for length in _lengths(question)],
    "paling prosedural": partial(_count, _PROCEDURE, sign=1),
    "anak kalimat terbanyak": partial(_count, _CLAUSE, sign=1),
    "tanpa alasan": partial(_count, _REASON, sign=-1),
    "tanpa kata mutlak": partial(_count, _ABSOLUTE, sign=-1),
}


# --- the learner ----------------------------------------------------------------------------------------------------


def vocabulary(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold()))


class _Seen:
    """In how many right and wrong options each word stands."""

    def __init__(self, questions: Iterable[ChoiceItem] = ()) -> None:
        options = [option for question in questions for option in question.options]
        self.right = Counter(word for option in options if option.right for word in vocabulary(option.text))
        self.wrong = Counter(word for option in options if not option.right for word in vocabulary(option.text))
        self.keys = sum(option.right for option in options)
        self.lures = len(options) - self.keys

    def leaning(self, word: str, without: _Seen) -> float:
        """The logarithm of how much likelier the word makes a key, as learnt from everything but ``without``."""
        right, wrong = self.right[word] - without.right[word], self.wrong[word] - without.wrong[word]
        keys, lures = self.keys - without.keys, self.lures - without.lures
        return math.log((right + 1) / (keys + 2)) - math.log((wrong + 1) / (lures + 2)) if right + wrong else 0.0


def by_words(questions: Questions) -> Mapping[str, Score]:
    """By file, how many keys the learner finds that has seen all the others."""
    seen = _Seen(question for asked in questions.values() for question in asked)
    return {path: score(asked, partial(_learnt, seen, _Seen(asked))) for path, asked in questions.items()}


def _learnt(seen: _Seen, without: _Seen, question: ChoiceItem) -> list[float]:
    return [math.fsum(seen.leaning(word, without) for word in vocabulary(option.text)) for option in question.options]


def telling_words(questions: Questions, count: int) -> list[tuple[str, int, int]]:
    """The words that tell most between keys and lures: word, keys and lures that hold it."""
    seen = _Seen(question for asked in questions.values() for question in asked)
    nothing = _Seen()

    def weight(word: str) -> float:
        return abs(seen.leaning(word, nothing)) * math.sqrt(seen.right[word] + seen.wrong[word])

    words = sorted({*seen.right, *seen.wrong}, key=lambda word: (-weight(word), word))
    return [(word, seen.right[word], seen.wrong[word]) for word in words[:count]]


# --- a quiz whose keys are told by their length ---------------------------------------------------------------------

#: Standard deviations above chance from which it is none: one quiz in a hundred has as many by luck.
_BEYOND_CHANCE = 2.33
#: Share of the keys that somebody must find to profit by it.
_WORTH_KNOWING = 0.6


def told_by_length(questions: Iterable[ChoiceItem]) -> Score | None:
    """How many keys are the longest of their options, where that is beyond chance and worth knowing; else None."""
    asked = list(questions)
    found = score(asked, _lengths)
    chances = [len(one.right) / len(one.options) for one in asked]
    spread = math.sqrt(math.fsum(chance * (1 - chance) for chance in chances))
    is_told = found.hits - math.fsum(chances) > _BEYOND_CHANCE * spread and found.share >= _WORTH_KNOWING
    return found if is_told else None


def is_longest(question: ChoiceItem) -> bool:
    """Whether the key is longer than every other option."""
    return _hit(question, _lengths(question)) == 1.0
