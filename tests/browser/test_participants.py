"""From a name to a person's work and to everybody's answers, on a phone, with a name as long as names may be."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select, update

from lms.db.accounts import User
from lms.db.cohorts import Cohort
from tests.browser.conftest import PHONE, Site, Visit, close, signed_in
from tests.features.participants.test_one_person import ON_SQLITE
from tests.learning.test_members import CATALOG
from tests.learning.test_regrades import take

pytestmark = [pytest.mark.browser, pytest.mark.slow, ON_SQLITE]

NAME = "Ada " + "Tribhuwana" * 9 + " Kusumawardhani Purnama"


def test_a_long_name_breaks_no_page_and_a_note_needs_no_script(chromium: Browser, small_site: Site) -> None:
    with small_site.database.transaction() as db:
        ada = db.execute(select(User.id).where(User.login == "peserta")).scalar_one()
        cohort = db.execute(select(Cohort.id)).scalar_one()
        db.execute(update(User).where(User.id == ada).values(name=NAME))
    take(small_site.database, CATALOG.quizzes["pecahan"], ada, {"k-terbesar": ["b"]})
    context = chromium.new_context(viewport=PHONE, locale="id-ID", reduced_motion="reduce")
    context.route("**/*.js", lambda route: route.abort())
    signed_in(small_site, context, "pengampu")
    visit = Visit(small_site, context)

    page = visit.open(f"/pengampu/angkatan/{cohort}/kuis/pecahan/soal/k-terbesar/jawaban")
    visit.press(NAME, within="article")
    expect(page.locator("h1")).to_have_text(NAME)
    page.get_by_label("Catatan baru").fill("Sudah ditelepon.")
    visit.press("Simpan catatan", within="main")
    expect(page.locator("#catatan ~ .entry")).to_contain_text("Sudah ditelepon.")
    visit.press("Beri atau ubah kelonggaran")
    visit.open(f"/pengampu/angkatan/{cohort}/peserta/{_other(small_site)}")
    expect(page.locator(".turn")).to_contain_text(NAME)
    close(context)


def _other(site: Site) -> str:
    with site.database.reading() as db:
        return str(db.execute(select(User.id).where(User.login == "lain")).scalar_one())
