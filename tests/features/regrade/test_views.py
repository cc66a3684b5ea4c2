"""The pages of a regrade: what an instructor sees, what they are told, and who may not."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from lms.db.accounts import Role
from lms.db.attempts import Mark, Regrade
from lms.db.carried import Carried
from lms.db.cohorts import Place
from lms.db.engine import Database
from lms.features.regrade import pages
from lms.learning import accounts, attempts, cohorts
from lms.web.site import now
from tests.conftest import NOON, Cast, Statements
from tests.features.attempts.test_views import RIGHT, form, start
from tests.features.gradebook.test_views import text
from tests.visitor import Visitor

WRONG = {"k-terbesar": ["b"], "k-sama": ["a"], "k-pernyataan": ["true"], "k-nama": ["numerator"]}
REASON = "Kunci soal ini keliru sejak awal."
FIELD = re.compile(r'<input type="hidden" name="(?P<name>[^"]+)" value="(?P<value>[^"]*)"')


@pytest.fixture
def attempt(app: Flask, people: Cast) -> str:
    """Ada's attempt, wrong in everything."""
    ada = Visitor(app).sign_in("ada")
    path = start(ada)
    ada.post(f"{path}/kumpulkan", form(WRONG, action="submit", confirmed="1"))
    return path


@pytest.fixture
def grace(app: Flask, attempt: str) -> Visitor:
    return Visitor(app).sign_in("grace")


def address(people: Cast, item: str = "") -> str:
    return f"/pengampu/angkatan/{people.cohort}/kuis/pecahan/soal" + (f"/{item}" if item else "")


def decide(visitor: Visitor, where: str, **fields: Any) -> Any:
    """Fill in the form of a question, ask for the preview, and go where that leads: to it, or back."""
    versi = re.search(r'name="versi" value="([^"]+)"', text(visitor, where))
    assert versi
    return visitor.led(visitor.post(f"{where}/pratinjau", {"versi": versi[1], "reason": REASON, **fields}))


def hidden(page: str) -> dict[str, list[str]]:
    form: dict[str, list[str]] = {}
    for name, value in FIELD.findall(page.split("Siapa yang berubah", 1)[1]):
        form.setdefault(name, []).append(value.replace("&#34;", '"').replace("&#39;", "'").replace("&amp;", "&"))
    return form


def counts(app: Flask) -> tuple[int, int]:
    with app.extensions["lms"].database.reading() as db:
        return tuple(db.execute(select(func.count()).select_from(table)).scalar_one() for table in (Regrade, Mark))  # type: ignore[return-value]


def test_the_results_lead_to_the_questions_and_these_to_each(grace: Visitor, people: Cast) -> None:
    assert address(people) in text(grace, f"/pengampu/angkatan/{people.cohort}/kuis/pecahan")
    page = text(grace, address(people))
    for expected in ("Manakah yang terbesar?", "1 dari 1 percobaan", "Sepertiga", "0%", address(people, "k-sama")):
        assert expected in page
    for item in RIGHT:
        assert "Putuskan" in text(grace, address(people, item))


def test_a_preview_has_no_verdict_where_nobody_can_fail(app: Flask, grace: Visitor, people: Cast) -> None:
    told = decide(grace, address(people, "k-terbesar"), action="full-marks").get_data(as_text=True)
    assert "Menjadi lulus" in told
    pack = app.extensions["lms"].pack
    for_oneself = dataclasses.replace(pack.current().quiz("pecahan"), pass_mark=0.0)
    pack.replace(dataclasses.replace(pack.current(), quizzes={**pack.current().quizzes, "pecahan": for_oneself}))
    told = decide(grace, address(people, "k-terbesar"), action="full-marks").get_data(as_text=True)
    assert "Ada" in told
    for verdict in ("Menjadi lulus", "Belum lulus", "Hasil"):
        assert verdict not in told


