"""What a device may keep is said by the server: content and what the person did in it, never anything of a quiz."""

from __future__ import annotations

import re
import shutil
import struct
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask

from lms import create_app
from lms.catalog.load import load
from lms.catalog.source import Folder, bundled
from lms.config import Settings
from lms.web.keeping import HEADER
from lms.web.site import now
from tests.catalog.memory import InMemory
from tests.conftest import PACK, Cast
from tests.visitor import Visitor

#: Everything that may lie on somebody's device; a new page is added here on purpose, and never one that shows a
#: question of an attempt, a mark, or another person. A card is what its person may read the key of (ADR 26).
KEEPABLE = {
    "cards.todays",
    "learn.key_points",
    "learn.kept_module",
    "learn.lesson",
    "learn.module",
    "offline.on_device",
}
LESSON, MODULE, CARDS = "/materi/pecahan/setengah", "/materi/pecahan", "/buku-kesalahan/ulangi"
LARGEST = 15 * 1024


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """One engine is enough: nothing here asks the database for more than who is asking."""
    shutil.copy(sqlite_template, tmp_path / "lms.db")
    return f"sqlite:///{tmp_path / 'lms.db'}"


def said(visitor: Visitor, path: str) -> list[str]:
    return visitor.get(path).headers[HEADER].split(" ")


def test_only_content_may_be_kept(app: Flask) -> None:
    assert {name for name, view in app.view_functions.items() if hasattr(view, "lms_keepable")} == KEEPABLE


def test_a_page_says_whose_it_is_and_whether_it_may_be_kept(app: Flask, people: Cast) -> None:
    ada = Visitor(app).sign_in("ada")
    for path in (LESSON, MODULE, "/ringkasan/pecahan", "/luring", "/luring/pecahan"):
        assert said(ada, path) == ["/", str(people.ada), "keep", "id"], path
    for path in ("/beranda", "/materi", "/kuis/pecahan", "/akun", "/materi/pecahan/tak-ada"):
        assert said(ada, path) == ["/", str(people.ada), "show", "id"], path
    mallory = Visitor(app).sign_in("mallory")
    assert said(mallory, LESSON)[1] == str(people.mallory)
    assert said(Visitor(app), "/masuk") == ["/", "-", "show", "id"]
    assert said(Visitor(app), "/luring") == ["/", "-", "keep", "id"]


def test_a_page_says_how_it_speaks_and_looks(app: Flask, people: Cast) -> None:
    ada = Visitor(app).sign_in("ada")
    ada.post("/akun/pilihan", {"language": "en", "time_zone": "Asia/Jakarta"})
    ada.post("/tampilan", {"theme": "gelap", "size": "besar"})
    assert said(ada, LESSON)[3] == "en.besar.gelap"


def test_below_a_prefix_a_page_names_its_mount(app: Flask, people: Cast) -> None:
    ada = Visitor(app).sign_in("ada")
    answered = ada.get(LESSON, environ_overrides={"SCRIPT_NAME": "/pelatihan dasar"})
    assert answered.headers[HEADER].split(" ")[0] == "/pelatihan%20dasar/"
    manifest = app.test_client().get("/aplikasi.webmanifest", environ_overrides={"SCRIPT_NAME": "/dua"}).get_json(True)
    places = [manifest["id"], manifest["scope"], manifest["start_url"], *(one["src"] for one in manifest["icons"])]
    assert [one for one in places if not one.startswith("/dua/")] == []


def test_a_page_that_tells_something_once_is_not_kept_like_that(app: Flask, people: Cast) -> None:
    ada = Visitor(app).sign_in("ada")
    ada.post(f"{LESSON}/selesai")
    assert said(ada, LESSON)[2] == "show"
    assert said(ada, LESSON)[2] == "keep"


def test_a_page_that_may_be_kept_has_the_words_that_say_so(app: Flask, people: Cast) -> None:
    ada = Visitor(app).sign_in("ada")
    for path in (LESSON, MODULE, "/ringkasan/pecahan", CARDS):
        page = ada.get(path).get_data(as_text=True)
        assert "data-kept-notice hidden>" in page, path
        assert page.index("<time></time>") > page.index("data-kept-notice"), path


def test_cards_are_kept_only_for_a_device_that_asks_and_anew_once_a_quiz_asks_questions(
    app: Flask, people: Cast
) -> None:
    ada = Visitor(app).sign_in("ada")
    assert said(ada, CARDS)[2:] == ["show", "id"], "a device needs the cards of the next days, too"
    assert ada.get(CARDS, headers={HEADER: "keep"}).headers[HEADER].split(" ")[2] == "keep"
    before = now()
    attempt = ada.post("/kuis/pecahan/mulai").location
    _mount, _person, may, _manner, began = said(ada, attempt)
    assert (may, said(ada, attempt)[4]) == ("show", began), "whenever it is looked at"
    assert before <= datetime.fromisoformat(began) <= now()
    practice = ada.post("/latihan", {"tentang": "materi:pecahan/setengah"}).location
    assert said(ada, practice)[2:] == ["show", "id"], "it asks only what may be read"


