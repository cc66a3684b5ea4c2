"""A question is reported by who met it and may see its review, once; an editor answers; nothing hidden leaks."""

from __future__ import annotations

import dataclasses
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from lms import create_app
from lms.config import Settings
from lms.db.attempts import AttemptItem
from lms.db.audit import AuditEvent
from lms.db.cohorts import CohortQuiz
from lms.db.engine import Database
from lms.db.reports import QuestionReport
from lms.fields.typed import typed
from lms.web.site import now
from tests.conftest import PACK, Cast, Statements
from tests.features.attempts.test_views import RIGHT, form, page, start
from tests.visitor import Visitor

SAYS = "Kuncinya keliru: <b>sepertiga</b> juga benar."
ANSWER = "Kunci-terbukti benar, lihat pembahasannya."


@pytest.fixture
def ada(app: Flask, people: Cast) -> Visitor:
    return Visitor(app).sign_in("ada")


@pytest.fixture
def edsger(app: Flask, people: Cast) -> Visitor:
    return Visitor(app).sign_in("edsger")


@pytest.fixture
def attempt(ada: Visitor) -> str:
    """A closed attempt of Ada's whose review she may see."""
    return taken(ada)


def taken(visitor: Visitor, quiz: str = "pecahan", values: Any = RIGHT) -> str:
    path = start(visitor, quiz)
    visitor.post(f"{path}/kumpulkan", form(values, action="submit", confirmed="1"))
    return path


def told(visitor: Visitor, attempt: str, item: str = "k-terbesar", says: str = SAYS) -> Any:
    return visitor.post(f"{attempt}/lapor/{item}", {"message": says})


def rows(database: Database) -> list[QuestionReport]:
    with database.transaction() as db:
        return list(db.scalars(select(QuestionReport).order_by(QuestionReport.reported_at)))


def test_a_report_keeps_the_version_the_answer_and_the_words(ada: Visitor, attempt: str, database: Database) -> None:
    result = page(ada, f"{attempt}/hasil")
    assert result.count("Laporkan soal ini") == 4
    answered = told(ada, attempt)
    assert (answered.status_code, answered.location) == (303, f"{attempt}/hasil#soal-k-terbesar")
    (row,) = rows(database)
    assert (row.item, row.response, row.message, row.state) == ("k-terbesar", '["a"]', SAYS, "open")
    assert row.question_version
    result = page(ada, f"{attempt}/hasil")
    assert "menunggu jawaban" in result
    assert result.count("Laporkan soal ini") == 3
    own = page(ada, "/laporan")
    assert "Kuis pecahan" in own
    assert "&lt;b&gt;sepertiga&lt;/b&gt;" in own


def test_a_second_report_replaces_nothing_and_says_so(ada: Visitor, attempt: str, database: Database) -> None:
    told(ada, attempt)
    again = told(ada, attempt, says="Sesuatu yang lain sama sekali.")
    assert again.status_code == 303
    assert "sudah Anda laporkan" in page(ada, f"{attempt}/hasil")
    assert [row.message for row in rows(database)] == [SAYS]


@pytest.mark.parametrize("says", ["", "pendek", "x" * 1001, " \n\t" * 20, "\0" * 12])
def test_a_report_without_enough_words_comes_back_with_them(
    ada: Visitor, attempt: str, database: Database, says: str
) -> None:
    answered = told(ada, attempt, says=says)
    assert (answered.status_code, answered.location.partition("?")[0]) == (303, f"{attempt}/lapor/k-terbesar")
    text = page(ada, answered.location)
    assert "10–1000 karakter" in text
    assert says.strip("\0 \n\t") in text
    assert rows(database) == []


def test_a_line_end_counts_once(ada: Visitor, attempt: str, database: Database) -> None:
    assert told(ada, attempt, says="a\r\n" * 499 + "bb").status_code == 303
    assert len(rows(database)[0].message) == 1000


def test_only_the_owner_of_a_closed_attempt_reports_its_questions(
    app: Flask, ada: Visitor, attempt: str, database: Database
) -> None:
    for login in ("mallory", "grace", "edsger"):
        visitor = Visitor(app).sign_in(login)
        assert told(visitor, attempt).status_code == 404, login
        assert told(visitor, attempt, says="").status_code == 404, login
    assert told(ada, attempt, "k-nilai").status_code == 404
    assert told(ada, attempt, "tidak-ada").status_code == 404
    running = start(ada)
    assert told(ada, running).status_code == 403
    assert told(ada, f"/percobaan/{uuid4()}").status_code == 404
    assert rows(database) == []


