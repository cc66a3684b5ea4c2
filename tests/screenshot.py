"""Takes the README's picture anew: one lesson on a desktop and on a phone, side by side.

python3 dev.py screenshot [--lesson MODULE/LESSON]
"""

from __future__ import annotations

import argparse
import base64
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import waitress
from playwright.sync_api import Browser, sync_playwright

from lms import create_app
from lms.config import Settings
from lms.db import migrate
from lms.db.accounts import Role
from lms.db.engine import Database
from lms.learning import accounts, passwords
from tests.browser.conftest import BROWSERS, DESKTOP, FLAGS, PHONE
from tests.conftest import PASSWORD

TARGET = Path(__file__).parent.parent / "docs/lesson.png"
_SHEET = """<body style="margin:0;background:#e9e4d8"><div id="sheet" style="display:flex;gap:28px;padding:28px;
width:max-content;align-items:flex-start"><img height="560" src="data:image/png;base64,{desktop}">
<img height="560" src="data:image/png;base64,{phone}"></div>"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="dev.py screenshot", description=__doc__.partition("\n")[0])
    parser.add_argument("--lesson", default="manajemen-asn/siapa-asn")
    path = f"/materi/{parser.parse_args().lesson}"
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        sys.exit("Chromium must be installed")
    with _site() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        shots = {name: _shot(browser, address, path, size) for name, size in (("desktop", DESKTOP), ("phone", PHONE))}
        page = browser.new_page(viewport={"width": 1400, "height": 640})
        page.set_content(_SHEET.format(**shots))
        page.locator("#sheet").screenshot(path=TARGET)
        browser.close()
    print(f"{TARGET} {TARGET.stat().st_size // 1000} KB")


@contextmanager
def _site() -> Iterator[str]:
    """A server on loopback with one participant and the shipped pack."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/lms.db"
        database = Database(url)
        migrate.upgrade(database.engine)
        with database.transaction() as db:
            user = accounts.add(db, login="peserta", name="Peserta", roles=[Role.PARTICIPANT], now=datetime.now(UTC))
            user.password_hash = passwords.rehash(PASSWORD)
        app = create_app(
            Settings(secret_key="a key for one picture, long enough", database_url=url, secure_cookies=False)
        )
        server = waitress.create_server(app, host="127.0.0.1", port=0, threads=4)
        threading.Thread(target=server.run, daemon=True).start()
        yield f"http://127.0.0.1:{server.effective_port}"  # type: ignore[union-attr]
        server.close()
        database.dispose()
        app.extensions["lms"].database.dispose()


def _shot(browser: Browser, address: str, path: str, size: dict[str, int]) -> str:
    page = browser.new_page(viewport=size, device_scale_factor=1, locale="id-ID")
    page.goto(f"{address}/masuk?next={path}")
    page.fill("[name=login]", "peserta")
    page.fill("[name=password]", PASSWORD)
    page.locator("main").get_by_role("button", name="Masuk").click()
    page.wait_for_url(f"**{path}")
    picture = page.screenshot()
    page.close()
    return base64.b64encode(picture).decode()


if __name__ == "__main__":
    main()
