"""What browsers do not give to a frame of another site, and what comes of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Route, expect
from sqlalchemy import delete

from lms.db.accounts import AuthSession
from tests.browser.answering import FULL, attempt_id, held, nothing_waits, question, touch
from tests.browser.conftest import PHONE, Visit, close, close_tab
from tests.browser.in_frames import OtherSite, agree, block_cookies_of_others, guest
from tests.browser.in_frames import campus as campus
from tests.browser.in_frames import site as site
from tests.campus.campus import Campus, open_campus

pytestmark = [pytest.mark.browser, pytest.mark.slow]

QUIZ = "Semua jenis soal"
WORKERS = "navigator.serviceWorker.getRegistrations().then((found) => found.map(({ scope }) => scope))"


def test_cookies_of_other_sites_are_blocked_here(chromium: Browser, site: OtherSite, campus: Campus) -> None:
    """A cookie that every frame got before browsers began to block: here it comes only where nothing blocks it."""
    agree(site, campus)
    context = chromium.new_context()
    context.add_cookies(
        [{"name": "before", "value": "1", "domain": "localhost", "path": "/", "secure": True, "sameSite": "None"}]
    )
    for blocks in (False, True):
        page = context.new_page()
        if blocks:
            block_cookies_of_others(page)
        page.goto(f"{campus.address}/enter/k-1")
        page.goto(f"{campus.address}/course/0")
        expect(page.frame_locator("iframe").locator("h1")).to_have_text(QUIZ)
        assert ["before=1" in one for one in site.framed.cookies] == [not blocks] * 3
        assert "latsar-frame" in site.framed.cookies[-1], "the session's own is kept apart, and comes"
        site.framed.cookies.clear()
        close_tab(page)
    close(context)


@pytest.mark.parametrize("keeps", [True, False], ids=["the campus keeps", "nobody keeps"])
def test_without_any_cookie_one_tap_leads_to_a_tab_of_its_own(
    chromium: Browser, site: OtherSite, campus: Campus, keeps: bool
) -> None:
    agree(site, campus)
    site.framed.bare, campus.keeps = True, keeps
    ada = guest(chromium, site, campus, PHONE, "k-1")
    frame = ada.opens("/course/0", "Satu ketukan lagi")
    with ada.context.expect_page() as opened:
        frame.get_by_text("Buka di tab baru").locator("visible=true").click()
    page = opened.value
    expect(page.locator("h1")).to_have_text(QUIZ)
    expect(page.locator(".masthead")).to_be_visible()
    ada.page = page
    ada.judge()
    ada.press("Mulai")
    expect(page.locator("[data-summary]")).not_to_be_empty()
    attempt = attempt_id(page)
    ada.context.route("**/simpan", lambda route: route.abort())
    touch(page, "sj-tunggal", FULL["sj-tunggal"])
    expect(question(page, "sj-tunggal")).to_contain_text("tersimpan di perangkat ini")
    ada.context.unroute("**/simpan")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(question(page, "sj-tunggal")).to_contain_text("tersimpan di server")
    assert held(site, attempt) == {"sj-tunggal": [*FULL["sj-tunggal"]]}
    assert campus.launches == (1 if keeps else 2), "what a campus keeps proves the browser: the same launch is taken"
    close(ada.context)


def test_a_session_that_ended_in_a_frame_begins_again_at_the_platform(
    chromium: Browser, site: OtherSite, campus: Campus
) -> None:
    """No page of a frame leads to our own door, which stays shut in there; what waits on the device is sent."""
    agree(site, campus)
    ada = guest(chromium, site, campus, PHONE, "k-1")
    frame = ada.opens("/course/0", QUIZ)
    frame.get_by_role("button", name="Mulai").click()
    expect(frame.locator("[data-summary]")).not_to_be_empty()
    attempt = attempt_id(frame)
    with site.database.transaction() as db:
        db.execute(delete(AuthSession))
    touch(frame, "sj-tunggal", FULL["sj-tunggal"])
    expect(frame.get_by_role("alert")).to_contain_text("Buka lagi kegiatan ini dari platform Anda")
    expect(frame.get_by_role("alert").get_by_role("link")).to_have_count(0)
    ada.judge(frame)
    for there in ("/kuis/semua-jenis", "/masuk"):
        frame.goto(site.address + there)
        ada.arrives("Sesi Anda sudah berakhir")
    nothing_waits(ada.opens("/course/0", QUIZ))
    assert held(site, attempt) == {"sj-tunggal": [*FULL["sj-tunggal"]]}
    close(ada.context)


def test_a_launch_that_is_refused_says_so_in_its_frame(chromium: Browser, site: OtherSite, campus: Campus) -> None:
    agree(site, campus, "kuis/tidak-ada")
    ada = guest(chromium, site, campus, PHONE, "k-1")
    ada.opens("/course/0", "Kegiatan ini belum dapat dibuka")
    close(ada.context)


def test_no_worker_stands_between_a_frame_and_the_server(chromium: Browser, site: OtherSite, campus: Campus) -> None:
    """A frame asks for none, and that of a tab of its own lets frames be."""
    near = replace(site, address=site.address.replace("localhost", "127.0.0.1"))  # one site with the campus: one worker
    agree(near, campus, "materi/pecahan")
    ada = guest(chromium, near, campus, PHONE, "k-1", service_workers="allow")
    frame = ada.opens("/course/0", "Pecahan")
    expect(frame.locator(".stack[data-keep]")).to_be_hidden()
    own = Visit(near, ada.context)
    own.page.goto(f"{near.address}/materi/pecahan")
    expect(own.page.locator(".stack[data-keep]")).to_be_visible()
    assert len(own.page.evaluate(WORKERS)) == 1
    frame.goto(frame.url)
    frame = ada.arrives("Pecahan")
    assert frame.evaluate("navigator.serviceWorker.controller.scriptURL") == f"{near.address}/sw.js"
    asked = len(site.framed.cookies)
    frame.goto(frame.url)
    assert len(site.framed.cookies) == asked + 1, "asked for as what it is: a page in a frame"
    expect(ada.arrives("Pecahan").locator(".stack[data-keep]")).to_be_hidden()
    close(ada.context)


def test_a_platform_that_listens_late_learns_the_height_too(chromium: Browser, site: OtherSite, campus: Campus) -> None:
    agree(site, campus, "materi/pecahan")
    ada = guest(chromium, site, campus, PHONE, "k-1")
    held_back: list[Route] = []
    ada.page.route("**/campus.js", lambda route: held_back.append(route))
    ada.page.goto(f"{campus.address}/course/0", wait_until="commit")
    expect(ada.page.frame_locator("iframe").locator("h1")).to_have_text("Pecahan")
    ada.page.wait_for_timeout(200)  # what is told first is told to nobody
    held_back[0].continue_()
    ada.arrives("Pecahan")
    close(ada.context)


def test_a_frame_asks_for_no_worker(chromium: Browser, site: OtherSite, campus: Campus) -> None:
    agree(site, campus, "materi/pecahan")
    ada = guest(chromium, site, campus, PHONE, "k-1", service_workers="allow")
    frame = ada.opens("/course/0", "Pecahan")
    frame.evaluate("import('/static/comforts.js').catch(() => 1)")
    assert frame.evaluate(WORKERS) == []
    close(ada.context)


def test_nobody_but_the_platform_holds_pages_of_its_session(chromium: Browser, site: OtherSite, campus: Campus) -> None:
    """Another campus on this machine is the same site to the browser, which keeps one session for both."""
    agree(site, campus)
    ada = guest(chromium, site, campus, PHONE, "k-1")
    ada.opens("/course/0", QUIZ)
    with open_campus() as other:
        ada.page.goto(f"{other.address}/enter/k-3")
        with ada.page.expect_console_message(lambda said: "frame-ancestors" in said.text):
            ada.page.goto(f"{other.address}/tools?address={site.address}/kuis/semua-jenis")
        assert "latsar-frame" in site.framed.cookies[-1]
        expect(ada.page.frame_locator("iframe").locator("h1")).to_have_count(0)
    close(ada.context)


def test_a_link_to_another_site_leaves_the_frame_as_it_is(chromium: Browser, site: OtherSite, campus: Campus) -> None:
    agree(site, campus, "materi/pecahan/setengah")
    ada = guest(chromium, site, campus, PHONE, "k-1")
    frame = ada.opens("/course/0", "Setengah")
    elsewhere = f"{campus.address}/course"
    frame.locator("h1").evaluate("(here, to) => here.innerHTML = `<a href='${to}'>Sumber</a>`", elsewhere)
    with ada.context.expect_page() as opened:
        frame.get_by_role("link", name="Sumber").click()
    expect(opened.value).to_have_url(elsewhere)
    assert frame.url == f"{site.address}/materi/pecahan/setengah"
    close(ada.context)
