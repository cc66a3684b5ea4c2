"""What an instructor reads of a quiz and its questions is what was counted, and each finding leads to what mends it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from html import unescape
from uuid import UUID

import pytest
from flask import Flask

from lms.db.engine import Database
from lms.learning import analyses, analysis_counts, attempts, quiz_records
from lms.quiz.quiz import Quiz
from lms.web.site import now
from tests.conftest import NOON, Cast, Statements
from tests.features.gradebook.test_views import text
from tests.learning.test_regrades import class_of, take
from tests.visitor import Visitor
from tests.web.test_what_pages_tell import ON_SQLITE

pytestmark = ON_SQLITE

#: Half of them knows everything, and of the first question, whose key is wrong, that B is right; of the others, half
#: hits upon the key, and half takes C.
KNOWS = {"k-terbesar": ["b"], "k-sama": ["a", "b"], "k-pernyataan": ["false"], "k-nama": ["pembilang"]}
SIZE = 24


def answers(place: int, size: int = SIZE) -> Mapping[str, list[str]]:
    if place < size // 2:
        return KNOWS
    return {"k-terbesar": ["a" if place % 2 else "c"], "k-sama": ["c"], "k-pernyataan": ["true"], "k-nama": ["x"]}


@pytest.fixture
def quiz(app: Flask) -> Quiz:
    return app.extensions["lms"].pack.current().quiz("pecahan")  # type: ignore[no-any-return]


@pytest.fixture
def grace(app: Flask, people: Cast) -> Visitor:
    return Visitor(app).sign_in("grace")


@pytest.fixture
def everybody(database: Database, people: Cast, quiz: Quiz) -> list[UUID]:
    members = class_of(database, SIZE)
    all_take(database, quiz, members)
    return members


def all_take(database: Database, quiz: Quiz, members: Sequence[UUID]) -> None:
    """Each the quiz once, all in one transaction: hundreds would take most of the test's time."""
    with database.transaction() as db:
        for place, user_id in enumerate(members):
            attempt_id = attempts.start(db, quiz, user_id, now=NOON)
            given = {item: attempts.Answer(values=values, revision=0) for item, values in answers(place).items()}
            attempts.save_all(db, attempt_id, user_id, given, now=NOON)
            attempts.submit(db, attempt_id, user_id, now=NOON)


def address(people: Cast, item: str = "") -> str:
    return f"/pengampu/angkatan/{people.cohort}/kuis/pecahan/analisis" + (f"/{item}" if item else "")


