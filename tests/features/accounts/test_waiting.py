"""The promises of docs/adr/0013 as a browser meets them: who waits at the door, how long, and who never does."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import insert, select
from werkzeug.test import TestResponse

from lms import create_app
from lms.config import Settings
from lms.db.accounts import Role, Tries
from lms.db.audit import AuditEvent
from lms.db.engine import Database
from lms.learning import accounts, passwords
from lms.learning.tries import Door
from lms.web.site import now
from tests.conftest import PASSWORD, Cast
from tests.visitor import Visitor

WRONG = "salah sekali ini"
NEW = "bulan jatuh di kali"


def enter(visitor: Visitor, login: str = "ada", password: str = PASSWORD, address: str = "192.0.2.1") -> TestResponse:
    visitor.get("/masuk")
    where = {"REMOTE_ADDR": address}
    form = {"login": login, "password": password, "next": "/materi"}
    answered = visitor.back_at("/masuk", visitor.post("/masuk", form, environ_overrides=where))
    visitor.get("/akun")  # whoever got in has a page with a token that is good now
    return answered


def change(visitor: Visitor, form: dict[str, str]) -> TestResponse:
    return visitor.back_at("/akun", visitor.post("/akun/kata-sandi", form))


def later(database: Database, seconds: float) -> None:
    """What stands in the table happened so much earlier."""
    with database.transaction() as db:
        for row in db.scalars(select(Tries)):
            row.ready_at, row.at = (moment - timedelta(seconds=seconds) for moment in (row.ready_at, row.at))


def attacked(database: Database, login: str = "ada", networks: int = 50) -> None:
    """Somebody tries passwords without end, at this account from everywhere and at all others from here."""
    doors = [Door.from_network(login, f"10.0.{n}.1") for n in range(networks)]
    doors += [Door.from_network(f"guess{n}", "192.0.2.9") for n in range(1000)]
    moment = now()
    rows = [{"kind": one.kind.value, "login": one.login, "place": one.place, "failures": 30} for one in doors]
    with database.transaction() as db:
        db.execute(insert(Tries), [row | {"ready_at": moment + timedelta(hours=4), "at": moment} for row in rows])


def test_after_five_wrong_tries_the_page_says_how_long_to_wait_and_keeps_the_login(
    app: Flask, people: Cast, database: Database
) -> None:
    ada = Visitor(app)
    assert [enter(ada, password=WRONG).status_code for _ in range(5)] == [200] * 5
    answered = enter(ada)
    page = answered.get_data(as_text=True)
    seconds = answered.headers["Retry-After"]
    assert (answered.status_code, seconds in {"3", "4"}) == (429, True)
    assert f"Tunggu {seconds} detik" in page
    assert 'value="ada"' in page
    assert 'name="next" value="/materi"' in page
    assert PASSWORD not in page
    assert f'data-wait="{seconds}"' in page
    assert ada.get("/beranda").status_code == 303, "nobody is signed in"
    later(database, 4)
    assert enter(ada).location == "/materi"


def test_whoever_signed_in_here_before_gets_in_at_once_whatever_others_try(
    app: Flask, people: Cast, database: Database
) -> None:
    phone, new = Visitor(app), Visitor(app)
    assert enter(phone).status_code == 303
    phone.post("/keluar")
    attacked(database)
    assert enter(new).status_code == 429
    assert enter(phone).status_code == 303
    phone.post("/keluar")
    assert enter(phone, address="10.0.7.1").status_code == 303, "also from a network that waits for hours"


def test_a_new_device_waits_ten_seconds_once_whatever_others_try(app: Flask, people: Cast, database: Database) -> None:
    attacked(database)
    ada, others = Visitor(app), Visitor(app)
    asked = enter(ada)
    assert (asked.status_code, asked.headers["Retry-After"]) == (429, "10")
    assert "Tunggu 10 detik" in asked.get_data(as_text=True)
    later(database, 4)
    assert enter(others, password=WRONG, address="10.9.9.9").status_code == 429
    assert int(enter(ada).headers["Retry-After"]) <= 6, "coming early made it no longer"
    later(database, 6)
    assert enter(ada).status_code == 303


def test_a_known_device_waits_for_its_own_wrong_tries_alone(app: Flask, people: Cast, database: Database) -> None:
    phone, laptop, thief = Visitor(app), Visitor(app), Visitor(app)
    for visitor in (phone, laptop):
        enter(visitor)
        visitor.post("/keluar")
    cookie = phone._client.get_cookie("latsar-device")
    assert cookie is not None
    thief._client.set_cookie("latsar-device", cookie.value)
    assert [enter(thief, password=WRONG).status_code for _ in range(6)] == [200] * 5 + [429]
    assert enter(phone).status_code == 429, "the cookie is the device"
    assert enter(laptop).status_code == 303
    assert thief.get("/beranda").status_code == 303, "it opens no page"


def test_the_cookie_of_a_device_is_for_its_accounts_only(app: Flask, people: Cast, database: Database) -> None:
    phone = Visitor(app)
    enter(phone)
    phone.post("/keluar")
    enter(phone, "grace")
    phone.post("/keluar")
    attacked(database, "mallory")
    assert enter(phone, "mallory").status_code == 429
    assert enter(phone, "grace").status_code == 303
    phone.post("/keluar")
    assert enter(phone, "ada").status_code == 303
    header = enter(Visitor(app), "ada", address="198.51.100.1").headers.getlist("Set-Cookie")
    (told,) = [one for one in header if one.startswith("latsar-device=")]
    assert all(part in told for part in ("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=34560000")), told


def test_a_shared_device_remembers_five_accounts(app: Flask, database: Database, password_hash: str) -> None:
    with database.transaction() as db:
        for n in range(6):
            user = accounts.add(db, login=f"ada{n}", name="Ada", roles=[Role.PARTICIPANT], now=now())
            user.password_hash = password_hash
    phone = Visitor(app)
    for n in range(6):
        assert enter(phone, f"ada{n}").status_code == 303
        phone.post("/keluar")
    attacked(database, "ada0")
    assert enter(phone, "ada0").status_code == 429, "the one that was here longest ago"
    for n in range(1, 6):
        assert enter(phone, f"ada{n}").status_code == 303
        phone.post("/keluar")


def test_another_password_makes_a_device_unknown_unless_it_was_chosen_there(
    app: Flask, people: Cast, database: Database
) -> None:
    phone, laptop = Visitor(app), Visitor(app)
    enter(phone)
    laptop.sign_in("ada")
    laptop.post("/akun/kata-sandi", {"current": PASSWORD, "new": NEW, "again": NEW})
    laptop.post("/keluar")
    attacked(database)
    assert enter(phone, password=NEW).status_code == 429
    assert enter(laptop, password=NEW).status_code == 303


@pytest.mark.parametrize("cookie", ["", "x", "WyJ4IixbXV0.x.x", "ÿ"])
def test_a_cookie_that_we_did_not_sign_is_no_device(app: Flask, people: Cast, database: Database, cookie: str) -> None:
    attacked(database)
    mallory = Visitor(app)
    mallory._client.set_cookie("latsar-device", cookie)
    assert enter(mallory).status_code == 429


def test_a_device_stays_known_while_the_key_is_changed(
    app: Flask, settings: Settings, people: Cast, database: Database
) -> None:
    phone = Visitor(app)
    enter(phone)
    cookie = phone._client.get_cookie("latsar-device")
    assert cookie is not None
    attacked(database)
    key = "another key for tests, and long enough"
    for fallbacks, status in (((settings.secret_key,), 303), ((), 429)):
        restarted = create_app(dataclasses.replace(settings, secret_key=key, secret_key_fallbacks=fallbacks))
        again = Visitor(restarted)
        again._client.set_cookie("latsar-device", cookie.value)
        assert enter(again).status_code == status
        restarted.extensions["lms"].database.dispose()


def test_an_invitation_is_the_way_in_for_whoever_a_neighbour_keeps_out(
    app: Flask, people: Cast, database: Database
) -> None:
    with database.transaction() as db:
        token = accounts.invite(db, people.ada, lifetime=timedelta(days=1), now=now())
    attacked(database)
    ada = Visitor(app)
    assert enter(ada).status_code == 429
    ada.get(f"/undangan/{token}")
    ada.post(f"/undangan/{token}", {"new": NEW, "again": NEW})
    assert ada.get("/beranda").status_code == 200
    ada.post("/keluar")
    assert enter(ada, password=NEW).status_code == 303, "and the device is known from now on"


def test_a_wrong_current_password_is_slowed_and_keeps_nobody_from_signing_in(
    app: Flask, people: Cast, database: Database
) -> None:
    ada = Visitor(app).sign_in("ada")
    form = {"current": WRONG, "new": NEW, "again": NEW}
    assert [change(ada, form).status_code for _ in range(5)] == [200] * 5
    answered = change(ada, form | {"current": PASSWORD})
    assert (answered.status_code, answered.headers["Retry-After"] in {"3", "4"}) == (429, True)
    assert f"Tunggu {answered.headers['Retry-After']} detik" in answered.get_data(as_text=True)
    assert enter(Visitor(app)).status_code == 303
    assert enter(Visitor(app), address="10.0.0.1").status_code == 303
    later(database, 4)
    assert "Kata sandi sudah diganti" in change(ada, form | {"current": PASSWORD}).get_data(as_text=True)


def test_a_right_password_with_a_new_one_that_is_refused_counts_as_right(
    app: Flask, people: Cast, database: Database
) -> None:
    ada = Visitor(app).sign_in("ada")
    form = {"current": PASSWORD, "new": "pendek", "again": "pendek"}
    assert [change(ada, form).status_code for _ in range(7)] == [200] * 7


def test_a_try_that_found_no_core_to_be_judged_on_is_not_counted(
    app: Flask, people: Cast, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "PATIENCE", 0.01)
    held = 0
    while passwords._CORES.acquire(blocking=False):
        held += 1
    try:
        for _ in range(7):
            answered = enter(Visitor(app))
            assert (answered.status_code, answered.headers["Retry-After"]) == (429, "5")
    finally:
        for _ in range(held):
            passwords._CORES.release()
    assert enter(Visitor(app)).status_code == 303


def test_only_administrators_let_an_account_be_tried_again_at_once(
    app: Flask, people: Cast, database: Database
) -> None:
    person = f"/pengampu/angkatan/{people.cohort}/peserta/{people.ada}"
    where = f"{person}/kelonggaran"
    ada, grace, edsger = Visitor(app), Visitor(app).sign_in("grace"), Visitor(app)
    with database.transaction() as db:
        accounts.grant(db, people.edsger, Role.ADMINISTRATOR, now=now())
    edsger.sign_in("edsger")
    for _ in range(5):
        enter(ada, password=WRONG)
    assert "Hapus waktu tunggunya" not in grace.get(where).get_data(as_text=True)
    assert grace.post(f"{person}/masuk").status_code == 403
    assert enter(ada).status_code == 429
    assert "Hapus waktu tunggunya" in edsger.get(where).get_data(as_text=True)
    assert edsger.post(f"{person}/masuk").location == where
    assert "dapat langsung dicoba lagi" in edsger.get(where).get_data(as_text=True)
    assert enter(ada).status_code == 303
    edsger.post(f"{person}/masuk")
    assert "tidak sedang menunggu" in edsger.get(where).get_data(as_text=True)
    with database.reading() as db:
        told = db.execute(select(AuditEvent.actor_id).where(AuditEvent.action == "user.unlock")).scalars().all()
    assert told == [people.edsger]


def test_an_account_that_is_not_there_waits_like_one_that_is(app: Flask, people: Cast, database: Database) -> None:
    visitor = Visitor(app)
    for login in ("nobody", "ada"):
        assert [enter(visitor, login, WRONG).status_code for _ in range(6)] == [200] * 5 + [429], login
