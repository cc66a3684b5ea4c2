"""In which coding a browser gets what it asks for, and that it need not get the same thing twice."""

from __future__ import annotations

import gzip
import re
import sys
from collections.abc import Callable

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lms.config import Settings
from tests.conftest import Cast
from tests.visitor import Visitor

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LESSON, PICTURE = "/materi/orientasi/apa-itu-latsar", "/media/modules/orientasi/tahap-latsar.svg"
#: What is asked, and what is answered; None: as it is.
ANSWERS = {
    "gzip, deflate, br, zstd": "zstd",
    "zstd, br, gzip": "zstd",
    "gzip, deflate, br": "br",
    "gzip, deflate": "gzip",
    "gzip;q=1.0, zstd;q=0.5": "gzip",
    "zstd;q=0, br": "br",
    "*": "zstd",
    "deflate": None,
    "identity": None,
    "": None,
}
PLAIN: dict[str | None, Callable[[bytes], bytes]] = {
    "zstd": zstd.decompress,
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    None: bytes,
}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The shipped pack instead of the tests' own, whose picture is too small to be coded."""
    return Settings(secret_key=settings.secret_key, database_url=settings.database_url, secure_cookies=False)


def asked(client: FlaskClient, path: str, accept: str, etag: str = "") -> TestResponse:
    with client.get(path, headers={"Accept-Encoding": accept, "If-None-Match": etag}) as answered:
        answered.get_data()
    return answered


def timeless(body: bytes) -> bytes:
    """Without the moment at which a page was made, which it carries for its script."""
    return re.sub(rb' data-now="[^"]+"', b"", body)


@pytest.mark.parametrize("path", [LESSON, PICTURE])
def test_a_browser_gets_the_cheapest_coding_it_knows(app: Flask, people: Cast, path: str) -> None:
    ada = Visitor(app).sign_in("ada")._client
    plain = timeless(asked(ada, path, "").data)
    assert len(plain) > 500
    for accept, coding in ANSWERS.items():
        answered = asked(ada, path, accept)
        assert answered.headers.get("Content-Encoding") == coding, accept
        assert timeless(PLAIN[coding](answered.data)) == plain, accept
        assert "Accept-Encoding" in answered.headers["Vary"], accept


@pytest.mark.parametrize(("accept", "coding"), ANSWERS.items())
def test_a_picture_that_a_browser_has_is_not_sent_again(app: Flask, accept: str, coding: str | None) -> None:
    stranger = app.test_client()
    first = asked(stranger, PICTURE, accept)
    assert first.status_code == 200
    etag = first.headers["ETag"]
    again = asked(stranger, PICTURE, accept, etag)
    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["ETag"] == etag
    assert "Accept-Encoding" in again.headers["Vary"]
    assert asked(stranger, PICTURE, accept, '"another"').status_code == 200


def test_each_coding_of_a_picture_has_a_name_of_its_own(app: Flask) -> None:
    names = [asked(app.test_client(), PICTURE, accept).headers["ETag"] for accept in ("zstd", "br", "gzip", "")]
    assert len(set(names)) == len(names)
