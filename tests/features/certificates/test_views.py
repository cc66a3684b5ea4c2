"""From the end of the course to a page on which a stranger verifies that somebody came there."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import delete, update

from lms.db.accounts import User
from lms.db.certificates import Certificate, SigningKey
from lms.features.certificates import pdf
from lms.learning import certificates
from tests.conftest import Cast, Statements, lacking
from tests.guided import finish, guided, take
from tests.learning.test_certificates import hide
from tests.learning.test_signing import decoded
from tests.visitor import Visitor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def ada(app: Flask, people: Cast) -> Visitor:
    """Who is through with the course."""
    app.extensions["lms"].pack.replace(guided())
    with app.extensions["lms"].database.transaction() as db:
        finish(db, people.ada, guided(), now=datetime.now(UTC))
    return Visitor(app).sign_in("ada")


@pytest.fixture
def stranger(app: Flask) -> Iterator[Visitor]:
    return Visitor(app)


def text(visitor: Visitor, path: str, status: int = 200) -> str:
    answered = visitor.get(path)
    assert answered.status_code == status, (path, answered.status_code)
    return answered.get_data(as_text=True)


def issue(visitor: Visitor, name: str = "Ada") -> str:
    """The address of the certificate."""
    assert visitor.post("/sertifikat", {"name": name}).location == "/sertifikat"
    found = re.search(r'href="(/sertifikat/[0-9a-f-]{36})"', text(visitor, "/sertifikat"))
    assert found, "no certificate"
    return found[1]


def change(app: Flask, statement: object) -> None:
    app.extensions["lms"].database.commit(lambda db: db.execute(statement))


# --- issued -----------------------------------------------------------------------------------------------------------


def test_the_end_of_the_course_leads_to_a_certificate(ada: Visitor) -> None:
    assert 'href="/sertifikat"' in text(ada, "/beranda")
    before = text(ada, "/sertifikat")
    assert "Siap diterbitkan" in before
    assert "Nama saya tertulis benar: Ada" in before
    issue(ada)
    after = text(ada, "/sertifikat")
    assert "Sudah terbit" in after
    assert "Ganti dengan keadaan sekarang" not in after


def test_the_name_is_confirmed_before_and_is_the_one_of_the_account(app: Flask, ada: Visitor, people: Cast) -> None:
    for sent in ({}, {"name": "Ada Lovelace"}):
        back = ada.back_at("/sertifikat", ada.post("/sertifikat", sent))
        assert "Tandai dahulu bahwa nama Anda tertulis benar" in back.get_data(as_text=True)
    assert "Sudah terbit" not in text(ada, "/sertifikat")
    first = issue(ada)
    change(app, update(User).where(User.id == people.ada).values(name="Ada Lovelace"))
    assert "Ganti dengan keadaan sekarang" in text(ada, "/sertifikat")
    second = issue(ada, "Ada Lovelace")
    assert second != first
    assert "Ada Lovelace" in text(Visitor(app), second)
    assert "sudah dicabut" in text(Visitor(app), first)


def test_whoever_is_not_through_gets_none_by_form_either(app: Flask, people: Cast) -> None:
    app.extensions["lms"].pack.replace(guided())
    mallory = Visitor(app).sign_in("mallory")
    assert "Belum dapat diterbitkan" in text(mallory, "/sertifikat")
    mallory.post("/sertifikat", {"name": "Mallory"})
    assert "sesudah semua langkah selesai" in text(mallory, "/sertifikat")
    with app.extensions["lms"].database.reading() as db:
        assert certificates.of_person(db, people.mallory) is None


def test_an_outcome_that_is_kept_back_is_waited_for(app: Flask, people: Cast) -> None:
    app.extensions["lms"].pack.replace(guided())
    database = app.extensions["lms"].database
    with database.transaction() as db:
        finish(db, people.ada, guided(), now=datetime.now(UTC))
    hide(database, people, "desimal")
    ada = Visitor(app).sign_in("ada")
    assert "1 kuis belum menampilkan hasilnya" in text(ada, "/sertifikat")
    ada.post("/sertifikat", {"name": "Ada"})
    assert "Sudah terbit" not in text(ada, "/sertifikat")


# --- verified ---------------------------------------------------------------------------------------------------------


def test_a_stranger_reads_what_was_certified_and_no_more(ada: Visitor, stranger: Visitor) -> None:
    address = issue(ada)
    answered = stranger.get(address)
    page = answered.get_data(as_text=True)
    for told in (
        "asli dan berlaku",
        "Ada",
        "4 materi",
        "semuanya lulus",
        "100%",
        "perkiraan",
        "latsar-lms",
        "Bukan STTP",
    ):
        assert told in page
    assert 'src="data:image/svg' in page
    assert f"http://localhost{address}" in page
    assert answered.headers["X-Robots-Tag"] == "noindex"
    english = text(stranger, f"{address}?lang=en")
    assert '<html lang="en">' in english
    assert "genuine and valid" in english
    assert '<html lang="id">' in text(stranger, f"{address}?lang=xx")


def test_a_number_that_nobody_has_is_told_in_words(stranger: Visitor, people: Cast) -> None:
    page = text(stranger, f"/sertifikat/{uuid4()}", 404)
    assert "Sertifikat ini tidak dikenal" in page
    assert stranger.get("/sertifikat/bukan-nomor").status_code == 404


def test_a_changed_row_and_a_lost_key_are_told_and_show_nothing(app: Flask, ada: Visitor, stranger: Visitor) -> None:
    address = issue(ada)
    signed = signed_text(stranger, address)
    change(app, update(Certificate).values(signed=signed.replace(".", ".e", 1)))
    page = text(stranger, address)
    assert "tidak dapat dibuktikan" in page
    assert "semuanya lulus" not in page
    assert stranger.get(f"{address}/sertifikat.jws").location == address
    assert "tidak dapat dibuktikan" in text(ada, "/sertifikat")
    change(app, update(Certificate).values(signed=signed))
    assert "asli dan berlaku" in text(stranger, address)
    change(app, delete(SigningKey))
    assert "tidak dapat dibuktikan" in text(stranger, address)


def signed_text(visitor: Visitor, address: str) -> str:
    return text(visitor, f"{address}/sertifikat.jws")


def present(visitor: Visitor, given: str, *, as_file: bool = False) -> str:
    """What the page says to which somebody is led."""
    form = {"file": (BytesIO(given.encode()), "sertifikat.jws")} if as_file else {"text": given}
    answered = visitor.post("/sertifikat/periksa", form)
    assert answered.status_code == 303
    return visitor.get(answered.location).get_data(as_text=True)


@pytest.mark.parametrize("as_file", [False, True])
def test_a_text_is_taken_for_genuine_and_refused_once_one_byte_changed(
    ada: Visitor, stranger: Visitor, as_file: bool
) -> None:
    signed = signed_text(stranger, issue(ada))
    told = present(stranger, f"  {signed[:60]}\r\n {signed[60:]}\n", as_file=as_file)
    assert "Teks yang Anda periksa asli" in told
    assert "asli dan berlaku" in told
    for place in (0, len(signed) // 3, len(signed) // 2, len(signed) - 1):
        changed = signed[:place] + ("A" if signed[place] != "A" else "B") + signed[place + 1 :]
        told = present(stranger, changed, as_file=as_file)
        assert "bukan sertifikat dari situs ini" in told
    assert "Tempelkan teks sertifikat" in present(stranger, "", as_file=False)
    assert "Isi PDF mudah ditiru" in present(stranger, "%PDF-1.7 …", as_file=True)
    assert "bukan sertifikat" in present(stranger, "é\0" * 30_000, as_file=as_file)


def test_a_number_or_an_address_leads_to_the_page_that_knows(ada: Visitor, stranger: Visitor) -> None:
    address = issue(ada)
    number = address.rpartition("/")[2]
    for given in (number, number.upper(), f"http://localhost{address}?lang=en", f"{address}/sertifikat.pdf"):
        assert "asli dan berlaku" in present(stranger, f" {given} ")
    assert "tidak dikenal" in present(stranger, str(uuid4()))
    assert "bukan sertifikat dari situs ini" in present(stranger, number[:-1])


def test_anybody_verifies_without_us_by_what_is_published(ada: Visitor, stranger: Visitor) -> None:
    header, payload, signature = signed_text(stranger, issue(ada)).split(".")
    (key,) = stranger.get("/.well-known/jwks.json").get_json()["keys"]
    assert set(key) == {"kty", "crv", "x", "kid", "alg", "use"}, "and nothing private"
    verifier = Ed25519PublicKey.from_public_bytes(decoded(key["x"]))
    verifier.verify(decoded(signature), f"{header}.{payload}".encode())


# --- revoked ----------------------------------------------------------------------------------------------------------


def test_once_withdrawn_its_page_its_text_and_its_file_tell_nothing_but_that(
    app: Flask, ada: Visitor, stranger: Visitor, people: Cast
) -> None:
    address = issue(ada)
    signed = signed_text(stranger, address)
    mallory = Visitor(app).sign_in("mallory")
    assert mallory.post(f"{address}/cabut").status_code == 404
    assert mallory.get(f"{address}/sertifikat.pdf").location == address
    assert "asli dan berlaku" in text(stranger, address)
    ada.post(f"{address}/cabut")
    ada.post(f"{address}/cabut")
    page = text(stranger, address)
    assert "sudah dicabut" in page
    assert "Pemiliknya sendiri" in page
    assert "semuanya lulus" not in page
    assert "sudah dicabut" in present(stranger, signed)
    assert stranger.get(f"{address}/sertifikat.jws").location == address
    assert ada.get(f"{address}/sertifikat.pdf").location == "/sertifikat"
    assert issue(ada) != address


def test_what_staff_revoke_says_why_and_cannot_be_issued_again(
    app: Flask, ada: Visitor, stranger: Visitor, people: Cast
) -> None:
    address = issue(ada)
    with app.extensions["lms"].database.transaction() as db:
        held = certificates.of_person(db.connection(), people.ada)
        assert held
        certificates.revoke(db, held.id, reason="Dikerjakan <orang lain>", reissue=False, now=datetime.now(UTC))
    assert "Dikerjakan &lt;orang lain&gt;" in text(stranger, address)
    mine = text(ada, "/sertifikat")
    assert "Sertifikat lain belum dapat diterbitkan" in mine
    assert "Terbitkan sertifikat" not in mine
    ada.post("/sertifikat", {"name": "Ada"})
    assert "Pengelola mencabut sertifikat Anda (Dikerjakan &lt;orang lain&gt;)" in text(ada, "/sertifikat")
    assert "sudah dicabut" in text(stranger, address)


def test_of_a_person_who_was_deleted_nothing_is_known(
    app: Flask, ada: Visitor, stranger: Visitor, people: Cast
) -> None:
    address = issue(ada)
    signed = signed_text(stranger, address)
    change(app, delete(User).where(User.id == people.ada))
    assert "tidak dikenal" in text(stranger, address, 404)
    told = present(stranger, signed)
    assert "tidak dikenal" in told
    assert "Teks yang Anda periksa asli" not in told


# --- on paper ---------------------------------------------------------------------------------------------------------


def test_the_pdf_is_tagged_and_reads_what_the_page_reads_whatever_somebody_is_called(
    app: Flask, ada: Visitor, people: Cast
) -> None:
    if not pdf.can_be_made():
        lacking("pdf", "no typst: install the extra `pdf`")
    name = '#panic() *Ada* $x$ \\ "<b>'
    change(app, update(User).where(User.id == people.ada).values(name=name))
    address = issue(ada, name)
    answered = ada.get(f"{address}/sertifikat.pdf")
    assert answered.mimetype == "application/pdf"
    document = PdfReader(BytesIO(answered.data))
    assert document.root_object["/MarkInfo"]["/Marked"]
    assert document.root_object["/StructTreeRoot"]
    assert document.root_object["/Lang"].startswith("id")
    (sheet,) = document.pages
    told = sheet.extract_text()
    for said in (name, "Bukan STTP", "semuanya lulus", f"http://localhost{address}"):
        assert said in told


def test_without_typst_people_are_led_to_printing_the_page(
    ada: Visitor, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = issue(ada)
    monkeypatch.setitem(sys.modules, "typst", None)
    page = text(ada, "/sertifikat")
    assert "Unduh PDF" not in page
    assert "cetak dari peramban" in page
    assert ada.get(f"{address}/sertifikat.pdf").location == "/sertifikat"


def test_a_name_in_letters_that_the_file_cannot_set_leads_to_printing_the_page(
    app: Flask, ada: Visitor, people: Cast
) -> None:
    change(app, update(User).where(User.id == people.ada).values(name="阿达"))
    address = issue(ada, "阿达")
    assert ada.get(f"{address}/sertifikat.pdf").location == "/sertifikat"
    assert "cetak dari peramban" in text(ada, "/sertifikat")
    assert "阿达" in text(Visitor(app), address)


# --- what it costs ----------------------------------------------------------------------------------------------------


def test_a_stranger_costs_two_statements(ada: Visitor, stranger: Visitor, statements: Statements) -> None:
    address = issue(ada)
    assert statements.of(lambda: stranger.get(address)) == 2


def test_the_simulation_stands_on_the_certificate_once_it_was_taken(
    app: Flask, ada: Visitor, stranger: Visitor, people: Cast
) -> None:
    assert "Simulasi bilangan" not in text(stranger, issue(ada))
    with app.extensions["lms"].database.transaction() as db:
        take(db, people.ada, guided().quiz("simulasi"), now=datetime.now(UTC))
    assert "Simulasi bilangan" in text(stranger, issue(ada))
