"""How the questions of a quiz were answered, counted by the database: every closed attempt of the cohort, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from lms.db.accounts import Role, User
from lms.db.cohorts import Place
from lms.db.engine import Database
from lms.learning import accounts, cohorts, question_records, question_sums
from lms.quiz import regrade
from lms.quiz.definition import major, version
from tests.conftest import NOON, Cast
from tests.learning.test_attempts import SOURCE, make, save, start, submit
from tests.learning.test_marks import ESSAY
from tests.learning.test_regrades import LATER, REASON, asked, changed, class_of, decide, preview, take

Summed = dict[str, tuple[int, int, int, float]]


def summed(database: Database, cohort_id: UUID, **which: str) -> Summed:
    """By question: how many, how many of them answered, how many marked, and the sum of their fractions."""
    with database.reading() as db:
        found = question_sums.sums(db, cohort_id, **which)
    summed = {one.item: (one.attempts, one.answered, one.marked, one.fractions) for one in found}
    assert len(summed) == len(found), "the versions of these tests are one a question"
    return summed


def given(database: Database, cohort_id: UUID, item: str, quiz: str | None = None) -> dict[str, int]:
    """In how many attempts each response to a question was given."""
    with database.reading() as db:
        versions = [one.question_version for one in question_sums.sums(db, cohort_id, item=item)]
        return {one.value: one.count for one in question_sums.given(db, cohort_id, [item], versions, quiz=quiz)}


@pytest.fixture
def answered(database: Database, people: Cast) -> list[UUID]:
    """Of Ada and two more in her cohort, one of whom has another still open, and Mallory's is of another cohort."""
    first, second = class_of(database, 2)
    taken = [
        take(database, make(), people.ada, {"t-satu": ["a"], "t-dua": ["a"]}),
        take(database, make(), first, {"t-satu": ["a"], "t-dua": ["a", "b"]}),
        take(database, make(), second, {"t-satu": ["b"]}),
    ]
    running = start(database, make(), second)
    save(database, running, second, "t-satu", ["c"], 1)
    take(database, make(), people.mallory, {"t-satu": ["a"]})
    take(database, replace(make(), id="lain"), first, {"t-tiga": ["Toba"]})
    return taken


def test_equal_answers_are_counted_together(database: Database, people: Cast, answered: list[UUID]) -> None:
    of_quiz = {"t-satu": (3, 3, 3, 2), "t-dua": (3, 2, 3, 1.5), "t-tiga": (3, 0, 3, 0)}
    assert summed(database, people.cohort, quiz="percobaan") == of_quiz
    assert given(database, people.cohort, "t-satu") == {'["a"]': 2, '["b"]': 1}
    assert given(database, people.cohort, "t-dua", "percobaan") == {'["a"]': 1, '["a", "b"]': 1}
    assert given(database, people.cohort, "t-tiga", "percobaan") == {}
    assert summed(database, people.cohort, item="t-tiga") == {"t-tiga": (4, 1, 4, 1)}
    assert given(database, people.cohort, "t-tiga") == {'["Toba"]': 1}
    assert summed(database, people.cohort, quiz="tak-ada") == {}
    assert summed(database, _other(database, people), quiz="percobaan")["t-satu"] == (1, 1, 1, 1)


def test_what_was_dropped_or_waits_has_no_mark_that_counts(
    database: Database, people: Cast, answered: list[UUID]
) -> None:
    decide(database, people, asked(people, regrade.Drop()))
    assert summed(database, people.cohort, item="t-satu") == {"t-satu": (4, 3, 0, 0)}
    assert given(database, people.cohort, "t-satu") == {'["a"]': 2, '["b"]': 1}
    take(database, replace(make("pass: 70", ESSAY), id="uraian"), people.ada, {"u-satu": ["Abrasi."]})
    take(database, replace(make("pass: 70", ESSAY), id="uraian"), people.ada, {})
    assert summed(database, people.cohort, quiz="uraian")["u-satu"] == (2, 1, 1, 0)
    assert given(database, people.cohort, "u-satu") == {'["Abrasi."]': 1}


def test_a_long_answer_is_counted_and_not_listed(database: Database, people: Cast) -> None:
    quiz = replace(make("pass: 70", ESSAY), id="uraian")
    for length in (question_sums.LISTED - 4, question_sums.LISTED - 3, question_sums.LISTED + 50):
        take(database, quiz, people.ada, {"u-satu": ["x" * length]})
    assert summed(database, people.cohort, item="u-satu") == {"u-satu": (3, 3, 0, 0)}
    assert given(database, people.cohort, "u-satu") == {'["' + "x" * (question_sums.LISTED - 4) + '"]': 1}


def test_versions_are_told_oldest_first_and_by_what_decides_marks(database: Database, people: Cast) -> None:
    old, new = make(), make(source=SOURCE.replace("Di mana?", "Di manakah itu?"))
    (other,) = class_of(database, 1)
    for quiz, user_id, now in ((new, other, NOON + timedelta(hours=1)), (old, people.ada, NOON)):
        submit(database, start(database, quiz, user_id, now=now), user_id, now=now)
    with database.reading() as db:
        found = question_sums.sums(db, people.cohort, item="t-satu")
        every = question_sums.sums(db, people.cohort, quiz="percobaan")
    assert [one.question_version for one in found] == [version(quiz.items[0]) for quiz in (old, new)]
    assert {one.major for one in found} == {major(old.items[0])}, "only words changed"
    assert {one.item for one in every} == {item.id for item in old.items}


