"""The whole way between two servers of two sites: ours, and a campus that opens us in a frame of its course."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import update

from lms.db.lti import LtiScore
from lms.features.lti import rosters
from lms.features.lti.rosters import Read
from lms.features.lti.sending import Sent, Worker, signing_key
from lms.features.lti.services import Services
from lms.learning import offered_scores, platform_rosters
from lms.outgoing import Outgoing
from lms.web.site import now
from tests.browser.answering import FULL, attempt_id, held, question, touch
from tests.browser.conftest import DESKTOP, PHONE, Visit, close
from tests.browser.in_frames import Guest, OtherSite, guest
from tests.browser.in_frames import campus as campus
from tests.browser.in_frames import site as site
from tests.campus.campus import Campus

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ESSAY = "sj-uraian"


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_quiz_goes_the_whole_way(chromium: Browser, site: OtherSite, campus: Campus, screen: Any) -> None:
    as_guest = partial(guest, chromium, site, campus, screen)
    _registers(as_guest("k-3"))
    context = chromium.new_context(viewport=screen, locale="id-ID", reduced_motion="reduce")
    _approves(Visit(site, context), campus)
    close(context)
    grace = as_guest("k-2")
    _places(grace)
    ada = as_guest("k-1")
    _takes(ada)
    close(ada.context)
    assert _synced(site) == Sent(taken=1)
    assert _told(campus) == ("PendingManual", None, None)
    _marks(grace)
    assert _synced(site) == Sent(taken=1)
    assert _told(campus) == ("FullyGraded", 5, 17)
    _regrades(grace)
    assert _synced(site) == Sent(taken=1)
    assert _told(campus) == ("FullyGraded", 4, 16)
    _reads_the_roster(site)
    grace.page.goto(f"{campus.address}/gradebook")
    expect(grace.page.get_by_role("row", name="Ada Lovelace")).to_contain_text("4.0 FullyGraded")
    close(grace.context)


def _synced(site: OtherSite) -> Sent:
    """What ``lms lti sync`` does, as if what happened had settled already."""
    with site.database.transaction() as db:
        db.execute(update(LtiScore).values(due_at=now()))
    pack = site.app.extensions["lms"].pack
    return Worker(site.database, pack.current, Outgoing(own_network=True), now).run()


def _reads_the_roster(site: OtherSite) -> None:
    """Page by page: the administrator of the campus, who was never launched, is in its course, too."""
    with site.database.reading() as db:
        (course,), (platform,) = platform_rosters.courses(db), offered_scores.platforms(db)
    services = Services(Outgoing(own_network=True), lambda: signing_key(site.database, now=now), now)
    assert rosters.read(site.database, services, platform, course, now=now) == Read(people=3, changed=1, left=0)


def _told(campus: Campus) -> tuple[Any, ...]:
    """What the campus knows of Ada at the quiz."""
    known = campus.newest(1, "k-1")
    return tuple(known.get(name) for name in ("gradingProgress", "scoreGiven", "scoreMaximum"))


def _registers(radia: Guest) -> None:
    """Whoever administers the campus has it register us."""
    radia.page.goto(f"{radia.campus.address}/tools")
    radia.page.get_by_label("Registration address").fill(f"{radia.site.address}/lti/register")
    radia.page.get_by_role("button", name="Register").click()
    frame = radia.arrives("Sambungkan 127.0.0.1 dengan Pelatihan contoh?")
    frame.get_by_role("button", name="Daftarkan").click()
    expect(radia.page.get_by_role("status")).to_have_text("Registered.")
    close(radia.context)


def _approves(pengampu: Visit, campus: Campus) -> None:
    """An administrator of ours says yes."""
    pengampu.sign_in("pengampu")
    pengampu.open("/lti/platform")
    pengampu.press(campus.address.removeprefix("http://"), within="main")
    pengampu.press("Setujui", within="main")


def _places(grace: Guest) -> None:
    """An instructor places a quiz in the course."""
    frame = grace.opens("/choose", "Pilih untuk kursus Anda")
    frame.get_by_label("Semua jenis soal").check()
    frame.get_by_role("button", name="Pasang di kursus").click()
    expect(grace.page.get_by_role("link", name="Semua jenis soal")).to_be_visible()


def _takes(ada: Guest) -> None:
    """A participant answers while the link is cut, and hands in."""
    frame = ada.opens("/course/0", "Semua jenis soal")
    frame.get_by_role("button", name="Mulai").click()
    frame.wait_for_url("**/percobaan/**")
    expect(frame.locator("[data-summary]")).not_to_be_empty()
    ada.judge(frame)
    attempt = attempt_id(frame)
    touch(frame, "sj-tunggal", FULL["sj-tunggal"])
    expect(question(frame, "sj-tunggal")).to_contain_text("tersimpan di server")
    ada.context.route("**/simpan", lambda route: route.abort())
    for item in ("sj-ganda", ESSAY):
        touch(frame, item, FULL[item])
        expect(question(frame, item)).to_contain_text("tersimpan di perangkat ini")
    expect(frame.get_by_role("alert")).to_be_in_viewport()
    ada.judge(frame)
    assert held(ada.site, attempt) == {"sj-tunggal": [*FULL["sj-tunggal"]]}
    ada.context.unroute("**/simpan")
    frame.evaluate("dispatchEvent(new Event('online'))")
    for item in ("sj-ganda", ESSAY):
        expect(question(frame, item)).to_contain_text("tersimpan di server")
    assert held(ada.site, attempt).keys() == {"sj-tunggal", "sj-ganda", ESSAY}
    frame.locator(".finish").get_by_role("button", name="Kumpulkan").click()
    ada.judge(frame)
    frame.get_by_role("button", name="Kumpulkan sekarang").click()
    ada.arrives("Hasil percobaan ke-1")


def _marks(grace: Guest) -> None:
    """By the same link an instructor comes to the results, and judges the essay."""
    frame = grace.opens("/course/0", "Semua jenis soal")
    expect(frame.get_by_role("row", name="Ada Lovelace")).to_contain_text("lewat platform")
    frame.get_by_role("link", name="Ada Lovelace").click()
    frame = grace.arrives("Ada Lovelace")
    frame.locator(f"#poin-{ESSAY}").fill("3")
    frame.get_by_role("button", name="Simpan nilai").click()
    expect(frame.get_by_role("button", name="Ubah nilai")).to_be_visible()
    grace.arrives("Ada Lovelace")


def _regrades(grace: Guest) -> None:
    """A question that was wrong counts no more."""
    frame = grace.opens("/course/0", "Semua jenis soal")
    frame.get_by_role("link", name="Soal per soal").click()
    frame = grace.arrives("Soal per soal")
    frame.get_by_role("link", name="Nilai ulang soal 2").click()
    frame = grace.arrives("Senilai")
    frame.get_by_role("radio", name="Jangan dihitung").check()
    frame.fill("[name=reason]", "Gambarnya tidak tampil pada sebagian ponsel.")
    frame.get_by_role("button", name="Pratinjau").click()
    frame = grace.arrives("Pratinjau nilai ulang")
    frame.get_by_role("button", name="Jalankan nilai ulang").click()
    grace.arrives("Senilai")
