"""The look of a house in a browser: read in every theme on every screen, and there without a link."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from lms.config import Settings
from lms.web.assets import FOLDER
from tests.browser.answering import until
from tests.browser.conftest import DESKTOP, ON_SQLITE, PHONE, Phone, Site, close, close_tab, signed_in
from tests.browser.test_lesson_queue import LESSON
from tests.browser.test_offline import keeps

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(
        settings,
        site_name="Pusat Pendidikan dan Pelatihan Kementerian Contoh",
        site_logo=str(FOLDER / "icon-192.png"),
        site_colour="#14532d",
        site_footer="Jalan Contoh 1 · [Privasi](https://contoh.example/privasi)",
        site_sign_in="Masuk dengan **NIP**.",
    )


@pytest.fixture
def phone(chromium: Browser, small_site: Site) -> Iterator[Phone]:
    context = chromium.new_context(viewport=PHONE, reduced_motion="reduce", service_workers="allow")
    yield Phone(small_site, context)
    close(context)


def shows_sign(page: Page) -> bool:
    shown: bool = page.locator(".wordmark img").evaluate("(sign) => sign.complete && sign.naturalWidth === 192")
    return shown


@ON_SQLITE
def test_the_sign_is_there_without_a_link(phone: Phone) -> None:
    page = phone.sign_in()
    page.goto(phone.site.address + LESSON)
    assets = phone.site.app.extensions["lms"].assets
    files = [assets.url(name) for name in ("house/logo.png", "house/house.css")]
    until(page, keeps(page, LESSON, "/luring", *files))  # not by the cache of the browser, which comes and goes
    phone.context.set_offline(True)
    close_tab(page)
    page = phone.open(LESSON)
    expect(page.locator("[data-kept-notice]")).to_be_visible()
    assert shows_sign(page)
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--accent').trim()") == "#14532d"


@ON_SQLITE
@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_it_can_be_read_in_every_theme_and_fits(chromium: Browser, small_site: Site, screen: dict[str, int]) -> None:
    for theme in ("terang", "sepia", "gelap"):
        context = chromium.new_context(viewport=screen)  # type: ignore[arg-type]
        context.add_cookies([{"name": "latsar-look", "value": f"terbesar.{theme}", "url": small_site.address}])
        page = context.new_page()
        page.goto(small_site.address + "/masuk")
        assert shows_sign(page)
        _judge(page)
        signed_in(small_site, context)
        for path in ("/beranda", LESSON, "/tidak-ada"):
            page.goto(small_site.address + path)
            _judge(page)
        close(context)


def _judge(page: Page) -> None:
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
