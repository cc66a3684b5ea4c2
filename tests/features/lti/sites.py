"""A site that is launched from a course of a platform on loopback, and Ada, who handed in there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from lms.catalog.model import Catalog
from lms.db.engine import Database
from lms.db.lti import LtiKey
from lms.features.lti.sending import Worker, signing_key
from lms.features.lti.services import Services
from lms.learning import platform_keys
from lms.learning.owed_scores import SETTLED
from lms.outgoing import Outgoing
from tests.conftest import NOON, Cast
from tests.features.lti.gradebook import Answered, Gradebook
from tests.learning.platform_courses import Course, course, link, registration
from tests.learning.test_attempts import make, save, start, submit


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = NOON + SETTLED

    def __call__(self) -> datetime:
        return self.now


class Site:
    """Ada handed in half of a quiz that is linked to from a course of ``book``."""

    def __init__(
        self,
        database: Database,
        people: Cast,
        catalog: Catalog,
        book: Gradebook,
        key: platform_keys.SigningKey,
        **agreed: Any,
    ) -> None:
        quiz = make("pass: 70\nattempts: 9")
        self.database, self.people, self.book, self.quiz, self.clock = database, people, book, quiz, Clock()
        self.catalog = replace(catalog, quizzes={**catalog.quizzes, quiz.id: quiz})
        with database.transaction() as db:
            self.course: Course = course(db, people, book.address, **agreed)
            self.link = link(db, self.course, f"kuis/{quiz.id}", url=f"{book.address}/items/3/lineitem?type_id=1")
            db.add(LtiKey(id=key.id, private=key.private, created_at=NOON))
        self.take()
        self.worker = self.new_worker()

    def new_worker(self) -> Worker:
        return Worker(self.database, lambda: self.catalog, Outgoing(own_network=True, read=2), self.clock)

    def take(self, *, right: bool = False) -> None:
        attempt = start(self.database, self.quiz, self.people.ada)
        save(self.database, attempt, self.people.ada, "t-dua", ["a", "b"], 1)
        if right:
            save(self.database, attempt, self.people.ada, "t-satu", ["a"], 1)
        submit(self.database, attempt, self.people.ada)

    @property
    def services(self) -> Services:
        return Services(
            Outgoing(own_network=True, read=2), lambda: signing_key(self.database, now=self.clock), self.clock
        )

    @property
    def platform(self) -> Any:
        with self.database.reading() as db:
            return registration(db, self.course.registration)

    def refuses(self, status: int, **headers: str) -> None:
        self.book.answers["/items/3/lineitem/scores"] = lambda _: Answered(status, headers=headers)
