"""Without a link: what was opened opens again, a module can be kept, and none of it outlasts whoever it belongs to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from flask import Flask, Response
from playwright.sync_api import Browser, Error, Page, expect
from sqlalchemy import select

import lms
from lms import create_app
from lms.catalog.load import load
from lms.catalog.source import Folder
from lms.config import Settings
from lms.db.learning import SelfCheck
from lms.web.site import now
from tests.browser.answering import attempt_id, nothing_waits, until
from tests.browser.conftest import ON_SQLITE, PHONE, Phone, Site, close, close_tab, serve
from tests.browser.test_cards import card, grade, reviewed
from tests.browser.test_lesson_queue import LESSON, NEXT, check, held, is_read, press
from tests.catalog.memory import InMemory
from tests.conftest import PACK
from tests.days import days_pass

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MODULE = "/materi/pecahan"

#: Where everything lies that this device keeps: cache → addresses.
_CACHES = """async () => Object.fromEntries(await Promise.all((await caches.keys()).map(async (name) =>
    [name, (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname)])))"""


@pytest.fixture
def phone(chromium: Browser, small_site: Site, screen: Any) -> Iterator[Phone]:
    context = chromium.new_context(
        viewport=screen, locale="id-ID", has_touch=True, reduced_motion="reduce", service_workers="allow"
    )
    yield Phone(small_site, context)
    close(context)


def kept(page: Page) -> dict[str, list[str]]:
    """What is kept of persons."""
    found: dict[str, list[str]] = page.evaluate(_CACHES)
    return {name: paths for name, paths in found.items() if " - " not in name}


def keeps(page: Page, *paths: str) -> Callable[[], bool]:
    return lambda: set(paths) <= {path for paths in kept(page).values() for path in paths}


@contextmanager
def slow(site: Site, path: str) -> Iterator[None]:
    """Meanwhile what is asked for at ``path`` is answered at once and arrives only at the end."""
    ended, served = Event(), site.app.wsgi_app

    def wait(environ: Any, start: Any) -> Any:
        answer = served(environ, start)
        if environ["PATH_INFO"] == path:
            ended.wait(60)
        return answer

    site.app.wsgi_app = wait
    yield
    site.app.wsgi_app = served
    ended.set()


@contextmanager
def instead(site: Site, path: str, answer: Response) -> Iterator[None]:
    """Meanwhile this is answered to whoever asks for ``path``, as by a proxy."""
    served = site.app.wsgi_app

    def chosen(environ: Any, start: Any) -> Any:
        return (answer if environ["PATH_INFO"] == path else served)(environ, start)

    site.app.wsgi_app = chosen
    yield
    site.app.wsgi_app = served


@ON_SQLITE
def test_a_lesson_opened_once_opens_again_and_what_is_done_there_arrives(phone: Phone) -> None:
    page = phone.sign_in()
    page.goto(phone.site.address + LESSON)
    until(page, keeps(page, LESSON, "/luring"))
    phone.context.set_offline(True)
    close_tab(page)
    page = phone.open(LESSON)
    expect(page.locator("[data-kept-notice]")).to_contain_text("Halaman ini dari perangkat ini, disimpan")
    press(page, "b")
    expect(check(page)).to_contain_text("Tersimpan di perangkat ini")
    page.locator("#akhir button").tap()
    expect(page.locator("#akhir")).to_contain_text("materi berikutnya dapat dibuka saat itu")
    close_tab(page)
    page = phone.open(NEXT)
    main = page.locator("main")
    expect(main).to_contain_text("tidak tersimpan di perangkat ini")
    expect(main.locator("[data-unsent]")).to_contain_text("Setengah: dibaca sampai akhir")
    phone.context.set_offline(False)
    main.get_by_role("link", name="Setengah").tap()
    page.wait_for_url(f"**{LESSON}")
    nothing_waits(page)
    assert (held(phone.site), is_read(phone.site)) == ({"cek-bagian": ["b"]}, True)
    expect(check(page)).to_contain_text("Itu sepertiga.")
    with slow(phone.site, LESSON):
        page.reload()
        expect(page.locator("[data-kept-notice]")).to_be_visible()
        expect(check(page)).to_contain_text("Itu sepertiga.")


# --- a module ---------------------------------------------------------------------------------------------------------


def wait_for(page: Page, path: str) -> None:
    page.wait_for_url(f"**{path}")
    page.wait_for_load_state()


def keep(page: Page, button: str) -> None:
    page.locator("[data-keep]").get_by_role("button", name=button).tap()
    expect(page.locator("[data-keep]")).to_contain_text("✓ Tersimpan di perangkat ini")


def test_a_module_is_kept_read_answered_and_finished_without_a_link_and_arrives(phone: Phone) -> None:
    page = phone.sign_in()
    page.goto(phone.site.address + MODULE)
    keep(page, "Simpan di perangkat")
    kept_by = now()  # a device knows the time to some milliseconds: a whole page lies between this and the answer
    phone.context.set_offline(True)
    close_tab(page)
    page = phone.open(LESSON)
    assert page.locator(".prose img").first.evaluate("picture => picture.decode().then(() => picture.naturalWidth)")
    expect(page.locator(".note-offer")).to_be_attached()  # by a script that no page fetched before
    page.locator(".note-new").first.tap()
    page.locator(".note-form").get_by_role("button", name="Batal").tap()
    press(page, "b")
    expect(check(page)).to_contain_text("Tersimpan di perangkat ini")
    page.locator("#akhir button").tap()
    wait_for(page, NEXT)
    expect(page.locator("[data-kept-notice]")).to_be_visible()
    close_tab(page)
    page = phone.open("/luring")
    modules = page.locator("[data-list=modules]")
    expect(modules).to_contain_text("Pecahan")
    phone.context.set_offline(False)
    page = phone.open("/beranda")
    nothing_waits(page)
    assert (held(phone.site), is_read(phone.site)) == ({"cek-bagian": ["b"]}, True)
    with phone.site.database.reading() as db:
        assert kept_by < db.scalars(select(SelfCheck.answered_at)).one() < now(), "not when the page was kept"
    page.goto(phone.site.address + "/luring")
    page.locator("[data-list=modules]").get_by_role("button", name="Hapus dari perangkat").tap()
    expect(page.locator("[data-list=modules]")).to_be_hidden()
    assert [path for paths in kept(page).values() for path in paths if path.startswith(("/materi", "/media"))] == []


@ON_SQLITE
def test_a_module_gets_its_update_whole_or_not_at_all(phone: Phone) -> None:
    page = phone.sign_in()
    page.goto(phone.site.address + MODULE)
    keep(page, "Simpan di perangkat")
    pack = InMemory.copy_of(Folder.at(PACK))
    for lesson in ("01-setengah", "02-sepertiga"):
        pack.replace(f"modules/pecahan/{lesson}.md", "\n---\n", "\n---\nKalimat yang baru.\n\n")
    phone.site.app.extensions["lms"].pack.replace(load(pack))
    with instead(phone.site, NEXT, Response(status=404)):
        page.goto(phone.site.address + MODULE)
        line = page.locator("[data-keep]")
        expect(line).to_contain_text("Ada pembaruan")
        line.get_by_role("button", name="Perbarui").tap()
        expect(line).to_contain_text("Belum tersimpan")
    with instead(phone.site, LESSON, Response(status=503)):
        page.goto(phone.site.address + LESSON)
        expect(page.locator("[data-kept-notice]")).to_be_visible()
        expect(page.locator(".prose").first).not_to_contain_text("Kalimat yang baru.")
    page.goto(phone.site.address + MODULE)
    keep(page, "Perbarui")
    phone.context.set_offline(True)
    for path in (LESSON, NEXT):
        page.goto(phone.site.address + path)
        expect(page.locator(".prose").first).to_contain_text("Kalimat yang baru.")


@contextmanager
def little_room(page: Page) -> Iterator[None]:
    """Meanwhile the device has room for a part of a module."""
    asked = page.context.new_cdp_session(page)
    origin = {"origin": page.evaluate("location.origin")}
    used = asked.send("Storage.getUsageAndQuota", origin)["usage"]
    asked.send("Storage.overrideQuotaForOrigin", {**origin, "quotaSize": used + 70_000})
    yield
    asked.send("Storage.overrideQuotaForOrigin", origin)


@ON_SQLITE
def test_of_a_module_that_cannot_be_kept_whole_no_half_stays_whatever_happens_meanwhile(phone: Phone) -> None:
    page = phone.sign_in()
    page.goto(phone.site.address + MODULE)
    until(page, keeps(page, MODULE, "/luring"))
    line, before = page.locator("[data-keep]"), all_of(page)
    with little_room(page):
        line.get_by_role("button", name="Simpan di perangkat").tap()
        expect(line).to_contain_text("ruang di perangkat ini tidak cukup")
        assert all_of(page) == before
    with slow(phone.site, NEXT):
        line.get_by_role("button", name="Coba lagi").tap()
        expect(line).to_contain_text("3 dari 4")
        page.evaluate("caches.keys().then((names) => Promise.all(names.map((name) => caches.delete(name))))")
    expect(line.get_by_role("button").first).to_be_visible()
    page.reload()
    until(page, keeps(page, MODULE, "/luring"))
    with slow(phone.site, NEXT):
        line.get_by_role("button", name="Simpan di perangkat").tap()
        expect(line).to_contain_text("3 dari 4")
        signs_out(phone.open("/beranda"))
        until(page, lambda: kept(page) == {})
    expect(line).to_contain_text("Anda sudah keluar")
    assert kept(page) == {}


def all_of(page: Page) -> set[str]:
    return {path for paths in kept(page).values() for path in paths}


#: What stands in place of pages that cannot be reached; a cache of a person comes before that of nobody.
_STAND_IN = """async () => {
    const [name] = (await caches.keys()).filter((name) => !name.includes(" - "));
    return (await (await caches.open(name)).match("/luring", { ignoreVary: true })).text();
}"""


@ON_SQLITE
def test_the_page_without_a_link_speaks_and_looks_as_the_person_chose_last(phone: Phone) -> None:
    page = phone.sign_in()
    page.goto(phone.site.address + LESSON)
    until(page, keeps(page, LESSON, "/luring"))
    page.goto(phone.site.address + "/akun")
    page.locator("[name=language]").select_option("en")
    page.locator("form:has([name=language]) button").tap()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto(phone.site.address + "/tampilan")
    page.locator("[name=theme]").select_option("gelap")
    expect(page.locator("html")).to_have_attribute("data-look", "gelap")
    page.goto(phone.site.address + "/beranda")
    until(page, lambda: 'lang="en" data-look="gelap"' in page.evaluate(_STAND_IN))


# --- the cards that are due -------------------------------------------------------------------------------------------

CARDS = "/buku-kesalahan/ulangi"


def kept_cards(page: Page) -> list[str]:
    """The questions whose keys lie on this device as cards."""
    text = page.evaluate(
        """async (path) => {
            for (const name of await caches.keys()) {
                const found = await (await caches.open(name)).match(path, { ignoreVary: true });
                if (found) return found.text();
            }
            return "";
        }""",
        CARDS,
    )
    return re.findall(r'data-card="([^"]+)"', text)


@ON_SQLITE
def test_cards_that_are_due_come_with_a_module_and_are_reviewed_without_a_link_and_arrive_once(phone: Phone) -> None:
    page = phone.sign_in()
    page.goto(phone.site.address + LESSON)
    press(page, "b")
    expect(page.locator(".check .verdict")).to_have_count(1)
    days_pass(phone.site.database, 1)
    page.goto(phone.site.address + LESSON)
    press(page, "false", "cek-benar")
    expect(page.locator(".check .verdict")).to_have_count(2)
    page.goto(phone.site.address + MODULE)
    keep(page, "Simpan di perangkat")
    phone.context.set_offline(True)
    close_tab(page)
    page = phone.open("/buku-kesalahan")
    page.locator("[data-list=beside]").get_by_role("link", name="Buku kesalahan").tap()
    expect(page.locator("[data-kept-notice]")).to_be_visible()
    expect(page.locator("#maju")).to_have_text("Kartu 1 dari 1")
    grade(page, "Ragu")
    expect(page.locator("#kabar")).to_contain_text("Tersimpan di perangkat ini")
    page.clock.install(time=now() + timedelta(days=1))
    page.reload()
    expect(page.locator("#maju")).to_have_text("Kartu 2 dari 2")
    expect(card(page)).to_have_attribute("data-card", "cek-benar")
    close_tab(page)
    phone.context.set_offline(False)
    page = phone.open("/beranda")
    nothing_waits(page)
    assert reviewed(phone.site) == {"cek-bagian": ["hard"]}
    page.goto(phone.site.address + "/luring")
    page.locator("[data-list=modules]").get_by_role("button", name="Hapus dari perangkat").tap()
    expect(page.locator("[data-list=beside]")).to_be_hidden()
    assert kept_cards(page) == []


@ON_SQLITE
def test_a_quiz_that_begins_takes_what_it_asks_off_the_device(phone: Phone) -> None:
    page = phone.sign_in()
    begin = f"{phone.site.address}/kuis/pecahan"
    for _attempt in range(2):
        page.goto(begin)
        page.get_by_role("button", name="Mulai").click()
        page.wait_for_url("**/percobaan/**")
        if not _attempt:
            page.goto(f"{phone.site.address}/percobaan/{attempt_id(page)}/kumpulkan")
            page.get_by_role("button", name="Kumpulkan sekarang").tap()
            page.wait_for_url("**/hasil")
            page.goto(phone.site.address + CARDS)
            until(page, lambda: len(kept_cards(page)) == 4)
    until(page, lambda: kept_cards(page) == [])


# --- whose it is ------------------------------------------------------------------------------------------------------


def signs_out(page: Page) -> None:
    page.locator("[popovertarget=menu]").first.tap()
    page.locator("#menu").get_by_role("button", name="Keluar").tap()


@ON_SQLITE
def test_what_is_kept_goes_with_whoever_signs_out_and_nobody_else_sees_it(phone: Phone) -> None:
    page = phone.sign_in()
    page.goto(phone.site.address + LESSON)
    until(page, keeps(page, LESSON, "/luring"))
    late = phone.context.new_page()
    with slow(phone.site, NEXT):
        with late.expect_request(f"**{NEXT}"):
            late.evaluate("address => { location.assign(address) }", phone.site.address + NEXT)
        signs_out(page)
        expect(page.locator("body")).to_contain_text("Anda sudah keluar")
        until(page, lambda: kept(page) == {})
    expect(late.locator("h1")).to_have_text("Sepertiga")
    assert kept(page) == {}
    page = phone.sign_in()
    page.goto(phone.site.address + LESSON)
    until(page, keeps(page, LESSON, "/luring"))
    (mine,) = kept(page)
    phone.context.clear_cookies()  # the session is over, and the device does not know
    page = phone.sign_in("lain")
    page.goto(phone.site.address + NEXT)
    until(page, keeps(page, NEXT, "/luring"))
    assert mine not in kept(page)
    phone.context.set_offline(True)
    page.goto(phone.site.address + LESSON)
    expect(page.locator("main")).to_contain_text("tidak tersimpan di perangkat ini")
    page.goto(phone.site.address + NEXT)
    signs_out(page)
    expect(page.locator("[data-case=leaving]")).to_contain_text("sudah dihapus")
    assert kept(page) == {}


@ON_SQLITE
def test_nothing_of_an_attempt_is_ever_kept(phone: Phone) -> None:
    page = phone.sign_in()
    page.goto(phone.site.address + LESSON)
    until(page, keeps(page, LESSON, "/luring"))
    page.goto(f"{phone.site.address}/kuis/semua-jenis")
    page.get_by_role("button", name="Mulai").click()
    page.wait_for_url("**/percobaan/**")
    attempt = attempt_id(page)
    page.goto(f"{phone.site.address}/percobaan/{attempt}/kumpulkan")
    page.get_by_role("button", name="Kumpulkan sekarang").tap()
    page.wait_for_url("**/hasil")
    page.goto(phone.site.address + MODULE)
    until(page, keeps(page, MODULE))
    assert {path for path in all_of(page) if not path.startswith(("/static/", "/media/"))} == {
        LESSON,
        MODULE,
        "/luring",
    }


# --- taking the worker back -------------------------------------------------------------------------------------------

#: Of each page it answers what it was given first, for ever; without that it never answers.
_HARM = """
oninstall = () => skipWaiting();
onactivate = (event) => event.waitUntil(clients.claim());
onfetch = (event) => { if (event.request.mode === "navigate") event.respondWith(answer(event.request)); };
async function answer(request) {
    const cache = await caches.open("latsar / harm");
    if (request.url.endsWith("setengah") && !(await cache.match(request))) await cache.add(request);
    return (await cache.match(request)) ?? new Promise(() => {});
}
"""


@ON_SQLITE
def test_a_worker_that_does_harm_is_taken_back_from_every_device_and_what_waits_arrives(phone: Phone) -> None:
    site, on = phone.site, phone.site.app.wsgi_app
    off = create_app(replace(site.app.extensions["lms"].settings, offline=False))
    with instead(site, "/sw.js", Response(_HARM, mimetype="text/javascript")):
        page = phone.sign_in()
        until(page, lambda: bool(page.evaluate("navigator.serviceWorker.controller !== null")))
        page.goto(site.address + LESSON)
        with instead(site, f"{LESSON}/cek/cek-bagian", Response(status=503)):
            press(page, "b")
            expect(check(page)).to_contain_text("Tersimpan di perangkat ini")
            phone.context.set_offline(True)
    site.app.wsgi_app = off.wsgi_app  # as after a restart
    phone.context.set_offline(False)
    other = phone.context.new_page()
    until(other, lambda: opens(other, site.address + NEXT), 120)
    expect(other.locator("h1")).to_have_text("Sepertiga")
    other.goto(site.address + LESSON)
    expect(check(other)).to_contain_text("Itu sepertiga.")
    assert held(site) == {"cek-bagian": ["b"]}
    until(other, lambda: other.evaluate(_CACHES) == {})
    other.goto(site.address + "/luring")
    expect(other.locator("main")).to_contain_text("Untuk sementara halaman tidak disimpan")
    close_tab(page)
    until(other, lambda: other.evaluate("navigator.serviceWorker.getRegistrations()") == [])
    site.app.wsgi_app = on
    other.goto(site.address + LESSON)
    until(other, keeps(other, LESSON, "/luring"))
    off.extensions["lms"].database.dispose()


def opens(page: Page, address: str) -> bool:
    """Whether it comes before the person loses patience."""
    try:
        page.goto(address, timeout=4_000)
    except Error:
        return False
    return True


# --- two mounts on one host -------------------------------------------------------------------------------------------


@pytest.fixture
def mounts(database_url: str, password_hash: str) -> Iterator[Site]:
    """Somebody else's application with us in it twice, below ``/satu`` and ``/dua``."""
    host = Flask("host")
    key = "a key for browser tests, long enough"
    settings = Settings(secret_key=key, database_url=database_url, secure_cookies=False, pack=str(PACK))
    ours = [lms.init_app(host, url_prefix=prefix, settings=settings) for prefix in ("/satu", "/dua")]
    yield from serve(host, ours[0].extensions["lms"].database, password_hash)
    ours[1].extensions["lms"].database.dispose()


