"""The promise of design.md 4: whatever the link does, and whenever it does it, the server ends up holding what the
person typed last. In a real browser, with the link cut at every step; on both databases where it may matter which of
two comes first, or when. What they save is asked of both without a browser in tests/learning/test_attempts.py."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Error, Page, Route, expect
from sqlalchemy import delete, update

from lms.db.attempts import Attempt, Response
from lms.web.site import now
from tests.browser.answering import attempt_id, held, is_closed, nothing_waits, question, sorted_values, touch, until
from tests.browser.conftest import ON_SQLITE, Phone, Site, close_tab

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SAVES, SUBMITS = "**/simpan", "**/kumpulkan*"
ON_SERVER, ON_DEVICE = "tersimpan di server", "tersimpan di perangkat ini"


def arrives_unanswered(route: Route) -> None:
    """What is sent reaches the server, and its answer nobody."""
    route.fetch()
    with suppress(Error):  # the link was mended meanwhile: the browser has sent it by itself
        route.abort()


def told(page: Page, item: str, text: str) -> None:
    expect(question(page, item).locator(".saving")).to_contain_text(text)


def deadline(site: Site, attempt: str, *, seconds: float, grace: float = 600) -> None:
    """The attempt's time is over in so many seconds, and nothing is taken any more ``grace`` later."""
    ends = now() + timedelta(seconds=seconds)
    with site.database.transaction() as db:
        db.execute(
            update(Attempt)
            .where(Attempt.id == UUID(attempt))
            .values(deadline_at=ends, closes_at=ends + timedelta(seconds=grace))
        )


# --- before a save --------------------------------------------------------------------------------------------------


@ON_SQLITE
def test_a_link_cut_before_a_save(phone: Phone) -> None:
    page = phone.take()
    attempt = attempt_id(page)
    phone.cut(SAVES)
    touch(page, "sj-tunggal", ["b"])
    touch(page, "sj-isian", ["separuh"])
    told(page, "sj-tunggal", ON_DEVICE)
    told(page, "sj-isian", ON_DEVICE)
    expect(page.get_by_role("alert")).to_contain_text("Sambungan terputus")
    touch(page, "sj-tunggal", ["a"])
    touch(page, "sj-isian", ["seperempat"])
    assert held(phone.site, attempt) == {}
    phone.mend(SAVES)
    told(page, "sj-tunggal", ON_SERVER)
    told(page, "sj-isian", ON_SERVER)
    assert held(phone.site, attempt) == {"sj-tunggal": ["a"], "sj-isian": ["seperempat"]}
    expect(page.get_by_role("alert")).to_be_hidden()


# --- between sending and the answer ---------------------------------------------------------------------------------


def test_a_link_cut_between_sending_and_the_answer(phone: Phone) -> None:
    page = phone.take()
    attempt = attempt_id(page)
    sent: list[Any] = []

    def swallow(route: Route) -> None:
        sent.append(route.request.post_data_json)
        arrives_unanswered(route)

    def arrived(answers: dict[str, list[str]]) -> bool:
        return sorted_values(held(phone.site, attempt)) == answers

    phone.context.route(SAVES, swallow)
    touch(page, "sj-ganda", ["a", "c"])
    touch(page, "sj-celah", ["1=pembilang"])
    until(page, lambda: arrived({"sj-ganda": ["a", "c"], "sj-celah": ["1=pembilang"]}))
    for item in ("sj-ganda", "sj-celah"):
        told(page, item, ON_DEVICE)
    touch(page, "sj-celah", ["1=penyebut", "3=b"])
    until(page, lambda: arrived({"sj-ganda": ["a", "c"], "sj-celah": ["1=penyebut", "3=b"]}))
    told(page, "sj-celah", ON_DEVICE)
    phone.mend(SAVES)
    for item in ("sj-ganda", "sj-celah"):
        told(page, item, ON_SERVER)
    assert sorted_values(held(phone.site, attempt)) == {"sj-ganda": ["a", "c"], "sj-celah": ["1=penyebut", "3=b"]}
    assert {body["item"] for body in sent} == {"sj-ganda", "sj-celah"}


