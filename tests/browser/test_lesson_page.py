"""A lesson as it looks, where Chromium alone knows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE, Site, Visit, close, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_OPENING = """() => {
    const text = document.querySelector(".prose");
    text.className = "prose opening";
    text.innerHTML = '<p class="opens">Setiap Senin pagi antrean dibuka.</p>';
    const [paragraph, initial] = [null, "::first-letter"].map(part => getComputedStyle(text.firstChild, part));
    return [paragraph.fontSizeAdjust, initial.fontSizeAdjust, initial.initialLetter];
}"""


@pytest.fixture
def lesson(chromium: Browser, site: Site) -> Iterator[Page]:
    context = chromium.new_context(viewport=PHONE, color_scheme="dark")
    signed_in(site, context)
    yield Visit(site, context).open("/materi/adaptif/ketika-keadaan-berubah")
    close(context)


def test_a_large_initial_keeps_its_line(lesson: Page) -> None:
    """With the adjustment of the text around it, it sinks to the second line (Chromium 156, Noto Serif)."""
    text, initial, lines = lesson.evaluate(_OPENING)
    assert text != "none"
    assert (initial, lines) == ("none", "2")


def test_pictures_do_not_glare_in_the_dark(lesson: Page) -> None:
    pictures = lesson.locator(".prose img")
    expect(pictures.first).to_be_attached()
    for picture in pictures.all():
        assert picture.get_attribute("src").partition("?")[0].endswith(".svg")
        assert picture.evaluate("one => getComputedStyle(one).filter") == "invert(0.9) hue-rotate(180deg)"
