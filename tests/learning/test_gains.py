"""From before to after: of those who did both, in that order, and of nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from lms.db.engine import Database
from lms.learning import gains
from lms.learning.gains import Band, Both, Gain, Left, Pair
from lms.quiz.quiz import Quiz
from tests.conftest import NOON, Cast
from tests.guided import guided
from tests.learning.test_attempts import make, save, start, submit
from tests.learning.test_marks import ESSAY
from tests.learning.test_regrades import class_of

BEFORE, AFTER = (replace(make(), id=id) for id in ("awal", "akhir"))
HOUR = timedelta(hours=1)


def test_what_was_gained_is_told_of_the_means() -> None:
    """By hand: 0.2, 0.5, 0.8 before, 0.6, 0.5, 0.7 after; the means are 0.5 and 0.6, so a fifth of what could be."""
    gain = Gain([Both(0.2, 0.6), Both(0.5, 0.5), Both(0.8, 0.7)])
    assert (gain.before, gain.after) == (pytest.approx(0.5), pytest.approx(0.6))
    assert gain.normalised == pytest.approx(0.2)
    assert (gain.people, gain.rose, gain.stayed, gain.fell) == (3, 1, 1, 1)


def test_what_is_the_same_but_for_rounding_stayed() -> None:
    assert Gain([Both(0.1 + 0.2, 0.3), Both(0.3, 0.1 + 0.2)]).stayed == 2


@pytest.mark.parametrize("both", [[], [Both(1.0, 0.5), Both(1.0, 1.0)]], ids=["nobody", "all right before"])
def test_where_nothing_could_be_gained_nothing_is_said(both: list[Both]) -> None:
    assert Gain(both).normalised is None


def test_people_are_grouped_by_the_tenth_they_began_in() -> None:
    gain = Gain([Both(0.3, 0.5), Both(0.34, 0.9), Both(1.0, 0.8), Both(0.9, 1.0)])
    assert gain.bands == [
        Band(3, 2, pytest.approx(0.32), pytest.approx(0.7)),
        Band(9, 2, pytest.approx(0.95), pytest.approx(0.9)),
    ]


def take(database: Database, user_id: UUID, quiz: Quiz, right: list[str], hour: int) -> None:
    """Hand in with these of the questions answered right."""
    keys = {"t-satu": ["a"], "t-dua": ["a", "b"], "t-tiga": ["Toba"]}
    at = NOON + hour * HOUR
    attempt = start(database, quiz, user_id, now=at)
    for item in right:
        save(database, attempt, user_id, item, keys[item], 1, now=at)
    submit(database, attempt, user_id, now=at)


def gained(database: Database, people: Cast, *pairs: Pair) -> list[Gain]:
    with database.reading() as db:
        return gains.of(db, people.cohort, pairs)


def test_only_first_attempts_of_those_who_did_both_in_order_are_compared(database: Database, people: Cast) -> None:
    both, before_only, after_only, turned = class_of(database, 4)
    take(database, both, BEFORE, ["t-satu"], 0)
    take(database, both, BEFORE, ["t-satu", "t-dua", "t-tiga"], 1)
    take(database, both, AFTER, ["t-satu", "t-dua"], 2)
    take(database, both, AFTER, [], 3)
    take(database, before_only, BEFORE, [], 0)
    take(database, after_only, AFTER, [], 0)
    take(database, turned, AFTER, [], 0)
    take(database, turned, BEFORE, [], 1)
    take(database, people.mallory, BEFORE, [], 0)
    take(database, people.mallory, AFTER, ["t-satu"], 1)
    start(database, BEFORE, people.ada)
    (gain,) = gained(database, people, Pair(BEFORE, AFTER))
    assert gain.both == [Both(0.25, 0.75)]
    assert gain.left == {Left.BEFORE_ONLY: 1, Left.AFTER_ONLY: 1, Left.OTHER_WAY_ROUND: 1}


def test_who_waits_for_a_mark_is_not_compared_yet(database: Database, people: Cast) -> None:
    essay = replace(make(source=ESSAY), id="akhir")
    take(database, people.ada, BEFORE, ["t-satu"], 0)
    attempt = start(database, essay, people.ada, now=NOON + HOUR)
    save(database, attempt, people.ada, essay.items[0].id, ["Sebab begitu."], 1, now=NOON + HOUR)
    submit(database, attempt, people.ada, now=NOON + HOUR)
    (gain,) = gained(database, people, Pair(BEFORE, essay))
    assert (gain.people, gain.left) == (0, {Left.WAITING: 1})


def test_a_quiz_names_the_one_before_it() -> None:
    catalog = guided()
    after = replace(catalog.quiz("simulasi"), after="awal")
    known = replace(catalog, quizzes={**catalog.quizzes, "simulasi": after})
    assert gains.pairs(known) == [Pair(catalog.quiz("awal"), after)]
    assert gains.pairs(catalog) == []