# --- a script that comes late ---------------------------------------------------------------------------------------


@ON_SQLITE
def test_what_was_answered_before_the_script_came_is_saved(phone: Phone) -> None:
    """On a slow link the questions are there long before it; a choice, a text, a list, a flag and a taken-back one."""
    page = phone.take()
    attempt = attempt_id(page)
    touch(page, "sj-ganda", ["a"])
    told(page, "sj-ganda", ON_SERVER)
    nothing_waits(page)
    waiting: list[Route] = []
    phone.context.route("**/attempt.*.js", lambda route: waiting.append(route))
    page.reload(wait_until="commit")
    until(page, lambda: page.evaluate("document.readyState") == "interactive")  # read to its end
    touch(page, "sj-tunggal", ["b"])
    touch(page, "sj-isian", ["separuh"])
    touch(page, "sj-ganda", ["a"])
    page.locator("[name='flag-sj-angka']").check()
    until(page, lambda: len(waiting) == 1)
    assert held(phone.site, attempt) == {"sj-ganda": ["a"]}
    waiting[0].continue_()
    phone.mend("**/attempt.*.js")
    for item in ("sj-tunggal", "sj-isian", "sj-ganda"):
        told(page, item, ON_SERVER)
    nothing_waits(page)
    assert held(phone.site, attempt) == {"sj-tunggal": ["b"], "sj-isian": ["separuh"]}
    page.reload()
    expect(page.locator("[name='flag-sj-angka']")).to_be_checked()


# --- a server that lost its last minutes -----------------------------------------------------------------------------


def loses(site: Site, attempt: str, item: str) -> None:
    """As after a disk that died and a copy of some minutes ago."""
    with site.database.transaction() as db:
        db.execute(delete(Response).where(Response.attempt_id == UUID(attempt), Response.item == item))


@ON_SQLITE
@pytest.mark.parametrize("when", ["at the submit", "when the page is opened again", "when the link is back"])
def test_what_the_server_acknowledged_and_lost_is_sent_again(phone: Phone, when: str) -> None:
    page = phone.take()
    attempt = attempt_id(page)
    touch(page, "sj-tunggal", ["b"])
    touch(page, "sj-isian", ["separuh"])
    told(page, "sj-tunggal", ON_SERVER)
    told(page, "sj-isian", ON_SERVER)
    nothing_waits(page)
    loses(phone.site, attempt, "sj-tunggal")
    if when == "at the submit":
        hand_in(page)
        page.wait_for_url("**/hasil")
        assert is_closed(phone.site, attempt)
    elif when == "when the page is opened again":
        page.reload()
    else:
        phone.mend()
    until(page, lambda: held(phone.site, attempt) == {"sj-tunggal": ["b"], "sj-isian": ["separuh"]})


@ON_SQLITE
def test_what_arrived_is_forgotten_with_the_submit(phone: Phone) -> None:
    page = phone.take()
    touch(page, "sj-tunggal", ["b"])
    told(page, "sj-tunggal", ON_SERVER)
    assert kept_answers(page) == 1
    hand_in(page)
    page.wait_for_url("**/hasil")
    until(page, lambda: kept_answers(page) == 0)


def kept_answers(page: Page) -> int:
    """How many answers this device keeps, waiting or not."""
    found: int = page.evaluate(
        """() => new Promise((resolve, reject) => {
            const asked = indexedDB.open("latsar");
            asked.onerror = () => reject(asked.error);
            asked.onsuccess = () => {
                const counted = asked.result.transaction("answers").objectStore("answers").count();
                counted.onsuccess = () => { asked.result.close(); resolve(counted.result); };
            };
        })"""
    )
    return found


# --- before the submit ----------------------------------------------------------------------------------------------


