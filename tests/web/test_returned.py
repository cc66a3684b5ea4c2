"""No answer to a POST is a page that somebody could lose by going back: every one leads on, and what was typed comes
back to its page, and never a password with it."""

from __future__ import annotations

import base64
import json
import random
import zlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from markupsafe import escape
from sqlalchemy import select, update

from lms.db.accounts import Role
from lms.db.attempts import AttemptItem
from lms.db.carried import Carried
from lms.db.engine import Database
from lms.db.lti import LtiCourse
from lms.db.reports import QuestionReport
from lms.learning import accounts, carried, platforms, proposals
from lms.web.guards import Permission, permission_of
from lms.web.site import now
from tests.conftest import PASSWORD, Cast
from tests.features.attempts.test_views import RIGHT, form, page, save, start
from tests.learning.test_platforms import MOODLE
from tests.visitor import Visitor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

LESSON = "/materi/pecahan/setengah"
TYPED = "inilah yang diketik"
NEW = "bulan jatuh di kali"
COHORT = "/pengampu/angkatan/<cohort>"
QUESTION = f"{COHORT}/kuis/pecahan/soal/k-terbesar"
DESK = "/pengampu/menilai/<essay>/sj-uraian"
DECISION = {"versi": "<version>", "action": "drop", "reason": TYPED}
PLATFORM = "/lti/platform/<platform>"
REGISTER = "/lti/register?openid_configuration=https%3A%2F%2Flms.example%2Fopenid&registration_token=x"
GRANT = {"quiz": "pecahan", "extra_minutes": "5", "reason": TYPED}
_PLATFORM = {
    **{"name": "Moodle lain", "issuer": MOODLE.issuer, "client_id": MOODLE.client_id, "keys_url": MOODLE.keys_url},
    **{"authorization_url": MOODLE.authorization_url, "token_url": MOODLE.token_url},
}
NOBODY = dict.fromkeys(("authorization_url", "token_url", "keys_url"), "http://127.0.0.1:1/")
#: Of every route that takes a POST: forms that are right, wrong and incomplete. ``<attempt>``: the attempt's address;
#: ``<cohort>`` and the like: an id.
FORMS: Mapping[str, list[tuple[str, Mapping[str, Any]]]] = {
    "accounts.enter": [
        ("/masuk", {"login": TYPED, "password": TYPED}),
        ("/masuk", {}),
        ("/masuk", {"login": "ada", "password": PASSWORD}),
    ],
    "accounts.accept_invitation": [("/undangan/tiada", {"new": TYPED, "again": TYPED}), ("/undangan/tiada", {})],
    "accounts.change_password": [
        ("/akun/kata-sandi", {"current": TYPED, "new": NEW, "again": NEW}),
        ("/akun/kata-sandi", {"current": PASSWORD, "new": TYPED, "again": "x"}),
        ("/akun/kata-sandi", {}),
        ("/akun/kata-sandi", {"current": PASSWORD, "new": NEW, "again": NEW}),
    ],
    "accounts.change_preferences": [
        ("/akun/pilihan", {"language": TYPED}),
        ("/akun/pilihan", {}),
        ("/akun/pilihan", {"language": "id", "time_zone": "Asia/Jakarta"}),
    ],
    "accounts.link_account": [
        ("/akun/satukan", {"login": TYPED, "password": TYPED}),
        ("/akun/satukan", {}),
        ("/akun/satukan", {"login": "mallory", "password": PASSWORD}),
    ],
    "learn.check": [
        (f"{LESSON}/cek/cek-bagian", {"answer-cek-bagian": TYPED}),
        (f"{LESSON}/cek/cek-bagian", {}),
        (f"{LESSON}/cek/cek-bagian", {"answer-cek-bagian": "b"}),
        (f"{LESSON}/cek/tiada", {"answer-tiada": TYPED}),
    ],
    "learn.finish": [(f"{LESSON}/selesai", {}), ("/materi/tiada/tiada/selesai", {"then": TYPED})],
    "learn.position": [(f"{LESSON}/posisi", {"anchor": TYPED}), (f"{LESSON}/posisi", {})],
    "look.keep": [("/tampilan", {"size": TYPED, "next": "/akun"}), ("/tampilan", {})],
    "lti.launch": [("/lti/launch", {"state": TYPED, "id_token": TYPED}), ("/lti/launch", {})],
    "lti.place": [("/lti/place", {"asked": TYPED, "chosen": TYPED}), ("/lti/place", {})],
    "lti.login": [("/lti/login", {"iss": TYPED, "login_hint": TYPED, "target_link_uri": TYPED}), ("/lti/login", {})],
    "notes.write": [
        (f"/catatan/{UUID(int=1)}", {"lesson": "pecahan/setengah", "text": TYPED}),
        (f"/catatan/{UUID(int=2)}", {"lesson": "pecahan/setengah", "text": TYPED * 300}),
        (f"/catatan/{UUID(int=1)}", {"lesson": "tiada", "text": " ", "replaces": TYPED}),
        (f"/catatan/{UUID(int=2)}", {}),
    ],
    "notes.mark": [
        ("/catatan/tanda", {"lesson": "pecahan/setengah", "kind": "bookmark", "heading": TYPED, "is_set": "1"}),
        ("/catatan/tanda", {"lesson": "pecahan/setengah", "kind": TYPED}),
        ("/catatan/tanda", {}),
    ],
    "attempts.start": [("/kuis/tiada/mulai", {"x": TYPED}), ("/kuis/pecahan/mulai", {})],
    "practice.start": [
        ("/latihan", {"tentang": TYPED}),
        ("/latihan", {}),
        ("/latihan", {"tentang": f"modul:{TYPED}"}),
        ("/latihan", {"tentang": "campuran:"}),
    ],
    "attempts.save": [("<attempt>/simpan", {"item": TYPED}), ("<attempt>/simpan", {})],
    "attempts.submit": [
        ("<attempt>/kumpulkan", {}),
        ("<attempt>/kumpulkan", form({"k-nama": [TYPED]}, action="save")),
        ("<attempt>/kumpulkan", form({"k-terbesar": [TYPED]}, action="save")),
        ("<attempt>/kumpulkan", form({"k-nama": [TYPED]}, action="submit")),
        ("<attempt>/kumpulkan", form({}, action="check-k-nama")),
        ("<attempt>/kumpulkan", form(RIGHT, action="submit", confirmed="1")),
        ("<attempt>/kumpulkan", {"action": "submit", "confirmed": "1"}),
        ("<attempt>/kumpulkan", form(RIGHT, action="submit", confirmed="1")),
    ],
    "reports.report": [
        ("<attempt>/lapor/k-nama", {"message": TYPED * 100}),
        ("<attempt>/lapor/k-nama", {}),
        ("<attempt>/lapor/tiada", {"message": TYPED}),
        ("<attempt>/lapor/k-nama", {"message": TYPED}),
    ],
    "reports.answer": [
        ("/penyunting/laporan/<report>", {"answer": TYPED * 100, "state": TYPED}),
        ("/penyunting/laporan/<report>", {}),
        ("/penyunting/laporan/<report>", {"answer": TYPED, "state": "fixed", "seen": TYPED}),
        ("/penyunting/laporan/<report>", {"answer": TYPED, "state": "fixed"}),
        (f"/penyunting/laporan/{UUID(int=1)}", {"answer": TYPED}),
    ],
    "gradebook.contacted": [
        (f"{COHORT}/dihubungi", {"peserta": TYPED}),
        (f"{COHORT}/dihubungi?q={TYPED}", {"peserta": str(UUID(int=1))}),
        (f"{COHORT}/dihubungi", {}),
    ],
    "gradebook.take_back": [
        (f"{COHORT}/dihubungi/batal", {"catatan": TYPED}),
        (f"{COHORT}/dihubungi/batal", {"catatan": str(UUID(int=1))}),
        (f"{COHORT}/dihubungi/batal", {}),
    ],
    "reports.send_proposal": [
        (f"{QUESTION}/usulan", {"message": TYPED * 100}),
        (f"{QUESTION}/usulan", {}),
        (f"{QUESTION}/usulan", {"message": TYPED}),
        (f"{COHORT}/kuis/pecahan/soal/tiada/usulan", {"message": TYPED}),
    ],
    "reports.answer_proposal": [
        ("/penyunting/usulan/<proposal>", {"answer": TYPED * 200, "state": TYPED}),
        ("/penyunting/usulan/<proposal>", {}),
        ("/penyunting/usulan/<proposal>", {"answer": TYPED, "state": "fixed", "seen": TYPED}),
        ("/penyunting/usulan/<proposal>", {"answer": TYPED, "state": "fixed", "seen": ""}),
        (f"/penyunting/usulan/{UUID(int=1)}", {"answer": TYPED}),
    ],
    "quiz_analysis.count": [(f"{COHORT}/kuis/pecahan/analisis", {"x": TYPED})],
    "gradebook.judge": [
        ("/pengampu<attempt>/nilai", {"item": "k-nama", "points": TYPED, "comment": TYPED}),
        ("/pengampu<attempt>/nilai", {}),
    ],
    "marking.judge": [
        (f"{DESK}", {"points": TYPED, "comment": TYPED}),
        (f"{DESK}?tanpa-nama=1", {"go": "next", "comment": TYPED}),
        (f"{DESK}", {}),
    ],
    "marking.keep_draft": [(f"{DESK}/konsep", {"comment": TYPED}), (f"{DESK}/konsep", {})],
    "marking.settled": [
        (f"{DESK}/selisih", {"outcome": "new", "points": TYPED, "reason": TYPED}),
        (f"{DESK}/selisih", {}),
    ],
    "gradebook.put_in": [
        ("/pengampu<attempt>/berkas", {"content": TYPED, "reason": TYPED}),
        (
            "/pengampu<attempt>/berkas",
            {"content": json.dumps({"format": "latsar-answers-1", "answers": [], "attempt": TYPED})},
        ),
        ("/pengampu<attempt>/berkas", {}),
    ],
    "regrade.ask": [
        (f"{QUESTION}/pratinjau", DECISION | {"action": TYPED}),
        (f"{QUESTION}/pratinjau", DECISION | {"reason": TYPED * 100}),
        (f"{QUESTION}/pratinjau", DECISION | {"versi": TYPED}),
        (f"{QUESTION}/pratinjau", DECISION),
        (f"{QUESTION}/pratinjau", {}),
    ],
    "regrade.apply": [
        (f"{QUESTION}/nilai-ulang", DECISION | {"regrade": str(UUID(int=1)), "seen": TYPED}),
        (f"{QUESTION}/nilai-ulang", DECISION | {"regrade": TYPED}),
        (f"{QUESTION}/nilai-ulang", {}),
    ],
    "regrade.go_on": [(f"{QUESTION}/nilai-ulang/{UUID(int=1)}", {"x": TYPED})],
    "exports.ask": [
        (f"{COHORT}/unduhan", {"form": TYPED, "export": TYPED}),
        (f"{COHORT}/unduhan", {"form": "csv", "export": TYPED}),
        (f"{COHORT}/unduhan", {}),
    ],
    "overrides.change_grace": [
        (f"{COHORT}/aturan", {"grace": TYPED}),
        (f"{COHORT}/aturan", {"grace": "20", "seen": TYPED}),
        (f"{COHORT}/aturan", {"grace": "20"}),
    ],
    "overrides.change_quiz_rules": [
        (f"{COHORT}/aturan/pecahan", {"opens_at": TYPED}),
        (f"{COHORT}/aturan/pecahan", {"closes_at": "2024-01-01T00:00"}),
        (f"{COHORT}/aturan/pecahan", {"closes_at": "2099-01-01T00:00", "seen": TYPED}),
        (f"{COHORT}/aturan/pecahan", {}),
    ],
    "overrides.grant": [
        (f"{COHORT}/peserta/<ada>/kelonggaran", GRANT | {"extra_minutes": TYPED}),
        (f"{COHORT}/peserta/<ada>/kelonggaran", GRANT | {"seen": TYPED}),
        (f"{COHORT}/peserta/<ada>/kelonggaran", GRANT),
        (f"{COHORT}/peserta/<ada>/kelonggaran", {}),
    ],
    "participants.note": [
        (f"{COHORT}/peserta/<ada>/catatan", {"text": TYPED * 100}),
        (f"{COHORT}/peserta/<ada>/catatan", {}),
        (f"{COHORT}/peserta/<ada>/catatan", {"text": "Sudah ditelepon", "contacted": "1"}),
        (f"{COHORT}/peserta/<ada>/catatan", {"take-back": TYPED}),
    ],
    "overrides.unlock": [(f"{COHORT}/peserta/<ada>/masuk", {"x": TYPED})],
    "plan.finish_by": [("/rencana", {"finish_on": TYPED}), ("/rencana", {}), ("/rencana", {"finish_on": "2999-01-01"})],
    "plan.change_calendar": [("/rencana/kalender", {"action": TYPED}), ("/rencana/kalender", {"action": "withdraw"})],
    "certificates.issue": [("/sertifikat", {"name": TYPED}), ("/sertifikat", {}), ("/sertifikat", {"name": "Ada"})],
    "certificates.withdraw": [(f"/sertifikat/{UUID(int=1)}/cabut", {"x": TYPED})],
    "certificates.present": [
        ("/sertifikat/periksa", {"text": TYPED}),
        ("/sertifikat/periksa", {}),
        ("/sertifikat/periksa?lang=en", {"text": TYPED * 1_000}),
    ],
    "cards.review": [
        ("/buku-kesalahan/ulangi/tiada", {"grade": "good"}),
        ("/buku-kesalahan/ulangi/k-nama", {"grade": TYPED, "shown_at": TYPED}),
        ("/buku-kesalahan/ulangi/k-nama", {}),
        ("/buku-kesalahan/ulangi/cek-bagian", {"grade": "again"}),
    ],
    "overrides.open_or_close": [
        (f"{COHORT}/peserta/<ada>/akun", {"open": TYPED}),
        (f"{COHORT}/peserta/<ada>/akun", {"open": "1"}),
    ],
    "overrides.leave": [
        (f"{COHORT}/peserta/<ada>/keluar", {"x": TYPED}),
        (f"{COHORT}/peserta/{UUID(int=1)}/keluar", {}),
    ],
    "lti.register": [(REGISTER, {"seal": TYPED}), (REGISTER, {}), ("/lti/register", {"seal": TYPED})],
    "lti.add_platform": [
        ("/lti/platform/baru", {"name": TYPED, "product": TYPED}),
        ("/lti/platform/baru", {}),
        ("/lti/platform/baru", _PLATFORM),
        ("/lti/platform/baru", _PLATFORM | {"client_id": "lain"}),
    ],
    "lti.approve": [(f"{PLATFORM}/setujui", {"x": TYPED}), (f"/lti/platform/{UUID(int=1)}/setujui", {})],
    "lti.add_deployment": [
        (f"{PLATFORM}/pemasangan", {"deployment": TYPED * 20}),
        (f"{PLATFORM}/pemasangan", {}),
        (f"{PLATFORM}/pemasangan", {"deployment": "2"}),
        (f"/lti/platform/{UUID(int=1)}/pemasangan", {"deployment": TYPED}),
    ],
    "lti.check": [(f"{PLATFORM}/periksa", {"x": TYPED}), (f"/lti/platform/{UUID(int=1)}/periksa", {})],
    "lti.resend": [("/lti/belum-terkirim", {"x": TYPED}), ("/lti/belum-terkirim", {})],
    "lti.read_roster": [
        ("/lti/daftar-peserta/<course>", {"x": TYPED}),
        (f"/lti/daftar-peserta/{UUID(int=1)}", {}),
    ],
    "lti.remove": [(f"/lti/platform/{UUID(int=1)}/hapus", {"x": TYPED}), (f"{PLATFORM}/hapus", {})],
    "accounts.sign_out": [("/keluar", {}), ("/keluar", {"confirmed": "1"}), ("/keluar", {"x": TYPED})],
    "accounts.sign_out_everywhere": [
        ("/keluar-di-semua-perangkat", {"x": TYPED}),
        ("/keluar-di-semua-perangkat", {"confirmed": "1"}),
    ],
}


