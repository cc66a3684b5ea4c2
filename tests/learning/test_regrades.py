"""A regrade: old results stand whatever happens to the pack, and a decision does exactly what its preview said."""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import func, select

from lms.db.accounts import Role
from lms.db.attempts import Mark, Regrade
from lms.db.audit import AuditEvent
from lms.db.base import uuid7
from lms.db.cohorts import Place
from lms.db.engine import Database
from lms.learning import accounts, attempt_records, cohorts, frozen, question_records, regrades
from lms.learning import marks as judging
from lms.quiz import regrade
from lms.quiz.definition import version
from lms.quiz.quiz import Quiz
from lms.quiz.regrade import Decision
from tests.conftest import NOON, Cast
from tests.learning.test_attempts import (
    SOURCE,
    at_once,
    count,
    held,
    make,
    save,
    start,
    submit,
    the_attempt,
)
from tests.learning.test_marks import ESSAY, SECTIONS

LATER = NOON + timedelta(hours=1)
REASON = "Opsi kedua juga benar menurut Pasal 2."


def class_of(database: Database, size: int) -> list[UUID]:
    """More participants of Grace's cohort."""
    with database.transaction() as db:
        cohort = cohorts.by_name(db, "Angkatan I")
        users = []
        for number in range(size):
            user = accounts.add(
                db, login=f"peserta{number}", name=f"Peserta {number}", roles=[Role.PARTICIPANT], now=NOON
            )
            cohorts.enrol(db, cohort, user.id, Place.PARTICIPANT, now=NOON)
            users.append(user.id)
    return users


def take(database: Database, quiz: Quiz, user_id: UUID, answers: dict[str, list[str] | None]) -> UUID:
    attempt_id = start(database, quiz, user_id)
    for item, values in answers.items():
        save(database, attempt_id, user_id, item, values, 1)
    submit(database, attempt_id, user_id)
    return attempt_id


def asked(people: Cast, decision: Decision, item: str = "t-satu", *, everywhere: bool = False) -> regrades.Asked:
    return regrades.Asked(item=item, cohort_id=None if everywhere else people.cohort, decision=decision, reason=REASON)


def preview(database: Database, what: regrades.Asked) -> regrades.Plan:
    with database.reading() as db:
        return regrades.preview(db, what)


def changed(
    database: Database, what: regrades.Asked, plan: regrades.Plan, *, offset: int = 0, limit: int = 99
) -> list[regrades.Change]:
    with database.reading() as db:
        return regrades.changed(db, what, plan, offset=offset, limit=limit)


def apply(
    database: Database,
    people: Cast,
    what: regrades.Asked,
    seen: str,
    *,
    regrade_id: UUID | None = None,
    now: datetime = LATER,
) -> regrades.Plan | None:
    """Confirm what a preview said, and carry it through; None when it had been confirmed before."""
    regrade_id = regrade_id or uuid7()
    plan = preview(database, what)
    decided = database.commit(
        lambda db: regrades.decide(
            db,
            what,
            plan,
            regrade_id=regrade_id,
            seen=seen,
            quiz="percobaan",
            author_id=people.grace,
            now=now,
        )
    )
    database.in_pieces(partial(regrades.go_on, regrade_id=regrade_id, now=now))
    return plan if decided else None


def decide(database: Database, people: Cast, what: regrades.Asked, now: datetime = LATER) -> regrades.Plan:
    plan = preview(database, what)
    done = apply(database, people, what, plan.digest, now=now)
    assert done == plan
    return plan


def result(database: Database, attempt_id: UUID) -> tuple[float | None, float, bool | None]:
    found = the_attempt(database, attempt_id)
    return found.score, found.maximum, found.passed


def points(database: Database, attempt_id: UUID, item: str) -> list[tuple[float, float]]:
    with database.reading() as db:
        return [(mark.points, mark.maximum) for mark in attempt_records.marks(db, attempt_id)[item]]


def key(item_id: str, *right: str, quiz: Quiz | None = None) -> regrade.NewKey:
    item = (quiz or make()).item(item_id)
    options = tuple(replace(option, right=option.id in right) for option in item.options)  # type: ignore[attr-defined]
    return regrade.NewKey(replace(item, options=options))  # type: ignore[call-arg]


# --- what nobody decided does not change ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "edited",
    [
        SOURCE.replace("- (x) Di sini", "- ( ) Di sini").replace("- ( ) Di sana", "- (x) Di sana"),
        SOURCE.replace("Di mana?", "Di manakah itu?"),
        SOURCE.replace("- ( ) Entah {{#c fixed}}\n  > Tidak.\n", ""),
        SOURCE.replace("- (x) Di sini {{#a}}\n  > Ya.\n- ( ) Di sana {{#b}}\n  > Tidak.\n",
                       "- ( ) Di sana {{#b}}\n  > Tidak.\n- (x) Di sini {{#a}}\n  > Ya.\n"),
        SOURCE.replace("points: 2", "points: 5"),
    ],
    ids=["key", "wording", "deleted option", "order", "points"],
)  # fmt: skip
def test_editing_the_pack_never_alters_an_old_result(database: Database, people: Cast, edited: str) -> None:
    assert edited != SOURCE
    old = take(database, make(), people.ada, {"t-satu": ["c"], "t-dua": ["a"]})
    with database.reading() as db:
        before = (the_attempt(database, old), attempt_records.items(db, old), attempt_records.marks(db, old))
        asked_then = frozen.questions_of(db, before[1])
    new = take(database, make("pass: 10", edited), people.ada, {"t-satu": ["a"]})
    with database.reading() as db:
        rows = attempt_records.items(db, old)
        assert (the_attempt(database, old), rows, attempt_records.marks(db, old)) == before
        assert frozen.questions_of(db, rows) == asked_then
        again = judging.score_of(attempt_records.marks(db, old), asked_then, before[0].rules)
    assert again.points == before[0].score
    assert new != old


