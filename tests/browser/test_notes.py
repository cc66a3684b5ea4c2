"""Notes in a lesson: found, read and written at 360 px; whatever the link or the tab does, no word is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from lms.db.notes import LessonMark, Note
from tests.browser.answering import nothing_waits
from tests.browser.conftest import ON_SQLITE, Phone, Site, Visit, close, close_tab

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LESSON = "/materi/pecahan/setengah"
NOTES = "**/catatan/*"
KEPT = "Tersimpan di perangkat ini. Terkirim begitu tersambung."


def held(site: Site) -> list[str]:
    with site.database.reading() as db:
        return list(db.scalars(select(Note.text).order_by(Note.written_at)))


def begin(page: Page, heading: str) -> None:
    """Press "Catat" below a heading once the script is there."""
    expect(page.locator(".note-offer")).to_be_attached()
    page.locator(f"#catatan-{heading} .note-new").tap()


def select_text(page: Page, paragraph: str, start: int, end: int) -> None:
    """As a finger does, by the letters of the first text in a paragraph."""
    page.evaluate(
        """([selector, start, end]) => {
            const text = document.querySelector(selector).firstChild;
            getSelection().setBaseAndExtent(text, start, text, end);
        }""",
        [paragraph, start, end],
    )


def test_from_the_search_to_the_passage_and_its_note(chromium: Browser, small_site: Site, screen: Any) -> None:
    context = chromium.new_context(viewport=screen, locale="id-ID", has_touch=True, reduced_motion="reduce")
    visit = Visit(small_site, context)
    visit.sign_in("peserta")
    page = visit.open("/cari?q=penutup")
    page.locator(f"a[href='{LESSON}#bagian-penutup']").first.click()
    expect(page.locator(".note-offer")).to_be_attached()
    select_text(page, ".opening > p", 10, 20)
    page.get_by_role("button", name="Catat bagian ini").tap()
    form = page.locator(".note-form")
    expect(form.locator("blockquote")).to_have_text("roti dibagi dua.")
    visit.judge()
    form.get_by_role("textbox").fill("Rotinya dua.\nPenggaris!")
    form.get_by_role("button", name="Simpan").tap()
    note = page.locator("#catatan-awal .note")
    expect(note.locator(".note-change")).to_have_text("Ubah atau hapus: Rotinya dua. Penggaris!")
    visit.judge()
    assert note.get_attribute("data-start") == "7", "the server counts as the page does"
    marked = "[...CSS.highlights.get('catatan')].map(String)"
    assert page.evaluate(marked) == ["roti dibagi dua."]
    page = visit.open("/cari?q=pengaris")
    page.get_by_role("link", name="Setengah").first.click()
    expect(note).to_have_attribute("open", "")
    expect(note.locator(".note-text")).to_be_visible()
    assert page.evaluate(marked) == ["roti dibagi dua."]
    page.get_by_role("button", name="Belum paham").tap()
    expect(page.locator("#tanda")).to_contain_text("tanpa nama")
    expect(page.get_by_role("button", name="Belum paham")).to_be_focused()
    visit.open("/catatan")
    close(context)


@ON_SQLITE
def test_what_was_written_without_a_link_arrives_from_any_page_after_the_tab_was_closed(phone: Phone) -> None:
    page = phone.come(LESSON)
    begin(page, "bagian-penutup")
    page.locator(".note-form textarea").fill("belum sele")
    close_tab(page)
    page = phone.open(LESSON)
    draft = page.locator(".note-form")
    expect(draft).to_contain_text("Belum disimpan")
    expect(draft.locator("textarea")).to_have_value("belum sele")
    phone.context.set_offline(True)
    draft.locator("textarea").fill("sudah selesai")
    draft.get_by_role("button", name="Simpan").tap()
    note = page.locator("#catatan-bagian-penutup .note")
    expect(note).to_contain_text(KEPT)
    note.locator(".note-change").tap()
    page.locator(".note-form textarea").fill("sudah selesai, dan diubah")
    page.locator(".note-form").get_by_role("button", name="Simpan").tap()
    expect(note.locator(".note-text")).to_have_text("sudah selesai, dan diubah")
    expect(note).to_contain_text(KEPT)
    page.get_by_role("button", name="Belum paham").tap()
    expect(page.locator("#tanda")).to_contain_text(KEPT)
    close_tab(page)
    assert held(phone.site) == []
    phone.context.set_offline(False)
    page = phone.open("/glosarium")
    expect(page.locator(".notice", has_text="sudah terkirim")).to_contain_text("Catatan “sudah selesai, dan diubah”")
    nothing_waits(page)
    assert held(phone.site) == ["sudah selesai, dan diubah"]
    with phone.site.database.reading() as db:
        assert db.scalars(select(LessonMark.is_set)).all() == [True]
    page.goto(phone.site.address + LESSON)
    expect(page.locator(".note-form")).to_have_count(0)
    expect(page.locator("#catatan-bagian-penutup .note summary")).to_contain_text("sudah selesai, dan diubah")


@ON_SQLITE
def test_a_note_that_waits_is_shown_at_its_place_and_one_of_two_devices_takes_nothing_from_the_other(
    phones: Callable[[], Phone],
) -> None:
    phone, tablet = phones(), phones()
    page = phone.come(LESSON)
    begin(page, "bagian-gambarnya")
    page.locator(".note-form textarea").fill("awal")
    page.locator(".note-form").get_by_role("button", name="Simpan").tap()
    note = page.locator("#catatan-bagian-gambarnya .note")
    expect(note.locator(".saving")).to_have_count(0)
    other = tablet.come(LESSON)
    phone.cut(NOTES)
    for here, text in ((page, "dari ponsel"), (other, "dari tablet")):
        expect(here.locator(".note-offer")).to_be_attached()
        mine = here.locator("#catatan-bagian-gambarnya .note")
        if not mine.get_attribute("open"):
            mine.evaluate("note => { note.open = true; }")
        mine.locator(".note-change").tap()
        here.locator(".note-form textarea").fill(text)
        here.locator(".note-form").get_by_role("button", name="Simpan").tap()
        expect(mine.locator(".note-text")).to_have_text(text)
    expect(note).to_contain_text(KEPT)
    expect(other.locator(".note .saving")).to_have_count(0)
    assert held(phone.site) == ["dari tablet"]
    page.reload()
    expect(note).to_contain_text(KEPT)
    expect(note.locator(".note-text")).to_have_text("dari ponsel")
    phone.mend(NOTES)
    expect(note).to_have_count(2)
    expect(page.locator("#catatan-bagian-gambarnya")).to_contain_text("Keduanya disimpan")
    nothing_waits(page)
    assert sorted(held(phone.site)) == ["dari ponsel", "dari tablet"]
