"""The record of a person at a quiz always says what their attempts say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import isclose
from typing import Any

import pytest
from sqlalchemy import Row, delete, select

from lms.db.attempts import Attempt, QuizRecord
from lms.db.engine import Database
from lms.learning import marks, quiz_records
from lms.quiz.quiz import Quiz
from tests.conftest import NOON, Cast
from tests.learning.test_attempts import at_once, make, save, start, submit
from tests.learning.test_question_sums import HEAD, MIXED, Doing

Key = tuple[Any, str]


def recounted(database: Database) -> dict[Key, list[Any]]:
    """By enrolment and quiz, read from every attempt, what the columns of the record say."""
    own: defaultdict[Key, list[Row[Any]]] = defaultdict(list)
    with database.reading() as db:
        for one in db.execute(select(Attempt.__table__).where(Attempt.enrolment_id.is_not(None))):
            own[one.enrolment_id, one.quiz].append(one)
    return {key: told(sorted(attempts, key=lambda one: one.number)) for key, attempts in own.items()}


def told(own: Sequence[Row[Any]]) -> list[Any]:
    closed = [one for one in own if one.submitted_at]
    judged = [one for one in own if one.score is not None]
    standing = judged or closed or own
    best = max(standing, key=lambda one: (bool(one.passed), share(one), -one.number))
    waiting = [one.submitted_at for one in closed if one.score is None]
    return [
        len(closed),
        len(judged),
        sum(one.passed for one in judged),
        sum(share(one) for one in judged),
        standing[0].number,
        best.number,
        standing[-1].number,
        share(best) if judged else None,
        max(one.started_at for one in own),
        max((one.submitted_at for one in closed), default=None),
        min(waiting, default=None),
    ]


def share(one: Row[Any]) -> float:
    return -1 if one.score is None else float(one.score / one.maximum)


def check(database: Database) -> None:
    with database.reading() as db:
        kept = {(row.enrolment_id, row.quiz): list(row[2:]) for row in db.execute(select(QuizRecord.__table__))}
    expected = recounted(database)
    assert kept.keys() == expected.keys()
    for key, said in kept.items():
        assert all(map(alike, said, expected[key])), (key, said, expected[key])


def alike(one: Any, other: Any) -> bool:
    return isclose(one, other) if isinstance(one, float) and isinstance(other, float) else bool(one == other)


@pytest.mark.parametrize("seed", range(2))
def test_whatever_happens_the_records_are_those_of_a_recount(database: Database, people: Cast, seed: int) -> None:
    doing = Doing(database, people, seed)
    met: list[list[Any]] = []
    for _ in range(40):
        doing.step()
        check(database)
        met += recounted(database).values()
    assert any(closed > judged for closed, judged, *_rest in met), "somebody waits"
    assert any(one[4] != one[6] for one in met), "somebody tried again"
    with database.transaction() as db:
        db.execute(delete(QuizRecord))
        quiz_records.fill(db)
    check(database)


@pytest.fixture
def quiz() -> Quiz:
    return make(f"{HEAD}\nattempts: 30", MIXED)


def test_a_judgement_and_an_attempt_that_ends_at_the_same_moment_both_show(
    database: Database, people: Cast, quiz: Quiz
) -> None:
    waiting = start(database, quiz, people.ada)
    save(database, waiting, people.ada, "t-uraian", ["Abrasi."], 1)
    submit(database, waiting, people.ada)
    for _ in range(8):
        next_one = start(database, quiz, people.ada)
        save(database, next_one, people.ada, "t-uraian", ["Abrasi."], 1)
        at_once(lambda id=waiting: judge(database, people, id), lambda id=next_one: submit(database, id, people.ada))
        check(database)
        waiting = next_one


def judge(database: Database, people: Cast, attempt_id: Any) -> None:
    with database.transaction() as db:
        marks.judge(db, attempt_id, "t-uraian", 1.0, author_id=people.grace, comment="", now=NOON)


def test_who_passed_with_fewer_points_did_better(database: Database, people: Cast) -> None:
    """As where a section has a threshold of its own."""
    quiz = make(f"{HEAD}\nattempts: 3")
    for _ in range(3):
        attempt_id = start(database, quiz, people.ada)
        submit(database, attempt_id, people.ada)
    with database.transaction() as db:
        ended = {1: (3.0, False), 2: (2.0, True), 3: (2.0, True)}
        for row in db.execute(select(Attempt)).scalars():
            row.score, row.passed = ended[row.number]
        db.flush()
        quiz_records.follow(db, db.execute(select(Attempt.id)).scalars().all())
    check(database)
    with database.reading() as db:
        assert db.execute(select(QuizRecord.first, QuizRecord.best, QuizRecord.last)).one() == (1, 2, 3)
