"""The emergency file: what a browser kept while the link was gone goes in by the rules of a save, and only once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from lms.db.attempts import Attempt, Mark, Response
from lms.db.audit import AuditEvent
from lms.db.engine import Database
from lms.learning import answer_file, attempt_records, attempts
from lms.learning import marks as judging
from tests.conftest import NOON, Cast
from tests.learning.test_attempts import SOURCE, count, held, make, save, start, submit, the_attempt
from tests.learning.test_marks import ESSAY

TIMED = "pass: 20\ntime_limit: 10 min"
DEADLINE = NOON + timedelta(minutes=10)
IN_TIME, MUCH_LATER = NOON + timedelta(minutes=5), NOON + timedelta(hours=5)


def one(item: str, response: list[str] | None, revision: int = 1, made_at: datetime = IN_TIME, **more: Any) -> Any:
    body = {"item": item, "response": response, "revision": revision, "save_id": str(uuid4())}
    return body | {"made_at": made_at.isoformat()} | more


def packed(attempt_id: UUID, *answers: Any, **more: Any) -> bytes:
    return json.dumps({"format": "latsar-answers-1", "attempt": str(attempt_id), "answers": answers} | more).encode()


def put(
    database: Database, people: Cast, attempt_id: UUID, content: bytes, now: datetime = MUCH_LATER
) -> answer_file.Report:
    file = answer_file.read(content)
    with database.transaction() as db:
        return answer_file.apply(db, attempt_id, file, actor_id=people.grace, now=now)


def items(told: list[answer_file.Told]) -> list[str]:
    return [one.item for one in told]


def audited(database: Database) -> list[dict[str, Any]]:
    with database.reading() as db:
        put_in = select(AuditEvent.details).where(AuditEvent.action == "answers.put-in").order_by(AuditEvent.id)
        return list(db.execute(put_in).scalars())


def test_an_open_attempt_takes_the_answers_as_any_save(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(), people.ada)
    save(database, attempt_id, people.ada, "t-dua", ["a"], 5)
    file = packed(
        attempt_id,
        one("t-satu", ["a"], 2, flagged=True, confidence="sure"),
        one("t-dua", ["b"], 4),
        one("t-tiga", ["x", "y"]),
        one("t-empat", ["a"]),
    )
    report = put(database, people, attempt_id, file)
    assert items(report.taken) == ["t-satu"]
    assert [told.item for told in report.refused] == ["t-dua", "t-tiga", "t-empat"]
    assert all(told.why for told in report.refused)
    assert held(database, attempt_id) == {"t-satu": ("a",), "t-dua": ("a",), "t-tiga": None}
    with database.reading() as db:
        row = attempt_records.items(db, attempt_id)[0]
    assert (row.revision, row.flagged, row.confidence) == (2, True, "sure")
    assert the_attempt(database, attempt_id).is_open


def test_the_same_file_twice_changes_nothing(database: Database, people: Cast) -> None:
    for quiz, now in ((make(), IN_TIME), (make(TIMED), MUCH_LATER)):
        attempt_id = start(database, quiz, people.ada)
        file = packed(attempt_id, one("t-satu", ["a"], 2), one("t-dua", None, 1), one("t-dua", ["a"], 3))
        assert items(put(database, people, attempt_id, file, now).taken) == ["t-satu", "t-dua"]
        with database.reading() as db:
            before = (
                the_attempt(database, attempt_id),
                attempt_records.items(db, attempt_id),
                attempt_records.marks(db, attempt_id),
            )
        events = len(audited(database))
        again = put(database, people, attempt_id, file, now + timedelta(minutes=1))
        assert (again.taken, items(again.present), again.refused) == ([], ["t-satu", "t-dua"], [])
        with database.reading() as db:
            after = (
                the_attempt(database, attempt_id),
                attempt_records.items(db, attempt_id),
                attempt_records.marks(db, attempt_id),
            )
        assert after == before
        assert len(audited(database)) == events
        submit(database, attempt_id, people.ada, now)


def test_an_attempt_that_its_deadline_closed_is_marked_again(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(TIMED), people.ada)
    save(database, attempt_id, people.ada, "t-dua", ["a"], 3)
    with database.transaction() as db:
        attempts.close_overdue(db, now=MUCH_LATER)
    assert the_attempt(database, attempt_id).passed is True
    file = packed(
        attempt_id,
        one("t-satu", ["a"], 1),
        one("t-dua", ["c"], 3),
        one("t-tiga", ["Toba"], 1, made_at=DEADLINE),
    )
    report = put(database, people, attempt_id, file)
    assert (items(report.taken), items(report.refused)) == (["t-satu"], ["t-dua", "t-tiga"])
    found = the_attempt(database, attempt_id)
    assert (found.score, found.submitted_at, found.closed_by) == (2, DEADLINE, "deadline")
    with database.reading() as db:
        marks = attempt_records.marks(db, attempt_id)
    assert [(mark.points, mark.reason) for mark in marks["t-satu"]] == [(0, ""), (1, answer_file.REASON)]
    assert [len(marks[item]) for item in ("t-dua", "t-tiga")] == [1, 1]
    assert [event["taken"] for event in audited(database)] == [["t-satu"]]


def test_an_overdue_attempt_is_closed_first(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(TIMED), people.ada)
    report = put(database, people, attempt_id, packed(attempt_id, one("t-satu", ["a"])))
    assert items(report.taken) == ["t-satu"]
    found = the_attempt(database, attempt_id)
    assert (found.score, found.submitted_at) == (1, DEADLINE)


def test_within_the_grace_only_answers_from_before_the_deadline_are_taken(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(TIMED), people.ada)
    undated = one("t-dua", ["a"])
    del undated["made_at"]
    file = packed(attempt_id, one("t-satu", ["a"]), undated, one("t-tiga", ["Toba"], made_at=DEADLINE))
    for now in (DEADLINE + timedelta(minutes=5), MUCH_LATER):
        report = put(database, people, attempt_id, file, now)
        assert items(report.refused) == ["t-dua", "t-tiga"]
    assert the_attempt(database, attempt_id).score == 1


def test_a_tab_left_alone_hands_nothing_in_so_the_file_is_taken(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(TIMED), people.ada)
    submit(database, attempt_id, people.ada, DEADLINE + timedelta(seconds=1))
    file = packed(attempt_id, one("t-satu", ["a"]))
    for now in (DEADLINE + timedelta(minutes=5), MUCH_LATER):
        put(database, people, attempt_id, file, now)
        assert held(database, attempt_id)["t-satu"] is not None
    submit(database, attempt_id, people.ada, MUCH_LATER)
    found = the_attempt(database, attempt_id)
    assert (found.score, found.submitted_at, found.closed_by) == (1, DEADLINE, "deadline")


def test_what_the_participant_handed_in_stays(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(TIMED), people.ada)
    submit(database, attempt_id, people.ada, IN_TIME)
    with pytest.raises(answer_file.AlreadySubmitted):
        put(database, people, attempt_id, packed(attempt_id, one("t-satu", ["a"])))
    assert (held(database, attempt_id)["t-satu"], count(database, Mark)) == (None, 3)


def test_a_file_belongs_to_its_attempt(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(), people.ada)
    other = start(database, make(), people.mallory)
    with pytest.raises(answer_file.OtherAttempt):
        put(database, people, attempt_id, packed(other, one("t-satu", ["a"])))
    with pytest.raises(attempts.UnknownAttempt):
        put(database, people, people.ada, packed(people.ada, one("t-satu", ["a"])))


def test_judgements_on_other_answers_stand(database: Database, people: Cast) -> None:
    attempt_id = start(database, make("pass: 20\ntime_limit: 10 min", ESSAY), people.ada)
    save(database, attempt_id, people.ada, "u-satu", ["Menahan abrasi."], 1)
    with database.transaction() as db:
        attempts.close_overdue(db, now=MUCH_LATER)
        judging.judge(
            db, attempt_id, "u-satu", 0.5, author_id=people.grace, comment="Baik.", now=NOON + timedelta(hours=4)
        )
    put(database, people, attempt_id, packed(attempt_id, one("u-dua", ["a"])))
    assert the_attempt(database, attempt_id).score == 3
    put(database, people, attempt_id, packed(attempt_id, one("u-satu", ["Lebih lengkap."], 2)))
    found = the_attempt(database, attempt_id)
    assert (found.score, found.passed) == (None, None), "another text is to be judged anew"
    with database.reading() as db:
        history = attempt_records.marks(db, attempt_id)["u-satu"]
    assert [(mark.points, mark.pending) for mark in history] == [(0, True), (2, False), (0, True)]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b"{" + b'"a":' * 3 + b"1}",
        b'{"format": "latsar-answers-2", "attempt": "x", "answers": []}',
        b'{"format": "latsar-answers-1", "attempt": "x", "answers": []}',
        b'{"format": "latsar-answers-1", "attempt": [], "answers": []}',
        b'{"format": "latsar-answers-1", "attempt": "0199d7a6-0000-7000-8000-000000000000", "answers": {}}',
        b'{"format": "latsar-answers-1", "attempt": "0199d7a6-0000-7000-8000-000000000000", "answers": ['
        + b",".join([b"1"] * 1_001)
        + b"]}",
        b'{"format": ' + b"9" * 10_000 + b"}",
        b" " * (answer_file.LARGEST + 1),
    ],
    ids=range(14),
)
def test_what_is_no_answer_file_is_refused(content: bytes) -> None:
    with pytest.raises(answer_file.NotAnAnswerFile):
        answer_file.read(content)


@pytest.mark.parametrize(
    "changed",
    [
        {"item": ""},
        {"item": "\ud800"},
        {"item": "x" * 500},
        {"item": 7},
        {"response": "a"},
        {"response": ["\u0000"]},
        {"response": [["a"]]},
        {"revision": 0},
        {"revision": "1"},
        {"revision": 10**40},
        {"save_id": "x"},
        {"made_at": "kemarin"},
        {"made_at": 5},
        {"confidence": []},
        {"confidence": "maybe"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_an_unreadable_answer_is_told_and_does_not_stop_the_others(changed: dict[str, Any]) -> None:
    file = answer_file.read(packed(uuid4(), one("t-satu", ["a"]) | changed, one("t-dua", ["b"]), "x"))
    assert [read.item for read in file.answers] == ["t-dua"]
    assert [told.item for told in file.unreadable] == ["Jawaban ke-1", "Jawaban ke-3"]
    assert all(told.why.startswith("Tidak terbaca") for told in file.unreadable)


def test_the_newest_of_several_answers_counts() -> None:
    file = answer_file.read(packed(uuid4(), one("t-satu", ["a"], 2), one("t-satu", ["b"], 3), one("t-satu", ["c"], 1)))
    assert [(read.item, read.answer.values) for read in file.answers] == [("t-satu", ["b"])]


def test_a_file_is_as_large_as_it_may_be_and_no_larger() -> None:
    attempt_id = uuid4()
    most = [one(f"t-{number}", ["a"]) for number in range(answer_file.MOST_ANSWERS)]
    file = answer_file.read(packed(attempt_id, *most))
    assert (file.attempt_id, len(file.answers)) == (attempt_id, answer_file.MOST_ANSWERS)
    whole = packed(attempt_id, one("t-satu", ["a"]))
    padded = whole + b" " * (answer_file.LARGEST - len(whole))
    assert answer_file.read(padded).answers == answer_file.read(whole).answers
    assert answer_file.read(b"\xef\xbb\xbf" + whole).attempt_id == attempt_id
    for content, why in ((padded + b" ", "200 kB"), (packed(attempt_id, *most, 1), "1000 jawaban")):
        with pytest.raises(answer_file.NotAnAnswerFile, match=why):
            answer_file.read(content)


def test_of_two_answers_with_one_number_the_first_counts_and_an_odd_name_is_no_question() -> None:
    file = answer_file.read(
        packed(uuid4(), one("t-satu", ["a"], 2), one("t-satu", ["b"], 2), one("T satu", ["a"]), one("t-dua", ["c"]))
    )
    assert [(read.item, read.answer.values) for read in file.answers] == [("t-satu", ["a"]), ("t-dua", ["c"])]
    assert file.unreadable == (answer_file.Told("Jawaban ke-3", "Tidak terbaca: soal tidak disebut."),)


def test_each_refusal_is_told_by_its_reason(database: Database, people: Cast) -> None:
    attempt_id = start(database, make("pass: 20\ntime_limit: 10 min\nreview: {answers: during}"), people.ada)
    save(database, attempt_id, people.ada, "t-satu", ["b"], 5)
    save(database, attempt_id, people.ada, "t-dua", ["a"], 1)
    with database.transaction() as db:
        attempts.check_answer(db, attempt_id, people.ada, "t-dua", now=NOON)
    file = packed(
        attempt_id,
        one("t-satu", ["a"], 5),
        one("t-dua", ["b"], 9),
        one("t-tiga", [" Toba "]),
        one("t-empat", ["a"]),
        "x",
    )
    older, shown, wrong = attempts.OlderRevision.message, attempts.KeyWasShown.message, "tidak cocok dengan soalnya"
    for now in (IN_TIME, MUCH_LATER):
        told = put(database, people, attempt_id, file, now)
        assert (told.taken, told.present) == ([], [])
        why = {one.item: one.why for one in told.refused}
        assert (why["t-satu"], why["t-dua"]) == (older, shown)
        assert wrong in why["t-tiga"]
        assert why["t-empat"] == "Soal ini tidak ada dalam percobaan ini."
        assert list(why) == ["Jawaban ke-5", "t-satu", "t-dua", "t-tiga", "t-empat"]
    assert audited(database) == [], "nothing was put in"


def test_what_was_put_in_stands_as_the_participant_said_it(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(TIMED), people.ada)
    save(database, attempt_id, people.ada, "t-dua", ["c"], 3)
    other = start(database, make(TIMED), people.mallory)
    save(database, other, people.mallory, "t-dua", ["c"], 3)
    answers = [
        one("t-satu", ["a"], 7, flagged=True, confidence="guess"),
        one("t-dua", ["b", "a"], 4),
        one("t-tiga", None, 2, made_at=DEADLINE - timedelta(microseconds=1)),
    ]
    report = put(database, people, attempt_id, packed(attempt_id, *answers, "x"))
    assert items(report.taken) == ["t-satu", "t-dua", "t-tiga"]
    with database.transaction() as db:
        found = {row.item: row for row in db.scalars(select(Response).where(Response.attempt_id == attempt_id))}
        asked = {row.item: row for row in attempt_records.items(db.connection(), attempt_id)}
        event = db.scalars(select(AuditEvent).where(AuditEvent.action == "answers.put-in")).one()
    first = found["t-satu"]
    assert (first.value, first.revision, first.save_id) == ('["a"]', 7, UUID(answers[0]["save_id"]))
    assert (first.made_at, first.saved_at, first.flagged, first.confidence) == (IN_TIME, MUCH_LATER, True, "guess")
    assert first.question_version == asked["t-satu"].question_version
    assert (found["t-dua"].value, found["t-dua"].revision, found["t-dua"].flagged) == ('["b", "a"]', 4, False)
    assert (found["t-tiga"].value, found["t-tiga"].revision) == (None, 2)
    assert (event.subject, event.actor_id, event.at) == (str(attempt_id), people.grace, MUCH_LATER)
    assert event.details == {"taken": ["t-satu", "t-dua", "t-tiga"], "refused": 1}
    assert the_attempt(database, attempt_id).score == 3
    assert held(database, other)["t-dua"] == ("c",)


def test_an_answer_that_is_there_in_another_order_or_newer_is_present(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(), people.ada)
    save(database, attempt_id, people.ada, "t-dua", ["a", "b"], 4)
    save(database, attempt_id, people.ada, "t-satu", None, 4)
    there = packed(attempt_id, one("t-dua", ["b", "a"], 4), one("t-satu", None, 1), one("t-tiga", None, 1))
    report = put(database, people, attempt_id, there, IN_TIME)
    assert (items(report.present), items(report.taken)) == (["t-dua", "t-satu"], ["t-tiga"])
    newer = packed(attempt_id, one("t-dua", ["b", "a"], 5))
    assert items(put(database, people, attempt_id, newer, IN_TIME).taken) == ["t-dua"]
    with database.reading() as db:
        assert attempt_records.items(db, attempt_id)[1].revision == 5


def test_a_file_names_the_version_of_its_page_and_is_taken_all_the_same(database: Database, people: Cast) -> None:
    attempt_id = start(database, make(), people.ada)
    report = put(database, people, attempt_id, packed(attempt_id, one("t-satu", ["a"], version="abc")), IN_TIME)
    assert items(report.taken) == ["t-satu"]


# --- after the key was seen -----------------------------------------------------------------------------------------


def _closed(database: Database, people: Cast) -> UUID:
    """An attempt that its deadline closed, with one right answer of five."""
    attempt_id = start(database, make(TIMED), people.ada)
    save(database, attempt_id, people.ada, "t-dua", ["a"], 3)
    with database.transaction() as db:
        attempts.close_overdue(db, now=MUCH_LATER)
    return attempt_id


def _sees(database: Database, attempt_id: UUID, now: datetime) -> None:
    with database.transaction() as db:
        attempts.note_seen(db, attempt_id, now=now)


def test_a_file_after_its_owner_saw_the_key_takes_a_reason_and_tells_first_what_it_changes(
    database: Database, people: Cast
) -> None:
    attempt_id = _closed(database, people)
    _sees(database, attempt_id, MUCH_LATER)
    file = packed(attempt_id, one("t-satu", ["a"], 1))
    with pytest.raises(answer_file.ReasonWanted) as wanted:
        put(database, people, attempt_id, file)
    assert wanted.value.seen_at == MUCH_LATER
    assert wanted.value.report.changes == [answer_file.Change("t-satu", None, ("a",), (0, 1))]
    assert held(database, attempt_id) == {"t-satu": None, "t-dua": ("a",), "t-tiga": None}, "nothing was changed"
    assert (the_attempt(database, attempt_id).score, audited(database)) == (1, [])
    with database.transaction() as db:
        report = answer_file.apply(
            db, attempt_id, answer_file.read(file), actor_id=people.grace, reason="Saya melihatnya.", now=MUCH_LATER
        )
    assert items(report.taken) == ["t-satu"]
    assert the_attempt(database, attempt_id).score == 2
    (event,) = audited(database)
    assert (event["reason"], event["seen_at"]) == ("Saya melihatnya.", MUCH_LATER.isoformat())
    with database.reading() as db:
        assert attempt_records.marks(db, attempt_id)["t-satu"][-1].reason == f"{answer_file.REASON}: Saya melihatnya."


def test_the_key_may_have_been_read_in_another_attempt_since_this_one_began(database: Database, people: Cast) -> None:
    earlier = start(database, make(), people.ada, now=NOON - timedelta(hours=1))
    submit(database, earlier, people.ada)
    attempt_id = _closed(database, people)
    file = packed(attempt_id, one("t-satu", ["a"], 1))
    with database.transaction() as db:
        db.execute(update(Attempt).where(Attempt.id == earlier).values(seen_at=NOON - timedelta(minutes=1)))
    with database.reading() as db:
        found = attempt_records.attempt(db, attempt_id)
        assert found
        assert attempt_records.keys_seen_at(db, found) is None, "known before it began, it may be used in it"
    with database.transaction() as db:
        db.execute(update(Attempt).where(Attempt.id == earlier).values(seen_at=MUCH_LATER))
    with pytest.raises(answer_file.ReasonWanted) as wanted:
        put(database, people, attempt_id, file)
    assert wanted.value.seen_at == MUCH_LATER


def test_what_others_saw_or_was_asked_elsewhere_is_no_such_look(database: Database, people: Cast) -> None:
    attempt_id = _closed(database, people)
    theirs = start(database, make(TIMED), people.mallory)
    others = make(TIMED, source=SOURCE.replace("{{#t-", "{{#lain-"))
    other = start(database, replace(others, id="lain"), people.ada)
    for one_more in (theirs, other):
        _sees(database, one_more, MUCH_LATER)
    assert items(put(database, people, attempt_id, packed(attempt_id, one("t-satu", ["a"], 1))).taken) == ["t-satu"]


def test_a_file_that_changes_nothing_takes_no_reason(database: Database, people: Cast) -> None:
    attempt_id = _closed(database, people)
    _sees(database, attempt_id, MUCH_LATER)
    report = put(database, people, attempt_id, packed(attempt_id, one("t-dua", ["a"], 3)))
    assert (report.taken, items(report.present)) == ([], ["t-dua"])


def test_the_first_look_is_kept(database: Database, people: Cast) -> None:
    attempt_id = _closed(database, people)
    assert the_attempt(database, attempt_id).seen_at is None
    for minutes in (0, 5):
        _sees(database, attempt_id, MUCH_LATER + timedelta(minutes=minutes))
    assert the_attempt(database, attempt_id).seen_at == MUCH_LATER


def test_files_have_a_last_day(database: Database, people: Cast) -> None:
    attempt_id = _closed(database, people)
    file = packed(attempt_id, one("t-satu", ["a"], 1))
    last = DEADLINE + answer_file.ACCEPTED
    with pytest.raises(answer_file.CameTooLate):
        put(database, people, attempt_id, file, last + timedelta(seconds=1))
    assert items(put(database, people, attempt_id, file, last).taken) == ["t-satu"]


def test_an_answer_that_claims_to_be_older_than_its_attempt_is_refused(database: Database, people: Cast) -> None:
    attempt_id = _closed(database, people)
    made = datetime(2001, 1, 1, tzinfo=NOON.tzinfo)
    report = put(database, people, attempt_id, packed(attempt_id, one("t-satu", ["a"], 1, made_at=made)))
    (refused,) = report.refused
    assert (report.taken, "sebelum percobaan dimulai" in refused.why) == ([], True)
