"""The pages of the course as a participant meets them, without a browser."""

from __future__ import annotations

import dataclasses
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from lms import create_app
from lms.catalog import check
from lms.catalog.load import load
from lms.catalog.source import Folder
from lms.config import Settings
from lms.learning import reading
from lms.quiz.items.registry import ITEM_KINDS
from lms.web.items import scripts
from tests.catalog.memory import InMemory
from tests.conftest import PACK, Cast, Statements
from tests.visitor import Visitor

LESSON = "/materi/pecahan/setengah"


@pytest.fixture
def ada(app: Flask, people: Cast) -> Visitor:
    return Visitor(app).sign_in("ada")


def text(visitor: Visitor, path: str) -> str:
    answered = visitor.get(path)
    assert answered.status_code == 200, (path, answered.status_code)
    return answered.get_data(as_text=True)


def test_everybody_may_read_what_the_course_is(app: Flask) -> None:
    page = Visitor(app).get("/").get_data(as_text=True)
    assert "Pelatihan contoh" in page
    assert "Ini paket untuk pengujian" in page
    assert "Kosong" not in page, "an agenda without modules is not promised"


def test_a_lesson_shows_its_text_its_sources_and_its_checks_without_their_keys(ada: Visitor) -> None:
    page = text(ada, LESSON)
    for expected in ("Sebuah roti dibagi dua", "Ada tujuh nilai.", "UU Baru", "Berlaku", "Periksa", "Sebuah catatan"):
        assert expected in page
    for key in ("Benar.", "Itu sepertiga.", "Kata setengah berarti"):
        assert key not in page


def test_a_self_check_can_be_of_every_kind_and_has_its_script(app: Flask, ada: Visitor) -> None:
    pack = InMemory.copy_of(Folder.at(PACK))
    checks = "\n".join(f"````quiz\n{kind.example}````\n" for kind in ITEM_KINDS.values())
    pack.replace("modules/pecahan/02-sepertiga.md", "\n---\n", f"\n---\n{checks}")
    app.extensions["lms"].pack.replace(load(pack))
    page = text(ada, "/materi/pecahan/sepertiga")
    asked = app.extensions["lms"].pack.current().lesson("pecahan/sepertiga").checks
    assert {check.kind for check in asked} == set(ITEM_KINDS)
    with app.test_request_context():
        loaded = str(scripts(asked))
    assert loaded
    assert loaded in page


def test_a_lesson_on_a_revoked_regulation_says_so_and_leads_on(ada: Visitor) -> None:
    page = text(ada, "/materi/sejarah/aturan-lama")
    assert "sudah dicabut oleh UU Baru" in page
    assert "/regulasi/uu-baru#pasal-3.2" in page


def test_a_lesson_reviewed_before_a_status_changed_says_so(settings: Settings, people: Cast, tmp_path: Path) -> None:
    pack = Path(shutil.copytree(PACK, tmp_path / "pack"))
    register = pack / "content/regulations/uu-baru.yml"
    text_now = register.read_text(encoding="utf-8").replace("in-force", "amended\nchanged: 2026-12-01")
    register.write_text(text_now, encoding="utf-8")
    app = create_app(dataclasses.replace(settings, pack=str(pack)))
    ada = Visitor(app).sign_in("ada")
    assert "Status UU Baru berubah (Berlaku, sudah diubah)" in text(ada, LESSON)
    assert "Status UU Baru" not in text(ada, "/materi/pecahan/sepertiga")
    app.extensions["lms"].database.dispose()


def test_a_self_check_with_words_behind_its_name_is_answered_like_any_other(
    settings: Settings, people: Cast, tmp_path: Path
) -> None:
    pack = Path(shutil.copytree(PACK, tmp_path / "pack"))
    with (pack / "modules/desimal/01-koma.md").open("a", encoding="utf-8") as lesson:
        lesson.write("\n```quiz id=x\n## Uji {#uji-a}\n\nApa?\n\n- (x) satu {#a}\n- ( ) dua {#b}\n```\n")
    found = [(one.path, one.line) for one in check.check(Folder.at(pack)) if one.code == "T028"]
    assert found == [("modules/desimal/01-koma.md", 10)]
    app = create_app(dataclasses.replace(settings, pack=str(pack)))
    ada = Visitor(app).sign_in("ada")
    assert "Apa?" in text(ada, "/materi/desimal/koma")
    ada.post("/materi/desimal/koma/cek/uji-a", {"answer-uji-a": "a"})
    assert "Benar" in text(ada, "/materi/desimal/koma")
    app.extensions["lms"].database.dispose()


def test_a_renamed_lesson_is_found_under_its_old_address(ada: Visitor) -> None:
    answered = ada.get("/materi/pecahan/separuh")
    assert (answered.status_code, answered.location) == (308, LESSON)


