"""What is done in a lesson waits like an answer: whatever the link does, nothing that was pressed is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from lms.catalog.load import load
from lms.catalog.source import Folder
from lms.db.accounts import User
from lms.db.learning import LessonRecord, SelfCheck
from lms.quiz.items.registry import ITEM_KINDS
from tests.browser.answering import nothing_waits, until
from tests.browser.conftest import ON_SQLITE, Phone, Site, close_tab
from tests.browser.test_bad_link import arrives_unanswered
from tests.catalog.memory import InMemory
from tests.conftest import PACK

# Which answer wins is asked of both engines in tests/learning/test_reading.py.
pytestmark = [pytest.mark.browser, pytest.mark.slow, ON_SQLITE]

LESSON, NEXT = "/materi/pecahan/setengah", "/materi/pecahan/sepertiga"
CHECKS, ENDS = "**/cek/*", "**/selesai"
KEPT = "Tersimpan di perangkat ini. Terkirim begitu tersambung; "


def reads(phone: Phone, login: str = "peserta") -> Page:
    return phone.come(LESSON, login)


def check(page: Page, item: str = "cek-bagian") -> Locator:
    return page.locator(f"#cek-{item}")


def press(page: Page, value: str, item: str = "cek-bagian") -> None:
    check(page, item).locator(f"label:has([value={value}])").tap()
    check(page, item).get_by_role("button", name="Periksa").tap()


def held(site: Site, login: str = "peserta") -> dict[str, list[str]]:
    """The self-checks as the server holds them."""
    with site.database.reading() as db:
        found = select(SelfCheck.item, SelfCheck.response).join(User, User.id == SelfCheck.user_id)
        return {row.item: row.response for row in db.execute(found.where(User.login == login))}


def is_read(site: Site) -> bool:
    with site.database.reading() as db:
        return db.execute(select(LessonRecord.lesson).where(LessonRecord.read_at.is_not(None))).first() is not None


def test_what_is_pressed_while_the_server_is_away_is_kept_told_and_comes_by_itself(phone: Phone) -> None:
    page = reads(phone)
    for pattern in (CHECKS, ENDS):
        phone.context.route(pattern, lambda route: route.fulfill(status=503, body="away"))
    press(page, "b")
    expect(check(page)).to_contain_text(KEPT + "pembahasannya tampil saat itu.")
    page.locator("#akhir button").tap()
    expect(page.locator("#akhir")).to_contain_text(KEPT + "materi berikutnya dapat dibuka saat itu.")
    page.reload()
    expect(check(page)).to_contain_text(KEPT)
    expect(check(page).locator("[value=b]")).to_be_checked()
    expect(page.locator("#akhir")).to_contain_text(KEPT)
    assert (held(phone.site), is_read(phone.site)) == ({}, False)
    phone.mend(CHECKS, ENDS)
    expect(check(page)).to_contain_text("Itu sepertiga.")
    expect(page.locator("#angka")).to_contain_text("1 dari 2 cek diri dijawab")
    expect(page.locator("#akhir")).to_contain_text("Masih ada 1")
    expect(page.locator("#akhir")).to_contain_text("materi berikutnya dapat dibuka.")
    nothing_waits(page)
    assert (held(phone.site), is_read(phone.site)) == ({"cek-bagian": ["b"]}, True)
    press(page, "true", "cek-benar")
    expect(check(page, "cek-benar").locator(".verdict")).to_be_focused()
    expect(page.locator("#akhir")).to_contain_text("Materi ini sudah selesai.")
    expect(page.locator("#di-sini .mark-done")).to_be_attached()
    page.locator("#akhir button").tap()
    page.wait_for_url(f"**{NEXT}")


def test_two_taps_at_the_end_are_one_and_leave_nothing_that_the_next_page_calls_held(phone: Phone) -> None:
    page = reads(phone)
    sent = []
    page.on("request", lambda asked: sent.append(asked.url) if asked.url.endswith("/selesai") else None)
    page.locator("#akhir button").dblclick()
    page.wait_for_url("**/sepertiga")
    assert len(sent) == 1
    nothing_waits(page)


def test_an_answer_whose_acknowledgement_is_lost_does_not_replace_what_another_device_said_later(
    phones: Callable[[], Phone],
) -> None:
    phone, tablet = phones(), phones()
    page, other = reads(phone), reads(tablet)
    phone.context.route(CHECKS, arrives_unanswered)
    press(page, "b")
    expect(check(page)).to_contain_text(KEPT)
    assert held(phone.site) == {"cek-bagian": ["b"]}
    press(other, "a")
    expect(check(other)).to_contain_text("Pilihan Anda, tepat")
    phone.mend(CHECKS)
    expect(check(page)).to_contain_text("Ini jawaban Anda yang lebih baru, dari tab atau perangkat lain.")
    expect(check(page)).to_contain_text("Pilihan Anda, tepat")
    nothing_waits(page)
    assert held(phone.site) == {"cek-bagian": ["a"]}


def test_what_a_closed_tab_left_is_sent_from_any_page_and_what_left_the_pack_stands_in_nobodys_way(
    phone: Phone,
) -> None:
    page = reads(phone)
    phone.context.set_offline(True)
    press(page, "a")
    press(page, "false", "cek-benar")
    expect(check(page, "cek-benar")).to_contain_text(KEPT)
    expect(check(page)).to_contain_text(KEPT)
    page.locator("#akhir").scroll_into_view_if_needed()
    expect(page.locator("#akhir")).to_contain_text(KEPT)  # the end is reached by reading
    close_tab(page)
    without = InMemory.copy_of(Folder.at(PACK))
    without.replace("modules/pecahan/01-setengah.md", "{#cek-bagian}", "{#cek-lain}")
    phone.site.app.extensions["lms"].pack.replace(load(without))
    phone.context.set_offline(False)
    assert held(phone.site) == {}
    page = phone.open("/glosarium")
    refused = page.locator(".notice", has_text="Setengah · Cek diri 1: yang tertahan di perangkat ini tidak dapat")
    expect(refused).to_contain_text("Cek diri ini tidak ada lagi")
    expect(page.locator(".notice", has_text="sudah terkirim")).to_contain_text("Setengah: dibaca sampai akhir")
    assert (held(phone.site), is_read(phone.site)) == ({"cek-benar": ["false"]}, True)
    page.evaluate("dispatchEvent(new Event('visibilitychange')), document.dispatchEvent(new Event('visibilitychange'))")
    refused.get_by_role("button", name="Mengerti").tap()
    nothing_waits(page)
    page.get_by_role("link", name="Setengah · Cek diri 2").tap()
    expect(check(page, "cek-benar")).to_contain_text("Sederhanakan dua per empat.")


def test_a_second_tab_follows_when_the_first_one_sent_what_waited(phone: Phone) -> None:
    page = reads(phone)
    phone.cut(CHECKS)
    press(page, "b")
    expect(check(page)).to_contain_text(KEPT)
    other = phone.open(LESSON)
    expect(check(other)).to_contain_text(KEPT)
    phone.mend(CHECKS)
    expect(check(page)).to_contain_text("Itu sepertiga.")
    expect(check(other)).to_contain_text("Itu sepertiga.")


def test_another_person_at_this_phone_neither_sees_nor_sends_it(phone: Phone) -> None:
    mine = reads(phone)
    phone.cut(CHECKS)
    press(mine, "b")
    expect(check(mine)).to_contain_text(KEPT)
    phone.context.clear_cookies()
    phone.context.unroute(CHECKS)
    press(mine, "b")
    expect(check(mine)).to_contain_text("Anda sudah keluar")
    expect(check(mine).get_by_role("link", name="Masuk lagi")).to_be_visible()
    theirs = reads(phone, "lain")
    expect(check(theirs)).not_to_contain_text("Tersimpan di perangkat ini")
    expect(check(theirs).locator(":checked")).to_have_count(0)
    press(mine, "b")
    expect(check(mine)).to_contain_text("Orang lain sedang masuk di sini")
    assert held(phone.site) == held(phone.site, "lain") == {}
    phone.context.clear_cookies()
    mine.route(
        CHECKS, lambda route: route.abort()
    )  # else it may send before the page that is looked at, and tell it itself
    home = phone.sign_in()
    expect(home.locator(".notices")).to_contain_text("sudah terkirim")
    mine.unroute(CHECKS)
    nothing_waits(home)
    assert (held(phone.site), held(phone.site, "lain")) == ({"cek-bagian": ["b"]}, {})
    press(mine, "true", "cek-benar")  # of a session that is over: the person need not notice
    expect(check(mine, "cek-benar")).to_contain_text("Tepat.")


def test_fields_of_every_kind_stay_as_chosen_and_are_answered_when_the_link_is_back(phone: Phone) -> None:
    pack = InMemory.copy_of(Folder.at(PACK))
    checks = "\n".join(f"````quiz\n{kind.example}````\n" for kind in ITEM_KINDS.values())
    pack.replace("modules/pecahan/02-sepertiga.md", "\n---\n", f"\n---\n{checks}")
    phone.site.app.extensions["lms"].pack.replace(load(pack))
    page = phone.come(NEXT)
    phone.cut(CHECKS)
    _answer_all(page)
    given = page.evaluate(_GIVEN)
    assert len(given) > len(ITEM_KINDS), "and one of its own"
    page.reload()
    until(page, lambda: page.evaluate(_GIVEN) == given)
    expect(page.locator(".check .saving")).to_have_count(len(given))
    phone.mend(CHECKS)
    expect(page.locator(".check .verdict")).to_have_count(len(given))
    nothing_waits(page)
    assert len(held(phone.site)) == len(given)
    ordering = page.locator(".check:has([data-order])")
    ordering.locator("summary", has_text="Jawab sekali lagi").tap()
    expect(ordering.locator(".moves").first).to_be_visible()


#: What each form would send, by where it would send it.
_GIVEN = """() => Object.fromEntries([...document.querySelectorAll(".check form")].map((form) => [
    form.action,
    [...new FormData(form)].filter(([name, value]) => name !== "csrf_token" && value),
]))"""


def _answer_all(page: Page) -> None:
    for form in page.locator(".check form").all():
        choices, lists = form.locator("[type=radio], [type=checkbox]"), form.locator("select")
        if choices.count():
            choices.last.locator("xpath=ancestor::label").tap()
        for place, one in enumerate(lists.all()):
            one.select_option(index=1 + place % (one.locator("option").count() - 1), force=True)
        for typed in form.locator("input[type=text], textarea").all():
            typed.fill("7")
        for day in form.locator("input[type=date]").all():
            day.fill("2026-11-23")
            expect(form.locator("[data-day]")).to_contain_text("23 November 2026")  # its script, of another package
        form.get_by_role("button", name="Periksa").tap()
        expect(form.locator(".saving")).to_contain_text(KEPT)


def test_where_a_browser_keeps_nothing_that_is_told_and_a_link_is_enough(phone: Phone) -> None:
    phone.context.add_init_script("Object.defineProperty(window, 'indexedDB', { value: undefined })")
    page = reads(phone)
    phone.cut(CHECKS)
    press(page, "b")
    expect(check(page)).to_contain_text("peramban ini tidak dapat menyimpannya")
    phone.mend(CHECKS)
    check(page).get_by_role("button", name="Periksa").tap()
    expect(check(page)).to_contain_text("Itu sepertiga.")