def test_the_worker_is_small_and_asked_for_again(app: Flask) -> None:
    client = app.test_client()
    sent = client.get("/sw.js", headers={"Accept-Encoding": "gzip, deflate, br"})
    assert (sent.mimetype, sent.headers["Cache-Control"]) == ("text/javascript", "no-cache")
    assert int(sent.headers["Content-Length"]) < 5 * 1024
    assert len(client.get("/sw.js").get_data()) <= LARGEST
    again = client.get("/sw.js", headers={"If-None-Match": client.get("/sw.js").headers["ETag"]})
    assert again.status_code == 304


def test_switched_off_the_worker_is_taken_back_and_no_page_asks_for_it(settings: Settings, people: Cast) -> None:
    off = create_app(replace(settings, offline=False))
    visitor = Visitor(off).sign_in("ada")
    taking_back = visitor.get("/sw.js")
    assert (taking_back.headers["Cache-Control"], taking_back.mimetype) == ("no-cache", "text/javascript")
    assert "unregister()" in taking_back.get_data(as_text=True)
    for path in (LESSON, "/beranda"):
        assert "data-no-worker" in visitor.get(path).get_data(as_text=True), path
    off.extensions["lms"].database.dispose()


def test_the_application_has_its_icons_in_the_sizes_it_names(app: Flask) -> None:
    client = app.test_client()
    manifest = client.get("/aplikasi.webmanifest")
    assert "max-age" in manifest.headers["Cache-Control"], "a browser asks with every page"
    icons = manifest.get_json(True)["icons"]
    assert {one.get("purpose", "any") for one in icons} == {"any", "maskable"}
    for icon in icons:
        with client.get(icon["src"]) as sent:
            assert (sent.status_code, sent.mimetype) == (200, icon["type"])
            if icon["type"] == "image/png":
                width, height = struct.unpack(">II", sent.get_data()[16:24])
                assert f"{width}x{height}" == icon["sizes"]


# --- a module ---------------------------------------------------------------------------------------------------------


def listed(app: Flask, login: str = "ada", module: str = "pecahan") -> dict[str, object]:
    told: dict[str, object] = Visitor(app).sign_in(login).get(f"/luring/{module}").get_json()
    return told


def test_a_module_lists_its_pages_alike_for_everybody(app: Flask, people: Cast) -> None:
    told = listed(app)
    assert told["pages"] == [MODULE, LESSON, "/materi/pecahan/sepertiga"]
    assert told["beside"] == [CARDS]
    assert told == listed(app, "mallory")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("modules/pecahan/01-setengah.md", "title: Setengah"),
        ("modules/pecahan/index.md", "title: Pecahan"),
        ("content/regulations/uu-baru.yml", "short: UU Baru"),
        ("content/glossary.yml", "meaning: Bilangan di atas"),
        ("content/media/setengah.svg", "<svg"),
    ],
)
def test_a_module_is_another_one_as_soon_as_anything_it_shows_changed(
    app: Flask, people: Cast, path: str, words: str
) -> None:
    before = listed(app)["version"]
    pack = InMemory.copy_of(Folder.at(PACK))
    app.extensions["lms"].pack.replace(load(pack))
    assert listed(app)["version"] == before
    pack.replace(path, words, f"{words} ")
    pack.contents[path] = pack.contents[path].replace(words.encode(), f"{words} Baru".encode())
    app.extensions["lms"].pack.replace(load(pack))
    assert listed(app)["version"] != before


_PICTURE = re.compile(r'src="(/media/[^"]+)"')


def test_the_size_told_before_is_about_what_it_takes(app: Flask, people: Cast) -> None:
    """Of the tests' module, and of one that ships."""
    ada = Visitor(app).sign_in("ada")
    assert 0.85 < _told_of_taken(ada, "pecahan") < 1.15
    app.extensions["lms"].pack.replace(load(bundled()))
    assert 0.85 < _told_of_taken(ada, "adaptif") < 1.15


def _told_of_taken(visitor: Visitor, module: str) -> float:
    told = visitor.get(f"/luring/{module}").get_json()
    pages = [visitor.get(page).get_data(as_text=True) for page in told["pages"]]
    pictures = {path for page in pages for path in _PICTURE.findall(page)}
    taken = sum(len(page.encode()) for page in pages) + sum(len(visitor.get(path).data) for path in pictures)
    share: float = told["bytes"] / taken
    return share
