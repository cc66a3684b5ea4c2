"""Which questions come back to somebody, and what becomes of a review however it arrives."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, update

from lms.catalog.load import load
from lms.catalog.source import Folder
from lms.db.attempts import AttemptItem, Confidence
from lms.db.cards import CardReview, CardState
from lms.db.cohorts import CohortQuiz
from lms.db.engine import Database
from lms.learning import attempt_records, attempts, cards, marks, practice, reading, schedule, standing
from lms.learning.attempts import Answer
from lms.learning.cards import Deck
from lms.learning.schedule import Grade, Review
from lms.quiz.canonical import plain
from lms.quiz.practice import About, Subject
from tests.catalog.memory import InMemory
from tests.conftest import NOON, PACK, Cast
from tests.learning import test_practice as packs
from tests.learning.test_standing import granted
from tests.web.test_what_pages_tell import ON_SQLITE

JAKARTA = ZoneInfo("Asia/Jakarta")
DAY = timedelta(days=1)
#: It asks what the quiz of the module asks, and tells nothing before it closes.
EXAM = """---
title: Ujian
attempts: 3
pass: 70
review: {marks: after-submit, answers: after-close, feedback: after-close, explanation: after-close}
draw: [{tags: [pecahan], count: 4}]
---
"""


def pack(**changes: tuple[str, str]) -> InMemory:
    """The small pack with an exam; ``changes``: quiz -> what stands there and what does instead."""
    made = InMemory.copy_of(Folder.at(PACK))
    made.contents["quizzes/ujian.md"] = EXAM.encode()
    for quiz, (old, new) in changes.items():
        made.replace(f"quizzes/{quiz}.md", old, new)
    return made


CATALOG = load(pack())
LESSON = CATALOG.lesson("pecahan/setengah")


class Ada:
    """Takes quizzes, answers self-checks and reviews; each at a moment of its own."""

    def __init__(self, database: Database, people: Cast) -> None:
        self.database, self.id, self.people, self.catalog = database, people.ada, people, CATALOG

    def starts(self, quiz: str, *, at: datetime = NOON) -> UUID:
        with self.database.transaction() as db:
            return attempts.start(db, self.catalog.quiz(quiz), self.id, now=at, bank=self.catalog.bank, seed=1)

    def takes(
        self, quiz: str, right: Iterable[str] = (), *, doubted: Iterable[str] = (), at: datetime = NOON, **wrong: str
    ) -> UUID:
        """Answer ``right`` with the key, ``wrong`` as given, and hand in."""
        attempt = self.starts(quiz, at=at)
        items = self.catalog.homes
        given: dict[str, tuple[str, ...]] = {id: items[id][0].key() or () for id in (*right, *doubted)}
        given |= {id.replace("_", "-"): (value,) for id, value in wrong.items()}
        with self.database.transaction() as db:
            answers = {
                id: Answer(values=values, revision=1, confidence=Confidence.UNSURE if id in doubted else None)
                for id, values in given.items()
            }
            attempts.save_all(db, attempt, self.id, answers, now=at)
            attempts.submit(db, attempt, self.id, now=at)
        return attempt

    def practises(self, about: About, *, at: datetime = NOON, submit: bool = True) -> set[str]:
        """Answer nothing, and hand in; what was asked."""
        with self.database.transaction() as db:
            attempt = practice.start(db, self.id, self.catalog, about, now=at, seed=1)
            if submit:
                attempts.submit(db, attempt, self.id, now=at)
            return {row.item for row in attempt_records.items(db.connection(), attempt)}

    def checks(self, value: str, *, made_at: datetime, now: datetime = NOON + DAY) -> None:
        item = reading.check_of(LESSON, "cek-bagian")
        with self.database.transaction() as db:
            reading.answer(db, self.id, LESSON, item, (value,), now=now, made_at=made_at)

    def reviews(self, item: str, grade: Grade = Grade.GOOD, *, now: datetime, **more: datetime) -> None:
        with self.database.transaction() as db:
            stands = standing.of(db.connection(), self.id, self.catalog, now=now)
            cards.review(db, self.id, item, grade, stands=stands, zone=JAKARTA, now=now, **more)

    def deck(self, now: datetime = NOON + timedelta(hours=1)) -> Deck:
        midnight = now.astimezone(JAKARTA).replace(hour=0, minute=0)
        with self.database.reading() as db:
            stands = standing.of(db, self.id, self.catalog, now=now)
            return cards.of(db, self.id, stands, today=midnight.date(), midnight=midnight, zone=JAKARTA)

    def cards(self, now: datetime = NOON + timedelta(hours=1)) -> set[str]:
        return {card.item.id for card in self.deck(now).cards}

    def rule(self, quiz: str, **different: Any) -> None:
        row = {"opens_at": None, "closes_at": None, "review": None, **different}
        with self.database.transaction() as db:
            db.execute(insert(CohortQuiz).values(cohort_id=self.people.cohort, quiz=quiz, **row))


@pytest.fixture
def ada(database: Database, people: Cast) -> Ada:
    return Ada(database, people)


def test_what_was_missed_left_out_or_doubted_comes_back_on_the_next_day(ada: Ada) -> None:
    assert ada.cards() == set()
    ada.takes("pecahan", ["k-nama"], doubted=["k-pernyataan"], k_terbesar="b")
    deck = ada.deck()
    assert {card.item.id for card in deck.cards} == {"k-terbesar", "k-sama", "k-pernyataan"}, "one was left out"
    assert {card.recall.due_on for card in deck.cards} == {date(2026, 11, 24)}
    assert (deck.due, deck.shares(3), deck.learnt) == ((), (0, 3, 0), 0)
    firm = {card.item.id: card.recall.stability for card in deck.cards}
    assert firm["k-pernyataan"] > firm["k-sama"], "what was answered rightly is remembered longer"
    assert len(ada.deck(NOON + DAY).due) == 3


@ON_SQLITE
def test_what_only_a_person_can_judge_is_no_card_and_some_points_are_no_mistake(ada: Ada) -> None:
    attempt = ada.takes("semua-jenis", sj_bobot="c", sj_uraian="Begitulah.")
    with ada.database.transaction() as db:
        marks.judge(db, attempt, "sj-uraian", 0.5, author_id=ada.people.grace, comment="", now=NOON)
    found = ada.cards()
    assert "sj-tunggal" in found
    assert not found & {"sj-bobot", "sj-uraian"}


@ON_SQLITE
def test_a_card_waits_until_its_attempt_may_be_read_and_for_a_better_one_to_come(ada: Ada) -> None:
    ada.takes("sejarah", k_nilai="b")
    assert ada.cards() == set(), "it would tell right from wrong while an attempt is left"
    ada.takes("sejarah", k_nilai="b", at=NOON + timedelta(minutes=1))
    assert ada.cards() == {"k-nilai"}
    with ada.database.transaction() as db:
        db.execute(granted(ada.people, "sejarah", attempts=1))
    assert ada.cards() == set()


@ON_SQLITE
def test_an_exam_tells_nothing_by_cards_and_what_it_asks_rests_until_it_is_handed_in(ada: Ada) -> None:
    ada.takes("pecahan", ["k-nama", "k-sama", "k-pernyataan"], k_terbesar="b")
    assert ada.cards() == {"k-terbesar"}
    exam = ada.starts("ujian")
    assert ada.cards() == set(), "its key must not lie beside the exam"
    ada.reviews("k-terbesar", now=NOON + DAY)
    with ada.database.transaction() as db:
        attempts.submit(db, exam, ada.id, now=NOON + DAY)
    (card,) = ada.deck(NOON + DAY).cards
    assert card.item.id == "k-terbesar", "what was missed in the exam alone is not told"
    assert card.reviewed_at == NOON + DAY, "a review made before, which came meanwhile, is not lost"
    assert card.recall.due_on == date(2026, 11, 26), "nor did the exam move it"
    ada.rule("ujian", closes_at=NOON + 2 * DAY)
    assert ada.cards(NOON + DAY) == {"k-terbesar"}
    assert len(ada.cards(NOON + 3 * DAY)) == 4


def test_what_was_missed_in_a_practice_comes_back_too_and_once_wherever_it_was_missed(ada: Ada) -> None:
    asked = ada.practises(About(Subject.LESSON, LESSON.id))
    assert ada.cards() == asked == {"cek-bagian", "cek-benar"}
    ada.checks("b", made_at=NOON + timedelta(minutes=5))
    cards = ada.deck(NOON + DAY).due
    assert [card.item.id for card in cards] == ["cek-bagian", "cek-benar"]
    assert {card.home for card in cards} == {LESSON}
    assert (cards[0].recall.last_at, cards[1].recall.last_at) == (NOON + timedelta(minutes=5), NOON)


@ON_SQLITE
def test_what_was_missed_in_a_practice_is_no_card_while_an_exam_keeps_its_question_back(ada: Ada) -> None:
    ada.catalog = packs.CATALOG
    for quiz in ("desimal", "awal", "simulasi"):
        packs.take(ada.database, ada.id, quiz, right=True)
    asked = ada.practises(About(Subject.MODULE, "desimal"), at=NOON + timedelta(minutes=1))
    assert ada.cards() == asked == {"desimal-1", "awal-desimal"}
    ada.rule("simulasi", review=plain(packs.AFTER_CLOSE))  # it may have asked either, and says no more which
    assert ada.cards() == set()
    packs.change(ada.database, update(CohortQuiz).values(closes_at=NOON))
    assert ada.cards() == asked


@ON_SQLITE
def test_a_practice_that_is_left_open_keeps_no_card_back_and_a_quiz_is_named_that_does(ada: Ada) -> None:
    ada.checks("b", made_at=NOON)
    assert "cek-bagian" in ada.practises(About(Subject.LESSON, LESSON.id), submit=False)
    assert (ada.cards(), ada.deck().resting_for) == ({"cek-bagian"}, ())
    ada.takes("pecahan", ["k-nama", "k-sama", "k-pernyataan"], k_terbesar="b")
    attempt = ada.starts("pecahan", at=NOON + timedelta(minutes=1))
    assert [one.id for one in ada.deck().resting_for] == [attempt]
    assert ada.cards() == {"cek-bagian"}


@ON_SQLITE
def test_a_question_is_no_card_as_long_as_its_own_quiz_hides_it_whoever_else_showed_it(ada: Ada) -> None:
    ada.catalog = load(pack(ujian=(EXAM, EXAM.replace("after-close", "after-submit"))))
    ada.takes("ujian")
    assert len(ada.cards()) == 4
    ada.catalog = load(pack(ujian=(EXAM, EXAM.replace("after-close", "after-submit")), pecahan=(
        "review: after-submit", "review: {marks: after-submit, answers: after-last}",
    )))  # fmt: skip
    assert ada.cards() == set(), "its own quiz was never taken"
    hidden = dict.fromkeys(("marks", "answers", "feedback", "explanation"), "never")
    ada.catalog = load(pack(ujian=(EXAM, EXAM.replace("after-close", "after-submit"))))
    ada.rule("ujian", review=hidden)
    assert ada.cards() == set()


@ON_SQLITE
def test_a_card_goes_when_its_answer_becomes_right_or_its_question_leaves_and_starts_anew_with_another_key(
    ada: Ada,
) -> None:
    ada.takes("pecahan", ["k-nama", "k-sama"], k_terbesar="b", k_pernyataan="true")
    assert ada.cards() == {"k-terbesar", "k-pernyataan"}
    with ada.database.transaction() as db:  # as a regrade leaves it
        db.execute(update(AttemptItem).where(AttemptItem.item == "k-terbesar").values(fraction=1.0))
        db.execute(update(AttemptItem).where(AttemptItem.item == "k-nama").values(fraction=0.0, maximum=0.0))
    assert ada.cards() == {"k-pernyataan"}, "nor is one that was dropped a card"
    ada.catalog = load(pack(pecahan=("{#k-pernyataan}", "{#k-lain}")))
    assert ada.cards() == set()
    ada.reviews("k-pernyataan", now=NOON + DAY)
    with ada.database.reading() as db:
        assert db.execute(select(CardReview)).first() is None, "of what no pack asks nothing is kept"
    ada.catalog = load(pack(pecahan=("= salah", "= benar")))
    assert ada.cards() == set()


@ON_SQLITE
def test_reviews_of_a_question_with_another_key_count_no_more(ada: Ada) -> None:
    ada.checks("b", made_at=NOON)
    ada.reviews("cek-bagian", now=NOON + DAY)
    changed = pack()
    changed.replace("modules/pecahan/01-setengah.md", "- (x) Dua {#a}", "- ( ) Dua {#a}")
    changed.replace("modules/pecahan/01-setengah.md", "- ( ) Tiga {#b}", "- (x) Tiga {#b}")
    ada.catalog = load(changed)
    (card,) = ada.deck(NOON + DAY).due
    assert card.reviewed_at is None


def test_a_self_check_once_missed_is_a_card_whatever_is_answered_afterwards_and_whichever_arrives_first(
    ada: Ada,
) -> None:
    ada.checks("a", made_at=NOON + timedelta(minutes=5))
    assert ada.cards() == set()
    ada.checks("b", made_at=NOON)
    assert ada.cards() == {"cek-bagian"}
    with ada.database.reading() as db:
        assert reading.checks(db, ada.id, LESSON) == {"cek-bagian": ("a",)}
    ada.checks("b", made_at=NOON + 3 * DAY, now=NOON + 3 * DAY)
    ada.checks("b", made_at=NOON + DAY, now=NOON + 3 * DAY)
    (card,) = ada.deck(NOON + 3 * DAY).cards
    assert card.recall.last_at == NOON + 3 * DAY


def test_a_question_missed_again_comes_back_on_the_next_day(ada: Ada) -> None:
    ada.checks("b", made_at=NOON)
    for days in (1, 3):
        ada.reviews("cek-bagian", now=NOON + days * DAY)
    (card,) = ada.deck(NOON + 4 * DAY).cards
    assert card.recall.due_on == date(2026, 12, 2)
    ada.checks("b", made_at=NOON + 4 * DAY, now=NOON + 4 * DAY)
    (card,) = ada.deck(NOON + 4 * DAY).cards
    assert card.recall.due_on == date(2026, 11, 28)


def test_reviews_may_arrive_in_any_order_and_twice_and_the_database_says_what_fsrs_says(ada: Ada) -> None:
    chance = random.Random(20261129)
    for made in _histories(chance):
        ada.checks("b", made_at=NOON, now=NOON)
        with ada.database.transaction() as db:
            db.execute(CardReview.__table__.delete())  # type: ignore[attr-defined]
            db.execute(CardState.__table__.delete())  # type: ignore[attr-defined]
        for review in [*chance.sample(made, len(made)), *chance.choices(made, k=2)]:
            ada.reviews("cek-bagian", review.grade, now=NOON + 200 * DAY, made_at=review.at)
        (card,) = ada.deck(NOON + 200 * DAY).cards
        assert card.recall == schedule.after([Review(NOON, Grade.AGAIN), *made], zone=JAKARTA)
        assert card.reviewed_at == max(review.at for review in made)


def _histories(chance: random.Random) -> list[list[Review]]:
    moments = [NOON + chance.random() * 190 * DAY for _ in range(5)]
    return [[Review(at, chance.choice(list(Grade))) for at in chance.sample(moments, 4)] for _ in range(3)]


@ON_SQLITE
def test_a_button_pressed_twice_is_one_review_and_what_claims_to_come_from_the_future_was_made_now(ada: Ada) -> None:
    ada.checks("b", made_at=NOON)
    shown = NOON + DAY
    for seconds in (5, 6):
        ada.reviews("cek-bagian", now=shown + timedelta(seconds=seconds), shown_at=shown)
    ada.reviews("cek-bagian", now=shown + timedelta(seconds=7), made_at=datetime(2030, 1, 1, tzinfo=UTC))
    with ada.database.reading() as db:
        made = db.execute(select(CardReview.made_at).order_by(CardReview.made_at)).scalars().all()
    assert made == [shown + timedelta(seconds=5), shown + timedelta(seconds=7)]


@ON_SQLITE
def test_a_days_share_is_ten_cards_and_what_was_reviewed_today_counts(ada: Ada) -> None:
    ada.catalog = load(pack(pecahan=("## Terbesar", "".join(map(_question, range(12))) + "## Terbesar")))
    ada.takes("pecahan")
    deck = ada.deck(NOON + DAY)
    assert (len(deck.due), len(deck.todays), deck.shares(3)) == (16, 10, (10, 6, 0))
    for card in deck.todays[:4]:
        ada.reviews(card.item.id, now=NOON + DAY)
    deck = ada.deck(NOON + DAY)
    assert (len(deck.due), len(deck.todays), deck.reviewed_today) == (12, 6, 4)
    assert len(ada.deck(NOON + 2 * DAY).todays) == 10


def _question(number: int) -> str:
    return f"## Soal {number} {{#soal-{number}}}\ntags: C1\n\nApa?\n\n- (x) ini {{#a}}\n- ( ) itu {{#b}}\n\n"
