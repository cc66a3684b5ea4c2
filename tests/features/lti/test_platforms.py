"""An administrator sets up a platform by its pages; nobody else sees or changes any of it."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from lms.db.accounts import Role
from lms.db.audit import AuditEvent
from lms.db.engine import Database
from lms.features.lti.addresses import Addresses
from lms.features.lti.products import PRODUCTS, Product
from lms.learning import accounts, platforms
from lms.web.site import now
from tests.conftest import NOON, Cast
from tests.features.lti.local import Local
from tests.learning import platform_courses
from tests.learning.test_platforms import MOODLE
from tests.visitor import Visitor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

FORM = {
    "name": "Moodle BPSDM",
    "issuer": "https://moodle.example.id",
    "client_id": "abc",
    "authorization_url": "https://moodle.example.id/mod/lti/auth.php",
    "token_url": "https://moodle.example.id/mod/lti/token.php",
    "keys_url": "https://moodle.example.id/mod/lti/certs.php",
    "deployments": " 1\r\n2 \r\n\r\n",
    "audience": "",
    "product": "moodle",
}


@pytest.fixture
def grace(app: Flask, people: Cast, database: Database) -> Visitor:
    """Who administers here."""
    with database.transaction() as db:
        accounts.grant(db, people.grace, Role.ADMINISTRATOR, now=NOON)
    return Visitor(app).sign_in("grace")


def page(visitor: Visitor, path: str) -> str:
    answered = visitor.get(path)
    assert answered.status_code == 200, path
    return unescape(answered.get_data(as_text=True)).partition("<main")[2]


def held(database: Database) -> list[Any]:
    with database.reading() as db:
        return platforms.every(db)


def _added(database: Database, *, approved: bool = True) -> str:
    with database.transaction() as db:
        return str(platforms.add(db, MOODLE, approved=approved, now=NOON).id)


def test_a_platform_is_added_by_its_form(grace: Visitor, database: Database) -> None:
    assert "Belum ada platform" in page(grace, "/lti/platform")
    answered = grace.post("/lti/platform/baru", FORM)
    (row,) = held(database)
    assert answered.location.partition("#")[0] == f"/lti/platform/{row.id}"
    assert (row.name, row.deployments, row.audience, row.product) == (
        "Moodle BPSDM",
        ["1", "2"],
        FORM["token_url"],
        "moodle",
    )
    assert row.approved_at is not None
    shown = page(grace, f"/lti/platform/{row.id}")
    assert {value for value in FORM.values() if value.startswith("https")} <= set(re.findall(">(https[^<]+)<", shown))
    assert "Moodle BPSDM" in page(grace, "/lti/platform")


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(grace: Visitor, database: Database) -> None:
    answered = grace.post("/lti/platform/baru", {**FORM, "name": " ", "keys_url": "moodle.example.id/certs"})
    back = page(grace, answered.location.partition("#")[0])
    assert back.count('aria-invalid="true"') == 2
    assert 'value="moodle.example.id/certs"' in back
    assert 'value="abc"' in back
    assert "Sambungkan Moodle" in back
    assert held(database) == []


def test_one_platform_is_added_once(grace: Visitor, database: Database) -> None:
    _added(database)
    answered = grace.post("/lti/platform/baru", FORM)
    assert "sudah terdaftar" in page(grace, answered.location.partition("#")[0])
    assert len(held(database)) == 1


def test_a_registration_that_waits_is_named_first_and_approved(
    grace: Visitor, database: Database, people: Cast
) -> None:
    id = _added(database, approved=False)
    assert "Menunggu persetujuan Anda" in page(grace, "/lti/platform")
    assert "Setujui platform ini?" in page(grace, f"/lti/platform/{id}")
    grace.post(f"/lti/platform/{id}/setujui")
    assert held(database)[0].approved_at is not None
    assert "Setujui platform ini?" not in page(grace, f"/lti/platform/{id}")
    with database.reading() as db:
        acts = db.execute(select(AuditEvent.action, AuditEvent.actor_id).where(AuditEvent.action == "lti.approve"))
        assert list(acts) == [("lti.approve", people.grace)]


def test_a_deployment_is_added(grace: Visitor, database: Database) -> None:
    id = _added(database)
    wrong = grace.post(f"/lti/platform/{id}/pemasangan", {"deployment": "x" * 300})
    assert "lebih dari 255 karakter" in page(grace, wrong.location.partition("#")[0])
    grace.post(f"/lti/platform/{id}/pemasangan", {"deployment": " 12:ab "})
    assert held(database)[0].deployments == ["1", "12:ab"]
    assert ">12:ab<" in page(grace, f"/lti/platform/{id}")


def test_whoever_removes_a_platform_is_asked_before(grace: Visitor, database: Database) -> None:
    id = _added(database)
    asked = page(grace, f"/lti/platform/{id}/hapus")
    assert "Hapus Moodle BPSDM?" in asked
    assert "menyangkut" not in asked, "nobody came by it yet"
    assert "belum terkirim" not in asked
    assert len(held(database)) == 1
    grace.post(f"/lti/platform/{id}/hapus")
    assert held(database) == []
    assert grace.get(f"/lti/platform/{id}").status_code == 404


def test_whoever_removes_a_platform_is_told_whom_it_concerns(grace: Visitor, database: Database, people: Cast) -> None:
    with database.transaction() as db:
        platform_courses.course(db, people, "https://lain.example.id")
        of = platform_courses.course(db, people)
        platform_courses.link(db, of, "kuis/semua-jenis")
    asked = page(grace, f"/lti/platform/{of.registration}/hapus")
    assert "Ini menyangkut 1 orang yang dikenal lewat platform ini dan 1 kursusnya." in asked
    assert "1 nilai belum terkirim ke sana, dan tidak akan terkirim lagi." in asked


def test_two_platforms_of_one_name_are_told_apart(grace: Visitor, database: Database) -> None:
    _added(database)
    assert "https://moodle.example.id · abc" not in page(grace, "/lti/platform")
    with database.transaction() as db:
        platforms.add(db, replace(MOODLE, client_id="def"), approved=True, now=NOON)
    shown = page(grace, "/lti/platform")
    assert "https://moodle.example.id · abc" in shown
    assert "https://moodle.example.id · def" in shown


def test_the_check_stays_at_its_address(grace: Visitor, database: Database, local: Local) -> None:
    with database.transaction() as db:
        agreed = platforms.Agreed(
            name="Lokal",
            issuer=local.address,
            client_id="abc",
            authorization_url=f"{local.address}/auth",
            token_url=f"{local.address}/token",
            keys_url=f"{local.address}/keys",
        )
        id = platforms.add(db, agreed, approved=True, now=NOON).id
    answered = grace.post(f"/lti/platform/{id}/periksa")
    assert (answered.status_code, len(local.asked)) == (303, 4)
    for _ in range(2):
        shown = page(grace, answered.location.partition("#")[0])
        assert "1 kunci dapat dipakai." in shown
        assert "Diberikan atas tanda tangan kami." in shown
        assert "Belum ada: setiap pembukaan ditolak (LTI04)." in shown
        assert f"issuer: {local.address}" in shown
    assert len(local.asked) == 4, "reading it again asks nobody"
    assert "Hasil pemeriksaan" not in page(grace, f"/lti/platform/{id}")


def test_english_reads_english(grace: Visitor, database: Database) -> None:
    grace.post("/akun/pilihan", {"language": "en", "time_zone": "Asia/Jakarta"})
    assert "Waiting for your yes" not in page(grace, "/lti/platform")
    assert "Copy from there to here" in page(grace, "/lti/platform/baru?produk=canvas")


def test_the_menu_leads_administrators_there_and_nobody_else(app: Flask, grace: Visitor) -> None:
    entry = 'href="/lti/platform"'
    assert entry in grace.get("/akun").get_data(as_text=True)
    assert entry not in Visitor(app).sign_in("edsger").get("/akun").get_data(as_text=True)


@pytest.mark.parametrize("its", PRODUCTS, ids=lambda one: one.name or "another")
def test_the_page_of_a_product_holds_all_that_is_pasted(grace: Visitor, its: Product) -> None:
    shown = page(grace, f"/lti/platform/baru?produk={its.id}")
    ours = Addresses("http://localhost")
    for address in (ours.here, ours.login, ours.launch, ours.keys):
        assert re.search(rf'class="whole">[^<]*{address}[^<]*<', shown), address
    for name, value, _ in its.paste(ours):
        assert f'<dt lang="en">{name}</dt>' in shown
        assert value in shown
    for name in its.known.values():
        assert f'value="{name}"' in shown
    assert (ours.register in shown) is bool(its.dynamic or not its.name)


def test_a_check_ends_the_minute_in_which_keys_are_not_asked_for(
    grace: Visitor, database: Database, local: Local
) -> None:
    addresses = dict.fromkeys(("authorization_url", "token_url", "keys_url"), local.address)
    with database.transaction() as db:
        id = platforms.add(db, replace(MOODLE, **addresses), approved=True, now=NOON).id
    for claimed in (True, False):
        with database.transaction() as db:
            assert platforms.claim_keys(db, id, now=now()) is claimed
    grace.post(f"/lti/platform/{id}/periksa")
    with database.transaction() as db:
        assert platforms.claim_keys(db, id, now=now())