def plain(page: str) -> str:
    """What of a page is read, without its marks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.partition("<main")[2])).split())


def counted(visitor: Visitor, path: str) -> str:
    """Ask for the page, count, and be led back to it."""
    assert "Belum pernah dihitung" in text(visitor, path)
    answered = visitor.post(path)
    assert (answered.status_code, answered.location) == (303, path)
    return plain(text(visitor, path))


def test_the_figures_of_a_quiz_worked_by_hand(grace: Visitor, people: Cast, everybody: list[UUID]) -> None:
    page = counted(grace, address(people))
    # scores: 12 × 4, 6 × 1, 6 × 0 of 5 points
    for expected in (
        "24 orang, 24 percobaan",
        "percobaan pertama setiap orang: 24 percobaan",
        "Rata-rata (poin) 2,25",
        "Median (poin) 2,5",
        # first question: x = 1 for 6 of those with R = 0; r = −12 / √(4,5 · 96)
        "Kemudahan 25% Daya beda -0,58 Percobaan 24",
        "Nilai tebakan 33%",
        "Bobot seharusnya 20% Bobot nyata Tidak ada: soal ini bekerja melawan nilai akhirnya.",
        "Kunci mungkin B (“Sepertiga”): 100% kelompok atas memilihnya; yang memilih kunci 0%.",
    ):
        assert expected in page, expected
    assert page.index("Terbesar") < page.index("Sama nilainya"), "what needs a look comes first"
    assert "Hitung ulang" not in page, "nothing changed since"
    one = plain(text(grace, address(people, "k-terbesar")))
    for expected in (
        "Tingkat kemudahan 25%",
        "Daya beda -0,58",
        "A. Setengah 6 25% 0% 100% 0% 0",  # lowest group: six scores of 0, who took C
        "B. Sepertiga 12 50% 100% 0% 0% 4",
        "C. Tidak satu pun 6 25% 0% 0% 100% 0",
        "Tidak dijawab 0 0% 0% 0% 0% –",
    ):
        assert expected in one, (expected, one)


def test_the_pages_tell_what_was_counted_also_of_other_attempts(
    grace: Visitor, database: Database, people: Cast, everybody: list[UUID], quiz: Quiz, statements: Statements
) -> None:
    for place, user_id in enumerate(everybody[-4:], start=3):
        take(database, quiz, user_id, dict(answers(place)))
    grace.post(address(people))
    for word, which in (("terakhir", quiz_records.Which.LAST), ("semua", quiz_records.Which.EVERY)):
        with database.reading() as db:
            found = analyses.of(db, people.cohort, quiz.id, which)
        assert found is not None
        page = plain(text(grace, f"{address(people)}?percobaan={word}"))
        assert f"24 orang, 28 percobaan Angka di bawah dihitung dari {found_word(which)}" in page
        assert f": {found.quiz.scores.total} percobaan." in page
        for analysis in found.quiz.items.values():
            share = int((analysis.facility or 0) * 100 + 1e-9)
            index = f"{analysis.discrimination:.2f}".rstrip("0").replace(".", ",")
            assert f"Kemudahan {share}% Daya beda {index} Percobaan {analysis.attempts}" in page
    for path in (address(people), address(people, "k-terbesar")):
        assert statements.of(lambda path=path: text(grace, path)) <= 9, statements.sent  # type: ignore[misc]


def found_word(which: quiz_records.Which) -> str:
    return "semua percobaan" if which == quiz_records.Which.EVERY else "percobaan terakhir setiap orang"


def test_of_few_attempts_no_figure_is_told(grace: Visitor, database: Database, people: Cast, quiz: Quiz) -> None:
    for place, user_id in enumerate(class_of(database, 4)):
        take(database, quiz, user_id, dict(answers(place, 4)))
    page = counted(grace, address(people))
    assert "Baru 4 percobaan. Di bawah 20" in page
    assert "4 percobaan: terlalu sedikit untuk angka." in page
    one = plain(text(grace, address(people, "k-terbesar")))
    for told in (page, one):
        assert "Daya beda" not in told.partition("angka lebih banyak")[2]
        assert "Kunci mungkin" not in told
        assert "%" not in told.partition("Urutan")[0].partition("lulus")[0]


def test_a_mended_question_stands_beside_what_it_was(
    grace: Visitor, database: Database, people: Cast, everybody: list[UUID], quiz: Quiz
) -> None:
    first, *others = quiz.items
    right = tuple(dataclasses.replace(one, right=one.id == "b") for one in first.choices())
    mended = dataclasses.replace(quiz, items=(dataclasses.replace(first, options=right), *others))  # type: ignore[call-arg]
    all_take(database, mended, everybody)
    grace.post(address(people))
    one = plain(text(grace, f"{address(people, 'k-terbesar')}?percobaan=semua"))
    assert "Versi 1 24 percobaan Versi 2 24 percobaan Tingkat kemudahan 25% 50%" in one
    page = plain(text(grace, f"{address(people)}?percobaan=semua"))
    assert "Sebelum diubah (versi 1, 24 percobaan): kemudahan 25%" in page
    assert "Konsistensi internal Tidak dihitung: ada soal yang berubah di tengah jalan" in page
    marked = f"/pengampu/angkatan/{people.cohort}/kuis/pecahan/soal/k-terbesar"
    assert "Kunci mungkin" not in text(grace, marked), "the newest version is healthy"


def test_a_finding_leads_to_the_decision_that_mends_it(
    grace: Visitor, people: Cast, everybody: list[UUID], statements: Statements
) -> None:
    grace.post(address(people))
    page = text(grace, address(people, "k-terbesar"))
    mend = re.search(r'href="([^"]+action=new-key[^"]+)"', page)
    assert mend
    marked = text(grace, unescape(mend[1]).partition("#")[0])
    assert "Kunci mungkin B" in marked
    assert re.search(r'name="action" value="new-key" required checked', marked)
    assert re.search(r'name="key" value="b" checked', marked)
    assert len(re.findall(r"<input[^>]* checked", marked)) == 2, "and nothing else"
    assert statements.of(lambda: text(grace, unescape(mend[1]).partition("#")[0])) <= 6, statements.sent
    plain_form = text(grace, unescape(mend[1]).partition("?")[0])
    assert 'value="new-key" required checked' not in plain_form


def test_a_proposal_goes_to_the_editors_with_its_evidence_and_comes_back_answered(
    app: Flask, grace: Visitor, people: Cast, everybody: list[UUID]
) -> None:
    grace.post(address(people))
    form = f"/pengampu/angkatan/{people.cohort}/kuis/pecahan/soal/k-terbesar/usulan"
    assert "Kunci mungkin B" in text(grace, form)
    back = grace.post(form, {"message": "kurang"})
    assert back.location.startswith(f"{form}?isian=")
    assert ">kurang</textarea>" in text(grace, back.location)
    sent = grace.post(form, {"message": "Kuncinya <B>, menurut Pasal 2."})
    assert sent.location == f"{address(people, 'k-terbesar')}#laporan"
    edsger = Visitor(app).sign_in("edsger")
    inbox = text(edsger, "/penyunting/usulan")
    for expected in ("1 usulan menunggu", "Kunci mungkin B", "Kuncinya &lt;B&gt;", "Grace", "quizzes/pecahan.md:14"):
        assert expected in inbox, expected
    assert "daya beda -0,58" in inbox
    to = re.search(r'action="(/penyunting/usulan/[^"]+)"', inbox)
    assert to
    refused = edsger.post(to[1], {"state": "fixed", "answer": "", "seen": ""})
    assert "Tuliskan jawaban" in text(edsger, refused.location)
    assert (
        edsger.post(to[1], {"state": "fixed", "answer": "Kunci-sudah-B.", "seen": ""}).location == "/penyunting/usulan"
    )
    late = edsger.post(to[1], {"state": "declined", "answer": "Lain.", "seen": ""})
    assert "Edsger menyimpan ini" in text(edsger, late.location)
    reported = f"/pengampu/angkatan/{people.cohort}/laporan-soal"
    for path in (address(people, "k-terbesar"), reported):
        page = text(grace, path)
        assert "Kunci-sudah-B." in page
        assert "sudah diperbaiki" in page
    assert f'href="{address(people, "k-terbesar")}"' in text(grace, reported)


def test_instructors_read_the_reports_of_their_own_people_and_no_names(
    app: Flask, grace: Visitor, database: Database, people: Cast, quiz: Quiz
) -> None:
    for login, user_id in (("ada", people.ada), ("mallory", people.mallory)):
        attempt = take(database, quiz, user_id, dict(answers(0)))
        visitor = Visitor(app).sign_in(login)
        told = visitor.post(f"/percobaan/{attempt}/lapor/k-sama", {"message": f"Pilihan ketiga dari {login[0]}."})
        assert told.status_code == 303
    for path in (f"/pengampu/angkatan/{people.cohort}/laporan-soal", address(people, "k-sama")):
        page = plain(text(grace, path))
        assert "Pilihan ketiga dari a." in page
        assert "menunggu jawaban" in page
        assert "dari m." not in page, "somebody else's people"
        assert "Ada" not in page.split()
    assert "Pilihan ketiga" not in text(grace, address(people, "k-nama"))


def test_nobody_else_gets_any_of_it(app: Flask, database: Database, people: Cast, quiz: Quiz) -> None:
    take(database, quiz, people.ada, dict(answers(0)))
    analysis_counts.refresh(database, people.cohort, quiz.id, now=now())
    form = "/kuis/pecahan/soal/k-sama/usulan"
    pages = ("/kuis/pecahan/analisis", "/kuis/pecahan/analisis/k-sama", "/laporan-soal", form)
    for login, cohort, status in (
        ("grace", people.ada, 404),
        ("edsger", people.cohort, 403),
        ("ada", people.cohort, 403),
    ):
        visitor = Visitor(app).sign_in(login)
        for path in pages:
            text(visitor, f"/pengampu/angkatan/{cohort}{path}", status)
        for path in (pages[0], form):
            sent = visitor.post(f"/pengampu/angkatan/{cohort}{path}", {"message": "Cukup panjang untuk diterima."})
            assert sent.status_code == status, (login, path)
    for login in ("grace", "ada"):
        text(Visitor(app).sign_in(login), "/penyunting/usulan", 403)