def test_every_answer_to_a_post_leads_on_or_holds_nothing_that_was_typed(
    app: Flask, people: Cast, database: Database
) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())} == FORMS.keys()
    with database.transaction() as db:
        accounts.grant(db, people.grace, Role.ADMINISTRATOR, now=now())
    ada, grace = Visitor(app).sign_in("ada"), Visitor(app).sign_in("grace")
    attempt = start(ada)
    ids = {"attempt": attempt, "essay": essay(ada), "cohort": str(people.cohort), "ada": str(people.ada)}
    ids["platform"], ids["course"] = platform(database), course(database, people.cohort)
    for endpoint, sent in FORMS.items():
        ids |= {
            "version": version_of_the_first(database),
            "report": _reported(database),
            "proposal": proposed(database),
        }
        open_to_ada = permission_of(app, endpoint) in {None, Permission.READ, Permission.TAKE}
        visitor = ada if open_to_ada else grace
        for path, given in sent:
            if endpoint.startswith("accounts.sign_out"):
                ada.enter("ada", NEW)
            visitor.get("/akun")
            answered = visitor.post(filled(path, ids), {name: filled(value, ids) for name, value in given.items()})
            if answered.status_code not in {204, 303} and not answered.is_json:
                assert answered.status_code >= 400, (path, given)
                assert TYPED not in answered.get_data(as_text=True), (path, given)
                assert "<form" not in answered.get_data(as_text=True).partition("<main")[2], (path, given)


