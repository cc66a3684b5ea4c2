"""The doors, as a browser meets them."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from flask import Flask

from lms import create_app
from lms.config import Settings
from lms.db.accounts import Role
from lms.db.engine import Database
from lms.learning import accounts
from lms.web.site import now
from tests.conftest import PASSWORD, Cast
from tests.visitor import Visitor


def test_signing_in_leads_to_the_dashboard(app: Flask, people: Cast) -> None:
    answered = Visitor(app).enter("ada", PASSWORD)
    assert (answered.status_code, answered.location) == (303, "/beranda")


def test_signing_in_leads_back_to_where_one_was_going(app: Flask, people: Cast) -> None:
    ada = Visitor(app)
    asked = ada.get("/materi")
    assert asked.location == "/masuk?next=/materi"
    assert 'name="next" value="/materi"' in ada.get(asked.location).get_data(as_text=True)
    assert ada.enter("ada", PASSWORD, next="/materi").location == "/materi"


@pytest.mark.parametrize(
    "target",
    ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/x\r\nSet-Cookie: a=b"],
)
def test_signing_in_never_leads_elsewhere(app: Flask, people: Cast, target: str) -> None:
    assert Visitor(app).enter("ada", PASSWORD, next=target).location == "/beranda"


@pytest.mark.parametrize(("login", "password"), [("ada", "salah sekali ini"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_sign_in_says_the_same_for_known_and_unknown(
    app: Flask, people: Cast, login: str, password: str
) -> None:
    answered = Visitor(app).enter(login, password)
    assert answered.status_code == 400
    assert "Nama masuk atau kata sandi tidak cocok" in answered.get_data(as_text=True)


@pytest.mark.parametrize("login", ["İ" * 120, "x" * 5000, "ada\0", "\ud800"])
def test_whatever_is_tried_at_the_door_is_counted(app: Flask, people: Cast, login: str) -> None:
    visitor = Visitor(app)
    tried = [visitor.enter(login.encode("utf-8", "surrogatepass"), "salah sekali ini").status_code for _ in range(6)]
    assert tried == [400] * 5 + [429]


def test_signing_out_ends_this_session_only(app: Flask, people: Cast) -> None:
    laptop, phone = Visitor(app).sign_in("ada"), Visitor(app).sign_in("ada")
    laptop.post("/keluar")
    assert laptop.get("/beranda").status_code == 303
    assert phone.get("/beranda").status_code == 200


def test_signing_out_everywhere_ends_all_sessions(app: Flask, people: Cast) -> None:
    laptop, phone = Visitor(app).sign_in("ada"), Visitor(app).sign_in("ada")
    laptop.post("/keluar-di-semua-perangkat")
    assert laptop.get("/beranda").status_code == 303
    assert phone.get("/beranda").status_code == 303


def test_a_copied_cookie_is_worthless_after_signing_out(app: Flask, people: Cast) -> None:
    ada = Visitor(app).sign_in("ada")
    cookie = ada._client.get_cookie("latsar")
    assert cookie is not None
    ada.post("/keluar")
    thief = app.test_client()
    thief.set_cookie("latsar", cookie.value)
    assert thief.get("/beranda").status_code == 303


def test_changing_the_password_keeps_this_device_and_signs_out_the_others(app: Flask, people: Cast) -> None:
    laptop, phone = Visitor(app).sign_in("ada"), Visitor(app).sign_in("ada")
    form = {"current": PASSWORD, "new": "bulan jatuh di kali", "again": "bulan jatuh di kali"}
    assert laptop.post("/akun/kata-sandi", form).status_code == 303
    assert laptop.get("/beranda").status_code == 200
    assert phone.get("/beranda").status_code == 303
    assert Visitor(app).enter("ada", PASSWORD).status_code == 400
    assert Visitor(app).enter("ada", "bulan jatuh di kali").status_code == 303


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"current": "salah sekali ini", "new": "bulan jatuh di kali", "again": "bulan jatuh di kali"}, "tidak cocok"),
        ({"current": PASSWORD, "new": "bulan jatuh di kali", "again": "lain sama sekali"}, "tidak sama"),
        ({"current": PASSWORD, "new": "pendek", "again": "pendek"}, "paling sedikit 10"),
        ({"current": PASSWORD, "new": PASSWORD, "again": PASSWORD}, "kata sandi yang lama"),
        ({}, "tidak cocok"),
    ],
)
def test_a_password_change_that_cannot_be_says_why_and_changes_nothing(
    app: Flask, people: Cast, form: dict[str, str], message: str
) -> None:
    ada = Visitor(app).sign_in("ada")
    answered = ada.post("/akun/kata-sandi", form)
    assert answered.status_code == 400
    assert message in answered.get_data(as_text=True)
    assert Visitor(app).enter("ada", PASSWORD).status_code == 303


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"current": PASSWORD, "new": "bulan jatuh di kali", "again": "lain sama sekali"}, "The two passwords differ."),
        ({"current": PASSWORD, "new": "pendek", "again": "pendek"}, "at least 10 characters"),
        ({}, "does not match"),
    ],
)
def test_a_refusal_is_told_in_the_readers_language(
    app: Flask, people: Cast, form: dict[str, str], message: str
) -> None:
    ada = Visitor(app).sign_in("ada")
    ada.post("/akun/pilihan", {"language": "en", "time_zone": "Asia/Jakarta"})
    assert message in ada.post("/akun/kata-sandi", form).get_data(as_text=True)


def test_what_a_script_sends_wrong_is_told_in_the_readers_language(app: Flask, people: Cast) -> None:
    ada = Visitor(app).sign_in("ada")
    ada.post("/akun/pilihan", {"language": "en", "time_zone": "Asia/Jakarta"})
    refused = ada.send("/percobaan/01920000-0000-7000-8000-000000000000/simpan", {"item": "k"})
    told = "The answer that was sent cannot be read: the revision must be a whole number from 1."
    assert refused.get_json()["error"]["message"].startswith(told)


def test_an_invited_person_chooses_a_password_and_signs_in(app: Flask, database: Database, people: Cast) -> None:
    with database.transaction() as db:
        user = accounts.add(db, login="dennis", name="Dennis", roles=[Role.PARTICIPANT], now=now())
        token = accounts.invite(db, user.id, lifetime=timedelta(days=1), now=now())
    dennis = Visitor(app)
    page = dennis.get(f"/undangan/{token}")
    assert "Dennis" in page.get_data(as_text=True)
    form = {"new": "bulan jatuh di kali", "again": "bulan jatuh di kali"}
    assert dennis.post(f"/undangan/{token}", form).location == "/masuk"
    assert dennis.get(f"/undangan/{token}").status_code == 409
    assert dennis.post(f"/undangan/{token}", form).status_code == 409
    assert dennis.enter("dennis", "bulan jatuh di kali").status_code == 303


def test_a_form_without_its_token_is_refused(app: Flask, people: Cast) -> None:
    answered = app.test_client().post("/masuk", data={"login": "ada", "password": PASSWORD})
    assert answered.status_code == 400
    assert "Muat ulang halamannya" in answered.get_data(as_text=True)


@pytest.mark.parametrize("kept", [True, False])
def test_a_form_that_was_open_while_the_key_changed_is_taken(
    app: Flask, settings: Settings, people: Cast, kept: bool
) -> None:
    ada, stranger = Visitor(app).sign_in("ada"), Visitor(app)
    stranger.get("/masuk")
    key = "another key for tests, and long enough"
    fallbacks = ("the oldest of all keys, long enough too", settings.secret_key) if kept else ()
    restarted = create_app(dataclasses.replace(settings, secret_key=key, secret_key_fallbacks=fallbacks))
    for visitor in (ada, stranger):
        visitor.move_to(restarted)
    changed = ada.post("/akun/pilihan", {"language": "en", "time_zone": "Asia/Jayapura"})
    assert changed.location == ("/akun" if kept else "/masuk")
    assert stranger.post("/masuk", {"login": "ada", "password": PASSWORD}).status_code == (303 if kept else 400)
    restarted.extensions["lms"].database.dispose()


def test_a_form_from_another_site_is_refused(app: Flask, people: Cast) -> None:
    ada = Visitor(app).sign_in("ada")
    answered = ada.post("/keluar", headers={"Sec-Fetch-Site": "cross-site"})
    assert answered.status_code == 403
    assert ada.get("/beranda").status_code == 200


def test_the_account_page_lists_the_devices(app: Flask, people: Cast) -> None:
    Visitor(app).sign_in("ada")
    ada = Visitor(app).sign_in("ada")
    page = ada.get("/akun").get_data(as_text=True)
    assert "Ada" in page
    assert page.count("Werkzeug") == 2


def test_a_person_chooses_language_and_clock(app: Flask, people: Cast) -> None:
    ada = Visitor(app).sign_in("ada")
    assert ada.post("/akun/pilihan", {"language": "en", "time_zone": "Asia/Jayapura"}).status_code == 303
    page = ada.get("/akun").get_data(as_text=True)
    assert '<html lang="en"' in page
    assert "WIT" in page
    for wrong in ({"language": "xx", "time_zone": "Asia/Jakarta"}, {"language": "id", "time_zone": "Mars"}, {}):
        assert ada.post("/akun/pilihan", wrong).status_code == 400
    assert '<html lang="en"' in ada.get("/akun").get_data(as_text=True)