@pytest.mark.parametrize(
    ("item", "fields", "after"),
    [
        ("k-terbesar", {"action": "new-key", "key": ["b"]}, "1/1"),
        ("k-terbesar", {"action": "accept", "accept": ['["b"]']}, "1/1"),
        ("k-terbesar", {"action": "drop"}, "tidak dihitung"),
        ("k-terbesar", {"action": "full-marks"}, "1/1"),
        ("k-sama", {"action": "new-key", "key": ["a"]}, "2/2"),
        ("k-pernyataan", {"action": "new-key", "key": "true"}, "1/1"),
        ("k-nama", {"action": "new-key", "lines": "pembilang\r\n50% Numerator"}, "0,5/1"),
        ("k-nama", {"action": "accept", "accept-lines": "numerator\nangka atas"}, "1/1"),
    ],
    ids=lambda value: value["action"] if isinstance(value, dict) else value,
)
def test_a_decision_is_previewed_and_then_done(
    app: Flask, grace: Visitor, people: Cast, attempt: str, item: str, fields: dict[str, Any], after: str
) -> None:
    before = counts(app)
    answered = decide(grace, address(people, item), **fields)
    page = answered.get_data(as_text=True)
    assert answered.status_code == 200, page
    assert counts(app) == before, "a preview changes nothing"
    assert after in page
    assert "Ada" in page
    done = grace.post(f"{address(people, item)}/nilai-ulang", hidden(page))
    assert (done.status_code, done.location) == (303, address(people, item))
    assert counts(app) == (1, before[1] + 1)
    again = grace.post(f"{address(people, item)}/nilai-ulang", hidden(page))
    assert again.status_code == 303
    assert counts(app) == (1, before[1] + 1)
    assert REASON in text(grace, address(people, item))
    shown = text(grace, f"/pengampu{attempt}")
    assert "Riwayat nilai (2)" in shown
    assert REASON in shown
    assert REASON in text(Visitor(app).sign_in("ada"), f"{attempt}/hasil")


@pytest.mark.parametrize(
    ("item", "fields", "right"),
    [
        ("k-terbesar", {"action": "new-key", "key": ["b"]}, "Sepertiga"),
        ("k-terbesar", {"action": "accept", "accept": ['["c"]']}, "Tidak satu pun"),
        ("k-nama", {"action": "new-key", "lines": "angka atas"}, "angka atas"),
    ],
)
def test_the_answers_a_decision_makes_right_are_named_to_everybody(
    grace: Visitor, app: Flask, people: Cast, attempt: str, item: str, fields: dict[str, Any], right: str
) -> None:
    page = decide(grace, address(people, item), **fields).get_data(as_text=True)
    assert re.search(rf"<dd>[^<]+: {right}</dd>", page)
    grace.post(f"{address(people, item)}/nilai-ulang", hidden(page))
    assert re.search(rf"<strong>[^<]+: {right}</strong>", text(grace, address(people, item)))
    assert f"Yang benar sekarang: {right}." in text(Visitor(app).sign_in("ada"), f"{attempt}/hasil")


@pytest.mark.parametrize(
    ("item", "fields", "told"),
    [
        ("k-terbesar", {}, "Pilih salah satu keputusan"),
        ("k-terbesar", {"action": "delete"}, "Pilih salah satu keputusan"),
        ("k-terbesar", {"action": "drop", "reason": "salah"}, "10–1000 karakter"),
        ("k-terbesar", {"action": "drop", "reason": "x" * 1001}, "10–1000 karakter"),
        ("k-terbesar", {"action": "new-key"}, "Tandai sedikitnya satu"),
        ("k-terbesar", {"action": "new-key", "key": ["z"]}, "Tandai sedikitnya satu"),
        ("k-terbesar", {"action": "accept"}, "Centang atau tulis"),
        ("k-terbesar", {"action": "accept", "accept": ["null"]}, "Centang atau tulis"),
        ("k-terbesar", {"action": "accept", "accept": ['["z"]']}, "tidak mungkin"),
        ("k-terbesar", {"action": "accept", "accept": ["["]}, "tidak terbaca"),
        ("k-pernyataan", {"action": "new-key", "key": "maybe"}, "Pilih Benar atau Salah"),
        ("k-nama", {"action": "new-key", "lines": " \n "}, "sedikitnya satu jawaban"),
        ("k-nama", {"action": "new-key", "lines": "pembilang\n150% x"}, "Baris 2"),
        ("k-nama", {"action": "new-key", "lines": "*"}, "Baris 1"),
        ("k-nama", {"action": "accept", "accept-lines": "x\n" * 60}, "Paling banyak 50 baris"),
    ],
)
def test_what_is_wrong_is_told_and_kept(
    app: Flask, grace: Visitor, people: Cast, item: str, fields: dict[str, Any], told: str
) -> None:
    answered = decide(grace, address(people, item), **fields)
    page = answered.get_data(as_text=True)
    assert answered.request.path == address(people, item)
    assert told in page
    assert fields.get("reason", REASON) in page
    assert counts(app)[0] == 0


