"""The main job from end to end, as people do it: on a phone and on a desktop, with JavaScript and without."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from lms.catalog.model import Catalog, Lesson
from lms.quiz.item import Item
from lms.quiz.quiz import Quiz
from tests.browser.conftest import DESKTOP, PHONE, Site, Visit, close

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: On a phone with a bad link the script may not come; the pages without it are the same on a desktop.
WAYS = {"phone": (PHONE, True), "phone, no script": (PHONE, False), "desktop": (DESKTOP, True)}


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> tuple[dict[str, int], bool]:
    return WAYS[request.param]


@pytest.fixture
def screen(way: tuple[dict[str, int], bool]) -> dict[str, int]:
    return way[0]


@pytest.fixture
def script(way: tuple[dict[str, int], bool]) -> bool:
    return way[1]


@pytest.fixture
def window(chromium: Browser, site: Site, screen: dict[str, int], script: bool) -> Iterator[Any]:
    """Opens a new private window for one person."""
    contexts = []

    def open_one() -> Visit:
        context = chromium.new_context(
            viewport=screen,
            locale="id-ID",
            has_touch=screen is PHONE,
            is_mobile=screen is PHONE,
            reduced_motion="reduce",
        )
        if not script:
            # With JavaScript off Chromium settles no promise, so axe could not look; no script arriving is as bare.
            context.route("**/*.js", lambda route: route.abort())
        contexts.append(context)
        return Visit(site, context)

    yield open_one
    for context in contexts:
        close(context)


def test_from_signing_in_to_a_passed_quiz_and_the_instructors_view_of_it(window: Any, site: Site, script: bool) -> None:
    catalog: Catalog = site.app.extensions["lms"].pack.current()
    module = catalog.module("manajemen-asn")
    quiz = module.quizzes[0]
    peserta = window()
    peserta.open("/")
    page = peserta.sign_in("peserta")
    expect(page.locator("main")).to_contain_text("Target Anda")

    for lesson in module.lessons:
        _read(peserta, lesson)
    peserta.open("/materi/manajemen-asn")
    _take(peserta, quiz, script=script)
    expect(page.locator("main")).to_contain_text("100%")
    expect(page.locator("main")).to_contain_text("Lulus")

    peserta.open("/progres")
    block = page.locator("details", has=page.get_by_text("Manajemen ASN")).first
    expect(block).to_contain_text("100%")
    peserta.open("/beranda")
    expect(page.locator("main")).to_contain_text(quiz.title)
    for path in ("/materi", "/regulasi", "/regulasi/uu-20-2023", "/regulasi/uu-5-2014", "/glosarium", "/akun"):
        peserta.open(path)
    peserta.press("Keluar", within="main")

    _review(window(), quiz)


def _read(visit: Visit, lesson: Lesson) -> None:
    """Answer the self-checks, each with its key, and press the button at the end."""
    page = visit.open(f"/materi/{lesson.module}/{lesson.slug}")
    expect(page.locator("h1")).to_have_text(lesson.title)
    for item in lesson.checks:
        block = page.locator(f"#cek-{item.id}")
        _answer(block, item)
        block.get_by_role("button", name="Periksa").click()
        expect(page.locator(f"#cek-{item.id} .verdict")).to_contain_text("Benar")
    visit.judge()
    with page.expect_navigation():  # by the form, or by the script once the server has it
        page.get_by_role("button", name="Selesai & lanjut").click()
    visit.judge()


def _answer(block: Any, item: Item) -> None:
    for part in item.key() or ():
        row, equals, text = part.partition("=")
        if (choice := block.locator(f"input[value='{part}']")).count():
            choice.check()
        elif equals and (typed := block.locator(f"[name='{item.field}.{row}']")).count():
            typed.fill(text)
        elif equals:
            folded = block.locator("details:has(.rows):not([open]) > summary")
            if folded.count():
                folded.click()
            block.locator(f"select:has(option[value='{part}'])").select_option(part)
        else:
            block.locator("input[type=text]").fill(part)


def _take(visit: Visit, quiz: Quiz, *, script: bool) -> None:
    """Start, leave one question open, be asked, answer it too, submit."""
    page = visit.open(f"/kuis/{quiz.id}")
    expect(page.locator("main")).to_contain_text(str(quiz.length))
    visit.press("Mulai")
    *most, last = map(quiz.item, page.locator("[data-item]").evaluate_all("all => all.map(one => one.dataset.item)"))
    assert len(most) + 1 == quiz.length
    for item in most:
        _answer(page.locator(f"[data-item='{item.id}']"), item)
    if script:
        for item in most:
            expect(page.locator(f"[data-item='{item.id}']")).to_contain_text("tersimpan di server")
    visit.press("Kumpulkan")
    expect(page.locator("main")).to_contain_text("belum dijawab")
    if not script:  # it asks on a page of its own
        page.get_by_role("link", name="Kembali mengerjakan").first.click()
    _answer(page.locator(f"[data-item='{last.id}']"), last)
    if script:
        expect(page.locator(f"[data-item='{last.id}']")).to_contain_text("tersimpan di server")
    if not script:
        visit.press("Kumpulkan", within=".finish")
    page.get_by_role("button", name="Kumpulkan sekarang").click()  # a script sends it, so no load can be waited for
    expect(page).to_have_url(f"{visit.site.address}/percobaan/{_attempt_id(page)}/hasil")
    page.wait_for_load_state()
    visit.judge()


def _attempt_id(page: Page) -> str:
    return page.url.split("/percobaan/")[1].split("/")[0]


def _review(visit: Visit, quiz: Quiz) -> None:
    page = visit.sign_in("pengampu")
    visit.open("/pengampu")
    visit.press("Angkatan I", within="main")
    expect(page.locator("main")).to_contain_text("Perlu perhatian")
    expect(page.locator("main")).to_contain_text("belum mulai")
    visit.press(quiz.title, within="main")
    expect(page.locator("main")).to_contain_text("100%")
    page.locator("main a[href*='/pengampu/percobaan/']").first.click()
    page.wait_for_load_state()
    visit.judge()
    expect(page.locator("main")).to_contain_text("Peserta")


def test_what_a_person_does_wrong_is_told_in_words(window: Any, site: Site, script: bool) -> None:
    visit = window()
    visit.open("/masuk")
    visit.page.fill("[name=login]", "peserta")
    visit.page.fill("[name=password]", "salah sekali ini")
    visit.press("Masuk", within="main")
    expect(visit.page.locator("main")).to_contain_text("tidak cocok")
    visit.open("/tak/ada")
    expect(visit.page.locator("main")).to_contain_text("Halaman tidak ditemukan")
    visit.open("/undangan/kadaluwarsa")
    expect(visit.page.locator("main")).to_contain_text("kedaluwarsa")
    visit.sign_in("penyunting")
    visit.open("/pengampu")
    expect(visit.page.locator("main")).to_contain_text("tidak berwenang")
