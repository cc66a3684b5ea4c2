"""What to do next, and how much of it today: a catalog, records and a last day -> steps in an order. Pure.

There is one order, and whatever leads on asks for it: the start page, the days of the plan, the button at the end of
a lesson, the calendar. It is the order of the course, turned so that it goes on where the person is, and after a
pre-test with those modules first in which it showed most gaps.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from lms.catalog import readings
from lms.catalog.model import Catalog, Lesson, Module
from lms.learning import progress
from lms.learning.conditions import Availability
from lms.learning.progress import Records
from lms.quiz.quiz import Quiz

Step = Lesson | Quiz

NOW = Availability.NOW
#: As the simulation of the shipped pack gives for thirty questions: 45 minutes.
MINUTES_A_QUESTION = 1.5
#: What is proposed where no last day is known: what can be done at one sitting.
A_SITTING = 25
#: Minutes a day that somebody can give beside their work. A plan that asks for more says that it will not be kept.
MOST_A_DAY = 120
#: So many questions come back on one day at most, and so long each takes: five minutes.
MOST_CARDS = 10
A_CARD = timedelta(seconds=30)
#: How much of a module is to be learnt that the pre-test did not ask about: one half, for nothing is known.
UNKNOWN = 0.5


def minutes(step: Step) -> int:
    """How long a step takes, as an estimate."""
    if isinstance(step, Lesson):
        return step.minutes
    if step.time_limit is not None:
        return math.ceil(step.time_limit / timedelta(minutes=1))
    return math.ceil(step.length * MINUTES_A_QUESTION)


def card_minutes(count: int) -> int:
    """How long it takes to review so many cards, in whole minutes."""
    return math.ceil(count * A_CARD / timedelta(minutes=1))


@dataclass(frozen=True, slots=True)
class Blocked:
    """A quiz that is left and cannot be begun now."""

    quiz: Quiz
    why: Availability


@dataclass(frozen=True, slots=True)
class Day:
    """What a plan puts on one day. ``cards``: how many questions come back on it."""

    on: date
    steps: tuple[Step, ...]
    cards: int = 0

    @property
    def minutes(self) -> int:
        return sum(map(minutes, self.steps)) + card_minutes(self.cards)

    @property
    def is_empty(self) -> bool:
        return not self.steps and not self.cards


@dataclass(frozen=True, slots=True)
class Plan:
    """``steps``: what is left and can be done, in their order; ``blocked``: what is left and cannot be begun.

    ``done_today``: minutes of the steps that were done since midnight. ``finish_on``: the last day; None: no day is
    known, or it has gone by. ``cards``: how many questions come back today and on the days after it; no step of the
    course, so that neither the order nor what is left hangs on them.
    """

    steps: tuple[Step, ...]
    blocked: tuple[Blocked, ...] = field(default=())
    done_today: int = 0
    today: date = date.min
    finish_on: date | None = None
    cards: tuple[int, ...] = ()

    @property
    def next(self) -> Step | None:
        return self.steps[0] if self.steps else None

    def after(self, step: str) -> Step | None:
        """The first step that is not the one with this id: where to go on from it, done or not."""
        return next((one for one in self.steps if one.id != step), None)

    @property
    def minutes_left(self) -> int:
        return sum(map(minutes, self.steps))

    @property
    def days_left(self) -> int | None:
        """Today and the last day among them."""
        return (self.finish_on - self.today).days + 1 if self.finish_on else None

    @property
    def minutes_a_day(self) -> int:
        """What every day from today has to bring, today what was done already among it."""
        if self.days_left is None:
            return A_SITTING
        return math.ceil((self.done_today + self.minutes_left) / self.days_left)

    @property
    def can_be_kept(self) -> bool:
        return self.days_left is None or self.minutes_a_day <= MOST_A_DAY

    def days(self) -> Iterator[Day]:
        """The steps over the days that are left; where they are too many, those that fit. Without a last day none."""
        if self.days_left is None:
            return
        quota = min(self.minutes_a_day, MOST_A_DAY)
        waiting, spent = list(self.steps), self.done_today
        for place in range(1, self.days_left + 1):
            taken: list[Step] = []
            while waiting and spent < place * quota:
                taken.append(waiting.pop(0))
                spent += minutes(taken[-1])
            yield Day(self.today + timedelta(days=place - 1), tuple(taken), self._cards(place - 1))
            if not waiting:
                return

    def todays(self) -> Day:
        """What is left of today's share; without a last day what can be done at one sitting."""
        if self.days_left is not None:
            return next(self.days(), Day(self.today, (), self._cards(0)))
        today = Day(self.today, (), self._cards(0))
        for step in self.steps:
            if today.minutes >= A_SITTING:
                break
            today = replace(today, steps=(*today.steps, step))
        return today

    def _cards(self, ahead: int) -> int:
        return self.cards[ahead] if ahead < len(self.cards) else 0

    def out_of_reach(self) -> tuple[Step, ...]:
        """The steps for which the days do not suffice."""
        if self.can_be_kept:
            return ()
        placed = sum(len(day.steps) for day in self.days())
        return self.steps[placed:]