def test_a_question_whose_review_is_hidden_is_not_reported(ada: Visitor, database: Database) -> None:
    first = taken(ada, "sejarah", {})
    assert "Laporkan soal ini" not in page(ada, f"{first}/hasil")
    assert told(ada, first, "k-nilai").status_code == 403
    taken(ada, "sejarah", {"k-nilai": ["b"]})
    assert "Laporkan soal ini" in page(ada, f"{first}/hasil")
    assert told(ada, first, "k-nilai").status_code == 303


def test_marks_alone_are_not_a_review(ada: Visitor, people: Cast, attempt: str, database: Database) -> None:
    with database.transaction() as db:
        rules = {"marks": "after-submit", "answers": "never", "feedback": "never", "explanation": "never"}
        db.add(CohortQuiz(cohort_id=people.cohort, quiz="pecahan", review=rules))
    assert "Laporkan soal ini" not in page(ada, f"{attempt}/hasil")
    assert told(ada, attempt).status_code == 403


def decide(edsger: Visitor, report: UUID, **values: str) -> Any:
    return edsger.post(f"/penyunting/laporan/{report}", {"state": "declined", "answer": ANSWER, "seen": "", **values})


def test_an_editor_sees_the_question_as_it_was_asked_and_answers(
    ada: Visitor, edsger: Visitor, people: Cast, attempt: str, database: Database
) -> None:
    told(ada, attempt)
    inbox = page(edsger, "/penyunting/laporan")
    for expected in (
        "1 laporan menunggu",
        "Manakah yang terbesar?",
        "Rahasia-pembahasan",
        "Dipilih, tepat",
        "quizzes/pecahan.md:14",
        "Naskahnya belum berubah",
        "&lt;b&gt;sepertiga",
    ):
        assert expected in inbox
    assert ">Ada<" not in inbox, "who reported is not the editors' business"
    (row,) = rows(database)
    assert decide(edsger, row.id).status_code == 303
    (row,) = rows(database)
    assert (row.state, row.answer, row.answered_by) == ("declined", ANSWER, people.edsger)
    assert row.answered_at is not None
    with database.transaction() as db:
        event = db.scalars(select(AuditEvent).where(AuditEvent.action == "report.answer")).one()
        assert (event.actor_id, event.subject) == (people.edsger, str(row.id))
        assert event.details["before"] == {"state": "open", "answer": ""}
    for shown in (page(ada, "/laporan"), page(ada, f"{attempt}/hasil")):
        assert ANSWER in shown
        assert "tidak diubah" in shown
    assert "Tidak ada laporan yang menunggu" in page(edsger, "/penyunting/laporan")


def test_two_editors_do_not_overwrite_each_other(
    ada: Visitor, edsger: Visitor, attempt: str, database: Database
) -> None:
    told(ada, attempt)
    (row,) = rows(database)
    decide(edsger, row.id)
    told_first = edsger.led(decide(edsger, row.id, state="fixed", answer="Yang kedua")).get_data(as_text=True)
    for expected in ("Edsger menyimpan ini", f"Tidak diubah; {ANSWER}", "Yang kedua</textarea>"):
        assert expected in told_first
    (row,) = rows(database)
    assert row.answer == ANSWER
    assert row.answered_at
    assert (
        decide(edsger, row.id, state="fixed", answer="Yang kedua", seen=row.answered_at.isoformat()).status_code == 303
    )
    assert rows(database)[0].state == "fixed"


@pytest.mark.parametrize(
    "values",
    [{"answer": ""}, {"answer": " \r\n "}, {"state": ""}, {"state": "open"}, {"state": "x"}, {"answer": "x" * 2001}],
)
def test_an_answer_that_cannot_be_used_changes_nothing(
    ada: Visitor, edsger: Visitor, attempt: str, database: Database, values: dict[str, str]
) -> None:
    told(ada, attempt)
    (row,) = rows(database)
    answered = decide(edsger, row.id, **values)
    assert answered.location.startswith(f"/penyunting/laporan/{row.id}?isian=")
    for _ in range(2):  # and read again, it is the same
        html = page(edsger, answered.location)
        assert 'aria-invalid="true"' in html
        assert typed(values.get("answer", ANSWER)) + "</textarea>" in html
    assert rows(database)[0].state == "open"
    assert decide(edsger, uuid4()).status_code == 404
    assert decide(edsger, uuid4(), **values).status_code == 404


