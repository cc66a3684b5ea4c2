"""All answers to one question: which attempt of a person is asked, and that a standing is what marking calls it."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from lms.db.attempts import AttemptItem
from lms.db.engine import Database
from lms.learning import cohorts, given_answers
from lms.learning.analyses import Which
from lms.learning.given_answers import Answer
from lms.quiz.definition import version
from lms.quiz.item import Item
from lms.quiz.marking import ItemMark, Standing
from lms.quiz.quiz import Quiz
from tests.conftest import NOON, Cast
from tests.learning.test_attempts import make, save, start, submit
from tests.learning.test_marks import ESSAY
from tests.learning.test_regrades import class_of, take

DAY = timedelta(days=1)


def asked_item(quiz: Quiz, item: str) -> Item:
    return quiz.item(item)


def of_people(
    database: Database, people: Cast, which: Which, item: str = "t-satu", quiz: Quiz | None = None, **more: str
) -> list[Answer]:
    quiz = quiz or make()
    with database.reading() as db:
        versions = [version(asked_item(quiz, item))]
        return given_answers.of_people(db, people.cohort, quiz.id, item, which, versions=versions, **more)


def sat(database: Database, user_id: UUID, day: int, given: str, also: str = "") -> UUID:
    """One attempt, a day after the one before."""
    attempt_id = start(database, make(), user_id, now=NOON + day * DAY)
    save(database, attempt_id, user_id, "t-satu", [given], 1, now=NOON + day * DAY)
    if also:
        save(database, attempt_id, user_id, "t-tiga", [also], 1, now=NOON + day * DAY)
    submit(database, attempt_id, user_id, now=NOON + day * DAY)
    return attempt_id


def test_one_attempt_of_each_person_is_the_first_the_best_or_the_last(database: Database, people: Cast) -> None:
    (other, gone) = class_of(database, 2)
    sat(database, people.ada, 0, "c")
    sat(database, people.ada, 1, "b", "Toba")
    sat(database, people.ada, 2, "c")
    start(database, make(), people.ada, now=NOON + 3 * DAY)  # open: nothing was given yet
    sat(database, other, 0, "a")
    sat(database, gone, 0, "a")
    sat(database, people.mallory, 0, "a")
    with database.transaction() as db:
        cohorts.leave(db, people.cohort, gone, now=NOON)
    found = {
        which: [(one.name, one.value, one.number, one.standing) for one in of_people(database, people, which)]
        for which in (Which.FIRST, Which.BEST, Which.LAST)
    }
    beside = ("Peserta 0", '["a"]', 1, Standing.RIGHT)
    assert found == {
        Which.FIRST: [("Ada", '["c"]', 1, Standing.WRONG), beside],
        Which.BEST: [("Ada", '["b"]', 2, Standing.WRONG), beside],
        Which.LAST: [("Ada", '["c"]', 3, Standing.WRONG), beside],
    }
    assert [one.name for one in of_people(database, people, Which.FIRST, search="PESERTA0")] == ["Peserta 0"]


def test_all_attempts_come_newest_first_and_as_far_as_is_asked(database: Database, people: Cast) -> None:
    quiz = make()
    made = [sat(database, people.ada, day, given) for day, given in enumerate(("a", "b", "a"))]
    sat(database, people.mallory, 0, "a")
    whole = {"versions": [version(quiz.item("t-satu"))]}

    def ids(limit: int = 9, **narrowed: object) -> list[UUID]:
        with database.reading() as db:
            found = given_answers.of_attempts(
                db,
                people.cohort,
                quiz.id,
                "t-satu",
                limit=limit,
                **whole,
                **narrowed,  # type: ignore[arg-type]
            )
        return [one.attempt_id for one in found]

    assert ids() == made[::-1]
    assert ids(limit=2) == made[:0:-1]
    assert ids(before=made[1]) == [made[0]]
    assert ids(value='["a"]') == [made[2], made[0]]
    assert ids(standing=Standing.WRONG) == [made[1]]
    assert ids(search="ad") == made[::-1]
    assert ids(search="nobody") == []


def test_a_long_answer_is_fetched_by_itself(database: Database, people: Cast) -> None:
    quiz, text = make("pass: 70", ESSAY), ("Menahan abrasi. " * 200).strip()
    attempt_id = take(database, quiz, people.ada, {"u-satu": [text]})
    (one,) = of_people(database, people, Which.FIRST, "u-satu", quiz)
    assert (one.value, one.is_long, one.standing) == (None, True, Standing.WAITING)
    with database.reading() as db:
        assert given_answers.texts(db, "u-satu", [attempt_id]) == {attempt_id: json.dumps([text])}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_standing_is_what_marking_calls_it(database: Database, people: Cast) -> None:
    take(database, make(), people.ada, {"t-satu": ["a"]})
    for fraction in (-0.5, 0.0, 0.5, 1.0):
        for maximum in (0.0, 2.0):
            for answered in (True, False):
                for pending in (True, False):
                    mark = {"fraction": fraction, "points": fraction * maximum, "maximum": maximum}
                    with database.transaction() as db:
                        db.execute(update(AttemptItem).values(**mark, answered=answered, pending=pending))
                    (one,) = of_people(database, people, Which.FIRST)
                    said = ItemMark(item_id="t-satu", **mark, answered=answered, pending=pending)
                    assert one.standing is said.standing, said
