"""Marks: by the key, by sections, by a person, by a decision – added, never overwritten."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from lms.db.attempts import ClosedBy, Mark, Regrade
from lms.db.audit import AuditEvent
from lms.db.engine import Database
from lms.errors import Invalid
from lms.learning import attempt_records, attempts
from lms.learning import marks as judging
from lms.learning.stale import ChangedMeanwhile
from lms.quiz import regrade
from lms.quiz.definition import major
from lms.quiz.draw import banked
from tests.conftest import NOON, Cast
from tests.learning.test_attempts import make, save, start, submit, the_attempt

DAY = timedelta(days=1)
LATER = NOON + timedelta(hours=1)
SECTIONS = """\
---
title: Berbagian
{head}
---

# Bagian: Satu {{#satu}}
pass: 1

## Tunggal {{#s-satu}}
tags: C1

Ya?

- (x) Ya {{#a}}
  > Ya.
- ( ) Tidak {{#b}}
  > Tidak.

# Bagian: Dua {{#dua}}
pass: 100%

## Berbobot {{#s-dua}}
tags: C3
points: 5

Yang mana?

- (5) Terbaik {{#a}}
  > Ya.
- (3) Cukup {{#b}}
  > Kurang.
"""

ESSAY = """\
---
title: Uraian
{head}
---

## Manfaat {{#u-satu}}
tags: C4
points: 4

Jelaskan.

____

> [!RUBRIC]
> Dua poin untuk setiap manfaat.

## Tunggal {{#u-dua}}
tags: C1

Ya?

- (x) Ya {{#a}}
  > Ya.
- ( ) Tidak {{#b}}
  > Tidak.
"""


def test_every_section_must_reach_its_own_threshold(database: Database, people: Cast) -> None:
    quiz = make("attempts: 5", SECTIONS)
    for answer, passed in (("b", False), ("a", True)):
        attempt_id = start(database, quiz, people.ada)
        save(database, attempt_id, people.ada, "s-satu", ["a"], 1)
        save(database, attempt_id, people.ada, "s-dua", [answer], 1)
        submit(database, attempt_id, people.ada)
        assert the_attempt(database, attempt_id).passed is passed
    with database.reading() as db:
        marks = attempt_records.marks(db, attempt_id)
        score = judging.score_of(marks, quiz.items, the_attempt(database, attempt_id).rules)
    assert [(section.id, section.points, section.passed) for section in score.sections] == [
        ("satu", 1, True),
        ("dua", 5, True),
    ]


def test_a_text_waits_for_a_person_and_their_judgement_completes_the_score(database: Database, people: Cast) -> None:
    attempt_id = start(database, make("pass: 70", ESSAY), people.ada)
    save(database, attempt_id, people.ada, "u-satu", ["Menahan abrasi."], 1)
    save(database, attempt_id, people.ada, "u-dua", ["a"], 1)
    submit(database, attempt_id, people.ada)
    waiting = the_attempt(database, attempt_id)
    assert (waiting.is_open, waiting.score, waiting.passed) == (False, None, None)
    for fraction, score, passed in ((0.5, 3, False), (1.0, 5, True)):
        with database.transaction() as db:
            judging.judge(db, attempt_id, "u-satu", fraction, author_id=people.grace, comment="Bagus.", now=NOON)
        judged = the_attempt(database, attempt_id)
        assert (judged.score, judged.passed) == (score, passed)
    with database.reading() as db:
        history = attempt_records.marks(db, attempt_id)["u-satu"]
    assert [(mark.points, mark.author) for mark in history] == [(0, None), (2, "Grace"), (4, "Grace")]


def test_only_a_waiting_answer_can_be_judged_and_only_within_its_points(database: Database, people: Cast) -> None:
    attempt_id = start(database, make("pass: 70", ESSAY), people.ada)
    save(database, attempt_id, people.ada, "u-satu", ["Teks."], 1)
    submit(database, attempt_id, people.ada)
    for item, fraction, error in (("u-dua", 1, judging.NothingToJudge), ("u-satu", 1.5, Invalid), ("x", 0, Invalid)):
        with pytest.raises((error, judging.NothingToJudge)), database.transaction() as db:
            judging.judge(db, attempt_id, item, fraction, author_id=people.grace, comment="", now=NOON)
    assert the_attempt(database, attempt_id).score is None


def test_an_unanswered_text_waits_for_nobody(database: Database, people: Cast) -> None:
    attempt_id = start(database, make("pass: 70", ESSAY), people.ada)
    submit(database, attempt_id, people.ada)
    assert the_attempt(database, attempt_id).score == 0


def test_an_attempt_that_closes_after_a_decision_is_marked_by_it(database: Database, people: Cast) -> None:
    with database.transaction() as db:
        for cohort_id, action in ((people.cohort, regrade.FullMarks()), (None, regrade.Drop())):
            db.add(
                Regrade(
                    item="t-satu" if cohort_id else "t-dua",
                    cohort_id=cohort_id,
                    majors=[major(item) for item in make().items],
                    action=regrade.dump(action),
                    reason="Soal keliru",
                    author_id=people.grace,
                    decided_at=NOON,
                )
            )
    for user_id, score, maximum in ((people.ada, 1, 2), (people.mallory, 0, 2)):
        attempt_id = start(database, make(), user_id)
        submit(database, attempt_id, user_id)
        found = the_attempt(database, attempt_id)
        assert (found.score, found.maximum) == (score, maximum)


def test_drawn_questions_are_frozen_and_unseen_ones_come_first(database: Database, people: Cast) -> None:
    bank = [banked(item, "bilangan") for item in make().items]
    drawing = make(
        "draw: [{{tags: [bilangan], count: 2}}]".replace("{{", "{").replace("}}", "}"),
        "---\ntitle: Undian\n{head}\n---\n",
    )
    seen: list[str] = []
    for _ in range(2):
        with database.transaction() as db:
            attempt_id = attempts.start(db, drawing, people.ada, now=NOON, bank=bank, seed=random.randrange(99))
        with database.reading() as db:
            items = [row.item for row in attempt_records.items(db, attempt_id)]
        assert len(set(items)) == 2
        seen += items
        submit(database, attempt_id, people.ada, now=NOON + timedelta(minutes=1))
    assert len(set(seen)) == 3, "the third question, unseen, was in the second draw"
    with database.reading() as db:
        assert db.execute(select(func.count()).select_from(Mark)).scalar_one() == 4


def waiting(database: Database, people: Cast) -> UUID:
    """A closed attempt with a text that waits for a person."""
    attempt_id = start(database, make("pass: 70", ESSAY), people.ada)
    save(database, attempt_id, people.ada, "u-satu", ["Menahan abrasi."], 1)
    submit(database, attempt_id, people.ada)
    return attempt_id


def judge(database: Database, attempt_id: UUID, fraction: float, **more: Any) -> None:
    with database.transaction() as db:
        judging.judge(db, attempt_id, "u-satu", fraction, **more)


def history(database: Database, attempt_id: UUID) -> list[attempt_records.MarkRow]:
    with database.reading() as db:
        return attempt_records.marks(db, attempt_id)["u-satu"]


def test_a_judgement_keeps_who_when_and_why_and_is_written_down(database: Database, people: Cast) -> None:
    attempt_id = waiting(database, people)
    judge(database, attempt_id, 0.75, author_id=people.grace, comment="Kurang satu.", now=LATER)
    mark = history(database, attempt_id)[-1]
    assert (mark.fraction, mark.points, mark.maximum, mark.answered, mark.pending) == (0.75, 3, 4, True, False)
    assert (mark.author, mark.reason, mark.marked_at, mark.regrade_id) == ("Grace", "Kurang satu.", LATER, None)
    with database.transaction() as db:
        event = db.scalars(select(AuditEvent).where(AuditEvent.action == "mark.judge")).one()
        version = db.scalars(select(Mark.question_version).where(Mark.id == mark.id)).one()
        asked = attempt_records.items(db.connection(), attempt_id)[0]
    assert (event.subject, event.actor_id, event.at) == (str(attempt_id), people.grace, LATER)
    assert event.details == {"item": "u-satu", "points": 3, "maximum": 4}
    assert version == asked.question_version


@pytest.mark.parametrize(("fraction", "fits"), [(-0.01, False), (0, True), (1, True), (1.01, False)])
def test_a_judgement_is_between_nothing_and_everything(
    database: Database, people: Cast, fraction: float, fits: bool
) -> None:
    attempt_id = waiting(database, people)
    if fits:
        judge(database, attempt_id, fraction, author_id=people.grace, comment="", now=LATER)
    else:
        with pytest.raises(Invalid, match="antara nol"):
            judge(database, attempt_id, fraction, author_id=people.grace, comment="", now=LATER)
    assert the_attempt(database, attempt_id).score == (4 * fraction if fits else None)


def test_the_same_judgement_twice_is_one_and_an_old_page_is_told_who_was_first(
    database: Database, people: Cast
) -> None:
    attempt_id = waiting(database, people)
    shown = str(history(database, attempt_id)[-1].id)
    first = {"author_id": people.grace, "comment": "Baik.", "now": LATER}
    judge(database, attempt_id, 0.5, seen=shown, **first)
    judge(database, attempt_id, 0.5, seen=shown, **first)
    assert len(history(database, attempt_id)) == 2
    for fraction, comment in ((0.5, "Lain."), (0.75, "Baik.")):
        with pytest.raises(ChangedMeanwhile) as caught:
            judge(
                database, attempt_id, fraction, seen=shown, author_id=people.edsger, comment=comment, now=2 * DAY + NOON
            )
        assert (caught.value.who, caught.value.at) == ("Grace", LATER)
    newest = str(history(database, attempt_id)[-1].id)
    judge(database, attempt_id, 0.75, seen=newest, author_id=people.edsger, comment="Baik.", now=2 * DAY + NOON)
    assert [mark.author for mark in history(database, attempt_id)] == [None, "Grace", "Edsger"]


def test_nothing_for_a_text_is_a_judgement_too(database: Database, people: Cast) -> None:
    """What waits has no points either, and waits on all the same."""
    attempt_id = waiting(database, people)
    judge(database, attempt_id, 0, author_id=people.grace, comment="", now=LATER)
    found = the_attempt(database, attempt_id)
    assert (found.score, found.passed) == (0, False)
    assert len(history(database, attempt_id)) == 2


def test_an_unknown_attempt_has_nothing_to_judge(database: Database, people: Cast) -> None:
    with pytest.raises(judging.NothingToJudge):
        judge(database, people.ada, 1, author_id=people.grace, comment="", now=LATER)


def test_each_attempt_closes_at_its_own_deadline_by_its_own_rules(database: Database, people: Cast) -> None:
    first = start(database, make("pass: 70\ntime_limit: 10 min"), people.mallory)
    second = start(database, make("pass: 20\ntime_limit: 20 min"), people.ada)
    save(database, second, people.ada, "t-satu", ["a"], 1)
    with database.transaction() as db:
        judging.close(db, second, now=LATER, closed_by=ClosedBy.DEADLINE)
        assert judging.close(db, second, now=LATER, closed_by=ClosedBy.DEADLINE) is False
    found = the_attempt(database, second)
    assert (found.submitted_at, found.score, found.passed) == (NOON + timedelta(minutes=20), 1, True)
    assert the_attempt(database, first).is_open


def test_an_attempt_closes_once_and_at_the_right_moment(database: Database, people: Cast) -> None:
    timed = make("pass: 70\ntime_limit: 10 min")
    for closed_by, moment in ((ClosedBy.DEADLINE, NOON + timedelta(minutes=10)), (ClosedBy.PARTICIPANT, LATER)):
        attempt_id = start(database, timed, people.ada)
        with database.transaction() as db:
            assert judging.close(db, attempt_id, now=LATER, closed_by=closed_by) is True
            assert judging.close(db, attempt_id, now=2 * DAY + NOON, closed_by=ClosedBy.PARTICIPANT) is False
        found = the_attempt(database, attempt_id)
        assert (found.closed_by, found.submitted_at) == (closed_by, moment)
        with database.reading() as db:
            marks = attempt_records.marks(db, attempt_id)
        assert {(mark.marked_at, mark.author, mark.reason) for (mark,) in marks.values()} == {(moment, None, "")}
        assert {item: (mark.fraction, mark.maximum, mark.answered) for item, (mark,) in marks.items()} == {
            "t-satu": (0, 1, False),
            "t-dua": (0, 2, False),
            "t-tiga": (0, 1, False),
        }
