"""Databases that earlier releases filled: an upgrade keeps every row, and gives each what it lacks by the written rule.

``data/<revision>.json`` holds every table as the code of that release wrote it. Ada took a quiz in her first cohort,
joined a second one and took it again, handing in after her deadline; Mallory took it before he joined any; Grace, who
teaches, tried it herself. The second release also decided about a question, and so did the third and the fourth, in
which Mallory took the quiz in his cohort and Ada had left her first one. The fifth knew how Ada had signed in, the
sixth from where somebody tried in vain, the seventh when a review was first shown, the eighth how far the deadlines
of a cohort had been moved, and the ninth by when Ada wants to be done; she had answered two self-checks, one wrongly.
The tenth had a note of hers and what she did not understand, the eleventh her certificate, and the twelfth how she
remembered a question that came back. The thirteenth kept what she had typed for the page that shows it, and the
fourteenth what Grace does for her cohort: a note about Ada, what she was typing about an answer, a second mark, a
proposal, a file, and how its quiz was counted. The fifteenth kept of each person and quiz what they did there.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Boolean, Date, DateTime, LargeBinary, MetaData, Uuid, func, insert, select, text
from sqlalchemy.types import JSON

from lms.db import migrate
from lms.db.accounts import User
from lms.db.attempts import Attempt, AttemptItem, Mark, QuestionVersion, Regrade
from lms.db.cohorts import Cohort, Enrolment
from lms.db.engine import Database
from lms.db.learning import SelfCheck
from lms.learning import attempt_records, attempts, frozen, marks, question_sums
from tests.conftest import NOON
from tests.learning import test_quiz_records
from tests.learning.test_question_sums import check

Rows = dict[str, list[dict[str, Any]]]

DATA = Path(__file__).parent / "data"
RELEASES = sorted(path.stem for path in DATA.glob("*.json"))
#: What the first fourteen counted when another attempt was the best one: it follows from the others, and is counted
#: when asked for.
COUNTED_ANEW = {"analysed_quiz", "analysed_person", "analysis_cell"}


def restored(database: Database, revision: str) -> Rows:
    """Fill the database as that release left it, in that release's tables."""
    rows: Rows = json.loads((DATA / f"{revision}.json").read_text(encoding="utf-8"))
    migrate.downgrade(database.engine, revision)
    metadata = MetaData()
    metadata.reflect(database.engine)
    with database.engine.begin() as connection:
        for table in metadata.sorted_tables:
            if held := rows.get(table.name):
                connection.execute(insert(table), [_typed(table, row) for row in held])
    return rows


def _typed(table: Any, row: dict[str, Any]) -> dict[str, Any]:
    """SQLite's plain values as the column of this engine takes them."""

    def value(kind: Any, held: Any) -> Any:
        if held is None:
            return None
        if isinstance(kind, Boolean):
            return bool(held)
        if isinstance(kind, DateTime):
            return datetime.fromisoformat(held).replace(tzinfo=UTC if kind.timezone else None)
        if isinstance(kind, Date):
            return date.fromisoformat(held)
        if isinstance(kind, LargeBinary):
            return bytes.fromhex(held)
        if isinstance(kind, Uuid):
            return UUID(held)
        return json.loads(held) if isinstance(kind, JSON) else held

    return {name: value(table.c[name].type, held) for name, held in row.items()}


def test_there_is_data_of_every_earlier_release() -> None:
    assert [f"{number:04}" for number in range(1, int(migrate.newest()))] == RELEASES


@pytest.mark.parametrize("revision", RELEASES)
def test_what_a_release_left_is_whole_after_an_upgrade(database: Database, revision: str) -> None:
    """All of it of one upgrade: each takes a way down and up again."""
    rows = restored(database, revision)
    migrate.upgrade(database.engine)
    every_row_is_kept(database, rows, set() if revision == "0015" else COUNTED_ANEW)
    whoever_could_have_looked_at_a_result_has_looked(database)
    an_attempt_belongs_to_the_cohort_that_was_the_newest_when_it_began(database)
    the_mark_that_counts_stands_at_its_item_and_scores_are_what_they_were(database)
    check(database)
    test_quiz_records.check(database)
    an_attempt_that_was_open_is_closed_by_its_deadline(database)
    check(database)
    test_quiz_records.check(database)


def every_row_is_kept(database: Database, rows: Rows, counted_anew: set[str]) -> None:
    assert migrate.differences(database.engine) == []
    with database.reading() as db:
        for table, held in rows.items():
            kept = 0 if table in counted_anew else len(held)
            assert db.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one() == kept, table


def whoever_could_have_looked_at_a_result_has_looked(database: Database) -> None:
    with database.reading() as db:
        found = db.execute(select(Attempt.submitted_at, Attempt.seen_at)).all()
    assert found
    assert all(row.seen_at == row.submitted_at for row in found)


