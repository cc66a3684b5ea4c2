"""What is missed most, by article: as adding up the marks one by one gives it, and nothing that an exam still hides."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lms.catalog.load import load
from lms.catalog.model import Catalog
from lms.catalog.source import Folder
from lms.db.engine import Database
from lms.learning import gaps, practice
from lms.learning.gaps import Answered
from lms.memory import Memory
from lms.quiz import regrade
from lms.quiz.item import Item
from lms.quiz.quiz import Quiz
from lms.quiz.review import Moment, ReviewRules
from tests.conftest import NOON, PACK, Cast
from tests.learning.test_attempts import make, save, start, submit
from tests.learning.test_regrades import LATER, asked, decide, take

SHIPPED = load(Folder.at(PACK))
CITES = {"t-satu": ("uu-baru#3.2", "uu-baru#3"), "t-dua": ("uu-baru#3.1",), "t-tiga": ("uu-baru#1",)}


def catalog(quiz: Quiz) -> Catalog:
    """The pack with this quiz alone, whose questions cite articles."""
    items = tuple(replace(item, cites=CITES.get(item.id, ()), tags=("roti",)) for item in quiz.items)
    return replace(SHIPPED, quizzes={quiz.id: replace(quiz, items=items)}, memory=Memory())


def shares(found: list[gaps.Gap]) -> dict[str, tuple[float, int]]:
    return {gap.about: (gap.missed, gap.answers) for gap in found}


def test_a_cohort_misses_an_article_by_the_share_of_marks_it_did_not_earn(database: Database, people: Cast) -> None:
    quiz = make()
    take(database, quiz, people.ada, {"t-satu": ["b"], "t-dua": ["a"], "t-tiga": ["Toba"]})
    take(database, quiz, people.ada, {"t-satu": ["a"]})
    take(database, quiz, people.mallory, {"t-satu": ["a"]})  # of another cohort
    pack = catalog(quiz)
    items: dict[str, Item] = {item.id: item for item in pack.quizzes[quiz.id].items}
    given: list[dict[str, Any]] = [{"t-satu": ("b",), "t-dua": ("a",), "t-tiga": ("Toba",)}, {"t-satu": ("a",)}]

    def lost(id: str) -> list[float]:
        return [1 - items[id].mark(one.get(id)).fraction for one in given]

    third, first = [*lost("t-satu"), *lost("t-dua")], lost("t-tiga")
    with database.reading() as db:
        answered = gaps.of_cohort(db, people.cohort, pack)
    found = gaps.by_article(answered, pack)
    assert shares(found) == {
        "uu-baru#3": (pytest.approx(sum(third) / 4), 4),
        "uu-baru#1": (pytest.approx(sum(first) / 2), 2),
    }
    assert [gap.missed for gap in found] == sorted((gap.missed for gap in found), reverse=True)
    article = next(gap for gap in found if gap.about == "uu-baru#3")
    assert article.reading is not None
    assert article.reading.lesson.id == "pecahan/setengah", "which cites Pasal 3 ayat (2)"
    assert article.reading.heading is not None
    (roti,) = gaps.by_tag(answered, pack)
    assert roti.answers == 2 * len(items)


@pytest.mark.parametrize(("review", "told"), [(ReviewRules(), True), (ReviewRules(answers=Moment.NEVER), False)])
def test_of_one_person_only_what_no_exam_hides_and_as_they_answered_last(
    database: Database, people: Cast, review: ReviewRules, told: bool
) -> None:
    quiz = replace(make(), review=review)
    pack = catalog(quiz)
    take(database, quiz, people.ada, {"t-satu": ["b"], "t-tiga": ["Maninjau"]})
    again = start(database, quiz, people.ada, NOON + timedelta(hours=1))
    for item, values in {"t-satu": ["b"], "t-tiga": ["Toba"]}.items():
        save(database, again, people.ada, item, values, 1, NOON + timedelta(hours=1))
    submit(database, again, people.ada, NOON + timedelta(hours=1))
    with database.reading() as db:
        own = gaps.of_person(practice.of(db, people.ada, pack, now=LATER))
    assert {one.item.id: one.missed for one in own if one.item.cites} == (
        {"t-satu": 1.0, "t-dua": 1.0, "t-tiga": 0.0} if told else {}
    )


def test_a_question_that_nobody_got_is_missed_by_all_and_never_by_more() -> None:
    item = make().items[0]
    assert [Answered(item, "", 4, earned).missed for earned in (0.0, 1.0, 4.0, -2.0)] == [1.0, 0.75, 0.0, 1.0]


def test_a_question_that_a_decision_dropped_is_missed_by_nobody(database: Database, people: Cast) -> None:
    quiz = replace(make(), review=ReviewRules())
    pack = catalog(quiz)
    take(database, quiz, people.ada, {"t-satu": ["b"], "t-tiga": ["Maninjau"]})
    decide(database, people, asked(people, regrade.Drop()))
    with database.reading() as db:
        own = gaps.of_person(practice.of(db, people.ada, pack, now=LATER))
        all_of_them = gaps.of_cohort(db, people.cohort, pack)
    assert {one.item.id for one in own if one.item.cites} == {"t-dua", "t-tiga"}
    assert "t-satu" not in {one.item.id for one in all_of_them}
