"""How often a planted fault of a question is told, and how often a healthy question is accused.

    python3 dev.py simulate [--times 200] [--people 25,40,100,400]

Simulated cohorts answer twenty healthy questions with one answer each, of all degrees of difficulty, and beside them
four with a fault: a wrong key, an option that nobody takes, a second answer that is as right, and one that all know.
Who is able knows an answer more often (two-parameter logistic model); who does not, guesses.
"""

from __future__ import annotations

import argparse
import math
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from lms.quiz.distribution import BILLION
from lms.quiz.item_analysis import Cell, QuizAnalysis
from lms.quiz.item_findings import Finding, findings
from lms.quiz.items.choice import Choice
from lms.quiz.items.single import Single

OPTIONS = "abcd"
KEY, OTHER = "a", "b"
HEALTHY = 20


class Fault(StrEnum):
    """What may be wrong with a simulated question; ``NONE``: nothing."""

    NONE = "healthy"
    KEY = "wrong key"
    SECOND = "two answers"
    DEAD = "dead option"
    EASY = "too easy"


#: The sentence that must come for each.
WANTED = {
    Fault.KEY: Finding.WRONG_KEY,
    Fault.SECOND: Finding.TWO_ANSWERS,
    Fault.DEAD: Finding.UNCHOSEN,
    Fault.EASY: Finding.TOO_EASY,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: who knows its answer, and how strongly each option draws those who do not."""

    fault: Fault
    difficulty: float
    slope: float
    pull: Sequence[float]

    @classmethod
    def drawn(cls, rng: random.Random, fault: Fault) -> Asked:
        wrong = [rng.uniform(0.4, 1.6) for _ in OPTIONS[1:]]
        if fault is Fault.DEAD:
            wrong[-1] = 0.0
        return cls(fault, rng.uniform(-1, 1.2), rng.uniform(0.8, 2.2), (1.0, *wrong))

    def answered(self, rng: random.Random, ability: float) -> str:
        knows = rng.random() < 1 / (1 + math.exp(-self.slope * (ability - self.difficulty)))
        if self.fault is Fault.EASY:
            knows = rng.random() < 0.995
        if not knows:
            return rng.choices(OPTIONS, self.pull)[0]
        match self.fault:
            case Fault.KEY:
                return OTHER
            case Fault.SECOND:
                return rng.choice((KEY, OTHER))
            case _:
                return KEY


@dataclass
class Told:
    """Over all simulations: what was told of questions with each fault; ``asked``: how many of them there were."""

    asked: Counter[Fault] = field(default_factory=Counter)
    findings: defaultdict[Fault, Counter[Finding]] = field(default_factory=lambda: defaultdict(Counter))

    def hits(self, fault: Fault) -> float:
        return self.findings[fault][WANTED[fault]] / self.asked[fault]

    def beside(self, fault: Fault) -> int:
        """How often something else was told of a question with a fault."""
        return self.findings[fault].total() - self.findings[fault][WANTED[fault]]

    @property
    def false_alarms(self) -> int:
        """How many sentences came for healthy questions."""
        return self.findings[Fault.NONE].total()


def simulate(rng: random.Random, people: int, times: int) -> Told:
    told = Told()
    faults = [Fault.NONE] * HEALTHY + [*WANTED]
    for _ in range(times):
        for fault, found in zip(faults, _quiz(rng, people, faults), strict=True):
            told.asked[fault] += 1
            told.findings[fault].update(found)
    return told


def _quiz(rng: random.Random, people: int, faults: Sequence[Fault]) -> list[list[Finding]]:
    """What is told of each question after one cohort answered all of them."""
    questions = [Asked.drawn(rng, fault) for fault in faults]
    abilities = [rng.gauss(0.5, 1) for _ in range(people)]
    answers = [[one.answered(rng, ability) for one in questions] for ability in abilities]
    scores = [row.count(KEY) * BILLION for row in answers]
    analysis = QuizAnalysis.of(
        [(score, 1) for score in scores],
        {(str(place), ""): (1.0, _cells(place, answers, scores)) for place in range(len(questions))},
    )
    return [
        [one.finding for one in findings(_item(place), analysis.items[str(place), ""])]
        for place in range(len(questions))
    ]


def _cells(place: int, answers: Sequence[Sequence[str]], scores: Sequence[int]) -> list[Cell]:
    counted = Counter((row[place], score) for row, score in zip(answers, scores, strict=True))
    return [Cell((given,), BILLION * (given == KEY), score, n) for (given, score), n in counted.items()]


def _item(place: int) -> Single:
    options = tuple(Choice(id=id, text=id, right=id == KEY) for id in OPTIONS)
    return Single(id=str(place), title=str(place), stem="?", options=options)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="dev.py simulate", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--people", default="25,40,100,400", help="sizes of cohorts")
    options = parser.parse_args(arguments)
    print(f"{options.times} simulations each of {HEALTHY} healthy questions and {len(WANTED)} with a fault\n")
    print(f"| people | {' | '.join(f'{fault} told' for fault in WANTED)} | told beside | false alarms |")
    print("|---|" + "---|" * (len(WANTED) + 2))
    for people in map(int, options.people.split(",")):
        told = simulate(random.Random(people), people, options.times)
        hits = " | ".join(f"{told.hits(fault):.0%}" for fault in WANTED)
        beside = sum(map(told.beside, WANTED))
        asked = told.asked[Fault.NONE]
        print(f"| {people} | {hits} | {beside} | {told.false_alarms} of {asked:,} questions |", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
