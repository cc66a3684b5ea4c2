"""Where the story happens: who is there, and what is still to come, each thing in its time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from heapq import heappop, heappush
from itertools import count
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from lms.catalog.model import Catalog, Lesson
from lms.db.accounts import Role
from lms.db.cohorts import Cohort, Place
from lms.demonstration import answers
from lms.demonstration.answers import NOTHING, Crooked
from lms.demonstration.days import ZONE, at
from lms.learning.api import accounts, cohorts
from lms.quiz.quiz import Quiz

Happens = Callable[[datetime], object]


@dataclass(frozen=True, slots=True)
class Group:
    """A cohort, with its first day and the share of the course that should be done by now."""

    cohort: Cohort
    began: date
    share: float


@dataclass
class World:
    """``db``: all of it is one transaction. ``now``: the end of the story."""

    db: Session
    catalog: Catalog
    now: datetime
    _people: dict[str, UUID] = field(default_factory=dict)
    _coming: list[tuple[datetime, int, Happens]] = field(default_factory=list)
    _number: count[int] = field(default_factory=count)

    @property
    def connection(self) -> Connection:
        return self.db.connection()

    # --- time -------------------------------------------------------------------------------------------------------

    def ago(self, days: int) -> date:
        """The day in Jakarta so many days ago."""
        return self.now.astimezone(ZONE).date() - timedelta(days=days)

    def days_since(self, moment: datetime) -> int:
        """What falls to somebody hangs on this and not on a date, so that it is the same whenever the story is told."""
        return (self.ago(0) - moment.astimezone(ZONE).date()).days

    def at(self, moment: datetime, happens: Happens) -> None:
        """Let something happen in its time; nothing that is still to come."""
        if moment < self.now:
            heappush(self._coming, (moment, next(self._number), happens))

    def go_on(self) -> None:
        """Until now."""
        while self._coming:
            moment, _, happens = heappop(self._coming)
            happens(moment)

    # --- people -----------------------------------------------------------------------------------------------------

    def group(self, name: str, *, began: int, days: int) -> Group:
        """A cohort that began so many days ago and lasts so many."""
        first = self.ago(began)
        last = first + timedelta(days=days - 1)
        return Group(cohorts.add(self.db, name, starts_on=first, ends_on=last, now=at(first, 1)), first, began / days)

    def add(self, login: str, name: str, roles: Sequence[Role], secret: str, day: date) -> None:
        """Somebody who signs in with the password of this hash, where a server lets demonstration people in."""
        user = accounts.add(self.db, login=login, name=name, roles=roles, now=at(day, 1), demonstration=True)
        accounts.set_password(self.db, user.id, secret)
        self._people[login] = user.id

    def enrol(self, login: str, group: Group, place: Place) -> None:
        cohorts.enrol(self.db, group.cohort, self._people[login], place, now=at(group.began, 2))

    def person(self, login: str) -> UUID:
        return self._people[login]

    # --- what is asked ----------------------------------------------------------------------------------------------

    def offered(self, id: str) -> Quiz | None:
        """A quiz that asks something; of one that is still being written nobody can make an attempt."""
        quiz = self.catalog.quizzes.get(id)
        return quiz if quiz and (quiz.items or (quiz.draws and self.catalog.bank)) else None

    @cached_property
    def steps(self) -> Sequence[Lesson | Quiz]:
        """Of the course, in its order."""
        return [step for step in self.catalog.steps if isinstance(step, Lesson) or self.offered(step.id)]

    @cached_property
    def quizzes(self) -> Sequence[Quiz]:
        """Those of the course, in its order."""
        return [step for step in self.steps if isinstance(step, Quiz)]

    @cached_property
    def pretest(self) -> Quiz | None:
        return self.offered(self.catalog.course.pretest)

    @cached_property
    def simulation(self) -> Quiz | None:
        """The quiz that the course aims at."""
        return self.offered(self.catalog.simulation.id) if self.catalog.simulation else None

    @cached_property
    def essays(self) -> Quiz | None:
        """The first quiz that only a person can mark."""
        of_texts = (quiz for quiz in self.catalog.quizzes.values() if any(item.key() is None for item in quiz.items))
        return next(of_texts, None)

    @cached_property
    def bent(self) -> Crooked:
        """What is wrong with the pretest."""
        return answers.crooked(self.pretest) if self.pretest else NOTHING
