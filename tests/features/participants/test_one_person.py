"""One person's work: what is missing by name, every attempt, notes of staff, and nothing that is the person's own."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from lms.db.accounts import User
from lms.db.cohorts import Enrolment, Place
from lms.db.engine import Database
from lms.db.staff_notes import StaffNote
from lms.features.participants import one_person
from lms.learning import cohorts, notes, reading
from lms.web.site import now
from tests.conftest import NOON, Cast, Statements
from tests.features.attempts.test_views import RIGHT, form, page, start
from tests.learning.test_members import CATALOG
from tests.learning.test_notes import writing
from tests.learning.test_regrades import class_of
from tests.visitor import Visitor

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def ada(app: Flask, people: Cast) -> Visitor:
    return Visitor(app).sign_in("ada")


@pytest.fixture
def grace(app: Flask, people: Cast) -> Visitor:
    return Visitor(app).sign_in("grace")


@pytest.fixture
def where(people: Cast) -> str:
    return f"/pengampu/angkatan/{people.cohort}/peserta/{people.ada}"


def words(html: str) -> str:
    """What a page, or a part of one, says: without its marks, each space once."""
    return " ".join(re.sub(r"<[^>]+>", " ", html[html.find("<main") :] if "<main" in html else html).split())


def told(visitor: Visitor, where: str) -> str:
    return words(page(visitor, where))


@ON_SQLITE
def test_what_is_missing_is_called_by_its_name_and_what_is_done_is_not(
    ada: Visitor, grace: Visitor, where: str, people: Cast, database: Database
) -> None:
    module = CATALOG.modules["pecahan"]
    with database.transaction() as db:
        reading.visit(db, people.ada, module.lessons[0], now=now())
        for lesson in CATALOG.modules["desimal"].lessons:
            reading.visit(db, people.ada, lesson, read=True, now=now())
    ada.post(f"{start(ada)}/kumpulkan", {"action": "submit", "confirmed": "1"})
    said = told(grace, where)
    assert f"{module.lessons[0].title} mulai dibaca" in said
    assert f"{module.lessons[1].title} belum dibuka" in said
    assert "Kuis pecahan kuis, belum lulus" in said
    done = [one.title for one in CATALOG.modules["desimal"].lessons if not one.checks]
    assert all(f"{title} belum" not in said for title in done)
    ada.post(f"{start(ada)}/kumpulkan", form(RIGHT, action="submit", confirmed="1"))
    said = told(grace, where)
    assert "Kuis pecahan kuis, belum" not in said
    attempts = re.findall(r"Ke-(\d) · Kuis pecahan (\d+%)( terbaik)?", said)
    assert attempts == [("1", "0%", ""), ("2", "100%", " terbaik")]


@ON_SQLITE
def test_what_is_a_persons_own_stays_their_own(grace: Visitor, where: str, people: Cast, database: Database) -> None:
    lesson = CATALOG.lesson("pecahan/sepertiga")
    (check,) = lesson.checks
    with database.transaction() as db:
        reading.answer(db, people.ada, lesson, check, ("Danau Rahasia",), now=now())
        notes.write(db, people.ada, writing("Rahasia saya."), now=now(), made_at=now())
    said = told(grace, where)
    assert "Rahasia" not in said
    assert "tidak ditampilkan di halaman ini" in said


@ON_SQLITE
def test_one_goes_from_person_to_person_by_name(grace: Visitor, where: str, people: Cast, database: Database) -> None:
    first, last = class_of(database, 2)
    base = where.rpartition("/")[0]
    html = page(grace, f"{base}/{first}")
    assert re.findall(r'rel="(\w+)" href="([^"]+)"', html.partition('class="turn"')[2]) == [
        ("prev", where),
        ("next", f"{base}/{last}"),
    ]


def test_a_note_is_written_read_by_staff_and_taken_back_by_its_author(
    app: Flask, ada: Visitor, grace: Visitor, where: str, people: Cast, database: Database
) -> None:
    assert (
        grace.post(f"{where}/catatan", {"text": " Ibunya <sakit>. ", "contacted": "1"}).location == f"{where}#catatan"
    )
    said = told(grace, where)
    assert "sudah dihubungi Ibunya &lt;sakit&gt;. Grace" in said
    with database.transaction() as db:
        cohorts.enrol(db, cohorts.by_name(db, "Angkatan I"), people.edsger, Place.INSTRUCTOR, now=NOON)
        (id,) = db.scalars(select(StaffNote.id))
    beside = Visitor(app).sign_in("edsger")
    assert "Ibunya &lt;sakit&gt;." in told(beside, where)
    assert "Hapus catatan ini" not in told(beside, where)
    beside.post(f"{where}/catatan", {"take-back": str(id)})
    assert "Ibunya" in told(grace, where), "only who wrote it takes it back"
    for _ in range(2):
        assert grace.post(f"{where}/catatan", {"take-back": str(id)}).status_code == 303
    assert "Ibunya" not in told(grace, where)


@ON_SQLITE
@pytest.mark.parametrize(("text", "says"), [("", "Tulis catatannya dahulu"), ("x" * 501, "paling panjang 500")])
def test_a_note_that_cannot_be_comes_back_as_it_was_typed(
    grace: Visitor, where: str, database: Database, text: str, says: str
) -> None:
    html = grace.led(grace.post(f"{where}/catatan", {"text": text})).get_data(as_text=True)
    assert says in html
    assert f">{text}</textarea>" in html
    with database.reading() as db:
        assert db.execute(select(func.count()).select_from(StaffNote)).scalar_one() == 0


@ON_SQLITE
def test_what_was_granted_stands_with_who_and_why(grace: Visitor, where: str) -> None:
    given = {"quiz": "pecahan", "extra_minutes": "30", "extra_attempts": "1", "reason": "Listrik padam"}
    grace.post(f"{where}/kelonggaran", given)
    said = told(grace, where)
    assert "Kuis pecahan +30 menit, +1 percobaan: Listrik padam Grace ·" in said
    assert "Grace memberi kelonggaran: +30 menit, +1 percobaan: Kuis pecahan Listrik padam" in said
    grace.post(f"{where}/kelonggaran", {**given, "extra_minutes": "0", "extra_attempts": "0"})
    said = told(grace, where)
    assert "Belum ada tambahan waktu atau percobaan" in said
    assert "Grace memberi kelonggaran: tidak ada tambahan" in said


@ON_SQLITE
def test_the_trace_is_told_a_page_at_a_time(
    grace: Visitor, where: str, people: Cast, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(one_person, "PAGE", 3)
    lesson = CATALOG.every_lesson[0]
    with database.transaction() as db:
        reading.visit(db, people.ada, lesson, now=now() - timedelta(hours=2))
        reading.visit(db, people.ada, lesson, read=True, now=now())
    ada_page = told(grace, where)
    assert f"Selesai membaca: {lesson.title}" in ada_page
    assert "Yang lebih lama" not in ada_page
    grace.post(f"{where}/catatan", {"text": "Sudah bicara."})
    first, second = told(grace, where), told(grace, f"{where}?page=2")
    assert "Grace mencatat" in first
    assert "Terdaftar di angkatan ini" not in first
    assert "Terdaftar di angkatan ini" in second


def asked(visitor: Visitor, where: str) -> set[int]:
    return {visitor.get(where).status_code, visitor.post(f"{where}/catatan", {"text": "x"}).status_code}


@ON_SQLITE
def test_only_who_teaches_the_cohort_sees_anybody(app: Flask, people: Cast, where: str, database: Database) -> None:
    for login in ("ada", "edsger"):
        assert asked(Visitor(app).sign_in(login), where) == {403}
    with database.transaction() as db:
        cohorts.enrol(db, cohorts.by_name(db, "Angkatan II"), people.edsger, Place.INSTRUCTOR, now=NOON)
    elsewhere = Visitor(app).sign_in("edsger")
    assert asked(elsewhere, where) == {404}
    assert asked(elsewhere, f"/pengampu/angkatan/{_other(database, people)}/peserta/{people.ada}") == {404}
    base = where.rpartition("/")[0]
    for stranger in (people.grace, people.mallory, uuid4()):
        assert asked(Visitor(app).sign_in("grace"), f"{base}/{stranger}") == {404}
    with database.reading() as db:
        assert db.execute(select(func.count()).select_from(StaffNote)).scalar_one() == 0


def _other(database: Database, people: Cast) -> UUID:
    with database.reading() as db:
        return db.execute(select(Enrolment.cohort_id).where(Enrolment.user_id == people.mallory)).scalar_one()


def test_the_page_asks_the_database_a_few_times(
    ada: Visitor, grace: Visitor, where: str, statements: Statements, people: Cast, database: Database
) -> None:
    with database.transaction() as db:
        db.execute(update(User).where(User.id == people.ada).values(name="Ada " * 30))
    ada.post(f"{start(ada)}/kumpulkan", {"action": "submit", "confirmed": "1"})
    page(grace, where)
    assert statements.of(lambda: page(grace, where)) <= 13, statements.sent
