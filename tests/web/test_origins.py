"""A proxy that is set up wrongly: the log says which check failed and on what, and who cannot help it is not blamed."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from lms import create_app
from lms.config import Settings
from tests.conftest import PASSWORD, Cast
from tests.visitor import Visitor

NOT_YOURS, YOURS = "Ini bukan kesalahan Anda", "Muat ulang halamannya"
Logged = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """As it stands behind a proxy with TLS."""
    made = create_app(dataclasses.replace(settings, secure_cookies=True, proxies=1))
    yield made
    made.extensions["lms"].database.dispose()


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Logged:
    caplog.set_level(logging.WARNING, logger="lms.origin")
    return lambda: [
        {"said": record.__dict__["event"], **record.__dict__["fields"]}
        for record in caplog.records
        if record.name == "lms.origin"
    ]


def sign_in(app: Flask, proxy: dict[str, str], browser_at: str, cookies: str = "https") -> TestResponse:
    """A browser with its page open at this address, behind a proxy that sends these headers on.

    ``cookies``: the scheme that the browser speaks, which decides whether it sends a secure cookie back.
    """
    ada = Visitor(app)
    options: dict[str, Any] = {"headers": proxy, "base_url": f"{cookies}://latsar.example"}
    options["environ_overrides"] = {"wsgi.url_scheme": "http"}  # between proxy and server
    ada.get("/masuk", **options)
    if cookies == "http":
        ada._client.delete_cookie("__Host-latsar", domain="latsar.example")
    options["headers"] = proxy | {"Origin": browser_at, "Referer": f"{browser_at}/masuk?next=/kuis"}
    return ada.post("/masuk", {"login": "ada", "password": PASSWORD}, **options)


def test_a_proxy_that_passes_what_it_should_lets_people_in(app: Flask, people: Cast, logged: Logged) -> None:
    proxy = {"Host": "latsar.example:8443", "X-Forwarded-Proto": "https"}
    assert sign_in(app, proxy, "https://latsar.example:8443").status_code == 303
    assert logged() == []


def test_a_host_without_its_port_is_the_servers_fault(app: Flask, people: Cast, logged: Logged) -> None:
    proxy = {"Host": "latsar.example", "X-Forwarded-Proto": "https"}
    answered = sign_in(app, proxy, "https://latsar.example:8443")
    page = answered.get_data(as_text=True)
    assert answered.status_code == 400
    assert NOT_YOURS in page
    assert answered.headers["X-Request-ID"] in page
    (line,) = logged()
    assert line == {
        "said": "request refused",
        "check": "The referrer does not match the host.",
        "id": answered.headers["X-Request-ID"],
        "scheme": "https",
        "host": "latsar.example",
        "browser_at": "https://latsar.example:8443",
        "fetch_site": "",
        "forwarded": {"X-Forwarded-Proto": "https"},
        "proxies": 1,
        "cookie_path": "/",
        "cookie_came": True,
    }


def test_a_proxy_that_names_itself_is_the_servers_fault(app: Flask, people: Cast, logged: Logged) -> None:
    proxy = {"Host": "127.0.0.1:8000", "X-Forwarded-Proto": "https"}
    assert NOT_YOURS in sign_in(app, proxy, "https://latsar.example").get_data(as_text=True)
    assert [(line["host"], line["browser_at"]) for line in logged()] == [("127.0.0.1:8000", "https://latsar.example")]


def test_a_scheme_that_is_not_passed_on_is_said_once(app: Flask, people: Cast, logged: Logged) -> None:
    for _ in range(2):
        assert sign_in(app, {"Host": "latsar.example"}, "https://latsar.example").status_code == 303
    (line,) = logged()
    assert "X-Forwarded-Proto" in line["said"]
    assert (line["scheme"], line["browser_at"]) == ("http", "https://latsar.example")


def test_a_secure_cookie_over_plain_http_is_the_servers_fault(app: Flask, people: Cast, logged: Logged) -> None:
    answered = sign_in(app, {"Host": "latsar.example"}, "http://latsar.example", cookies="http")
    assert NOT_YOURS in answered.get_data(as_text=True)
    (line,) = logged()
    assert (line["check"], line["cookie_came"], line["scheme"]) == ("The CSRF session token is missing.", False, "http")


def test_a_form_that_is_too_old_is_told_as_before(app: Flask, people: Cast, logged: Logged) -> None:
    ada = Visitor(app)
    told = {"base_url": "https://latsar.example", "headers": {"Origin": "https://latsar.example"}}
    ada.get("/masuk", **told)
    ada._token = "of another day"
    page = ada.post("/masuk", {"login": "ada"}, **told).get_data(as_text=True)
    assert YOURS in page
    assert NOT_YOURS not in page
    assert "Referer" not in page
    assert [line["check"] for line in logged()] == ["The CSRF token is invalid."]


def test_a_browser_that_keeps_its_cookies_back_is_told_so(app: Flask, people: Cast, logged: Logged) -> None:
    told = {"base_url": "https://latsar.example", "headers": {"Origin": "https://latsar.example"}}
    ada = Visitor(app)
    ada.get("/masuk", **told)
    ada._client.delete_cookie("__Host-latsar", domain="latsar.example")
    page = ada.post("/masuk", {"login": "ada"}, **told).get_data(as_text=True)
    assert "izinkan kuki" in page
    assert NOT_YOURS not in page


@pytest.mark.parametrize("browser_at", ["null", "https://[", "https://latsar.example:x", "data:text/html,x", ""])
def test_whatever_a_browser_says_of_itself_is_read(app: Flask, people: Cast, logged: Logged, browser_at: str) -> None:
    assert sign_in(app, {"Host": "latsar.example", "X-Forwarded-Proto": "https"}, browser_at).status_code == 400
    assert [line["browser_at"] for line in logged()] == [""]


def test_another_site_is_refused_and_logged(app: Flask, people: Cast, logged: Logged) -> None:
    ada = Visitor(app)
    ada.get("/masuk")
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    assert ada.post("/masuk", headers=headers).status_code == 403
    assert [(line["check"], line["fetch_site"]) for line in logged()] == [
        ("Sec-Fetch-Site names another site.", "cross-site")
    ]


def test_a_host_that_is_not_trusted_is_logged(settings: Settings, people: Cast, logged: Logged) -> None:
    app = create_app(dataclasses.replace(settings, trusted_hosts=("latsar.example",)))
    headers = {"Host": "10.0.0.7", "Accept": "application/json"}
    assert app.test_client().get("/", headers=headers).status_code == 400
    assert [(line["check"], line["host"]) for line in logged()] == [
        ("The host is not among LMS_TRUSTED_HOSTS.", "10.0.0.7")
    ]
    app.extensions["lms"].database.dispose()
