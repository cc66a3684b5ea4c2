"""Where a person stands: what they did, what they may do, and the plan that follows from both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from lms.catalog.model import Catalog
from lms.learning import attempt_records, participation, person_attempts, plan, progress, reading, visibility
from lms.learning.conditions import Availability
from lms.learning.participation import Participation
from lms.learning.person_attempts import AttemptLine
from lms.learning.plan import Plan
from lms.learning.progress import Records
from lms.learning.reading import Visit
from lms.quiz.quiz import Quiz, Visible


@dataclass(frozen=True, slots=True)
class Standing:
    """``visits`` and ``attempts``: the last one first. ``gaps``: by module, what share of the pre-test was missed;
    ``learnt_at``: by quiz that was learnt, when.
    """

    catalog: Catalog
    records: Records
    visits: Sequence[Visit]
    attempts: Sequence[AttemptLine]
    participation: Participation
    now: datetime
    gaps: Mapping[str, float] = field(default_factory=dict)
    learnt_at: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        """Whether they have done nothing yet."""
        return not self.visits and not self.attempts

    @property
    def running(self) -> AttemptLine | None:
        """The attempt that goes on, if there is one at a quiz that is still offered."""
        offered = (one for one in self.attempts if one.quiz in self.catalog.quizzes)
        return next((one for one in offered if one.is_running(self.now)), None)

    def availability(self, quiz: Quiz) -> Availability:
        mine = self._at(quiz)
        if any(one.is_running(self.now) for one in mine):
            return Availability.NOW
        return self.participation.conditions(quiz.id).availability(quiz, mine, now=self.now)

    def visible(self, attempt: AttemptLine, quiz: Quiz) -> Visible:
        """What may be seen of an attempt that was handed in; ``quiz``: as it is offered today."""
        allowed = self.participation.conditions(quiz.id)
        return visibility.visible(attempt, quiz, self._at(quiz), allowed, now=self.now)

    def best(self, quiz: Quiz) -> float | None:
        """What the best attempt at a quiz earned, 0…1, of those whose marks may be seen."""
        mine = (one for one in self._at(quiz) if one.submitted_at and self.visible(one, quiz).marks)
        return max((one.share for one in mine if one.share is not None), default=None)

    def of_questions(self, quiz: Quiz) -> Visible:
        """What may be seen of the questions of a quiz, wherever else they were met."""
        return visibility.of_questions(quiz, self._at(quiz), self.participation.conditions(quiz.id), now=self.now)

    def _at(self, quiz: Quiz) -> list[AttemptLine]:
        return [one for one in self.attempts if one.quiz == quiz.id]

    def plan(self, *, today: date, midnight: datetime, cards: tuple[int, ...] = ()) -> Plan:
        """``midnight``: when the day ``today`` began where the person is; ``cards``: as ``Plan`` takes them."""
        made = plan.make(
            self.catalog,
            self.records,
            available=self.availability,
            today=today,
            finish_on=self.participation.finish_on or self.participation.ends_on,
            at=self._place(),
            gaps=self.gaps,
            done_today=self._done_since(midnight),
        )
        return replace(made, cards=cards)

    def _place(self) -> str | None:
        """The step of the course that they are in: an attempt that runs, else what they opened last.

        After an attempt it is the beginning of its module: what they have not read there comes before another attempt.
        """
        visit = self.visits[0] if self.visits else None
        lesson = self.catalog.lesson_called(visit.lesson) if visit else None
        homes = {quiz.id: module for module in self.catalog.modules.values() for quiz in module.quizzes}
        if self.running and self.running.quiz in homes:
            return self.running.quiz
        attempt = next((one for one in self.attempts if one.quiz in homes), None)
        if attempt and (visit is None or attempt.started_at > visit.last_seen_at):
            return homes[attempt.quiz].steps[0].id
        return lesson.id if lesson else None

    def _done_since(self, midnight: datetime) -> set[str]:
        """Ids of the steps that are done, and were not before."""
        done = {quiz for quiz, at in self.learnt_at.items() if at >= midnight}
        for one in self.attempts:
            quiz = self.catalog.quizzes.get(one.quiz)
            if quiz and one.submitted_at and one.submitted_at >= midnight and self.records.settled(quiz):
                done.add(quiz.id)
        for visit in self.visits:
            lesson = self.catalog.lesson_called(visit.lesson)
            finished = visit.read_at and visit.read_at >= midnight
            if lesson and finished and progress.lesson_state(lesson, self.records).done:
                done.add(lesson.id)
        return done


def of(db: Connection, user_id: UUID, catalog: Catalog, *, now: datetime, records: Records | None = None) -> Standing:
    """Five statements, one more for who took the pre-test, and one for who learnt a quiz by a practice.

    ``records``: read a moment ago, where they were.
    """
    found = Standing(
        catalog,
        records or reading.records(db, user_id, catalog.quizzes, now=now),
        reading.visits(db, user_id),
        person_attempts.every_attempt(db, user_id),
        participation.of(db, user_id),
        now,
    )
    learnt_at = person_attempts.learnt_at(db, user_id) if found.records.learnt else {}
    return replace(found, gaps=_gaps(db, found), learnt_at=learnt_at)


def _gaps(db: Connection, found: Standing) -> dict[str, float]:
    """What the last pre-test showed; nothing as long as its questions may not be reviewed: the order would tell."""
    pretest = found.catalog.quizzes.get(found.catalog.course.pretest)
    if pretest is None:
        return {}
    taken = next((one for one in found.attempts if one.quiz == pretest.id and one.submitted_at), None)
    if taken is None or not found.visible(taken, pretest).reviewable:
        return {}
    return plan.gaps(pretest, attempt_records.fractions(db, taken.id), found.catalog)
