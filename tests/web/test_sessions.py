"""A session cookie that is remembered is worth no more than one that is read anew."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask, flash, session
from itsdangerous import BadSignature, SignatureExpired

from lms.web.sessions import Sessions


@pytest.fixture
def signed() -> Flask:
    app = Flask(__name__)
    app.secret_key = "for this test only, and long enough"
    app.session_interface = Sessions()

    @app.get("/in")
    def enter() -> dict[str, object]:
        session["user"] = "ada"
        flash("Selamat datang.")
        return dict(session)

    @app.get("/")
    def told() -> dict[str, object]:
        flash("lagi")  # adds to the list in the session
        session.modified = False  # and is not sent back
        return dict(session)

    return app


def test_what_a_view_does_to_its_session_stays_with_its_request(signed: Flask) -> None:
    client = signed.test_client()
    client.get("/in")
    first, second = client.get("/").get_json(), client.get("/").get_json()
    assert first == second
    assert len(first["_flashes"]) == 2


def test_a_cookie_grows_old_although_it_is_remembered(signed: Flask) -> None:
    client = signed.test_client()
    client.get("/in")
    assert client.get("/").get_json()["user"] == "ada"
    signed.permanent_session_lifetime = timedelta(seconds=-1)
    assert "user" not in client.get("/").get_json()


def test_a_forged_cookie_is_refused_every_time(signed: Flask) -> None:
    reader = signed.session_interface.get_signing_serializer(signed)  # type: ignore[attr-defined]
    good = reader.dumps({"user": "ada"})
    assert reader.loads(good, 60) == {"user": "ada"}
    for _ in range(2):
        with pytest.raises(BadSignature):
            reader.loads(good[:-2] + "xx", 60)
        with pytest.raises(SignatureExpired):
            reader.loads(good, -1)


def test_an_older_key_is_still_known(signed: Flask) -> None:
    client = signed.test_client()
    client.get("/in")
    signed.session_interface = Sessions()
    signed.config["SECRET_KEY_FALLBACKS"] = [signed.secret_key]
    signed.secret_key = "another one, and long enough as well"
    assert client.get("/").get_json()["user"] == "ada"