@ON_SQLITE
def test_a_link_cut_before_the_submit(phone: Phone) -> None:
    page = phone.take()
    attempt = attempt_id(page)
    phone.cut(SAVES, SUBMITS)
    touch(page, "sj-bobot", ["c"])
    hand_in(page)
    expect(page.get_by_role("alert")).to_contain_text("dikumpulkan begitu tersambung")
    assert not is_closed(phone.site, attempt)
    phone.mend(SAVES)
    told(page, "sj-bobot", ON_SERVER)
    assert not is_closed(phone.site, attempt)
    phone.mend(SUBMITS)
    page.wait_for_url("**/hasil")
    assert is_closed(phone.site, attempt)
    assert held(phone.site, attempt) == {"sj-bobot": ["c"]}


@ON_SQLITE
def test_a_submit_whose_answer_is_lost_happens_once(phone: Phone) -> None:
    page = phone.take()
    attempt = attempt_id(page)
    touch(page, "sj-benar", ["false"])
    told(page, "sj-benar", ON_SERVER)

    phone.context.route(SUBMITS, arrives_unanswered)
    hand_in(page)
    expect(page.get_by_role("alert")).to_contain_text("dikumpulkan begitu tersambung")
    phone.mend(SUBMITS)
    page.wait_for_url("**/hasil")
    assert is_closed(phone.site, attempt)
    assert held(phone.site, attempt) == {"sj-benar": ["false"]}


def hand_in(page: Page) -> None:
    page.locator(".finish button").tap()
    page.get_by_role("button", name="Kumpulkan sekarang").tap()


# --- the tab is closed ----------------------------------------------------------------------------------------------


@ON_SQLITE
@pytest.mark.parametrize("with_submit", [False, True], ids=["answers", "answers and submit"])
def test_what_a_closed_tab_left_is_sent_from_the_next_page_of_any_kind(phone: Phone, with_submit: bool) -> None:
    page = phone.take()
    attempt = attempt_id(page)
    phone.cut(SAVES, SUBMITS)
    touch(page, "sj-uraian", ["Belum selesai"])
    touch(page, "sj-angka", ["7,5"])
    told(page, "sj-uraian", ON_DEVICE)
    if with_submit:
        told(page, "sj-angka", ON_DEVICE)
        hand_in(page)
        expect(page.get_by_role("alert")).to_contain_text("dikumpulkan begitu tersambung")
    else:
        page.locator("[name='answer-sj-uraian']").press_sequentially(" sama sekali")
        page.wait_for_timeout(50)  # the pause in typing is not over: leaving the page ends it
        page.evaluate("dispatchEvent(new Event('pagehide'))")
        told(page, "sj-uraian", ON_DEVICE)
    phone.context.set_offline(True)  # what a closing page still sends, no route meets
    close_tab(page)  # before the link is back: nothing was sent from here
    phone.context.unroute(SAVES)
    phone.context.unroute(SUBMITS)
    phone.context.set_offline(False)
    assert held(phone.site, attempt) == {}
    page = phone.open("/glosarium")
    expected = "sudah dikumpulkan" if with_submit else "2 jawaban yang tertahan"
    expect(page.locator(".notices")).to_contain_text(expected)
    essay = "Belum selesai" if with_submit else "Belum selesai sama sekali"
    assert held(phone.site, attempt) == {"sj-uraian": [essay], "sj-angka": ["7,5"]}
    assert is_closed(phone.site, attempt) == with_submit
    nothing_waits(page)


@ON_SQLITE
def test_what_a_closed_tab_left_stands_in_the_attempt_again(phone: Phone) -> None:
    page = phone.take()
    attempt = attempt_id(page)
    touch(page, "sj-isian", ["separuh"])
    told(page, "sj-isian", ON_SERVER)
    phone.cut(SAVES)
    touch(page, "sj-isian", ["seperempat"])
    told(page, "sj-isian", ON_DEVICE)
    close_tab(page)
    page = phone.open(f"/percobaan/{attempt}")
    expect(page.locator("[name='answer-sj-isian']")).to_have_value("seperempat")
    told(page, "sj-isian", ON_DEVICE)
    phone.mend(SAVES)
    told(page, "sj-isian", ON_SERVER)
    assert held(phone.site, attempt) == {"sj-isian": ["seperempat"]}


