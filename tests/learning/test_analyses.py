"""What is counted of a quiz is what counting its attempts one by one gives, also after regrades and departures."""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from lms.db.attempts import Attempt, AttemptItem, Response
from lms.db.cohorts import Enrolment, Place
from lms.db.engine import Database
from lms.db.statistics import AnalysedQuiz, AnalysisCell
from lms.learning import analyses, analysis_counts, cohorts, marks
from lms.learning.analyses import Which
from lms.quiz import regrade
from lms.quiz.distribution import BILLION
from tests.conftest import Cast
from tests.learning.test_attempts import SOURCE, make
from tests.learning.test_marks import ESSAY
from tests.learning.test_regrades import LATER, asked, class_of, decide, key, take

QUIZ = make()
ANSWERS: dict[str, tuple[list[str] | None, ...]] = {
    "t-satu": (["a"], ["b"], ["c"], None),
    "t-dua": (["a", "b"], ["a"], ["a", "b", "c"], None),
    "t-tiga": (["Toba"], ["Maninjau"], None),
}


EVERY = [*Which, Which.EVERY]


@pytest.fixture
def everybody(database: Database, people: Cast) -> list[UUID]:
    """One to three attempts each, at random."""
    rng = random.Random(7)
    members = class_of(database, 6)
    for user_id in members:
        for _ in range(rng.randint(1, 3)):
            take(database, QUIZ, user_id, {id: rng.choice(answers) for id, answers in ANSWERS.items()})
    return members


def refreshed(database: Database, people: Cast, which: Which = Which.EVERY) -> analyses.Analysed:
    analysis_counts.refresh(database, people.cohort, QUIZ.id, now=LATER)
    return told(database, people, which)


def told(database: Database, people: Cast, which: Which) -> analyses.Analysed:
    with database.reading() as db:
        found = analyses.of(db, people.cohort, QUIZ.id, which)
    assert found is not None
    return found


def one_by_one(database: Database, people: Cast, which: Which) -> tuple[Counter[int], Counter[Any]]:
    """Scores, and what was answered, earned and reached of each question: counted in Python, attempt by attempt."""
    of_person: defaultdict[UUID, list[Any]] = defaultdict(list)
    scores, cells = Counter[int](), Counter[Any]()
    with database.reading() as db:
        enrolled = select(Enrolment.id).where(Enrolment.cohort_id == people.cohort, Enrolment.left_at.is_(None))
        attempts = select(Attempt.__table__).where(Attempt.enrolment_id.in_(enrolled), Attempt.score.is_not(None))
        for row in db.execute(attempts.order_by(Attempt.number)):
            of_person[row.user_id].append(row)
        given = {(row.attempt_id, row.item): row.value for row in db.execute(select(Response.__table__))}
        items = db.execute(select(AttemptItem.__table__)).all()
    for row in (row for mine in of_person.values() for row in picked(mine, which)):
        scores[round(row.score * BILLION)] += 1
        for item in items:
            if item.attempt_id == row.id and item.maximum:
                value = given.get((row.id, item.item))
                response = tuple(json.loads(value)) if value and item.option_order else ()
                cells[item.item, response, round(item.points * BILLION), round(row.score * BILLION)] += 1
    return scores, cells


def picked(attempts: list[Any], which: Which) -> list[Any]:
    """Of the attempts of one person, by their number."""
    best = max(
        attempts, key=lambda row: (bool(row.passed), row.score / row.maximum if row.maximum else -1, -row.number)
    )
    return {Which.EVERY: attempts, Which.FIRST: attempts[:1], Which.BEST: [best], Which.LAST: attempts[-1:]}[which]


def counted(found: analyses.Analysed) -> tuple[Counter[int], Counter[Any]]:
    cells = Counter[Any]()
    for (item, _major), analysis in found.quiz.items.items():
        for cell in analysis.cells:
            cells[item, cell.response, cell.points, cell.score] += cell.count
    return Counter(found.quiz.scores.counts), cells


@pytest.mark.parametrize("which", EVERY)
def test_a_quiz_is_counted_as_one_by_one(database: Database, people: Cast, everybody: list[UUID], which: Which) -> None:
    assert counted(refreshed(database, people, which)) == one_by_one(database, people, which)


def test_after_a_regrade_and_a_departure_it_is_old_and_counted_anew(
    database: Database, people: Cast, everybody: list[UUID]
) -> None:
    first = refreshed(database, people)
    with database.reading() as db:
        assert (first.is_old, analysis_counts.old(db)) == (False, [])
    decide(database, people, asked(people, regrade.Drop()))
    with database.transaction() as db:
        cohorts.leave(db, people.cohort, everybody[0], now=LATER)
    with database.reading() as db:
        found = analyses.of(db, people.cohort, QUIZ.id)
        assert found is not None
        assert found.is_old
        assert analysis_counts.old(db) == [(people.cohort, QUIZ.id)]
    again = refreshed(database, people)
    assert counted(again) == one_by_one(database, people, Which.EVERY) != counted(first)
    assert not again.is_old


