"""The instrument that measures pages at size works, here on a handful of people."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from math import isclose
from pathlib import Path

import pytest
from sqlalchemy import func, make_url, select

if sys.platform != "linux":
    pytest.skip("bench reads /proc", allow_module_level=True)

from bench import curve, machine, repeat, seed, size, store, strain, visits
from bench.seed import Size
from bench.store import Store
from lms.db.attempts import Attempt, AttemptItem, ClosedBy, Mark, QuestionVersion, Regrade, Response
from lms.db.cohorts import Cohort, Enrolment, Place
from lms.db.engine import Database
from lms.db.statistics import AnalysedQuiz
from lms.learning import analysis_counts
from lms.quiz.definition import load
from tests.conftest import own_database
from tests.learning.test_question_sums import check
from tests.visitor import Visitor

FEW = Size(people=40, cohorts=3, attempts=200, items=20)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def seeded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Filled once, to be looked at; who changes it takes a ``copy``."""
    if request.param == "sqlite":
        with store.sqlite(FEW, tmp_path_factory.mktemp("bench")) as made:
            yield made
        return
    beside: str = request.getfixturevalue("postgresql_url")
    name = f"{make_url(beside).database}_size"
    with ExitStack() as kept:
        made = kept.enter_context(store.given(kept.enter_context(own_database(beside, name)), FEW))
        yield replace(made, copy=lambda: kept.enter_context(own_database(beside, f"{name}_copy", template=name)))


@pytest.fixture
def rows(seeded: Store) -> Iterator[Database]:
    made = Database(seeded.url)
    yield made
    made.dispose()


def test_a_seeded_database_has_the_size_that_was_asked_for(rows: Database) -> None:
    with rows.reading() as db:
        large = select(func.count()).select_from(Enrolment).join(Cohort, Cohort.id == Enrolment.cohort_id)
        large = large.where(Cohort.name == seed.LARGE, Enrolment.place == Place.PARTICIPANT)
        assert db.execute(large).scalar_one() == FEW.people
        assert db.execute(select(func.count()).select_from(Cohort)).scalar_one() == FEW.cohorts
        assert db.execute(select(func.count()).select_from(Attempt)).scalar_one() == FEW.attempts
        assert db.execute(select(func.count()).select_from(AttemptItem)).scalar_one() == FEW.attempts * FEW.items
        assert db.execute(select(func.count(Attempt.id)).where(Attempt.submitted_at.is_(None))).scalar_one() > 0
        waiting = select(func.count(Attempt.id)).where(Attempt.submitted_at.is_not(None), Attempt.score.is_(None))
        assert db.execute(waiting).scalar_one() > 0


def test_every_mark_and_score_follows_from_the_answers(rows: Database) -> None:
    with rows.reading() as db:
        versions = {
            digest: load(one) for digest, one in db.execute(select(QuestionVersion.digest, QuestionVersion.definition))
        }
        answers = {(row.attempt_id, row.item): json.loads(row.value) for row in db.execute(select(Response.__table__))}
        marks = db.execute(select(Mark.__table__).order_by(Mark.marked_at, Mark.id)).all()
        scores = dict(db.execute(select(Attempt.id, Attempt.score).where(Attempt.score.is_not(None))).all())
    newest = {(mark.attempt_id, mark.item): mark for mark in marks}
    assert len(newest) == FEW.items * len({mark.attempt_id for mark in marks})
    for mark in marks:
        item, given = versions[mark.question_version], answers.get((mark.attempt_id, mark.item))
        assert given is None or item.accept(given) is not None
        judged = item.mark(given and tuple(given))
        if mark.author_id is None:
            assert (mark.fraction, mark.answered, mark.pending) == (judged.fraction, judged.answered, judged.pending)
    for id, score in scores.items():
        own = [mark for mark in newest.values() if mark.attempt_id == id]
        assert not any(mark.pending for mark in own)
        assert isclose(score, max(0.0, sum(mark.points for mark in own)))


def test_the_sums_are_those_of_the_answers(rows: Database) -> None:
    check(rows)


def test_a_history_told_again_is_that_of_more_attempts(seeded: Store) -> None:
    database = Database(seeded.copy())
    with database.reading() as db:
        closed = db.execute(select(func.count(Attempt.submitted_at))).scalar_one()
    repeat.repeat(database, 3)
    check(database)
    with database.reading() as db:
        assert db.execute(select(func.count(Attempt.submitted_at))).scalar_one() == 3 * closed
        counts = select(func.count()).select_from(AttemptItem).join(Mark, Mark.id == AttemptItem.mark_id)
        counts = counts.where(Mark.attempt_id == AttemptItem.attempt_id, Mark.item == AttemptItem.item)
        assert db.execute(counts).scalar_one() == 3 * closed * FEW.items
    database.dispose()
    with pytest.raises(ValueError, match="15 times at most, not 16"):
        repeat.repeat(database, 16)


