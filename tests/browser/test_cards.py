"""Buku kesalahan on a phone: from a wrong answer to a card to what is learnt, and nothing lost on the way."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from lms.db.cards import CardReview
from tests.browser.answering import nothing_waits, until
from tests.browser.conftest import ON_SQLITE, Phone, Site, Visit, close, close_tab
from tests.browser.test_bad_link import arrives_unanswered
from tests.browser.test_lesson_queue import LESSON, press, reads
from tests.days import days_pass

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TODAY, REVIEWS = "/buku-kesalahan/ulangi", "**/ulangi/*"
CARDS = ["cek-bagian", "cek-benar"]


def card(page: Page) -> Locator:
    """The one that is shown."""
    return page.locator("[data-card]:visible")


def grade(page: Page, word: str) -> None:
    card(page).get_by_text("Lihat jawaban").click()
    card(page).get_by_role("button", name=word).click()


def reviewed(site: Site) -> dict[str, list[str]]:
    """The reviews as the server holds them."""
    found: dict[str, list[str]] = {}
    with site.database.reading() as db:
        for item, grade in db.execute(select(CardReview.item, CardReview.grade).order_by(CardReview.made_at)):
            found.setdefault(item, []).append(grade)
    return found


def has_cards(phone: Phone) -> Page:
    """Two self-checks, answered wrongly yesterday; and the page of today's cards."""
    page = reads(phone)
    press(page, "b")
    press(page, "false", "cek-benar")
    expect(page.locator(".check .verdict")).to_have_count(2)
    days_pass(phone.site.database, 1)
    page.goto(phone.site.address + TODAY)
    return page


def test_a_wrong_answer_comes_back_until_it_is_learnt(chromium: Browser, small_site: Site, screen: Any) -> None:
    context = chromium.new_context(viewport=screen, locale="id-ID", reduced_motion="reduce")
    visit = Visit(small_site, context)
    page = visit.sign_in("peserta")
    page.goto(small_site.address + LESSON)
    check = page.locator("#cek-cek-bagian")
    check.locator("label:has([value=b])").click()
    check.get_by_role("button", name="Periksa").click()
    expect(check).to_contain_text("Masuk Buku kesalahan")
    for times, wait in enumerate((1, 2, 6, 17), start=1):
        days_pass(small_site.database, wait)
        page.goto(small_site.address + "/beranda")
        page.locator(".toc").get_by_role("link", name="Buku kesalahan").click()
        card(page).get_by_text("Lihat jawaban").click()
        if times == 1:
            visit.judge()
        card(page).get_by_role("button", name="Ingat").click()
        expect(page.locator("#tamat")).to_be_focused()
        expect(page.locator("#kabar")).to_contain_text("Ingat: kembali")
        nothing_waits(page)  # a deed that is sent again days later is another one
        assert len(reviewed(small_site).get("cek-bagian", [])) == times
    visit.judge()
    visit.open("/buku-kesalahan")
    expect(page.locator("main")).to_contain_text("1 dari 1 kartu")
    expect(page.locator(".entry")).to_contain_text("Dikuasai")
    close(context)


@ON_SQLITE
def test_cards_go_on_without_a_link_and_stay_done_when_the_tab_is_closed(phone: Phone) -> None:
    page = has_cards(phone)
    expect(page.locator("#maju")).to_have_text("Kartu 1 dari 2")
    in_the_morning = page.content()
    phone.cut(REVIEWS)
    grade(page, "Ragu")
    expect(page.locator("#kabar")).to_contain_text("Tersimpan di perangkat ini")
    expect(card(page)).to_be_focused()
    close_tab(page)
    page = phone.open(TODAY)
    expect(page.locator("#kartu-cek-benar")).to_be_visible()
    grade(page, "Lupa")
    expect(page.locator("#tamat")).to_be_visible()
    close_tab(page)
    page = phone.open(TODAY)
    expect(page.locator("#tamat")).to_be_visible()
    phone.mend(REVIEWS)
    nothing_waits(page)
    assert reviewed(phone.site) == {CARDS[0]: ["hard"], CARDS[1]: ["again"]}
    phone.context.route(f"**{TODAY}", lambda route: route.fulfill(body=in_the_morning, content_type="text/html"))
    expect(phone.open(TODAY).locator("#tamat")).to_be_visible()


@ON_SQLITE
def test_a_review_whose_acknowledgement_is_lost_counts_once_and_one_after_signing_out_arrives_later(
    phone: Phone,
) -> None:
    page = has_cards(phone)
    phone.context.route(REVIEWS, arrives_unanswered)
    grade(page, "Ingat")
    expect(page.locator("#kabar")).to_contain_text("Tersimpan di perangkat ini")
    phone.mend(REVIEWS)
    until(page, lambda: reviewed(phone.site) == {CARDS[0]: ["good"]})
    nothing_waits(page)
    phone.context.clear_cookies()
    grade(page, "Ingat")
    expect(page.locator("#kabar")).to_contain_text("Anda sudah keluar")
    close_tab(page)  # else it may send what waits before the page that is looked at, and tell it itself
    home = phone.sign_in()
    expect(home.locator(".notices")).to_contain_text(re.compile("sudah terkirim"))
    nothing_waits(home)
    assert reviewed(phone.site) == {one: ["good"] for one in CARDS}


@ON_SQLITE
def test_where_a_browser_keeps_nothing_a_card_stays_until_it_has_arrived(phone: Phone) -> None:
    phone.context.add_init_script("Object.defineProperty(window, 'indexedDB', { value: undefined })")
    page = has_cards(phone)
    phone.cut(REVIEWS)
    grade(page, "Ingat")
    expect(page.locator("#kabar")).to_contain_text("peramban ini tidak dapat menyimpannya")
    phone.mend(REVIEWS)
    card(page).get_by_role("button", name="Ingat").click()
    expect(page.locator("#maju")).to_have_text("Kartu 2 dari 2")
    assert reviewed(phone.site) == {CARDS[0]: ["good"]}
