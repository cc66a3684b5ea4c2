"""Three answers judged by keyboard and by thumb: a closed tab loses nothing of what was typed, and all of it goes
without a script."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from lms.config import Settings
from lms.db.accounts import Role
from lms.db.attempts import Mark
from lms.db.cohorts import Place
from lms.db.marking import JudgementDraft
from lms.learning import accounts, cohorts
from lms.web.site import now
from tests.browser.answering import until
from tests.browser.conftest import DESKTOP, ON_SQLITE, PHONE, Site, Visit, close, close_tab, signed_in
from tests.conftest import PACK
from tests.features.attempts.test_views import save, start
from tests.features.marking.test_views import ESSAY, ITEM
from tests.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow, ON_SQLITE]


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    shutil.copytree(PACK, tmp_path / "pack")
    (tmp_path / "pack" / "quizzes" / "uraian.md").write_text(ESSAY, encoding="utf-8")
    return dataclasses.replace(settings, pack=str(tmp_path / "pack"))


def taken(site: Site, password_hash: str) -> None:
    """Three people answered the essay, one of them with a very long name."""
    with site.database.transaction() as db:
        cohort = cohorts.by_name(db, "Angkatan I")
        long = accounts.add(db, login="nama-panjang", name="N" * 120, roles=[Role.PARTICIPANT], now=now())
        long.password_hash = password_hash
        cohorts.enrol(db, cohort, long.id, Place.PARTICIPANT, now=now())
    for login in ("lain", "nama-panjang", "peserta"):
        visitor = Visitor(site.app).sign_in(login)
        path = start(visitor, "uraian")
        save(visitor, path, ITEM, [f"Tulisan.\n\n{'panjang' * 30}"])
        visitor.post(f"{path}/kumpulkan", {"action": "submit", "confirmed": "1"})


def kept(site: Site, column: Any) -> list[Any]:
    with site.database.reading() as db:
        return list(db.execute(select(column)).scalars())


def points(site: Site) -> list[float]:
    with site.database.reading() as db:
        rows = select(Mark.points).where(Mark.item == ITEM, ~Mark.pending, Mark.author_id.is_not(None))
        return [round(one, 9) for one in db.execute(rows.order_by(Mark.marked_at)).scalars()]


@pytest.mark.parametrize("script", [True, False])
def test_three_answers_are_judged_and_a_closed_tab_loses_nothing(
    chromium: Browser, small_site: Site, password_hash: str, script: bool
) -> None:
    taken(small_site, password_hash)
    context = chromium.new_context(viewport=DESKTOP if script else PHONE, locale="id-ID", reduced_motion="reduce")
    if not script:
        context.route("**/*.js", lambda route: route.abort())
    signed_in(small_site, context, "pengampu")
    visit = Visit(small_site, context)
    page = visit.open("/pengampu/menunggu")
    visit.press("Rancangan", within="main")
    visit.press("Mulai menilai", within="main")
    expect(page.locator("h1")).to_have_text("Lain")
    if script:
        expect(page.locator("#points-0")).to_be_focused()
        page.keyboard.type("3,33")
        page.fill("#comment", "Belum selesai saya nilai.")
        until(page, lambda: bool(kept(small_site, JudgementDraft.typed)))
    else:
        page.fill("[name=points-0]", "3,33")
        page.fill("#comment", "Belum selesai saya nilai.")
        page.get_by_role("button", name="Lewati").click()
        page.get_by_role("button", name="Sebelumnya").click()
        expect(page.locator("h1")).to_have_text("Lain")
    address = page.url
    close_tab(page)
    page = visit.page = context.new_page()
    page.goto(address)
    visit.judge()
    expect(page.locator("#points-0")).to_have_value("3,33")
    expect(page.locator("#comment")).to_have_value("Belum selesai saya nilai.")
    for name in ("Lain", "N" * 120, "Peserta"):
        expect(page.locator("h1")).to_have_text(name)
        for place, given in enumerate(("3,33", "2.5", "0")):
            page.fill(f"#points-{place}", given)
        if script:
            expect(page.locator("output")).to_have_text("5,83")
            page.fill("#points-2", "99")
            expect(page.locator("output")).to_have_text("–")
            page.fill("#points-2", "0")
            page.keyboard.press("Control+Enter")
        else:
            page.locator("#points-2").press("Enter")
    expect(page.locator("main")).to_contain_text("0 dari 3 jawaban menunggu dinilai.")
    visit.judge()
    assert points(small_site) == [5.83] * 3
    assert kept(small_site, JudgementDraft.typed) == []
    close(context)
