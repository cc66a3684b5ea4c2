"""What a newcomer finds who looks around: the whole story, told once, of the pack that we ship."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from lms.catalog.load import load
from lms.catalog.source import Folder
from lms.db.accounts import User
from lms.db.attempts import Allowance, Attempt, Mark, Regrade, Response
from lms.db.cohorts import Enrolment
from lms.db.engine import Database
from lms.db.learning import LessonRecord, SelfCheck
from lms.db.marking import SecondMark
from lms.db.reports import QuestionReport, ReportState
from lms.db.staff_notes import StaffNote
from lms.demonstration import story
from lms.demonstration.learners import LONG_NAME, login
from lms.learning import (
    accounts,
    analyses,
    analysis_counts,
    attempt_records,
    attention,
    certificates,
    cohorts,
    demonstration,
)
from lms.learning.attention import Pace, Reason
from lms.quiz.item_findings import Finding, findings
from tests.conftest import NOON, PACK, Demonstrated

SITE = "http://127.0.0.1:8000/"


@pytest.fixture(scope="module")
def told(demonstrated: Demonstrated) -> Iterator[Database]:
    """Nobody changes it."""
    database = Database(f"sqlite:///{demonstrated.file}", durable=False)
    yield database
    database.dispose()


@pytest.fixture
def db(told: Database) -> Iterator[Connection]:
    with told.reading() as db:
        yield db


def _count(db: Connection, *what: Any) -> int:
    return int(db.execute(select(func.count()).where(*what)).scalar_one())


def test_sixty_people_learn_in_two_cohorts_and_visitors_have_only_come(db: Connection) -> None:
    groups = cohorts.taught_by(db, accounts.find(db, "pengampu", demonstration=True)[0])  # type: ignore[index]
    assert [(one.name, one.participants) for one in reversed(groups)] == list(
        zip(demonstration.COHORTS, (48, 12 + 2), strict=True)
    )
    fresh = [person.login for person in demonstration.PEOPLE]
    did = select(User.login).where(User.id.in_(select(Attempt.user_id)) | User.id.in_(select(LessonRecord.user_id)))
    assert not {*db.execute(did).scalars()} & {*fresh}
    assert db.execute(select(func.length(User.name)).where(User.login == login(LONG_NAME))).scalar_one() == 120
    assert _count(db, User.demonstration.is_(False)) == 0, "nobody of them gets in where a server is meant for people"


def test_weeks_of_work_lie_behind_them_and_none_before_them(db: Connection, demonstrated: Demonstrated) -> None:
    assert _count(db, Attempt.id.is_not(None)) > 350
    assert _count(db, LessonRecord.read_at.is_not(None)) > 1_000
    assert _count(db, SelfCheck.item.is_not(None)) > 2_000
    for moment in (Attempt.submitted_at, LessonRecord.last_seen_at, Response.saved_at, Mark.marked_at):
        first, last = db.execute(select(func.min(moment), func.max(moment))).one()
        assert first
        assert last
        assert timedelta(days=30) < demonstrated.now - first < timedelta(days=36)
        assert timedelta() < demonstrated.now - last < timedelta(days=3)
    tries = select(Attempt.user_id).group_by(Attempt.user_id, Attempt.quiz).having(func.max(Attempt.number) == 3)
    assert db.execute(tries).all()


def test_there_is_somebody_for_every_reason_to_look_after_them(db: Connection, demonstrated: Demonstrated) -> None:
    found = {
        (one.member.login, sign.reason)
        for group in cohorts.taught_by(db, None)
        for one in attention.of(db, group.id, _pace(demonstrated, group), now=demonstrated.now)
        for sign in one.signs
    }
    assert {reason for _, reason in found} == {*Reason}
    for number, reason in enumerate((Reason.ABSENT, Reason.QUIET, Reason.FAILED, Reason.STUCK, Reason.UNSURE), 2):
        assert (login(number), reason) in found
    assert login(1) not in {who for who, _ in found}, "who is through needs nobody"
    assert len({who for who, _ in found}) < 30, "and most get on"


def _pace(demonstrated: Demonstrated, group: cohorts.Taught) -> Pace:
    share = attention.expected(demonstrated.now.date(), starts_on=group.starts_on, ends_on=group.ends_on)
    return Pace.of(demonstrated.catalog, share)


def test_the_planted_question_is_found_and_no_other_is_accused(demonstrated: Demonstrated, tmp_path: Path) -> None:
    catalog = demonstrated.catalog
    pretest = catalog.quizzes[catalog.course.pretest]
    counted = Database(f"sqlite:///{shutil.copy(demonstrated.file, tmp_path)}", durable=False)
    with counted.reading() as db:
        (group,) = (one for one in cohorts.taught_by(db, None) if one.participants > 20)
    for quiz in catalog.quizzes:
        analysis_counts.refresh(counted, group.id, quiz, now=demonstrated.now)
    items = {item.id: item for quiz in catalog.quizzes.values() for item in quiz.items}
    with counted.reading() as db:
        made = {quiz: analyses.of(db, group.id, quiz) for quiz in catalog.quizzes}
    counted.dispose()
    found = {
        (quiz, item, one.finding, one.option)
        for quiz, analysed in made.items()
        if analysed
        for (item, _major), of_item in analysed.quiz.items.items()
        for one in findings(items[item], of_item)
    }
    assert found == {
        (pretest.id, "awal-predikat", Finding.WRONG_KEY, "c"),
        (pretest.id, "awal-dasar-surat", Finding.TOO_EASY, ""),
    }
    assert pretest.item("awal-predikat").choices()[2].id == "c", "which a reader calls C, too"


def test_what_staff_do_is_there_and_something_is_left_to_do(db: Connection, demonstrated: Demonstrated) -> None:
    states = {*db.execute(select(QuestionReport.state)).scalars()}
    assert {ReportState.OPEN, ReportState.DECLINED} <= states
    assert {*db.execute(select(QuestionReport.response)).scalars()} == {'["c"]'}, "who chose it says so"
    essays = Attempt.quiz == "esai-aktualisasi"
    assert _count(db, essays, Attempt.score.is_not(None)) == 4
    assert _count(db, essays, Attempt.score.is_(None)) == 8
    assert _count(db, Regrade.finished_at.is_not(None)) == 1
    assert _count(db, Mark.regrade_id.is_not(None)) > 0
    assert _count(db, Allowance.extra_attempts > 0) == 1
    assert _count(db, Attempt.submitted_at.is_(None)) == 1
    assert _count(db, Attempt.closed_by == "deadline") == 1
    assert _count(db, StaffNote.text != "") == 2
    assert _count(db, StaffNote.contacted, StaffNote.written_at < demonstrated.now - timedelta(days=4)) == 1
    (second,) = db.execute(select(SecondMark.attempt_id, SecondMark.item, SecondMark.fraction, SecondMark.outcome))
    first = attempt_records.marks(db, second.attempt_id)[second.item][-1]
    assert abs(first.fraction - second.fraction) > 0.1
    assert second.outcome is None, "and somebody is to settle it"
    certificate = certificates.of_person(db, accounts.find(db, login(1), demonstration=True)[0])  # type: ignore[index]
    assert certificate
    assert certificate.is_valid


# --- of another pack ------------------------------------------------------------------------------------------------

#: What a story consists of, without the keys of its rows.
_SAID = (
    select(Attempt.quiz, Attempt.number, Attempt.started_at, Attempt.submitted_at, Attempt.score),
    select(Response.item, Response.value, Response.saved_at, Response.confidence),
    select(LessonRecord.lesson, LessonRecord.first_seen_at, LessonRecord.read_at),
    select(Enrolment.enrolled_at),
)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_same_day_tells_the_same_story(database: Database) -> None:
    small, stories = load(Folder.at(PACK)), []
    for _ in range(2):
        with database.transaction() as db:
            story.tell(db, small, site=SITE, now=NOON)
            stories.append([sorted(map(repr, db.connection().execute(statement))) for statement in _SAID])
            db.rollback()
    assert stories[0] == stories[1]
    assert all(stories[0])
