"""The sums over the answers to a question always say what counting all answers anew says."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import and_, delete, select

from lms.db.attempts import Attempt, AttemptItem, Response
from lms.db.cohorts import Cohort, Place
from lms.db.engine import Database
from lms.db.statistics import QuestionSum, ResponseCount
from lms.errors import Refused
from lms.learning import attempts, marks, membership, question_sums
from lms.quiz import regrade
from lms.quiz.quiz import Quiz
from tests.conftest import NOON, Cast
from tests.learning.test_answer_file import one, packed, put
from tests.learning.test_attempts import SOURCE, at_once, make, save, start, submit
from tests.learning.test_membership import enrol, leave
from tests.learning.test_regrades import apply, asked, class_of, preview

MIXED = (
    SOURCE
    + """
## Manfaat {{#t-uraian}}
tags: C4
points: 3

Jelaskan.

____

> [!RUBRIC]
> Satu poin untuk setiap manfaat.
"""
)
HEAD = "pass: 70\ntime_limit: 20 min"


def recounted(database: Database) -> dict[tuple[Any, ...], list[int]]:
    """By cohort, item, version, quiz and response, read from every answer: how many, answered, marked, fractions."""
    found: dict[tuple[Any, ...], list[int]] = {}
    with database.reading() as db:
        for cohort_id in db.execute(select(Cohort.id)).scalars().all():
            rows = db.execute(
                select(AttemptItem.__table__, Attempt.quiz, Response.value)
                .join(Attempt, Attempt.id == AttemptItem.attempt_id)
                .outerjoin(
                    Response, and_(Response.attempt_id == AttemptItem.attempt_id, Response.item == AttemptItem.item)
                )
                .where(membership.attempts_of(cohort_id), Attempt.submitted_at.is_not(None))
            )
            for row in rows:
                value = row.value if row.value is not None and len(row.value) <= 2_100 else None
                counts = row.maximum > 0 and not row.pending
                numbers = (1, row.value is not None, counts, round(row.fraction * 10**9) if counts else 0)
                key = (cohort_id, row.item, row.question_version, row.quiz, value)
                found[key] = [sum(pair) for pair in zip(found.get(key, [0] * 4), numbers, strict=True)]
    return found


def check(database: Database) -> None:
    """Both tables against the recount; rows that count nothing any more may stay."""
    expected = recounted(database)
    with database.reading() as db:
        kept = {tuple(row[:4]): list(row[4:8]) for row in db.execute(select(QuestionSum.__table__))}
        responses = {(*tuple(row[:4]), row[5]): row[6] for row in db.execute(select(ResponseCount.__table__))}
    by_version: dict[tuple[Any, ...], list[int]] = {}
    for key, numbers in expected.items():
        by_version[key[:4]] = [sum(pair) for pair in zip(by_version.get(key[:4], [0] * 4), numbers, strict=True)]
    assert {key: numbers for key, numbers in kept.items() if any(numbers)} == by_version
    listed = {key: numbers[0] for key, numbers in expected.items() if key[4] is not None}
    assert {key: count for key, count in responses.items() if count} == listed


class Doing:
    """Somebody does something, at random; what is refused changes nothing."""

    def __init__(self, database: Database, people: Cast, seed: int) -> None:
        self.database, self.people, self.rng = database, people, random.Random(seed)
        self.crowd = [people.ada, people.mallory, people.grace, *class_of(database, 3)]
        self.quiz = make(HEAD, MIXED)
        self.reworded = make(HEAD, MIXED.replace("Di mana?", "Di mana letaknya?").replace("= Toba", "= Poso"))
        self.moment = NOON
        self.held: list[tuple[UUID, UUID]] = []
        self.began: dict[UUID, datetime] = {}

    def step(self) -> None:
        self.moment += timedelta(minutes=self.rng.randint(1, 9))
        deeds: list[Callable[[], object]] = [self.take] * 4 + [self.late] * 2
        deeds += [self.judge, self.judge, self.decide, self.leave, self.enrol, self.enrol]
        with suppress(Refused):
            self.rng.choice(deeds)()

    def take(self) -> None:
        user = self.rng.choice(self.crowd)
        attempt_id = start(self.database, self.rng.choice((self.quiz, self.reworded)), user, now=self.moment)
        self.held.append((attempt_id, user))
        self.began.setdefault(attempt_id, self.moment)
        for item, values in self.answers():
            with suppress(Refused):
                save(self.database, attempt_id, user, item, values, self.rng.randint(1, 9), now=self.moment)
        if self.rng.random() < 0.7:
            submit(self.database, attempt_id, user, now=self.moment)

    def answers(self) -> list[tuple[str, list[str] | None]]:
        choose = self.rng.choice
        given: dict[str, list[str] | None] = {
            "t-satu": choose((["a"], ["b"], ["c"], None)),
            "t-dua": choose((["a"], ["a", "b"], ["b", "c"], None)),
            "t-tiga": choose((["Toba"], ["Poso"], ["Maninjau"])),
            "t-uraian": choose((["Abrasi."], ["x" * 2_500], None)),
        }
        return self.rng.sample(sorted(given.items()), self.rng.randint(0, 4))

    def late(self) -> None:
        """The deadline closes what is overdue; answers of one attempt arrive in a file."""
        with self.database.transaction() as db:
            attempts.close_overdue(db, now=self.moment, most=3)
        if self.held:
            attempt_id, _user = self.rng.choice(self.held)
            answers = [
                one(item, values, self.rng.randint(5, 20), made_at=self.began[attempt_id])
                for item, values in self.answers()
            ]
            put(self.database, self.people, attempt_id, packed(attempt_id, *answers), now=self.moment)

    def judge(self) -> None:
        if self.held:
            attempt_id, _user = self.rng.choice(self.held)
            fraction = self.rng.choice((0, 1 / 3, 0.5, 1))
            with self.database.transaction() as db:
                grace = self.people.grace
                marks.judge(db, attempt_id, "t-uraian", fraction, author_id=grace, comment="", now=self.moment)

    def decide(self) -> None:
        accept = regrade.Accept((("b",),)) if self.rng.random() < 0.5 else regrade.Drop()
        item, decision = self.rng.choice(
            (("t-satu", accept), ("t-uraian", regrade.Drop()), ("t-uraian", regrade.FullMarks()))
        )
        what = asked(self.people, decision, item, everywhere=self.rng.random() < 0.5)
        apply(self.database, self.people, what, preview(self.database, what).digest, now=self.moment)

    def leave(self) -> None:
        leave(self.database, self.people.cohort, self.rng.choice(self.crowd))

    def enrol(self) -> None:
        place = Place.PARTICIPANT if self.rng.random() < 0.8 else Place.INSTRUCTOR
        cohort = self.rng.choice(("Angkatan I", "Angkatan II"))
        enrol(self.database, cohort, self.rng.choice(self.crowd), place)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_the_sums_are_those_of_a_recount(database: Database, people: Cast, seed: int) -> None:
    doing = Doing(database, people, seed)
    for _ in range(40):
        doing.step()
        check(database)
    assert len(recounted(database)) > 10
    with database.reading() as db:
        asked_about = question_sums.sums(db, people.cohort, item="t-satu")
    assert sum(one.attempts for one in asked_about) > 0


def close_together(database: Database, quiz: Quiz, users: list[UUID], *more: Callable[[], Any]) -> list[Any]:
    began = [(start(database, quiz, user), user) for user in users]
    for attempt_id, user in began:
        save(database, attempt_id, user, "t-satu", ["a"], 1)
    return at_once(*(lambda pair=pair: submit(database, *pair) for pair in began), *more)


def test_attempts_that_close_at_once_are_all_counted(database: Database, people: Cast) -> None:
    assert close_together(database, make(), class_of(database, 12)) == [None] * 12
    check(database)
    with database.reading() as db:
        (found,) = question_sums.sums(db, people.cohort, item="t-satu")
        (given,) = question_sums.given(db, people.cohort, ["t-satu"], [found.question_version])
    assert (found.attempts, found.answered, found.marked, found.fractions) == (12, 12, 12, 12)
    assert (given.value, given.count) == ('["a"]', 12)


def test_who_leaves_while_attempts_close_is_counted_in_none(database: Database, people: Cast) -> None:
    quiz, everybody = make(), class_of(database, 16)
    for place in range(0, 16, 4):
        users = everybody[place : place + 4]
        left = [lambda user=user: leave(database, people.cohort, user) for user in users]
        assert close_together(database, quiz, users, *left) == [None] * 8
        check(database)
    assert recounted(database) == {}


def test_all_attempts_can_be_counted_where_none_is_counted_yet(database: Database, people: Cast) -> None:
    for user_id in (people.ada, people.mallory, people.grace, *class_of(database, 2)):
        attempt_id = start(database, make(HEAD, MIXED), user_id)
        save(database, attempt_id, user_id, "t-satu", ["a"], 1)
        submit(database, attempt_id, user_id)
    with database.transaction() as db:
        for table in (QuestionSum, ResponseCount):
            db.execute(delete(table))
    with database.transaction() as db:
        question_sums.fill(db)
    check(database)
