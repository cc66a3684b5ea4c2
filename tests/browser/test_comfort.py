"""Reading in comfort: colours and letters, a voice, keys. What a device brings of its own is given to it here."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Site, Visit, close, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LESSON = "/materi/adaptif/ketika-keadaan-berubah"
QUIZ = "/kuis/adaptif"

#: A device whose Indonesian voice turns up late, and which has said each utterance as soon as the test says so.
_VOICE = """(() => {
    let voices = [{lang: "en-US"}];
    let saying = null;
    window.said = [];
    const speech = {
        onvoiceschanged: null,
        getVoices: () => voices,
        speak(utterance) { saying = utterance; said.push(utterance.text); },
        cancel() { saying = null; },
    };
    window.finish = () => saying.onend();
    window.learnIndonesian = () => { voices = [...voices, {lang: "id_ID"}]; speech.onvoiceschanged(); };
    Object.defineProperty(window, "speechSynthesis", {value: speech});
    window.SpeechSynthesisUtterance = function (text) { this.text = text; };
})()"""


@pytest.fixture
def phone(chromium: Browser, site: Site) -> Iterator[Visit]:
    yield from _visit(site, chromium.new_context(viewport=PHONE))


@pytest.fixture
def desktop(chromium: Browser, site: Site) -> Iterator[Visit]:
    yield from _visit(site, chromium.new_context(viewport=DESKTOP))


def _visit(site: Site, context: BrowserContext) -> Iterator[Visit]:
    context.add_init_script(_VOICE)
    signed_in(site, context)
    yield Visit(site, context)
    close(context)


def _can_be_read(page: Page) -> None:
    """The contrast of letters, by axe; the rest is no matter of colours and judged once."""
    found = Axe().run(page, options={"runOnly": ["color-contrast"]})
    assert not found.response["violations"], found.generate_report()


def _look(page: Page) -> str | None:
    return page.locator("html").get_attribute("data-look")


def test_each_theme_can_be_read_in_a_lesson_and_in_a_quiz_with_the_largest_letters(phone: Visit) -> None:
    page = phone.page
    page.goto(phone.site.address + QUIZ)
    page.locator("main").get_by_role("button", name="Mulai").click()
    page.wait_for_url("**/percobaan/**")
    sitting = page.url.removeprefix(phone.site.address)
    for theme in ("terang", "gelap", "sepia"):
        page.goto(phone.site.address + LESSON)
        page.locator("main").get_by_role("link", name="Tampilan").click()
        page.wait_for_load_state("networkidle")  # its script comes once the page is there
        page.select_option("[name=theme]", theme)
        expect(page.locator("html")).to_have_attribute("data-look", re.compile(theme))
        page.select_option("[name=size]", "terbesar")
        page.select_option("[name=width]", "lebar")
        page.get_by_role("link", name="Kembali membaca").click()
        assert page.url.endswith(LESSON)
        assert _look(page) == f"terbesar lebar {theme}"
        _can_be_read(page)
        page.goto(phone.site.address + sitting)
        assert _look(page) == f"terbesar lebar {theme}", "kept without the button"
        _can_be_read(page)
    phone.judge()
    phone.open(LESSON)


def test_without_a_script_the_button_keeps_it_and_leads_back(chromium: Browser, site: Site) -> None:
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(site.address + "/tampilan")
    page.select_option("[name=theme]", "sepia")
    page.get_by_role("button", name="Terapkan").click()
    assert page.url == site.address + "/tampilan"
    assert _look(page) == "sepia"
    assert not page.get_by_label("Pakai pintasan di perangkat ini").is_visible()
    close(context)


def test_a_lesson_is_read_aloud_from_heading_to_heading_where_there_is_a_voice(phone: Visit) -> None:
    page = phone.page
    page.goto(phone.site.address + LESSON)
    button = page.get_by_role("button", name="Dengarkan")
    expect(button).not_to_be_visible()
    page.wait_for_load_state("networkidle")
    page.evaluate("learnIndonesian()")
    button.click()
    expect(page.locator(".aloud")).to_contain_text("Listrik padam pukul delapan")
    page.evaluate("finish()")
    page.get_by_role("button", name="Jeda").click()
    page.get_by_role("button", name="Lanjut", exact=True).click()
    said = page.evaluate("said")
    assert said[1] == said[2] == "Kasus rekaan. ", "it goes on with the sentence it was in"
    page.get_by_role("button", name="Lewati").click()
    expect(page.locator(".aloud")).to_have_text("Apa yang dilihat Laila")
    expect(page.locator(".aloud")).to_be_in_viewport()
    phone.judge()
    page.get_by_role("button", name="Berhenti").click()
    expect(page.locator(".aloud")).to_have_count(0)
    expect(button).to_be_focused()


def listening(page: Page) -> None:
    """Keys do something once the script of all comforts has come, which is after the page."""
    comforts = "performance.getEntriesByType('resource').find(({ name }) => name.includes('comforts'))"
    page.wait_for_function(f"() => {comforts}")
    page.evaluate(f"() => import({comforts}.name).then(() => null)")  # the same one, when it has run


def test_one_key_does_what_the_list_says_unless_somebody_types_or_switched_it_off(desktop: Visit) -> None:
    page = desktop.page
    page.goto(desktop.site.address + LESSON)
    listening(page)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Pintasan papan tik")
    expect(dialog).to_be_visible()
    desktop.judge()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.keyboard.press("Control+j")
    page.keyboard.press("j")
    page.wait_for_url("**/inovasi-kecil-yang-teruji")
    listening(page)
    page.keyboard.press("/")
    page.wait_for_url("**/cari")
    listening(page)
    page.keyboard.press("/")
    expect(page.locator("main [type=search]")).to_be_focused()
    page.keyboard.type("b/?j")
    expect(page.locator("main [type=search]")).to_have_value("b/?j")
    page.locator("h1").click()
    page.keyboard.press("t")
    page.wait_for_url("**/tampilan")
    page.goto(desktop.site.address + QUIZ)
    page.locator("main").get_by_role("button", name="Mulai").click()
    page.wait_for_url("**/percobaan/**")
    sitting = page.url
    for key in "/bt":  # none leads out of a quiz
        page.keyboard.press(key)
    page.wait_for_timeout(300)
    assert page.url == sitting
    page.goto(desktop.site.address + "/tampilan")
    page.get_by_label("Pakai pintasan di perangkat ini").uncheck()
    page.goto(desktop.site.address + LESSON)
    listening(page)
    page.keyboard.press("j")
    page.keyboard.press("?")
    page.wait_for_timeout(300)
    assert page.url.endswith(LESSON)
    expect(dialog).to_have_count(0)
