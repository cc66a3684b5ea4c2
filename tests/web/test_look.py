"""How a device reads: from the first byte of a page, without a script, and by nothing but words of ours."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from lms.web import look
from lms.web.assets import FOLDER
from tests.conftest import Cast
from tests.visitor import Visitor

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

LESSON = "/materi/pecahan/setengah"
CHOSEN = {"size": "besar", "width": "lebar", "theme": "sepia"}


def begun(page: str) -> str:
    return re.search(r"<html [^>]*>", page)[0]  # type: ignore[index]


@ON_SQLITE
def test_every_page_is_worn_as_chosen_from_its_first_byte_and_nobody_elses_is(app: Flask, people: Cast) -> None:
    ada, grace = Visitor(app).sign_in("ada"), Visitor(app).sign_in("grace")
    attempt = ada.post("/kuis/pecahan/mulai").location or ""
    before = ada.get(LESSON).get_data(as_text=True)
    assert ada.post("/tampilan", {**CHOSEN, "next": LESSON}).location == LESSON
    for path in (LESSON, attempt, "/beranda", "/bantuan", "/tidak-ada"):
        page = ada.get(path).get_data(as_text=True)
        assert begun(page) == '<html lang="id" data-look="besar lebar sepia">', path
        assert '<meta name="theme-color" content="#f3e6cb">' in page, path
    assert begun(grace.get(grace.post("/kuis/pecahan/mulai").location or "").get_data(as_text=True)) == begun(before)
    ada.post("/tampilan", {"size": "", "width": "", "theme": ""})
    assert begun(ada.get(LESSON).get_data(as_text=True)) == begun(before) == '<html lang="id">'


@ON_SQLITE
def test_whoever_is_not_signed_in_may_choose_and_keeps_it_on_signing_in(app: Flask, people: Cast) -> None:
    ada = Visitor(app)
    ada.get("/tampilan")
    ada.post("/tampilan", CHOSEN)
    assert 'value="sepia" selected' in ada.get("/tampilan").get_data(as_text=True)
    assert "sepia" in begun(ada.sign_in("ada").get(LESSON).get_data(as_text=True))


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("besar.sepia", ("besar", "sepia")),
        ("sepia.besar", ("besar", "sepia")),
        ("gelap.terang", ("gelap",)),
        ("..kecil", ("kecil",)),
        ('"><script>.sempit', ("sempit",)),
        ("Gelap.lebih besar." + "x" * 3000, ()),
        ("", ()),
    ],
)
def test_of_a_cookie_only_words_of_ours_are_read_and_one_of_each_kind(told: str, words: tuple[str, ...]) -> None:
    assert look.read(told).words == words


@ON_SQLITE
def test_the_form_leads_back_to_its_page_and_to_no_other_site(app: Flask, people: Cast) -> None:
    ada = Visitor(app).sign_in("ada")
    there = f"/tampilan?dari={LESSON}"
    assert f'href="{there}"' in ada.get(LESSON).get_data(as_text=True)
    page = ada.get(there).get_data(as_text=True)
    assert f'name="next" value="{there}"' in page
    assert f'href="{LESSON}"' in page
    for elsewhere in ("https://contoh.id/", "//contoh.id", "/\\contoh.id"):
        back = f'<a class="target" href="{elsewhere}"'
        assert back not in ada.get("/tampilan", query_string={"dari": elsewhere}).get_data(as_text=True)
        assert ada.post("/tampilan", {**CHOSEN, "next": elsewhere}).location == "/tampilan"


@ON_SQLITE
def test_the_cookie_is_sent_to_us_alone(app: Flask, people: Cast) -> None:
    (cookie,) = Visitor(app).sign_in("ada").post("/tampilan", CHOSEN).headers.getlist("Set-Cookie")
    assert cookie.startswith("latsar-look=besar.lebar.sepia;")
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie


def test_dark_is_the_same_whether_the_device_is_so_or_it_was_chosen() -> None:
    style = (FOLDER / "lms.css").read_text("utf-8")
    by_device = re.search(r"prefers-color-scheme: dark\) \{\s+:root[^{]*\{(.*?)\}", style, re.DOTALL)
    chosen = re.search(r'\[data-look~="gelap"\] \{(.*?)\}', style, re.DOTALL)
    assert by_device
    assert chosen
    assert by_device[1] == chosen[1]


def test_each_word_is_known_to_the_stylesheet() -> None:
    style = (FOLDER / "lms.css").read_text("utf-8")
    words = {word for choices in look.CHOICES.values() for word in choices if word}
    assert words == set(re.findall(r'\[data-look~="([\w-]+)"\]', style))


@ON_SQLITE
def test_what_comes_when_it_is_asked_for_is_small(app: Flask) -> None:
    client, assets = app.test_client(), app.extensions["lms"].assets
    for name in ("comforts.js", "look.js", "listen.js", "keys.js"):
        with client.get(assets.url(name), headers={"Accept-Encoding": "br"}) as sent:
            assert len(sent.get_data()) <= 2048, name
