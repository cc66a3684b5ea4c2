"""What the script of an attempt adds: signing in again, another person at the same phone, time, the answer file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Locator, expect
from sqlalchemy import update

from lms.db.attempts import Attempt
from lms.learning import answer_file, attempt_records
from lms.web.site import now
from tests.browser.answering import attempt_id, held, is_closed, nothing_waits, question, touch
from tests.browser.conftest import ON_SQLITE, PHONE, Phone, Site, Visit, close, close_tab
from tests.browser.test_bad_link import ON_DEVICE, ON_SERVER, SAVES, hand_in, told

# The browser does the work.
pytestmark = [pytest.mark.browser, pytest.mark.slow, ON_SQLITE]


@pytest.fixture
def phone(chromium: Browser, small_site: Site) -> Iterator[Phone]:
    context = chromium.new_context(
        viewport=PHONE, locale="id-ID", has_touch=True, is_mobile=True, reduced_motion="reduce", accept_downloads=True
    )
    yield Phone(small_site, context)
    close(context)


def test_who_was_signed_out_is_told_and_loses_nothing(phone: Phone) -> None:
    page = phone.take()
    attempt = attempt_id(page)
    phone.context.clear_cookies()
    touch(page, "sj-tunggal", ["a"])
    told(page, "sj-tunggal", ON_DEVICE)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Sesi Anda sudah berakhir")
    expect(alert.get_by_role("link", name="Masuk lagi")).to_be_visible()
    assert held(phone.site, attempt) == {}
    phone.sign_in()
    page.evaluate("dispatchEvent(new Event('online'))")
    told(page, "sj-tunggal", ON_SERVER)
    expect(alert).to_be_hidden()
    assert held(phone.site, attempt) == {"sj-tunggal": ["a"]}


def test_answers_of_another_person_on_this_phone_are_neither_shown_nor_sent(phone: Phone) -> None:
    page = phone.take()
    attempt = attempt_id(page)
    phone.cut(SAVES)
    touch(page, "sj-isian", ["seperempat"])
    told(page, "sj-isian", ON_DEVICE)
    close_tab(page)
    phone.context.unroute(SAVES)
    phone.context.clear_cookies()
    asked: list[str] = []
    phone.context.on("request", lambda request: asked.append(request.url))
    other = phone.sign_in("lain")
    with other.expect_response("**/segar"):
        other.goto(f"{phone.site.address}/materi")
    other.wait_for_timeout(500)
    assert not [url for url in asked if url.endswith("/simpan")]
    expect(other.locator("body")).not_to_contain_text("tertahan")
    other.goto(f"{phone.site.address}/kuis/semua-jenis")
    other.get_by_role("button", name="Mulai").click()
    expect(other.locator("[data-summary]")).not_to_be_empty()
    expect(other.locator("[name='answer-sj-isian']")).to_have_value("")
    close_tab(other)
    phone.context.clear_cookies()
    mine = phone.sign_in()
    expect(mine.locator(".notices")).to_contain_text("1 jawaban yang tertahan")
    assert held(phone.site, attempt) == {"sj-isian": ["seperempat"]}


def test_somebody_else_signing_in_in_another_tab_stops_the_sending(phone: Phone) -> None:
    page = phone.take()
    attempt = attempt_id(page)
    phone.context.clear_cookies()
    other = phone.sign_in("lain")
    touch(page, "sj-isian", ["seperempat"])
    expect(page.get_by_role("alert")).to_contain_text("Orang lain sedang masuk")
    told(page, "sj-isian", ON_DEVICE)
    assert held(phone.site, attempt) == {}
    close_tab(other)


def test_the_answer_file_holds_what_waits_and_staff_can_put_it_in(phone: Phone) -> None:
    page = phone.take()
    attempt = attempt_id(page)
    touch(page, "sj-tunggal", ["b"])
    told(page, "sj-tunggal", ON_SERVER)
    phone.cut(SAVES)
    touch(page, "sj-ganda", ["b", "a"])
    touch(page, "sj-jodoh", ["q=y"])
    told(page, "sj-jodoh", ON_DEVICE)
    page.get_by_role("button", name="buka peta soal").tap()
    with page.expect_download() as download:
        page.get_by_role("button", name="Unduh berkas jawaban").tap()
    content = Path(download.value.path()).read_bytes()
    written = json.loads(content)
    assert (written["format"], written["attempt"]) == ("latsar-answers-1", attempt)
    assert {body["item"] for body in written["answers"]} == {"sj-tunggal", "sj-ganda", "sj-jodoh"}
    file = answer_file.read(content)
    for _ in range(2):
        with phone.site.database.transaction() as db:
            instructor = attempt_records.attempt(db.connection(), UUID(attempt))
            assert instructor is not None
            report = answer_file.apply(db, UUID(attempt), file, actor_id=instructor.user_id, now=now())
        assert not report.refused
    assert {item: sorted(values) for item, values in held(phone.site, attempt).items()} == {
        "sj-tunggal": ["b"],
        "sj-ganda": ["a", "b"],
        "sj-jodoh": ["q=y"],
    }
    phone.mend(SAVES)
    told(page, "sj-ganda", ON_SERVER)


def test_refused_answers_stay_until_the_person_has_read_why(phone: Phone) -> None:
    page = phone.take()
    attempt = attempt_id(page)
    phone.cut(SAVES)
    touch(page, "sj-isian", ["seperempat"])
    told(page, "sj-isian", ON_DEVICE)
    close_tab(page)
    phone.context.unroute(SAVES)
    with phone.site.database.transaction() as db:
        ended = now() - timedelta(minutes=20)
        db.execute(update(Attempt).where(Attempt.id == UUID(attempt)).values(deadline_at=ended, closes_at=ended))
    for _ in range(2):
        page = phone.open("/materi")
        notice = page.locator(".notice-warning")
        expect(notice).to_contain_text("1 jawaban di perangkat ini tidak dapat diterima")
        expect(notice).to_contain_text("Waktu percobaan ini sudah habis")
    visit = Visit.__new__(Visit)
    visit.page, visit.faults = page, []
    visit.judge()
    notice.get_by_role("button", name="Mengerti").tap()
    expect(notice).to_have_count(0)
    nothing_waits(page)


def test_the_timer_speaks_and_a_phone_whose_clock_runs_ahead_ends_nothing(phone: Phone) -> None:
    page = phone.take()
    attempt = attempt_id(page)
    page.clock.install()
    page.reload()
    expect(page.locator("[data-timer]")).to_contain_text("Sisa 29:")
    page.clock.fast_forward("24:55")
    spoken = page.locator("[data-announce]")
    page.clock.run_for(8_000)
    expect(spoken).to_have_text("Sisa waktu 5 menit.")
    page.clock.fast_forward("03:55")
    page.clock.run_for(10_000)
    expect(spoken).to_have_text("Sisa waktu 1 menit.")
    page.clock.fast_forward("02:00")
    page.clock.run_for(3_000)
    page.wait_for_timeout(800)
    assert not is_closed(phone.site, attempt)


def test_time_that_is_over_sends_what_was_typed_last(phone: Phone) -> None:
    page = phone.take()
    attempt = attempt_id(page)
    _ends(phone.site, attempt, seconds=15)
    page.reload()
    page.locator("[name='answer-sj-isian']").fill("seper")
    page.locator("[name='answer-sj-isian']").press_sequentially("empat")
    expect(page.locator("main")).to_contain_text("Jawaban tidak dapat diubah lagi", timeout=45_000)
    assert held(phone.site, attempt) == {"sj-isian": ["seperempat"]}
    _ends(phone.site, attempt, seconds=300)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-timer]")).to_contain_text("Sisa 4:")
    _ends(phone.site, attempt, seconds=-1, grace=8)
    page.reload()
    page.wait_for_url("**/hasil", timeout=45_000)  # as soon as there is one
    assert held(phone.site, attempt) == {"sj-isian": ["seperempat"]}


def test_time_that_staff_gave_while_the_page_was_open_is_used(phone: Phone) -> None:
    page = phone.take()
    attempt = attempt_id(page)
    _ends(phone.site, attempt, seconds=15)
    page.reload()
    expect(page.locator("[data-timer]")).to_contain_text("Sisa 0:")
    _ends(phone.site, attempt, seconds=300)
    expect(page.locator("[data-timer]")).to_contain_text("Sisa 4:", timeout=45_000)
    touch(page, "sj-tunggal", ["a"])
    told(page, "sj-tunggal", ON_SERVER)
    assert not is_closed(phone.site, attempt)


def _ends(site: Site, attempt: str, *, seconds: float, grace: float = 600) -> None:
    ends = now() + timedelta(seconds=seconds)
    with site.database.transaction() as db:
        db.execute(
            update(Attempt)
            .where(Attempt.id == UUID(attempt))
            .values(deadline_at=ends, closes_at=ends + timedelta(seconds=grace))
        )


def test_a_bad_link_takes_nobodys_next_question_away(phone: Phone) -> None:
    page = phone.take()
    attempt = attempt_id(page)
    page.get_by_role("link", name="Satu per satu").tap()
    expect(page.get_by_text("Soal 1 dari 10")).to_be_visible()
    phone.context.set_offline(True)
    touch(page, "sj-tunggal", ["a"])
    page.get_by_role("button", name="Berikutnya").tap()
    expect(page.get_by_text("Soal 2 dari 10")).to_be_visible()
    touch(page, "sj-ganda", ["a"])
    page.get_by_role("button", name="buka peta soal").tap()
    page.get_by_role("link", name="Soal 9, kosong").tap()
    question(page, "sj-urut").get_by_role("button", name="Urutan ini sudah tepat").tap()
    told(page, "sj-urut", ON_DEVICE)
    page.go_back()
    expect(page.get_by_text("Soal 2 dari 10")).to_be_visible()
    phone.context.set_offline(False)
    told(page, "sj-ganda", ON_SERVER)
    page.reload()
    expect(page.get_by_text("Soal 2 dari 10")).to_be_visible()
    assert held(phone.site, attempt).keys() == {"sj-tunggal", "sj-ganda", "sj-urut"}


def test_a_question_is_examined_in_place_where_the_quiz_allows_it(phone: Phone) -> None:
    page = phone.come("/kuis/latihan")
    page.get_by_role("button", name="Mulai").click()
    page.wait_for_url("**/percobaan/**")
    block = page.locator("[data-item]:visible")
    item = block.get_attribute("data-item")
    choices = block.locator("input[type=radio][name^=answer], input[type=checkbox][name^=answer]")
    if choices.count():
        choices.first.check()
    else:
        block.locator("input[type=text]").fill("sesuatu")
    expect(block.locator(".saving")).to_contain_text(ON_SERVER)
    block.get_by_role("button", name="Periksa").tap()
    expect(page.get_by_text("Sudah diperiksa; jawabannya tetap.")).to_be_visible()
    assert page.locator(f"[data-item='{item}']").count() == 0
    visit = Visit.__new__(Visit)
    visit.page, visit.faults = page, []
    visit.judge()


# --- what stands in the way of a submit is told, and not another thing -----------------------------------------------


def test_a_submit_of_somebody_signed_out_still_offers_the_door(phone: Phone) -> None:
    page = phone.take()
    phone.context.clear_cookies()
    touch(page, "sj-tunggal", ["a"])
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Sesi Anda sudah berakhir")
    hand_in(page)
    expect(page.locator(".finish button")).to_be_disabled()
    expect(alert).to_contain_text("Sesi Anda sudah berakhir")
    expect(alert.get_by_role("link", name="Masuk lagi")).to_be_visible()
    phone.sign_in()
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_url("**/hasil")


def test_a_submit_waits_for_the_choice_between_two_answers_and_says_so(phone: Phone, chromium: Browser) -> None:
    page = phone.take()
    attempt = attempt_id(page)
    phone.cut(SAVES)
    touch(page, "sj-isian", ["separuh"])
    told(page, "sj-isian", ON_DEVICE)
    other = chromium.new_context(viewport=PHONE, locale="id-ID", has_touch=True, is_mobile=True)
    elsewhere = Phone(phone.site, other)
    second = elsewhere.come(f"/percobaan/{attempt}")
    expect(second.locator("[data-summary]")).not_to_be_empty()
    for text in ("satu", "dua"):
        touch(second, "sj-isian", [text])
        told(second, "sj-isian", ON_SERVER)
    close(other)
    phone.mend(SAVES)
    told(page, "sj-isian", "sudah dijawab di tab atau perangkat lain")
    hand_in(page)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("pilih dahulu jawaban yang dipakai")
    assert not is_closed(phone.site, attempt)
    question(page, "sj-isian").get_by_role("button", name="Pakai jawaban saya").tap()
    page.wait_for_url("**/hasil")
    assert held(phone.site, attempt) == {"sj-isian": ["separuh"]}


def test_links_that_lead_away_wait_for_the_link(phone: Phone) -> None:
    page = phone.take()
    address = page.url
    touch(page, "sj-tunggal", ["a"])
    told(page, "sj-tunggal", ON_SERVER)
    phone.context.set_offline(True)
    page.get_by_role("link", name="Aturan kuis").tap()
    expect(page.get_by_role("alert")).to_contain_text("Sambungan terputus")
    assert page.url == address
    phone.context.set_offline(False)
    expect(page.get_by_role("alert")).to_be_hidden()
    page.get_by_role("link", name="Aturan kuis").tap()
    page.wait_for_url("**/kuis/semua-jenis")


# --- asked before the end -------------------------------------------------------------------------------------------


def test_who_is_asked_before_the_end_may_go_on_and_the_count_goes_along(phone: Phone) -> None:
    page = phone.take()
    ask = page.locator("[data-ask]")
    page.locator(".finish button").tap()
    expect(ask.locator("[data-ask-empty] [data-count]")).to_have_text("10")
    touch(page, "sj-tunggal", ["a"])
    expect(ask.locator("[data-ask-empty] [data-count]")).to_have_text("9")
    ask.get_by_role("button", name="Kembali mengerjakan").tap()
    expect(ask).to_be_hidden()
    page.locator(".finish button").tap()
    ask.get_by_role("link", name="3", exact=False).first.tap()
    expect(ask).to_be_hidden()
    expect(page.locator("#soal-3")).to_be_in_viewport()


# --- things in order ------------------------------------------------------------------------------------------------


def test_things_are_dragged_into_order(phone: Phone) -> None:
    page = phone.take()
    attempt = attempt_id(page)
    block = question(page, "sj-urut")
    lines = block.locator("[data-order] ol > li")
    before = [line.get_attribute("data-option") for line in lines.all()]
    handle = lines.first.locator(".handle")
    handle.scroll_into_view_if_needed()
    page.mouse.move(*_middle(handle))
    page.mouse.down()
    page.mouse.up()
    assert held(phone.site, attempt) == {}, "nothing was moved, so nothing was answered"
    page.mouse.move(*_middle(handle))
    page.mouse.down()
    for place in (1, 2, 3):
        page.mouse.move(*_middle(lines.nth(place), below=4), steps=5)
    page.mouse.up()
    assert [line.get_attribute("data-option") for line in lines.all()] == [*before[1:], before[0]]
    told(page, "sj-urut", ON_SERVER)
    assert held(phone.site, attempt) == {
        "sj-urut": [f"{place}={option}" for place, option in enumerate([*before[1:], before[0]], start=1)]
    }
    block.get_by_role("button", name="Kosongkan").tap()
    told(page, "sj-urut", ON_SERVER)
    assert held(phone.site, attempt) == {}


def test_a_thing_has_one_place_in_the_lists(phone: Phone) -> None:
    page = phone.take()
    attempt = attempt_id(page)
    block = question(page, "sj-urut")
    touch(page, "sj-urut", ["1=t"])
    block.locator("select").nth(1).focus()
    touch(page, "sj-urut", ["2=t"])
    expect(block.locator("select").nth(0)).to_have_value("1=t")  # until the person goes on
    page.keyboard.press("Tab")
    expect(block.locator("select").nth(0)).to_have_value("")
    expect(block.locator("select").nth(1)).to_have_value("2=t")
    told(page, "sj-urut", ON_SERVER)
    assert held(phone.site, attempt) == {"sj-urut": ["2=t"]}


def _middle(locator: Locator, below: float = 0) -> tuple[float, float]:
    box = locator.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2 + below


# --- elsewhere ------------------------------------------------------------------------------------------------------


def test_what_is_told_of_a_self_check_stands_at_it(phone: Phone) -> None:
    page = phone.come("/materi/pecahan/setengah")
    page.locator(".check button").last.tap()
    told = page.locator(".check").last.locator(".saving")
    expect(told).to_contain_text("Pilih atau tulis jawaban dahulu")
    expect(told).to_be_in_viewport()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{phone.site.address}/materi/pecahan/setengah#100%")
    page.reload()
    assert errors == [], "an address that leads nowhere stops no script"


def test_the_first_field_that_is_wrong_has_the_focus(phone: Phone) -> None:
    page = phone.come("/akun")
    for name, text in (("current", "x"), ("new", "satu dua tiga"), ("again", "tiga dua satu")):
        page.fill(f"[name={name}]", text)
    page.locator("form[action$=kata-sandi] button").tap()
    expect(page.locator("[name=again]")).to_be_focused()
    expect(page.locator("[name=again]")).to_be_in_viewport()
