"""What one participant does: reads, answers, tries again."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from lms.catalog.model import Lesson
from lms.db.attempts import Confidence
from lms.db.notes import MarkKind
from lms.demonstration import answers
from lms.demonstration.answers import NOTHING, Crooked
from lms.demonstration.learners import Learner
from lms.demonstration.world import World
from lms.learning.api import (
    attempt_records,
    attempts,
    certificates,
    completion,
    frozen,
    lesson_marks,
    person_attempts,
    reading,
    reports,
    standing,
)
from lms.quiz.item import Item
from lms.quiz.quiz import Quiz

#: How able somebody of the middle is after the lessons, and how much more so at each further try; in logits.
AFTER, MORE = 1.6, 0.8
TRIES = 3  # after which nobody tries again
SURE = (*(Confidence.SURE,) * 4, Confidence.UNSURE)
UNSURE = (Confidence.UNSURE, Confidence.GUESS)


@dataclass(frozen=True, slots=True)
class Participant:
    world: World
    learner: Learner

    @property
    def id(self) -> UUID:
        return self.world.person(self.learner.login)

    # --- lessons ----------------------------------------------------------------------------------------------------

    def open(self, lesson: Lesson, moment: datetime) -> None:
        reading.visit(self.world.db, self.id, lesson, now=moment)

    def read(self, lesson: Lesson, moment: datetime) -> None:
        """To its end, with its self-checks."""
        rng = self.learner.chance(lesson.id)
        for check in lesson.checks:
            moment += timedelta(minutes=rng.uniform(1, 4))
            response = self._answer(check, AFTER, rng) or check.key()
            reading.answer(self.world.db, self.id, lesson, check, response, now=moment)
        moment += timedelta(minutes=rng.uniform(1, 4))
        reading.visit(self.world.db, self.id, lesson, read=True, now=moment)

    def does_not_understand(self, lesson: Lesson, moment: datetime) -> None:
        lesson_marks.mark(self.world.db, self.id, MarkKind.UNCLEAR, lesson, is_set=True, now=moment)

    def _answer(self, item: Item, ability: float, rng: random.Random, bent: Crooked = NOTHING) -> answers.Given:
        knows = self.learner.knows
        return answers.given(item, knows + ability, rng, bent, able=knows > 0)

    # --- quizzes ----------------------------------------------------------------------------------------------------

    def master(self, quiz: Quiz, moment: datetime, number: int = 1) -> None:
        """Try a quiz, and again a day or two later until it is passed or there were enough tries."""
        attempt_id = self.take(quiz, moment, ability=AFTER + MORE * (number - 1))
        found = attempt_records.attempt(self.world.connection, attempt_id)
        if found and not found.passed and number < TRIES:
            later = moment + timedelta(days=self.learner.chance(f"{quiz.id} {number}").choice((1, 1, 2)))
            self.world.at(later, partial(self.master, quiz, number=number + 1))

    def take(
        self,
        quiz: Quiz,
        moment: datetime,
        *,
        ability: float,
        bent: Crooked = NOTHING,
        sure: tuple[Confidence, ...] = SURE,
        share: float = 1.0,
    ) -> UUID:
        """One attempt. ``share``: how much of it is answered; what is not answered to the end is not handed in."""
        db, rng = self.world.db, self.learner.chance(f"{quiz.id} {self.world.days_since(moment)}")
        attempt_id = attempts.start(
            db, quiz, self.id, now=moment, bank=self.world.catalog.bank, seed=rng.getrandbits(32)
        )
        rows = attempt_records.items(self.world.connection, attempt_id)
        asked = frozen.questions_of(self.world.connection, rows)
        for place, (row, item) in enumerate(zip(rows, asked, strict=True)):
            moment += timedelta(seconds=rng.uniform(20, 70))
            response = self._answer(item, ability, rng, bent)
            if response is None or place >= share * len(rows):
                continue
            answer = attempts.Answer(
                values=response,
                revision=1,
                confidence=rng.choice(sure) if quiz.confidence else None,
                version=row.question_version,
            )
            save_id = UUID(int=rng.getrandbits(128), version=4)
            attempts.save(self.world.connection, attempt_id, self.id, item.id, answer, save_id=save_id, now=moment)
        if share == 1:
            attempts.submit(db, attempt_id, self.id, now=moment + timedelta(seconds=30))
        return attempt_id

    def report(self, quiz: Quiz, item: str, text: str, moment: datetime) -> None:
        """Say something of a question of the first attempt at a quiz, once that may be seen."""
        for found in person_attempts.of_person(self.world.connection, self.id, quiz.id)[-1:]:
            reports.report(self.world.db, found.id, self.id, item, text, offered=quiz, now=moment)

    # --- the end ----------------------------------------------------------------------------------------------------

    def certify(self, site: str, moment: datetime) -> None:
        """Ask for the certificate of whoever is through. ``site``: the address that it names."""
        world = self.world
        done = completion.of(standing.of(world.connection, self.id, world.catalog, now=moment))
        if done:
            certificates.issue(world.db, self.id, done, name=self.learner.name, issuer=site, now=moment)