# --- a second tab, a second device ----------------------------------------------------------------------------------


@ON_SQLITE
def test_two_tabs_know_of_each_other(phone: Phone) -> None:
    first = phone.take()
    attempt = attempt_id(first)
    second = phone.open(f"/percobaan/{attempt}")
    expect(second.locator("[data-summary]")).not_to_be_empty()
    touch(first, "sj-tunggal", ["b"])
    touch(first, "sj-jodoh", ["p=y", "q=x"])
    told(first, "sj-jodoh", ON_SERVER)
    expect(question(second, "sj-tunggal").locator("[value=b]")).to_be_checked()
    expect(question(second, "sj-jodoh").locator("select").first).to_have_value("p=y")
    touch(second, "sj-jodoh", ["p=x"])
    told(second, "sj-jodoh", ON_SERVER)
    touch(first, "sj-jodoh", ["r=z"])
    told(first, "sj-jodoh", ON_SERVER)
    assert held(phone.site, attempt) == {"sj-tunggal": ["b"], "sj-jodoh": ["p=x", "q=x", "r=z"]}


@ON_SQLITE
@pytest.mark.parametrize("choice", ["Pakai jawaban saya", "Biarkan yang tampak"])
def test_an_old_page_on_another_device_is_told_and_may_choose(phones: Callable[[], Phone], choice: str) -> None:
    phone, other = phones(), phones()
    page, old = phone.take(), other.take()
    attempt = attempt_id(page)
    assert attempt == attempt_id(old)
    touch(page, "sj-isian", ["satu"])
    told(page, "sj-isian", ON_SERVER)
    touch(page, "sj-isian", ["dua"])
    told(page, "sj-isian", ON_SERVER)
    touch(old, "sj-isian", ["tiga"])
    told(old, "sj-isian", "sudah dijawab di tab atau perangkat lain")
    told(old, "sj-isian", "Jawaban Anda di sini tadi: “tiga”")
    expect(old.locator("[name='answer-sj-isian']")).to_have_value("dua")
    assert held(phone.site, attempt) == {"sj-isian": ["dua"]}, "nobody's answer disappears in silence"
    question(old, "sj-isian").get_by_role("button", name=choice).tap()
    told(old, "sj-isian", ON_SERVER)
    expected = "tiga" if choice.startswith("Pakai") else "dua"
    expect(old.locator("[name='answer-sj-isian']")).to_have_value(expected)
    assert held(phone.site, attempt) == {"sj-isian": [expected]}
    nothing_waits(old)


# --- twice and late -------------------------------------------------------------------------------------------------


def test_every_request_again_twice_and_late_changes_nothing(phone: Phone) -> None:
    page = phone.take()
    attempt = attempt_id(page)
    recorded: list[tuple[str, dict[str, str], str]] = []

    def record(route: Route) -> None:
        asked = route.request
        recorded.append((asked.url, {**asked.headers}, asked.post_data or ""))
        route.continue_()

    for pattern in (SAVES, SUBMITS):
        phone.context.route(pattern, record)
    for values in (["a"], ["b"], ["c"]):
        touch(page, "sj-tunggal", values)
        told(page, "sj-tunggal", ON_SERVER)
    for text in ("1", "2", "7,5"):
        touch(page, "sj-angka", [text])
        told(page, "sj-angka", ON_SERVER)
        assert held(phone.site, attempt)["sj-angka"] == [text]
    last = {"sj-tunggal": ["c"], "sj-angka": ["7,5"]}
    assert held(phone.site, attempt) == last
    _replay(phone, recorded)
    assert held(phone.site, attempt) == last
    hand_in(page)
    page.wait_for_url("**/hasil")
    assert len(recorded) >= 7
    receipt = page.locator(".receipt code").inner_text()
    _replay(phone, recorded)
    assert held(phone.site, attempt) == last
    page.reload()
    assert page.locator(".receipt code").inner_text() == receipt