def test_a_self_check_is_answered_in_the_page_and_then_explained(ada: Visitor) -> None:
    answered = ada.post(f"{LESSON}/cek/cek-bagian", {"answer-cek-bagian": "b"})
    assert (answered.status_code, answered.location) == (303, f"{LESSON}#cek-cek-bagian")
    page = text(ada, LESSON)
    assert "Itu sepertiga." in page
    assert "Kata setengah berarti" in page
    assert "Tepat." not in page, "the other check keeps its key"


def test_an_empty_or_impossible_answer_to_a_check_is_told(ada: Visitor) -> None:
    ada.post(f"{LESSON}/cek/cek-bagian", {})
    assert "Pilih atau tulis jawaban dahulu" in text(ada, LESSON)
    answered = ada.post(f"{LESSON}/cek/cek-bagian", {"answer-cek-bagian": "zzz"})
    assert answered.status_code == 400
    assert ada.post(f"{LESSON}/cek/tiada", {}).status_code == 404


def test_what_is_no_number_comes_back_to_its_check_before_the_key_is_shown(
    settings: Settings, people: Cast, tmp_path: Path
) -> None:
    pack, here = Path(shutil.copytree(PACK, tmp_path / "pack")), "/materi/desimal/koma"
    number = "## Uji {#uji-a}\ntags: C1\nunit: hari\n\nBerapa?\n\n= 14\n\n> [!EXPLANATION]\n> Dua pekan.\n"
    with (pack / "modules/desimal/01-koma.md").open("a", encoding="utf-8") as lesson:
        lesson.write(f"\n```quiz\n{number}```\n")
    app = create_app(dataclasses.replace(settings, pack=str(pack)))
    ada = Visitor(app).sign_in("ada")
    answered = ada.post(f"{here}/cek/uji-a", {"answer-uji-a": "empat belas"})
    assert answered.status_code == 303
    assert answered.location.startswith(f"{here}?isian=")
    assert answered.location.endswith("#cek-uji-a")
    page = text(ada, answered.location)
    assert 'value="empat belas"' in page
    assert 'aria-invalid="true"' in page
    assert "Dua pekan" not in page
    assert "empat belas" not in text(ada, here), "nothing was answered"
    refused = ada.post(f"{here}/cek/uji-a", {"answer-uji-a": "14 bulan"}, headers={"Accept": "application/json"})
    assert "misalnya 14 atau 0,5" in refused.get_json()["error"]["message"]
    ada.post(f"{here}/cek/uji-a", {"answer-uji-a": "14 hari."})
    assert "Dua pekan" in text(ada, here)
    back = text(ada, ada.post(f"{here}/cek/uji-a", {"answer-uji-a": "salah"}).location)
    assert 'value="salah"' in back
    assert "Dua pekan" in text(ada, here), "the answer from before is kept"
    app.extensions["lms"].database.dispose()


# --- sent by a script ------------------------------------------------------------------------------------------------

ASKED_BY_SCRIPT = {"Accept": "application/json"}


def sent(visitor: Visitor, path: str, form: dict[str, str]) -> Any:
    answered = visitor.post(path, form, headers=ASKED_BY_SCRIPT)
    assert answered.status_code == 200, answered.get_data(as_text=True)
    return answered.get_json()


def test_a_script_is_given_what_the_page_would_hold(ada: Visitor) -> None:
    told = sent(ada, f"{LESSON}/cek/cek-bagian", {"answer-cek-bagian": "b"})
    assert (told["href"], told["message"]) == (f"{LESSON}#cek-cek-bagian", "")
    read = sent(ada, f"{LESSON}/posisi", {"read": "1"})
    page = text(ada, LESSON)
    assert set(told["places"]) == {"angka", "sisa", "di-sini", "cek-cek-bagian"}
    assert "1 dari 2 cek diri dijawab" in told["places"]["angka"]
    for place in (told["places"]["cek-cek-bagian"], *read["places"].values()):
        assert place in page


def test_of_a_newer_answer_the_device_that_comes_late_is_told_and_shown_it(ada: Visitor) -> None:
    check = f"{LESSON}/cek/cek-bagian"
    now = datetime.now(UTC)
    ada.post(check, {"answer-cek-bagian": "a"})
    late = {"answer-cek-bagian": "b", "made_at": (now - timedelta(hours=1)).isoformat()}
    for _again in range(2):
        told = sent(ada, check, late)
        assert "lebih baru" in told["message"]
        assert "Pilihan Anda, tepat" in told["places"]["cek-cek-bagian"]


@pytest.mark.parametrize(
    "made_at", ["", "kemarin", "2026-11-29", "2026-11-29T10:00:00", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]
)
def test_a_time_nobody_can_read_or_believe_is_now(ada: Visitor, made_at: str) -> None:
    for chosen in ("b", "a", "b"):
        told = sent(ada, f"{LESSON}/cek/cek-bagian", {"answer-cek-bagian": chosen, "made_at": made_at})
        assert told["message"] == ""