#: With a question that somebody must judge.
MIXED = make("pass: 40", SOURCE + ESSAY[ESSAY.index("\n## ") :])
WORDS = {"u-satu": (["Menahan abrasi."], ["Entahlah."], None), **ANSWERS}


class History:
    """What may happen to a quiz of a cohort, at random."""

    def __init__(self, database: Database, people: Cast, rng: random.Random) -> None:
        self.database, self.people, self.rng = database, people, rng
        self.members, self.gone = class_of(database, 5), list[UUID]()
        self.waiting: list[UUID] = []

    def take(self) -> None:
        answers = {id: self.rng.choice(given) for id, given in WORDS.items()}
        attempt = take(self.database, MIXED, self.rng.choice(self.members), answers)
        if answers["u-satu"]:
            self.waiting.append(attempt)

    def judge(self) -> None:
        if self.waiting:
            attempt = self.waiting.pop(self.rng.randrange(len(self.waiting)))
            with self.database.transaction() as db:
                fraction = self.rng.choice((0.25, 1.0))
                marks.judge(db, attempt, "u-satu", fraction, author_id=self.people.grace, comment="", now=LATER)

    def regrade(self) -> None:
        decision = self.rng.choice((regrade.Drop(), regrade.FullMarks(), key("t-satu", "b")))
        decide(self.database, self.people, asked(self.people, decision))

    def leave(self) -> None:
        self.gone.append(self.members.pop())
        with self.database.transaction() as db:
            cohorts.leave(db, self.people.cohort, self.gone[-1], now=LATER)

    def come_back(self) -> None:
        if self.gone:
            self.members.append(self.gone.pop())
            with self.database.transaction() as db:
                cohort = cohorts.by_name(db, "Angkatan I")
                cohorts.enrol(db, cohort, self.members[-1], Place.PARTICIPANT, now=LATER)


def test_whatever_happened_counting_what_changed_gives_what_counting_all_gives(
    database: Database, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysis_counts, "SLICE", 3)  # attempts, of which a person may have more
    monkeypatch.setattr(analysis_counts, "PIECE", 2)
    history = History(database, people, random.Random(3))
    first, last = [History.take] * 4, [History.leave, History.take, History.come_back, History.take]
    middle = history.rng.choices((History.take, History.judge, History.regrade), weights=(5, 3, 2), k=5)
    for act in (*first, *middle, *last):
        act(history)
        analysis_counts.refresh(database, people.cohort, QUIZ.id, now=LATER)
        changed = [counted(told(database, people, which)) for which in EVERY]
        assert changed == [one_by_one(database, people, which) for which in EVERY], act
    with database.transaction() as db:
        db.execute(delete(AnalysedQuiz))
    analysis_counts.refresh(database, people.cohort, QUIZ.id, now=LATER)
    assert [counted(told(database, people, which)) for which in EVERY] == changed


def test_new_attempts_are_added_and_all_else_is_counted_anew(
    database: Database, people: Cast, everybody: list[UUID]
) -> None:
    def made() -> list[UUID]:
        refreshed(database, people)
        with database.reading() as db:
            return [*db.execute(select(AnalysisCell.made).distinct()).scalars()]

    (first,) = made()
    for user_id in everybody[:2]:
        take(database, QUIZ, user_id, {"t-satu": ["a"]})
    assert made() == [first]
    decide(database, people, asked(people, regrade.Drop()))
    (second,) = made()
    assert second > first, "and nothing of the earlier counting is left"


def test_what_was_never_counted_is_told_as_such(database: Database, people: Cast) -> None:
    with database.reading() as db:
        assert analyses.of(db, people.cohort, QUIZ.id) is None
    take(database, QUIZ, people.ada, {})
    with database.reading() as db:
        assert analysis_counts.old(db) == [(people.cohort, QUIZ.id)]


def test_one_question_is_told_as_all_of_them_are(database: Database, people: Cast, everybody: list[UUID]) -> None:
    whole = refreshed(database, people, Which.LAST).quiz
    with database.reading() as db:
        for item in ANSWERS:
            alone = analyses.of_question(db, people.cohort, QUIZ.id, item, Which.LAST)
            assert alone == {major: one for (id, major), one in whole.items.items() if id == item}
        first, every = (one_by_one(database, people, one)[0].total() for one in (Which.FIRST, Which.EVERY))
        assert analyses.counted(db, people.cohort, QUIZ.id) == analyses.Counted(people=first, attempts=every)
        assert analyses.of_question(db, people.cohort, "tiada", "t-satu") == {}
