"""Notes and marks without a script, what a script is told of them, and that nobody else ever sees them."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import update

from lms.catalog.load import load
from lms.catalog.source import Folder
from lms.db.accounts import Role
from lms.db.cohorts import Cohort, Place
from lms.db.notes import LessonMark, Note
from lms.learning import accounts, cohorts
from tests.catalog.memory import InMemory
from tests.conftest import NOON, PACK, Cast, Statements
from tests.visitor import Visitor

LESSON = "/materi/pecahan/setengah"
PLACE = {"lesson": "pecahan/setengah", "heading": "bagian-penutup"}
QUOTE = {"exact": "Lanjut ke kuis", "prefix": "Selesai.1 ", "suffix": ".", "start": "10"}
BY_SCRIPT = {"Accept": "application/json"}

sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def ada(app: Flask, people: Cast) -> Visitor:
    return Visitor(app).sign_in("ada")


def text(visitor: Visitor, path: str) -> str:
    answered = visitor.get(path)
    assert answered.status_code == 200, (path, answered.status_code)
    return answered.get_data(as_text=True)


def note(visitor: Visitor, said: str, **more: str) -> UUID:
    """Sent by a script; its id."""
    id = uuid4()
    form = {**PLACE, "text": said, "version": str(uuid4()), **more}
    assert visitor.post(f"/catatan/{id}", form, headers=BY_SCRIPT).status_code == 200
    return id


def changed(app: Flask, old: str, new: str) -> None:
    pack = InMemory.copy_of(Folder.at(PACK))
    pack.replace("modules/pecahan/01-setengah.md", old, new)
    app.extensions["lms"].pack.replace(load(pack))


def test_without_a_script_a_note_is_written_at_a_heading_changed_and_deleted(ada: Visitor) -> None:
    new = re.search(r'href="(/catatan/baru[^"]+bagian=bagian-penutup)"', text(ada, LESSON))
    assert new
    form = text(ada, new[1].replace("&amp;", "&"))
    action, version = re.findall(r'action="(/catatan/[-0-9a-f]{36})"|name="version" value="([^"]+)"', form)
    sent = {**PLACE, "text": "Ingat <kuis>!\nBesok.", "version": version[1]}
    for _twice in range(2):
        answered = ada.post(action[0], sent)
        assert (answered.status_code, answered.location) == (303, f"{LESSON}#n-{action[0][-36:]}")
    page = text(ada, LESSON)
    assert page.count("Ingat &lt;kuis&gt;!\nBesok.") == 1
    assert page.index("Penutup</h2>") < page.index("Ingat &lt;kuis&gt;!") < page.index("Sebuah catatan kaki")
    own = text(ada, action[0])
    seen = re.search(r'name="replaces" value="([^"]+)"', own)
    assert seen
    ada.post(action[0], {**PLACE, "text": "Lusa.", "replaces": seen[1]})
    assert "Lusa." in text(ada, "/catatan")
    assert "Besok." not in text(ada, "/catatan")
    held = re.search(r'name="replaces" value="([^"]+)"', text(ada, action[0]))
    assert held
    ada.post(action[0], {**PLACE, "text": "Lusa.", "action": "delete", "replaces": held[1]})
    assert "Belum ada catatan" in text(ada, "/catatan")
    assert ada.get(action[0]).status_code == 404


def test_what_cannot_be_kept_comes_back_to_its_form_with_what_was_typed(ada: Visitor) -> None:
    page, id = "/catatan/baru?materi=pecahan/setengah&bagian=bagian-penutup", uuid4()
    answered = ada.post(f"/catatan/{id}", {**PLACE, "text": " \n "})
    assert (answered.status_code, answered.location.partition("&isian=")[0]) == (303, page)
    assert "Tulis catatannya dahulu" in text(ada, answered.location)
    back = text(ada, ada.post(f"/catatan/{id}", {**PLACE, "text": "panjang " * 600}).location)
    assert "paling panjang 4000 karakter; ini 4799" in back
    assert ("panjang " * 600).strip() in back
    kept = note(ada, "satu")
    empty = ada.post(f"/catatan/{kept}", {**PLACE, "text": "", "replaces": str(uuid4())})
    assert empty.location.startswith(f"/catatan/{kept}?isian=")
    assert "Tulis catatannya dahulu" in text(ada, empty.location)
    refused = ada.post(f"/catatan/{id}", {**PLACE, "text": ""}, headers=BY_SCRIPT)
    assert (refused.status_code, refused.get_json()["error"]["message"][:22]) == (400, "Tulis catatannya dahul")


def test_a_script_is_given_the_places_that_look_different_now(ada: Visitor) -> None:
    id = uuid4()
    sent = {**PLACE, **QUOTE, "text": "Kuisnya.", "version": str(uuid4())}
    told = ada.post(f"/catatan/{id}", sent, headers=BY_SCRIPT).get_json()
    assert (told["href"], told["message"], set(told["places"])) == (f"{LESSON}#n-{id}", "", {"catatan-bagian-penutup"})
    page = text(ada, LESSON)
    assert told["places"]["catatan-bagian-penutup"] in page
    assert 'data-start="10" data-exact="Lanjut ke kuis"' in page
    other = ada.post(f"/catatan/{id}", {**sent, "text": "Lain.", "version": str(uuid4())}, headers=BY_SCRIPT)
    assert "Keduanya disimpan" in other.get_json()["message"]
    assert other.get_json()["places"]["catatan-bagian-penutup"].count("<details") == 2
    gone = {**sent, "action": "delete", "version": str(uuid4()), "replaces": other.get_json()["places"].popitem()[1]}
    assert ada.post(f"/catatan/{id}", gone, headers=BY_SCRIPT).status_code == 200


@sqlite_only
@pytest.mark.parametrize(
    "form",
    [
        {"lesson": "x" * 500, "heading": "y" * 500, "text": "z"},
        {"lesson": "../<b>", "text": "\x00z\x07", "start": "²", "exact": "a\x00b"},
        {"text": "z", "version": "x", "replaces": "x y", "start": "9" * 30, "made_at": "9999-99-99"},
    ],
)
def test_whatever_is_sent_is_kept_or_refused_and_never_lost_half_way(ada: Visitor, form: dict[str, str]) -> None:
    assert ada.post(f"/catatan/{uuid4()}", form, headers=BY_SCRIPT).status_code == 200
    assert "Materi yang tidak ada lagi" in text(ada, "/catatan")
    assert "<b>" not in text(ada, "/catatan")
    assert ada.get("/catatan/unduh").status_code == 200


def test_a_note_stays_when_its_passage_its_heading_or_its_lesson_is_gone(app: Flask, ada: Visitor) -> None:
    note(ada, "Tentang kutipan.", **QUOTE)
    told = "Bagian ini sudah berubah"
    assert told not in text(ada, LESSON)
    changed(app, "Lanjut ke [kuis](quiz:pecahan).", "Sampai jumpa.")
    page = text(ada, LESSON)
    assert page.index("Penutup</h2>") < page.index(told) < page.rindex("Tentang kutipan.")
    assert "<blockquote>Lanjut ke kuis</blockquote>" in page
    changed(app, "## Penutup\n\nSelesai.[^1] Lanjut ke [kuis](quiz:pecahan).", "Selesai.[^1]")
    page = text(ada, LESSON)
    assert page.index('id="catatan-awal"') < page.index("Tentang kutipan.") < page.index("Sebuah roti")
    assert told in text(ada, "/catatan")
    pack = InMemory.copy_of(Folder.at(PACK))
    pack.contents["modules/pecahan/03-lain.md"] = pack.contents.pop("modules/pecahan/01-setengah.md").replace(
        b"aliases: [pecahan/separuh]\n", b""
    )
    app.extensions["lms"].pack.replace(load(pack))
    listed = text(ada, "/catatan")
    assert listed.index("Materi yang tidak ada lagi") < listed.index("Tentang kutipan.")
    own = re.search(r'href="(/catatan/[-0-9a-f]{36})"', listed)
    assert own
    assert "Materi ini tidak ada lagi" in text(ada, own[1])
    assert "Tentang kutipan." in text(ada, "/catatan/unduh")
    assert "Tentang <mark>kutipan</mark>" in text(ada, "/cari?q=kutipan")


def test_nobody_else_ever_sees_a_note_or_a_mark(app: Flask, ada: Visitor, people: Cast, database: Any) -> None:
    with database.transaction() as db:
        accounts.grant(db, people.edsger, Role.ADMINISTRATOR, now=NOON)
    id = note(ada, "rahasia-ada: penggaris", **QUOTE)
    for kind in ("bookmark", "unclear"):
        ada.post("/catatan/tanda", {**PLACE, "kind": kind, "is_set": "1"})
    group = f"/pengampu/angkatan/{people.cohort}"
    for login in ("mallory", "grace", "edsger"):
        other = Visitor(app).sign_in(login)
        assert other.get(f"/catatan/{id}").status_code == 404
        pages = [LESSON, "/catatan", "/catatan/unduh", "/cari?q=penggaris"]
        pages += [] if login == "mallory" else [group, f"{group}/belum-paham"]
        for path in pages:
            page = text(other, path)
            for secret in ("rahasia-ada", "Tercatat belum paham", "Ditandai</span>", " orang</td>"):
                assert secret not in page, (login, path)
        other.post(f"/catatan/{id}", {**PLACE, "text": "bukan milik Ada", "version": str(uuid4())})
        other.post(f"/catatan/{id}", {**PLACE, "action": "delete"})
    assert "rahasia-ada: penggaris" in text(ada, LESSON)
    assert "bukan milik Ada" not in text(ada, "/catatan")


# --- marks -----------------------------------------------------------------------------------------------------------


def test_a_place_is_bookmarked_listed_and_taken_off_again(ada: Visitor) -> None:
    mark = {**PLACE, "kind": "bookmark", "is_set": "1"}
    answered = ada.post("/catatan/tanda", mark)
    assert answered.location == f"{LESSON}#bagian-penutup"
    assert "Ditandai" in text(ada, LESSON)
    assert f'href="{LESSON}#bagian-penutup">Penutup' in text(ada, "/catatan")
    told = ada.post("/catatan/tanda", {**mark, "heading": ""}, headers=BY_SCRIPT).get_json()
    assert told["places"]["tanda"].count('aria-pressed="true"') == 1
    assert ada.post("/catatan/tanda", {**mark, "is_set": "", "back": "1"}).location == "/catatan"
    ada.post("/catatan/tanda", {**mark, "heading": "", "is_set": ""})
    assert "Belum ada catatan" in text(ada, "/catatan")
    assert ada.post("/catatan/tanda", {**mark, "lesson": "tiada/tiada"}).status_code == 404
    assert ada.post("/catatan/tanda", {**mark, "kind": "lain"}).status_code == 400


def test_instructors_see_how_many_do_not_understand_a_lesson_and_nothing_below_three(
    app: Flask, people: Cast, database: Any
) -> None:
    with database.transaction() as db:
        ours = db.get(Cohort, people.cohort)
        for one in (people.edsger, people.mallory):
            cohorts.enrol(db, ours, one, Place.PARTICIPANT, now=NOON)
    grace, path = Visitor(app).sign_in("grace"), f"/pengampu/angkatan/{people.cohort}/belum-paham"
    told = '<td class="number">3 orang</td>'
    unclear = {"lesson": "pecahan/setengah", "kind": "unclear", "is_set": "1"}
    grace.post("/catatan/tanda", unclear)
    for login in ("ada", "edsger", "mallory"):
        assert "Setengah" not in text(grace, path)
        Visitor(app).sign_in(login).post("/catatan/tanda", unclear)
    assert told in text(grace, path)
    assert path in text(grace, f"/pengampu/angkatan/{people.cohort}")
    with database.transaction() as db:
        db.execute(update(LessonMark).where(LessonMark.user_id == people.ada).values(lesson="pecahan/separuh"))
    assert told in text(grace, path), "under a former name"
    Visitor(app).sign_in("ada").post("/catatan/tanda", {**unclear, "is_set": ""})
    assert "Belum ada materi yang ditandai" in text(grace, path)
    assert Visitor(app).sign_in("ada").get(path).status_code == 403


# --- lists, search and the file --------------------------------------------------------------------------------------


def test_many_notes_are_paged_in_the_order_of_the_course(ada: Visitor) -> None:
    note(ada, "belakangan", lesson="sejarah/aturan-lama", heading="")
    for number in range(20):
        note(ada, f"nomor {number}")
    first, last = text(ada, "/catatan"), text(ada, "/catatan?page=2")
    assert (first.count('class="note-text"'), last.count('class="note-text"')) == (20, 1)
    assert "belakangan" in last
    assert last == text(ada, "/catatan?page=99")


def test_notes_are_found_beside_the_lessons_and_only_by_their_words(ada: Visitor, statements: Statements) -> None:
    id = note(ada, "Jangan lupa membawa penggaris untuk ujian.", **QUOTE)
    found = text(ada, "/cari?q=bawa+pengaris")
    assert "Di catatan Anda" in found
    assert "<mark>membawa</mark> <mark>penggaris</mark>" in found
    assert f'href="{LESSON}#n-{id}"' in found
    assert "Di catatan Anda" not in text(ada, "/cari?q=bilangan")
    assert statements.of(lambda: text(ada, "/cari?q=penggaris")) == 2


def test_the_file_to_keep_holds_quotes_links_and_marks_by_module_and_lesson(ada: Visitor) -> None:
    note(ada, "# Bukan judul", **QUOTE)
    ada.post("/catatan/tanda", {**PLACE, "kind": "bookmark", "is_set": "1"})
    ada.post("/catatan/tanda", {"lesson": "pecahan/setengah", "kind": "unclear", "is_set": "1"})
    answered = ada.get("/catatan/unduh")
    assert answered.mimetype == "text/markdown"
    assert re.fullmatch(r'attachment; filename="catatan-\d{4}-\d\d-\d\d\.md"', answered.headers["Content-Disposition"])
    blocks = answered.get_data(as_text=True).strip().split("\n\n")
    here = f"http://localhost{LESSON}"
    assert blocks[:3] == ["# Catatan saya", "## Pecahan", f"### [Setengah](<{here}>)"]
    assert f"\\[Ditandai\\] [Penutup](<{here}#bagian-penutup>)" in blocks
    assert "\\[Belum paham\\]" in blocks
    assert blocks[-2:] == ["> Lanjut ke kuis", "\\# Bukan judul"]
    assert blocks[-3].endswith(f"[Penutup](<{here}#bagian-penutup>)")


def test_a_lesson_asks_for_notes_only_where_there_are_any(ada: Visitor, statements: Statements, database: Any) -> None:
    assert statements.of(lambda: text(ada, LESSON)) == 3
    note(ada, "satu")
    assert statements.of(lambda: text(ada, LESSON)) == 4
    assert statements.of(lambda: text(ada, "/materi/pecahan/sepertiga")) == 3
    assert statements.of(lambda: text(ada, "/catatan")) == 3
    with database.transaction() as db:
        db.execute(update(Note).values(lesson="pecahan/separuh"))
    assert "satu" in text(ada, LESSON), "written under its former name"
