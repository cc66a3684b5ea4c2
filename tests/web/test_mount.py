"""Mounted into somebody else's application: both work side by side."""

from __future__ import annotations

import dataclasses
import gc
import logging
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from flask import Flask, render_template_string, session
from jinja2 import DictLoader
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import TestResponse

import lms
from lms.app import create_server_app
from lms.config import Settings
from tests.conftest import PASSWORD, Cast
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
    host.extensions["lms"][PREFIX].database.dispose()


Server = Callable[[Settings], Flask]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """An application as a server makes it; the tests after it find the process as it was."""
    monkeypatch.setattr(gc, "freeze", lambda: None)
    ours, made = logging.getLogger("lms"), []
    before = ours.handlers[:], ours.level, ours.propagate

    def make(settings: Settings) -> Flask:
        made.append(create_server_app(settings))
        return made[-1]

    yield make
    ours.handlers[:], ours.propagate = before[0], before[2]
    ours.setLevel(before[1])
    for app in made:
        app.extensions["lms"].database.dispose()


def _told(mounted: str, app: Any) -> Any:
    """The server says where it lies, as gunicorn does by SCRIPT_NAME."""
    return lambda environ, start: app(environ | {"SCRIPT_NAME": mounted}, start)


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
    catalog = host.extensions["lms"][PREFIX].pack.current()
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


def _browser_keeps(answered: TestResponse, path: str) -> None:
    """Every cookie of the answer comes back to this page, and those with a prefix are set as a browser wants them."""
    cookies = answered.headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        sent_to = cookie.split("Path=")[1].split(";")[0]
        assert path.startswith(sent_to), cookie
        if cookie.startswith("__"):
            assert "Secure" in cookie
        if cookie.startswith("__Host-"):
            assert (sent_to, "Domain=" in cookie) == ("/", False)


@pytest.mark.parametrize("outer", ["/portal", "/a/b"])
def test_a_host_below_a_prefix_lets_people_sign_in(host: Flask, people: Cast, outer: str) -> None:
    wrapped = Flask("outside")
    wrapped.wsgi_app = DispatcherMiddleware(wrapped.wsgi_app, {outer: host.wsgi_app})  # type: ignore[method-assign]
    ada = Visitor(wrapped, outer + PREFIX)
    answered = ada.enter("ada", PASSWORD)
    assert (answered.status_code, answered.location) == (303, f"{outer}/latsar/beranda")
    _browser_keeps(answered, answered.location)
    assert ada.get("/beranda").status_code == 200
    assert ada.post("/keluar").location == f"{outer}/latsar/"


@pytest.mark.parametrize(
    ("asked", "mounted"), [("/latsar", ""), ("", ""), ("", "/latsar")], ids=["kept", "taken away", "told to the server"]
)
def test_a_server_of_its_own_below_a_prefix(
    settings: Settings, people: Cast, server: Server, asked: str, mounted: str
) -> None:
    """Whatever the proxy does with the prefix."""
    app = server(dataclasses.replace(settings, url_prefix=PREFIX))
    app.wsgi_app = _told(mounted, app.wsgi_app)  # type: ignore[method-assign]
    client = app.test_client()
    page = client.get(f"{asked}/masuk").get_data(as_text=True)
    assert 'action="/latsar/masuk"' in page
    assert client.get(f"{asked}/healthz").status_code == 200
    assert client.get(f"{asked}/beranda").location == "/latsar/masuk?next=/beranda"
    assert client.get(asked or "/").status_code == 200


@pytest.mark.parametrize(
    ("secure", "prefix", "name"),
    [
        (True, "", "__Host-latsar"),
        (True, "/latsar", "__Secure-latsar"),
        (False, "", "latsar"),
        (False, "/latsar", "latsar"),
    ],
)
def test_cookies_bear_the_strictest_name_that_a_browser_takes(
    settings: Settings, people: Cast, server: Server, secure: bool, prefix: str, name: str
) -> None:
    ada = Visitor(server(dataclasses.replace(settings, url_prefix=prefix, secure_cookies=secure)), prefix)
    ada._client.environ_base |= {"HTTP_REFERER": "https://localhost/"}
    ada._client.open = partial(ada._client.open, base_url="https://localhost/")  # type: ignore[method-assign]
    answered = ada.enter("ada", PASSWORD)
    assert answered.status_code == 303
    cookies = answered.headers.getlist("Set-Cookie")
    assert sorted(one.split("=")[0] for one in cookies) == [name, f"{name}-device"]
    _browser_keeps(answered, f"{prefix}/beranda")
    assert ada.get("/beranda").status_code == 200
    assert ada.post("/keluar").headers["Set-Cookie"].startswith(f"{name}=")


def test_the_hosts_key_serves_when_we_have_none(host: Flask) -> None:
    assert host.extensions["lms"][PREFIX].settings.secret_key == host.secret_key
