"""A platform registers us by itself: in its own frame, without a cookie, and waiting for an administrator's yes."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from threading import Lock
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from werkzeug.test import Client, TestResponse

from lms.config import Settings
from lms.db.engine import Database
from lms.features.lti import registration
from lms.learning import platforms
from tests.conftest import NOON
from tests.features.lti.local import Local
from tests.learning.test_platforms import MOODLE

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SEAL = re.compile(r'name="seal" value="([^"]+)"')
CONFIGURATION = "https://purl.imsglobal.org/spec/lti-tool-configuration"


def path(local: Local, **changed: str) -> str:
    asked = {"openid_configuration": local.configuration, "registration_token": "izin-sekali", **changed}
    return f"/lti/register?{urlencode(asked)}"


def press(app: Flask, address: str) -> TestResponse:
    """Open the page as a stranger whose browser keeps no cookie, and press its button."""
    shown = app.test_client(use_cookies=False).get(address).get_data(as_text=True)
    seal = SEAL.search(shown)
    assert seal, shown
    return Client(app).post(address, data={"seal": seal[1]})


def held(database: Database) -> list[Any]:
    with database.reading() as db:
        return platforms.every(db)


def refused(answered: TestResponse, code: str) -> None:
    assert code in answered.get_data(as_text=True)
    assert "Pendaftaran belum berhasil" in answered.get_data(as_text=True)
    assert answered.status_code in {400, 403}


def test_a_platform_registers_us_and_waits(app: Flask, database: Database, local: Local) -> None:
    answered = press(app, path(local))
    assert (answered.status_code, answered.location.partition("?")[0]) == (303, "/lti/register/selesai")
    (row,) = held(database)
    assert (row.issuer, row.client_id, row.deployments, row.product) == (local.address, "abc", ["7"], "moodle")
    assert (row.approved_at, row.token_url, row.audience) == (None, f"{local.address}/token", f"{local.address}/token")
    (asked, _, told, _), (method, _, headers, body) = local.asked
    assert (asked, told["authorization"]) == ("GET", "Bearer izin-sekali")
    assert (method, headers["authorization"], headers["content-type"]) == (
        "POST",
        "Bearer izin-sekali",
        "application/json",
    )
    ours = json.loads(body)
    assert ours["redirect_uris"] == ["http://localhost/lti/launch"]
    assert (ours["initiate_login_uri"], ours["jwks_uri"]) == (
        "http://localhost/lti/login",
        "http://localhost/lti/keys",
    )
    assert ours[CONFIGURATION]["target_link_uri"] == "http://localhost"
    logo = app.test_client().get(ours["logo_uri"].removeprefix("http://localhost"))
    assert logo.status_code == 200
    logo.close()
    closing = app.test_client().get(answered.location)
    assert "/static/registered." in closing.get_data(as_text=True)


def test_looking_at_the_page_asks_nobody_and_keeps_nothing(app: Flask, database: Database, local: Local) -> None:
    shown = app.test_client().get(path(local))
    assert "127.0.0.1" in shown.get_data(as_text=True)
    assert (local.asked, held(database)) == ([], [])
    assert "Set-Cookie" not in shown.headers


def test_only_the_platform_that_asks_may_show_it_in_a_frame(app: Flask, local: Local) -> None:
    client = app.test_client()
    for address in (path(local), f"/lti/register/selesai?{urlencode({'openid_configuration': local.configuration})}"):
        answered = client.get(address)
        assert f"frame-ancestors {local.address};" in answered.headers["Content-Security-Policy"]
        assert answered.headers["Cross-Origin-Opener-Policy"] == "unsafe-none"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "openid",
        "ftp://lms.example/openid",
        "https://",
        "https://lms.example:port/",
        "https://a;script-src *",
        "https://a b",
        "javascript://x/%0a",
        "https://" + "a" * 3_000,
    ],
)
def test_what_is_no_address_is_asked_for_nothing(app: Flask, address: str) -> None:
    shown = app.test_client().get(f"/lti/register?{urlencode({'openid_configuration': address})}")
    assert shown.status_code == 200
    assert "<form" not in shown.get_data(as_text=True)
    assert "frame-ancestors 'none'" in shown.headers["Content-Security-Policy"]


def test_without_a_setting_no_address_without_tls_is_asked(settings: Settings, app: Flask, local: Local) -> None:
    app.extensions["lms"] = replace(app.extensions["lms"], settings=replace(settings, own_network=False))
    assert "<form" not in app.test_client().get(path(local)).get_data(as_text=True)


@pytest.mark.parametrize("seal", ["", "x.y.z", "other", "stale"])
def test_a_form_that_was_not_shown_for_this_is_refused(
    app: Flask, database: Database, local: Local, settings: Settings, seal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if seal == "other":
        shown = app.test_client().get(path(local, registration_token="lain")).get_data(as_text=True)
        seal = SEAL.findall(shown)[0]
    elif seal == "stale":
        shown = app.test_client().get(path(local)).get_data(as_text=True)
        seal = SEAL.findall(shown)[0]
        monkeypatch.setattr(registration, "_GOOD_FOR", -1)
    answered = app.test_client().post(path(local), data={"seal": seal})
    assert answered.status_code == 400
    assert "sudah terlalu lama" in answered.get_data(as_text=True)
    assert f"frame-ancestors {local.address}" in answered.headers["Content-Security-Policy"], "told where it is seen"
    assert (local.asked, held(database)) == ([], [])


def test_a_seal_of_an_earlier_key_is_good_while_the_key_is_changed(
    app: Flask, database: Database, local: Local, settings: Settings
) -> None:
    shown = app.test_client().get(path(local)).get_data(as_text=True)
    changed = replace(
        settings, secret_key="another key, which is long enough too", secret_key_fallbacks=(settings.secret_key,)
    )
    app.extensions["lms"] = replace(app.extensions["lms"], settings=changed)
    assert app.test_client().post(path(local), data={"seal": SEAL.findall(shown)[0]}).status_code == 303


def test_a_form_from_another_site_is_refused(app: Flask, database: Database, local: Local) -> None:
    shown = app.test_client().get(path(local)).get_data(as_text=True)
    headers = {"Sec-Fetch-Site": "cross-site"}
    answered = app.test_client().post(path(local), data={"seal": SEAL.findall(shown)[0]}, headers=headers)
    assert answered.status_code == 403
    assert (local.asked, held(database)) == ([], [])


@pytest.mark.parametrize(
    ("at", "said", "code"),
    [
        ("/openid?x=1", (404, "?"), "LTI42"),
        ("/openid?x=1", (200, "no JSON"), "LTI41"),
        ("/openid?x=1", (200, {"issuer": "https://elsewhere.example"}), "LTI42"),
        ("/tools", (403, {"error": "used"}), "LTI42"),
        ("/tools", (200, {}), "LTI42"),
        ("/tools", (200, "no JSON"), "LTI41"),
    ],
)
def test_what_a_platform_gets_wrong_is_told_with_its_code(
    app: Flask, database: Database, local: Local, at: str, said: tuple[int, Any], code: str
) -> None:
    local.answers[at] = said
    refused(press(app, path(local)), code)
    assert held(database) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"registration_endpoint": "http://127.0.0.1:1/tools"}, "LTI41"),
        ({"registration_endpoint": "ftp://127.0.0.1/tools"}, "LTI40"),
        ({"jwks_uri": "ftp://127.0.0.1/keys"}, "LTI42"),
        ({"jwks_uri": "https://lms.example/\0"}, "LTI42"),
        ({"jwks_uri": "https://[x"}, "LTI42"),
        ({"issuer": "https://[x"}, "LTI42"),
    ],
)
def test_addresses_that_lead_nowhere_are_told(
    app: Flask, database: Database, local: Local, changed: dict[str, str], code: str
) -> None:
    local.answers["/openid?x=1"][1].update(changed)
    refused(press(app, path(local)), code)
    assert held(database) == []


def test_a_token_that_is_no_header_goes_nowhere(app: Flask, database: Database, local: Local) -> None:
    refused(press(app, path(local, registration_token="a\r\nX-Evil: 1")), "LTI41")
    assert not [headers for _, _, headers, _ in local.asked if "x-evil" in headers]


def test_the_same_registration_twice_is_told_in_words(app: Flask, database: Database, local: Local) -> None:
    assert press(app, path(local)).status_code == 303
    again = press(app, path(local))
    assert again.status_code == 409
    assert "sudah terdaftar" in again.get_data(as_text=True)
    assert len(held(database)) == 1


def test_only_so_many_wait_and_a_platform_is_not_even_asked_then(app: Flask, database: Database, local: Local) -> None:
    with database.transaction() as db:
        for number in range(platforms.MOST_WAITING):
            platforms.add(db, replace(MOODLE, client_id=str(number)), approved=False, now=NOON)
    answered = press(app, path(local))
    assert answered.status_code == 409
    assert "Terlalu banyak pendaftaran" in answered.get_data(as_text=True)
    assert local.asked == []
    with database.transaction() as db:
        platforms.approve(db, held(database)[0].id, now=NOON + timedelta(days=1))
    assert press(app, path(local)).status_code == 303


def test_one_platform_is_waited_for_at_a_time(app: Flask, database: Database, local: Local) -> None:
    under_way = app.extensions["lms"].memory.remember(("lti", "registering"), Lock)
    with under_way:
        answered = press(app, path(local))
    assert (answered.status_code, local.asked) == (429, [])
    assert press(app, path(local)).status_code == 303
    assert not under_way.locked()


def test_no_other_form_goes_without_the_lock_of_its_session(app: Flask) -> None:
    free = {name for name, view in app.view_functions.items() if hasattr(view, "lms_sealed")}
    assert free == {"lti.place", "lti.register"}