@ON_SQLITE
def test_a_mount_below_a_prefix_answers_for_itself_and_leaves_its_neighbour_alone(
    chromium: Browser, mounts: Site
) -> None:
    context = chromium.new_context(viewport=PHONE, locale="id-ID", service_workers="allow")
    here, there = (Phone(replace(mounts, address=f"{mounts.address}{prefix}"), context) for prefix in ("/satu", "/dua"))
    page = here.sign_in()
    page.goto(here.site.address + LESSON)
    until(page, keeps(page, f"/satu{LESSON}", "/satu/luring"))
    other = there.sign_in()
    other.goto(there.site.address + LESSON)
    until(other, keeps(other, f"/dua{LESSON}", "/dua/luring"))
    assert {name.split(" ")[1] for name in kept(page)} == {"/satu/", "/dua/"}
    context.set_offline(True)
    page.goto(here.site.address + LESSON)
    expect(page.locator("[data-kept-notice]")).to_be_visible()
    page.goto(here.site.address + NEXT)
    expect(page.locator("[data-case=missing]")).to_be_visible()
    context.set_offline(False)
    other.goto(f"{there.site.address}/keluar")
    other.locator("main").get_by_role("button", name="Keluar").click()
    expect(other.locator("body")).to_contain_text("Anda sudah keluar")
    until(other, lambda: {name.split(" ")[1] for name in kept(other)} == {"/satu/"})
    close(context)