def platform(database: Database) -> str:
    """The id of a platform at whose addresses nobody listens."""
    with database.transaction() as db:
        return str(platforms.add(db, replace(MOODLE, **NOBODY), approved=False, now=now()).id)


def course(database: Database, cohort_id: UUID) -> str:
    """The id of a course of a platform that is a cohort here. Its roster cannot be asked for."""
    with database.transaction() as db:
        of = replace(MOODLE, **NOBODY, name="Moodle lain", client_id="kursus")
        registration = platforms.add(db, of, approved=True, now=now())
        row = LtiCourse(
            registration_id=registration.id,
            deployment="1",
            context="kursus",
            cohort_id=cohort_id,
            scopes=[],
            roster_url="https://127.0.0.1:1/roster",
        )
        db.add(row)
        db.flush()
        return str(row.id)


def essay(visitor: Visitor) -> str:
    """The id of an attempt with a text that waits for a person."""
    path = start(visitor, "semua-jenis")
    save(visitor, path, "sj-uraian", ["Karena lebih banyak bagian."])
    visitor.post(f"{path}/kumpulkan", {"action": "submit", "confirmed": "1"})
    return path.rpartition("/")[2]


def filled(text: Any, ids: Mapping[str, str]) -> Any:
    """A path or value of ``FORMS`` with the ids in their places."""
    for name, id in ids.items():
        text = text.replace(f"<{name}>", id) if isinstance(text, str) else text
    return text


