"""The promises about attempts, kept on both engines, also when two requests come at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from lms.db.attempts import Attempt, AttemptItem, Mark, Response
from lms.db.cohorts import Place
from lms.db.engine import Database
from lms.errors import Invalid
from lms.fields import Problems
from lms.learning import attempt_records, attempts, cohorts, frozen
from lms.quiz.quiz import Draw, Quiz
from lms.quiz.source import parse
from tests.conftest import NOON, Cast

SOURCE = """\
---
title: Kuis percobaan
{head}
---

## Ibu kota {{#t-satu}}
tags: C1

Di mana?

- (x) Di sini {{#a}}
  > Ya.
- ( ) Di sana {{#b}}
  > Tidak.
- ( ) Entah {{#c fixed}}
  > Tidak.

> [!EXPLANATION]
> Begitulah.

## Provinsi {{#t-dua}}
tags: C1
points: 2
scoring: partial

Pilih semua.

- [x] Satu {{#a}}
  > Ya.
- [x] Dua {{#b}}
  > Ya.
- [ ] Tiga {{#c}}
  > Tidak.

> [!EXPLANATION]
> Begitulah.

## Danau {{#t-tiga}}
tags: C1

Namanya?

= Toba

> [!EXPLANATION]
> Begitulah.
"""


def make(head: str = "pass: 70", source: str = SOURCE) -> Quiz:
    problems = Problems()
    quiz = parse(source.format(head=head), path="quizzes/percobaan.md", quiz_id="percobaan", problems=problems)
    assert quiz is not None, list(problems)
    return quiz


def start(database: Database, quiz: Quiz, user_id: UUID, now: datetime = NOON, seed: int | None = None) -> UUID:
    with database.transaction() as db:
        return attempts.start(db, quiz, user_id, now=now, seed=seed)


def save(
    database: Database,
    attempt_id: UUID,
    user_id: UUID,
    item: str,
    values: list[str] | None,
    revision: int,
    now: datetime = NOON,
    save_id: UUID | None = None,
    **more: Any,
) -> attempts.Saved:
    answer = attempts.Answer(values=values, revision=revision, **more)
    with database.reading() as db:
        return attempts.save(db, attempt_id, user_id, item, answer, save_id=save_id or uuid4(), now=now)


def submit(database: Database, attempt_id: UUID, user_id: UUID, now: datetime = NOON) -> None:
    with database.transaction() as db:
        attempts.submit(db, attempt_id, user_id, now=now)


def held(database: Database, attempt_id: UUID) -> dict[str, tuple[str, ...] | None]:
    with database.reading() as db:
        return {row.item: frozen.response_of(row) for row in attempt_records.items(db, attempt_id)}


def the_attempt(database: Database, attempt_id: UUID) -> attempt_records.AttemptRow:
    with database.reading() as db:
        found = attempt_records.attempt(db, attempt_id)
    assert found is not None
    return found


def count(database: Database, model: Any) -> int:
    with database.reading() as db:
        found: int = db.execute(select(func.count()).select_from(model)).scalar_one()
    return found


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run the calls in threads that begin together; what each returned, or the error it raised."""
    ready, outcomes = threading.Barrier(len(calls), timeout=10), [None] * len(calls)

    def run(place: int, call: Callable[[], Any]) -> None:
        ready.wait()
        try:
            outcomes[place] = call()
        except Exception as error:
            outcomes[place] = error  # type: ignore[call-overload]

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


# --- starting -------------------------------------------------------------------------------------------------------


def test_an_attempt_freezes_everything_it_needs(database: Database, people: Cast) -> None:
    quiz = make("pass: 70\ntime_limit: 20 min\nattempts: 2")
    found = the_attempt(database, start(database, quiz, people.ada))
    assert (found.number, found.attempt_limit, found.maximum) == (1, 2, 4)
    assert found.deadline_at == NOON + timedelta(minutes=20)
    assert found.rules.title == "Kuis percobaan"
    with database.reading() as db:
        rows = attempt_records.items(db, found.id)
        assert frozen.questions_of(db, rows) == list(quiz.items)


def test_an_edited_quiz_leaves_a_started_attempt_as_it_was(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(), people.ada)
    edited = make(
        "pass: 10", SOURCE.replace("- (x) Di sini", "- ( ) Di sini").replace("- ( ) Di sana", "- (x) Di sana")
    )
    again = start(database, edited, people.ada)
    assert again == attempt_id, "the open attempt goes on"
    save(database, attempt_id, people.ada, "t-satu", ["a"], 1)
    submit(database, attempt_id, people.ada)
    found = the_attempt(database, attempt_id)
    assert found.score == 1, "the key of the day it began"
    assert found.passed is False, "the pass mark of the day it began"


def test_starting_twice_leads_to_the_same_attempt(database: Database, people: Cast) -> None:
    quiz = make()
    assert start(database, quiz, people.ada) == start(database, quiz, people.ada)
    assert start(database, quiz, people.mallory) != start(database, quiz, people.ada)


def test_starting_many_times_at_once_makes_one_attempt(database: Database, people: Cast) -> None:
    quiz = make("pass: 70\nshuffle: [questions, options]")
    outcomes = at_once(*(lambda: start(database, quiz, people.ada),) * 6)
    assert len(set(outcomes)) == 1, outcomes
    assert isinstance(outcomes[0], UUID)
    assert count(database, Attempt) == 1
    assert count(database, AttemptItem) == 3


def test_questions_come_in_an_order_of_their_own_where_the_quiz_says_so(database: Database, people: Cast) -> None:
    def asked(quiz: Quiz) -> set[tuple[str, ...]]:
        taken = []
        for seed in range(12):
            with database.transaction() as db:
                taken.append(attempts.start(db, quiz, people.ada, now=NOON, seed=seed))
            submit(database, taken[-1], people.ada)
        with database.reading() as db:
            return {tuple(row.item for row in attempt_records.items(db, one)) for one in taken}

    plain = make()
    assert asked(plain) == {("t-satu", "t-dua", "t-tiga")}
    assert len(asked(replace(plain, shuffle_questions=True))) > 2


def test_an_attempt_asks_what_earlier_ones_did_not(database: Database, people: Cast) -> None:
    quiz, met = replace(make(), asks=1), []
    for _ in range(3):
        attempt_id = start(database, quiz, people.ada)
        submit(database, attempt_id, people.ada)
        with database.reading() as db:
            met += [row.item for row in attempt_records.items(db, attempt_id)]
            assert attempts.own(db, attempt_id, people.ada).maximum == quiz.item(met[-1]).points
    assert sorted(met) == ["t-dua", "t-satu", "t-tiga"]


def test_a_quiz_has_the_same_rules_whatever_it_asks_and_says_before(database: Database, people: Cast) -> None:
    plain = make()
    other = replace(plain, introduction="Baca dahulu.", items=plain.items[:1], draws=(Draw(tags=("C1",), count=1),))
    other = replace(other, asks=1)
    assert frozen.rules_of(other) == frozen.rules_of(plain)
    assert frozen.rules_of(replace(plain, pass_mark=0.5)) != frozen.rules_of(plain)


def test_an_answer_goes_to_its_own_attempt_also_where_others_ask_the_same(database: Database, people: Cast) -> None:
    ours, other = (start(database, quiz, people.ada) for quiz in (make(), replace(make(), id="lain")))
    theirs = start(database, make(), people.mallory)
    save(database, ours, people.ada, "t-satu", ["a"], 1)
    assert count(database, Response) == 1
    submit(database, ours, people.ada)
    for attempt_id, error in ((ours, attempts.AlreadySubmitted), (theirs, attempts.UnknownAttempt)):
        with pytest.raises(error):
            save(database, attempt_id, people.ada, "t-satu", ["b"], 2)
    assert count(database, Response) == 1
    assert (held(database, ours)["t-satu"], held(database, other)["t-satu"]) == (("a",), None)


def test_the_limit_of_attempts_holds(database: Database, people: Cast) -> None:
    quiz = make("pass: 70\nattempts: 2")
    for _ in range(2):
        submit(database, start(database, quiz, people.ada), people.ada)
    with pytest.raises(attempts.NoAttemptsLeft):
        start(database, quiz, people.ada)
    assert count(database, Attempt) == 2


def test_the_limit_is_held_by_the_database_itself(database: Database, people: Cast) -> None:
    first = the_attempt(database, start(database, make("pass: 70\nattempts: 1"), people.ada))
    submit(database, first.id, people.ada)
    too_many = {
        "user_id": people.ada,
        "quiz": first.quiz,
        "number": 2,
        "attempt_limit": 1,
        "revision": first.rules.digest,
        "started_at": NOON,
        "maximum": 4,
    }
    with pytest.raises(IntegrityError, match="limit"), database.transaction() as db:
        db.execute(insert(Attempt), too_many)


def test_after_the_deadline_starting_closes_the_old_attempt_and_begins_the_next(
    database: Database, people: Cast
) -> None:
    quiz = make("pass: 70\ntime_limit: 10 min")
    first = start(database, quiz, people.ada)
    second = start(database, quiz, people.ada, now=NOON + timedelta(minutes=20))
    assert second != first
    closed = the_attempt(database, first)
    assert (closed.closed_by, closed.submitted_at) == ("deadline", NOON + timedelta(minutes=10))
    assert the_attempt(database, second).number == 2


def test_extra_minutes_lengthen_the_time_of_that_person(database: Database, people: Cast) -> None:
    with database.transaction() as db:
        cohort = cohorts.by_name(db, "Angkatan I")
        cohorts.enrol(db, cohort, people.ada, Place.PARTICIPANT, extra_minutes=15, now=NOON)
    quiz = make("pass: 70\ntime_limit: 30 min")
    assert the_attempt(database, start(database, quiz, people.ada)).deadline_at == NOON + timedelta(minutes=45)
    assert the_attempt(database, start(database, quiz, people.mallory)).deadline_at == NOON + timedelta(minutes=30)


def test_shuffling_keeps_every_question_and_option_and_fixed_ones_in_place(database: Database, people: Cast) -> None:
    quiz = make("pass: 70\nshuffle: [questions, options]")
    orders = set()
    for seed in range(8):
        attempt_id = start(database, quiz, people.ada, seed=seed)
        with database.reading() as db:
            rows = attempt_records.items(db, attempt_id)
        assert {row.item for row in rows} == {"t-satu", "t-dua", "t-tiga"}
        options = {row.item: row.option_order for row in rows}
        assert sorted(options["t-satu"]) == ["a", "b", "c"]
        assert options["t-satu"][2] == "c"
        orders.add((tuple(row.item for row in rows), tuple(options["t-satu"]), tuple(options["t-dua"])))
        submit(database, attempt_id, people.ada)
    assert len(orders) > 3


# --- saving ---------------------------------------------------------------------------------------------------------


def test_the_newest_answer_is_kept(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(), people.ada)
    save(database, attempt_id, people.ada, "t-satu", ["a"], 1)
    saved = save(database, attempt_id, people.ada, "t-satu", ["b"], 2, now=NOON + timedelta(seconds=5))
    assert saved == attempts.Saved(2, NOON + timedelta(seconds=5))
    assert held(database, attempt_id) == {"t-satu": ("b",), "t-dua": None, "t-tiga": None}
    assert count(database, Response) == 1


def test_an_answer_can_be_taken_back(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(), people.ada)
    save(database, attempt_id, people.ada, "t-dua", ["a", "b"], 1)
    save(database, attempt_id, people.ada, "t-dua", None, 2)
    assert held(database, attempt_id)["t-dua"] is None


def test_the_same_save_sent_twice_is_one_save(database: Database, people: Cast) -> None:
    attempt_id, save_id = start(database, make(), people.ada), uuid4()
    first = save(database, attempt_id, people.ada, "t-satu", ["a"], 1, save_id=save_id)
    again = save(database, attempt_id, people.ada, "t-satu", ["a"], 1, save_id=save_id, now=NOON + timedelta(minutes=3))
    assert again == first


def test_the_same_save_sent_again_after_the_submit_is_told_as_saved(database: Database, people: Cast) -> None:
    """The answer to the first one was lost on the way; the person must not be told that theirs is gone."""
    attempt_id, save_id = start(database, make(), people.ada), uuid4()
    first = save(database, attempt_id, people.ada, "t-satu", ["a"], 1, save_id=save_id)
    submit(database, attempt_id, people.ada)
    assert save(database, attempt_id, people.ada, "t-satu", ["a"], 1, save_id=save_id) == first


def test_an_older_answer_never_overwrites_a_newer_one(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(), people.ada)
    save(database, attempt_id, people.ada, "t-satu", ["b"], 5)
    for revision in (4, 5):
        with pytest.raises(attempts.OlderRevision) as caught:
            save(database, attempt_id, people.ada, "t-satu", ["a"], revision)
        assert (caught.value.revision, caught.value.response) == (5, ("b",))
    assert held(database, attempt_id)["t-satu"] == ("b",)


def test_saves_at_once_end_with_the_newest(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(), people.ada)
    options = ["a", "b", "c"]
    calls = [
        lambda revision=revision: save(database, attempt_id, people.ada, "t-satu", [options[revision % 3]], revision)
        for revision in (3, 1, 8, 2, 5, 7, 4, 6)
    ]
    outcomes = at_once(*calls)
    assert held(database, attempt_id)["t-satu"] == (options[8 % 3],)
    assert outcomes[2] == attempts.Saved(8, NOON), "the newest was acknowledged"
    assert all(isinstance(outcome, attempts.Saved | attempts.OlderRevision) for outcome in outcomes), outcomes
    assert count(database, Response) == 1


def test_the_same_save_at_once_is_acknowledged_to_both(database: Database, people: Cast) -> None:
    attempt_id, save_id = start(database, make(), people.ada), uuid4()
    call = lambda: save(database, attempt_id, people.ada, "t-satu", ["a"], 1, save_id=save_id)  # noqa: E731
    assert at_once(call, call) == [attempts.Saved(1, NOON)] * 2
    assert count(database, Response) == 1


@pytest.mark.parametrize(
    ("item", "values"),
    [
        ("t-satu", ["z"]),
        ("t-satu", ["a", "b"]),
        ("t-satu", [""]),
        ("t-dua", ["a", "nothing"]),
        ("t-dua", ["a", "a"]),
        ("t-tiga", ["Toba", "Maninjau"]),
        ("t-tiga", ["x" * 5000]),
        ("t-tiga", [" spasi "]),
    ],
)
def test_an_answer_the_question_cannot_have_changes_nothing(
    database: Database, people: Cast, item: str, values: list[str]
) -> None:
    attempt_id = start(database, make(), people.ada)
    save(database, attempt_id, people.ada, "t-satu", ["b"], 1)
    before = held(database, attempt_id)
    with pytest.raises(Invalid):
        save(database, attempt_id, people.ada, item, values, 2)
    assert held(database, attempt_id) == before


def test_nobody_saves_into_somebody_elses_attempt(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(), people.ada)
    with pytest.raises(attempts.UnknownAttempt):
        save(database, attempt_id, people.mallory, "t-satu", ["a"], 1)
    with pytest.raises(attempts.UnknownAttempt):
        save(database, uuid4(), people.ada, "t-satu", ["a"], 1)
    with pytest.raises(attempts.UnknownItem):
        save(database, attempt_id, people.ada, "t-lain", ["a"], 1)
    assert count(database, Response) == 0


def test_the_servers_clock_decides_at_the_deadline(database: Database, people: Cast) -> None:
    deadline = NOON + timedelta(minutes=10)
    attempt_id = start(database, make("pass: 70\ntime_limit: 10 min"), people.ada)
    save(database, attempt_id, people.ada, "t-satu", ["a"], 1, now=deadline - timedelta(microseconds=1))
    for moment in (deadline, deadline + timedelta(days=1)):
        with pytest.raises(attempts.TimeIsOver):
            save(database, attempt_id, people.ada, "t-satu", ["b"], 2, now=moment)
    submit(database, attempt_id, people.ada, now=deadline + timedelta(hours=1))
    closed = the_attempt(database, attempt_id)
    assert (closed.closed_by, closed.submitted_at, closed.score) == ("deadline", deadline, 1)


def test_a_form_keeps_what_changed_elsewhere_and_says_so(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(), people.ada)
    save(database, attempt_id, people.ada, "t-satu", ["b"], 3)
    form = {
        "t-satu": attempts.Answer(values=("a",), revision=2),
        "t-dua": attempts.Answer(values=("c",), revision=0),
        "t-tiga": attempts.Answer(values=None, revision=0),
    }
    with database.transaction() as db:
        kept = attempts.save_all(db, attempt_id, people.ada, form, now=NOON)
    assert kept == ["t-satu"]
    assert held(database, attempt_id) == {"t-satu": ("b",), "t-dua": ("c",), "t-tiga": None}


# --- submitting -----------------------------------------------------------------------------------------------------


def test_a_submit_marks_every_question_once(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(), people.ada)
    save(database, attempt_id, people.ada, "t-satu", ["a"], 1)
    save(database, attempt_id, people.ada, "t-dua", ["a"], 1)
    submit(database, attempt_id, people.ada, now=NOON + timedelta(minutes=1))
    found = the_attempt(database, attempt_id)
    assert (found.score, found.maximum, found.share, found.passed) == (2, 4, 0.5, False)
    with database.reading() as db:
        marks = attempt_records.marks(db, attempt_id)
    assert {item: (one.points, one.maximum, one.answered) for item, (one,) in marks.items()} == {
        "t-satu": (1, 1, True),
        "t-dua": (1, 2, True),
        "t-tiga": (0, 1, False),
    }


def test_submitting_twice_changes_nothing(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(), people.ada)
    submit(database, attempt_id, people.ada)
    first = the_attempt(database, attempt_id)
    submit(database, attempt_id, people.ada, now=NOON + timedelta(hours=1))
    assert the_attempt(database, attempt_id) == first
    assert count(database, Mark) == 3


def test_submitting_many_times_at_once_makes_one_result(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(), people.ada)
    outcomes = at_once(*(lambda: submit(database, attempt_id, people.ada),) * 6)
    assert outcomes == [None] * 6
    assert count(database, Mark) == 3


def test_a_save_and_a_submit_at_once_agree_on_what_was_marked(database: Database, people: Cast) -> None:
    """Whoever is first: an acknowledged answer is marked, a refused one is not."""
    for _ in range(8):
        attempt_id = start(database, make(), people.ada)
        saved, submitted = at_once(
            lambda attempt_id=attempt_id: save(database, attempt_id, people.ada, "t-satu", ["a"], 1),
            lambda attempt_id=attempt_id: submit(database, attempt_id, people.ada),
        )
        assert submitted is None
        score = the_attempt(database, attempt_id).score
        if isinstance(saved, attempts.Saved):
            assert score == 1
        else:
            assert isinstance(saved, attempts.AlreadySubmitted)
            assert (score, held(database, attempt_id)["t-satu"]) == (0, None)


def test_after_the_submit_nothing_can_be_changed(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(), people.ada)
    save(database, attempt_id, people.ada, "t-satu", ["b"], 1)
    submit(database, attempt_id, people.ada)
    with pytest.raises(attempts.AlreadySubmitted):
        save(database, attempt_id, people.ada, "t-satu", ["a"], 2)
    with pytest.raises(attempts.AlreadySubmitted), database.transaction() as db:
        attempts.save_all(db, attempt_id, people.ada, {"t-satu": attempts.Answer(values=("a",), revision=1)}, now=NOON)
    assert held(database, attempt_id)["t-satu"] == ("b",)


def test_nobody_submits_somebody_elses_attempt(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(), people.ada)
    with pytest.raises(attempts.UnknownAttempt):
        submit(database, attempt_id, people.mallory)
    assert the_attempt(database, attempt_id).is_open


def test_overdue_attempts_are_closed_with_what_they_hold(database: Database, people: Cast) -> None:
    timed = make("pass: 20\ntime_limit: 10 min")
    overdue = start(database, timed, people.ada)
    save(database, overdue, people.ada, "t-satu", ["a"], 1)
    later = start(database, timed, people.mallory, now=NOON + timedelta(minutes=5))
    with database.transaction() as db:
        assert attempts.close_overdue(db, now=NOON + timedelta(minutes=19)) == 0, "the cohort's grace"
        assert attempts.close_overdue(db, now=NOON + timedelta(minutes=21)) == 1
        assert attempts.close_overdue(db, now=NOON + timedelta(minutes=21)) == 0
    closed = the_attempt(database, overdue)
    assert (closed.closed_by, closed.score, closed.passed) == ("deadline", 1, True)
    assert the_attempt(database, later).is_open


def test_the_receipt_changes_with_any_answer(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(), people.ada)
    save(database, attempt_id, people.ada, "t-satu", ["a"], 1)
    submit(database, attempt_id, people.ada)
    attempt = the_attempt(database, attempt_id)
    with database.reading() as db:
        rows = list(attempt_records.items(db, attempt_id))
    assert attempts.receipt(attempt, rows, b"key") == attempts.receipt(attempt, rows, b"key")
    others = [
        [*rows[:at], replace(row, **changed), *rows[at + 1 :]]
        for at, row in enumerate(rows)
        for changed in ({"value": '["\u00e9"]'}, {"question_version": "0" * 64})
    ]
    assert len({attempts.receipt(attempt, held, b"key") for held in [rows, *others]}) == 1 + 2 * len(rows)
    assert attempts.receipt(attempt, rows, b"key") != attempts.receipt(attempt, rows, b"other key")