def _replay(phone: Phone, recorded: list[tuple[str, dict[str, str], str]]) -> None:
    """Each twice, in an order of its own, as a network may deliver them."""
    again = [*recorded, *recorded]
    random.Random(7).shuffle(again)
    statuses = []
    for url, headers, body in again:
        kept = {name: value for name, value in headers.items() if name in ("content-type", "accept", "x-csrftoken")}
        answered = phone.context.request.post(url, headers={**kept, "Referer": url}, data=body, max_redirects=0)
        statuses.append(answered.status)
    assert set(statuses) <= {200, 303, 409}, statuses


# --- the deadline ---------------------------------------------------------------------------------------------------


def test_a_submit_made_offline_counts_within_the_grace(phone: Phone) -> None:
    page = phone.take()
    attempt = attempt_id(page)
    deadline(phone.site, attempt, seconds=15)
    page.reload()
    expect(page.locator("[data-timer]")).to_contain_text("Sisa 0:")
    phone.context.set_offline(True)
    touch(page, "sj-tunggal", ["a"])
    told(page, "sj-tunggal", ON_DEVICE)
    hand_in(page)
    expect(page.get_by_role("alert")).to_contain_text("Waktu habis", timeout=45_000)
    expect(question(page, "sj-tunggal").locator("[value=b]")).to_be_disabled()
    assert held(phone.site, attempt) == {}
    time.sleep(1)
    phone.context.set_offline(False)
    expect(page.locator("main")).to_contain_text("Jawaban tidak dapat diubah lagi")
    assert held(phone.site, attempt) == {"sj-tunggal": ["a"]}
    assert not is_closed(phone.site, attempt), "another device may still hold answers made in time"
    nothing_waits(page)
    its_grace_ends(phone.site, attempt)
    page.reload()
    page.wait_for_url("**/hasil")
    expect(page.locator("main")).to_contain_text("Waktunya habis")


@ON_SQLITE
def test_an_idle_tab_destroys_no_answers_of_another_device(phones: Callable[[], Phone]) -> None:
    laptop, phone = phones(), phones()
    idle = laptop.take()
    attempt = attempt_id(idle)
    deadline(phone.site, attempt, seconds=24)
    idle.reload()
    page = phone.take()
    expect(page.locator("[data-timer]")).to_contain_text("Sisa 0:")
    phone.context.set_offline(True)
    for item, values in (("sj-tunggal", ["a"]), ("sj-isian", ["seperempat"]), ("sj-angka", ["7,5"])):
        touch(page, item, values)
        told(page, item, ON_DEVICE)
    expect(idle.locator("main")).to_contain_text("Jawaban tidak dapat diubah lagi", timeout=45_000)
    expect(idle.locator("[value=submit]")).to_have_count(0)
    assert not is_closed(phone.site, attempt)
    expect(page.get_by_role("alert")).to_contain_text("Waktu habis, dan sambungan terputus", timeout=45_000)
    phone.context.set_offline(False)
    expect(page.locator("main")).to_contain_text("Jawaban tidak dapat diubah lagi", timeout=45_000)
    made_in_time = {"sj-tunggal": ["a"], "sj-isian": ["seperempat"], "sj-angka": ["7,5"]}
    assert held(phone.site, attempt) == made_in_time
    expect(page.locator("[data-refused]")).to_be_hidden()
    its_grace_ends(phone.site, attempt)
    idle.get_by_role("link", name="Lihat apakah hasilnya sudah ada").tap()
    idle.wait_for_url("**/hasil")
    expect(idle.locator("main")).to_contain_text("3 dari 10 soal dijawab")
    expect(idle.locator("main")).to_contain_text("Waktunya habis")
    assert held(phone.site, attempt) == made_in_time