def version_of_the_first(database: Database) -> str:
    with database.reading() as db:
        return db.execute(select(AttemptItem.question_version).where(AttemptItem.item == "k-terbesar")).scalar_one()


def proposed(database: Database) -> str:
    with database.reading() as db:
        found = proposals.every(db)
    return str(found[0].id) if found else str(UUID(int=1))


def _reported(database: Database) -> str:
    with database.reading() as db:
        return str(db.execute(select(QuestionReport.id)).scalar())


def test_what_was_typed_comes_back_once_and_to_its_own_page_only(app: Flask, people: Cast) -> None:
    nobody = Visitor(app)
    nobody.post("/masuk", {"login": "Ada <i>", "password": TYPED, "next": "/materi"})
    assert "tidak cocok" not in page(nobody, "/"), "another tab"
    back = page(nobody, "/masuk?next=/materi")
    assert "tidak cocok" in back
    assert 'value="Ada &lt;i&gt;"' in back
    assert 'name="next" value="/materi"' in back
    assert "tidak cocok" not in page(nobody, "/masuk"), "read again, the page is as new"


def test_what_somebody_signed_in_typed_stays_at_its_address_for_them_alone(
    app: Flask, people: Cast, database: Database
) -> None:
    ada, mallory = Visitor(app).sign_in("ada"), Visitor(app).sign_in("mallory")
    attempt = start(ada)
    ada.post(f"{attempt}/kumpulkan", {"action": "submit", "confirmed": "1"})
    long = TYPED * 100
    to = ada.post(f"{attempt}/lapor/k-nama", {"message": long}).location
    other = ada.post(f"{attempt}/lapor/k-nama", {"message": "lain"}).location
    for _ in range(2):
        assert long in page(ada, to), "all of it, as often as it is read, whatever another tab sent"
    assert ">lain</textarea>" in page(ada, other)
    assert long not in page(ada, to.replace("k-nama", "k-sama")), "on its own page only"
    assert "<textarea" in page(ada, to.partition("=")[0] + "=x"), "and no other name of it breaks the page"
    assert "returned" not in _cookie(ada)
    mine = f"/catatan?{to.partition('?')[2]}"
    assert (mallory.get(to).status_code, mallory.get(mine).status_code) == (404, 200)
    assert long not in page(mallory, mine)
    with database.transaction() as db:
        db.execute(update(Carried).values(carried_at=now() - carried.KEPT))
        assert carried.forget(db, now=now(), most=1) == 1
        assert carried.forget(db, now=now(), most=10) == 1
    assert long not in page(ada, to)


