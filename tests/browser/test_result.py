"""A failed quiz on a phone: one screen says it all, then only what was missed, the heading to read again, and back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from lms.db.accounts import User
from lms.learning import attempts
from lms.quiz.item import Item
from lms.quiz.quiz import Quiz
from tests.browser.conftest import PHONE, Site, Visit, close, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(params=["script", "no script"])
def visit(chromium: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[Visit]:
    context = chromium.new_context(
        viewport=PHONE, locale="id-ID", has_touch=True, is_mobile=True, reduced_motion="reduce"
    )
    if request.param == "no script":
        context.route("**/*.js", lambda route: route.abort())  # as in test_journey
    signed_in(site, context)
    yield Visit(site, context)
    close(context)


def test_from_a_failed_quiz_to_the_heading_to_read_again_and_back(visit: Visit, site: Site) -> None:
    page, quiz = visit.page, site.app.extensions["lms"].pack.current().quiz("manajemen-asn")
    _use_all_attempts_but_one(site, quiz)
    page.goto(f"{site.address}/kuis/{quiz.id}")
    page.locator("main form .button-main").click()
    page.wait_for_load_state()
    right = _answer_two(visit, quiz.items)
    page.locator(".finish button").click()
    page.get_by_role("button", name="Kumpulkan sekarang").click()  # on the page, or without a script on its own
    page.wait_for_url("**/hasil")
    visit.judge()
    top = page.locator(".page-head")
    expect(top).to_contain_text("Belum lulus")
    expect(top).to_contain_text(f"Kurang {11 - right} soal benar lagi untuk lulus.")
    assert page.evaluate("document.documentElement.scrollHeight") < 5 * PHONE["height"]

    page.get_by_role("link", name=re.compile("^Hanya yang meleset")).tap()
    page.wait_for_url("**?tampil=meleset*")
    visit.judge()
    missed = page.locator(".fold > details")
    assert missed.count() == quiz.length - right
    place = (
        page.get_by_role("navigation", name="Peta soal").get_by_role("link", name=re.compile(r"^Soal \d+, tidak")).last
    )
    place.tap()
    expect(missed.locator("section:visible")).to_have_count(1)  # the line that the map leads to is open
    expect(missed.locator("section:visible")).to_be_in_viewport()
    visit.judge()

    heading = page.locator(".folded p a[href*='#bagian-']").first
    title = heading.text_content() or ""
    heading.tap()
    page.wait_for_url("**/materi/**#bagian-*")
    expect(page.locator(":target")).to_be_in_viewport()
    assert title.endswith(page.locator(":target").text_content() or "?")
    page.go_back()
    page.wait_for_url("**?tampil=meleset*")
    assert missed.count() == quiz.length - right


def _use_all_attempts_but_one(site: Site, quiz: Quiz) -> None:
    """After the last one questions are reviewed."""
    now = datetime.now(UTC)
    with site.database.transaction() as db:
        person = db.scalars(select(User.id).where(User.login == "peserta")).one()
        for _attempt in range((quiz.attempts or 0) - 1):
            attempts.submit(db, attempts.start(db, quiz, person, now=now), person, now=now)


def _answer_two(visit: Visit, items: tuple[Item, ...]) -> int:
    """Answer the first two questions that ask for one option, with their keys; the rest stays open."""
    keys = {item.id: item.key() for item in items if item.kind == "single"}
    asked = visit.page.locator("[data-item]").evaluate_all("all => all.map(one => one.dataset.item)")
    answered = [id for id in asked if id in keys][:2]
    for id in answered:
        (key,) = keys[id] or ()
        visit.page.locator(f"[data-item='{id}'] input[value='{key}']").check()
    return len(answered)
