"""The figures of a cohort on a phone without scripts, and on a dark desk: readable, within the screen, axe clean."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from lms.learning import accounts, cohorts, reading
from tests.browser.conftest import DESKTOP, ON_SQLITE, PHONE, Site, Visit, close, signed_in
from tests.guided import guided, take
from tests.learning.test_regrades import class_of

pytestmark = [pytest.mark.browser, pytest.mark.slow, ON_SQLITE]
LONG = "Ada " + "Lovelace" * 14 + " Byron"


@pytest.fixture
def cohort(small_site: Site) -> str:
    """Ten people who took both quizzes of a pair, read a lesson and failed a quiz; one has a long name."""
    catalog, now = guided(), datetime.now(UTC)
    before, after = catalog.quiz("awal"), replace(catalog.quiz("simulasi"), after="awal")
    small_site.app.extensions["lms"].pack.replace(replace(catalog, quizzes={**catalog.quizzes, after.id: after}))
    people = class_of(small_site.database, 10)
    failed = catalog.quiz("desimal")
    with small_site.database.transaction() as db:
        accounts.by_login(db, "peserta0").name = LONG
        for number, user_id in enumerate(people):
            take(db, user_id, before, now=now - timedelta(days=9), blank=["awal-pecahan", "awal-desimal"][number % 3 :])
            reading.visit(db, user_id, catalog.every_lesson[0], read=True, now=now - timedelta(days=number))
            take(db, user_id, failed, now=now, blank=[item.id for item in failed.items])
            take(db, user_id, after, now=now)
        return f"/pengampu/angkatan/{cohorts.by_name(db, 'Angkatan I').id}"


def test_the_figures_are_read_on_a_phone_without_scripts_and_on_a_dark_desk(
    chromium: Browser, small_site: Site, cohort: str
) -> None:
    context = chromium.new_context(viewport=PHONE, locale="id-ID", has_touch=True, is_mobile=True)
    context.route("**/*.js", lambda route: route.abort())
    signed_in(small_site, context, "pengampu")
    visit = Visit(small_site, context)
    _read_the_map(visit.open(f"{cohort}/peta"))
    page = visit.open(f"{cohort}/kegiatan")
    expect(page.get_by_role("img", name="Orang yang belajar per pekan")).to_be_visible()
    expect(page.get_by_role("img", name="Orang yang belajar per hari")).to_be_hidden()
    expect(visit.open(f"{cohort}/perolehan").get_by_role("img", name="rata-rata dari").first).to_be_visible()
    close(context)

    context = chromium.new_context(viewport=DESKTOP, locale="id-ID", color_scheme="dark")
    signed_in(small_site, context, "pengampu")
    visit = Visit(small_site, context)
    expect(visit.open(f"{cohort}/peta").locator(".map-title").first).to_be_visible()
    visit.open(f"{cohort}/perolehan")
    visit.page.goto(f"{small_site.address}{cohort}/kegiatan")
    expect(visit.page.get_by_role("img", name="Orang yang belajar per hari")).to_be_visible()
    close(context)


def _read_the_map(page: Page) -> None:
    """The squares go by below their numbers, and whose they are stays in sight."""
    name, frame = page.get_by_role("link", name=LONG), page.get_by_role("group", name="Peta progres")
    name.scroll_into_view_if_needed()
    frame.evaluate("one => one.scrollLeft = one.scrollWidth")
    expect(name).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("img", name="0%, kuis belum lulus").first).to_be_attached()
    filled = page.locator("td .square").first.evaluate("one => getComputedStyle(one).color")
    assert filled == "rgb(31, 78, 121)", "in the colour of the house, not black"