def test_a_self_check_was_missed_when_it_was_last_answered_wrongly(database: Database) -> None:
    restored(database, "0009")
    migrate.upgrade(database.engine)
    with database.reading() as db:
        found = {row.item: row.missed_at for row in db.execute(select(SelfCheck.item, SelfCheck.missed_at))}
    assert found == {"cek-satu": NOON, "cek-dua": None}


def an_attempt_belongs_to_the_cohort_that_was_the_newest_when_it_began(database: Database) -> None:
    with database.reading() as db:
        found = db.execute(
            select(User.login, Cohort.name, Attempt.number)
            .join(User, User.id == Attempt.user_id)
            .outerjoin(Enrolment, Enrolment.id == Attempt.enrolment_id)
            .outerjoin(Cohort, Cohort.id == Enrolment.cohort_id)
            .order_by(Attempt.started_at, User.login)
        ).all()
    assert [tuple(row) for row in found] == [
        ("ada", "Angkatan I", 1),
        ("ada", "Angkatan II", 1),
        ("grace", None, 1),
        ("mallory", "Angkatan II", 1),
    ]


def the_mark_that_counts_stands_at_its_item_and_scores_are_what_they_were(database: Database) -> None:
    with database.reading() as db:
        closed = db.execute(select(Attempt.id).where(Attempt.submitted_at.is_not(None))).scalars().all()
        assert closed
        for attempt_id in closed:
            found = attempt_records.attempt(db, attempt_id)
            assert found is not None
            rows = attempt_records.items(db, attempt_id)
            histories = attempt_records.marks(db, attempt_id)
            score = marks.score_of(histories, frozen.questions_of(db, rows), found.rules)
            assert (score.points, score.maximum, score.passed) == (found.score, found.maximum, found.passed)
            current = db.execute(
                select(AttemptItem.item, AttemptItem.mark_id, AttemptItem.points, AttemptItem.pending).where(
                    AttemptItem.attempt_id == attempt_id
                )
            ).all()
            for item, mark_id, points, pending in current:
                newest = histories[item][-1]
                assert (mark_id, points, pending) == (newest.id, newest.points, newest.pending)
        unmarked = select(func.count()).select_from(AttemptItem).where(AttemptItem.attempt_id.not_in(closed))
        assert db.execute(unmarked.where(AttemptItem.mark_id.is_not(None))).scalar_one() == 0


def an_attempt_that_was_open_is_closed_by_its_deadline(database: Database) -> None:
    with database.reading() as db:
        rows = db.execute(select(Attempt.user_id, Attempt.id, Attempt.submitted_at)).all()
    for user_id, attempt_id, submitted_at in rows:
        if submitted_at is None:
            with database.transaction() as db:
                attempts.close_overdue(db, now=datetime(2027, 1, 1, tzinfo=UTC))
            with database.reading() as db:
                found = attempt_records.attempt(db, attempt_id)
            assert found is not None
            assert (found.user_id, found.closed_by) == (user_id, "deadline")


@pytest.mark.parametrize("revision", ["0003", "0004"])
def test_whose_answers_are_summed_and_how_often_each_was_given(database: Database, revision: str) -> None:
    restored(database, revision)
    migrate.upgrade(database.engine)
    with database.reading() as db:
        first, second = db.execute(select(Cohort.id).order_by(Cohort.name)).scalars()
        assert question_sums.sums(db, first) == [], "Ada has left, and Grace teaches"
        found = {one.item: one for one in question_sums.sums(db, second)}
        versions = [one.question_version for one in found.values()]
        given = question_sums.given(db, second, found, versions)
    same, largest = found["k-sama"], found["k-terbesar"]
    assert (same.attempts, same.answered, same.marked, same.fractions) == (2, 2, 2, 1.5)
    assert (largest.attempts, largest.answered, largest.fractions) == (2, 1, 2), "all got full marks"
    assert sorted((one.item, one.value, one.count) for one in given) == [
        ("k-nama", '["pembilang"]', 1),
        ("k-sama", '["a", "b"]', 1),
        ("k-sama", '["a"]', 1),
        ("k-terbesar", '["b"]', 1),
    ]


def test_what_time_had_ended_was_ended_by_time_and_a_decision_knows_its_versions(database: Database) -> None:
    restored(database, "0002")
    migrate.upgrade(database.engine)
    with database.reading() as db:
        by_time = db.execute(select(Attempt.number, User.login).join(User).where(Attempt.closed_by == "deadline")).all()
        (decision,) = db.execute(select(Regrade.id, Regrade.majors, Regrade.finished_at, Regrade.decided_at)).all()
        marked = select(QuestionVersion.major).join(Mark, Mark.question_version == QuestionVersion.digest)
        majors = set(db.execute(marked.where(Mark.regrade_id == decision.id)).scalars())
    assert [tuple(row) for row in by_time] == [(1, "ada")]
    assert set(decision.majors) == majors
    assert len(majors) == 1
    assert decision.finished_at == decision.decided_at
