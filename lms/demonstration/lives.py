"""When a participant does what, from the first day of their cohort to now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from lms.catalog.model import Lesson
from lms.demonstration import learners, staff
from lms.demonstration.days import at, evening, sittings
from lms.demonstration.learners import Learner, Lot
from lms.demonstration.participant import AFTER, SURE, UNSURE, Participant
from lms.demonstration.world import Group, World
from lms.quiz.quiz import Quiz

#: How able somebody of the middle is before the lessons, how able whoever fails; in logits.
BEFORE, FAILING = 0.3, -1.5
#: Steps of the course at one sitting, and minutes from one to the next.
AT_ONCE, APART = 3, 25
#: Which quiz of the course somebody fails, and which lesson holds somebody up; counted from 0.
FAILED, HELD = 2, 9
#: What is said of the planted question and of the option that the able choose.
REPORTS = (
    "Menurut saya ada dua jawaban yang benar.",
    "Saya memilih “{}” dan masih yakin itu benar. Mohon kuncinya diperiksa.",
    "“{}” sesuai dengan materi yang saya baca.",
)


class Life:
    """``site``: the address that a certificate names."""

    def __init__(self, world: World, learner: Learner, group: Group, site: str) -> None:
        self._world, self._learner, self._group, self._site = world, learner, group, site
        self._who = Participant(world, learner)

    def plan(self) -> None:
        {
            Lot.LEARNS: self._learns,
            Lot.DOUBTS: self._learns,
            Lot.FINISHES: self._finishes,
            Lot.STAYS_AWAY: lambda: None,
            Lot.GOES_QUIET: lambda: self._learn(self._steps(), until=12),
            Lot.FAILS: self._fails,
            Lot.STICKS: self._sticks,
        }[self._learner.lot]()
        if self._learner.lot is not Lot.STAYS_AWAY:
            self._takes_pretest()

    # --- what becomes of somebody -----------------------------------------------------------------------------------

    def _learns(self) -> None:
        self._learn(self._steps(), until=1)
        number = self._learner.number
        if number in learners.AGAIN and self._learner.pace > 1:
            self._takes_pretest_again()
        if number in learners.ESSAYISTS:
            self._writes()
        if number in learners.SIMULATED or self._learner.lot is Lot.DOUBTS:
            self._simulates()
        if number in learners.PUZZLED:
            self._is_puzzled()
        if number == learners.INTERRUPTED:
            self._is_interrupted()

    def _finishes(self) -> None:
        self._learn(self._world.steps, until=4)
        self._world.at(at(self._world.ago(1), 20), partial(self._who.certify, self._site))

    def _fails(self) -> None:
        """The same quiz again and again, and nothing after it."""
        for quiz in self._world.quizzes[FAILED : FAILED + 1]:
            steps = self._world.steps
            self._learn(steps[: steps.index(quiz)], until=8)
            for days in (6, 4, 2):
                self._at(days, partial(self._who.take, quiz, ability=FAILING))

    def _sticks(self) -> None:
        """A lesson is opened days ago and again since, and never read to its end."""
        for lesson in self._world.catalog.every_lesson[HELD : HELD + 1]:
            steps = self._world.steps
            self._learn(steps[: steps.index(lesson)], until=10)
            for days in (9, 6, 2):
                self._at(days, partial(self._who.open, lesson))

    # --- the course -------------------------------------------------------------------------------------------------

    def _at(self, days: int, happens: Callable[[datetime], object]) -> None:
        """At some hour so many days ago."""
        rng = self._learner.chance(f"day {days}")
        self._world.at(evening(self._world.ago(days), rng), happens)

    def _steps(self) -> Sequence[Lesson | Quiz]:
        """Of the course those that they have done by now."""
        steps = self._world.steps
        return steps[: round(len(steps) * self._group.share * self._learner.pace)]

    def _learn(self, steps: Sequence[Lesson | Quiz], *, until: int) -> None:
        """Go through these steps, in some sittings from the second day to ``until`` days ago."""
        rng, first = self._learner.chance("sittings"), self._group.began + timedelta(days=1)
        times = sittings(rng, first, self._world.ago(until), -(-len(steps) // AT_ONCE))
        for number, begins in enumerate(times):
            start, end = (len(steps) * place // len(times) for place in (number, number + 1))
            for place, step in enumerate(steps[start:end]):
                self._do(step, begins + place * timedelta(minutes=APART))

    def _do(self, step: Lesson | Quiz, moment: datetime) -> None:
        if isinstance(step, Lesson):
            self._world.at(moment, partial(self._who.read, step))
        else:
            self._world.at(moment, partial(self._who.master, step))

    # --- beside the course ------------------------------------------------------------------------------------------

    def _takes_pretest(self) -> None:
        quiz, bent = self._world.pretest, self._world.bent
        if quiz is None:
            return
        begins = evening(self._group.began, self._learner.chance("pretest"))
        self._world.at(begins, partial(self._who.take, quiz, ability=BEFORE, bent=bent))
        if bent.planted and self._learner.number in learners.REPORTING:
            chosen = next(one.text for one in quiz.item(bent.planted).choices() if one.id == bent.rival)
            text = REPORTS[learners.REPORTING.index(self._learner.number)].format(chosen)
            next_day = begins + timedelta(days=1)
            self._world.at(next_day, partial(self._who.report, quiz, bent.planted, text))

    def _takes_pretest_again(self) -> None:
        if quiz := self._world.pretest:
            bent = self._world.bent
            self._at(3, partial(self._who.take, quiz, ability=AFTER, bent=bent))

    def _writes(self) -> None:
        if quiz := self._world.essays:
            self._at(6, partial(self._hands_in, quiz))

    def _hands_in(self, quiz: Quiz, moment: datetime) -> None:
        attempt_id = self._who.take(quiz, moment, ability=AFTER)
        if self._learner.number in learners.MARKED:
            rng = self._learner.chance("marks")
            later = moment + timedelta(days=2)
            self._world.at(later, partial(staff.judge, self._world, attempt_id, rng))
        if self._learner.number == learners.MARKED_TWICE:
            self._world.at(moment + timedelta(days=3), partial(staff.judge_again, self._world, attempt_id))

    def _simulates(self) -> None:
        """Whoever runs out of time leaves it half done."""
        if quiz := self._world.simulation:
            doubts = self._learner.lot is Lot.DOUBTS
            sure = UNSURE if doubts else SURE
            share = 0.6 if self._learner.number == learners.OUT_OF_TIME else 1.0
            self._at(2, partial(self._who.take, quiz, ability=AFTER, sure=sure, share=share))

    def _is_interrupted(self) -> None:
        """The quiz after their last one is begun, and not handed in."""
        done = sum(isinstance(step, Quiz) for step in self._steps())
        for quiz in self._world.quizzes[done : done + 1]:
            self._at(1, partial(self._who.take, quiz, ability=AFTER, share=0.5))

    def _is_puzzled(self) -> None:
        for lesson in self._world.catalog.every_lesson[HELD : HELD + 1]:
            self._at(5, partial(self._who.does_not_understand, lesson))
