"""A real Chromium and a real server, for the pages as people meet them."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import waitress
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Browser, BrowserContext, Error, Frame, Page, expect, sync_playwright

from lms.config import Settings
from lms.db.accounts import Role
from lms.db.cohorts import Place
from lms.db.engine import Database
from lms.learning import accounts, cohorts
from tests.conftest import PASSWORD, as_started, fresh_copy, lacking
from tests.visitor import TOKEN

#: The first is the same Chromium without the window around its pages, which costs more than twice what they do.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: Milliseconds: a machine that others keep busy is slow, and no walk is about how fast it is.
PATIENCE = 25_000
expect.set_options(timeout=PATIENCE)

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 860}

KEY = "a key for browser tests, long enough"

#: For what does not depend on the engine, or was asked of both without a browser.
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

#: Where lies what axe found nothing wrong with, for all workers: how pages look without what is new in every copy.
_sound = Path()
_LOOK = """() => [
    document.documentElement.outerHTML,
    innerWidth,
    matchMedia("(prefers-color-scheme: dark)").matches,
    ...[...document.querySelectorAll(":checked, :popover-open")].map((one) => one.id || one.value),
].join("\\n")"""
_ITS_OWN = re.compile(
    r"""[0-9a-f]{8}-[0-9a-f-]{27}  # an id
    |(?<=name="csrf_token"\ value=")[^"]*
    |[0-9-]{10}T[0-9:.]{8,15}(?:[+]00:00|Z)  # a moment
    |[0-9]{2}[.][0-9]{2}(?=\ WIB)|(?<=Sisa\ )[0-9:]+  # a clock
    |<option[^>]*>[^<]*</option>  # in an order of its own
    |(?<=<code>)[0-9A-F]{5}-[0-9A-F]{5}(?=</code>)  # a receipt
    """,
    re.VERBOSE,
)


@pytest.fixture(scope="session", autouse=True)
def sound(shared_folder: Path) -> None:
    global _sound
    _sound = shared_folder / "sound"
    _sound.mkdir(exist_ok=True)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        lacking("browser", "no Chromium: install the system's chromium package")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        # What a worker answers no ``route`` of a test sees: who wants one (``test_offline.py``) allows it.
        browser.new_context = partial(browser.new_context, service_workers="block")  # type: ignore[method-assign]
        yield browser
        browser.close()


@dataclass(frozen=True)
class Site:
    """A server with a pack and four people: peserta, lain (participants), pengampu, penyunting."""

    address: str
    database: Database
    app: Any


@pytest.fixture
def site(
    sqlite_template: Path,
    password_hash: str,
    applications: dict[Settings, Flask],
    compiled_templates: FileSystemBytecodeCache,
) -> Iterator[Site]:
    """With the shipped pack."""
    settings = Settings(secret_key=KEY, database_url=fresh_copy(sqlite_template), secure_cookies=False)
    with as_started(settings, applications, compiled_templates) as app:
        yield from serve(app, app.extensions["lms"].database, password_hash)


@pytest.fixture
def small_site(app: Flask, password_hash: str) -> Iterator[Site]:
    """With the tests' own pack, which has a quiz with every kind of question, on each database in turn."""
    yield from serve(app, app.extensions["lms"].database, password_hash)


def serve(app: Flask, database: Database, password_hash: str) -> Iterator[Site]:
    _people(database, password_hash)
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=4)

    def run() -> None:
        with suppress(OSError):  # its loop may be waiting on a socket that ``close`` closes
            server.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield Site(f"http://127.0.0.1:{server.effective_port}", database, app)  # type: ignore[union-attr]
    server.close()
    thread.join(10)
    server.task_dispatcher.shutdown()  # whoever waits for an answer has it before the next test has the application
    for channel in list(server.active_channels.values()):  # type: ignore[union-attr]
        channel.close()
    database.dispose()


def _people(database: Database, password_hash: str) -> None:
    now = datetime.now(UTC)
    with database.transaction() as db:
        cohort = cohorts.add(db, "Angkatan I", now=now)
        for login, role, place in (
            ("peserta", Role.PARTICIPANT, Place.PARTICIPANT),
            ("lain", Role.PARTICIPANT, Place.PARTICIPANT),
            ("pengampu", Role.INSTRUCTOR, Place.INSTRUCTOR),
            ("penyunting", Role.EDITOR, None),
        ):
            user = accounts.add(db, login=login, name=login.title(), roles=[role], now=now)
            user.password_hash = password_hash
            if place:
                cohorts.enrol(db, cohort, user.id, place, now=now)


def close_tab(page: Page) -> None:
    """Close a page once it rests: of one that is on its way to another page, Chromium may never say that it is closed,
    and Playwright waits for that without an end."""
    with suppress(Error):  # whatever was under way ends here
        page.goto("about:blank", timeout=5_000)
    page.close()


def close(context: BrowserContext) -> None:
    """Close a window with its pages, see ``close_tab``."""
    for page in context.pages:
        close_tab(page)
    context.close()