def make(
    catalog: Catalog,
    records: Records,
    *,
    available: Callable[[Quiz], Availability],
    today: date,
    finish_on: date | None = None,
    at: str | None = None,
    gaps: Mapping[str, float] | None = None,
    done_today: Collection[str] = (),
) -> Plan:
    """``at``: id of the step a person is in, or did last. ``gaps``: by module, what share of the pre-test was missed;
    ``done_today``: ids of steps that were done since midnight.
    """
    last = finish_on if finish_on and finish_on >= today else None
    spent = sum(minutes(step) for step in _named(catalog, done_today))

    def plan(first: Collection[str]) -> Plan:
        left = _with_simulation(catalog, records, _ordered(catalog, records, at, gaps or {}, first))
        blocked = [
            Blocked(step, why) for step in left if isinstance(step, Quiz) and (why := available(step)) is not NOW
        ]
        shut = {one.quiz.id for one in blocked}
        open_now = tuple(step for step in left if step.id not in shut)
        return Plan(open_now, tuple(blocked), spent, today, last)

    whole = plan(())
    return whole if whole.can_be_kept else plan(goal_modules(catalog))  # what the goal needs comes first


def gaps(pretest: Quiz, fractions: Mapping[str, float | None], catalog: Catalog) -> dict[str, float]:
    """By module, what share of the questions of a pre-test was missed; ``fractions``: by question, None: not marked."""
    missed: dict[str, list[float]] = {}
    for item in pretest.items:
        fraction = fractions.get(item.id)
        if fraction is None:
            continue
        for module in readings.modules(catalog, item):
            missed.setdefault(module.id, []).append(1 - fraction)
    return {module: math.fsum(shares) / len(shares) for module, shares in missed.items()}


def _named(catalog: Catalog, ids: Collection[str]) -> Iterator[Step]:
    for id in ids:
        step = catalog.quizzes.get(id) or catalog.lesson_called(id)
        if step:
            yield step


def goal_modules(catalog: Catalog) -> frozenset[str]:
    """The modules from which the simulation of the goal draws its questions."""
    simulation = catalog.simulation
    tags = {tag for draw in simulation.draws for tag in draw.tags} if simulation else set()
    return frozenset(module.id for module in catalog.modules.values() if tags & {module.id, module.agenda})


def _ordered(
    catalog: Catalog, records: Records, at: str | None, gaps: Mapping[str, float], first: Collection[str]
) -> list[Step]:
    """The steps that are left."""
    modules = list(catalog.modules.values())
    here = next((place for place, one in enumerate(modules) if any(step.id == at for step in one.steps)), 0)
    turned = modules[here:] + modules[:here]  # on from where the person is, then what was passed over

    def urgency(module: Module) -> tuple[bool, bool, float]:
        is_here = module is turned[0] and at is not None
        return bool(first) and module.id not in first, not is_here, -gaps.get(module.id, UNKNOWN) if gaps else 0.0

    left = {step.id for step in progress.remaining(catalog, records)}
    ordered: list[Step] = []
    for module in sorted(turned, key=urgency):
        ordered += [step for step in _turned(module, at) if step.id in left]
    return ordered


def _turned(module: Module, at: str | None) -> Sequence[Step]:
    """The steps of a module from the one a person is in, then those before it."""
    steps = module.steps
    place = next((place for place, step in enumerate(steps) if step.id == at), 0)
    return (*steps[place:], *steps[:place])


def _with_simulation(catalog: Catalog, records: Records, left: list[Step]) -> list[Step]:
    """The simulation behind the last step that it is about; once tried and not passed, at the end."""
    simulation = catalog.simulation
    if simulation is None or simulation.module is not None or records.settled(simulation):
        return left
    about = goal_modules(catalog)
    places = [place for place, step in enumerate(left) if step.module in about]
    behind = len(left) if simulation.id in records.tried else places[-1] + 1 if places else 0
    return [*left[:behind], simulation, *left[behind:]]
