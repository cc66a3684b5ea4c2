"""Somebody who mistyped their password at the door of the site."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import PHONE, Site, Visit, close

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def visit(chromium: Browser, site: Site) -> Iterator[Visit]:
    context = chromium.new_context(viewport=PHONE, locale="id-ID", has_touch=True)
    yield Visit(site, context)
    close(context)


def test_who_waits_sees_how_long_keeps_what_was_typed_and_gets_in(visit: Visit) -> None:
    page = visit.open("/masuk")
    for _ in range(8):  # on a slow machine the first wait may be over before the next try
        if page.get_by_role("timer").count():
            break
        page.fill("[name=login]", "peserta")
        page.fill("[name=password]", "salah sekali ini")
        visit.press("Masuk", within="main")
    expect(page.get_by_role("alert")).to_contain_text("detik")
    expect(page.locator("[name=login]")).to_have_value("peserta")
    expect(page.locator("[name=password]")).to_have_value("")
    expect(page.get_by_role("timer")).to_have_text("Sekarang dapat dicoba lagi.", timeout=40_000)
    visit.sign_in("peserta")
