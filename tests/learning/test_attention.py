"""Who needs somebody: each reason is told with its evidence, and nobody is named without one."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from lms.db.cohorts import Place
from lms.db.engine import Database
from lms.db.learning import LessonRecord
from lms.learning import attention, cohorts, reading
from lms.learning.attention import Need, Pace, Reason, Sign
from tests.conftest import NOON, Cast
from tests.learning.test_attempts import make, save, start, submit
from tests.learning.test_marks import ESSAY
from tests.learning.test_members import CATALOG
from tests.learning.test_regrades import class_of, take

DAY = timedelta(days=1)
LESSONS = CATALOG.every_lesson
WHOLE = Pace([lesson.id for lesson in LESSONS], ["percobaan"], None, doubtable=["percobaan"])


def told(database: Database, people: Cast, pace: Pace = WHOLE) -> dict[str, list[Sign]]:
    with database.reading() as db:
        found = attention.of(db, people.cohort, pace, now=NOON)
        for one in found:  # asked alone, one is told the same
            id = one.member.enrolment_id
            assert attention.signs(db, people.cohort, pace, [id], now=NOON) == {id: one.signs}
    return {one.member.login: list(one.signs) for one in found}


def visit(database: Database, user_id: UUID, days: list[int], *, read: bool = False, lesson: int = 0) -> None:
    with database.transaction() as db:
        for day in days:
            reading.visit(db, user_id, LESSONS[lesson], read=read, now=NOON - day * DAY)


def test_every_reason_comes_with_what_it_is_about(database: Database, people: Cast) -> None:
    quiet, stuck, failed, fine = class_of(database, 4)
    visit(database, quiet, [12], read=True)
    visit(database, stuck, [6, 1])
    visit(database, fine, [1], read=True)
    quiz = make("pass: 90")
    for _ in range(2):
        take(database, quiz, failed, {"t-satu": ["b"]})
    found = told(database, people)
    assert found == {
        "peserta2": [Sign(Reason.FAILED, "percobaan", 2, NOON)],
        "ada": [Sign(Reason.ABSENT)],
        "peserta0": [Sign(Reason.QUIET, "", 12, NOON - 12 * DAY)],
        "peserta1": [Sign(Reason.STUCK, LESSONS[0].id, 0, NOON - 6 * DAY)],
    }
    assert list(found) == ["peserta2", "ada", "peserta0", "peserta1"], "the most urgent first"


@pytest.mark.parametrize(("day", "share"), [(1, 0.0), (2, 0.1), (11, 1.0), (30, 1.0)])
def test_the_pace_is_that_of_the_days_behind_a_cohort(day: int, share: float) -> None:
    first, last = date(2026, 12, 1), date(2026, 12, 10)
    assert attention.expected(date(2026, 12, day), starts_on=first, ends_on=last) == pytest.approx(share)
    assert attention.expected(date(2026, 12, day), starts_on=first, ends_on=None) is None


def test_who_is_below_the_pace_is_told_by_how_many_steps(database: Database, people: Cast) -> None:
    (slow,) = class_of(database, 1)
    visit(database, slow, [1], read=True)
    steps = WHOLE.steps
    found = told(database, people, Pace(WHOLE.lessons, WHOLE.quizzes, 1.0))
    assert found["peserta0"] == [Sign(Reason.BEHIND, "", steps - 1)]
    assert "peserta0" not in told(database, people, Pace(WHOLE.lessons, WHOLE.quizzes, 1 / steps))


def test_who_did_everything_needs_nobody(database: Database, people: Cast) -> None:
    visit(database, people.ada, [40], read=True)
    assert [sign.reason for sign in told(database, people)["ada"]] == [Reason.QUIET]
    assert told(database, people, Pace([LESSONS[0].id], [], 1.0)) == {}


def test_who_waits_for_a_mark_or_doubts_much_is_told(database: Database, people: Cast) -> None:
    waiting, unsure = class_of(database, 2)
    take(database, make(source=ESSAY), waiting, {"u-satu": ["Begini."]})
    quiz = make("pass: 10\nconfidence: true")
    for _ in range(attention.DOUBTS):
        attempt = start(database, quiz, unsure)
        save(database, attempt, unsure, "t-satu", ["a"], 1, confidence="guess")
        submit(database, attempt, unsure)
    found = told(database, people)
    assert found["peserta0"] == [Sign(Reason.WAITING, "percobaan", 1, NOON)]
    assert found["peserta1"] == [Sign(Reason.UNSURE, "", attention.DOUBTS)]


def test_counts_of_several_cohorts_agree_with_who_is_told(database: Database, people: Cast) -> None:
    quiet, failed = class_of(database, 2)
    visit(database, quiet, [12])
    for _ in range(2):
        take(database, make("pass: 90"), failed, {"t-satu": ["b"]})
    with database.transaction() as db:
        other = cohorts.add(db, "Angkatan lain", now=NOON)
        cohorts.enrol(db, other, people.mallory, Place.PARTICIPANT, now=NOON)
    paces = {people.cohort: Pace(WHOLE.lessons, WHOLE.quizzes, 0.5), other.id: WHOLE}
    with database.reading() as db:
        counted = attention.counts(db, paces, now=NOON)
        for cohort_id, pace in paces.items():
            found = attention.of(db, cohort_id, pace, now=NOON)
            reasons = Counter(reason for one in found for reason in {sign.reason for sign in one.signs})
            assert (counted[cohort_id].people, counted[cohort_id].reasons) == (len(found), reasons)
    assert counted[other.id] == Need(1, {Reason.ABSENT: 1})
    assert counted[people.cohort].reasons == {Reason.FAILED: 1, Reason.ABSENT: 1, Reason.QUIET: 1, Reason.BEHIND: 3}


def test_a_lesson_read_under_a_former_name_and_again_is_one_step(database: Database, people: Cast) -> None:
    (reader,) = class_of(database, 1)
    visit(database, reader, [3], read=True)
    with database.transaction() as db:
        db.execute(update(LessonRecord).values(lesson="pecahan/separuh"))
    former = Pace(WHOLE.lessons, WHOLE.quizzes, 1.0, former={"pecahan/separuh": LESSONS[0].id})
    for lesson, steps in ((0, 1), (1, 1), (2, 2)):
        assert told(database, people, former)["peserta0"] == [Sign(Reason.BEHIND, "", WHOLE.steps - steps)]
        visit(database, reader, [1], read=True, lesson=lesson)
