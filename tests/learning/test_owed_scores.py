"""Whatever changes what a person has at a graded link is owed, and only that; what is sent is what holds then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, update

from lms.catalog.load import load
from lms.catalog.model import Catalog
from lms.catalog.source import Folder
from lms.db.attempts import Attempt
from lms.db.cohorts import Place
from lms.db.engine import Database
from lms.db.lti import LtiScore
from lms.learning import attempts, cohorts, marks, offered_scores, overrides, owed_scores, reading
from lms.learning.offered_scores import LEASE, Offer, Refusal
from lms.learning.owed_scores import SETTLED
from lms.learning.retries import pause
from lms.quiz.quiz import Grade, Quiz
from lms.quiz.review import Moment, ReviewRules
from tests.conftest import NOON, PACK, Cast, Statements
from tests.learning.platform_courses import SUBJECT, Course, course, enrolment, link, owed
from tests.learning.test_attempts import make, save, start, submit
from tests.learning.test_question_sums import HEAD, MIXED

LATER = NOON + SETTLED


class Site:
    """A quiz that is linked to, in a pack that has nothing else."""

    def __init__(self, database: Database, people: Cast, catalog: Catalog, quiz: Quiz) -> None:
        self.database, self.people, self.quiz = database, people, quiz
        self.catalog = _with(catalog, quiz)
        with database.transaction() as db:
            self.course: Course = course(db, people)
            self.link = link(db, self.course, f"kuis/{quiz.id}")
        self.take_up(LATER)  # nothing holds yet

    def take_up(self, now: datetime) -> list[Offer]:
        with self.database.transaction() as db:
            return offered_scores.take_up(db, self.catalog, self.course.registration, now=now, most=50)[1]

    def taken(self, offers: list[Offer], now: datetime) -> None:
        with self.database.transaction() as db:
            offered_scores.taken(db, offers, now=now)

    def take(self, answers: dict[str, list[str]], now: datetime = NOON) -> UUID:
        attempt = start(self.database, self.quiz, self.people.ada, now)
        for number, (item, values) in enumerate(answers.items()):
            save(self.database, attempt, self.people.ada, item, values, number + 1, now)
        submit(self.database, attempt, self.people.ada, now)
        return attempt

    def sends(self, now: datetime) -> list[tuple[float | None, float]]:
        """What is due is sent and taken."""
        offers = self.take_up(now)
        self.taken(offers, now)
        return [(one.points, one.maximum) for one in offers]


def _with(catalog: Catalog, quiz: Quiz) -> Catalog:
    return replace(catalog, quizzes={**catalog.quizzes, quiz.id: quiz})


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load(Folder.at(PACK))


@pytest.fixture
def made(database: Database, people: Cast, catalog: Catalog) -> Callable[..., Site]:
    def make_site(head: str = "pass: 70\nattempts: 5", source: str | None = None) -> Site:
        return Site(database, people, catalog, make(head, source) if source else make(head))

    return make_site


RIGHT = {"t-satu": ["a"], "t-dua": ["a", "b"], "t-tiga": ["Toba"]}  # all four points
HALF = {"t-dua": ["a", "b"]}  # two of four


def test_a_submit_is_owed_and_what_holds_is_sent_once(made: Callable[..., Site]) -> None:
    site = made()
    assert [(one.version, one.sent, one.sent_at) for one in owed(site.database)] == [(1, 1, None)]
    attempt = start(site.database, site.quiz, site.people.ada)
    save(site.database, attempt, site.people.ada, "t-dua", ["a", "b"], 1)
    assert owed(site.database)[0].version == 1, "an attempt that is open is worth nothing"
    submit(site.database, attempt, site.people.ada)
    (offer,) = site.take_up(NOON)
    assert (offer.subject, offer.points, offer.maximum, offer.version) == (SUBJECT, 50.0, 100.0, 2)
    assert offer.url.endswith("/lineitem?type_id=1")
    assert site.take_up(NOON) == [], "nobody else takes it up meanwhile"
    site.taken([offer], NOON)
    (row,) = owed(site.database)
    assert (row.sent, row.sent_at, row.refusal) == (2, NOON, None)
    assert site.take_up(NOON + LEASE) == []


def test_who_comes_from_no_platform_is_owed_nothing_and_costs_nothing(database: Database, people: Cast) -> None:
    heard = Statements()
    attempt = start(database, make(), people.ada)
    event.listen(database.engine, "before_cursor_execute", heard.listen)
    submit(database, attempt, people.ada)
    event.remove(database.engine, "before_cursor_execute", heard.listen)
    assert owed(database) == []
    assert heard.sent
    assert not any("INTO lti_score" in one for one in heard.sent)


@pytest.mark.parametrize(
    ("grade", "points"), [(Grade.BEST, 100.0), (Grade.LAST, 50.0), (Grade.FIRST, 0.0)], ids=lambda one: str(one)
)
def test_of_several_attempts_the_one_counts_that_the_quiz_says(
    made: Callable[..., Site], grade: Grade, points: float
) -> None:
    site = made(f"pass: 70\nattempts: 5\ngrade: {grade}")
    assert site.quiz.grade is grade
    for minute, answers in enumerate(({}, RIGHT, HALF)):
        site.take(answers, NOON + timedelta(minutes=minute))
    assert site.sends(NOON + timedelta(hours=1)) == [(points, 100.0)]
    assert owed(site.database)[0].version == 4, "each of three changed what holds; one was sent"


def test_an_essay_waits_without_a_score_and_its_mark_and_a_regrade_follow(made: Callable[..., Site]) -> None:
    site = made(f"{HEAD}\nattempts: 3", MIXED)
    attempt = site.take({"t-uraian": ["Abrasi."]})
    assert site.sends(NOON) == [(None, 100.0)]
    with site.database.transaction() as db:
        marks.judge(db, attempt, "t-uraian", 1.0, author_id=site.people.grace, comment="", now=NOON)
    first = site.take_up(NOON)
    assert first[0].points == pytest.approx(300 / 7, abs=1e-5)
    site.taken(first, NOON)
    with site.database.transaction() as db:
        marks.judge(db, attempt, "t-uraian", 0.5, author_id=site.people.grace, comment="", now=NOON)
    (second,) = site.take_up(NOON)
    assert second.points == pytest.approx(150 / 7, abs=1e-5)
    assert second.at > first[0].at, "of two scores of one moment the later one counts"


def test_an_attempt_that_ends_by_its_deadline_is_owed(made: Callable[..., Site]) -> None:
    site = made("pass: 70\ntime_limit: 20 min")
    attempt = start(site.database, site.quiz, site.people.ada)
    save(site.database, attempt, site.people.ada, "t-dua", ["a", "b"], 1)
    with site.database.transaction() as db:
        attempts.close_overdue(db, now=NOON + timedelta(hours=1))
    assert site.sends(NOON + timedelta(hours=1)) == [(50.0, 100.0)]


def test_killed_before_it_was_written_down_the_same_is_sent_again(made: Callable[..., Site]) -> None:
    site = made()
    site.take(HALF)
    (first,) = site.take_up(NOON)
    (again,) = site.take_up(NOON + LEASE)
    assert again.again
    assert (again.version, again.at, again.points) == (first.version, first.at, first.points)
    site.take(RIGHT)
    (newest,) = site.take_up(NOON)  # at once: another score
    assert (newest.again, newest.points) == (False, 100.0)
    assert newest.at > first.at
    site.taken([first], NOON)  # the one who was slow
    assert [(one.sent, one.version) for one in owed(site.database)] == [(2, 3)]
    site.taken([newest], NOON)
    assert [(one.sent, one.version) for one in owed(site.database)] == [(3, 3)]


def test_what_is_refused_is_offered_after_pauses_that_grow_and_told(made: Callable[..., Site]) -> None:
    site, now = made(), NOON
    site.take(HALF)
    at = set()
    for tries in range(1, 14):
        (offer,) = site.take_up(now)
        at.add(offer.at)
        with site.database.transaction() as db:
            offered_scores.refused(db, [Refusal(offer, "Tidak.")], now=now)
        assert owed(site.database)[0].due_at == now + pause(tries)
        assert site.take_up(now + pause(tries) - timedelta(seconds=1)) == []
        now += pause(tries)
    assert len(at) == 1, "nothing changed meanwhile"
    assert pause(13) == timedelta(days=1)
    with site.database.reading() as db:
        (told,) = offered_scores.not_sent(db)
        assert (told.name, told.cohort, told.refusal, told.tries) == ("Ada", "Angkatan I", "Tidak.", 13)
        assert offered_scores.count_not_sent(db) == 1
    with site.database.transaction() as db:
        assert owed_scores.resend(db) == 1
    assert site.sends(NOON) == [(50.0, 100.0)]
    with site.database.reading() as db:
        assert offered_scores.not_sent(db) == []


def test_a_time_that_a_platform_calls_old_is_followed_by_a_later_one(made: Callable[..., Site]) -> None:
    site = made()
    site.take(HALF)
    (first,) = site.take_up(NOON)
    with site.database.transaction() as db:
        offered_scores.refused(db, [Refusal(first, "Lebih baru.", anew=True)], now=NOON)
    (second,) = site.take_up(NOON + pause(1))
    assert second.at > first.at
    assert not second.again


def test_marks_that_are_kept_back_are_kept_from_the_platform(made: Callable[..., Site]) -> None:
    site = made("pass: 70\nattempts: 1\nreview: after-close")
    closes = NOON + timedelta(days=1)
    with site.database.transaction() as db:
        rules = overrides.Rules(opens_at=None, closes_at=closes, review=None)
        overrides.set_rules(db, site.people.cohort, site.quiz.id, rules, actor_id=None, now=NOON)
    site.take(RIGHT)
    assert site.sends(NOON) == [(None, 100.0)]
    assert site.sends(NOON + timedelta(hours=23)) == [], "the platform knows as much as there is to tell"
    assert site.sends(closes) == [(100.0, 100.0)]
    assert site.sends(closes + timedelta(days=9)) == []


def test_staff_who_show_marks_earlier_show_them_to_the_platform(made: Callable[..., Site]) -> None:
    site = made("pass: 70\nattempts: 1\nreview: after-close")
    site.take(RIGHT)
    (hidden,) = site.take_up(NOON)  # and killed: nobody knows whether it arrived
    with site.database.transaction() as db:
        rules = overrides.Rules(opens_at=None, closes_at=None, review=ReviewRules(marks=Moment.AFTER_SUBMIT))
        overrides.set_rules(db, site.people.cohort, site.quiz.id, rules, actor_id=None, now=NOON)
    (shown,) = site.take_up(NOON)
    assert (hidden.points, shown.points) == (None, 100.0)
    assert shown.at > hidden.at, "never another value at the same time"


def test_who_left_is_sent_nothing_and_who_comes_back_is(made: Callable[..., Site]) -> None:
    site = made()
    site.take(HALF)
    with site.database.transaction() as db:
        cohorts.leave(db, site.people.cohort, site.people.ada, now=NOON)
    assert site.sends(NOON) == []
    assert owed(site.database)[0].refusal == offered_scores.LEFT
    with site.database.transaction() as db:
        group = cohorts.by_name(db, "Angkatan I")
        cohorts.enrol(db, group, site.people.ada, Place.PARTICIPANT, now=NOON)
    assert site.sends(LATER) == [(50.0, 100.0)]


def test_who_tries_a_quiz_as_an_instructor_is_owed_nothing(made: Callable[..., Site]) -> None:
    site = made()
    attempt = start(site.database, site.quiz, site.people.grace)
    submit(site.database, attempt, site.people.grace)
    assert len(owed(site.database)) == 1


def test_a_link_that_gets_a_line_item_later_owes_what_is_there(
    database: Database, people: Cast, catalog: Catalog
) -> None:
    quiz = make("pass: 70\nattempts: 5")
    attempt = start(database, quiz, people.ada)
    save(database, attempt, people.ada, "t-dua", ["a", "b"], 1)
    submit(database, attempt, people.ada)
    site = Site(database, people, catalog, quiz)  # which takes it up
    assert site.sends(LATER + LEASE) == [(50.0, 100.0)]
    with database.transaction() as db:
        assert not owed_scores.grade(db, site.link, owed_url(site), 100.0, now=NOON), "nothing has changed"
        assert owed_scores.grade(db, site.link, owed_url(site), 10.0, now=NOON)
    assert site.sends(LATER) == [(5.0, 10.0)]
    with database.transaction() as db:
        assert owed_scores.grade(db, site.link, None, None, now=NOON)
    site.take(RIGHT)
    assert site.sends(LATER) == []


def owed_url(site: Site) -> str:
    return "https://moodle.example.id/items/3/lineitem?type_id=1"


def test_without_a_maximum_points_are_those_of_the_quiz(made: Callable[..., Site]) -> None:
    site = made()
    with site.database.transaction() as db:
        owed_scores.grade(db, site.link, owed_url(site), None, now=NOON)
    site.take(HALF)
    assert site.sends(LATER) == [(2.0, 4.0)]


def test_lessons_and_modules_are_complete_or_not(database: Database, people: Cast, catalog: Catalog) -> None:
    module = catalog.module("sejarah")
    with database.transaction() as db:
        there = course(db, people)
        link(db, there, f"materi/{module.id}", maximum=1.0)
        link(db, there, f"materi/{module.lessons[0].id}", maximum=1.0)

    def sends(now: datetime) -> list[float | None]:
        with database.transaction() as db:
            offers = offered_scores.take_up(db, catalog, there.registration, now=now, most=50)[1]
            offered_scores.taken(db, offers, now=now)
        return [one.points for one in offers]

    assert sends(LATER) == []
    for lesson in module.lessons:
        with database.transaction() as db:
            reading.visit(db, people.ada, lesson, now=NOON)
        for check in lesson.checks:
            with database.transaction() as db:
                reading.answer(db, people.ada, lesson, check, answer_to(check), now=NOON)
        with database.transaction() as db:
            reading.visit(db, people.ada, lesson, read=True, now=NOON)
    assert sends(LATER)[0] == 1.0
    for quiz in module.quizzes:
        attempt = start(database, quiz, people.ada)
        submit(database, attempt, people.ada)
        with database.transaction() as db:
            db.execute(update(Attempt).where(Attempt.id == attempt).values(score=1.0, passed=True))
    done = sends(LATER + LEASE)
    assert done == ([1.0] if module.quizzes else [])


def answer_to(check: Any) -> tuple[str, ...]:
    return (check.choices()[0].id,) if check.choices() else ("1",)


def test_two_workers_take_up_different_scores(made: Callable[..., Site]) -> None:
    site = made()
    site.take(HALF)
    with site.database.transaction() as db:
        db.execute(update(LtiScore).values(due_at=NOON))
    if site.database.sqlite:
        assert (len(site.take_up(NOON)), len(site.take_up(NOON))) == (1, 0)
        return
    with site.database.transaction() as one, site.database.transaction() as other:
        found = [
            offered_scores.take_up(db, site.catalog, site.course.registration, now=NOON, most=50)[1]
            for db in (one, other)
        ]
    assert [len(offers) for offers in found] == [1, 0]


def test_the_enrolment_that_a_score_belongs_to_is_that_of_the_course(made: Callable[..., Site]) -> None:
    site = made()
    with site.database.reading() as db:
        assert owed(site.database)[0].enrolment_id == enrolment(db, site.people)
