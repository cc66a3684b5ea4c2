"""Reports of questions: what is kept of one, who may make it, how an editor finds and answers it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from lms.db.audit import AuditEvent
from lms.db.engine import Database
from lms.db.reports import ReportState
from lms.learning import attempts, reports, stale
from lms.quiz.definition import major, version
from lms.quiz.quiz import Quiz
from lms.quiz.review import Moment, ReviewRules
from tests.conftest import NOON, Cast
from tests.learning.test_attempts import make, save, start, submit

MINUTE = timedelta(minutes=1)
ANSWER = reports.Answer(ReportState.FIXED, "Sudah diperbaiki.", "")


def taken(database: Database, quiz: Quiz, user_id: UUID, minutes: int = 0) -> UUID:
    """A closed attempt that began so many minutes after noon, its first question answered."""
    moment = NOON + minutes * MINUTE
    attempt_id = start(database, quiz, user_id, now=moment)
    save(database, attempt_id, user_id, "t-satu", ["b"], 1, now=moment)
    submit(database, attempt_id, user_id, now=moment)
    return attempt_id


def report(
    database: Database,
    attempt_id: UUID,
    user_id: UUID,
    item: str = "t-satu",
    says: str = "Kuncinya keliru",
    *,
    minutes: int = 0,
    offered: Quiz | None = None,
) -> None:
    with database.transaction() as db:
        reports.report(db, attempt_id, user_id, item, says, offered=offered, now=NOON + minutes * MINUTE)


def answer(database: Database, report_id: UUID, given: reports.Answer, people: Cast, minutes: int = 0) -> None:
    with database.transaction() as db:
        reports.answer(db, report_id, given, editor_id=people.edsger, now=NOON + minutes * MINUTE)


def lines(database: Database, search: str = "", state: str = "", offset: int = 0, limit: int = 9) -> list[reports.Line]:
    with database.reading() as db:
        return reports.lines(db, search=search, state=state, offset=offset, limit=limit)


def test_everything_about_a_report_is_there_for_both_sides(database: Database, people: Cast) -> None:
    quiz = make("pass: 70\nattempts: 3\nreview: after-submit")
    taken(database, quiz, people.ada)
    attempt_id = taken(database, quiz, people.ada, 1)
    report(database, attempt_id, people.ada, "t-dua", "Ada dua kunci", minutes=3)
    report(database, attempt_id, people.ada, minutes=2)
    (line,) = (one for one in lines(database) if one.item == "t-satu")
    question = quiz.items[0]
    assert line == reports.Line(
        id=line.id,
        item="t-satu",
        quiz="percobaan",
        question_version=version(question),
        major=major(question),
        option_order=["a", "b", "c"],
        response='["b"]',
        message="Kuncinya keliru",
        state="open",
        answer="",
        reported_at=NOON + 2 * MINUTE,
        answered_at=None,
        editor=None,
    )
    answer(database, line.id, ANSWER, people, 5)
    with database.reading() as db:
        answered = reports.line(db, line.id)
        assert reports.line(db, uuid4()) is None
        newest, own = reports.own(db, people.ada)
        assert reports.own(db, people.mallory) == []
    assert answered == replace(
        line, state="fixed", answer=ANSWER.answer, answered_at=NOON + 5 * MINUTE, editor="Edsger"
    )
    assert (newest.item, newest.state, newest.position) == ("t-dua", "open", 1)
    assert own == reports.Own(
        item="t-satu",
        attempt_id=attempt_id,
        quiz="percobaan",
        number=2,
        position=0,
        message="Kuncinya keliru",
        state="fixed",
        answer=ANSWER.answer,
        reported_at=NOON + 2 * MINUTE,
        answered_at=NOON + 5 * MINUTE,
        review=ReviewRules(),
        title="Kuis percobaan",
        limit=3,
    )


def test_the_rules_of_the_quiz_as_it_was_stand_with_a_report(database: Database, people: Cast) -> None:
    quiz = make("pass: 70\nattempts: 1\nreview: {explanation: never}")
    report(database, taken(database, quiz, people.ada), people.ada)
    with database.reading() as db:
        (own,) = reports.own(db, people.ada)
    assert own.review == ReviewRules(explanation=Moment.NEVER)


def test_a_question_is_reported_once_an_attempt(database: Database, people: Cast) -> None:
    quiz = make()
    first, second = taken(database, quiz, people.ada), taken(database, quiz, people.ada, 1)
    report(database, first, people.ada)
    with pytest.raises(reports.AlreadyReported):
        report(database, first, people.ada, says="Yang lain")
    report(database, second, people.ada)
    assert len(lines(database)) == 2


def test_only_who_may_see_the_review_reports(database: Database, people: Cast) -> None:
    late = make("pass: 90\nattempts: 2\nreview: after-last")
    first = taken(database, late, people.ada)
    with pytest.raises(reports.NotReviewable):
        report(database, first, people.ada)
    report(database, first, people.ada, "t-tiga", offered=replace(late, attempts=1))  # fewer are offered by now
    open_still = start(database, late, people.ada)
    with pytest.raises(reports.NotReviewable):
        report(database, open_still, people.ada, offered=replace(late, attempts=1))
    submit(database, open_still, people.ada)
    report(database, first, people.ada)
    with pytest.raises(attempts.UnknownItem):
        report(database, first, people.ada, "t-empat")
    with pytest.raises(attempts.UnknownAttempt):
        report(database, first, people.mallory)
    hidden = taken(database, replace(make("pass: 70\nreview: never"), id="lain"), people.ada)
    with pytest.raises(reports.NotReviewable):
        report(database, hidden, people.ada)
    assert len(lines(database)) == 2


@pytest.fixture
def inbox(database: Database, people: Cast) -> dict[str, UUID]:
    """Reports by their words: three open ones, the oldest first, and two that were answered."""
    quiz = make()
    attempt_id = taken(database, quiz, people.ada)
    report(database, attempt_id, people.ada, "t-satu", "Kedua", minutes=2)
    report(database, attempt_id, people.ada, "t-dua", "Pertama 100%", minutes=1)
    again = taken(database, quiz, people.mallory)
    report(database, again, people.mallory, "t-satu", "Dulu dijawab", minutes=0)
    report(database, again, people.mallory, "t-tiga", "Baru dijawab", minutes=0)
    other = taken(database, replace(quiz, id="lain"), people.mallory)
    report(database, other, people.mallory, "t-satu", "Ketiga", minutes=3)
    ids = {one.message: one.id for one in lines(database)}
    answer(database, ids["Dulu dijawab"], ANSWER, people, 4)
    answer(database, ids["Baru dijawab"], reports.Answer(ReportState.DECLINED, "Benar adanya.", ""), people, 5)
    return ids


def test_open_reports_stand_first_and_the_one_that_waits_longest_on_top(
    database: Database, inbox: dict[str, UUID]
) -> None:
    words = [one.message for one in lines(database)]
    assert words == ["Pertama 100%", "Kedua", "Ketiga", "Baru dijawab", "Dulu dijawab"]
    assert [one.message for one in lines(database, offset=1, limit=2)] == words[1:3]


@pytest.mark.parametrize(
    ("search", "state", "found"),
    [
        ("", "", 5),
        ("", "open", 3),
        ("", "fixed", 1),
        ("", "declined", 1),
        ("PERTAMA", "", 1),
        ("t-satu", "", 3),
        ("t-satu", "open", 2),
        ("lain", "", 1),
        ("diperbaiki", "", 1),
        ("%", "", 1),
        ("_", "", 0),
    ],
)
def test_a_search_looks_into_question_words_answer_and_quiz(
    database: Database, inbox: dict[str, UUID], search: str, state: str, found: int
) -> None:
    assert len(lines(database, search, state)) == found
    with database.reading() as db:
        assert reports.counts(db, search=search, state=state) == reports.Counts(found, 3)


def test_an_answer_is_given_to_what_the_editor_saw_and_is_written_down(
    database: Database, people: Cast, inbox: dict[str, UUID]
) -> None:
    key = inbox["Dulu dijawab"]
    with pytest.raises(stale.ChangedMeanwhile):
        answer(database, key, replace(ANSWER, answer="Lagi"), people)
    with pytest.raises(stale.ChangedMeanwhile):
        answer(database, inbox["Kedua"], replace(ANSWER, seen="x"), people)
    with pytest.raises(reports.UnknownReport):
        answer(database, uuid4(), ANSWER, people)
    seen = (NOON + 4 * MINUTE).isoformat()
    answer(database, key, reports.Answer(ReportState.DECLINED, "Ternyata tidak", seen), people, 6)
    with database.reading() as db:
        told = db.execute(
            select(AuditEvent.details, AuditEvent.actor_id, AuditEvent.at)
            .where(AuditEvent.action == "report.answer", AuditEvent.subject == str(key))
            .order_by(AuditEvent.at)
        ).all()
    assert [tuple(event) for event in told] == [
        (
            {"item": "t-satu", "state": state, "answer": text, "before": {"state": before, "answer": old}},
            people.edsger,
            NOON + minutes * MINUTE,
        )
        for state, text, before, old, minutes in (
            ("fixed", ANSWER.answer, "open", "", 4),
            ("declined", "Ternyata tidak", "fixed", ANSWER.answer, 6),
        )
    ]
