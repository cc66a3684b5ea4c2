"""The frame that is placed once holds nothing of the person it was placed for."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.conftest import Cast
from tests.visitor import Visitor

LESSON = "/materi/pecahan/setengah"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def tokens(page: str) -> set[str]:
    return set(_TOKEN.findall(page))


def shown(visitor: Visitor, path: str) -> str:
    answered = visitor.get(path)
    assert answered.status_code == 200
    return answered.get_data(as_text=True)


def opened(visitor: Visitor, path: str) -> str:
    """``path``, or an attempt that this person begins. A lesson is placed anew for everybody; it promises the same."""
    return shown(visitor, visitor.post("/kuis/pecahan/mulai").location or "" if path == "attempt" else path)


@pytest.mark.parametrize("path", [LESSON, "attempt"])
def test_everybody_gets_a_token_and_a_menu_of_their_own(app: Flask, people: Cast, path: str) -> None:
    ada, grace = Visitor(app).sign_in("ada"), Visitor(app).sign_in("grace")
    of_ada, of_grace = opened(ada, path), opened(grace, path)
    assert len(tokens(of_ada)) == len(tokens(of_grace)) == 1
    assert tokens(of_ada) != tokens(of_grace)
    assert "Pengampu" in of_grace
    assert "Pengampu" not in of_ada
    assert tokens(opened(ada, path)) == tokens(of_ada)


def test_a_page_asked_for_twice_is_the_same_but_for_its_time(app: Flask, people: Cast) -> None:
    ada = Visitor(app).sign_in("ada")
    first, second = (re.split(' data-now="[^"]+"', shown(ada, LESSON)) for _ in range(2))
    assert len(first) == 2
    assert first == second


def test_a_notice_is_told_once_and_to_whom_it_is_for(app: Flask, people: Cast) -> None:
    ada, grace = Visitor(app).sign_in("ada"), Visitor(app).sign_in("grace")
    attempt = ada.post("/kuis/pecahan/mulai").location
    assert attempt
    ada.post(f"{attempt}/kumpulkan", {"action": "save"})
    other = grace.post("/kuis/pecahan/mulai").location
    assert other
    notice = "Jawaban tersimpan di server."
    assert notice not in shown(grace, other)
    assert notice in shown(ada, attempt)
    assert notice not in shown(ada, attempt)


@pytest.mark.parametrize("path", [LESSON, "attempt"])
def test_the_language_is_the_readers(app: Flask, people: Cast, path: str) -> None:
    ada, grace = Visitor(app).sign_in("ada"), Visitor(app).sign_in("grace")
    ada.post("/akun/pilihan", {"language": "en", "time_zone": "Asia/Jakarta"})
    for visitor, language, word in ((ada, "en", "Sign out"), (grace, "id", "Keluar"), (ada, "en", "Sign out")):
        page = opened(visitor, path)
        assert f'<html lang="{language}">' in page
        assert word in page
