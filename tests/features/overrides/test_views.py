"""Who may give other rules over HTTP, what the forms say, and that nothing shows what the rules hide."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from lms.db.accounts import Role, User
from lms.db.attempts import Allowance, Attempt
from lms.db.cohorts import Cohort, CohortQuiz, Place
from lms.db.engine import Database
from lms.features.overrides.forms import ASPECTS
from lms.learning import accounts, attempt_records, cohorts, deadlines, visibility
from lms.quiz.review import EVERYTHING, NOTHING, Visible
from lms.web.site import now
from tests.conftest import NOON, Cast, Statements
from tests.features.attempts.test_views import RIGHT, form, page, save, start
from tests.features.overrides.test_stale import led_back
from tests.learning.test_attempts import make, the_attempt
from tests.learning.test_overrides import grace_of, running
from tests.visitor import Visitor

SECRETS = ("rahasia-umpan-balik", "Rahasia-pembahasan", "Dipilih, tepat", "Jawaban yang tepat", "✓ Benar")
VERDICTS = ("✓ Lulus", "100%", "Belum lulus")
SCORE = re.compile(r">[0-9]+%<")


@pytest.fixture
def ada(app: Flask, people: Cast) -> Visitor:
    return Visitor(app).sign_in("ada")


@pytest.fixture
def grace(app: Flask, people: Cast) -> Visitor:
    return Visitor(app).sign_in("grace")


@pytest.fixture
def base(people: Cast) -> str:
    return f"/pengampu/angkatan/{people.cohort}"


def own(value: str = "after-submit", **others: str) -> dict[str, str]:
    chosen = {f"review-{aspect}": value for aspect in ASPECTS}
    return {"review": "own"} | chosen | {f"review-{aspect}": one for aspect, one in others.items()}


def count(database: Database, model: type) -> int:
    with database.reading() as db:
        found: int = db.execute(select(func.count()).select_from(model)).scalar_one()
    return found


@pytest.mark.parametrize("piece", [2, 10])
def test_every_running_attempt_follows_and_that_is_told(
    app: Flask, database: Database, people: Cast, grace: Visitor, base: str, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    monkeypatch.setattr(deadlines, "PIECE", piece)
    theirs = running(database, people, 5, replace(make(), id="pecahan"))
    closes = now() + timedelta(days=2)
    sent = {"opens_at": "", "closes_at": closes.strftime("%Y-%m-%dT%H:%M"), "review": "quiz"}
    assert grace.post(f"{base}/aturan/pecahan", sent).status_code == 303
    told = "Lebih dari 2 percobaan sedang berjalan" if piece == 2 else "5 percobaan yang sedang berjalan berpindah"
    assert told in grace.get(f"{base}/aturan").get_data(as_text=True)
    assert len({the_attempt(database, one).deadline_at for one in theirs} - {None}) == 1
    assert grace.post(f"{base}/aturan", {"grace": "40"}).status_code == 303
    assert grace_of(database, theirs) == [40] * 5


# --- who may --------------------------------------------------------------------------------------------------------


def _asked(visitor: Visitor, base: str, user_id: UUID) -> list[int]:
    person = {"quiz": "pecahan", "extra_minutes": "5", "extra_attempts": "1", "reason": "Tidak berhak"}
    return [
        visitor.get(f"{base}/aturan").status_code,
        visitor.get(f"{base}/aturan/pecahan").status_code,
        visitor.get(f"{base}/peserta/{user_id}/kelonggaran").status_code,
        visitor.post(f"{base}/aturan", {"grace": "99"}).status_code,
        visitor.post(f"{base}/aturan", {"grace": "-99"}).status_code,
        visitor.post(f"{base}/aturan/pecahan", own("never")).status_code,
        visitor.post(f"{base}/aturan/pecahan", {"opens_at": "x"}).status_code,
        visitor.post(f"{base}/peserta/{user_id}/kelonggaran", person).status_code,
        visitor.post(f"{base}/peserta/{user_id}/kelonggaran", person | {"reason": ""}).status_code,
    ]


def test_only_who_teaches_the_cohort_may(app: Flask, people: Cast, base: str, database: Database) -> None:
    with database.transaction() as db:
        other = cohorts.by_name(db, "Angkatan II")
        accounts.set_roles(db, people.mallory, [Role.PARTICIPANT, Role.INSTRUCTOR], now=NOON)
        other_id = other.id
    for login in ("ada", "edsger"):
        assert set(_asked(Visitor(app).sign_in(login), base, people.ada)) == {403}, login
    assert set(_asked(Visitor(app).sign_in("mallory"), base, people.ada)) == {404}, "teaches nobody"
    with database.transaction() as db:
        cohorts.enrol(db, cohorts.by_name(db, "Angkatan II"), people.edsger, Place.INSTRUCTOR, now=NOON)
    elsewhere = Visitor(app).sign_in("edsger")
    assert set(_asked(elsewhere, base, people.ada)) == {404}, "teaches another cohort"
    assert elsewhere.get(f"/pengampu/angkatan/{other_id}/peserta/{people.ada}/kelonggaran").status_code == 404
    assert elsewhere.post(
        f"/pengampu/angkatan/{other_id}/peserta/{people.ada}/kelonggaran",
        {"quiz": "pecahan", "extra_minutes": "5", "reason": "Bukan pesertanya"},
    ).status_code == 404  # fmt: skip
    assert (count(database, CohortQuiz), count(database, Allowance)) == (0, 0)
    with database.transaction() as db:
        assert db.get_one(Cohort, people.cohort).grace_minutes == 10
        accounts.set_roles(db, people.mallory, [Role.ADMINISTRATOR], now=NOON)
    assert page(Visitor(app).sign_in("mallory"), f"{base}/aturan")


def test_what_is_not_there_is_not_found(grace: Visitor, people: Cast, base: str, database: Database) -> None:
    person = {"extra_minutes": "5", "extra_attempts": "0", "reason": "Listrik padam"}
    for path in (
        f"{base}/aturan/tidak-ada",
        f"{base}/peserta/{uuid4()}/kelonggaran",
        f"{base}/peserta/{people.grace}/kelonggaran",
    ):
        assert grace.get(path).status_code == 404
    assert grace.post(f"{base}/aturan/tidak-ada", own()).status_code == 404
    for quiz in ("tidak-ada", "", "../x"):
        assert grace.post(f"{base}/peserta/{people.ada}/kelonggaran", person | {"quiz": quiz}).status_code == 404
    assert grace.post(f"{base}/peserta/{people.grace}/kelonggaran", person | {"quiz": "pecahan"}).status_code == 404
    assert grace.get(f"{base}/peserta/{people.ada}/kelonggaran?kuis=tidak-ada").status_code == 200
    assert (count(database, CohortQuiz), count(database, Allowance)) == (0, 0)


# --- the forms ------------------------------------------------------------------------------------------------------


def test_a_window_is_set_on_the_instructors_clock_and_shown_on_each_persons(
    app: Flask, people: Cast, base: str, database: Database
) -> None:
    with database.transaction() as db:
        db.execute(update(User).where(User.id == people.grace).values(time_zone="Asia/Jayapura"))
    grace = Visitor(app).sign_in("grace")
    assert "Dibuka (WIT)" in page(grace, f"{base}/aturan/pecahan")
    sent = {"opens_at": "2026-12-01T00:30", "closes_at": "2027-01-01T01:00", "review": "quiz"}
    assert grace.post(f"{base}/aturan/pecahan", sent).status_code == 303
    with database.transaction() as db:
        row = db.scalars(select(CohortQuiz)).one()
        assert row.opens_at
        assert row.opens_at.isoformat() == "2026-11-30T15:30:00+00:00"
    assert 'value="2026-12-01T00:30"' in page(grace, f"{base}/aturan/pecahan"), "the form gives back what it took"
    assert "1 Des 2026 00.30 WIT" in page(grace, f"{base}/aturan")
    front = page(Visitor(app).sign_in("ada"), "/kuis/pecahan")
    assert "30 Nov 2026 22.30 WIB" in front
    assert "31 Des 2026 23.00 WIB" in front
    again = grace.post(f"{base}/aturan/pecahan", {"opens_at": "", "closes_at": "", "review": "quiz"})
    assert again.status_code == 303
    assert count(database, CohortQuiz) == 0


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"opens_at": "2026-02-30T10:00"}, "opens_at"),
        ({"opens_at": "2026-12-02T10:00", "closes_at": "2026-12-01T10:00"}, "closes_at"),
        ({"closes_at": "9999-12-31T23:59"}, "closes_at"),
        (own(answers="after-close"), "review-answers"),
        (own(marks="<script>"), "review-marks"),
    ],
)
def test_rules_that_cannot_be_come_back_as_they_were_typed(
    grace: Visitor, base: str, database: Database, sent: dict[str, str], field: str
) -> None:
    text = led_back(grace, f"{base}/aturan/pecahan", sent)
    assert f'id="{field}-petunjuk"' in text
    assert 'class="wrong"' in text
    assert "<script>" not in text.split("</head>")[1]
    if "opens_at" in sent:
        assert f'value="{sent["opens_at"]}"' in text
    assert count(database, CohortQuiz) == 0


def test_a_time_of_closing_that_has_passed_is_asked_about(
    ada: Visitor, grace: Visitor, base: str, database: Database
) -> None:
    start(ada)
    asked = led_back(grace, f"{base}/aturan/pecahan", {"closes_at": "2024-01-01T00:00", "review": "quiz"})
    for expected in ("Waktu ini sudah lewat.", 'value="2024-01-01T00:00"', "Ya, tutup kuis ini sekarang juga"):
        assert expected in asked
    assert count(database, CohortQuiz) == 0
    with database.reading() as db:
        assert db.execute(select(Attempt.submitted_at)).scalar_one() is None
    confirmed = {"closes_at": "2024-01-01T00:00", "passed": "1"}
    assert grace.post(f"{base}/aturan/pecahan", confirmed | {"review": "quiz"}).location == f"{base}/aturan"
    assert "tutup kuis ini sekarang" not in page(grace, f"{base}/aturan/pecahan")
    unchanged = {"closes_at": "2024-01-01T00:00"} | own()
    assert grace.post(f"{base}/aturan/pecahan", unchanged).location == f"{base}/aturan", "asked once"


@pytest.mark.parametrize("minutes", ["-1", "1000000000", "x", "10081", "1.5"])
def test_a_grace_out_of_bounds_is_refused(grace: Visitor, base: str, database: Database, minutes: str) -> None:
    assert 'aria-invalid="true"' in led_back(grace, f"{base}/aturan", {"grace": minutes})
    with database.reading() as db:
        assert set(db.execute(select(Cohort.grace_minutes)).scalars()) == {10}


def test_a_grace_is_set(grace: Visitor, base: str, people: Cast, database: Database) -> None:
    assert grace.post(f"{base}/aturan", {"grace": "45"}).status_code == 303
    assert 'value="45"' in page(grace, f"{base}/aturan")
    with database.transaction() as db:
        assert db.get_one(Cohort, people.cohort).grace_minutes == 45
        assert cohorts.by_name(db, "Angkatan II").grace_minutes == 10


@pytest.mark.parametrize(
    "values",
    [
        {"extra_minutes": "-5"},
        {"extra_minutes": "1000000000"},
        {"extra_attempts": "1e9"},
        {"reason": ""},
        {"reason": "x" * 501},
        {"extra_minutes": "0", "extra_attempts": "0"},
    ],
)
def test_a_grant_that_cannot_be_changes_nothing(
    grace: Visitor, people: Cast, base: str, database: Database, values: dict[str, str]
) -> None:
    sent = {"quiz": "pecahan", "extra_minutes": "5", "extra_attempts": "1", "reason": "Listrik padam"} | values
    assert 'aria-invalid="true"' in led_back(grace, f"{base}/peserta/{people.ada}/kelonggaran", sent)
    assert count(database, Allowance) == 0


def test_a_grant_reaches_the_person_at_once(
    ada: Visitor, grace: Visitor, people: Cast, base: str, database: Database
) -> None:
    assert f"{base}/peserta/{people.ada}" in page(grace, base)
    assert f"{base}/peserta/{people.ada}/kelonggaran" in page(grace, f"{base}/peserta/{people.ada}")
    attempt = start(ada)
    before = _deadline(database)
    sent = {"quiz": "pecahan", "extra_minutes": "30", "extra_attempts": "2", "reason": "Listrik <padam>"}
    assert grace.post(f"{base}/peserta/{people.ada}/kelonggaran", sent).status_code == 303
    assert _deadline(database) == before + timedelta(minutes=30)
    told = page(grace, f"{base}/peserta/{people.ada}/kelonggaran?kuis=pecahan")
    for expected in ("Tenggat percobaan yang sedang berjalan sekarang", "Listrik &lt;padam&gt;", "+30", "+2"):
        assert expected in told
    front = page(ada, "/kuis/pecahan")
    assert "50 menit" in front
    assert "4 kali" in front
    until = (before + timedelta(minutes=30)).astimezone(ZoneInfo("Asia/Jakarta"))
    assert f"{until:%H.%M} WIB" in page(ada, attempt)


def _deadline(database: Database) -> Any:
    with database.reading() as db:
        return db.execute(select(Attempt.deadline_at)).scalar_one()


def test_pages_of_overrides_ask_the_database_a_few_times(
    grace: Visitor, people: Cast, base: str, statements: Statements
) -> None:
    for path in ("aturan", "aturan/pecahan", f"peserta/{people.ada}/kelonggaran"):
        assert statements.of(lambda path=path: page(grace, f"{base}/{path}")) <= 6, statements.sent  # type: ignore[misc]


# --- what is hidden is hidden everywhere ----------------------------------------------------------------------------


def everywhere(visitor: Visitor, attempt: str) -> dict[str, str]:
    """Every page and answer on which a participant can meet something of an attempt."""
    paths = ("/beranda", "/kuis/pecahan", "/laporan", f"{attempt}/hasil")
    shown = {path: page(visitor, path) for path in paths}
    shown["attempt"] = visitor.get(attempt, follow_redirects=True).get_data(as_text=True)
    late = save(visitor, attempt, "k-terbesar", ["a"], 9)
    shown["save"] = late.get_data(as_text=True)  # type: ignore[attr-defined]
    again = visitor.post(f"{attempt}/kumpulkan", form({}, action="submit", confirmed="1"), follow_redirects=True)
    shown["submit"] = again.get_data(as_text=True)
    reported = visitor.post(f"{attempt}/lapor/k-terbesar", {"message": "pendek"})
    shown["report"] = reported.get_data(as_text=True)
    for export in (f"/pengampu{attempt}", "/pengampu"):
        assert visitor.get(export).status_code == 403
    return shown


def words_of(text: str) -> str:
    """The page without the course's own progress, which has percentages of its own."""
    return re.sub(r'<div class="share.*?</div>', "", text, flags=re.S)