def test_what_left_the_pack_is_answered_in_words_and_a_former_name_is_known(ada: Visitor) -> None:
    former = LESSON.replace("setengah", "separuh")
    assert sent(ada, f"{former}/cek/cek-bagian", {"answer-cek-bagian": "a"})["href"] == f"{LESSON}#cek-cek-bagian"
    assert sent(ada, f"{former}/selesai", {})["href"] == LESSON
    for path in (f"{LESSON}/cek/tiada", "/materi/pecahan/tiada/selesai"):
        answered = ada.post(path, headers=ASKED_BY_SCRIPT)
        assert answered.status_code == 404
        assert answered.get_json()["error"]["message"]
    nothing = ada.post(f"{LESSON}/cek/cek-bagian", headers=ASKED_BY_SCRIPT)
    assert (nothing.status_code, nothing.get_json()["error"]["message"]) == (400, reading.NothingAnswered.message)
    ada.post("/keluar")
    assert ada.post(f"{LESSON}/selesai", headers=ASKED_BY_SCRIPT).status_code == 401


def test_only_who_waits_for_the_end_of_a_lesson_is_told_on_the_next_page(ada: Visitor) -> None:
    told = "Jawab 2 cek diri lagi"
    assert sent(ada, f"{LESSON}/selesai", {})["href"] == LESSON
    assert told not in text(ada, LESSON), "it was sent from another page, which says so itself"
    following = sent(ada, f"{LESSON}/selesai", {"then": "next"})["href"]
    assert following == "/materi/pecahan/sepertiga"
    assert told in text(ada, following)


def test_a_check_sent_by_script_asks_the_database_no_more_than_the_page_did(
    ada: Visitor, statements: Statements
) -> None:
    check = f"{LESSON}/cek/cek-bagian"
    as_form = statements.of(lambda: (ada.post(check, {"answer-cek-bagian": "a"}), text(ada, LESSON)))
    by_script = statements.of(lambda: sent(ada, check, {"answer-cek-bagian": "b"}))
    assert by_script < as_form, statements.sent


# --- the end ---------------------------------------------------------------------------------------------------------


def test_reading_writes_nothing_and_the_button_at_the_end_does(ada: Visitor) -> None:
    text(ada, LESSON)
    assert "0%" in text(ada, "/progres")
    assert "Mulai belajar" in text(ada, "/beranda")
    ada.post("/materi/desimal/koma/selesai")
    assert "Materi ini selesai." in text(ada, "/materi/desimal/koma")
    assert "16%" in text(ada, "/beranda"), "one of six steps"


def test_the_end_of_a_lesson_with_open_checks_says_what_is_left(ada: Visitor) -> None:
    ada.post(f"{LESSON}/selesai")
    assert "Jawab 2 cek diri lagi" in text(ada, LESSON)
    progress = text(ada, "/progres")
    assert "2 cek diri belum dijawab" in progress


def test_going_on_leads_to_the_exact_place(ada: Visitor) -> None:
    assert "Mulai belajar" in text(ada, "/beranda")
    assert ada.post(f"{LESSON}/posisi", {"anchor": "bagian-gambarnya"}).status_code == 204
    page = text(ada, "/beranda")
    assert "Lanjutkan" in page
    assert f"{LESSON}#bagian-gambarnya" in page
    for anchor in ("<script>", "bagian-yang-tidak-ada"):
        ada.post(f"{LESSON}/posisi", {"anchor": anchor})
        page = text(ada, "/beranda")
        assert f'href="{LESSON}"' in page
        assert f"{LESSON}#" not in page, "an anchor the lesson does not have is not kept"


def test_selesai_and_go_on_leads_to_the_next_step(ada: Visitor) -> None:
    answered = ada.post(f"{LESSON}/selesai", {"then": "next"})
    assert answered.location == "/materi/pecahan/sepertiga"


def test_the_outline_the_module_and_the_progress_page_agree(ada: Visitor) -> None:
    for path in ("/materi", "/materi/pecahan", "/progres"):
        page = text(ada, path)
        assert "Setengah" in page
        assert "Kuis pecahan" in page
    assert text(ada, "/materi").index("Setengah") < text(ada, "/materi").index("Aturan lama")
    assert "Latihan lepas" in text(ada, "/materi"), "a quiz of no module is found, too"


def test_a_regulation_shows_status_articles_counterparts_and_the_lessons_that_rest_on_it(ada: Visitor) -> None:
    page = text(ada, "/regulasi/uu-lama")
    for expected in ("Dicabut", "Dahulu ada lima belas nilai.", "/regulasi/uu-baru#pasal-3.2", "Aturan lama"):
        assert expected in page
    assert "UU Lama" in text(ada, "/regulasi")
    assert ada.get("/regulasi/tiada").status_code == 404


