"""What an instructor sees of their cohorts, and that they see no other."""

from __future__ import annotations

import dataclasses
import re

import pytest
from flask import Flask

from lms import create_app
from lms.catalog.load import load
from lms.catalog.source import Folder
from lms.config import Settings
from lms.features.gradebook import quiz_results
from lms.learning import results
from lms.quiz.quiz import Quiz
from lms.web import spreadsheet
from tests.catalog.memory import InMemory
from tests.conftest import PACK, Cast, Statements
from tests.features.attempts.test_views import RIGHT, form, start
from tests.learning.test_regrades import take
from tests.visitor import Visitor
from tests.web.test_what_pages_tell import ON_SQLITE


@pytest.fixture
def grace(app: Flask, people: Cast) -> Visitor:
    return Visitor(app).sign_in("grace")


@pytest.fixture
def attempt(app: Flask, people: Cast) -> str:
    """Ada's passed attempt."""
    ada = Visitor(app).sign_in("ada")
    path = start(ada)
    ada.post(f"{path}/kumpulkan", form(RIGHT, action="submit", confirmed="1"))
    return path


def text(visitor: Visitor, path: str, status: int = 200) -> str:
    answered = visitor.get(path)
    assert answered.status_code == status, (path, answered.status_code)
    return answered.get_data(as_text=True)


def test_an_instructor_sees_their_own_cohorts_and_who_is_stuck(grace: Visitor, people: Cast) -> None:
    assert "Angkatan I" in text(grace, "/pengampu")
    assert "Angkatan II" not in text(grace, "/pengampu")
    page = text(grace, f"/pengampu/angkatan/{people.cohort}")
    assert "Ada" in page
    assert "belum mulai" in page
    assert "Mallory" not in page


def test_the_results_of_a_quiz_are_searched_sorted_and_paged(grace: Visitor, people: Cast, attempt: str) -> None:
    address = f"/pengampu/angkatan/{people.cohort}/kuis/pecahan"
    assert "100%" in text(grace, address)
    assert "Ada" not in text(grace, f"{address}?q=zzz").split("<tbody", 1)[-1]
    for query in ("sort=name&direction=asc", "sort=score", "sort=; DROP TABLE", "page=99", "page=x", "q=%25"):
        text(grace, f"{address}?{query}")


@ON_SQLITE
def test_of_a_quiz_that_nobody_can_fail_nobody_is_told_to_have_passed(
    app: Flask, grace: Visitor, people: Cast, attempt: str
) -> None:
    pack = InMemory.copy_of(Folder.at(PACK))
    pack.replace("quizzes/pecahan.md", "pass: 70", "pass: 0")
    app.extensions["lms"].pack.replace(load(pack))
    cohort = f"/pengampu/angkatan/{people.cohort}"
    for path in (f"{cohort}/kuis/pecahan", f"{cohort}/peserta/{people.ada}"):
        page = text(grace, path)
        assert "100%" in page, path
        assert not re.search(r"\blulus\b", page.partition("<main")[2].partition("<th")[2], re.IGNORECASE), path
    lines = text(grace, f"{cohort}/kuis/pecahan.csv").splitlines()
    assert [line.rpartition(",")[2] for line in lines] == ["Lulus", ""]


def test_the_numbers_of_a_quiz_say_of_which_attempts_they_are(
    app: Flask, grace: Visitor, people: Cast, attempt: str
) -> None:
    """Ada passed, and then did not."""
    ada = Visitor(app).sign_in("ada")
    ada.post(f"{start(ada)}/kumpulkan", form({}, action="submit", confirmed="1"))
    address = f"/pengampu/angkatan/{people.cohort}/kuis/pecahan"
    for query, said, passed, judged, listed in (
        ("", "percobaan terbaik setiap orang", "1 dari 1 orang lulus", 1, ["100%"]),
        ("?percobaan=pertama", "percobaan pertama setiap orang", "1 dari 1 orang lulus", 1, ["100%"]),
        ("?percobaan=terakhir", "percobaan terakhir setiap orang", "0 dari 1 orang lulus", 1, ["0%"]),
        ("?percobaan=semua&q=ada", "semua percobaan", "1 dari 1 orang lulus", 2, ["0%", "100%"]),
    ):
        page = text(grace, f"{address}{query}")
        assert f"Dihitung dari {said}." in page
        assert passed in page
        assert f'<dt>Percobaan dinilai</dt>\n<dd class="figures">{judged}</dd>' in page
        rows = page.rpartition("<tbody>")[2]
        assert sorted(re.findall(r'<td class="number">(\d+%)</td>', rows)) == listed
    assert 'name="percobaan" value="semua"' in page, "a search keeps what was chosen"


