"""What a page weighs on the wire, compressed, without the lesson's own pictures. Goals: design.md 8."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from lms.config import Settings
from lms.learning import attempts, reading
from lms.web.site import now
from tests.conftest import Cast
from tests.visitor import Visitor

FIRST, LATER = 40 * 1024, 12 * 1024
HOME = 16 * 1024
NOTES = 4 * 1024  # of a lesson, the scripts that come after it has been loaded
SCRIPTS = 10 * 1024  # of a lesson, those that come only when something waits or went wrong included
#: An icon for a home screen is fetched by whoever puts the site there, and by no page.
_STATIC = re.compile(r'(?<!rel="apple-touch-icon" )(?:href|src)="(/static/[^"]+)"')
_IMPORT = re.compile(r'(?:from|import)\s*\(?"(\./[^"]+)"')


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The shipped pack instead of the tests' own."""
    return Settings(secret_key=settings.secret_key, database_url=settings.database_url, secure_cookies=False)


#: As a browser asks, and as an older one does.
ASKED = {"gzip, deflate, br, zstd": "zstd", "gzip, deflate, br": "br"}


def weight(client: Any, path: str, accept: str) -> int:
    with client.get(path, headers={"Accept-Encoding": accept}) as sent:
        assert sent.status_code == 200, path
        coding = "br" if path.startswith("/static/") else ASKED[accept]  # what never changes is pressed once, hard
        assert sent.headers.get("Content-Encoding") == coding, path
        return len(sent.get_data())


def assets(client: Any, page: str) -> set[str]:
    """Addresses of everything a page loads for itself, and what its scripts import."""
    waiting, found = set(_STATIC.findall(page)), set()
    while waiting:
        path = waiting.pop()
        found.add(path)
        if path.endswith(".js"):
            with client.get(path) as script:
                names = _IMPORT.findall(script.get_data(as_text=True))
            waiting |= {f"{path.rpartition('/')[0]}/{Path(name).name}" for name in names} - found
    return found


@pytest.mark.parametrize("accept", ASKED)
def test_no_lesson_is_too_heavy_for_a_bad_link(app: Flask, people: Cast, accept: str) -> None:
    ada = Visitor(app).sign_in("ada")
    client = ada._client
    for lesson in app.extensions["lms"].pack.current().every_lesson:
        path = f"/materi/{lesson.module}/{lesson.slug}"
        page = weight(client, path, accept)
        assert page <= LATER, f"{path}: {page} bytes"
    loaded = {asset: weight(client, asset, accept) for asset in assets(client, ada.get(path).get_data(as_text=True))}
    assert len(loaded) >= 3
    first = page + sum(loaded.values())
    assert first <= FIRST, f"{first} bytes"


@pytest.mark.parametrize("accept", ASKED)
def test_the_start_page_is_light_whatever_somebody_did(app: Flask, people: Cast, accept: str) -> None:
    ada, catalog, moment = Visitor(app).sign_in("ada"), app.extensions["lms"].pack.current(), now()
    with app.extensions["lms"].database.transaction() as db:
        for lesson in catalog.every_lesson[::2]:
            reading.visit(db, people.ada, lesson, read=True, now=moment)
        for quiz in catalog.quizzes.values():
            attempt = attempts.start(db, quiz, people.ada, now=moment, bank=catalog.bank)
            attempts.submit(db, attempt, people.ada, now=moment)
    home = weight(ada._client, "/beranda", accept)
    assert home <= HOME, f"{home} bytes"


def test_the_scripts_of_no_lesson_are_too_heavy(app: Flask, people: Cast) -> None:
    ada, every_lesson = Visitor(app).sign_in("ada"), app.extensions["lms"].pack.current().every_lesson
    by_kinds = {frozenset(check.kind for check in lesson.checks): lesson for lesson in every_lesson}
    for lesson in by_kinds.values():
        page = ada.get(f"/materi/{lesson.module}/{lesson.slug}").get_data(as_text=True)
        scripts = [asset for asset in assets(ada._client, page) if asset.endswith(".js")]
        heavy = sum(weight(ada._client, script, "br") for script in scripts)
        assert heavy <= SCRIPTS, f"{lesson.id}: {heavy} bytes"


def test_what_notes_add_to_a_lesson_is_light_and_comes_behind_it(app: Flask, people: Cast) -> None:
    ada = Visitor(app).sign_in("ada")
    page = ada.get("/materi/orientasi/apa-itu-latsar").get_data(as_text=True)
    notes = re.search(r'data-notes="(/static/[^"]+)"', page)
    assert notes
    before = assets(ada._client, page)
    added = assets(ada._client, f'<script src="{notes[1]}"></script>') - before
    heavy = sum(weight(ada._client, asset, "br") for asset in added)
    assert added
    assert heavy <= NOTES, f"{heavy} bytes"


def test_pages_ask_nobody_else_for_anything(app: Flask, people: Cast) -> None:
    ada = Visitor(app).sign_in("ada")
    for path in (
        "/",
        "/masuk",
        "/beranda",
        "/rencana",
        "/cari?q=asn",
        "/catatan",
        "/materi",
        "/progres",
        "/akun",
        "/glosarium",
        "/regulasi",
    ):
        page = ada.get(path, follow_redirects=True).get_data(as_text=True)
        assert not re.findall(r'<(?:link|script|img|iframe)[^>]+(?:href|src)="https?:', page), path
