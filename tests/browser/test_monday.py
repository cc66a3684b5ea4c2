"""An instructor's Monday: who needs me, what did they do, which question is wrong, and what would a decision change."""

from __future__ import annotations

import shutil

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from sqlalchemy import update

from lms.db.accounts import User
from lms.demonstration.answers import crooked
from lms.learning import demonstration
from lms.quiz.quiz import Quiz
from tests.browser.conftest import DESKTOP, PHONE, Site, Visit, close
from tests.conftest import Demonstrated

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def told(site: Site, demonstrated: Demonstrated, password_hash: str) -> Site:
    """The demonstration, on a server that lets its instructor in."""
    site.database.dispose()
    shutil.copy(demonstrated.file, str(site.database.engine.url.database))
    with site.database.transaction() as db:
        lets_in = update(User).where(User.login == "pengampu")
        db.execute(lets_in.values(demonstration=False, password_hash=password_hash))
    return site


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_an_instructor_finds_who_needs_them_and_the_question_that_is_wrong(
    chromium: Browser, told: Site, demonstrated: Demonstrated, screen: ViewportSize
) -> None:
    context = chromium.new_context(viewport=screen, locale="id-ID", reduced_motion="reduce")
    visit = Visit(told, context)
    visit.sign_in("pengampu")
    page = _opens_the_cohort(visit)
    cohort = page.url
    _looks_after_somebody(visit)
    visit.page.goto(cohort)
    _finds_the_question(visit, demonstrated.catalog.quizzes[demonstrated.catalog.course.pretest])
    _sees_what_a_decision_would_change(visit)
    close(context)


def _opens_the_cohort(visit: Visit) -> Page:
    page = visit.open("/pengampu")
    expect(page.locator("main")).to_contain_text("menunggu penilaian")
    page.get_by_role("link", name=demonstration.COHORTS[0], exact=True).click()
    page.wait_for_url("**/angkatan/*")
    visit.judge()
    return page


def _looks_after_somebody(visit: Visit) -> None:
    page = visit.press("Perlu perhatian", within="thead")
    person = page.locator("tbody a").first
    name = person.inner_text()
    person.click()
    page.wait_for_url("**/peserta/*")
    visit.judge()
    expect(page.locator("h1")).to_have_text(name)


def _finds_the_question(visit: Visit, pretest: Quiz) -> None:
    visit.press(pretest.title, within="main")
    page = visit.press("Soal per soal", within="main")
    bad = pretest.item(crooked(pretest).planted)
    page.locator(f"a[href*='/soal/{bad.id}']").first.click()
    page.wait_for_url(f"**/soal/{bad.id}*")
    visit.judge()
    expect(page.locator("h1")).to_contain_text(bad.title)


def _sees_what_a_decision_would_change(visit: Visit) -> None:
    page = visit.page
    page.get_by_label("Jangan dihitung").check()
    page.fill("[name=reason]", "Kunci soal ini diperiksa lagi oleh penyusunnya.")
    visit.press("Pratinjau", within="main form")
    expect(page.locator("main")).to_contain_text("berubah")
