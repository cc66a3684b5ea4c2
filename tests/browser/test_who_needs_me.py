"""What an instructor opens on a Monday: on a phone without scripts, and on a desktop with them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from lms.db.accounts import User
from tests.browser.conftest import DESKTOP, ON_SQLITE, PHONE, Site, Visit, close, signed_in
from tests.learning.test_regrades import class_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LONG = ("Raden Mas " * 12)[:120]


@ON_SQLITE
def test_who_needs_somebody_is_seen_at_once_noted_as_contacted_and_taken_along(
    chromium: Browser, small_site: Site
) -> None:
    class_of(small_site.database, 3)
    with small_site.database.transaction() as db:
        db.query(User).where(User.login == "lain").update({"name": LONG})
    for screen, script in ((PHONE, False), (DESKTOP, True)):
        context = chromium.new_context(
            viewport=screen,  # type: ignore[arg-type]
            locale="id-ID",
            reduced_motion="reduce",
            permissions=["clipboard-read", "clipboard-write"],
        )
        signed_in(small_site, context, "pengampu")
        if not script:
            context.route("**/*.js", lambda route: route.abort())
        _walk(Visit(small_site, context), script=script)
        close(context)


def _walk(visit: Visit, *, script: bool) -> None:
    page = visit.open("/pengampu")
    visit.press("Angkatan I", within="main")
    people = page.locator(".needy ol > li")
    third = people.nth(2).bounding_box()
    assert third
    assert third["y"] + third["height"] <= page.viewport_size["height"], "three people on the first screen"  # type: ignore[index]

    people.nth(1).get_by_role("button", name="Dihubungi").click()
    expect(people.nth(1)).to_contain_text("dihubungi hari ini oleh Pengampu")
    people.nth(1).get_by_role("button", name="Batalkan").click()
    expect(people.nth(1)).not_to_contain_text("dihubungi hari ini")
    if script:
        page.get_by_label("Pilih semua").check()
    else:
        people.get_by_role("checkbox").nth(0).check()
        people.get_by_role("checkbox").nth(3).check()
    visit.press("Catat yang dipilih")
    expect(page.locator(".notices")).to_contain_text(f"{5 if script else 2} orang")

    if script:
        page.get_by_role("link", name="Salin daftar").click()
        expect(page.get_by_role("status").last).to_contain_text("Tersalin")
        copied = page.evaluate("navigator.clipboard.readText()")
    else:
        page.get_by_role("link", name="Salin daftar").click()  # a page of text: nothing to judge
        copied = page.locator("body").inner_text()
        page.go_back()
    assert "Peserta 1\tpeserta1\tbelum mulai" in copied
    page.emulate_media(media="print")
    expect(page.get_by_role("button").locator("visible=true")).to_have_count(0)
    expect(people.nth(3)).to_be_visible()
    page.emulate_media(media="screen")
    visit.press("Semua peserta dan progresnya")
    expect(page.get_by_role("row")).to_have_count(6)
