"""The emergency file: what a browser kept while the link was gone goes in by the rules of a save, and only once."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from lms.db.attempts import Mark
from lms.db.audit import AuditEvent
from lms.db.engine import Database
from lms.learning import answer_file, attempt_records, attempts
from lms.learning import marks as judging
from tests.conftest import NOON, Cast
from tests.learning.test_attempts import count, held, make, save, start, submit, the_attempt
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
        return list(db.execute(select(AuditEvent.details).where(AuditEvent.action == "answers.put-in")).scalars())


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
    ids=str,
)
def test_an_unreadable_answer_is_told_and_does_not_stop_the_others(changed: dict[str, Any]) -> None:
    file = answer_file.read(packed(uuid4(), one("t-satu", ["a"]) | changed, one("t-dua", ["b"]), "x"))
    assert [read.item for read in file.answers] == ["t-dua"]
    assert [told.item for told in file.unreadable] == ["Jawaban ke-1", "Jawaban ke-3"]
    assert all(told.why.startswith("Tidak terbaca") for told in file.unreadable)


def test_the_newest_of_several_answers_counts() -> None:
    file = answer_file.read(packed(uuid4(), one("t-satu", ["a"], 2), one("t-satu", ["b"], 3), one("t-satu", ["c"], 1)))
    assert [(read.item, read.answer.values) for read in file.answers] == [("t-satu", ["b"])]
