"""A file of a cohort is made by one run at a time, begun anew when that was cut off, and its person's alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from lms.db.audit import AuditEvent
from lms.db.engine import Database
from lms.db.exports import Export, ExportPiece, Form
from lms.learning import exports
from tests.conftest import NOON, Cast

ONE, OTHER = UUID(int=1), UUID(int=2)
MINUTE = timedelta(minutes=1)


def ask(database: Database, people: Cast, id: UUID = ONE, form: Form = Form.WORKBOOK, now: datetime = NOON) -> None:
    with database.transaction() as db:
        exports.ask(db, id, people.cohort, people.grace, form, people=1, now=now)


def held(database: Database, people: Cast, user_id: UUID | None = None, now: datetime = NOON) -> list[exports.Found]:
    with database.reading() as db:
        return exports.of_person(db, people.cohort, user_id or people.grace, now=now)


def due(database: Database, now: datetime) -> list[UUID]:
    with database.reading() as db:
        return exports.due(db, now=now)


def begin(database: Database, now: datetime, id: UUID = ONE) -> exports.Run:
    run = database.commit(lambda db: exports.begin(db, id, now=now))
    assert run is not None
    return run


def keep(database: Database, run: exports.Run, *pieces: bytes, now: datetime) -> None:
    for place, piece in enumerate(pieces):
        with database.transaction() as db:
            exports.keep(db, run, place, piece, now=now)
    with database.transaction() as db:
        exports.finish(db, run, pieces=len(pieces), size=sum(map(len, pieces)), now=now)


def content(database: Database, id: UUID = ONE) -> bytes:
    with database.reading() as db:
        return b"".join(exports.pieces(db, id))


def test_a_form_sent_twice_or_from_two_windows_asks_once_and_is_noted(database: Database, people: Cast) -> None:
    ask(database, people)
    ask(database, people)
    ask(database, people, OTHER)
    ask(database, people, UUID(int=3), Form.COMMAS)
    assert [(one.id, one.form) for one in held(database, people)] == [
        (UUID(int=3), Form.COMMAS),
        (ONE, Form.WORKBOOK),
    ]
    with database.reading() as db:
        noted = select(AuditEvent.subject).where(AuditEvent.action == "cohort.export")
        assert db.execute(noted).scalars().all() == [str(people.cohort)] * 2


def test_nobody_has_more_than_five_files_of_a_cohort(database: Database, people: Cast) -> None:
    for number in range(exports.MOST_FILES):
        ask(database, people, UUID(int=number + 1))
        keep(database, begin(database, NOON, UUID(int=number + 1)), b"x", now=NOON)
    with pytest.raises(exports.Enough):
        ask(database, people, UUID(int=99))
    ask(database, people, UUID(int=99), now=NOON + exports.KEPT)


def test_only_whoever_asked_finds_a_file_and_for_a_day(database: Database, people: Cast) -> None:
    ask(database, people)
    keep(database, begin(database, NOON), b"some", b"thing", now=NOON)
    assert content(database) == b"something"
    assert [(one.is_made, one.size) for one in held(database, people)] == [(True, 9)]
    assert held(database, people, people.mallory) == []
    for user_id, cohort_id, now in (
        (people.mallory, people.cohort, NOON),
        (people.grace, ONE, NOON),
        (people.grace, people.cohort, NOON + exports.KEPT),
    ):
        with database.reading() as db, pytest.raises(exports.NoFile):
            exports.of(db, ONE, cohort_id, user_id, now=now)


def test_a_run_that_was_cut_off_is_begun_anew_and_finds_out_that_it_was(database: Database, people: Cast) -> None:
    ask(database, people)
    first = begin(database, NOON)
    with database.transaction() as db:
        exports.tell(db, first, 7, now=NOON + MINUTE)
        exports.keep(db, first, 0, b"half of", now=NOON + MINUTE)
        exports.keep(db, first, 3, b"what is left behind", now=NOON + MINUTE)
    assert due(database, NOON + 2 * MINUTE) == [], "it spoke a minute ago"
    assert database.commit(lambda db: exports.begin(db, ONE, now=NOON + 2 * MINUTE)) is None
    later = NOON + 4 * MINUTE
    assert due(database, later) == [ONE]
    second = begin(database, later)
    assert held(database, people)[0].done == 0
    with pytest.raises(exports.Overtaken), database.transaction() as db:
        exports.keep(db, first, 1, b"too late", now=later)
    keep(database, second, b"all ", b"of it", now=later)
    assert content(database) == b"all of it"
    with database.reading() as db:
        assert db.execute(select(func.count()).select_from(ExportPiece)).scalar_one() == 2
    with pytest.raises(exports.Overtaken), database.transaction() as db:
        exports.fail(db, first, now=later)
    assert held(database, people)[0].is_made


def test_what_kills_three_runs_is_not_begun_a_fourth_time_and_can_be_asked_for_again(
    database: Database, people: Cast
) -> None:
    ask(database, people)
    now = NOON
    for _ in range(exports.MOST_RUNS):
        begin(database, now)
        now += 3 * MINUTE
    assert database.commit(lambda db: exports.begin(db, ONE, now=now)) is None
    assert due(database, now + MINUTE) == []
    assert [one.failed_at for one in held(database, people)] == [now]
    ask(database, people, OTHER)
    assert due(database, now) == [OTHER]


def test_after_a_day_nothing_is_left(database: Database, people: Cast) -> None:
    ask(database, people)
    keep(database, begin(database, NOON), b"a", b"b", b"c", now=NOON)
    ask(database, people, OTHER, now=NOON + MINUTE)
    later = NOON + exports.KEPT
    assert database.in_pieces(lambda db: exports.forget(db, now=later - MINUTE, most=2)) == 0
    assert database.in_pieces(lambda db: exports.forget(db, now=later, most=2)) == 4
    assert content(database) == b""
    with database.reading() as db:
        assert list(db.execute(select(Export.id)).scalars()) == [OTHER]
