"""What every answer carries: headers, error pages, JSON, request ids, one line in the log."""

from __future__ import annotations

import json
import logging
import re

import pytest
from flask import Flask

from lms.db.revision import NEEDED
from lms.errors import Conflict, Invalid, NotAllowed, NotFound, Refused, Throttled
from lms.web import log
from lms.web.assets import FOLDER
from lms.web.errors import status_of
from lms.web.guards import public
from tests.conftest import Cast
from tests.visitor import Visitor

ERRORS = {400: Invalid, 403: NotAllowed, 404: NotFound, 409: Conflict, 429: Throttled}


def _raising(app: Flask, error: Exception) -> None:
    @public
    def fail() -> str:
        raise error

    app.add_url_rule("/gagal", "fail", fail)


@pytest.mark.parametrize(("status", "kind"), ERRORS.items())
def test_each_kind_of_error_has_its_page_and_its_json(own_app: Flask, status: int, kind: type[Refused]) -> None:
    _raising(own_app, kind("Pesan untuk Anda."))
    page = own_app.test_client().get("/gagal")
    assert page.status_code == status
    assert "Pesan untuk Anda." in page.get_data(as_text=True)
    assert page.headers["X-Request-ID"] in page.get_data(as_text=True)
    script = own_app.test_client().get("/gagal", headers={"Accept": "application/json"})
    assert script.status_code == status
    assert script.get_json()["error"]["message"] == "Pesan untuk Anda."
    assert script.get_json()["error"]["request_id"] == script.headers["X-Request-ID"]


def test_a_throttled_answer_says_when_to_come_back(own_app: Flask) -> None:
    _raising(own_app, Throttled(retry_after=42))
    assert own_app.test_client().get("/gagal").headers["Retry-After"] == "42"


def test_every_error_of_ours_has_a_status() -> None:
    def kinds(kind: type[Refused]) -> list[type[Refused]]:
        return [kind, *(deeper for child in kind.__subclasses__() for deeper in kinds(child))]

    concrete = [kind for kind in kinds(Refused) if kind is not Refused]
    assert len(concrete) > 12
    for kind in concrete:
        assert status_of(kind.__new__(kind)) in {*ERRORS, 503}  # tests/faults shows the page of that one


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_bug_shows_a_plain_page_and_no_trace(own_app: Flask, accept: str, caplog: pytest.LogCaptureFixture) -> None:
    _raising(own_app, ZeroDivisionError("rahasia dalam kode"))
    with caplog.at_level(logging.ERROR, logger="lms.error"):
        answered = own_app.test_client().get("/gagal", headers={"Accept": accept})
    body = answered.get_data(as_text=True)
    assert answered.status_code == 500
    assert "rahasia" not in body
    assert "Traceback" not in body
    assert answered.headers["X-Request-ID"] in body
    assert caplog.records[0].exc_info is not None


def test_an_unknown_address_and_a_wrong_method_are_told(app: Flask) -> None:
    assert "tidak ada" in app.test_client().get("/tak/ada").get_data(as_text=True)
    assert app.test_client().get("/tak/ada").status_code == 404
    assert app.test_client().delete("/masuk").status_code == 405


def test_too_large_a_body_is_refused(app: Flask, people: Cast) -> None:
    ada = Visitor(app).sign_in("ada")
    answered = ada.post("/keluar", {"x": "y" * 1_100_000})
    assert answered.status_code == 413
    assert "lebih besar" in answered.get_data(as_text=True)
    assert ada.get("/beranda").status_code == 200


def test_broken_json_is_a_bad_request_in_json(app: Flask, people: Cast) -> None:
    ada = Visitor(app).sign_in("ada")
    path = "/percobaan/01920000-0000-7000-8000-000000000000/simpan"
    answered = ada._client.post(path, data="{", headers={"X-CSRFToken": ada._token, "Content-Type": "application/json"})
    assert answered.status_code == 400
    assert answered.get_json()["error"]["code"] == 400


