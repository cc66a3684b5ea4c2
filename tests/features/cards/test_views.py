"""Buku kesalahan as a participant meets it, without a script."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from lms.db.cards import CardReview
from lms.db.engine import Database
from tests.conftest import Cast, Statements
from tests.days import days_pass
from tests.features.plan.test_views import take, text
from tests.guided import guided
from tests.visitor import Visitor
from tests.web.test_what_pages_tell import ON_SQLITE

BOOK, TODAY = "/buku-kesalahan", "/buku-kesalahan/ulangi"
CHECK = "/materi/pecahan/setengah/cek/cek-bagian"


@pytest.fixture
def ada(app: Flask, people: Cast) -> Visitor:
    app.extensions["lms"].pack.replace(guided())
    return Visitor(app).sign_in("ada")


def reviews(page: str) -> dict[str, str]:
    """Where each card on the page sends its review, with the moment that its form holds."""
    return dict(re.findall(r'action="(/buku-kesalahan/ulangi/[^"]+)".*?name="shown_at" value="([^"]+)"', page, re.S))


def review(visitor: Visitor, grade: str) -> None:
    """The first card of today."""
    action, shown_at = next(iter(reviews(text(visitor, TODAY)).items()))
    answered = visitor.post(action, {"grade": grade, "shown_at": shown_at})
    assert (answered.status_code, answered.location) == (303, TODAY)


def made(database: Database) -> list[datetime]:
    with database.reading() as db:
        return list(db.execute(select(CardReview.made_at)).scalars())


def test_a_wrong_answer_is_a_card_from_the_next_day_on_and_learnt_once_it_was_remembered_a_few_times(
    ada: Visitor, database: Database
) -> None:
    assert "Belum ada kartu" in text(ada, BOOK)
    assert "Buku kesalahan" not in text(ada, "/beranda")
    ada.post(CHECK, {"answer-cek-bagian": "b"})
    assert 'href="/buku-kesalahan">Masuk Buku kesalahan' in text(ada, "/materi/pecahan/setengah")
    assert "Siap diulang besok" in text(ada, BOOK)
    assert "Tidak ada kartu hari ini" in text(ada, TODAY)
    for wait in (1, 2, 6, 17):
        days_pass(database, wait)
        assert "0 dari 1 kartu" in text(ada, BOOK)
        page = text(ada, TODAY)
        assert "Itu sepertiga." in page, "why the other option is wrong"
        assert "Kata setengah berarti satu dari dua." in page
        assert 'href="/materi/pecahan/setengah#cek-cek-bagian"' in page
        review(ada, "good")
        assert "Cukup untuk hari ini" in text(ada, TODAY)
    assert "1 dari 1 kartu" in text(ada, BOOK)
    assert "Dikuasai" in text(ada, BOOK)
    assert "dikuasai 1 dari 1" in text(ada, "/beranda")


@ON_SQLITE
def test_cards_are_a_part_of_today_and_no_step_of_the_course(ada: Visitor, database: Database) -> None:
    ada.post(CHECK, {"answer-cek-bagian": "b"})
    days_pass(database, 1)
    page = text(ada, "/beranda")
    assert re.search(r"Sekali duduk: [^<]*, 1 kartu, \d+ menit", page)
    assert f'href="{TODAY}"' in page
    assert f'button-main" href="{TODAY}"' not in page, "the way on is the course's"
    assert "0%" in page, "what all of it comes to hangs on no card"
    plan = text(ada, "/rencana")
    assert "1 kartu" in plan
    ada.post("/rencana", {"finish_on": (datetime.now(UTC) + timedelta(days=3)).date().isoformat()})
    ada.post("/rencana/kalender", {"action": "share"})
    plan = text(ada, "/rencana")
    assert f'href="{TODAY}"' in plan
    (calendar,) = re.findall(r"/kalender/[\w-]+\.ics", plan)
    assert "1 kartu" in ada.get(calendar).get_data(as_text=True).replace("\r\n ", "")
    review(ada, "good")
    assert f'href="{TODAY}"' not in text(ada, "/beranda")


@ON_SQLITE
def test_a_result_says_that_its_mistakes_come_back_where_they_may_be_read(ada: Visitor) -> None:
    told = "Yang meleset atau diragukan masuk Buku kesalahan, kembali besok."
    hidden = take(ada, "sejarah", {"k-nilai": "b"})
    assert told not in text(ada, hidden)
    assert told not in text(ada, take(ada, "awal", {f"awal-{of}": "a" for of in ("pecahan", "desimal", "sejarah")}))
    assert told in text(ada, take(ada, "pecahan", {"k-terbesar": "b"}))
    assert "Terbesar" in text(ada, BOOK)
    assert "Berapa nilai?" not in text(ada, BOOK)


@ON_SQLITE
def test_a_quiz_that_is_left_open_is_named_and_led_to_and_nothing_says_what_it_asks(
    ada: Visitor, database: Database
) -> None:
    attempt = ada.post("/kuis/sejarah/mulai").location
    ada.post(CHECK, {"answer-cek-bagian": "b"})
    for path in (BOOK, TODAY):
        page = text(ada, path)
        assert "Selama “Kuis sejarah” belum Anda kumpulkan, soal yang ditanyakannya tidak muncul di sini." in page
        assert f'href="{attempt}"' in page
    ada.post(f"{attempt}/kumpulkan", {"action": "submit", "confirmed": "1"})
    for path in (BOOK, TODAY):
        assert "belum Anda kumpulkan" not in text(ada, path)


@ON_SQLITE
def test_what_a_device_keeps_holds_the_cards_of_the_next_days_each_from_its_day_on(
    ada: Visitor, database: Database
) -> None:
    ada.post(CHECK, {"answer-cek-bagian": "b"})
    days_pass(database, 1)
    ada.post("/materi/pecahan/setengah/cek/cek-benar", {"answer-cek-benar": "false"})
    seen = text(ada, TODAY)
    assert re.findall(r'data-card="([^"]+)"', seen) == ["cek-bagian"]
    kept = ada.get(TODAY, headers={"Latsar-Page": "keep"}).get_data(as_text=True)
    held = re.findall(r'data-card="([^"]+)".*?data-from="([^"]+)"( hidden)?', kept)
    assert [(item, hidden) for item, _from, hidden in held] == [("cek-bagian", ""), ("cek-benar", " hidden")]
    today, tomorrow = (datetime.fromisoformat(begins) for _item, begins, _hidden in held)
    assert today <= datetime.now(UTC) < tomorrow == today + timedelta(days=1)


@ON_SQLITE
def test_what_a_practice_says_comes_back_comes_back(ada: Visitor, database: Database) -> None:
    practice = ada.post("/latihan", {"tentang": "materi:pecahan/setengah"}).location
    ada.post(f"{practice}/kumpulkan", {"action": "submit", "confirmed": "1"})
    assert "masuk Buku kesalahan, kembali besok" in text(ada, f"{practice}/hasil")
    days_pass(database, 1)
    assert len(reviews(text(ada, TODAY))) == 2


@ON_SQLITE
def test_a_review_by_a_script_counts_when_it_was_made_and_sent_again_once(ada: Visitor, database: Database) -> None:
    ada.post(CHECK, {"answer-cek-bagian": "b"})
    days_pass(database, 3)
    (action,) = reviews(text(ada, TODAY))
    made_at = datetime.now(UTC) - timedelta(days=1)
    for _ in range(2):
        form = {"grade": "good", "made_at": made_at.isoformat()}
        sent = ada.post(action, form, headers={"Accept": "application/json"})
        assert json.loads(sent.get_data()) == {"href": BOOK, "places": {}}
    assert made(database) == [made_at]
    assert "Siap diulang" in text(ada, BOOK)


@ON_SQLITE
def test_a_button_pressed_twice_or_with_nothing_behind_it_changes_nothing_more(
    ada: Visitor, database: Database
) -> None:
    ada.post(CHECK, {"answer-cek-bagian": "b"})
    days_pass(database, 1)
    ((action, shown_at),) = reviews(text(ada, TODAY)).items()
    assert ada.post(action, {"grade": "best", "shown_at": shown_at}).location == TODAY
    assert "Pilih seberapa ingat Anda" in text(ada, TODAY)
    for _ in range(2):
        ada.post(action, {"grade": "good", "shown_at": shown_at})
    assert len(made(database)) == 1
    unknown = ada.post(f"{TODAY}/tiada", {"grade": "good"}, headers={"Accept": "application/json"})
    known = ada.post(f"{TODAY}/k-nilai", {"grade": "good"}, headers={"Accept": "application/json"})
    assert unknown.get_data() == known.get_data(), "nobody learns which questions there are"


@ON_SQLITE
@pytest.mark.parametrize(("path", "most"), [(BOOK, 8), (TODAY, 8)])
def test_however_many_cards_there_are_a_page_asks_a_few_times(
    ada: Visitor, database: Database, statements: Statements, path: str, most: int
) -> None:
    take(ada, "semua-jenis", {})
    take(ada, "pecahan", {})
    ada.post(CHECK, {"answer-cek-bagian": "b"})
    days_pass(database, 1)
    assert statements.of(lambda: text(ada, path)) <= most, statements.sent


@ON_SQLITE
def test_a_page_holds_a_days_share_of_every_kind_and_whoever_wants_may_go_on(ada: Visitor, database: Database) -> None:
    take(ada, "semua-jenis", {})
    take(ada, "pecahan", {})
    days_pass(database, 1)
    page = text(ada, TODAY)
    assert len(reviews(page)) == 10
    assert "3 kartu lagi sudah menunggu" in page
    for _ in range(10):
        review(ada, "again")
    assert reviews(text(ada, TODAY)) == {}
    assert "Cukup untuk hari ini" in text(ada, BOOK)
    assert len(reviews(text(ada, f"{TODAY}?lagi=1"))) == 3
