"""The answer when nothing else works."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from jinja2 import DictLoader
from sqlalchemy.exc import OperationalError
from werkzeug.test import Client, TestResponse

from lms import create_app
from lms.config import Settings
from lms.errors import StorageFull
from lms.web import last_page


@pytest.fixture
def named(settings: Settings) -> Iterator[Flask]:
    made = create_app(replace(settings, trusted_hosts=("latsar.example",)))
    yield made
    made.extensions["lms"].database.dispose()


def _both_languages(answered: TestResponse, status: int) -> None:
    assert answered.status_code == status
    assert answered.mimetype == "text/html"
    page = answered.get_data(as_text=True)
    assert '<html lang="id">' in page
    assert '<section lang="en">' in page
    assert not re.search(r'(src|href)="[^"]', page), "it asks for nothing else"


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1:8000", "a" * 64 + ".example", "", "a b", "latsar.example:x"]
)
def test_a_name_that_is_not_ours_is_refused_in_words(named: Flask, host: str) -> None:
    _both_languages(named.test_client().get("/masuk", headers={"Host": host}), 400)


def test_a_label_that_is_too_long_is_refused_where_any_name_is_taken(app: Flask) -> None:
    _both_languages(app.test_client().get("/masuk", headers={"Host": "a" * 64 + ".example"}), 400)


def test_our_own_name_is_served(named: Flask) -> None:
    assert named.test_client().get("/masuk", headers={"Host": "latsar.example"}).status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_load_balancer_asks_by_number(named: Flask, path: str) -> None:
    assert named.test_client().get(path, headers={"Host": "10.0.0.7:8000"}).status_code == 200


def test_a_script_is_told_the_same(named: Flask) -> None:
    headers = {"Host": "evil.example", "Accept": "application/json"}
    answered = named.test_client().get("/masuk", headers=headers)
    assert answered.status_code == 400
    told = answered.get_json()["error"]
    assert told["message"] != told["message_en"]


def _broken(error: Exception) -> Client:
    """Something below everything of ours fails."""

    def fails(environ: Any, start_response: Any) -> Any:
        raise error

    return Client(last_page.behind(fails))


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
def test_whatever_fails_has_an_answer(method: str) -> None:
    answered = _broken(ZeroDivisionError("rahasia")).open("/", method=method)
    assert answered.status_code == 500
    assert "Refresh" not in answered.headers
    page = answered.get_data(as_text=True)
    assert "rahasia" not in page
    assert (page == "") == (method == "HEAD")


def test_the_database_is_recognised_behind_another_error() -> None:
    error = RuntimeError("while a page was made")
    error.__cause__ = OperationalError(None, None, Exception("connection refused"))
    answered = _broken(error).get("/")
    _both_languages(answered, 503)
    assert answered.headers["Refresh"]


def test_only_what_was_asked_for_is_asked_for_again() -> None:
    sent = _broken(StorageFull()).post("/")
    _both_languages(sent, 503)
    assert "Refresh" not in sent.headers, "it would ask for an address that only takes forms"
    assert "belum tersimpan" in sent.get_data(as_text=True)
    assert _broken(StorageFull()).get("/").headers["Refresh"] == "60"


def test_its_style_is_the_only_one_it_may_have() -> None:
    answered = _broken(ZeroDivisionError()).get("/")
    assert "style-src 'sha256-" in answered.headers["Content-Security-Policy"]
    assert "unsafe" not in answered.headers["Content-Security-Policy"]


def test_a_platform_that_holds_our_pages_may_show_it(named: Flask) -> None:
    """It cannot look up whose session it is; without this its frame would be empty."""
    for frame, ancestors in (("iframe", "*"), ("document", "'none'")):
        headers = {"Host": "evil.example", "Sec-Fetch-Dest": frame}
        policy = named.test_client().get("/masuk", headers=headers).headers["Content-Security-Policy"]
        assert policy.endswith(f"frame-ancestors {ancestors}")


def test_a_page_of_errors_that_fails_itself_ends_in_the_last_one(own_app: Flask) -> None:
    def broken() -> str:
        raise ZeroDivisionError

    own_app.jinja_env.loader = DictLoader({})  # no page of ours can be made any more
    own_app.view_functions["accounts.sign_in"] = broken
    broken.lms_permission = None  # type: ignore[attr-defined]
    own_app.testing = False
    _both_languages(own_app.test_client().get("/masuk"), 500)
