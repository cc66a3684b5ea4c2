"""The start page, the plan by day and the calendar as a participant meets them, without a browser."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from flask import Flask
from sqlalchemy import update

from lms.db.attempts import Attempt
from lms.db.cohorts import Cohort, CohortQuiz
from lms.features.plan import steps
from lms.web.words import speak
from tests.conftest import Cast, Statements
from tests.guided import finish, guided
from tests.guided import take as take_right
from tests.visitor import Visitor


@pytest.fixture
def ada(app: Flask, people: Cast) -> Visitor:
    app.extensions["lms"].pack.replace(guided())
    return Visitor(app).sign_in("ada")


def text(visitor: Visitor, path: str) -> str:
    answered = visitor.get(path)
    assert answered.status_code == 200, (path, answered.status_code)
    return answered.get_data(as_text=True)


def take(visitor: Visitor, quiz: str, answers: dict[str, str]) -> str:
    """Hand a quiz in; answers with the address of its result."""
    attempt = visitor.post(f"/kuis/{quiz}/mulai").location
    visitor.get(attempt)
    form = {f"answer-{item}": answer for item, answer in answers.items()}
    form |= {f"revision-{item}": "0" for item in answers}
    visitor.post(f"{attempt}/kumpulkan", {**form, "action": "submit", "confirmed": "1"})
    return f"{attempt}/hasil"


def main_action(page: str) -> str:
    """Where the one red button leads."""
    found = re.findall(r'<a class="button button-main" href="([^"]+)"', page)
    assert len(found) == 1, found
    return str(found[0])


def today() -> datetime:
    return datetime.now(UTC) + timedelta(hours=7)


# --- the start page ---------------------------------------------------------------------------------------------------


def test_on_the_first_day_the_goal_the_pre_test_and_how_long_it_takes_are_told(ada: Visitor) -> None:
    page = text(ada, "/beranda")
    for told in (
        "Lulus ujian bilangan",
        "Ujiannya hanya sekali.",
        "Uji awal",
        "3 soal",
        "Simulasi bilangan",
        "4 materi",
    ):
        assert told in page
    assert main_action(page) == "/kuis/awal"
    assert 'href="/materi/pecahan/setengah"' in page, "whoever wants to read at once may"
    assert "Sejauh ini" not in page, "nothing is to be seen of what was not begun"
    whole = re.search("Bahan di sini seluruhnya ([^.]+).", page)
    assert whole
    assert f">{whole[1]}<" in text(ada, "/rencana"), "the plan counts the same"


def test_a_pre_test_orders_what_comes_next_on_every_page_that_leads_on(ada: Visitor) -> None:
    take(ada, "awal", {"awal-pecahan": "a", "awal-desimal": "b", "awal-sejarah": "a"})
    page = text(ada, "/beranda")
    assert main_action(page) == "/materi/desimal/koma"
    assert "paling banyak meleset: Desimal" in page
    plan = text(ada, "/rencana")
    assert plan.index("/materi/desimal/koma") < plan.index("/materi/pecahan/setengah")
    answered = ada.post("/materi/desimal/koma/selesai", {"then": "next"})
    assert answered.location == main_action(text(ada, "/beranda")) == "/kuis/desimal"


def test_the_pre_test_is_found_on_the_outline_until_it_was_tried(ada: Visitor) -> None:
    assert "Belum tahu mulai dari mana?" in text(ada, "/materi")
    ada.post("/kuis/awal/mulai")
    assert "Belum tahu mulai dari mana?" not in text(ada, "/materi")


def test_a_running_attempt_comes_first(ada: Visitor) -> None:
    attempt = ada.post("/kuis/awal/mulai").location
    page = text(ada, "/beranda")
    assert main_action(page) == attempt
    assert "Lanjutkan kuis" in page


def test_no_button_leads_to_a_quiz_without_attempts_and_both_pages_say_who_can_help(ada: Visitor) -> None:
    ada.post("/materi/desimal/koma/selesai")
    result = take(ada, "desimal", {"desimal-1": "b"})
    start = text(ada, "/beranda")
    assert main_action(start) != "/kuis/desimal"
    for page in (start, text(ada, "/kuis/desimal")):
        assert "Yang dapat memberi kesempatan lagi: Grace." in page
        assert f'href="{result}"' in page, "what to do meanwhile"


def test_a_quiz_that_opens_later_is_told_and_nobody_is_sent_for(app: Flask, ada: Visitor, people: Cast) -> None:
    opens = datetime.now(UTC) + timedelta(days=2)
    with app.extensions["lms"].database.transaction() as db:
        db.add(CohortQuiz(cohort_id=people.cohort, quiz="pecahan", opens_at=opens, closes_at=None, review=None))
    page = text(ada, "/beranda")
    assert "Dibuka " in page
    assert "Yang dapat memberi kesempatan lagi" not in page


def test_the_end_says_what_was_done_what_it_is_worth_and_what_is_left(app: Flask, ada: Visitor, people: Cast) -> None:
    catalog, now = guided(), datetime.now(UTC)
    with app.extensions["lms"].database.transaction() as db:
        finish(db, people.ada, catalog, now=now)
    page = text(ada, "/beranda")
    assert "100%" in page
    assert "Anda sampai di halaman terakhir" in page
    assert "4 materi dibaca" in page
    assert catalog.course.notice in page
    assert main_action(page) == "/kuis/simulasi", "the simulation is left"


def test_an_attempt_whose_time_is_over_is_neither_untried_nor_to_be_gone_on_with(app: Flask, ada: Visitor) -> None:
    ada.post("/kuis/simulasi/mulai")
    page = text(ada, "/beranda")
    assert "Lanjutkan kuis" in page
    assert "belum dicoba" not in page
    with app.extensions["lms"].database.transaction() as db:
        db.execute(update(Attempt).values(deadline_at=datetime.now(UTC) - timedelta(minutes=1)))
    for path in ("/beranda", "/kuis/simulasi"):
        page = text(ada, path)
        assert "Lihat apakah hasilnya sudah ada" in page
        assert "Lanjutkan kuis" not in page


def test_one_of_something_is_told_as_one(app: Flask) -> None:
    quiz = guided().quiz("desimal")
    with app.test_request_context():
        speak("en")
        assert steps.amount((quiz,), 1).startswith("1 quiz, 1 card, ")


def test_where_nothing_is_left_the_plan_says_so(app: Flask, ada: Visitor, people: Cast) -> None:
    catalog, now = guided(), datetime.now(UTC)
    with app.extensions["lms"].database.transaction() as db:
        finish(db, people.ada, catalog, now=now)
        take_right(db, people.ada, catalog.quiz("simulasi"), now=now)
    page = text(ada, "/rencana")
    assert "Anda sudah sampai di halaman terakhir." in page
    assert "sekali duduk" not in page


def test_without_a_last_day_the_plan_tells_how_much_is_left_and_calls_it_no_sitting(ada: Visitor) -> None:
    ada.post("/materi/pecahan/setengah/selesai")
    for path in ("/rencana", "/rencana?page=2"):
        page = text(ada, path)
        assert "sekali duduk" not in page
        assert re.search(r"<p class=\"small soft\">\d materi, \d kuis, ", page)
    assert "kira-kira cukup untuk sekali duduk" in text(ada, "/beranda")


# --- the plan by day --------------------------------------------------------------------------------------------------


def test_a_last_day_makes_a_plan_and_one_that_has_gone_by_changes_nothing(ada: Visitor) -> None:
    chosen = (today() + timedelta(days=9)).date().isoformat()
    assert ada.post("/rencana", {"finish_on": chosen}).location == "/rencana"
    page = text(ada, "/rencana")
    assert "10 hari termasuk hari ini" in page
    assert f'value="{chosen}"' in page
    for wrong, told in (("2020-01-01", "Tanggal itu sudah lewat"), ("besok", "Tanggal itu tidak terbaca")):
        ada.post("/rencana", {"finish_on": wrong})
        page = text(ada, "/rencana")
        assert told in page
        assert f'value="{chosen}"' in page
    ada.post("/rencana", {"finish_on": ""})
    assert "Belum ada tanggal selesai" in text(ada, "/rencana")


def test_the_days_of_the_cohort_are_told(app: Flask, ada: Visitor, people: Cast) -> None:
    day = today().date()
    with app.extensions["lms"].database.transaction() as db:
        db.execute(update(Cohort).values(starts_on=day + timedelta(days=3), ends_on=day + timedelta(days=8)))
    page = text(ada, "/beranda")
    assert "Angkatan Anda mulai" in page
    assert "9 hari termasuk hari ini" in page
    assert "Angkatan Anda berakhir" in text(ada, "/rencana")
    with app.extensions["lms"].database.transaction() as db:
        db.execute(update(Cohort).values(ends_on=day - timedelta(days=1)))
    assert "sudah lewat" in text(ada, "/rencana")


# --- the calendar -----------------------------------------------------------------------------------------------------


def address(visitor: Visitor) -> str:
    found = re.search(r'value="http://localhost(/kalender/[^"]+\.ics)"', text(visitor, "/rencana"))
    assert found, "no calendar"
    return found[1]


def test_a_calendar_says_what_each_day_holds_to_whoever_has_its_address(app: Flask, ada: Visitor) -> None:
    last = (today() + timedelta(days=3)).date()
    ada.post("/rencana", {"finish_on": last.isoformat()})
    ada.post("/rencana/kalender", {"action": "share"})
    answered = Visitor(app).get(address(ada))
    assert answered.mimetype == "text/calendar"
    found = icalendar.Calendar.from_ical(answered.data)
    days = [event for event in found.walk("VEVENT") if str(event["uid"]).startswith("hari-")]
    assert days
    assert days[-1].decoded("dtstart") <= last
    listed = "\n".join(str(event["description"]) for event in days).split("\n")
    assert sorted(listed) == sorted([*(step.title for step in guided().steps), "Simulasi bilangan"])
    assert len({str(event["uid"]) for event in found.walk("VEVENT")}) == len(found.walk("VEVENT"))


def test_a_calendar_that_was_withdrawn_or_given_another_address_is_gone(app: Flask, ada: Visitor) -> None:
    ada.post("/rencana/kalender", {"action": "share"})
    first = address(ada)
    ada.post("/rencana/kalender", {"action": "share"})
    second = address(ada)
    assert Visitor(app).get(first).status_code == 404
    assert Visitor(app).get(second).status_code == 200
    ada.post("/rencana/kalender", {"action": "withdraw"})
    assert Visitor(app).get(second).status_code == 404
    assert "Buat alamat kalender" in text(ada, "/rencana")


def test_the_windows_of_a_cohort_stand_in_the_calendar(app: Flask, ada: Visitor, people: Cast) -> None:
    opens = (datetime.now(UTC) + timedelta(days=1)).replace(microsecond=0)
    with app.extensions["lms"].database.transaction() as db:
        closes = opens + timedelta(days=1)
        db.add(CohortQuiz(cohort_id=people.cohort, quiz="pecahan", opens_at=opens, closes_at=closes, review=None))
    ada.post("/rencana/kalender", {"action": "share"})
    found = icalendar.Calendar.from_ical(Visitor(app).get(address(ada)).data)
    told = {str(event["summary"]): event.decoded("dtstart") for event in found.walk("VEVENT")}
    assert told["Kuis pecahan dibuka"] == opens
    assert told["Kuis pecahan ditutup"] == opens + timedelta(days=1)


# --- what it costs ----------------------------------------------------------------------------------------------------


def test_whatever_somebody_did_the_start_page_asks_a_few_times(ada: Visitor, statements: Statements) -> None:
    take(ada, "awal", {"awal-pecahan": "b"})
    take(ada, "desimal", {"desimal-1": "b"})
    most = 9  # who asks, five for where they stand, one for the pre-test, one for cards, one for who teaches
    assert statements.of(lambda: text(ada, "/beranda")) <= most, statements.sent