def test_pages_forbid_what_they_do_not_need(app: Flask) -> None:
    headers = app.test_client().get("/").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "private, no-store"
    assert "Strict-Transport-Security" not in headers
    assert "Strict-Transport-Security" in app.test_client().get("/", base_url="https://localhost").headers


def test_what_is_no_page_is_protected_too_and_carries_no_more_than_it_needs(app: Flask, people: Cast) -> None:
    ada = Visitor(app).sign_in("ada")
    answered = ada.get("/segar").headers
    style = app.extensions["lms"].assets.url("lms.css")
    with app.test_client().get(style) as static:
        for headers in (answered, static.headers):
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
            assert "Content-Security-Policy" not in headers
    assert answered["Cache-Control"] == "private, no-store"


def test_the_session_cookie_is_for_the_server_alone(app: Flask, people: Cast) -> None:
    ada = Visitor(app)
    cookies = ada.enter("ada", "kuda lepas di pasar").headers.getlist("Set-Cookie")
    (cookie,) = [one for one in cookies if one.startswith("latsar=")]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie


def test_static_files_may_be_kept_for_ever_and_come_compressed(app: Flask) -> None:
    page = app.test_client().get("/").get_data(as_text=True)
    href = next(part.split('"')[0] for part in page.split('href="') if part.startswith("/static/lms."))
    client = app.test_client()
    sent = client.get(href, headers={"Accept-Encoding": "br"})
    assert sent.status_code == 200
    assert sent.headers["Content-Encoding"] == "br"
    assert "immutable" in sent.headers["Cache-Control"]
    assert int(sent.headers["Content-Length"]) < 8 * 1024
    sent.close()


def test_what_a_stylesheet_says_to_its_reader_stays_at_home(app: Flask) -> None:
    written = (FOLDER / "lms.css").read_text("utf-8")
    with app.test_client().get(app.extensions["lms"].assets.url("lms.css")) as sent:
        style = sent.get_data(as_text=True)
    assert "/*" in written
    assert "/*" not in style
    assert style.count("{") == style.count("}") == re.sub(r"/\*.*?\*/", "", written, flags=re.DOTALL).count("{")


def test_a_healthy_process_is_alive_and_ready(app: Flask) -> None:
    assert app.test_client().get("/healthz").get_json() == {"status": "alive"}
    ready = app.test_client().get("/readyz")
    assert ready.status_code == 200
    assert ready.get_json()["checks"] == {"database": True, "migrations": True, "space": True, "pack": True}


def test_a_database_of_another_revision_is_not_ready(app: Flask) -> None:
    engine = app.extensions["lms"].database.engine
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'older'")
    try:
        answered = app.test_client().get("/readyz")
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{NEEDED}'")
    assert answered.status_code == 503
    assert answered.get_json()["checks"] == {"database": True, "migrations": False, "space": True, "pack": True}


def test_each_request_is_one_line_and_holds_nothing_a_person_typed(
    app: Flask, people: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    ada = Visitor(app).sign_in("ada")
    with caplog.at_level(logging.INFO, logger="lms.request"):
        ada.get("/beranda?q=rahasia", headers={"X-Request-ID": "abcdefgh-1234"})
    (record,) = (record for record in caplog.records if record.name == "lms.request")
    line = json.loads(log.JsonLines().format(record))
    assert line["id"] == "abcdefgh-1234"
    assert (line["method"], line["path"], line["status"], line["user"]) == ("GET", "/beranda", 200, str(people.ada))
    assert line["ms"] > 0
    assert "rahasia" not in json.dumps(line)


@pytest.mark.parametrize("given", ["", "short", "has space in it", "x" * 65, 'quote"quote"'])
def test_a_request_id_from_outside_is_believed_only_when_harmless(app: Flask, given: str) -> None:
    answered = app.test_client().get("/masuk", headers={"X-Request-ID": given})
    assert answered.headers["X-Request-ID"] != given
    assert len(answered.headers["X-Request-ID"]) == 16
