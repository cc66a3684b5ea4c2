"""From a quiz before what was taught to the one after it: what the people who did both had gained.

Of each the first attempt counts, and nobody is counted who did one of them only, did them the other way round, or still
waits for a mark: these are told apart (``Left``). A quiz names the one before it (``Quiz.after``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from statistics import fmean
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from lms.catalog.model import Catalog
from lms.db.attempts import Attempt
from lms.db.cohorts import Enrolment
from lms.learning.attempt_records import Scored
from lms.learning.membership import MADE_UNDER, TAKES_PART
from lms.quiz.quiz import Quiz

#: Of fewer people nothing is drawn: one of them would move the picture.
FEWEST = 10
BANDS = 10
#: Shares that differ by less are the same: they were computed in floating point.
_ALIKE = 1e-9


class Left(StrEnum):
    """Why somebody who did something is not among those who did both."""

    BEFORE_ONLY = "before"
    AFTER_ONLY = "after"
    OTHER_WAY_ROUND = "round"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two quizzes that are compared."""

    before: Quiz
    after: Quiz


def pairs(catalog: Catalog) -> list[Pair]:
    """In the order of the course."""
    quizzes = catalog.quizzes
    return [Pair(quizzes[one.after], one) for one in quizzes.values() if one.after in quizzes]


@dataclass(frozen=True, slots=True)
class Both:
    """What somebody scored before and after, 0…1."""

    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Band:
    """Those who began in one tenth: how many, and their means."""

    tenth: int  # 0…9; the last one holds 100 %, too
    people: int
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Gain:
    """``both``: of those who did both. ``left``: how many others there are, by why they are not among them."""

    both: Sequence[Both] = ()
    left: Mapping[Left, int] = field(default_factory=dict)

    @property
    def people(self) -> int:
        return len(self.both)

    @property
    def before(self) -> float | None:
        """The mean share; None: of nobody."""
        return fmean(one.before for one in self.both) if self.both else None

    @property
    def after(self) -> float | None:
        return fmean(one.after for one in self.both) if self.both else None

    @property
    def normalised(self) -> float | None:
        """What was gained of what could be: (after - before) / (1 - before), of the means.

        None where nothing could be gained: of nobody, or where all had everything right before. Source: R. R. Hake,
        "Interactive-engagement versus traditional methods", American Journal of Physics 66 (1998), 64-74.
        """
        if self.before is None or self.after is None or 1 - self.before < _ALIKE:
            return None
        return (self.after - self.before) / (1 - self.before)

    @property
    def rose(self) -> int:
        return sum(one.after - one.before > _ALIKE for one in self.both)

    @property
    def fell(self) -> int:
        return sum(one.before - one.after > _ALIKE for one in self.both)

    @property
    def stayed(self) -> int:
        return self.people - self.rose - self.fell

    @property
    def bands(self) -> list[Band]:
        """By the tenth in which people began, the lowest first; where nobody began there is none."""
        found: defaultdict[int, list[Both]] = defaultdict(list)
        for one in self.both:
            found[min(BANDS - 1, int(one.before * BANDS + _ALIKE))].append(one)
        return [
            Band(tenth, len(own), fmean(one.before for one in own), fmean(one.after for one in own))
            for tenth, own in sorted(found.items())
        ]


def of(db: Connection, cohort_id: UUID, asked: Sequence[Pair]) -> list[Gain]:
    """Of each pair what a cohort gained. One statement for all of them."""
    named = {quiz.id for pair in asked for quiz in (pair.before, pair.after)}
    first: defaultdict[str, dict[UUID, _First]] = defaultdict(dict)
    for person, quiz, *attempt in db.execute(_FIRST, {"cohort_id": cohort_id, "quizzes": sorted(named)}):
        first[quiz][person] = _First(*attempt)
    return [_gain(first[pair.before.id], first[pair.after.id]) for pair in asked]


@dataclass(frozen=True, slots=True)
class _First(Scored):
    """Somebody's first attempt at a quiz, handed in."""

    started_at: datetime
    submitted_at: datetime
    score: float | None
    maximum: float


def _gain(before: Mapping[UUID, _First], after: Mapping[UUID, _First]) -> Gain:
    both: list[Both] = []
    left = Counter[Left]()
    for person in before.keys() | after.keys():
        found = _compared(before.get(person), after.get(person))
        if isinstance(found, Both):
            both.append(found)
        else:
            left[found] += 1
    return Gain(both, left)


def _compared(before: _First | None, after: _First | None) -> Both | Left:
    if after is None:
        return Left.BEFORE_ONLY
    if before is None:
        return Left.AFTER_ONLY
    if before.submitted_at > after.started_at:
        return Left.OTHER_WAY_ROUND
    if before.share is None or after.share is None:
        return Left.WAITING
    return Both(before.share, after.share)


_FIRST: Any = (
    select(
        Attempt.enrolment_id,
        Attempt.quiz,
        Attempt.started_at,
        Attempt.submitted_at,
        Attempt.score,
        Attempt.maximum,
    )
    .join(Enrolment, MADE_UNDER)
    .where(
        Enrolment.cohort_id == bindparam("cohort_id"),
        TAKES_PART,
        Attempt.quiz.in_(bindparam("quizzes", expanding=True)),
        Attempt.number == 1,
        Attempt.submitted_at.is_not(None),
    )
)
