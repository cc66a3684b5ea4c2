"""From the end of the course to a stranger's browser, without a single script."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect
from sqlalchemy import select

from lms.db.accounts import User
from tests.browser.conftest import Site, Visit, close
from tests.guided import finish, guided

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def without_scripts(chromium: Browser, screen: Any) -> BrowserContext:
    context = chromium.new_context(viewport=screen, locale="id-ID", reduced_motion="reduce")
    context.route("**/*.js", lambda route: route.abort())
    return context


def test_a_stranger_verifies_a_certificate_until_it_is_revoked(
    chromium: Browser, small_site: Site, screen: Any, tmp_path: Path
) -> None:
    small_site.app.extensions["lms"].pack.replace(guided())
    with small_site.database.transaction() as db:
        person = db.execute(select(User.id).where(User.login == "peserta")).scalar_one()
        finish(db, person, guided(), now=datetime.now(UTC))
    ours, theirs = without_scripts(chromium, screen), without_scripts(chromium, screen)
    owner, stranger = Visit(small_site, ours), Visit(small_site, theirs)

    page = owner.sign_in("peserta")
    owner.press("Sertifikat belajar mandiri", within="main")
    page.get_by_label("Nama saya tertulis benar: Peserta").check()
    owner.press("Terbitkan sertifikat")
    address = page.locator(".certificate figcaption").inner_text()
    assert address.startswith(small_site.address)

    seen = stranger.open(address.removeprefix(small_site.address))
    expect(seen.locator("h1")).to_have_text("Sertifikat ini asli dan berlaku")
    expect(seen.locator(".certificate")).to_contain_text("Peserta")
    assert seen.locator(".certificate img").evaluate("picture => picture.naturalWidth") > 0
    with seen.expect_download() as saved:
        seen.get_by_role("link", name="Unduh teks bertanda tangan").click()
    text = Path(saved.value.path()).read_text("ascii")
    seen.get_by_role("link", name="English").click()
    expect(seen.locator("h1")).to_have_text("This certificate is genuine and valid")

    seen.get_by_role("link", name="Verify a text or a file").click()
    seen.wait_for_url("**/periksa*")
    middle = len(text) // 2
    changed = tmp_path / "sertifikat.jws"
    changed.write_text(text[:middle] + ("A" if text[middle] != "A" else "B") + text[middle + 1 :], "ascii")
    seen.set_input_files("[name=file]", changed)
    stranger.press("Check", within="main form")
    expect(seen.locator("main")).to_contain_text("This text is no certificate of this site")
    seen.fill("[name=text]", text)
    seen.get_by_role("button", name="Check").click()
    expect(seen.locator("h1")).to_have_text("This certificate is genuine and valid")

    page.locator("summary", has_text="Cabut sertifikat").click()
    page.get_by_role("button", name="Ya, cabut sertifikat ini").click()
    expect(page.locator("main")).to_contain_text("Sertifikat Anda dicabut")
    stranger.open(address.removeprefix(small_site.address))
    expect(seen.locator("h1")).to_have_text("Sertifikat ini sudah dicabut")
    expect(seen.locator("main")).not_to_contain_text("Peserta")
    close(ours)
    close(theirs)