@pytest.mark.parametrize("values", [RIGHT, {}], ids=["answered", "blank"])
@pytest.mark.parametrize("moment", ["never", "after-close", "after-last"])
def test_what_a_cohort_hides_no_page_shows(
    ada: Visitor, grace: Visitor, base: str, moment: str, values: dict[str, list[str]]
) -> None:
    wrong = values and {**values, "k-terbesar": ["b"], "k-sama": ["c"]}  # not passed, so that after-last still waits
    attempt = start(ada)
    ada.post(f"{attempt}/kumpulkan", form(wrong, action="submit", confirmed="1"))
    assert "Rahasia-pembahasan" in page(ada, f"{attempt}/hasil"), "the quiz itself would show it"
    closes = {"closes_at": (now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")}
    assert grace.post(f"{base}/aturan/pecahan", own(moment) | closes).status_code == 303
    for where, text in everywhere(ada, attempt).items():
        for secret in (*SECRETS, *VERDICTS):
            assert secret not in words_of(text), (where, secret)
        assert not SCORE.search(words_of(text)), where
    assert "Rahasia-pembahasan" in page(grace, f"/pengampu{attempt}"), "whoever teaches sees all"
    assert "Ada" in grace.get(f"{base}/kuis/pecahan.csv").get_data(as_text=True)


def test_each_aspect_is_hidden_for_itself(ada: Visitor, grace: Visitor, base: str) -> None:
    attempt = start(ada)
    ada.post(f"{attempt}/kumpulkan", form(RIGHT, action="submit", confirmed="1"))
    signs = {
        "marks": ("100%", "✓ Benar"),
        "answers": ("Dipilih, tepat",),
        "feedback": ("rahasia-umpan-balik",),
        "explanation": ("Rahasia-pembahasan",),
    }
    for hidden in ASPECTS:
        grace.post(f"{base}/aturan/pecahan", own(**{hidden: "never"}))
        shown = page(ada, f"{attempt}/hasil")
        for aspect in ASPECTS:
            for sign in signs[aspect]:
                assert (sign in shown) is (aspect != hidden), (hidden, aspect, sign)
        listed = page(ada, "/kuis/pecahan") + words_of(page(ada, "/beranda"))
        assert ("100%" in listed) is (hidden != "marks")


def test_after_the_close_everything_shows(
    ada: Visitor, grace: Visitor, base: str, people: Cast, database: Database
) -> None:
    attempt = start(ada)
    ada.post(f"{attempt}/kumpulkan", form(RIGHT, action="submit", confirmed="1"))
    later = {"closes_at": (now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")}
    grace.post(f"{base}/aturan/pecahan", own("after-close") | later)
    assert "100%" not in words_of(page(ada, "/beranda"))
    with database.transaction() as db:
        db.execute(update(CohortQuiz).values(closes_at=now() - timedelta(seconds=1)))
    assert "Rahasia-pembahasan" in page(ada, f"{attempt}/hasil")
    for path in ("/beranda", "/kuis/pecahan"):
        assert "100%" in page(ada, path)
    assert "Kuis ini sudah ditutup" in page(ada, "/kuis/pecahan")


def test_a_key_shown_while_the_quiz_runs_hides_again_when_the_cohort_says_so(
    ada: Visitor, grace: Visitor, base: str, database: Database
) -> None:
    def seen() -> Visible:
        with database.reading() as db:
            found = attempt_records.attempt(db, UUID(attempt.rpartition("/")[2]))
            assert found is not None
            return visibility.during(db, found, now=now())

    grace.post(f"{base}/aturan/pecahan", own("during"))
    attempt = start(ada)
    ada.post(f"{attempt}/kumpulkan", form({"k-terbesar": ["b"]}, action="check-k-terbesar"))
    assert seen() == EVERYTHING
    grace.post(f"{base}/aturan/pecahan", own("during", answers="never"))
    assert (seen().marks, seen().answers) == (True, False)
    grace.post(f"{base}/aturan/pecahan", own("never"))
    assert seen() == NOTHING
    for secret in (*SECRETS, "Lebih kecil."):
        assert secret not in page(ada, attempt), secret
    refused = ada.post(f"{attempt}/kumpulkan", form({"k-pernyataan": ["false"]}, action="check-k-pernyataan"))
    assert refused.status_code == 400
    ada.post(f"{attempt}/kumpulkan", form({}, action="submit", confirmed="1"))
    for secret in (*SECRETS, "Lebih kecil."):
        assert secret not in page(ada, f"{attempt}/hasil"), secret


def test_a_better_try_to_come_keeps_the_key_back(ada: Visitor, grace: Visitor, people: Cast, base: str) -> None:
    """``after-last`` waits for a running attempt, and for one that staff granted after all were used up."""
    grace.post(f"{base}/aturan/pecahan", own("after-last"))
    first = start(ada)
    ada.post(f"{first}/kumpulkan", form({}, action="submit", confirmed="1"))
    second = start(ada)
    assert "Rahasia-pembahasan" not in page(ada, f"{first}/hasil"), "the last attempt runs"
    ada.post(f"{second}/kumpulkan", form({}, action="submit", confirmed="1"))
    assert "Rahasia-pembahasan" in page(ada, f"{first}/hasil")
    sent = {"quiz": "pecahan", "extra_minutes": "0", "extra_attempts": "1", "reason": "Listrik padam"}
    assert grace.post(f"{base}/peserta/{people.ada}/kelonggaran", sent).status_code == 303
    for path in (f"{first}/hasil", f"{second}/hasil", "/kuis/pecahan"):
        assert "Rahasia-pembahasan" not in page(ada, path)
        assert not SCORE.search(page(ada, path))
    assert "✓" not in words_of(page(ada, "/beranda")).split("Hasil kuis terakhir")[1]
    third = start(ada)
    ada.post(f"{third}/kumpulkan", form({}, action="submit", confirmed="1"))
    assert "Rahasia-pembahasan" in page(ada, f"{third}/hasil")


def test_the_dashboard_and_the_result_ask_the_database_a_few_times(ada: Visitor, statements: Statements) -> None:
    attempt = start(ada)
    ada.post(f"{attempt}/kumpulkan", form(RIGHT, action="submit", confirmed="1"))
    page(ada, f"{attempt}/hasil")
    for path, most in (("/beranda", 7), ("/kuis/pecahan", 6), (f"{attempt}/hasil", 6)):  # the start page counts cards
        assert statements.of(lambda path=path: page(ada, path)) <= most, (path, statements.sent)  # type: ignore[misc]


def test_a_participant_is_let_out_of_the_cohort_and_gone_from_its_pages(
    grace: Visitor, ada: Visitor, people: Cast, base: str
) -> None:
    attempt = start(ada)
    ada.post(f"{attempt}/kumpulkan", form(RIGHT, action="submit", confirmed="1"))
    assert "Keluarkan Ada" in page(grace, f"{base}/peserta/{people.ada}/kelonggaran")
    assert page(grace, f"/pengampu{attempt}")
    gone = grace.post(f"{base}/peserta/{people.ada}/keluar")
    assert (gone.status_code, gone.location) == (303, base)
    assert "Ada sudah keluar" in page(grace, base)
    assert ">Ada<" not in page(grace, base)
    page(grace, f"/pengampu{attempt}", 404)
    page(grace, f"{base}/peserta/{people.ada}/kelonggaran", 404)
    assert grace.post(f"{base}/peserta/{people.ada}/keluar").status_code == 404
    assert page(ada, f"{attempt}/hasil"), "their own work stays theirs"


def test_only_administrators_close_an_account_and_open_it_again(
    app: Flask, grace: Visitor, ada: Visitor, people: Cast, base: str, database: Database
) -> None:
    person = f"{base}/peserta/{people.ada}"
    where = f"{person}/kelonggaran"
    assert "Tutup akunnya" not in page(grace, where)
    assert grace.post(f"{person}/akun").status_code == 403
    assert ada.get("/beranda").status_code == 200
    with database.transaction() as db:
        accounts.grant(db, people.edsger, Role.ADMINISTRATOR, now=now())
    edsger = Visitor(app).sign_in("edsger")
    assert "Tutup akunnya" in page(edsger, where)
    assert edsger.post(f"{person}/akun").status_code == 303
    assert ada.get("/beranda").status_code == 303
    assert "Akun ini ditutup sejak" in page(Visitor(app).sign_in("grace"), where)
    assert edsger.post(f"{person}/akun", {"open": "1"}).status_code == 303
    assert Visitor(app).sign_in("ada").get("/beranda").status_code == 200