@ON_SQLITE
def test_a_page_whose_answers_come_too_late_tells_one_truth(phone: Phone) -> None:
    page = phone.take()
    attempt = attempt_id(page)
    deadline(phone.site, attempt, seconds=15)
    page.reload()
    expect(page.locator("[data-timer]")).to_contain_text("Sisa 0:")
    phone.context.set_offline(True)
    touch(page, "sj-tunggal", ["a"])
    expect(page.get_by_role("alert")).to_contain_text("Waktu habis", timeout=45_000)
    its_grace_ends(phone.site, attempt)
    phone.context.set_offline(False)
    told(page, "sj-tunggal", "sudah ditutup, jadi jawaban ini tidak dapat diterima lagi")
    expect(page.locator("[data-summary]")).to_have_text("1 tidak diterima")
    expect(page.get_by_role("alert")).to_be_hidden()
    box = page.locator("[data-refused]")
    expect(box).to_contain_text("Ada jawaban yang tidak diterima")
    expect(box.get_by_role("button", name="Unduh berkas jawaban")).to_be_visible()
    box.get_by_role("link", name="Lanjut ke hasil").tap()
    page.wait_for_url("**/hasil")


@ON_SQLITE
def test_two_answers_made_in_time_are_still_chosen_between_after_the_deadline(phones: Callable[[], Phone]) -> None:
    phone, tablet = phones(), phones()
    page = phone.take()
    attempt = attempt_id(page)
    deadline(phone.site, attempt, seconds=24)
    page.reload()
    expect(page.locator("[data-timer]")).to_contain_text("Sisa 0:")
    other = tablet.take()
    phone.context.set_offline(True)
    touch(page, "sj-isian", ["separuh"])
    told(page, "sj-isian", ON_DEVICE)
    for text in ("satu", "dua"):
        touch(other, "sj-isian", [text])
        told(other, "sj-isian", ON_SERVER)
    expect(page.get_by_role("alert")).to_contain_text("Waktu habis", timeout=45_000)
    phone.context.set_offline(False)
    told(page, "sj-isian", "sudah dijawab di tab atau perangkat lain")
    question(page, "sj-isian").get_by_role("button", name="Pakai jawaban saya").tap()
    expect(page.locator("main")).to_contain_text("Jawaban tidak dapat diubah lagi", timeout=45_000)
    assert held(phone.site, attempt) == {"sj-isian": ["separuh"]}


def its_grace_ends(site: Site, attempt: str) -> None:
    with site.database.transaction() as db:
        ended = now()
        db.execute(update(Attempt).where(Attempt.id == UUID(attempt)).values(deadline_at=ended, closes_at=ended))


@ON_SQLITE
def test_a_save_made_after_the_deadline_does_not_count_and_that_is_told(phone: Phone) -> None:
    page = phone.take()
    attempt = attempt_id(page)
    touch(page, "sj-tunggal", ["b"])
    told(page, "sj-tunggal", ON_SERVER)
    deadline(phone.site, attempt, seconds=-1)  # the page does not know yet
    touch(page, "sj-tunggal", ["a"])
    told(page, "sj-tunggal", "Waktu percobaan ini sudah habis")
    assert held(phone.site, attempt) == {"sj-tunggal": ["b"]}
    nothing_waits(page)  # it is told and not sent for ever
    page.reload()
    expect(page.locator("main")).to_contain_text("Jawaban tidak dapat diubah lagi")
    assert page.locator("[data-item] input:enabled").count() == 0
    expect(page.get_by_role("button", name=re.compile("Kumpulkan"))).to_have_count(0)
    assert not is_closed(phone.site, attempt)
    its_grace_ends(phone.site, attempt)
    page.get_by_role("link", name="Lihat apakah hasilnya sudah ada").tap()
    page.wait_for_url("**/hasil")
    assert held(phone.site, attempt) == {"sj-tunggal": ["b"]}