def test_a_preview_that_is_old_or_made_up_is_refused(app: Flask, grace: Visitor, people: Cast) -> None:
    where = address(people, "k-terbesar")
    sent = hidden(decide(grace, where, action="drop").get_data(as_text=True))
    mallory = Visitor(app).sign_in("mallory")
    with app.extensions["lms"].database.transaction() as db:
        cohorts.enrol(db, cohorts.by_name(db, "Angkatan I"), people.mallory, Place.PARTICIPANT, now=NOON)
    path = start(mallory)
    mallory.post(f"{path}/kumpulkan", form(RIGHT, action="submit", confirmed="1"))
    anew = grace.led(grace.post(f"{where}/nilai-ulang", sent))
    assert anew.request.path == f"{where}/pratinjau"
    page = anew.get_data(as_text=True)
    assert "Periksa pratinjau yang baru" in page
    assert REASON in page
    assert hidden(page)["seen"] != sent["seen"]
    for broken in ({"regrade": "x"}, {"versi": "x"}, {"scope": "all"}):
        assert grace.post(f"{where}/nilai-ulang", sent | broken).status_code in {400, 403, 404}
    for broken in ({"seen": ""}, {"action": "full-marks"}):
        assert "/pratinjau?" in grace.post(f"{where}/nilai-ulang", sent | broken).location
    assert counts(app)[0] == 0
    assert grace.post(f"{where}/nilai-ulang", hidden(page)).location == where
    assert counts(app)[0] == 1


def test_a_preview_is_read_again_and_changed_and_done_once(app: Flask, grace: Visitor, people: Cast) -> None:
    where = address(people, "k-terbesar")
    preview = decide(grace, where, action="accept", accept=['["b"]'])
    page = preview.get_data(as_text=True)
    address_of_it = preview.request.full_path
    assert hidden(text(grace, address_of_it)) == hidden(page)
    change = re.search(r'href="([^"]+)">Ubah keputusan', page)
    assert change
    form = text(grace, change[1].replace("&amp;", "&"))
    assert "Belum ada yang berubah" not in form
    assert re.search(r'value="accept" required checked', form)
    assert re.search(r'name="accept" value="[^"]*b[^"]*" checked', form)
    assert REASON in form
    assert grace.post(f"{where}/nilai-ulang", hidden(page)).status_code == 303
    after = hidden(text(grace, address_of_it))
    assert grace.post(f"{where}/nilai-ulang", after).location == where, "gone back to and confirmed again"
    assert "tidak ada yang dinilai dua kali" in text(grace, where)
    assert counts(app)[0] == 1
    with app.extensions["lms"].database.transaction() as db:
        db.execute(delete(Carried))
    assert "sudah tidak ada" in grace.led(grace.get(address_of_it)).get_data(as_text=True)


def test_only_an_administrator_decides_for_all_cohorts(app: Flask, grace: Visitor, people: Cast) -> None:
    where = address(people, "k-terbesar")
    assert "Berlaku untuk semua angkatan" not in text(grace, where)
    assert decide(grace, where, action="drop", scope="all").status_code == 403
    with app.extensions["lms"].database.transaction() as db:
        accounts.grant(db, people.edsger, Role.ADMINISTRATOR, now=NOON)
    admin = Visitor(app).sign_in("edsger")
    page = decide(admin, where, action="drop", scope="all").get_data(as_text=True)
    assert admin.post(f"{where}/nilai-ulang", hidden(page)).status_code == 303
    with app.extensions["lms"].database.reading() as db:
        assert db.execute(select(Regrade.cohort_id)).scalar_one() is None