# --- a decision does what its preview said --------------------------------------------------------------------------


def test_a_preview_changes_nothing_and_says_who_changes_and_how(database: Database, people: Cast) -> None:
    attempt_id = take(database, make("pass: 40"), people.ada, {"t-satu": ["b"], "t-dua": ["a"]})
    what = asked(people, key("t-satu", "a", "b"))
    plan = preview(database, what)
    (change,) = changed(database, what, plan)
    assert (plan.marked, plan.changed, plan.untouched) == (1, 1, 0)
    assert (change.attempt.name, change.attempt.number) == ("Ada", 1)
    assert (change.before.points, change.after.points) == (0, 1)
    assert (change.before.score, change.after.score) == (1, 2)
    assert (change.before.passed, change.after.passed) == (False, True)
    assert (count(database, Regrade), count(database, Mark)) == (0, 3)
    assert result(database, attempt_id) == (1, 4, False)


DECISIONS: list[tuple[str, Decision]] = [
    ("t-satu", key("t-satu", "b")),
    ("t-satu", key("t-satu", "b", "c")),
    ("t-satu", regrade.Accept((("c",),))),
    ("t-satu", regrade.Drop()),
    ("t-satu", regrade.FullMarks()),
    ("t-dua", key("t-dua", "c")),
    ("t-dua", regrade.Accept((("a", "c"), ("b",)))),
    ("t-tiga", regrade.Accept((("toba samosir",),))),
]
GIVEN = {
    "t-satu": [None, ["a"], ["b"], ["c"]],
    "t-dua": [None, ["a"], ["b"], ["c"], ["a", "b"], ["a", "c"], ["a", "b", "c"]],
    "t-tiga": [None, ["Toba"], ["Toba  Samosir"], ["Maninjau"]],
}


@pytest.mark.parametrize(("item", "decision"), DECISIONS, ids=[f"{i}-{d.action}" for i, d in DECISIONS])
def test_a_regrade_does_exactly_what_its_preview_said(
    database: Database, people: Cast, item: str, decision: Decision
) -> None:
    rng = random.Random(f"{item}{decision.action}")
    taken = [
        take(database, make("pass: 50"), user_id, {id: rng.choice(given) for id, given in GIVEN.items()})
        for user_id in class_of(database, 5)
        for _ in range(2)
    ]
    other = take(database, make("pass: 50"), people.mallory, {"t-satu": ["b"]})
    for now in (LATER, LATER + timedelta(minutes=1)):
        what = asked(people, decision, item)
        before = {one: stands(database, one, item) for one in taken}
        plan = preview(database, what)
        listed = {change.attempt.id: change for change in changed(database, what, plan)}
        assert decide(database, people, what, now) == plan
        assert (plan.marked, plan.changed) == (10, len(listed))
        assert Counter((before[one], stands(database, one, item)) for one in taken) == plan.turns
        for one in taken:
            change = listed.get(one)
            expected = (change.before, change.after) if change else (before[one], before[one])
            assert (before[one], stands(database, one, item)) == expected
            marks = points(database, one, item)
            assert marks[-2] == (before[one].points, before[one].maximum), "the old mark stays readable"
            with database.reading() as db:
                recomputed = judging.score_of(
                    attempt_records.marks(db, one),
                    frozen.questions_of(db, attempt_records.items(db, one)),
                    the_attempt(database, one).rules,
                )
            assert (recomputed.points, recomputed.maximum, recomputed.passed) == result(database, one)
    assert not plan.changed, "the same decision again changes no mark"
    assert len(points(database, other, item)) == 1, "another cohort is not touched"


def stands(database: Database, attempt_id: UUID, item: str) -> regrades.Outcome:
    """What counts of an attempt now."""
    score, total, passed = result(database, attempt_id)
    with database.reading() as db:
        mark = attempt_records.marks(db, attempt_id)[item][-1]
    return regrades.Outcome(mark.points, mark.maximum, mark.pending, score, total, passed)


