"""Mounted into somebody else's application: both work side by side."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from flask import Flask, render_template_string, session
from jinja2 import DictLoader

import lms
from lms.config import Settings
from tests.conftest import Cast
from tests.visitor import Visitor

PREFIX = "/latsar"


@pytest.fixture
def host(settings: Settings) -> Iterator[Flask]:
    """A small application with a template, static files, a session and a form of its own."""
    host = Flask("host", static_folder="pack", static_url_path="/static")
    host.secret_key = "the host's own key, long enough for us too"
    host.jinja_loader = DictLoader({"base.html": "HOST {% block main %}{% endblock %}"})

    @host.get("/")
    def index() -> str:
        session["host"] = "was here"
        return render_template_string("{% extends 'base.html' %}{% block main %}{{ url_for('index') }}{% endblock %}")

    @host.get("/masuk")
    def enter() -> str:
        return f"host's own door, {session.get('host', 'nobody')}"

    @host.post("/form")
    def form() -> str:
        return "host takes forms as it likes"

    @host.errorhandler(404)
    def missing(_error: Exception) -> tuple[str, int]:
        return "host's own 404", 404

    lms.init_app(host, url_prefix=PREFIX, settings=dataclasses.replace(settings, secret_key=""))
    yield host
    host.extensions["lms"].database.dispose()


def test_the_host_goes_on_as_before(host: Flask, people: Cast) -> None:
    client = host.test_client()
    assert client.get("/").get_data(as_text=True) == "HOST /"
    assert client.get("/masuk").get_data(as_text=True) == "host's own door, was here"
    assert client.post("/form").get_data(as_text=True) == "host takes forms as it likes"
    assert client.get("/tak/ada").get_data(as_text=True) == "host's own 404"
    assert "Content-Security-Policy" not in client.get("/").headers


def test_ours_works_below_its_prefix(host: Flask, people: Cast) -> None:
    ada = Visitor(host, PREFIX)
    answered = ada.enter("ada", "kuda lepas di pasar")
    assert (answered.status_code, answered.location) == (303, "/latsar/beranda")
    assert "Path=/latsar/" in answered.headers["Set-Cookie"]
    page = ada.get("/beranda").get_data(as_text=True)
    for address in _addresses(page):
        assert address.startswith(("/latsar/", "#")), address
    styles = [address for address in _addresses(page) if address.endswith(".css")]
    assert styles
    with host.test_client().get(styles[0]) as sent:
        assert sent.status_code == 200
    assert ada.post("/keluar").location == "/latsar/"


def _addresses(page: str) -> list[str]:
    return [part.split('"')[0] for mark in (' href="', ' src="', ' action="') for part in page.split(mark)[1:]]


def test_a_lesson_below_a_prefix_links_below_it(host: Flask, people: Cast) -> None:
    ada = Visitor(host, PREFIX).sign_in("ada")
    catalog = host.extensions["lms"].pack.current()
    for lesson in catalog.every_lesson:
        page = ada.get(f"/materi/{lesson.module}/{lesson.slug}").get_data(as_text=True)
        ours = [address for address in _addresses(page) if not address.startswith(("http", "mailto:"))]
        assert all(address.startswith(("/latsar/", "#", "data:")) for address in ours), lesson.id


def test_our_csrf_token_is_asked_for_and_the_hosts_session_stays_apart(host: Flask, people: Cast) -> None:
    client = host.test_client()
    client.get("/")
    assert client.post("/latsar/masuk", data={"login": "ada"}).status_code == 400
    ada = Visitor(host, PREFIX).sign_in("ada")
    assert ada._client.get("/masuk").get_data(as_text=True) == "host's own door, nobody"


def test_the_hosts_key_serves_when_we_have_none(host: Flask) -> None:
    assert host.extensions["lms"].settings.secret_key == host.secret_key