def test_the_same_size_gives_the_same_rows(tmp_path: Path) -> None:
    found = []
    for name in ("one", "two"):
        database = Database(f"sqlite:///{tmp_path / name}")
        seed.fill(database, FEW)
        with database.reading() as db:
            tables = (Attempt, AttemptItem, Response, Mark, Enrolment)
            found.append(
                [db.execute(select(table.__table__).order_by(*table.__table__.primary_key)).all() for table in tables]
            )
        database.dispose()
    assert found[0] == found[1]


def test_every_page_is_there_and_is_measured(seeded: Store) -> None:
    app = visits.application(seeded.url)
    for name, visit in visits.VISITS.items():
        found = visits.measure(app, visit)
        assert found.first > 0, name
        assert found.again is not None, name
        assert found.statements > 0, name
        assert f"| {visit.title} | {found.first:.3f} | {found.again:.3f} |" in size.page_row(name, found, 60)
    app.extensions["lms"].database.dispose()


def test_of_an_analysis_its_figures_are_measured_and_not_that_there_are_none(seeded: Store) -> None:
    app = visits.application(seeded.copy())
    visits.count(app)
    visitor, at = Visitor(app).sign_in(seed.INSTRUCTOR, seed.PASSWORD), visits.landmarks(app)
    for name in ("analysis", "analysis-every", "analysed-question"):
        page = visits.ask(visitor, visits.VISITS[name], at).get_data(as_text=True)
        assert "Daya beda" in page, name
        assert "Belum pernah dihitung" not in page, name
    app.extensions["lms"].database.dispose()


def test_a_page_that_is_no_page_is_not_measured(seeded: Store) -> None:
    app = visits.application(seeded.url)
    with pytest.raises(RuntimeError, match="answered 404"):
        visits.measure(app, visits.Visit("Nothing", seed.INSTRUCTOR, lambda at: "/tidak-ada"))
    app.extensions["lms"].database.dispose()


def test_a_database_is_filled_once_and_pages_are_measured_in_a_process_of_their_own(tmp_path: Path) -> None:
    with store.sqlite(FEW, tmp_path) as first:
        found = size.measured("overview", first, 60)
        assert found is not None
        assert found.bytes > 1000
        assert size.report("sqlite", first, FEW, ["overview"], 0.01) == ["Overview on sqlite"]
    (kept,) = tmp_path.iterdir()
    made_at = kept.stat().st_mtime_ns
    with store.sqlite(FEW, tmp_path) as second:
        assert second.copy() != second.url == first.url
        assert kept.stat().st_mtime_ns == made_at
    assert [*tmp_path.iterdir()] == [kept]


def test_what_was_too_slow_is_told() -> None:
    assert size.page_row("overview", None, 120) == "| Overview | > 120 | | | | | |"


def test_large_acts_are_done_while_others_save(seeded: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strain, "PAUSE", 0.2)  # whether others can save is seen by few saves: they need not be measured
    url = seeded.copy()
    app = visits.application(url)
    at = visits.landmarks(app, strain.REGRADED)
    app.extensions["lms"].database.dispose()
    acts = list(strain.run(replace(seeded, copy=lambda: url), FEW, 120))
    assert {one.act for one in acts} == size.NAMES.keys()
    for one in acts:
        assert one.waits, one.act
        assert one.refused == 0, one.act
        assert one.ours > 0, one.act
        assert 0 < one.held < one.took, one.act
        assert size.act_row(one).startswith(f"| {size.NAMES[one.act]} | ")
    changed = Database(url)
    with changed.reading() as db:
        assert db.execute(select(Regrade.item)).scalars().all() == [at.item]
        assert db.execute(select(func.count(Mark.id)).where(Mark.regrade_id.is_not(None))).scalar_one() > 1
        late = select(func.count(Attempt.id)).where(Attempt.closed_by == ClosedBy.DEADLINE)
        assert db.execute(late).scalar_one() == FEW.people
        everybody = select(func.count(Enrolment.id)).where(Enrolment.cohort_id == at.cohort)
        everybody = everybody.where(Enrolment.place == Place.PARTICIPANT)
        assert db.execute(everybody).scalar_one() == 2 * FEW.people
        assert db.execute(everybody.where(Enrolment.left_at.is_not(None))).scalar_one() == FEW.people // 4
        assert db.execute(select(Cohort.grace_minutes).where(Cohort.id == at.cohort)).scalar_one() == strain.GRACE
    changed.dispose()


def test_the_curve_tells_what_each_size_costs(seeded: Store) -> None:
    url = seeded.copy()
    attempts, *cells = curve.row(FEW.attempts, replace(seeded, copy=lambda: url)).strip("| ").split(" | ")
    assert (attempts, len(cells)) == ("200", 6)
    changed = Database(url)
    with changed.reading() as db:
        cohort = db.execute(select(Cohort.id).where(Cohort.name == seed.LARGE)).scalar_one()
        counted = db.execute(select(AnalysedQuiz.quiz)).scalar_one()
        assert (cohort, counted) not in analysis_counts.old(db)
    changed.dispose()


def test_the_most_memory_since_a_rest_is_seen() -> None:
    rest = machine.rest()
    held = bytearray(b"x" * 60_000_000)
    del held
    assert machine.peak() - rest > 50
