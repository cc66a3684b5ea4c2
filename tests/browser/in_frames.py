"""Our pages in a frame of a campus, in a browser that blocks cookies of other sites.

For the browser 127.0.0.1 and localhost are two sites, and both are trusted like HTTPS: cookies are ``Secure`` without
a certificate.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Browser, BrowserContext, Frame, Page, expect
from sqlalchemy import select

from lms.config import Settings
from lms.db.accounts import Role, User
from lms.features.lti import messages
from lms.features.lti.addresses import Addresses
from lms.learning import accounts, platforms
from lms.web.site import now
from tests.browser.answering import until
from tests.browser.conftest import KEY, PATIENCE, Site, Visit, serve
from tests.campus.campus import CLIENT, DEPLOYMENT, Campus, Link, open_campus
from tests.conftest import PACK, as_started, fresh_copy


class Framed:
    """Our application behind what a server sees of frames: ``cookies`` that came with requests of them, in order.

    ``bare``: it answers as to a browser that gives frames no cookie whatever is asked of it: none comes, none is kept.
    """

    def __init__(self, app: Flask) -> None:
        self.app, self.cookies, self.bare = app, list[str](), False

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        if environ.get("HTTP_SEC_FETCH_DEST") != "iframe":
            return self.app(environ, start)
        self.cookies.append(environ.get("HTTP_COOKIE", ""))
        if not self.bare:
            return self.app(environ, start)
        environ.pop("HTTP_COOKIE", None)

        def without(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            return start(status, [one for one in headers if one[0] != "Set-Cookie"], *error)

        return self.app(environ, without)


@dataclass(frozen=True)
class OtherSite(Site):
    """Ours, of another site than the campus."""

    framed: Framed


@pytest.fixture
def campus() -> Iterator[Campus]:
    with open_campus() as made:
        yield made


@pytest.fixture
def site(
    sqlite_template: Path,
    password_hash: str,
    applications: dict[Settings, Flask],
    compiled_templates: FileSystemBytecodeCache,
) -> Iterator[OtherSite]:
    """It may ask a campus on this machine; Pengampu administers it."""
    settings = Settings(
        secret_key=KEY,
        database_url=fresh_copy(sqlite_template),
        pack=str(PACK),
        secure_cookies=True,
        own_network=True,
    )
    with as_started(settings, applications, compiled_templates) as app:
        framed = Framed(app)
        for found in serve(framed, app.extensions["lms"].database, password_hash):
            with found.database.transaction() as db:
                person = db.execute(select(User.id).where(User.login == "pengampu")).scalar_one()
                accounts.grant(db, person, Role.ADMINISTRATOR, now=datetime.now(UTC))
            yield OtherSite(found.address.replace("127.0.0.1", "localhost"), found.database, app, framed)


def agree(site: OtherSite, campus: Campus, path: str = "kuis/semua-jenis") -> None:
    """As if the campus had registered, and somebody had placed this in its course."""
    ours = Addresses(site.address)
    campus.register(
        dict(
            messages.tool_configuration(
                ours.here, name="", login=ours.login, launch=ours.launch, keys=ours.keys, logo=""
            )
        )
    )
    campus.links.append(Link("Kegiatan", f"{site.address}/{path}", {}))
    agreed = platforms.Agreed(
        name="Kampus",
        issuer=campus.address,
        client_id=CLIENT,
        authorization_url=f"{campus.address}/auth",
        token_url=f"{campus.address}/token",
        keys_url=f"{campus.address}/keys",
        deployments=(DEPLOYMENT,),
        product="kampus",
    )
    with site.database.transaction() as db:
        platforms.add(db, agreed, approved=True, now=now())


class Guest(Visit):
    """Somebody of the campus, in whose browser we stand in somebody else's frame."""

    def __init__(self, site: Site, campus: Campus, context: BrowserContext, person: str) -> None:
        super().__init__(site, context)
        self.campus = campus
        block_cookies_of_others(self.page)
        self.page.goto(f"{campus.address}/enter/{person}")

    def opens(self, path: str, heading: str) -> Frame:
        """A page of the campus with us in its frame, which comes to show this."""
        self.page.goto(self.campus.address + path)
        return self.arrives(heading)

    def arrives(self, heading: str) -> Frame:
        expect(self.page.frame_locator("iframe").locator("h1")).to_have_text(heading)
        frame = self.page.locator("iframe").element_handle().content_frame()
        assert frame
        frame.wait_for_load_state()
        self.judge(frame)
        return frame

    def judge(self, frame: Frame | None = None) -> None:
        """In a frame, also: it is as tall as what is in it, and the menu is that of the campus.

        What stays in sight on a screen, as the clock of a quiz does, stays so here: such a page has most of a screen.
        """
        if frame:
            assert not frame.locator(".masthead").is_visible()
            until(self.page, lambda: frame.evaluate(_FITS))
        super().judge(frame)


_FITS = """() => innerHeight === Math.min(
    Math.ceil(document.documentElement.getBoundingClientRect().height),
    document.querySelector('.desk, [data-notes]') ? Math.round(screen.availHeight * .85) : Infinity)"""


def block_cookies_of_others(page: Page) -> None:
    """The browser's own switch, as its settings and its developer tools have it."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.setCookieControls",
        {
            "enableThirdPartyCookieRestriction": True,
            "disableThirdPartyCookieMetadata": True,
            "disableThirdPartyCookieHeuristics": True,
        },
    )


def guest(chromium: Browser, site: Site, campus: Campus, screen: Any, person: str, **more: Any) -> Guest:
    context = chromium.new_context(viewport=screen, locale="id-ID", has_touch=True, reduced_motion="reduce", **more)
    context.set_default_timeout(PATIENCE)
    return Guest(site, campus, context, person)
