"""On a phone that people of a portal share: they sign in at the portal only, and of one the next one sees nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.answering import attempt_id, held, nothing_waits, question, touch
from tests.browser.conftest import ON_SQLITE, PHONE, Site, Visit, close, serve
from tests.host.conftest import two  # noqa: F401 – a fixture
from tests.host.portal import Portal

pytestmark = [pytest.mark.browser, pytest.mark.slow, ON_SQLITE]


@pytest.fixture
def site(two: Portal, password_hash: str) -> Iterator[Site]:  # noqa: F811
    """The portal with both mounts; ``database`` is that of the first."""
    yield from serve(two.app, two.app.extensions["lms"]["/latsar"].database, password_hash)


@pytest.fixture
def visit(chromium: Browser, site: Site) -> Iterator[Visit]:
    context = chromium.new_context(
        viewport=PHONE, locale="id-ID", has_touch=True, is_mobile=True, reduced_motion="reduce", service_workers="allow"
    )
    yield Visit(site, context)
    close(context)


def sign_in(page: Page, name: str) -> None:
    """At the portal, wherever it leads from there."""
    page.get_by_label("Nama").fill(name)
    page.get_by_role("button", name="Masuk ke portal").click()
    page.wait_for_load_state()


def test_a_quiz_is_taken_by_who_signed_in_at_the_portal_and_by_nobody_after_them(
    visit: Visit,
    site: Site,
    two: Portal,  # noqa: F811
) -> None:
    two.add("Ada Lovelace", cohorts={"Angkatan I": "participant"})
    two.add("Mallory")
    page = visit.open("/latsar/kuis/pecahan")
    assert page.url.startswith(f"{site.address}/masuk?next=")
    sign_in(page, "Ada Lovelace")
    expect(page).to_have_url(f"{site.address}/latsar/kuis/pecahan")
    visit.judge()
    visit.press("Mulai")
    attempt = attempt_id(page)
    touch(page, "k-terbesar", ["a"])
    expect(question(page, "k-terbesar")).to_contain_text("tersimpan di server")
    visit.context.route("**/simpan", lambda route: route.abort())
    touch(page, "k-pernyataan", ["false"])
    expect(question(page, "k-pernyataan")).to_contain_text("tersimpan di perangkat ini")

    # She signs out at the portal, and Mallory takes the phone. Her page is still open.
    other = visit.context.new_page()
    other.goto(f"{site.address}/keluar")
    visit.context.unroute("**/simpan")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("body")).to_contain_text("Sesi Anda sudah berakhir")
    other.goto(f"{site.address}/latsar/percobaan/{attempt}")
    assert other.url.startswith(f"{site.address}/masuk?next=")
    sign_in(other, "Mallory")
    expect(other.locator("h1")).to_have_text("Halaman tidak ditemukan")
    for path in ("/latsar/beranda", "/latsar/kuis/pecahan", "/latsar/akun", "/latsar/luring"):
        other.goto(f"{site.address}{path}")
        expect(other.locator("body")).not_to_contain_text("Ada Lovelace")
        expect(other.locator("body")).not_to_contain_text("Lanjutkan")
    page.evaluate("dispatchEvent(new Event('online'))")
    touch(page, "k-terbesar", ["b"])
    expect(question(page, "k-terbesar")).to_contain_text("tersimpan di perangkat ini")
    assert held(site, attempt) == {"k-terbesar": ["a"]}
    assert other.evaluate("caches.keys()") == []

    # Back at it, what she did is sent, and the second mount knows her, too.
    other.goto(f"{site.address}/keluar")
    other.goto(f"{site.address}/masuk?next=/latsar/beranda")
    sign_in(other, "Ada Lovelace")
    nothing_waits(other)
    assert held(site, attempt) == {"k-terbesar": ["b"], "k-pernyataan": ["false"]}
    page.goto(f"{site.address}/kursus/kuis/pecahan")
    expect(page.locator("h1")).to_have_text("Ujian pecahan")
    visit.judge()
    page.goto(f"{site.address}/latsar/akun")
    visit.judge()
    expect(page.locator("main")).to_contain_text("Akun dari portal")
    visit.press("Keluar", within="main")
    expect(page).to_have_url(f"{site.address}/latsar/keluar")
    visit.press("Keluar dari portal", within="main")
    expect(page.locator("main")).to_contain_text("Belum masuk")
    page.goto(f"{site.address}/kursus/beranda")
    assert page.url.startswith(f"{site.address}/masuk?next=")
