"""The first day as people meet it: the pre-test, the plan that it orders, the day by which they want to be done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import DESKTOP, PHONE, Site, Visit, close
from tests.guided import guided

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_from_the_first_day_by_the_pre_test_to_a_plan_that_follows_it(chromium: Browser, small_site: Site) -> None:
    """On each database on a phone and on a desktop, one of them without a script."""
    small_site.app.extensions["lms"].pack.replace(guided())
    on_sqlite = small_site.database.engine.dialect.name == "sqlite"
    for login, screen, script in (("peserta", PHONE, on_sqlite), ("lain", DESKTOP, not on_sqlite)):
        context = chromium.new_context(viewport=screen, locale="id-ID", reduced_motion="reduce")  # type: ignore[arg-type]
        if not script:
            context.route("**/*.js", lambda route: route.abort())
        _walk(Visit(small_site, context), login)
        close(context)


def _walk(visit: Visit, login: str) -> None:
    page = visit.sign_in(login)
    main = page.locator("main")
    expect(main).to_contain_text("Lulus ujian bilangan")
    visit.press("Mulai dari uji awal")
    visit.press("Mulai", within="main form")
    for question, option in (("awal-pecahan", "a"), ("awal-desimal", "b"), ("awal-sejarah", "a")):
        page.locator(f"[name=answer-{question}][value={option}]").check()
    page.get_by_role("button", name="Kumpulkan").first.click()
    page.wait_for_url("**/hasil")

    visit.open("/beranda")
    expect(main.locator("a.button-main")).to_have_attribute("href", "/materi/desimal/koma")
    expect(main).to_contain_text("paling banyak meleset: Desimal")
    visit.press("Pilih tanggal selesai")
    page.fill("[name=finish_on]", (datetime.now(UTC) + timedelta(days=20)).date().isoformat())
    visit.press("Susun rencana")
    expect(main).to_contain_text("Selesai pada")
    expect(main.locator(".toc a").first).to_have_attribute("href", "/materi/desimal/koma")
    visit.press("Buat alamat kalender")
    assert "/kalender/" in page.get_by_label("Alamat kalender").input_value()

    visit.open("/cari?q=setengah")
    expect(main.locator("mark").first).to_contain_text("etengah")
    visit.open("/materi/desimal/koma")
    page.get_by_role("button", name="Selesai & lanjut").click()
    page.wait_for_url("**/kuis/desimal")
