"""Where the host says who is there, no platform does: its launches are refused in words, and nobody sets one up."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from flask import Flask

from lms.web.site import Site
from tests.features.lti.phone import code_of, contents
from tests.features.lti.platform import CLIENT, ISSUER
from tests.host.conftest import Guest
from tests.host.portal import Portal
from tests.visitor import Visitor

_LOGIN = urlencode(
    {"iss": ISSUER, "client_id": CLIENT, "login_hint": "7", "target_link_uri": "http://localhost/latsar/beranda"}
)
_REGISTER = urlencode({"openid_configuration": "https://lms.example/openid", "registration_token": "x"})


@pytest.fixture
def ours(guesthouse: Portal) -> Site:
    site: Site = guesthouse.app.extensions["lms"]["/latsar"]
    return site


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"/lti/login?{_LOGIN}"),
        ("POST", f"/lti/login?{_LOGIN}"),
        ("POST", "/lti/launch"),
        ("POST", "/lti/place"),
        ("GET", f"/lti/register?{_REGISTER}"),
        ("POST", f"/lti/register?{_REGISTER}"),
        ("GET", f"/lti/register/selesai?{_REGISTER}"),
    ],
)
def test_what_a_platform_asks_is_refused_and_nothing_changes(
    guesthouse: Portal, ours: Site, method: str, path: str
) -> None:
    before = contents(ours.database)
    answered = guesthouse.app.test_client().open(
        f"/latsar{path}", method=method, data={"state": "x", "id_token": "y"} if method == "POST" else None
    )
    assert (answered.status_code, code_of(answered)) == (403, "LTI05")
    assert "portal" in answered.get_data(as_text=True)
    assert contents(ours.database) == before


def test_an_administrator_finds_no_entry_and_no_page(guesthouse: Portal) -> None:
    grace = guesthouse.add("Grace Hopper", roles=["administrator"])
    visitor = Guest(guesthouse.app).enter(grace).at("/latsar")
    page = visitor.get("/akun").get_data(as_text=True)
    assert "/pengampu" in page
    assert "/lti/platform" not in page
    assert code_of(visitor.get("/lti/platform")) == "LTI05"
    assert visitor.get("/lti/belum-terkirim").status_code == 200, "what is owed from before is sent"


def test_without_a_host_the_entry_is_there(app: Flask) -> None:
    """So the line above says something."""
    entries = {entry.name for entry in app.extensions["lms"].links.menu if not entry.beside_host}
    assert entries == {"lti"}
    assert Visitor(app).get("/lti/keys").status_code == 200