def test_the_glossary_lists_every_term(ada: Visitor) -> None:
    page = text(ada, "/glosarium")
    assert 'id="pembilang"' in page
    assert "Bilangan di bawah garis pecahan." in page


def test_only_pictures_of_the_pack_are_served_and_they_run_nothing(ada: Visitor) -> None:
    picture = ada.get("/media/media/setengah.svg")
    assert picture.status_code == 200
    assert "sandbox" in picture.headers["Content-Security-Policy"]
    assert picture.headers["Content-Type"].startswith("image/svg+xml")
    for path in ("/media/../setup.cfg", "/media/content/course.yml", "/media/modules/pecahan/01-setengah.md"):
        assert ada.get(path).status_code == 404


def test_a_picture_that_a_browser_has_is_not_sent_again(ada: Visitor) -> None:
    first = ada.get("/media/media/setengah.svg")
    assert "max-age=86400" in first.headers["Cache-Control"]
    known = {"If-None-Match": first.headers["ETag"]}
    again = ada.get("/media/media/setengah.svg", headers=known)
    assert (again.status_code, again.data) == (304, b"")
    assert "sandbox" in again.headers["Content-Security-Policy"]
    assert ada.get("/media/media/setengah.svg", headers={"If-None-Match": '"lain"'}).data == first.data


@pytest.mark.parametrize(
    ("path", "most"),
    [
        (LESSON, 3),
        ("/beranda", 7),
        ("/materi", 3),
        ("/materi/pecahan", 3),
        ("/progres", 3),
        ("/regulasi", 3),
        ("/glosarium", 3),
        ("/kuis/pecahan", 3),
        ("/akun", 6),
    ],
)
def test_no_page_asks_the_database_often(ada: Visitor, statements: Statements, path: str, most: int) -> None:
    assert statements.of(lambda: text(ada, path)) <= most, statements.sent


def test_a_module_says_what_it_takes_and_where_its_questions_are_drawn(ada: Visitor) -> None:
    page = text(ada, "/materi/pecahan")
    assert "2 materi, sekitar" in page
    assert "Ringkasan modul" not in page, "no lesson has key points"
    assert page.index("Sesudah modul ini") < page.index("Isi modul")


def test_the_key_points_of_all_lessons_stand_on_one_page(settings: Settings, people: Cast, tmp_path: Path) -> None:
    pack = Path(shutil.copytree(PACK, tmp_path / "pack"))
    with (pack / "modules/pecahan/02-sepertiga.md").open("a", encoding="utf-8") as lesson:
        lesson.write("\n## Inti pelajaran\n\n- Sepertiga menurut [Pasal 3](reg:uu-baru#3.2).\n")
    app = create_app(dataclasses.replace(settings, pack=str(pack)))
    ada = Visitor(app).sign_in("ada")
    assert 'href="/ringkasan/pecahan"' in text(ada, "/materi/pecahan")
    page = text(ada, "/ringkasan/pecahan")
    assert "Sepertiga menurut <a" in page
    assert 'href="/regulasi/uu-baru#pasal-3.2"' in page
    assert '<a href="/materi/pecahan/sepertiga">Sepertiga</a>' in page
    assert "Setengah</a></h2>" not in page, "a lesson without key points is left out"
    assert "Belum ada ringkasan" in text(ada, "/ringkasan/desimal")
    app.extensions["lms"].database.dispose()


def test_an_essay_in_a_lesson_waits_for_nobody(settings: Settings, people: Cast, tmp_path: Path) -> None:
    pack = Path(shutil.copytree(PACK, tmp_path / "pack"))
    essay = (
        "## Uji {#uji-a}\ntags: C6\n\nTulis.\n\n____\n\n> [!RUBRIC]\n> Dua.\n\n> [!EXPLANATION]\n> Contoh jawaban.\n"
    )
    with (pack / "modules/desimal/01-koma.md").open("a", encoding="utf-8") as lesson:
        lesson.write(f"\n```quiz\n{essay}```\n")
    app = create_app(dataclasses.replace(settings, pack=str(pack)))
    ada = Visitor(app).sign_in("ada")
    assert "Contoh jawaban" not in text(ada, "/materi/desimal/koma")
    ada.post("/materi/desimal/koma/cek/uji-a", {"answer-uji-a": "Saya menulis."})
    page = text(ada, "/materi/desimal/koma")
    assert "Saya menulis." in page
    assert "Bandingkan dengan pembahasannya" in page
    assert "Contoh jawaban" in page
    assert "Menunggu dinilai" not in page
    app.extensions["lms"].database.dispose()
