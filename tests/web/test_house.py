"""The look of the house: on every page, also on those that are placed once, and on no page of another house."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

import lms
from lms import create_app
from lms.config import BadSetting, Settings
from lms.web.assets import FOLDER
from tests.conftest import Cast
from tests.visitor import Visitor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

LESSON = "/materi/pecahan/setengah"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8z"/></svg>'
Making = Callable[..., Flask]


@pytest.fixture
def made(settings: Settings, compiled_templates: FileSystemBytecodeCache) -> Iterator[Making]:
    """Applications with these settings changed."""
    apps: list[Flask] = []

    def make(**changes: Any) -> Flask:
        apps.append(create_app(replace(settings, **changes)))
        apps[-1].jinja_env.bytecode_cache = compiled_templates
        return apps[-1]

    yield make
    for app in apps:
        app.extensions["lms"].database.dispose()


@pytest.fixture
def look(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "lambang.svg").write_text(SVG)
    (tmp_path / "rumah.css").write_text('.masthead { content: "/* ours */" }\n')
    return {
        "site_name": "Pusdiklat Contoh",
        "site_logo": str(tmp_path / "lambang.svg"),
        "site_colour": "#0b5c8a",
        "site_stylesheet": str(tmp_path / "rumah.css"),
        "site_footer": "Jalan Contoh 1 · [Privasi](https://contoh.example/privasi)",
        "site_sign_in": "Masuk dengan **NIP**.\n\nKata sandi dari panitia.",
    }


def page(visitor: Visitor, path: str) -> str:
    return visitor.get(path).get_data(as_text=True)


def styles(text: str) -> list[str]:
    return re.findall(r'<link rel="stylesheet" href="([^"]+)">', text)


def test_every_page_wears_it_also_those_that_are_placed_once(made: Making, people: Cast, look: dict[str, str]) -> None:
    ada = Visitor(made(**look))
    stranger = [page(ada, path) for path in ("/", "/masuk", "/tidak-ada", "/luring")]
    ada.sign_in("ada")
    attempt = ada.post("/kuis/pecahan/mulai").location or ""
    paths = (
        LESSON,
        LESSON,
        attempt,
        "/beranda",
        "/kuis/pecahan",
        "/tidak-ada",
        "/luring",
        "/catatan",
        "/materi/pecahan/cetak",
    )
    for text in (*stranger, *(page(ada, path) for path in paths)):
        assert " · Pusdiklat Contoh</title>" in text
        assert re.search(
            r'class="wordmark" href="/"><img src="/static/house/logo\.\w+\.svg" alt="">Pusdiklat Contoh</a>', text
        )
        assert re.search(r'<link rel="icon" href="/static/house/logo\.\w+\.svg" type="image/svg\+xml">', text)
        assert '<p>Jalan Contoh 1 · <a href="https://contoh.example/privasi"' in text
        assert "/static/house/house." in styles(text)[-1], "ours come before"
        assert "Pelatihan contoh" not in text.partition("<main")[0]


def test_whoever_asks_for_nothing_gets_nothing(app: Flask, people: Cast) -> None:
    ada = Visitor(app)
    for text in (page(ada, "/masuk"), page(ada.sign_in("ada"), LESSON)):
        assert "house" not in text
        assert '<link rel="icon" href="/static/icon.' in text
        assert 'class="wordmark" href="/">Pelatihan contoh</a>' in text
    assert not app.extensions["lms"].house.files


def test_two_houses_in_one_process_stay_apart(made: Making, people: Cast, look: dict[str, str]) -> None:
    first, second = (
        made(**look),
        made(**look | {"site_name": "Balai Lain", "site_colour": "#14532d", "site_footer": ""}),
    )
    plain = made()
    visitors = [Visitor(app).sign_in("ada") for app in (first, second, plain)]
    texts = [page(visitor, LESSON) for visitor in visitors for _ in range(2)]
    assert ["Pusdiklat Contoh" in text for text in texts] == [True, True, False, False, False, False]
    assert ["Jalan Contoh" in text for text in texts] == [True, True, False, False, False, False]
    assert ["Balai Lain" in text for text in texts] == [False, False, True, True, False, False]
    assert len({styles(text)[-1] for text in texts[:4]}) == 2
    with visitors[2].get(styles(texts[0])[-1]) as sent:
        assert sent.status_code == 404, "nor is a file of one found at another"


def test_its_files_may_be_kept_for_ever_and_run_nothing(made: Making, look: dict[str, str]) -> None:
    app = made(**look)
    client, assets = app.test_client(), app.extensions["lms"].assets
    with client.get(assets.url("house/logo.svg")) as sent:
        assert sent.get_data(as_text=True) == SVG
        assert sent.mimetype == "image/svg+xml"
        assert "immutable" in sent.headers["Cache-Control"]
        assert sent.headers["Content-Security-Policy"].endswith("sandbox")
    with client.get(assets.url("house/house.css")) as sent:
        style = sent.get_data(as_text=True)
    assert style.index("--accent: #0b5c8a") < style.index('content: "/* ours */"')
    with client.get(assets.url("house/house.css"), headers={"Accept-Encoding": "br"}) as sent:
        assert sent.headers["Content-Encoding"] == "br"


def test_another_look_is_another_release_for_the_worker(made: Making, look: dict[str, str]) -> None:
    releases = {
        made(**changes).extensions["lms"].assets.release for changes in ({}, look, look | {"site_colour": "#14532d"})
    }
    assert len(releases) == 3


def test_the_installed_application_has_its_name_and_its_sign(made: Making, look: dict[str, str]) -> None:
    manifest = json.loads(page(Visitor(made(**look)), "/aplikasi.webmanifest"))
    assert manifest["name"] == manifest["short_name"] == "Pusdiklat Contoh"
    (icon,) = manifest["icons"]
    assert re.fullmatch(r"/static/house/logo\.\w+\.svg", icon["src"])
    assert (icon["sizes"], icon["type"]) == ("any", "image/svg+xml")
    assert json.loads(page(Visitor(made()), "/aplikasi.webmanifest"))["name"] == "Pelatihan contoh"


def test_a_picture_of_dots_is_the_icon_of_a_telephone_too(made: Making, tmp_path: Path) -> None:
    logo = shutil.copy(FOLDER / "icon-192.png", tmp_path / "Lambang.PNG")
    text = page(Visitor(made(site_logo=str(logo))), "/masuk")
    icon, touch = re.search(r'rel="icon" href="([^"]+)"', text), re.search(r'touch-icon" href="([^"]+)"', text)
    assert icon
    assert touch
    assert icon[1] == touch[1]
    webp = tmp_path / "lambang.webp"
    webp.write_bytes(b"RIFF\x1a\0\0\0WEBPVP8L")
    text = page(Visitor(made(site_logo=str(webp))), "/masuk")
    assert 'type="image/webp"' in text
    assert 'touch-icon" href="/static/icon-180.' in text, "which takes no such picture"


def test_the_text_of_the_door_is_markdown_and_no_html(made: Making, look: dict[str, str]) -> None:
    text = page(Visitor(made(**look)), "/masuk")
    assert "<p>Masuk dengan <strong>NIP</strong>.</p>\n<p>Kata sandi dari panitia.</p>" in text
    assert "panitia" not in page(Visitor(made(**look)), "/")
    text = page(Visitor(made(site_sign_in="<script>alert(1)</script>")), "/masuk")
    assert "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>" in text


@pytest.mark.parametrize("text", ["![x](https://contoh.example/x.png)", "[x](javascript:alert)", "[x](/bantuan)"])
def test_a_link_that_leads_nowhere_and_a_picture_are_refused(made: Making, text: str) -> None:
    with pytest.raises(BadSetting, match="LMS_SITE_SIGN_IN holds a picture, or a link that leads nowhere"):
        made(site_sign_in=text)


def test_below_a_prefix_its_files_are_found_there(settings: Settings, people: Cast, look: dict[str, str]) -> None:
    host = Flask("host")
    host.secret_key = "the host's own key, long enough for us too"
    lms.init_app(host, url_prefix="/latsar", settings=replace(settings, **look))
    ada = Visitor(host, "/latsar").sign_in("ada")
    text = page(ada, LESSON)
    assert styles(text)[-1].startswith("/latsar/static/house/house.")
    assert '<img src="/latsar/static/house/logo.' in text
    with host.test_client().get(styles(text)[-1]) as sent:
        assert sent.status_code == 200
    host.extensions["lms"]["/latsar"].database.dispose()


def test_on_an_english_page_what_the_house_says_is_marked_as_indonesian(
    made: Making, people: Cast, look: dict[str, str]
) -> None:
    ada = Visitor(made(**look)).sign_in("ada")
    ada.post("/akun/pilihan", {"language": "en", "time_zone": "Asia/Jakarta"})
    assert '<div lang="id" class="stack"><p>Jalan Contoh' in page(ada, LESSON)


@pytest.mark.parametrize("name", ["lambang.png", "lambang.webp", "lambang.svg"])
def test_what_is_no_picture_is_no_logo(made: Making, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("a letter")
    with pytest.raises(BadSetting, match=r"LMS_SITE_LOGO is .*no (PNG|WEBP|SVG) picture"):
        made(site_logo=str(tmp_path / name))


def test_a_stylesheet_in_another_coding_is_refused(made: Making, tmp_path: Path) -> None:
    (tmp_path / "rumah.css").write_bytes("/* café */".encode("latin-1"))
    with pytest.raises(BadSetting, match=r"LMS_SITE_STYLESHEET .* is not UTF-8"):
        made(site_stylesheet=str(tmp_path / "rumah.css"))


def test_a_text_that_cannot_be_shown_is_refused_by_its_name(made: Making) -> None:
    with pytest.raises(BadSetting, match="LMS_SITE_FOOTER cannot be shown"):
        made(site_footer="> " * 900 + "dalam")