def test_reports_are_for_editors_only(app: Flask, ada: Visitor, attempt: str, database: Database) -> None:
    told(ada, attempt)
    (row,) = rows(database)
    for login in ("ada", "grace", "mallory"):
        visitor = Visitor(app).sign_in(login)
        page(visitor, "/penyunting/laporan", 403)
        assert decide(visitor, row.id).status_code == 403
        assert "/penyunting/laporan" not in page(visitor, "/beranda")
    assert SAYS[:15] not in page(Visitor(app).sign_in("mallory"), "/laporan")
    assert rows(database)[0].state == "open"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("Manakah yang terbesar?", "Mana yang terbesar?", "Kata-katanya sudah berubah"),
        ("- ( ) Sepertiga {#b}", "- (x) Sepertiga {#b}", "Kunci, pilihan, atau cara menilainya sudah berubah"),
    ],
)
def test_an_editor_is_told_how_the_question_changed_since(
    settings: Settings, ada: Visitor, attempt: str, tmp_path: Path, old: str, new: str, says: str
) -> None:
    told(ada, attempt)
    pack = tmp_path / "pack"
    shutil.copytree(PACK, pack)
    quiz = pack / "quizzes" / "pecahan.md"
    text = quiz.read_text(encoding="utf-8")
    if new.startswith("- (x)"):
        text = text.replace("- (x) Setengah {#a}", "- ( ) Setengah {#a}", 1)
    quiz.write_text(text.replace(old, new, 1), encoding="utf-8")
    mended = create_app(dataclasses.replace(settings, pack=str(pack)))
    inbox = page(Visitor(mended).sign_in("edsger"), "/penyunting/laporan")
    mended.extensions["lms"].database.dispose()
    assert says in inbox
    assert "Manakah yang terbesar?" in inbox


def test_a_question_that_left_the_pack_is_still_shown(
    ada: Visitor, edsger: Visitor, attempt: str, database: Database
) -> None:
    told(ada, attempt)
    with database.transaction() as db:
        db.scalars(select(QuestionReport)).one().item = "sudah-dihapus"
        # the attempt's own row keeps its name: an editor still sees the question, from its frozen version
        db.execute(update(AttemptItem).where(AttemptItem.item == "k-terbesar").values(item="sudah-dihapus"))
    inbox = page(edsger, "/penyunting/laporan")
    assert "tidak ada lagi di dalam paket" in inbox
    assert "Manakah yang terbesar?" in inbox


def test_reports_are_searched_and_paged_open_ones_first(
    app: Flask, ada: Visitor, edsger: Visitor, attempt: str, database: Database
) -> None:
    second = taken(ada)
    third = taken(Visitor(app).sign_in("mallory"))
    mallory = Visitor(app).sign_in("mallory")
    for visitor, path in ((ada, attempt), (ada, second), (mallory, third)):
        for item in RIGHT:
            assert told(visitor, path, item, f"Laporan untuk {item} di {path}").status_code == 303
    first = rows(database)[0]
    decide(edsger, first.id)
    shown = page(edsger, "/penyunting/laporan")
    assert "11 laporan menunggu" in shown
    assert shown.count('class="module-line') == 10
    assert "sudah diperbaiki</span>" not in shown
    last = page(edsger, "/penyunting/laporan?page=2")
    assert last.count('class="module-line') == 2
    assert last.index("menunggu jawaban</span>") < last.index("tidak diubah</span>")
    assert page(edsger, "/penyunting/laporan?q=K-NAMA").count('class="module-line') == 3
    assert page(edsger, "/penyunting/laporan?state=declined").count('class="module-line') == 1
    for query in ("q=%25", "q='; DROP TABLE", "page=x", "page=-3", "page=99", "state=zzz", "q=" + "x" * 5000):
        page(edsger, f"/penyunting/laporan?{query}")


def test_the_editors_answer_hides_with_the_review(
    ada: Visitor, edsger: Visitor, people: Cast, attempt: str, database: Database
) -> None:
    told(ada, attempt)
    decide(edsger, rows(database)[0].id)
    with database.transaction() as db:
        rules = dict.fromkeys(("marks", "answers", "feedback", "explanation"), "after-close")
        closes = now() + timedelta(days=1)
        db.add(CohortQuiz(cohort_id=people.cohort, quiz="pecahan", closes_at=closes, review=rules))
    for path in ("/laporan", f"{attempt}/hasil"):
        shown = page(ada, path)
        assert "Kunci-terbukti" not in shown, path
        assert "tidak diubah" in shown, path


def test_pages_of_reports_ask_the_database_a_few_times(
    ada: Visitor, edsger: Visitor, attempt: str, statements: Statements, database: Database
) -> None:
    told(ada, attempt)
    page(ada, f"{attempt}/hasil")
    assert statements.of(lambda: page(ada, f"{attempt}/hasil")) <= 6, statements.sent
    assert statements.of(lambda: page(ada, "/laporan")) <= 6, statements.sent
    assert statements.of(lambda: page(edsger, "/penyunting/laporan")) <= 6, statements.sent
    with database.reading() as db:
        before = db.execute(select(func.count()).select_from(QuestionReport)).scalar_one()
    assert before == 1
