"""Going back, reloading and signing out in the middle of a quiz: nothing is lost, and nothing is handed in twice."""

from __future__ import annotations

from uuid import UUID

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from lms.db.attempts import Mark
from tests.browser.answering import attempt_id, held, question, touch
from tests.browser.conftest import ON_SQLITE, Site, Visit
from tests.browser.test_every_kind import script, visit  # noqa: F401 – fixtures

pytestmark = [pytest.mark.browser, pytest.mark.slow, ON_SQLITE]


@pytest.mark.parametrize("script", ["no script"], indirect=True)
def test_back_forward_and_reload_around_the_last_question_lose_and_repeat_nothing(
    visit: Visit,  # noqa: F811
    small_site: Site,
) -> None:
    page = visit.page
    attempt = attempt_id(page)
    here = f"{small_site.address}/percobaan/{attempt}"
    touch(page, "sj-tunggal", ["b"])
    visit.press("Kumpulkan", within=".finish")
    expect(page.locator("h1")).to_have_text("Kumpulkan sekarang?")
    page.go_back()
    expect(question(page, "sj-tunggal").locator("[value=b]")).to_be_checked()
    page.go_forward()
    expect(page.locator("h1")).to_have_text("Kumpulkan sekarang?")
    page.reload()
    expect(page.locator("main")).to_contain_text("1 dari 10 soal dijawab")
    visit.press("Kumpulkan sekarang")
    for step in (page.go_back, page.go_back, page.go_forward, page.reload):
        step()
        expect(page).to_have_url(f"{here}/hasil")
        expect(page.locator("main")).to_contain_text("Bukti kumpul")
    assert held(small_site, attempt) == {"sj-tunggal": ["b"]}
    with small_site.database.reading() as db:
        assert db.scalar(select(func.count()).where(Mark.attempt_id == UUID(attempt))) == 10, "each was marked once"


@pytest.mark.parametrize("script", ["script"], indirect=True)
def test_whoever_signs_out_is_told_what_runs_and_what_was_not_sent(visit: Visit, small_site: Site) -> None:  # noqa: F811
    page = visit.page
    attempt = attempt_id(page)
    visit.context.route("**/simpan", lambda route: route.abort())
    number = question(page, "sj-angka").locator("[type=text]")
    number.fill("tujuh setengah")
    number.blur()
    wrong = question(page, "sj-angka").get_by_role("alert")
    expect(wrong).to_contain_text("misalnya 14 atau 0,5")
    number.fill("7,5 kg")
    expect(wrong).to_be_hidden()
    touch(page, "sj-tunggal", ["b"])
    expect(question(page, "sj-tunggal")).to_contain_text("tersimpan di perangkat ini")
    visit.open("/akun")
    visit.press("Keluar", within="main")
    expect(page).to_have_url(f"{small_site.address}/keluar")
    main = page.locator("main")
    expect(main).to_contain_text("Semua jenis soal: 2 jawaban")
    expect(main).to_contain_text("Waktunya terus berjalan sampai")
    visit.judge()
    visit.context.unroute("**/simpan")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(main.get_by_text("Belum terkirim")).to_be_hidden()
    assert held(small_site, attempt) == {"sj-angka": ["7,5 kg"], "sj-tunggal": ["b"]}
    visit.press("Tetap keluar")
    expect(page.locator("body")).to_contain_text("Anda sudah keluar")
