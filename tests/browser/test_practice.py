"""A failed quiz: what to read, other questions like those that were missed, and then the quiz is passed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from lms.db.accounts import User
from lms.learning import attempt_records, attempts
from tests.browser.conftest import PHONE, Site, Visit, close

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def visit(chromium: Browser, small_site: Site, screen: Any) -> Iterator[Visit]:
    context = chromium.new_context(
        viewport=screen, locale="id-ID", has_touch=True, is_mobile=screen is PHONE, reduced_motion="reduce"
    )
    visit = Visit(small_site, context)
    visit.sign_in("peserta")
    yield visit
    close(context)


def test_from_a_failed_quiz_by_practice_to_a_pass(visit: Visit, small_site: Site) -> None:
    page = visit.page
    page.goto(f"{small_site.address}/kuis/pecahan")
    page.locator("main form .button-main").tap()
    hand_in(page)
    expect(page.locator(".page-head")).to_contain_text("Belum lulus")
    expect(page.locator(".page-head .button-main")).to_contain_text("Baca lagi: Pecahan")

    page.locator(".folded summary").first.tap()
    page.get_by_role("button", name="Latih yang seperti ini").first.tap()
    page.wait_for_url("**/percobaan/*")
    visit.judge()
    expect(page.locator("h1")).to_contain_text("Latihan: seperti")
    page.locator("[data-item=cek-bagian] .option").first.tap()
    expect(page.locator("[data-item=cek-bagian] .saving")).to_contain_text("tersimpan di server")
    hand_in(page)
    visit.judge()
    expect(page.locator("h1")).to_have_text("Hasil latihan")
    page.get_by_role("link", name="Latihan lain").tap()
    page.wait_for_url("**/latihan")
    visit.judge()
    visit.open("/latihan?modul=pecahan")

    answer_all(small_site, "pecahan")
    page.goto(f"{small_site.address}/kuis/pecahan")
    page.get_by_role("link", name="Lanjutkan kuis").tap()
    hand_in(page)
    expect(page.locator(".page-head")).to_contain_text("✓ Lulus")


def hand_in(page: Page) -> None:
    page.wait_for_selector("form#percobaan")
    page.locator(".finish button").tap()
    asked = page.get_by_role("button", name="Kumpulkan sekarang")
    expect(asked.or_(page.locator("h1", has_text="Hasil"))).to_be_visible()
    if asked.is_visible():
        asked.tap()
    page.wait_for_url("**/hasil")


def answer_all(site: Site, quiz: str) -> None:
    """The next attempt, answered by somebody who has learnt."""
    now, found = datetime.now(UTC), site.app.extensions["lms"].pack.current().quiz(quiz)
    with site.database.transaction() as db:
        person = db.scalars(select(User.id).where(User.login == "peserta")).one()
        attempt = attempts.start(db, found, person, now=now)
        rows = attempt_records.items(db.connection(), attempt)
        right = {row.item: attempts.Answer(values=found.item(row.item).key(), revision=1) for row in rows}
        attempts.save_all(db, attempt, person, right, now=now)
