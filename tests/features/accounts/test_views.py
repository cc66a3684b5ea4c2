"""The doors, as a browser meets them."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from lms import create_app
from lms.config import Settings
from lms.db.accounts import Role, SignIn
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
    assert answered.status_code == 200
    assert "Nama masuk atau kata sandi tidak cocok" in answered.get_data(as_text=True)


@pytest.mark.parametrize("login", ["İ" * 120, "x" * 5000, "ada\0", "\ud800"])
def test_whatever_is_tried_at_the_door_is_counted(app: Flask, people: Cast, login: str) -> None:
    visitor = Visitor(app)
    tried = [visitor.enter(login.encode("utf-8", "surrogatepass"), "salah sekali ini").status_code for _ in range(6)]
    assert tried == [200] * 5 + [429]


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
    assert Visitor(app).enter("ada", PASSWORD).status_code == 200
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
    assert (answered.status_code, answered.location) == (303, "/akun")
    assert message in ada.get("/akun").get_data(as_text=True)
    assert message not in ada.get("/akun").get_data(as_text=True), "told once"
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
    ada.post("/akun/kata-sandi", form)
    assert message in ada.get("/akun").get_data(as_text=True)


def test_what_a_script_sends_wrong_is_told_in_the_readers_language(app: Flask, people: Cast) -> None:
    ada = Visitor(app).sign_in("ada")
    ada.post("/akun/pilihan", {"language": "en", "time_zone": "Asia/Jakarta"})
    refused = ada.send("/percobaan/01920000-0000-7000-8000-000000000000/simpan", {"item": "k"})
    told = "The answer that was sent cannot be read: the revision must be a whole number from 1."
    assert refused.get_json()["error"]["message"].startswith(told)


@pytest.fixture
def link_of_dennis(database: Database, people: Cast) -> str:
    with database.transaction() as db:
        user = accounts.add(db, login="dennis", name="Dennis", roles=[Role.PARTICIPANT], now=now())
        return f"/undangan/{accounts.invite(db, user.id, lifetime=timedelta(days=1), now=now())}"


CHOSEN = {"new": "bulan jatuh di kali", "again": "bulan jatuh di kali"}


def test_an_invited_person_chooses_a_password_and_is_signed_in(
    app: Flask, database: Database, link_of_dennis: str
) -> None:
    dennis, ada = Visitor(app), Visitor(app).sign_in("ada")
    page = dennis.get(link_of_dennis).get_data(as_text=True)
    assert "Dennis" in page
    assert "dennis" in page, "the name to sign in with next time"
    assert dennis.post(link_of_dennis, CHOSEN).location == "/beranda"
    start = dennis.get("/beranda").get_data(as_text=True)
    assert "Anda sudah masuk" in start
    dennis.post("/keluar")
    assert dennis.enter("dennis", CHOSEN["new"]).status_code == 303
    with database.transaction() as db:
        written = list(db.scalars(select(SignIn.succeeded).where(SignIn.login == "dennis")))
    assert written == [True, True], "the invitation is written down as a sign-in, too"
    ada.get(link_of_dennis)
    assert ada.post(link_of_dennis, CHOSEN).location == link_of_dennis
    assert "Ada" in ada.get("/akun").get_data(as_text=True), "a used link lets nobody in"


def test_a_used_link_says_so_and_what_to_do(app: Flask, link_of_dennis: str) -> None:
    dennis = Visitor(app)
    dennis.get(link_of_dennis)
    dennis.post(link_of_dennis, CHOSEN)
    again, stranger = dennis.get(link_of_dennis), Visitor(app).get(link_of_dennis)
    assert (again.status_code, stranger.status_code) == (409, 409)
    assert "Anda sedang masuk sebagai Dennis" in again.get_data(as_text=True)
    assert "minta tautan baru" in stranger.get_data(as_text=True)


def test_an_invitation_makes_the_session_anew(app: Flask, link_of_dennis: str) -> None:
    dennis = Visitor(app).sign_in("ada")
    planted = dennis._client.get_cookie("latsar")
    dennis.get(link_of_dennis)
    dennis.post(link_of_dennis, CHOSEN)
    kept = dennis._client.get_cookie("latsar")
    assert planted
    assert kept
    assert planted.value != kept.value
    assert "Dennis" in dennis.get("/akun").get_data(as_text=True)


def test_a_password_that_an_invitation_does_not_take_comes_back_with_the_reason(
    app: Flask, link_of_dennis: str
) -> None:
    dennis = Visitor(app)
    dennis.get(link_of_dennis)
    for wrong, why in (
        ({"new": "pendek", "again": "pendek"}, "paling sedikit 10"),
        (CHOSEN | {"again": "x"}, "tidak sama"),
    ):
        assert dennis.post(link_of_dennis, wrong).location == link_of_dennis
        assert why in dennis.get(link_of_dennis).get_data(as_text=True)
    assert dennis.post(link_of_dennis, CHOSEN).location == "/beranda"


def test_an_invitation_of_somebody_with_a_public_password_opens_nothing(app: Flask, database: Database) -> None:
    with database.transaction() as db:
        shown = accounts.add(db, login="coba", name="Coba", roles=[Role.PARTICIPANT], now=now(), demonstration=True)
        token = accounts.invite(db, shown.id, lifetime=timedelta(days=1), now=now())
    anybody = Visitor(app)
    assert anybody.get(f"/undangan/{token}").status_code == 409
    assert anybody.post(f"/undangan/{token}", CHOSEN).location == f"/undangan/{token}"


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


@pytest.mark.parametrize("way", ["/keluar", "/keluar-di-semua-perangkat"])
def test_whoever_signs_out_while_a_quiz_runs_is_asked_first(app: Flask, people: Cast, way: str) -> None:
    ada = Visitor(app).sign_in("ada")
    attempt = ada.post("/kuis/pecahan/mulai").location
    asked = ada.post(way)
    assert (asked.status_code, asked.location.partition("?")[0]) == (303, "/keluar")
    page = ada.get(asked.location).get_data(as_text=True)
    assert "Kuis pecahan" in page
    assert "Waktunya terus berjalan sampai" in page
    assert page.index(f'href="{attempt}"') < page.index("Tetap keluar")
    assert f'action="{way}"' in page.partition("<main")[2]
    assert ada.get("/beranda").status_code == 200, "nobody was signed out yet"
    assert ada.post(way, {"confirmed": "1"}).status_code == 303
    assert ada.get("/beranda").status_code == 303
    assert ada.get("/keluar").location == "/", "back on the page, there is nothing to leave"


def test_nobody_is_asked_once_the_quiz_is_handed_in(app: Flask, people: Cast) -> None:
    ada = Visitor(app).sign_in("ada")
    attempt = ada.post("/kuis/pecahan/mulai").location
    ada.post(f"{attempt}/kumpulkan", {"action": "submit", "confirmed": "1"})
    assert ada.post("/keluar").location == "/"
    assert ada.get("/beranda").status_code == 303