@pytest.mark.parametrize("few", [0, 1_000])
def test_a_page_of_those_who_change_is_a_part_of_the_list(
    database: Database, people: Cast, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(regrades, "FEW", few)
    monkeypatch.setattr(regrades, "PEOPLE", 2)
    answers = ["a", "b", "c", None]
    for place, user_id in enumerate(class_of(database, 8)):
        for more in range(2):
            answer = answers[(place + more) % 4]
            take(database, make("pass: 50"), user_id, {"t-satu": answer and [answer]})
    for decision in (regrade.Accept((("b",),)), regrade.FullMarks()):
        what = asked(people, decision)
        plan = preview(database, what)
        whole = changed(database, what, plan)
        assert len(whole) == plan.changed > 3
        assert whole == sorted(whole, key=lambda one: (one.attempt.name, one.attempt.number))
        pages = [changed(database, what, plan, offset=offset, limit=3) for offset in range(0, len(whole), 3)]
        assert [one for page in pages for one in page] == whole


def test_sections_follow_a_decision(database: Database, people: Cast) -> None:
    quiz = make("attempts: 5", SECTIONS)
    attempt_id = take(database, quiz, people.ada, {"s-satu": ["a"], "s-dua": ["b"]})
    assert result(database, attempt_id) == (4, 6, False)
    before = stands(database, attempt_id, "s-dua")
    plan = decide(database, people, asked(people, regrade.FullMarks(), "s-dua"))
    assert result(database, attempt_id) == (6, 6, True)
    assert plan.turns == {(before, stands(database, attempt_id, "s-dua")): 1}
    assert [after for _before, after in plan.turns] == [regrades.Outcome(5, 5, False, 6, 6, True)]


def test_a_section_that_is_missed_fails_an_attempt_whatever_its_sum(database: Database, people: Cast) -> None:
    quiz = make("attempts: 5\npass: 10", SECTIONS)
    attempt_id = take(database, quiz, people.ada, {"s-satu": ["a"], "s-dua": ["b"]})
    what = asked(people, key("s-satu", "b", quiz=quiz), "s-satu")
    (change,) = changed(database, what, preview(database, what))
    assert change.after == regrades.Outcome(0, 1, False, 3, 6, False)
    decide(database, people, what)
    assert result(database, attempt_id) == (3, 6, False)
    what = asked(people, regrade.FullMarks(), "s-dua")
    plan = preview(database, what)
    (change,) = changed(database, what, plan)
    assert change.after == regrades.Outcome(5, 5, False, 5, 6, False), "the first section is missed now"
    assert plan.turns == {(change.before, change.after): 1}


def test_a_judged_text_counts_in_its_section(database: Database, people: Cast) -> None:
    text = ESSAY.split("---\n", 2)[2].split("## Tunggal")[0]
    quiz = make("attempts: 5\npass: 10", SECTIONS.replace("\n# Bagian: Dua", f"{text}\n# Bagian: Dua"))
    attempt_id = take(database, quiz, people.ada, {"s-satu": ["b"], "u-satu": ["Abrasi."], "s-dua": ["a"]})
    with database.transaction() as db:
        judging.judge(db, attempt_id, "u-satu", 0.5, author_id=people.grace, comment="", now=NOON)
    assert result(database, attempt_id) == (7, 10, True)
    decide(database, people, asked(people, regrade.Drop(), "u-satu"))
    assert result(database, attempt_id) == (5, 6, False)
    what = asked(people, regrade.NewKey(quiz.item("u-satu")), "u-satu")
    plan = decide(database, people, what, LATER + timedelta(minutes=1))
    assert [after for _before, after in plan.turns] == [regrades.Outcome(2, 4, False, 7, 10, True)]
    assert result(database, attempt_id) == (7, 10, True)


def test_a_score_that_was_raised_to_nothing_says_nothing_of_its_marks(database: Database, people: Cast) -> None:
    loss = SOURCE.replace("- (x) Di sini", "- (100%) Di sini").replace("- ( ) Di sana", "- (-100%) Di sana")
    quiz = make("pass: 50", loss.replace("- ( ) Entah", "- (-50%) Entah"))
    attempt_id = take(database, quiz, people.ada, {"t-satu": ["b"]})
    assert result(database, attempt_id) == (0, 4, False)
    what = asked(people, regrade.FullMarks(), "t-tiga")
    plan = preview(database, what)
    (change,) = changed(database, what, plan)
    assert (change.after.points, change.after.score) == (1, 0)
    assert plan.turns == {(change.before, change.after): 1}
    decide(database, people, what)
    assert result(database, attempt_id) == (0, 4, False)


def test_a_list_goes_by_name_then_login_quiz_and_number(database: Database, people: Cast) -> None:
    with database.transaction() as db:
        cohort = cohorts.by_name(db, "Angkatan I")
        ids = {}
        for login, name in (("zzz", "ani"), ("yyy", "Budi"), ("xxx", "Ani")):
            ids[login] = accounts.add(db, login=login, name=name, roles=[Role.PARTICIPANT], now=NOON).id
            cohorts.enrol(db, cohort, ids[login], Place.PARTICIPANT, now=NOON)
    other = replace(make(), id="apa")
    for quiz, login in (
        (make(), "yyy"),
        (other, "xxx"),
        (make(), "zzz"),
        (make(), "xxx"),
        (make(), "yyy"),
        (other, "xxx"),
    ):
        take(database, quiz, ids[login], {"t-satu": ["b"]})
    what = asked(people, regrade.FullMarks())
    listed = [one.attempt for one in changed(database, what, preview(database, what))]
    assert [(one.login, one.quiz, one.number) for one in listed] == [
        ("xxx", "apa", 1),
        ("xxx", "apa", 2),
        ("xxx", "percobaan", 1),
        ("zzz", "percobaan", 1),
        ("yyy", "percobaan", 1),
        ("yyy", "percobaan", 2),
    ]


def test_a_regrade_leaves_decision_author_reason_and_an_audit_row(database: Database, people: Cast) -> None:
    attempt_id = take(database, make(), people.ada, {"t-satu": ["b"]})
    decide(database, people, asked(people, regrade.Drop()))
    with database.reading() as db:
        mark = attempt_records.marks(db, attempt_id)["t-satu"][-1]
        noted = select(AuditEvent.actor_id, AuditEvent.details).where(AuditEvent.action == "regrade.decide")
        event = db.execute(noted).one()
    assert (mark.author, mark.decision, mark.action) == ("Grace", REASON, {"action": "drop"})
    assert event.actor_id == people.grace
    assert event.details["reason"] == REASON


def test_a_decision_is_written_down_with_what_it_is_about(database: Database, people: Cast) -> None:
    take(database, make(), people.ada, {"t-satu": ["b"]})
    take(database, make(), people.ada, {"t-satu": ["a"]})
    for scope, everywhere in ((str(people.cohort), False), (None, True)):
        regrade_id = uuid7()
        what = asked(people, regrade.FullMarks(), everywhere=everywhere)
        plan = preview(database, what)
        apply(database, people, what, plan.digest, regrade_id=regrade_id)
        with database.reading() as db:
            told = {
                row.details["regrade"]: row
                for row in db.execute(select(AuditEvent.subject, AuditEvent.at, AuditEvent.details))
                if "regrade" in row.details
            }[str(regrade_id)]
        assert (told.subject, told.at) == ("t-satu", LATER)
        assert told.details == {
            "regrade": str(regrade_id),
            "quiz": "percobaan",
            "cohort": scope,
            "decision": {"action": "full-marks"},
            "reason": REASON,
            "marked": 2,
            "changed": 0 if everywhere else 1,
        }
        with database.transaction() as db:
            row = db.get_one(Regrade, regrade_id)
            assert (row.item, row.reason, row.author_id, row.decided_at) == ("t-satu", REASON, people.grace, LATER)
            assert row.majors == list(plan.majors)
            assert row.finished_at == LATER


def test_later_attempts_are_marked_by_the_decision_and_a_later_decision_wins(database: Database, people: Cast) -> None:
    running = start(database, make(), people.ada)
    first, second = class_of(database, 2)
    closed = take(database, make(), first, {"t-satu": ["b"]})
    plan = decide(database, people, asked(people, key("t-satu", "b")))
    assert plan.still_open == 1
    save(database, running, people.ada, "t-satu", ["b"], 1)
    submit(database, running, people.ada)
    assert points(database, running, "t-satu") == [(1, 1)]
    decide(database, people, asked(people, regrade.Drop()), LATER + timedelta(minutes=1))
    for attempt_id in (running, closed, take(database, make(), second, {})):
        assert points(database, attempt_id, "t-satu")[-1] == (0, 0)


def test_a_new_key_touches_only_versions_with_the_same_options(database: Database, people: Cast) -> None:
    edited = make("pass: 50", SOURCE.replace("- ( ) Entah {{#c fixed}}\n  > Tidak.\n", ""))
    old = take(database, make("pass: 50"), people.ada, {"t-satu": ["b"]})
    new = take(database, edited, class_of(database, 1)[0], {"t-satu": ["b"]})
    plan = decide(database, people, asked(people, key("t-satu", "b")))
    assert (plan.marked, plan.changed, plan.untouched) == (1, 1, 1)
    assert (len(points(database, old, "t-satu")), len(points(database, new, "t-satu"))) == (2, 1)
    decide(database, people, asked(people, key("t-satu", "b", quiz=edited)), LATER + timedelta(minutes=1))
    assert points(database, new, "t-satu") == [(0, 1), (1, 1)]
    assert len(points(database, old, "t-satu")) == 2
    running = take(database, make("pass: 50"), people.ada, {"t-satu": ["b"]})
    assert points(database, running, "t-satu") == [(1, 1)], "the newest decision that fits the version"


def test_what_a_person_judged_outlives_decisions_about_the_key(database: Database, people: Cast) -> None:
    quiz = make("pass: 70", ESSAY)
    judged = take(database, quiz, people.ada, {"u-satu": ["Menahan abrasi."], "u-dua": ["a"]})
    waiting = take(database, quiz, class_of(database, 1)[0], {"u-satu": ["Entah."]})
    with database.transaction() as db:
        judging.judge(db, judged, "u-satu", 0.75, author_id=people.grace, comment="", now=NOON)
    plan = decide(database, people, asked(people, regrade.Drop(), "u-satu"))
    assert (plan.marked, plan.changed) == (2, 2)
    assert result(database, judged) == (1, 1, True)
    assert result(database, waiting) == (0, 1, False)
    with pytest.raises(judging.NothingToJudge), database.transaction() as db:
        judging.judge(db, waiting, "u-satu", 1, author_id=people.grace, comment="", now=LATER)
    back = regrade.NewKey(quiz.item("u-satu"))
    decide(database, people, asked(people, back, "u-satu"), LATER + timedelta(minutes=1))
    assert result(database, judged) == (4, 5, True)
    assert result(database, waiting) == (None, 5, None)
    with database.transaction() as db:
        judging.judge(db, waiting, "u-satu", 1, author_id=people.grace, comment="", now=LATER + timedelta(hours=1))
    assert result(database, waiting)[0] == 4


def test_only_what_a_person_said_of_this_text_is_a_judgement(database: Database, people: Cast) -> None:
    quiz = make("pass: 70", ESSAY)
    judged = take(database, quiz, people.ada, {"u-satu": ["Menahan abrasi."]})
    waiting = take(database, quiz, class_of(database, 1)[0], {"u-satu": ["Entah."]})
    empty = take(database, quiz, people.mallory, {})
    with database.transaction() as db:
        for fraction, minutes in ((0.25, 2), (0.75, 1)):
            now = NOON + timedelta(minutes=minutes)
            judging.judge(db, judged, "u-satu", fraction, author_id=people.grace, comment="", now=now)
    with database.reading() as db:
        assert question_records.judgements(db, [waiting, empty], "u-satu") == {}
        found = question_records.judgements(db, [waiting, empty, judged], "u-satu")
        assert {attempt_id: mark.fraction for attempt_id, mark in found.items()} == {judged: 0.25}, "said last"
    decide(database, people, asked(people, regrade.Drop(), "u-satu"))
    with database.reading() as db:
        assert question_records.judgements(db, [judged], "u-satu") == found


def test_the_last_judgement_of_this_text_stands_and_no_other(database: Database, people: Cast) -> None:
    second = ESSAY.split("## Manfaat")[1].split("## Tunggal")[0].replace("u-satu", "u-tiga")
    quiz = make("pass: 70", ESSAY + "\n## Manfaat" + second)
    one, two = (
        take(database, quiz, user_id, {"u-satu": ["Abrasi."], "u-tiga": ["Ikan."]})
        for user_id in (people.ada, class_of(database, 1)[0])
    )
    with database.transaction() as db:
        for attempt_id, item, fraction, minutes in (
            (one, "u-satu", 0.5, 2),
            (one, "u-satu", 0.25, 3),
            (one, "u-tiga", 1.0, 4),
            (two, "u-satu", 1.0, 5),
        ):
            now = NOON + timedelta(minutes=minutes)
            judging.judge(db, attempt_id, item, fraction, author_id=people.grace, comment="", now=now)
    decide(database, people, asked(people, regrade.Drop(), "u-satu"))
    back = regrade.NewKey(quiz.item("u-satu"))
    what = asked(people, back, "u-satu")
    foreseen = {change.attempt.id: change.after.score for change in changed(database, what, preview(database, what))}
    decide(database, people, what, LATER + timedelta(minutes=1))
    assert points(database, one, "u-satu") == [(0, 4), (2, 4), (1, 4), (0, 0), (1, 4)]
    assert points(database, two, "u-satu")[-1] == (4, 4)
    assert foreseen == {one: 5, two: None}
    assert result(database, two) == (None, 9, None)


def test_who_gave_no_answer_is_listed_where_that_changes_something(database: Database, people: Cast) -> None:
    empty = take(database, make(), people.ada, {})
    wrong = take(database, make(), class_of(database, 1)[0], {"t-satu": ["b"]})
    decide(database, people, asked(people, regrade.FullMarks()))
    for right, listed in ((("b",), [empty]), (("a",), [empty, wrong])):
        what = asked(people, key("t-satu", *right))
        assert [one.attempt.id for one in changed(database, what, preview(database, what))] == listed


@pytest.mark.parametrize("few", [0, 1_000])
def test_a_list_names_no_attempt_that_counts_elsewhere(
    database: Database, people: Cast, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(regrades, "FEW", few)
    here = take(database, make(), people.ada, {"t-satu": ["b"]})
    with database.transaction() as db:
        second = cohorts.by_name(db, "Angkatan II")
        cohorts.enrol(db, second, people.ada, Place.PARTICIPANT, now=NOON + timedelta(hours=1))
    take(database, make(), people.ada, {"t-satu": ["b"]})
    what = asked(people, key("t-satu", "b"))
    plan = preview(database, what)
    assert (plan.changed, [one.attempt.id for one in changed(database, what, plan)]) == (1, [here])


def test_open_attempts_are_announced_that_hold_the_question_as_it_stood(database: Database, people: Cast) -> None:
    whole = make()
    edited = make("", SOURCE.replace("- ( ) Entah {{#c fixed}}\n  > Tidak.\n", ""))
    first, second = class_of(database, 2)
    take(database, whole, first, {"t-satu": ["b"]})
    start(database, whole, people.ada)
    start(database, replace(whole, id="tanpa", items=whole.items[1:]), first)
    start(database, replace(edited, id="baru"), second)
    start(database, whole, people.mallory)
    for everywhere, open_ones in ((False, 1), (True, 2)):
        assert preview(database, asked(people, key("t-satu", "b"), everywhere=everywhere)).still_open == open_ones


@pytest.mark.parametrize("before", [0, 1])
def test_a_decision_made_meanwhile_ends_a_preview_though_nobody_was_marked_yet(
    database: Database, people: Cast, before: int
) -> None:
    take(database, make(), people.ada, {"t-satu": ["b"]})
    for _ in range(before):
        decide(database, people, asked(people, key("t-satu", "b")))
    what = asked(people, regrade.Drop())
    seen = preview(database, what).digest
    begun(database, people, asked(people, regrade.FullMarks()))
    with pytest.raises(regrades.MovedOn):
        apply(database, people, what, seen)


def test_an_attempt_that_waits_for_a_mark_is_counted_too(database: Database, people: Cast) -> None:
    taken = take(database, make("pass: 70", ESSAY), people.ada, {"u-satu": ["Abrasi."], "u-dua": ["b"]})
    what = asked(people, regrade.FullMarks(), "u-dua")
    plan = preview(database, what)
    assert (plan.marked, plan.changed) == (1, 1)
    (change,) = changed(database, what, plan)
    assert (change.attempt.id, change.after.points, change.after.score) == (taken, 1, None)


def test_decisions_are_told_newest_first(database: Database, people: Cast) -> None:
    take(database, make(), people.ada, {"t-satu": ["b"]})
    for hours, decision in ((3, regrade.Drop()), (2, regrade.FullMarks())):
        decide(database, people, asked(people, decision), NOON + timedelta(hours=hours))
    with database.reading() as db:
        told = question_records.decisions(db, people.cohort, ["t-satu"])
        assert [row.action["action"] for row in told] == ["drop", "full-marks"]
        assert {row.author for row in told} == {"Grace"}
        assert question_records.decisions(db, people.cohort, ["t-dua"]) == []
    assert points(database, take(database, make(), people.ada, {"t-satu": ["b"]}), "t-satu") == [(0, 0)]
    for decision in (regrade.FullMarks(), regrade.Drop(), regrade.FullMarks()):
        time.sleep(0.002)  # a key is ordered by its millisecond
        decide(database, people, asked(people, decision), NOON + timedelta(hours=4))
    with database.reading() as db:
        told = question_records.decisions(db, people.cohort, ["t-satu"])
        assert [row.action["action"] for row in told[:3]] == ["full-marks", "drop", "full-marks"]
        assert [row.id for row in told[:3]] == sorted((row.id for row in told[:3]), reverse=True), "of one moment"
    assert points(database, take(database, make(), people.ada, {"t-satu": ["b"]}), "t-satu") == [(1, 1)]


def test_a_version_is_one_of_its_own_item(database: Database, people: Cast) -> None:
    quiz = make()
    take(database, quiz, people.ada, {})
    digest = version(quiz.items[0])
    with database.reading() as db:
        assert question_records.is_version(db, digest, "t-satu")
        assert not question_records.is_version(db, digest, "t-dua")
        assert not question_records.is_version(db, "0" * len(digest), "t-satu")


def test_everywhere_reaches_all_cohorts(database: Database, people: Cast) -> None:
    attempts = [take(database, make(), user, {"t-satu": ["b"]}) for user in (people.ada, people.mallory)]
    what = asked(people, regrade.FullMarks(), everywhere=True)
    plan = preview(database, what)
    assert {change.attempt.id for change in changed(database, what, plan)} == set(attempts)
    assert decide(database, people, what).marked == 2
    assert {points(database, one, "t-satu")[-1] for one in attempts} == {(1, 1)}


# --- what moved on since --------------------------------------------------------------------------------------------


def test_what_happens_elsewhere_disturbs_no_decision(database: Database, people: Cast) -> None:
    take(database, make(), people.ada, {"t-satu": ["b"]})
    what = asked(people, key("t-satu", "b"))
    seen = preview(database, what).digest
    take(database, make(), people.mallory, {"t-satu": ["b"]})
    take(database, make("pass: 70", ESSAY), class_of(database, 1)[0], {"u-dua": ["a"]})
    decide(database, people, asked(people, regrade.Drop(), "u-dua"))
    other = replace(what, cohort_id=_cohort_of(database, "Angkatan II"), decision=regrade.Drop())
    decide(database, people, other)
    assert apply(database, people, what, seen) is not None


def _cohort_of(database: Database, name: str) -> UUID:
    with database.transaction() as db:
        return cohorts.by_name(db, name).id


def test_a_quiz_of_one_question_is_worth_its_mark(database: Database, people: Cast) -> None:
    whole = make("pass: 50")
    attempt_id = take(database, replace(whole, items=whole.items[:1]), people.ada, {"t-satu": ["b"]})
    assert result(database, attempt_id) == (0, 1, False)
    what = asked(people, regrade.FullMarks())
    (change,) = changed(database, what, preview(database, what))
    assert change.after == regrades.Outcome(1, 1, False, 1, 1, True)
    decide(database, people, what)
    assert result(database, attempt_id) == (1, 1, True)


def test_nothing_happens_when_attempts_changed_since_the_preview(database: Database, people: Cast) -> None:
    take(database, make(), people.ada, {"t-satu": ["b"]})
    what = asked(people, key("t-satu", "b"))
    seen = preview(database, what).digest
    later = take(database, make(), class_of(database, 1)[0], {"t-satu": ["a"]})
    with pytest.raises(regrades.MovedOn):
        apply(database, people, what, seen)
    assert (count(database, Regrade), len(points(database, later, "t-satu"))) == (0, 1)


@pytest.mark.parametrize("everywhere", [False, True])
def test_a_preview_is_old_when_two_marks_changed_places(database: Database, people: Cast, everywhere: bool) -> None:
    quiz = make("pass: 70", ESSAY)
    pair = [take(database, quiz, user, {"u-satu": ["Abrasi."]}) for user in (people.ada, *class_of(database, 1))]

    def judge(*fractions: float) -> None:
        for attempt_id, fraction in zip(pair, fractions, strict=True):
            with database.transaction() as db:
                judging.judge(db, attempt_id, "u-satu", fraction, author_id=people.grace, comment="", now=LATER)

    judge(0, 1)
    what = asked(people, regrade.Drop(), "u-satu", everywhere=everywhere)
    before = preview(database, what)
    judge(1, 0)
    assert preview(database, what).turns == before.turns, "the same happens to as many, but to others"
    with pytest.raises(regrades.MovedOn):
        apply(database, people, what, before.digest)


@pytest.mark.parametrize("change", ["decision", "reason", "scope", "digest"])
def test_a_confirmation_is_for_what_was_seen(database: Database, people: Cast, change: str) -> None:
    take(database, make(), people.ada, {"t-satu": ["b"]})
    what = asked(people, regrade.Drop())
    seen = preview(database, what).digest
    other = {
        "decision": replace(what, decision=regrade.FullMarks()),
        "reason": replace(what, reason="Alasan yang lain sama sekali."),
        "scope": replace(what, cohort_id=None),
        "digest": what,
    }[change]
    with pytest.raises(regrades.MovedOn):
        apply(database, people, other, "x" if change == "digest" else seen)
    assert count(database, Regrade) == 0


def test_another_decision_is_another_though_it_changes_as_little(database: Database, people: Cast) -> None:
    take(database, make(), people.ada, {"t-satu": ["a"]})
    one, other = (asked(people, regrade.Accept(((option,),))) for option in ("b", "c"))
    assert not preview(database, one).changed
    with pytest.raises(regrades.MovedOn):
        apply(database, people, other, preview(database, one).digest)
    assert count(database, Regrade) == 0


def test_confirming_twice_decides_once(database: Database, people: Cast) -> None:
    attempt_id = take(database, make(), people.ada, {"t-satu": ["b"]})
    what, regrade_id = asked(people, regrade.FullMarks()), uuid7()
    seen = preview(database, what).digest
    assert apply(database, people, what, seen, regrade_id=regrade_id) is not None
    assert apply(database, people, what, seen, regrade_id=regrade_id) is None
    assert points(database, attempt_id, "t-satu") == [(0, 1), (1, 1)]
    with pytest.raises(regrades.AnotherDecision):
        apply(database, people, asked(people, regrade.Drop()), seen, regrade_id=regrade_id)


def test_confirming_twice_at_once_decides_once(database: Database, people: Cast) -> None:
    attempt_id = take(database, make(), people.ada, {"t-satu": ["b"]})
    what, regrade_id = asked(people, regrade.FullMarks()), uuid7()
    seen = preview(database, what).digest
    outcomes = at_once(*(lambda: apply(database, people, what, seen, regrade_id=regrade_id),) * 4)
    assert sorted(outcome is None for outcome in outcomes) == [False, True, True, True], outcomes
    assert points(database, attempt_id, "t-satu") == [(0, 1), (1, 1)]
    assert count(database, Regrade) == 1


def test_two_previews_confirmed_at_once_do_not_both_happen(database: Database, people: Cast) -> None:
    attempt_id = take(database, make(), people.ada, {"t-satu": ["b"]})
    whats = [asked(people, regrade.FullMarks()), asked(people, regrade.Drop())]
    seen = [preview(database, what).digest for what in whats]
    outcomes = at_once(
        *(
            lambda what=what, seen=one: apply(database, people, what, seen)
            for what, one in zip(whats, seen, strict=True)
        )  # type: ignore[misc]
    )
    assert sum(isinstance(outcome, regrades.MovedOn) for outcome in outcomes) == 1, outcomes
    assert len(points(database, attempt_id, "t-satu")) == 2


def test_an_attempt_that_closes_while_somebody_decides_is_marked_by_the_decision(
    database: Database, people: Cast
) -> None:
    for user_id in class_of(database, 4):
        take(database, make(), user_id, {"t-satu": ["b"]})
        running = start(database, make(), people.ada)
        what = asked(people, regrade.FullMarks())
        seen = preview(database, what).digest
        decided, _closed = at_once(
            lambda what=what, seen=seen: apply(database, people, what, seen),  # type: ignore[misc]
            lambda running=running: submit(database, running, people.ada),  # type: ignore[misc]
        )
        marks = points(database, running, "t-satu")
        with database.reading() as db:
            decisions = db.execute(select(func.count()).select_from(Regrade)).scalar_one()
        if isinstance(decided, regrades.MovedOn):
            assert decisions == 0 or marks == [(1, 1)]
        else:
            assert marks[-1] == (1, 1)
        assert held(database, running)["t-satu"] is None


# --- piece by piece -------------------------------------------------------------------------------------------------


def begun(database: Database, people: Cast, what: regrades.Asked) -> UUID:
    """Decided, and nobody has gone on yet: as after a kill."""
    regrade_id, plan = uuid7(), preview(database, what)
    with database.transaction() as db:
        made = {"quiz": "percobaan", "author_id": people.grace, "now": LATER}
        regrades.decide(db, what, plan, regrade_id=regrade_id, seen=plan.digest, **made)  # type: ignore[arg-type]
    return regrade_id


def go_on(database: Database, regrade_id: UUID) -> int:
    return database.commit(partial(regrades.go_on, regrade_id=regrade_id, now=LATER))


def progress(database: Database, regrade_id: UUID) -> regrades.Progress | None:
    with database.reading() as db:
        return regrades.progress(db, regrade_id)


def test_a_decision_is_carried_through_in_pieces_and_goes_on_where_it_was(database: Database, people: Cast) -> None:
    taken = [take(database, make(), user, {"t-satu": ["b"]}) for user in class_of(database, regrades.PIECE + 3)]
    regrade_id = begun(database, people, asked(people, regrade.FullMarks()))
    assert progress(database, regrade_id) == regrades.Progress(0, len(taken))
    with database.reading() as db:
        running = [regrades.running(db, item) for item in (None, "t-satu", "t-dua")]
    assert running == [[regrade_id], [regrade_id], []]
    assert go_on(database, regrade_id) == 1
    assert progress(database, regrade_id) == regrades.Progress(regrades.PIECE, len(taken))
    assert sum(points(database, one, "t-satu")[-1] == (1, 1) for one in taken) == regrades.PIECE
    assert go_on(database, regrade_id) == 1
    assert go_on(database, regrade_id) == 0
    assert progress(database, regrade_id) is None
    assert {tuple(points(database, one, "t-satu")) for one in taken} == {((0, 1), (1, 1))}


def test_pieces_at_once_mark_nobody_twice(database: Database, people: Cast) -> None:
    taken = [take(database, make(), user, {"t-satu": ["b"]}) for user in class_of(database, regrades.PIECE + 3)]
    regrade_id = begun(database, people, asked(people, regrade.FullMarks()))
    outcomes = at_once(*(lambda: go_on(database, regrade_id),) * 4)
    assert sorted(outcomes, reverse=True) == [1, 1, 0, 0], outcomes
    assert {len(points(database, one, "t-satu")) for one in taken} == {2}


def test_no_other_decision_is_made_while_one_is_carried_through(database: Database, people: Cast) -> None:
    take(database, make(), people.ada, {"t-satu": ["b"]})
    regrade_id = begun(database, people, asked(people, regrade.FullMarks()))
    with pytest.raises(regrades.StillRunning):
        begun(database, people, asked(people, regrade.Drop()))
    go_on(database, regrade_id)
    assert begun(database, people, asked(people, regrade.Drop()))


def test_what_closes_or_is_judged_meanwhile_is_marked_once_and_keeps_its_judgement(
    database: Database, people: Cast
) -> None:
    quiz = make("pass: 70", ESSAY)
    running = start(database, quiz, people.ada)
    waiting = take(database, quiz, class_of(database, 1)[0], {"u-satu": ["Menahan abrasi."]})
    key_again = regrade.NewKey(quiz.item("u-satu"))
    regrade_id = begun(database, people, asked(people, key_again, "u-satu"))
    submit(database, running, people.ada)
    with database.transaction() as db:
        judging.judge(db, waiting, "u-satu", 0.5, author_id=people.grace, comment="", now=LATER)
    while go_on(database, regrade_id):
        pass
    with database.reading() as db:
        decided = [mark.regrade_id for mark in attempt_records.marks(db, running)["u-satu"]]
    assert decided == [regrade_id]
    assert points(database, waiting, "u-satu")[-1] == (2, 4)


def test_a_question_written_anew_meanwhile_is_not_what_was_decided_on(database: Database, people: Cast) -> None:
    old = take(database, make(), people.ada, {"t-satu": ["b"]})
    regrade_id = begun(database, people, asked(people, regrade.Drop()))
    edited = make("", SOURCE.replace("- ( ) Entah {{#c fixed}}\n  > Tidak.\n", ""))
    new = take(database, edited, class_of(database, 1)[0], {"t-satu": ["b"]})
    while go_on(database, regrade_id):
        pass
    assert points(database, old, "t-satu") == [(0, 1), (0, 0)]
    assert points(database, new, "t-satu") == [(0, 1)]


def test_how_far_a_decision_came_is_told_of_its_cohort(
    database: Database, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(regrades, "PIECE", 2)
    for user_id in (*class_of(database, 3), people.mallory, people.mallory):
        take(database, make(), user_id, {"t-satu": ["b"]})
    everywhere = asked(people, regrade.FullMarks(), "t-dua", everywhere=True)
    other = begun(database, people, everywhere)
    regrade_id = begun(database, people, asked(people, regrade.FullMarks()))
    assert progress(database, other) == regrades.Progress(0, 5)
    assert progress(database, regrade_id) == regrades.Progress(0, 3)
    go_on(database, regrade_id)
    assert progress(database, regrade_id) == regrades.Progress(2, 3)
    while go_on(database, regrade_id):
        pass
    assert progress(database, regrade_id) is None


def test_those_of_a_cohort_are_found_among_many_others(
    database: Database, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(question_records, "WINDOW", 2)
    theirs = [take(database, make(), people.mallory, {"t-satu": ["b"]}) for _ in range(3)]
    ours = take(database, make(), people.ada, {"t-satu": ["b"]})
    theirs += [take(database, make(), people.mallory, {"t-satu": ["b"]}) for _ in range(2)]
    decide(database, people, asked(people, regrade.FullMarks()))
    assert points(database, ours, "t-satu") == [(0, 1), (1, 1)]
    assert {len(points(database, one, "t-satu")) for one in theirs} == {1}
