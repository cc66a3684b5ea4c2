"""What an instructor prints, and sees where the system chooses the colours: nothing to press, nothing lost."""

from __future__ import annotations

from contextlib import closing

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from lms.learning import cohorts
from tests.browser.conftest import ON_SQLITE, Site, signed_in
from tests.features.quiz_analysis.test_views import SIZE, all_take
from tests.learning.test_regrades import class_of

pytestmark = [pytest.mark.browser, pytest.mark.slow, ON_SQLITE]

#: Between the margins of an A4 sheet.
SHEET: ViewportSize = {"width": 628, "height": 900}


@pytest.fixture
def cohort(small_site: Site) -> str:
    quiz = small_site.app.extensions["lms"].pack.current().quiz("pecahan")
    all_take(small_site.database, quiz, class_of(small_site.database, SIZE))
    with small_site.database.transaction() as db:
        return f"{small_site.address}/pengampu/angkatan/{cohorts.by_name(db, 'Angkatan I').id}"


def test_paper_holds_all_columns_and_nothing_to_press(chromium: Browser, small_site: Site, cohort: str) -> None:
    with closing(chromium.new_context(viewport=SHEET, locale="id-ID")) as context:
        signed_in(small_site, context, "pengampu")
        page = context.new_page()
        page.emulate_media(media="print")
        for path in ("/peta", "/kuis/pecahan", "/kuis/pecahan/soal/k-terbesar", "/kuis/pecahan/analisis", "/peserta"):
            page.goto(cohort + path)
            _nothing_to_press(page)
            cut = page.evaluate(
                "[...document.querySelectorAll('.table')].filter((one) => one.scrollWidth > innerWidth)"
            )
            assert not cut, path
        page.goto(f"{cohort}/kuis/pecahan?percobaan=pertama")
        expect(page.locator(".pages li").locator("visible=true")).to_have_text("Pertama")
        page.get_by_role("link", name="Peserta 1", exact=True).click()
        _nothing_to_press(page)


def _nothing_to_press(page: Page) -> None:
    expect(page.locator("main .button:not([aria-current]), main form button").locator("visible=true")).to_have_count(0)
    expect(page.locator("main input, main textarea").locator("visible=true")).to_have_count(0)


def test_what_is_drawn_or_chosen_is_seen_in_the_colours_of_the_system(
    chromium: Browser, small_site: Site, cohort: str
) -> None:
    with closing(
        chromium.new_context(viewport=SHEET, locale="id-ID", forced_colors="active", color_scheme="dark")
    ) as context:
        signed_in(small_site, context, "pengampu")
        page = context.new_page()
        page.goto(f"{cohort}/kuis/pecahan")
        letters = _style(page, "main", "color")
        assert _style(page, ".bars svg", "fill") == letters
        assert _style(page, ".pages [aria-current]", "borderTopWidth") == "3px"
        page.goto(f"{small_site.address}/pengampu")
        assert _style(page, "progress", "forcedColorAdjust") == "none", "or its bar is as empty as its ground"
        assert _style(page, "progress", "color") == letters


def _style(page: Page, selector: str, name: str) -> str:
    return str(page.locator(selector).first.evaluate(f"one => getComputedStyle(one).{name}"))
