"""An instructor's way from the results of a quiz to its bad question, and to those who can mend it, at both widths."""

from __future__ import annotations

from contextlib import closing

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import DESKTOP, PHONE, Site, Visit, signed_in
from tests.features.quiz_analysis.test_views import SIZE, all_take
from tests.learning.test_regrades import class_of
from tests.web.test_what_pages_tell import ON_SQLITE

pytestmark = [pytest.mark.browser, pytest.mark.slow, ON_SQLITE]


def test_from_the_results_to_the_bad_question_and_to_the_editors(chromium: Browser, small_site: Site) -> None:
    all_take(
        small_site.database,
        small_site.app.extensions["lms"].pack.current().quiz("pecahan"),
        class_of(small_site.database, SIZE),
    )
    with closing(chromium.new_context(viewport=PHONE, locale="id-ID", reduced_motion="reduce")) as context:
        signed_in(small_site, context, "pengampu")
        visit = Visit(small_site, context)
        page = visit.page
        page.goto(f"{small_site.address}/pengampu")
        page.get_by_role("link", name="Angkatan I").click()
        page.get_by_role("link", name="Kuis pecahan").click()
        page.get_by_role("link", name="Analisis soal").click()
        page.get_by_role("button", name="Hitung sekarang").click()
        worst = page.locator("article").first
        expect(worst).to_contain_text("Kunci mungkin B")
        visit.judge()
        assert page.locator("table").count() == 0, "on a phone no table of twelve columns"
        worst.get_by_role("link", name="Lihat soal ini").click()
        expect(page.locator("#temuan")).to_be_in_viewport()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "axe looks at it on a wide screen"
        page.get_by_role("link", name="Usulkan perubahan").first.click()
        page.get_by_label("Apa yang sebaiknya diubah?").fill("Kuncinya seharusnya pilihan kedua.")
        page.get_by_role("button", name="Kirim usulan").click()
        expect(page.locator("#laporan + article")).to_be_in_viewport()
        wide = context.new_page()
        wide.set_viewport_size(DESKTOP)
        wide.goto(page.url)
        visit.page = wide
        visit.judge()
        wide.get_by_role("link", name="Nilai ulang").first.click()
        expect(wide.get_by_role("radio", name="Kunci baru")).to_be_checked()