def test_the_pass_mark_parts_the_scores(app: Flask, grace: Visitor, people: Cast, attempt: str) -> None:
    page = text(grace, f"/pengampu/angkatan/{people.cohort}/kuis/pecahan")
    bands = page[page.index("Sebaran nilai") :]
    assert bands.index("60–70%") < bands.index("batas lulus 70%") < bands.index("70–80%")


def test_sections_are_told_at_once_and_those_of_many_attempts_on_demand(
    app: Flask, grace: Visitor, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = app.extensions["lms"]
    quiz = found.pack.current().quiz("semua-jenis")
    take(found.database, quiz, people.ada, {"sj-tunggal": ["a"]})
    address = f"/pengampu/angkatan/{people.cohort}/kuis/semua-jenis"
    lines = ('Memilih</th><td class="number">12%', "2 poin", "0 dari 1</td>", 'Menulis</th><td class="number">0%')
    page = text(grace, address)
    assert [line in page for line in lines] == [True] * 4
    monkeypatch.setattr(quiz_results, "AT_ONCE", 0)
    page = text(grace, address)
    assert [line in page for line in lines] == [False] * 4
    more = re.search(r'href="([^"]+)">Hitung bagian demi bagian', page)
    assert more
    assert "0 dari 1</td>" in text(grace, address + more[1].replace("&amp;", "&"))


@pytest.mark.parametrize(
    ("mark", "expected"),
    [
        (0.7001, {"60–70%": 3, "70–80%": 1}),  # 70 % is not enough
        (0.65, {"60–65%": 1, "65–70%": 1, "70–80%": 2}),
        (0.0, {"60–70%": 2, "70–80%": 2}),
    ],
)
def test_scores_lie_on_their_side_of_the_pass_mark(mark: float, expected: dict[str, int]) -> None:
    marked = [results.Outcome(share, None, 1, 1) for share in (0.62, 0.66, 0.7, 0.7002)]
    quiz = Quiz(id="q", title="Q", items=(), pass_mark=mark)
    found = quiz_results._distribution(marked, quiz)
    assert {band.label: band.count for band in found if band.count} == expected
    assert all(band.passes is None for band in found) == (mark == 0)


def test_one_attempt_is_shown_in_full(grace: Visitor, attempt: str) -> None:
    page = text(grace, f"/pengampu{attempt}")
    for expected in ("Ada", "100%", "rahasia-umpan-balik", "Rahasia-pembahasan"):
        assert expected in page


def _receipt(page: str) -> str:
    found = re.search(r'class="receipt.*?<code>(.{11})</code>', page, flags=re.DOTALL)
    assert found
    return found[1]


def test_a_receipt_that_a_participant_holds_is_compared(app: Flask, grace: Visitor, people: Cast, attempt: str) -> None:
    kept = _receipt(text(Visitor(app).sign_in("ada"), f"{attempt}/hasil"))
    assert "ocok: nomor" not in text(grace, f"/pengampu{attempt}")
    for written in (kept, kept.lower().replace("-", " "), f"%20{kept}%20"):
        assert "Cocok: nomor ini" in text(grace, f"/pengampu{attempt}?bukti={written}")
    for wrong in ("A1B2C-3D4E5", "é", kept[:-1]):
        assert "Tidak cocok" in text(grace, f"/pengampu{attempt}?bukti={wrong}")


def test_a_receipt_of_an_earlier_key_is_good_while_the_key_is_kept(
    app: Flask, settings: Settings, people: Cast, attempt: str
) -> None:
    kept = _receipt(text(Visitor(app).sign_in("ada"), f"{attempt}/hasil"))
    key = "another key for tests, and long enough"
    for fallbacks, told in (((settings.secret_key,), "Cocok: nomor ini"), ((), "Tidak cocok")):
        later = create_app(dataclasses.replace(settings, secret_key=key, secret_key_fallbacks=fallbacks))
        grace = Visitor(later).sign_in("grace")
        page = text(grace, f"/pengampu{attempt}?bukti={kept}")
        assert told in page
        assert _receipt(page) != kept, "made with the new key"
        later.extensions["lms"].database.dispose()


def test_an_attempt_of_another_cohort_is_not_there(app: Flask, grace: Visitor, people: Cast) -> None:
    mallory = Visitor(app).sign_in("mallory")
    path = start(mallory)
    text(grace, f"/pengampu{path}", 404)
    mallory.post(f"{path}/kumpulkan", {"action": "submit", "confirmed": "1"})
    assert "Mallory" not in text(grace, f"/pengampu/angkatan/{people.cohort}/kuis/pecahan")


def test_results_are_exported_for_a_spreadsheet(grace: Visitor, people: Cast, attempt: str) -> None:
    address = f"/pengampu/angkatan/{people.cohort}/kuis/pecahan.csv"
    plain = grace.get(address)
    assert plain.mimetype == "text/csv"
    assert plain.data.startswith(b"\xef\xbb\xbf")
    lines = plain.get_data(as_text=True).splitlines()
    assert len(lines) == 2
    assert "Ada,ada,1," in lines[1]
    assert lines[1].endswith("100.0,ya")
    local = grace.get(f"{address}?separator=;").get_data(as_text=True).splitlines()
    assert local[1].endswith("100,0;ya")
    assert grace.get(f"{address}?separator=x").status_code == 400


def test_an_export_keeps_search_and_order_of_its_page_and_is_called_by_cohort_and_day(
    grace: Visitor, people: Cast, attempt: str
) -> None:
    page = text(grace, f"/pengampu/angkatan/{people.cohort}/kuis/pecahan?q=ad&sort=name&direction=desc")
    found = re.search(r'href="([^"]+\.csv\?[^"]+)"', page)
    assert found
    address = found[1].replace("&amp;", "&")
    assert {"q=ad", "sort=name", "direction=desc"} <= {*address.partition("?")[2].split("&")}
    answered = grace.get(address)
    assert len(answered.get_data(as_text=True).splitlines()) == 2
    assert len(grace.get(address.replace("q=ad", "q=zzz")).get_data(as_text=True).splitlines()) == 1
    name = re.search(r'filename="([^"]+)"', answered.headers["Content-Disposition"])
    assert name
    assert re.fullmatch(r"angkatan-i-pecahan-hasil-\d{4}-\d\d-\d\d\.csv", name[1])


def test_a_download_that_is_broken_off_leaves_nothing_open(
    app: Flask, grace: Visitor, people: Cast, attempt: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheet, "PART", 1)
    broken = grace.get(f"/pengampu/angkatan/{people.cohort}/kuis/pecahan.csv", buffered=False)
    assert b"Ada" in next(iter(broken.response))
    pool = app.extensions["lms"].database.engine.pool
    assert pool.checkedout() == 1, "more lines could follow"
    broken.close()
    assert pool.checkedout() == 0


@pytest.mark.parametrize("path", ["", "/kuis/pecahan", "/kuis/pecahan.csv"])
def test_a_cohort_one_does_not_teach_is_not_there(app: Flask, people: Cast, grace: Visitor, path: str) -> None:
    text(grace, f"/pengampu/angkatan/{people.ada}{path}", 404)


def test_pages_of_review_ask_the_database_a_few_times(
    grace: Visitor, people: Cast, attempt: str, statements: Statements
) -> None:
    cohort = f"/pengampu/angkatan/{people.cohort}"
    for path in ("/pengampu", cohort, f"{cohort}/kuis/pecahan", f"/pengampu{attempt}"):
        assert statements.of(lambda path=path: text(grace, path)) <= 6, (path, statements.sent)  # type: ignore[misc]