def signed_in(site: Site, context: BrowserContext, login: str = "peserta") -> None:
    """In this window somebody came in before; how that looks is walked in the journeys."""
    door = f"{site.address}/masuk"
    token = TOKEN.search(context.request.get(door).text())
    assert token
    form: dict[str, str | float | bool] = {"login": login, "password": PASSWORD, "csrf_token": token[1]}
    assert context.request.post(door, form=form, max_redirects=0).status == 303


class Visit:
    """One person's browser window; every page it opens is judged before the test goes on."""

    def __init__(self, site: Site, context: BrowserContext) -> None:
        self.site = site
        self.context = context
        self.page: Page = context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("console", self._heard)

    def _heard(self, message: Any) -> None:
        expected = ("Failed to load resource", "Service Worker registration blocked")
        if message.type in ("error", "warning") and not message.text.startswith(expected):
            self.faults.append(f"console: {message.text}")

    def open(self, path: str) -> Page:
        self.page.goto(self.site.address + path)
        self.judge()
        return self.page

    def sign_in(self, login: str) -> Page:
        self.open("/masuk")
        self.page.fill("[name=login]", login)
        self.page.fill("[name=password]", PASSWORD)
        self.press("Masuk", within="main")
        assert self.page.url.endswith("/beranda"), self.page.url
        return self.page

    def press(self, name: str, *, within: str = "body") -> Page:
        """Press a button or follow a link by its words, and judge the page that comes."""
        scope = self.page.locator(within)
        button = scope.get_by_role("button", name=name).or_(scope.get_by_role("link", name=name)).first
        button.click()
        self.page.wait_for_load_state()
        self.judge()
        return self.page

    def judge(self, frame: Frame | None = None) -> None:
        """No accessibility violation, nothing wider than the screen, no complaint in the console.

        ``frame``: of the page what somebody else's page holds of ours.
        """
        shown = frame or self.page
        address = shown.url
        violations = _violations(shown)
        assert not violations, f"{address}\n" + "\n".join(violations)
        wide, screen = shown.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert wide <= screen, f"{address} is {wide} px wide on a screen of {screen} px"
        assert not self.faults, f"{address}: {self.faults}"


def _violations(shown: Page | Frame) -> list[str]:
    """Of a page that nobody judged before: a walk comes to the same one again and again, and axe takes a second."""
    look = _ITS_OWN.sub("", shown.evaluate(_LOOK))
    judged = _sound / sha256(look.encode()).hexdigest()
    if judged.exists():
        return []
    found = Axe().run(shown).response["violations"]
    if not found:
        judged.touch()
    return [f"{one['id']}: {one['help']} – {[node['target'] for node in one['nodes']][:5]}" for one in found]


@pytest.fixture
def screen(small_site: Site) -> Any:
    """A phone's on SQLite, a desk's on PostgreSQL: walks that are taken on both see both."""
    return PHONE if small_site.database.engine.dialect.name == "sqlite" else DESKTOP


class Phone:
    """One device of one person, with a link that can be cut."""

    def __init__(self, site: Site, context: BrowserContext) -> None:
        self.site = site
        self.context = context
        context.set_default_timeout(PATIENCE)

    def sign_in(self, login: str = "peserta") -> Page:
        page = self.context.new_page()
        page.goto(f"{self.site.address}/masuk")
        page.fill("[name=login]", login)
        page.fill("[name=password]", PASSWORD)
        page.locator("main button").first.click()
        page.wait_for_url("**/beranda")
        return page

    def open(self, path: str) -> Page:
        page = self.context.new_page()
        page.goto(self.site.address + path)
        return page

    def come(self, path: str, login: str = "peserta") -> Page:
        """Open a page as somebody who signed in before."""
        signed_in(self.site, self.context, login)
        return self.open(path)

    def take(self) -> Page:
        """Start the quiz with every kind of question."""
        page = self.come("/kuis/semua-jenis")
        page.get_by_role("button", name="Mulai").or_(page.get_by_role("link", name="Lanjutkan kuis")).click()
        page.wait_for_url("**/percobaan/**")
        expect(page.locator("[data-summary]")).not_to_be_empty()
        return page

    def cut(self, *patterns: str) -> None:
        for pattern in patterns:
            self.context.route(pattern, lambda route: route.abort())

    def mend(self, *patterns: str) -> None:
        for pattern in patterns:
            self.context.unroute(pattern)
        for page in self.context.pages:
            page.evaluate("dispatchEvent(new Event('online'))")


@pytest.fixture
def phones(chromium: Browser, small_site: Site) -> Iterator[Callable[[], Phone]]:
    contexts = []

    def new() -> Phone:
        context = chromium.new_context(
            viewport=PHONE, locale="id-ID", has_touch=True, is_mobile=True, reduced_motion="reduce"
        )
        contexts.append(context)
        return Phone(small_site, context)

    yield new
    for context in contexts:
        close(context)


@pytest.fixture
def phone(phones: Callable[[], Phone]) -> Phone:
    return phones()
