"""Taking a quiz to the letter: what is kept of a start, a save, a form and a check, and which refusal is whose."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from lms.db.attempts import Confidence, Response
from lms.db.cohorts import Enrolment
from lms.db.engine import Database
from lms.errors import Invalid, Refused
from lms.learning import attempt_records, attempts, frozen, person_attempts
from lms.quiz.review import Moment, ReviewRules
from tests.conftest import NOON, Cast
from tests.learning.test_attempts import held, make, save, start, submit, the_attempt


def save_all(
    database: Database, attempt_id: UUID, user_id: UUID, form: dict[str, attempts.Answer], now: datetime = NOON
) -> list[str]:
    with database.transaction() as db:
        return attempts.save_all(db, attempt_id, user_id, form, now=now)


def rows(database: Database, attempt_id: UUID) -> dict[str, attempt_records.ItemRow]:
    with database.reading() as db:
        return {row.item: row for row in attempt_records.items(db, attempt_id)}


def test_an_attempt_begins_as_its_person_quiz_and_cohort_say(database: Database, people: Cast) -> None:
    quiz = make("pass: 70\ntime_limit: 20 min\nattempts: 2")
    found = the_attempt(database, start(database, quiz, people.ada))
    with database.reading() as db:
        enrolment = db.execute(select(Enrolment.id).where(Enrolment.user_id == people.ada)).scalar_one()
    assert (found.user_id, found.person, found.quiz, found.enrolment_id) == (people.ada, "Ada", quiz.id, enrolment)
    assert (found.started_at, found.closes_at) == (NOON, NOON + timedelta(minutes=30)), "ten minutes of grace"
    assert (found.submitted_at, found.closed_by, found.score, found.passed) == (None, None, None, None)
    assert (found.rules.items, found.rules.introduction) == ((), "")
    stranger = the_attempt(database, start(database, make(), people.edsger))
    assert (stranger.enrolment_id, stranger.deadline_at, stranger.closes_at) == (None, None, None)


def test_without_shuffling_everything_stands_as_the_author_wrote_it(database: Database, people: Cast) -> None:
    for seed in range(4):
        attempt_id = start(database, make(), people.ada, seed=seed)
        found = rows(database, attempt_id)
        assert list(found) == ["t-satu", "t-dua", "t-tiga"]
        assert [row.option_order for row in found.values()] == [["a", "b", "c"], ["a", "b", "c"], []]
        submit(database, attempt_id, people.ada)


def test_an_answer_is_kept_with_all_that_was_said(database: Database, people: Cast) -> None:
    attempt_id, save_id = start(database, make(), people.ada, now=NOON - timedelta(minutes=2)), uuid4()
    earlier = NOON - timedelta(minutes=1)
    save(
        database,
        attempt_id,
        people.ada,
        "t-tiga",
        ["danau Toba – «besar»"],
        7,
        save_id=save_id,
        made_at=earlier,
        flagged=True,
        confidence=Confidence.SURE,
    )
    row = rows(database, attempt_id)["t-tiga"]
    assert row.value == '["danau Toba – «besar»"]'
    assert (row.revision, row.save_id, row.saved_at, row.checked_at) == (7, save_id, NOON, None)
    assert (row.flagged, row.confidence) == (True, "sure")
    with database.reading() as db:
        kept = db.execute(select(Response.made_at, Response.question_version)).one()
    assert tuple(kept) == (earlier, row.question_version)


LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)


def test_an_answer_that_claims_to_be_older_than_its_attempt_was_made_now(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(), people.ada)
    save(database, attempt_id, people.ada, "t-satu", ["a"], 1, made_at=LONG_AGO, now=NOON + timedelta(minutes=1))
    with database.reading() as db:
        (row,) = (row for row in attempt_records.reviewed(db, attempt_id) if row.item == "t-satu")
    assert row.made_at == row.saved_at == NOON + timedelta(minutes=1)


def test_in_the_grace_such_an_answer_comes_too_late(database: Database, people: Cast) -> None:
    attempt_id = start(database, make("time_limit: 10 min"), people.ada)
    in_grace = NOON + timedelta(minutes=12)
    with pytest.raises(attempts.TimeIsOver):
        save(database, attempt_id, people.ada, "t-satu", ["a"], 1, made_at=LONG_AGO, now=in_grace)
    assert held(database, attempt_id)["t-satu"] is None
    save(database, attempt_id, people.ada, "t-satu", ["a"], 1, made_at=NOON, now=in_grace)
    assert held(database, attempt_id)["t-satu"] == ("a",), "the moment of the start is in time"


def test_a_page_that_names_another_version_of_the_question_saves_nothing(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(), people.ada)
    version = rows(database, attempt_id)["t-satu"].question_version
    other = rows(database, attempt_id)["t-dua"].question_version
    save(database, attempt_id, people.ada, "t-satu", ["a"], 1, version=version)
    for wrong in (other, "0" * 64):
        with pytest.raises(Refused):
            save(database, attempt_id, people.ada, "t-satu", ["b"], 2, version=wrong)
    assert held(database, attempt_id)["t-satu"] == ("a",)


def test_options_in_any_order_are_one_answer(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(), people.ada)
    save(database, attempt_id, people.ada, "t-dua", ["b", "a"], 1)
    submit(database, attempt_id, people.ada)
    assert the_attempt(database, attempt_id).score == 2


def test_every_reason_has_its_own_refusal(database: Database, people: Cast) -> None:
    deadline = NOON + timedelta(minutes=10)
    attempt_id = start(database, make("pass: 70\ntime_limit: 10 min"), people.ada)
    save(database, attempt_id, people.ada, "t-satu", ["b"], 3)

    def refused(item: str = "t-satu", revision: int = 4, now: datetime = NOON, **more: Any) -> type:
        with pytest.raises(Refused) as caught:
            save(database, attempt_id, people.ada, item, ["a"], revision, now=now, **more)
        return caught.type

    assert refused("t-lain") is attempts.UnknownItem
    assert refused(revision=3) is attempts.OlderRevision
    assert refused(now=deadline) is attempts.TimeIsOver
    assert refused(now=deadline + timedelta(minutes=10)) is attempts.ArrivedTooLate
    with database.transaction() as db:
        attempts.close_overdue(db, now=deadline + timedelta(hours=1))
    assert refused() is attempts.ArrivedTooLate, "whatever the clock of whoever asks"
    handed_in = start(database, make(), people.ada)
    submit(database, handed_in, people.ada)
    with pytest.raises(Refused) as caught:
        save(database, handed_in, people.ada, "t-satu", ["a"], 1)
    assert caught.type is attempts.AlreadySubmitted


def test_an_older_save_of_a_question_never_answered_says_so(database: Database, people: Cast) -> None:
    """A save may lose to one that took the answer back."""
    attempt_id = start(database, make(), people.ada)
    save(database, attempt_id, people.ada, "t-satu", None, 4)
    with pytest.raises(attempts.OlderRevision) as caught:
        save(database, attempt_id, people.ada, "t-satu", ["a"], 4)
    assert (caught.value.revision, caught.value.response) == (4, None)


def test_a_form_saves_what_changed_and_nothing_else(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(), people.ada)
    save(database, attempt_id, people.ada, "t-satu", ["a"], 3, flagged=True, confidence=Confidence.GUESS)
    before = rows(database, attempt_id)["t-satu"]
    same = attempts.Answer(values=["a"], revision=3, flagged=True, confidence=Confidence.GUESS)
    unanswered = attempts.Answer(values=None, revision=0)
    later = NOON + timedelta(minutes=1)
    assert save_all(database, attempt_id, people.ada, {"t-satu": same, "t-dua": unanswered}, later) == []
    assert rows(database, attempt_id)["t-satu"] == before
    assert rows(database, attempt_id)["t-dua"].revision is None
    for changed in (
        {"values": ["b"]},
        {"flagged": False},
        {"confidence": Confidence.SURE},
        {"values": None},
    ):
        answer = replace(same, revision=rows(database, attempt_id)["t-satu"].revision, **changed)
        assert save_all(database, attempt_id, people.ada, {"t-satu": answer}, later) == []
        row = rows(database, attempt_id)["t-satu"]
        assert (frozen.response_of(row), row.flagged, row.confidence) == (
            answer.values and tuple(answer.values),
            answer.flagged,
            answer.confidence,
        )
        assert row.revision == answer.revision + 1
        assert row.saved_at == later


def test_a_form_numbers_its_answers_after_what_it_showed(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(), people.ada)
    save(database, attempt_id, people.ada, "t-satu", ["a"], 3)
    form = {
        "t-satu": attempts.Answer(values=["b"], revision=9),
        "t-dua": attempts.Answer(values=["a"], revision=10**12),
        "t-tiga": attempts.Answer(values=["Toba"], revision=0),
        "t-lain": attempts.Answer(values=["x"], revision=0),
    }
    assert save_all(database, attempt_id, people.ada, form) == []
    found = rows(database, attempt_id)
    assert [found[item].revision for item in ("t-satu", "t-dua", "t-tiga")] == [10, attempts.LAST_REVISION + 1, 1]


def test_a_form_that_comes_after_the_deadline_changes_nothing(database: Database, people: Cast) -> None:
    attempt_id = start(database, make("pass: 70\ntime_limit: 10 min"), people.ada)
    form = {"t-satu": attempts.Answer(values=["a"], revision=0)}
    with pytest.raises(attempts.TimeIsOver):
        save_all(database, attempt_id, people.ada, form, NOON + timedelta(minutes=10))
    with pytest.raises(attempts.UnknownAttempt):
        save_all(database, attempt_id, people.mallory, form)
    assert held(database, attempt_id)["t-satu"] is None


def test_a_check_happens_once_and_only_to_a_question_of_the_attempt(database: Database, people: Cast) -> None:
    attempt_id = start(database, make("pass: 70\nreview: {answers: during}"), people.ada)
    save(database, attempt_id, people.ada, "t-satu", ["b"], 1)
    save(database, attempt_id, people.ada, "t-dua", ["a"], 1)
    other = start(database, make(), people.mallory)
    save(database, other, people.mallory, "t-satu", ["b"], 1)

    def check(item: str, user_id: UUID = people.ada, now: datetime = NOON) -> None:
        with database.transaction() as db:
            attempts.check_answer(db, attempt_id, user_id, item, now=now)

    with pytest.raises(attempts.UnknownItem):
        check("t-lain")
    with pytest.raises(attempts.UnknownAttempt):
        check("t-satu", people.mallory)
    with pytest.raises(Invalid, match="Jawab soalnya dahulu"):
        check("t-tiga")
    check("t-satu")
    check("t-satu", now=NOON + timedelta(minutes=1))
    assert {item: row.checked_at for item, row in rows(database, attempt_id).items()} == {
        "t-satu": NOON,
        "t-dua": None,
        "t-tiga": None,
    }
    assert rows(database, other)["t-satu"].checked_at is None
    with pytest.raises(attempts.KeyWasShown):
        save(database, attempt_id, people.ada, "t-satu", ["a"], 2)
    form = {item: attempts.Answer(values=["c"], revision=5) for item in ("t-satu", "t-dua")}
    assert save_all(database, attempt_id, people.ada, form) == []
    assert held(database, attempt_id) == {"t-satu": ("b",), "t-dua": ("c",), "t-tiga": None}


def test_overdue_attempts_are_closed_a_few_at_a_time_the_oldest_first(database: Database, people: Cast) -> None:
    timed = make("pass: 20\ntime_limit: 10 min")
    late, early = (
        start(database, timed, user_id, now=NOON + timedelta(minutes=minute))
        for user_id, minute in ((people.ada, 5), (people.mallory, 0))
    )
    now = NOON + timedelta(hours=1)
    with database.transaction() as db:
        assert attempts.close_overdue(db, now=now, most=1) == 1
    assert [the_attempt(database, one).is_open for one in (early, late)] == [False, True]
    with database.transaction() as db:
        assert attempts.close_overdue(db, now=now) == 1


def test_at_the_end_of_the_grace_the_deadline_closes(database: Database, people: Cast) -> None:
    timed = make("pass: 20\ntime_limit: 10 min")
    attempt_id = start(database, timed, people.ada)
    submit(database, attempt_id, people.ada, now=NOON + timedelta(minutes=10))
    assert the_attempt(database, attempt_id).is_open, "nobody submits at the deadline or after"
    submit(database, attempt_id, people.ada, now=NOON + timedelta(minutes=20))
    assert the_attempt(database, attempt_id).closed_by == "deadline"
    other = start(database, timed, people.ada, now=NOON + timedelta(hours=1))
    submit(database, other, people.ada, now=NOON + timedelta(hours=1, minutes=9))
    found = the_attempt(database, other)
    assert (found.closed_by, found.submitted_at) == ("participant", NOON + timedelta(hours=1, minutes=9))


def test_a_receipt_can_be_read_out_and_depends_on_the_moment(database: Database, people: Cast) -> None:
    quiz, codes = make(), set()
    for minute in range(2):
        attempt_id = start(database, quiz, people.ada)
        submit(database, attempt_id, people.ada, now=NOON + timedelta(minutes=minute))
        found = the_attempt(database, attempt_id)
        codes.add(attempts.receipt(found, list(rows(database, attempt_id).values()), b"key"))
        moved = replace(found, submitted_at=NOON + timedelta(days=1))
        codes.add(attempts.receipt(moved, list(rows(database, attempt_id).values()), b"key"))
    assert len(codes) == 4
    assert all(re.fullmatch(r"[0-9A-F]{5}-[0-9A-F]{5}", code) for code in codes)


def test_a_person_sees_their_own_attempts_newest_first(database: Database, people: Cast) -> None:
    quiz = make("pass: 20\nreview: {marks: never}")
    ids = []
    for minute in range(3):
        ids.append(start(database, quiz, people.ada, now=NOON + timedelta(minutes=minute)))
        submit(database, ids[-1], people.ada, now=NOON + timedelta(minutes=minute))
    start(database, quiz, people.mallory)
    with database.reading() as db:
        latest = person_attempts.every_attempt(db, people.ada)
        assert [one.id for one in latest] == ids[::-1]
        summaries = person_attempts.of_person(db, people.ada, quiz.id)
        assert [one.id for one in summaries] == ids
        assert person_attempts.of_person(db, people.ada, "lain") == []
        assert person_attempts.met(db, people.ada) == {"t-satu", "t-dua", "t-tiga"}
        assert person_attempts.met(db, people.grace) == set()
    rules = ReviewRules(marks=Moment.NEVER)
    assert {one.review for one in (*latest, *summaries)} == {rules}
    assert [(one.quiz, one.number, one.score, one.share, one.passed) for one in latest[:1]] == [
        ("percobaan", 3, 0, 0, False)
    ]