def test_a_password_is_kept_nowhere(app: Flask, people: Cast) -> None:
    ada = Visitor(app)
    ada.post("/masuk", {"login": "ada", "password": TYPED})
    assert "ada" in _cookie(ada)
    assert TYPED not in _cookie(ada)
    ada.sign_in("ada")
    for wrong in ({"current": TYPED, "new": TYPED, "again": "x"}, {"current": TYPED, "new": NEW, "again": NEW}):
        ada.post("/akun/kata-sandi", wrong)
        assert "returned" in _cookie(ada)
        assert TYPED not in _cookie(ada)


@pytest.mark.parametrize(("first", "many"), [("a", 26), ("一", 20_000), ("\N{CYCLONE}", 700)])
def test_what_comes_back_fits_the_cookie_whatever_is_typed(app: Flask, people: Cast, first: str, many: int) -> None:
    ada = Visitor(app).sign_in("ada")
    attempt = start(ada)
    ada.post(f"{attempt}/kumpulkan", {"action": "submit", "confirmed": "1"})
    varied = "".join(chr(ord(first) + random.Random(n).randrange(many)) for n in range(5_000))
    to = ada.post(f"{attempt}/lapor/k-nama", {"message": varied}).location
    stranger = Visitor(app)
    stranger.post("/masuk", {"login": varied, "password": "x"})
    for visitor in (ada, stranger):
        cookie = visitor._client.get_cookie("latsar")
        assert cookie is not None
        assert len(cookie.value) < 4_000
    back = page(ada, to)
    assert "10–1000 karakter" in back
    assert escape(varied) in back


def test_a_forged_cookie_brings_nothing(app: Flask, people: Cast) -> None:
    nobody = Visitor(app)
    nobody.post("/masuk", {"login": TYPED, "password": "x"})
    cookie = nobody._client.get_cookie("latsar")
    assert cookie is not None
    said, *signed = cookie.value.lstrip(".").split(".")
    plain = _cookie(nobody).replace(TYPED, "dari orang lain").encode()
    forged = base64.urlsafe_b64encode(plain).decode().rstrip("=")
    assert said != forged
    nobody._client.set_cookie("latsar", ".".join([forged, *signed]))
    assert "dari orang lain" not in page(nobody, "/masuk")


def _cookie(visitor: Visitor) -> str:
    """What the session cookie says to whoever reads it."""
    cookie = visitor._client.get_cookie("latsar")
    assert cookie is not None
    said = base64.urlsafe_b64decode(cookie.value.lstrip(".").split(".")[0] + "===")
    return (zlib.decompress(said) if cookie.value.startswith(".") else said).decode()