def test_versions_are_told_by_their_age_and_not_by_their_names(database: Database, people: Cast) -> None:
    quizzes = [make(source=SOURCE.replace("Di mana?", f"Di mana {where}?")) for where in ("ini", "itu", "sini", "sana")]
    quizzes.sort(key=lambda quiz: version(quiz.items[0]), reverse=True)
    for hours, quiz in enumerate(quizzes):
        now = NOON + timedelta(hours=hours)
        submit(database, start(database, quiz, people.ada, now=now), people.ada, now=now)
    with database.reading() as db:
        found = question_sums.sums(db, people.cohort, item="t-satu")
    assert [one.question_version for one in found] == [version(quiz.items[0]) for quiz in quizzes]


def test_the_most_frequent_responses_are_told_first_and_none_that_nobody_gave(database: Database, people: Cast) -> None:
    users = class_of(database, 6)
    answers = ["Toba", "Poso", "Poso", "Toba", "Toba", "Ranau"]
    for user_id, answer in zip(users, answers, strict=True):
        take(database, make(), user_id, {"t-tiga": [answer]})
    for most in (None, 2, 1):
        with database.reading() as db:
            versions = [one.question_version for one in question_sums.sums(db, people.cohort, item="t-tiga")]
            found = question_sums.given(db, people.cohort, ["t-tiga"], versions, most=most)
        expected = [('["Toba"]', 3), ('["Poso"]', 2), ('["Ranau"]', 1)]
        assert [(one.value, one.count) for one in found] == expected[:most]
    for left in (users[5], *users[:5]):
        with database.transaction() as db:
            cohorts.leave(db, people.cohort, left, now=LATER)
        assert '["Ranau"]' not in given(database, people.cohort, "t-tiga")
    assert summed(database, people.cohort, item="t-tiga") == {}
    with database.reading() as db:
        assert question_sums.given(db, people.cohort, ["t-tiga"], versions) == []


def test_people_are_asked_by_name_whatever_its_capitals_then_by_login(database: Database, people: Cast) -> None:
    with database.transaction() as db:
        cohort = cohorts.by_name(db, "Angkatan I")
        for login, name in (("ddd", "cut"), ("ccc", "Budi"), ("bbb", "ani"), ("aaa", "Cut")):
            user = accounts.add(db, login=login, name=name, roles=[Role.PARTICIPANT], now=NOON)
            cohorts.enrol(db, cohort, user.id, Place.PARTICIPANT, now=NOON)
    with database.reading() as db:
        logins = {one.id: one.login for one in db.execute(select(User.id, User.login))}
        here = [logins[one] for one in question_records.people(db, people.cohort)]
        everywhere = [logins[one] for one in question_records.people(db, None)]
    assert here == ["ada", "bbb", "ccc", "aaa", "ddd"]
    assert everywhere == ["ada", "bbb", "ccc", "aaa", "ddd", "edsger", "grace", "mallory"]


def test_decisions_of_a_cohort_and_of_all_hold_there(database: Database, people: Cast, answered: list[UUID]) -> None:
    ours = asked(people, regrade.FullMarks())
    theirs = replace(ours, cohort_id=_other(database, people), decision=regrade.Drop())
    for minutes, what in enumerate((ours, theirs, asked(people, regrade.Drop(), everywhere=True))):
        decide(database, people, what, LATER + timedelta(minutes=minutes))
    with database.reading() as db:
        here = question_records.decisions(db, people.cohort, ["t-satu", "t-dua"])
        every = question_records.decisions(db, None, ["t-satu"])
        assert question_records.decisions(db, people.cohort, ["t-dua"]) == []
    assert [(one.cohort_id, one.action["action"]) for one in here] == [(None, "drop"), (people.cohort, "full-marks")]
    assert [one.cohort_id for one in every] == [None, theirs.cohort_id, people.cohort]
    newest = here[0]
    assert (newest.item, newest.reason, newest.author) == ("t-satu", REASON, "Grace")
    assert newest.decided_at == LATER + timedelta(minutes=2)


def _other(database: Database, people: Cast) -> UUID:
    with database.reading() as db:
        return next(one.id for one in cohorts.taught_by(db, None) if one.id != people.cohort)


def test_a_preview_lists_people_by_name_and_their_attempts_in_order(
    database: Database, people: Cast, answered: list[UUID]
) -> None:
    take(database, make(), people.ada, {"t-satu": ["b"]})
    dropped = asked(people, regrade.Drop())
    everybody = changed(database, dropped, preview(database, dropped))
    assert [(one.attempt.name, one.attempt.quiz, one.attempt.number) for one in everybody] == [
        ("Ada", "percobaan", 1),
        ("Ada", "percobaan", 2),
        ("Peserta 0", "lain", 1),
        ("Peserta 0", "percobaan", 1),
        ("Peserta 1", "percobaan", 1),
    ]
    accepted = asked(people, regrade.Accept((("b",),)))
    some = changed(database, accepted, preview(database, accepted))
    assert [(one.attempt.name, one.attempt.value) for one in some] == [("Ada", '["b"]'), ("Peserta 1", '["b"]')]
