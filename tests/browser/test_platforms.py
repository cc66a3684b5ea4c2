"""An administrator sets up a platform, and another one registers by itself in a frame of its own site."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from lms.config import Settings
from lms.db.accounts import Role, User
from lms.features.lti.products import PRODUCTS
from lms.learning import accounts, platforms
from tests.browser.conftest import DESKTOP, KEY, PHONE, Site, Visit, close, serve
from tests.conftest import as_started, fresh_copy
from tests.features.lti.conftest import local as local
from tests.features.lti.local import Local

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def site(
    sqlite_template: Any,
    password_hash: str,
    applications: dict[Settings, Flask],
    compiled_templates: FileSystemBytecodeCache,
) -> Iterator[Site]:
    """One that may ask a platform on this machine; Pengampu administers it."""
    settings = Settings(
        secret_key=KEY, database_url=fresh_copy(sqlite_template), secure_cookies=False, own_network=True
    )
    with as_started(settings, applications, compiled_templates) as app:
        for found in serve(app, app.extensions["lms"].database, password_hash):
            with found.database.transaction() as db:
                person = db.execute(select(User.id).where(User.login == "pengampu")).scalar_one()
                accounts.grant(db, person, Role.ADMINISTRATOR, now=datetime.now(UTC))
            yield found


@pytest.fixture
def frame(local: Local) -> str:
    """A page of the platform that shows whatever it is asked for in a frame, and closes it when it is told."""
    page = (
        "<!doctype html><html lang=en><title>Platform</title><body><h1>Platform</h1>"
        "<iframe title=Tool width=350 height=600></iframe><script>"
        "document.querySelector('iframe').src = decodeURIComponent(location.hash.slice(1));"
        "addEventListener('message', ({ data }) => { if (data.subject === 'org.imsglobal.lti.close')"
        " document.querySelector('h1').textContent = 'Closed'; });</script>"
    )
    local.answers["/frame"] = (200, page)
    return f"{local.address}/frame"


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_platform_is_set_up_checked_and_removed(chromium: Browser, site: Site, local: Local, screen: Any) -> None:
    context = chromium.new_context(viewport=screen, locale="id-ID", reduced_motion="reduce")
    visit = Visit(site, context)
    page = visit.sign_in("pengampu")
    visit.open("/lti/platform")
    for its in PRODUCTS:
        visit.open(f"/lti/platform/baru?produk={its.id}")
    visit.open("/lti/platform/baru?produk=moodle")
    for name, value in {
        **{"name": "Moodle lokal", "issuer": local.address, "client_id": "abc", "deployments": "1"},
        **{"authorization_url": "auth", "token_url": f"{local.address}/token", "keys_url": f"{local.address}/keys"},
    }.items():
        page.fill(f"#{name}", value)
    visit.press("Simpan dan setujui")
    expect(page.locator("#authorization_url-petunjuk")).to_contain_text("https://")
    page.fill("#authorization_url", f"{local.address}/auth")
    visit.press("Simpan dan setujui")
    visit.press("Periksa", within="#periksa")
    expect(page.locator("#periksa")).to_contain_text("1 kunci dapat dipakai")
    assert f"issuer: {local.address}" in page.locator("#periksa textarea").input_value()
    chosen = page.evaluate(
        "() => { const one = document.querySelector('code.whole'); getSelection().selectAllChildren(one);"
        " return [getSelection().toString(), getComputedStyle(one).userSelect]; }"
    )
    assert chosen == [local.address, "all"]
    visit.press("Hapus platform ini")
    visit.press("Ya, hapus")
    expect(page.locator("main")).to_contain_text("Belum ada platform")
    close(context)


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_platform_registers_by_itself_in_its_frame(
    chromium: Browser, site: Site, local: Local, frame: str, screen: Any
) -> None:
    context = chromium.new_context(viewport=screen, locale="id-ID", reduced_motion="reduce")
    register = f"{site.address}/lti/register?openid_configuration={quote(local.configuration, safe='')}"
    page = context.new_page()
    with page.expect_console_message(
        lambda said: "frame-ancestors" in said.text
    ):  # another site than the one that asks
        page.goto(f"{frame.replace('127.0.0.1', 'localhost')}#{quote(register, safe='')}")
    page.goto("about:blank")
    page.goto(f"{frame}#{quote(register, safe='')}")
    tool = page.frame_locator("iframe")
    expect(tool.locator("h1")).to_contain_text("Sambungkan 127.0.0.1")
    tool.get_by_role("button", name="Daftarkan").click()
    expect(page.locator("h1")).to_have_text("Closed")
    with site.database.reading() as db:
        (row,) = platforms.every(db)
    assert (row.issuer, row.approved_at) == (local.address, None)
    assert context.cookies() == []
    Visit(site, context).open(register.removeprefix(site.address))
    Visit(site, context).open("/lti/register/selesai")
    visit = Visit(site, context)
    visit.sign_in("pengampu")
    visit.open("/lti/platform")
    visit.press(f"Moodle {local.address.removeprefix('http://')}", within="main")
    visit.press("Setujui", within="main")
    expect(visit.page.locator(".notices")).to_contain_text("orang-orangnya dapat masuk")
    close(context)
