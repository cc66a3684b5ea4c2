"""Who takes part, and what becomes of each. Roles, not persons: nobody is invented."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

PEOPLE = 60
#: The first cohort has so many that a statistic says something of it; the second too few for that.
IN_FIRST = 48


class Lot(Enum):
    """What becomes of somebody."""

    LEARNS = auto()  # at about the pace of the cohort
    FINISHES = auto()  # all of the course, with a certificate
    STAYS_AWAY = auto()
    GOES_QUIET = auto()  # since twelve days
    FAILS = auto()  # the same quiz, three times
    STICKS = auto()  # in one lesson
    DOUBTS = auto()  # their answers in the simulation


#: Number of a participant -> what becomes of them; everybody else learns.
LOTS = {
    1: Lot.FINISHES,
    2: Lot.STAYS_AWAY,
    3: Lot.GOES_QUIET,
    4: Lot.FAILS,
    5: Lot.STICKS,
    6: Lot.DOUBTS,
    50: Lot.STAYS_AWAY,
    52: Lot.GOES_QUIET,
}
#: Numbers of those who …
LONG_NAME = 7
ALLOWED = 8
INTERRUPTED = 9  # … left an attempt open
ESSAYISTS = range(11, 23)  # … handed in essays, of which those of the first are marked
MARKED = range(11, 15)
MARKED_TWICE = 11  # … one of them by two people, who differ
SIMULATED = range(23, 33)  # … took the simulation
OUT_OF_TIME = 32  # … one of them until the time was over
AGAIN = range(15, 45)  # … took the pretest once more, where they have come far
PUZZLED = range(33, 38)  # … said that they do not understand a lesson yet
REPORTING = (27, 35, 42)  # … said something of the planted question
CONTACTED = 3  # … went quiet, and was asked why
NOTED = 5  # … is stuck, and something was agreed with them


@dataclass(frozen=True, slots=True)
class Learner:
    """``knows``: how able they are, in logits around 0. ``pace``: of what should be done by now, the share that is."""

    number: int
    lot: Lot
    knows: float
    pace: float

    @property
    def login(self) -> str:
        return login(self.number)

    @property
    def name(self) -> str:
        if self.number == LONG_NAME:
            return f"{self._plain} dengan nama yang panjang {'sekali ' * 11}sekali."  # 120 characters
        return self._plain

    @property
    def _plain(self) -> str:
        return f"Peserta {self.number:02}"

    @property
    def is_in_first(self) -> bool:
        return self.number <= IN_FIRST

    def chance(self, of: str) -> random.Random:
        """What falls to them in one matter, whatever else happens."""
        return random.Random(f"{self.login} {of}")  # noqa: S311 – a story, not a secret


def login(number: int) -> str:
    return f"peserta-{number:02}"


def everybody() -> Sequence[Learner]:
    return [_learner(number) for number in range(1, PEOPLE + 1)]


def _learner(number: int) -> Learner:
    rng = random.Random(number)  # noqa: S311
    lot = LOTS.get(number, Lot.LEARNS)
    knows = 3.0 if lot is Lot.FINISHES else rng.gauss(0, 0.8)
    return Learner(number, lot, knows, pace=rng.choice((0.4, *(0.9, 1.0, 1.0, 1.1, 1.2) * 2)))