def test_a_cohort_or_question_that_is_not_theirs_is_not_there(app: Flask, grace: Visitor, people: Cast) -> None:
    other = f"/pengampu/angkatan/{people.ada}/kuis/pecahan/soal"
    for path in (other, f"{other}/k-terbesar", address(people, "k-nilai"), address(people, "x")):
        text(grace, path, 404)
    for path in ("pratinjau", "nilai-ulang"):
        sent = {"versi": "x", "reason": REASON, "action": "drop", "regrade": str(people.ada), "seen": "x"}
        assert grace.post(f"{other}/k-terbesar/{path}", sent).status_code == 404
    for login in ("ada", "mallory"):
        visitor = Visitor(app).sign_in(login)
        text(visitor, address(people), 403)
        assert visitor.post(f"{address(people, 'k-terbesar')}/nilai-ulang", {}).status_code == 403
    assert counts(app)[0] == 0


def test_versions_with_other_options_are_shown_apart(app: Flask, grace: Visitor, people: Cast) -> None:
    found = app.extensions["lms"]
    quiz = found.pack.current().quiz("pecahan")
    first, *others = quiz.items
    edited = dataclasses.replace(first, options=first.options[:2])
    with found.database.transaction() as db:
        fewer = dataclasses.replace(quiz, items=(edited, *others))
        attempt_id = attempts.start(db, fewer, people.ada, now=now())
        attempts.submit(db, attempt_id, people.ada, now=now())
    where = address(people, first.id)
    page = text(grace, where)
    assert "Versi 1 (1 percobaan)" in page
    assert "Tidak satu pun" not in page
    older = re.search(r'href="([^"]+versi=[^"]+)">Versi 1', page)
    assert older
    assert "Tidak satu pun" in text(grace, older[1].replace("&amp;", "&"))
    assert "1 percobaan memakai versi soal yang lebih lama" in text(grace, address(people))
    preview = decide(grace, where, action="new-key", key=["b"]).get_data(as_text=True)
    assert "versi soal dengan pilihan lain" in preview


def test_the_pages_ask_the_database_a_few_times(grace: Visitor, people: Cast, statements: Statements) -> None:
    for path in (address(people), address(people, "k-terbesar")):
        assert statements.of(lambda path=path: text(grace, path)) <= 6, statements.sent  # type: ignore[misc]


def test_a_decision_that_was_cut_off_shows_how_far_it_is_and_goes_on(
    app: Flask, grace: Visitor, people: Cast, attempt: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = address(people, "k-terbesar")
    shown = decide(grace, where, action="full-marks").get_data(as_text=True)
    monkeypatch.setattr(Database, "in_pieces", lambda *_args, **_more: 0)  # killed as soon as the decision stood
    assert grace.post(f"{where}/nilai-ulang", hidden(shown)).status_code == 303
    monkeypatch.undo()
    page = text(grace, where)
    assert "Nilai ulang sedang dijalankan" in page
    assert "0 dari 1 percobaan" in page
    refused = decide(grace, where, action="drop").get_data(as_text=True)
    waits = grace.led(grace.post(f"{where}/nilai-ulang", hidden(refused))).get_data(as_text=True)
    assert "masih dijalankan" in waits
    left = re.search(r'data-carry-on="([^"]+)"', page)
    assert left
    assert Visitor(app).sign_in("mallory").post(left[1]).status_code == 403
    told = grace.post(left[1], headers={"Accept": "application/json"})
    assert told.get_json() == {"finished": True}
    assert "sedang dijalankan" not in text(grace, where)
    assert grace.post(left[1]).location == where


def test_a_preview_of_many_is_paged_and_its_numbers_are_of_all(
    app: Flask, grace: Visitor, people: Cast, attempt: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PAGE", 1)
    with app.extensions["lms"].database.transaction() as db:
        group = cohorts.by_name(db, "Angkatan I")
        cohorts.enrol(db, group, people.mallory, Place.PARTICIPANT, now=now())
    mallory = Visitor(app).sign_in("mallory")
    mallory.post(f"{start(mallory)}/kumpulkan", form(WRONG, action="submit", confirmed="1"))
    where = address(people, "k-terbesar")
    first = decide(grace, where, action="full-marks").get_data(as_text=True)
    to = re.search(r'href="(\?isian=[^"]+page=2)"', first)
    assert to
    second = text(grace, f"{where}/pratinjau{to[1]}".replace("&amp;", "&"))
    assert ("Ada" in first.split("Siapa yang berubah")[2], "Mallory" in second.split("Siapa yang berubah")[2]) == (
        True,
        True,
    )
    assert hidden(first)["seen"] == hidden(second)["seen"]
