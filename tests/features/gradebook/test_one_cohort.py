"""The page of a cohort: who needs somebody and why, who was contacted, and the list to take along."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from lms.db.cohorts import Cohort, Enrolment, Place
from lms.db.engine import Database
from lms.db.learning import LessonRecord
from lms.db.staff_notes import StaffNote
from lms.learning import cohorts, reading, staff_notes
from lms.web.site import now
from tests.conftest import Cast, Statements
from tests.features.attempts.test_views import start
from tests.features.gradebook.test_views import text
from tests.learning.test_members import CATALOG
from tests.learning.test_regrades import class_of
from tests.visitor import Visitor

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DAY = timedelta(days=1)


@pytest.fixture
def grace(app: Flask, people: Cast) -> Visitor:
    return Visitor(app).sign_in("grace")


@pytest.fixture
def page(people: Cast) -> str:
    return f"/pengampu/angkatan/{people.cohort}"


def seen(database: Database, user_id: UUID, days: list[float], *, read: bool = False, lesson: int = 0) -> None:
    with database.transaction() as db:
        for day in days:
            reading.visit(db, user_id, CATALOG.every_lesson[lesson], read=read, now=now() - day * DAY)


def fail_twice(app: Flask, login: str) -> None:
    visitor = Visitor(app).sign_in(login)
    for _ in range(2):
        visitor.post(f"{start(visitor)}/kumpulkan", {"action": "submit", "confirmed": "1"})


def enrolments(database: Database, *people: UUID) -> list[UUID]:
    with database.reading() as db:
        found = {row.user_id: row.id for row in db.execute(select(Enrolment.user_id, Enrolment.id))}
    return [found[one] for one in people]


def listed(html: str) -> list[str]:
    """Names on the list of who needs somebody, in its order."""
    return re.findall(r'<div class="who">.*?<a [^>]*>([^<]+)</a>', html, flags=re.DOTALL)


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


def test_everybody_in_need_is_told_with_every_reason_its_evidence_and_where_it_was(
    app: Flask, grace: Visitor, people: Cast, database: Database, page: str
) -> None:
    quiet, stuck = class_of(database, 2)
    seen(database, quiet, [9], read=True)
    seen(database, stuck, [8, 1], lesson=1)
    lesson = CATALOG.every_lesson[1]
    with database.transaction() as db:
        fine = class_of_one(db, people)
    seen(database, fine, [0], read=True)
    fail_twice(app, "ada")
    html = text(grace, page)
    assert "Perlu perhatian: 3 dari 4" in html
    assert listed(html) == ["Ada", "Peserta 0", "Peserta 1"], "the most urgent first"
    told = plain(html)
    for reason in (
        "Kuis pecahan: belum lulus setelah 2 kali, terakhir hari ini",
        "9 hari tidak terlihat",
        f"{lesson.title}: tertahan sejak 8 hari lalu",
    ):
        assert reason in told
    assert f'href="{page}/kuis/pecahan?q=ada"' in html
    assert f'href="/materi/{lesson.id}"' in html
    assert f'href="{page}/peserta/{people.ada}"' in html
    everybody = plain(text(grace, f"{page}/peserta"))
    for name, kind in (("Ada", "belum lulus"), ("Peserta 0", "lama tidak terlihat"), ("Peserta 1", "tertahan")):
        assert re.search(rf"{name}\S+ {kind}", everybody), "and the list of all says the same"


def class_of_one(db: Any, people: Cast) -> UUID:
    """Edsger takes part for once, and does well."""
    cohorts.enrol(db, cohorts.by_name(db, "Angkatan I"), people.edsger, Place.PARTICIPANT, now=now())
    return people.edsger


@ON_SQLITE
def test_who_is_behind_the_days_of_the_cohort_is_told_by_how_much(
    grace: Visitor, people: Cast, database: Database, page: str
) -> None:
    today = now().date()
    with database.transaction() as db:
        over = {"starts_on": today - 9 * DAY, "ends_on": today - 2 * DAY}
        db.execute(update(Cohort).where(Cohort.id == people.cohort).values(**over))
    seen(database, people.ada, [0])
    assert re.search(r"\d+ langkah di belakang rencana", text(grace, page))


@ON_SQLITE
def test_the_list_is_narrowed_searched_and_ordered_and_says_how_many_there_are_of_each(
    app: Flask, grace: Visitor, people: Cast, database: Database, page: str
) -> None:
    first, _never, third = class_of(database, 3)
    for one, day in ((first, 20), (third, 100)):
        seen(database, one, [day], read=True)
    fail_twice(app, "ada")
    html = text(grace, page)
    assert listed(html) == ["Ada", "Peserta 1", "Peserta 2", "Peserta 0"], "100 days are more than 20"
    chips = re.search(r'<nav class="chips".*?</nav>', html, flags=re.DOTALL)
    assert chips
    assert plain(chips[0]).split() == ["belum", "lulus", "1", "belum", "mulai", "1", "lama", "tidak", "terlihat", "2"]
    for query, found in (
        ("alasan=quiet", ["Peserta 2", "Peserta 0"]),
        ("alasan=failed&q=ada", ["Ada"]),
        ("q=PESERTA0", ["Peserta 0"]),
        ("q=%25", []),
        ("sort=name", ["Ada", "Peserta 0", "Peserta 1", "Peserta 2"]),
        ("sort=last_seen", ["Peserta 1", "Peserta 2", "Peserta 0", "Ada"]),
        ("alasan=zzz&sort=; DROP TABLE&page=x&belum=7", ["Ada", "Peserta 1", "Peserta 2", "Peserta 0"]),
    ):
        assert listed(text(grace, f"{page}?{query}")) == found, query
    assert "Tidak ada yang cocok" in text(grace, f"{page}?q=zzz")


@ON_SQLITE
def test_who_was_contacted_is_told_can_be_left_out_and_taken_back(
    grace: Visitor, people: Cast, database: Database, page: str
) -> None:
    first, second = class_of(database, 2)
    ada, one, two = enrolments(database, people.ada, first, second)
    answered = grace.post(f"{page}/dihubungi?alasan=absent", {"peserta": [str(one)]})
    assert answered.location == f"{page}?alasan=absent#peserta-{one}", "back to the list as it was, where they are"
    html = text(grace, f"{page}?alasan=absent")
    assert "dihubungi hari ini oleh Grace" in html
    assert listed(text(grace, f"{page}?belum=1")) == ["Ada", "Peserta 1"]
    told = grace.led(grace.post(f"{page}/dihubungi", {"peserta": [str(ada), str(two)]})).get_data(as_text=True)
    assert "2 orang tercatat sudah dihubungi." in told
    assert listed(text(grace, f"{page}?belum=1")) == []
    (note,) = re.findall(rf'id="peserta-{two}".*?name="catatan" value="([^"]+)"', told, flags=re.DOTALL)
    for _ in range(2):  # a second press is no fault
        assert grace.post(f"{page}/dihubungi/batal", {"catatan": note}).status_code == 303
    assert listed(text(grace, f"{page}?belum=1")) == ["Peserta 1"]
    with database.transaction() as db:
        db.execute(update(StaffNote).values(written_at=now() - 8 * DAY))
    assert len(listed(text(grace, f"{page}?belum=1"))) == 3, "a week ago is too long ago"
    assert "dihubungi 8 hari lalu oleh Grace" in text(grace, page)


@ON_SQLITE
def test_nobody_is_marked_by_mistake_and_nothing_is_written_for_others(
    app: Flask, grace: Visitor, people: Cast, database: Database, page: str
) -> None:
    ada, mallory = enrolments(database, people.ada, people.mallory)
    assert "Centang dahulu" in grace.led(grace.post(f"{page}/dihubungi", {})).get_data(as_text=True)
    assert grace.post(f"{page}/dihubungi", {"peserta": [str(mallory)]}).status_code == 404
    assert grace.post(f"/pengampu/angkatan/{people.ada}/dihubungi", {"peserta": [str(ada)]}).status_code == 404
    with database.transaction() as db:
        staff_notes.write(db, people.cohort, [ada], "kata Edsger", contacted=True, author_id=people.edsger, now=now())
        (note,) = staff_notes.of(db.connection(), ada)
    assert f'value="{note.id}"' not in text(grace, page), "what another wrote has no button"
    grace.post(f"{page}/dihubungi/batal", {"catatan": str(note.id)})
    assert "kata Edsger" in text(grace, page)
    for login in ("ada", "edsger"):
        other = Visitor(app).sign_in(login)
        for path in (page, f"{page}/peserta", f"{page}/perhatian.txt"):
            text(other, path, 403)
        for path in ("dihubungi", "dihubungi/batal"):
            assert other.post(f"{page}/{path}", {"peserta": [str(ada)]}).status_code == 403
    for path in ("", "/peserta", "/perhatian.txt"):
        text(grace, f"/pengampu/angkatan/{people.ada}{path}", 404)
    with database.reading() as db:
        assert db.execute(select(func.count()).select_from(StaffNote)).scalar_one() == 1


@ON_SQLITE
def test_no_participant_reads_what_staff_note_of_them(app: Flask, people: Cast, database: Database) -> None:
    (ada,) = enrolments(database, people.ada)
    with database.transaction() as db:
        staff_notes.write(db, people.cohort, [ada], "rahasia-staf", contacted=True, author_id=people.grace, now=now())
    visitor = Visitor(app).sign_in("ada")
    for path in ("/beranda", "/progres", "/akun", "/catatan", "/cari?q=rahasia-staf", "/materi/pecahan/setengah"):
        assert "rahasia-staf</" not in text(visitor, path), path
        assert "dihubungi" not in text(visitor, path), path


@ON_SQLITE
def test_the_list_to_copy_is_the_one_that_is_shown_with_a_line_for_each(
    grace: Visitor, people: Cast, database: Database, page: str
) -> None:
    (quiet,) = class_of(database, 1)
    seen(database, quiet, [9])
    answered = grace.get(f"{page}/perhatian.txt?sort=name")
    assert answered.mimetype == "text/plain"
    assert answered.get_data(as_text=True).splitlines() == [
        "Ada\tada\tbelum mulai, tidak pernah terlihat",
        "Peserta 0\tpeserta0\t9 hari tidak terlihat",
    ]
    html = text(grace, f"{page}?alasan=quiet")
    assert "Salin daftar (1 orang)" in html
    (address,) = re.findall(r'href="([^"]+)" data-copy', html)
    assert grace.get(address).get_data(as_text=True).startswith("Peserta 0\t")


@ON_SQLITE
def test_a_long_list_is_paged_and_a_mark_leads_back_to_its_page(
    grace: Visitor, people: Cast, database: Database, page: str, statements: Statements
) -> None:
    class_of(database, 60)
    html = text(grace, f"{page}?alasan=absent")
    assert len(listed(html)) == 50
    assert 'href="?alasan=absent&amp;page=2"' in html
    rest = text(grace, f"{page}?alasan=absent&page=2")
    assert len(listed(rest)) == 11
    (action,) = re.findall(r'id="banyak" method="post" action="([^"]+)"', rest)
    (first, *_) = re.findall(r'name="peserta" value="([^"]+)"', rest)
    answered = grace.post(action.replace("&amp;", "&"), {"peserta": [first]})
    assert answered.location == f"{page}?alasan=absent&page=2#peserta-{first}"
    for path in (page, f"{page}?alasan=absent&sort=last_seen&belum=1", f"{page}/peserta", f"{page}/perhatian.txt"):
        assert statements.of(lambda path=path: text(grace, path)) <= 6, (path, statements.sent)  # type: ignore[misc]


@ON_SQLITE
def test_a_cohort_in_which_nobody_needs_anybody_says_so(
    grace: Visitor, people: Cast, database: Database, page: str
) -> None:
    assert "Perlu perhatian: 1 dari 1" in text(grace, "/pengampu")
    assert "1 belum mulai" in text(grace, "/pengampu")
    seen(database, people.ada, [0], read=True)
    assert "Semua baik-baik saja" in text(grace, page)
    assert "Tidak ada yang tersendat" in text(grace, "/pengampu")
    with database.transaction() as db:
        cohorts.leave(db, people.cohort, people.ada, now=now())
    assert "Belum ada peserta" in text(grace, page)


@ON_SQLITE
def test_a_reason_about_what_the_pack_no_longer_has_is_told_by_its_id(
    grace: Visitor, people: Cast, database: Database, page: str
) -> None:
    seen(database, people.ada, [8, 1])
    for id, told in (("pecahan/separuh", "Setengah: tertahan"), ("lama/tiada", "lama/tiada: tertahan")):
        with database.transaction() as db:
            db.execute(update(LessonRecord).values(lesson=id))
        assert told in plain(text(grace, page))
