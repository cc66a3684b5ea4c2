"""A question whose kind was uninstalled while attempts with it exist: every page goes on, and its answers wait."""

from __future__ import annotations

import dataclasses
import io
import re
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from latsar_calendar import CalendarDate
from sqlalchemy import select

from lms.catalog.load import load
from lms.catalog.source import Folder
from lms.config import Settings
from lms.db.attempts import AttemptItem, QuestionVersion
from lms.learning import attempt_records, frozen, overdue
from lms.quiz.definition import dump, version
from lms.quiz.definition import load as load_item
from lms.quiz.item import Mark, Response
from lms.quiz.items.missing_kind import MissingKind
from lms.quiz.items.registry import ITEM_KINDS
from lms.web.site import now
from tests.conftest import PACK, Cast
from tests.features.attempts.test_views import overdue as let_run_out
from tests.features.attempts.test_views import save, start
from tests.features.gradebook.test_views import text
from tests.visitor import Visitor

QUIZ = """\
---
title: Kuis tanggal
module: pecahan
summary: Dua soal.
time_limit: 30 min
pass: 70
---

## Mudah {#t-mudah}
tags: C1

Manakah yang terbesar?

- (x) Setengah {#a}
- ( ) Sepertiga {#b}

> [!EXPLANATION]
> Makin besar penyebut, makin kecil bagiannya.
"""
ITEM, DAY = "contoh-tanggal", "2023-10-31"
GONE = "Soal ini berjenis calendar_date, yang tidak terpasang lagi di sini"


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """The small pack with a quiz that asks a kind of another package."""
    shutil.copytree(PACK, tmp_path / "pack")
    quiz = tmp_path / "pack/quizzes/tanggal.md"
    quiz.write_text(f"{QUIZ}\n{CalendarDate.example}", encoding="utf-8")
    return dataclasses.replace(settings, pack=str(tmp_path / "pack"))


@pytest.fixture
def uninstall(app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """What a server knows that starts after the package is gone, and its question left the pack."""

    def go() -> None:
        len(ITEM_KINDS)  # all that are installed are known
        monkeypatch.delitem(vars(ITEM_KINDS)["_all"], "calendar_date")
        monkeypatch.setattr(frozen, "_QUESTIONS", {})
        Path(settings.pack, "quizzes/tanggal.md").write_text(QUIZ, encoding="utf-8")
        app.extensions["lms"].pack.replace(load(Folder(Path(settings.pack))))

    return go


@pytest.fixture
def ada(app: Flask, people: Cast) -> Visitor:
    return Visitor(app).sign_in("ada")


@pytest.fixture
def grace(app: Flask, people: Cast) -> Visitor:
    return Visitor(app).sign_in("grace")


def begun(ada: Visitor) -> str:
    attempt = start(ada, "tanggal")
    assert save(ada, attempt, ITEM, [DAY]).status_code == 200  # type: ignore[attr-defined]
    assert save(ada, attempt, "t-mudah", ["a"]).status_code == 200  # type: ignore[attr-defined]
    return attempt


def handed_in(ada: Visitor, attempt: str) -> None:
    assert ada.post(f"{attempt}/kumpulkan", {"action": "submit", "confirmed": "1"}).location == f"{attempt}/hasil"


def held(app: Flask, attempt: str) -> tuple[str | None, float | None, bool | None]:
    """What is answered to the question, and its mark."""
    id = UUID(attempt.rpartition("/")[2])
    with app.extensions["lms"].database.reading() as db:
        (row,) = (one for one in attempt_records.items(db, id) if one.item == ITEM)
        mark = db.execute(
            select(AttemptItem.points, AttemptItem.pending).where(
                AttemptItem.attempt_id == id, AttemptItem.item == ITEM
            )
        ).one()
    return row.value, mark.points, mark.pending


def test_what_is_kept_of_it_stays_as_it_is(app: Flask, ada: Visitor, uninstall: Callable[[], None]) -> None:
    begun(ada)
    uninstall()
    with app.extensions["lms"].database.reading() as db:
        kept = db.execute(select(QuestionVersion).where(QuestionVersion.item == ITEM)).one()
        (item,) = frozen.questions(db, [kept.digest])
    assert isinstance(item, MissingKind)
    assert (item.was, item.stem) == ("calendar_date", "Kapan Undang-Undang Nomor 20 Tahun 2023 diundangkan?")
    assert (dump(item), version(item)) == (kept.definition, kept.digest)


def test_it_is_shown_sent_back_unchanged_and_waits(
    app: Flask, ada: Visitor, grace: Visitor, people: Cast, uninstall: Callable[[], None]
) -> None:
    attempt = begun(ada)
    uninstall()
    page = text(ada, attempt)
    assert GONE in page
    assert f'name="answer-{ITEM}" value="{DAY}" checked hidden' in page
    revision = re.search(rf'name="revision-{ITEM}" value="(\d+)"', page)
    assert revision is not None
    form = {f"answer-{ITEM}": DAY, f"revision-{ITEM}": revision[1], "action": "submit", "confirmed": "1"}
    assert ada.post(f"{attempt}/kumpulkan", form).location == f"{attempt}/hasil"
    assert held(app, attempt) == (f'["{DAY}"]', 0, True)
    result = text(ada, f"{attempt}/hasil")
    for expected in (GONE, DAY, "Menunggu dinilai pengampu"):
        assert expected in result
    ada.post("/akun/pilihan", {"language": "en", "time_zone": "Asia/Jakarta"})
    assert "This question is of the kind calendar_date, which is no longer installed here" in text(
        ada, f"{attempt}/hasil"
    )
    everywhere(grace, people, attempt)


def everywhere(grace: Visitor, people: Cast, attempt: str) -> None:
    """What an instructor opens."""
    assert GONE in text(grace, f"/pengampu{attempt}")
    cohort = f"/pengampu/angkatan/{people.cohort}"
    paths = ("", "/kuis/tanggal", "/kuis/tanggal/soal", "/kuis/tanggal/analisis", "/laporan", "/laporan-soal")
    for path in (*paths, "/peserta", f"/peserta/{people.ada}", "/peta", "/perolehan", "/kegiatan"):
        assert grace.get(f"{cohort}{path}").status_code == 200, path
    assert "Lahirnya undang-undang" in text(grace, f"{cohort}/kuis/tanggal/analisis/{ITEM}")
    for path in (f"/soal/{ITEM}", f"/soal/{ITEM}/jawaban"):
        assert DAY in text(grace, f"{cohort}/kuis/tanggal{path}"), path
    assert "Ada,ada,1," in text(grace, f"{cohort}/kuis/tanggal.csv")
    export = re.search(r'name="export" value="([^"]+)"', text(grace, f"{cohort}/unduhan"))
    assert export is not None
    answered = grace.led(grace.post(f"{cohort}/unduhan", {"form": "csv", "export": export[1]}))
    with zipfile.ZipFile(io.BytesIO(answered.data)) as archive:
        tables = [archive.read(name).decode("utf-8-sig") for name in archive.namelist()]
    assert any(ITEM in table and DAY in table for table in tables)


def test_the_deadline_closes_it_with_what_it_holds(
    app: Flask, ada: Visitor, grace: Visitor, uninstall: Callable[[], None]
) -> None:
    attempt = begun(ada)
    uninstall()
    let_run_out(app, attempt)
    assert overdue.close(app.extensions["lms"].database, now=now) == overdue.Closed(1, ())
    assert held(app, attempt) == (f'["{DAY}"]', 0, True)


def test_an_instructor_judges_it(app: Flask, ada: Visitor, grace: Visitor, uninstall: Callable[[], None]) -> None:
    attempt = begun(ada)
    uninstall()
    handed_in(ada, attempt)
    assert f"/pengampu{attempt}" in text(grace, "/pengampu/menunggu")
    assert DAY in text(grace, f"/pengampu/menilai/{attempt.rpartition('/')[2]}/{ITEM}")
    judged = grace.post(f"/pengampu{attempt}/nilai", {"item": ITEM, "points": "1", "comment": "Tepat."})
    assert judged.status_code == 303
    assert held(app, attempt) == (f'["{DAY}"]', 1, False)
    assert "Tepat." in text(ada, f"{attempt}/hasil")


def test_marks_that_were_given_stay(
    app: Flask, ada: Visitor, grace: Visitor, people: Cast, uninstall: Callable[[], None]
) -> None:
    attempt = begun(ada)
    handed_in(ada, attempt)
    uninstall()
    assert held(app, attempt) == (f'["{DAY}"]', 1, False)
    assert "100%" in text(ada, f"{attempt}/hasil")
    everywhere(grace, people, attempt)


@pytest.mark.parametrize(("action", "points", "pending"), [("drop", 0, False), ("full-marks", 1, False)])
@pytest.mark.parametrize("closed", [True, False])
def test_a_decision_that_needs_no_key_is_carried_through(
    app: Flask,
    ada: Visitor,
    grace: Visitor,
    people: Cast,
    uninstall: Callable[[], None],
    action: str,
    points: float,
    pending: bool,
    closed: bool,
) -> None:
    """Also for what is still open when it is made, and for what was answered while the kind was there."""
    first = begun(ada)
    handed_in(ada, first)
    second = begun(ada)
    if closed:
        handed_in(ada, second)
    uninstall()
    where = f"/pengampu/angkatan/{people.cohort}/kuis/tanggal/soal/{ITEM}"
    decide(grace, where, action)
    handed_in(ada, second)
    for attempt in (first, second):
        assert held(app, attempt) == (f'["{DAY}"]', points, pending)


def decide(grace: Visitor, where: str, action: str) -> None:
    page = text(grace, where)
    found = re.search(r'name="versi" value="([^"]+)"', page)
    assert found is not None
    form = {"versi": found[1], "action": action, "reason": "Jenis soalnya tidak ada lagi."}
    preview = grace.led(grace.post(f"{where}/pratinjau", form)).get_data(as_text=True)
    hidden = dict(re.findall(r'name="(regrade|seen|versi|action|kembali)" value="([^"]*)"', preview))
    target = re.search(r'<form[^>]+method="post"[^>]+action="([^"]+)"[^>]*>(?:(?!</form>).)*name="seen"', preview, re.S)
    assert target is not None, preview
    assert grace.post(target[1].replace("&amp;", "&"), form | hidden).status_code == 303


@pytest.mark.parametrize("action", ["new-key", "accept"])
def test_one_that_needs_its_key_is_refused_in_words(
    ada: Visitor, grace: Visitor, people: Cast, uninstall: Callable[[], None], action: str
) -> None:
    handed_in(ada, begun(ada))
    uninstall()
    where = f"/pengampu/angkatan/{people.cohort}/kuis/tanggal/soal/{ITEM}"
    page = text(grace, where)
    assert f'value="{action}"' not in page
    found = re.search(r'name="versi" value="([^"]+)"', page)
    assert found is not None
    form = {"versi": found[1], "action": action, "accept": f'["{DAY}"]', "reason": "Jenis soalnya tidak ada lagi."}
    told = grace.led(grace.post(f"{where}/pratinjau", form)).get_data(as_text=True)
    assert "Jenis soal ini tidak terpasang lagi di sini" in told


def test_what_its_kind_cannot_take_any_more_is_kept_alike(caplog: pytest.LogCaptureFixture) -> None:
    """Another version of a package with other fields."""
    data = {"kind": "calendar_date", "id": "lama", "title": "Lama", "stem": "Kapan?", "points": 2, "day": [1, None]}
    item = load_item(data)
    assert isinstance(item, MissingKind)
    assert (dump(item), item.points, item.was) == (data, 2, "calendar_date")
    assert item.mark(("2023",)).pending
    assert not item.mark(None).answered
    assert "'calendar_date'" in caplog.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Generous(CalendarDate):
    """Another version of the kind, which gives more than all points."""

    def mark(self, response: Response | None) -> Mark:
        return Mark(7.5, answered=True)


def test_what_a_kind_marks_as_none_may_is_judged_by_an_instructor(
    app: Flask, ada: Visitor, grace: Visitor, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = begun(ada)
    len(ITEM_KINDS)
    monkeypatch.setitem(vars(ITEM_KINDS)["_all"], "calendar_date", Generous)
    monkeypatch.setattr(frozen, "_QUESTIONS", {})
    handed_in(ada, attempt)
    assert held(app, attempt) == (f'["{DAY}"]', 0, True)
    assert "Menunggu dinilai pengampu" in text(ada, f"{attempt}/hasil")
    desk = f"/pengampu/menilai/{attempt.rpartition('/')[2]}/{ITEM}"
    assert DAY in text(grace, desk)
    queue = f"/pengampu/menilai/soal/{people.cohort}/tanggal/{ITEM}"
    assert desk in text(grace, queue)
    assert grace.post(f"/pengampu{attempt}/nilai", {"item": ITEM, "points": "0,5", "comment": ""}).status_code == 303
    assert held(app, attempt) == (f'["{DAY}"]', 0.5, False)
    assert grace.get(desk).status_code == 200, "who judged may think again"


def test_no_pack_can_ask_it() -> None:
    assert MissingKind.kind not in ITEM_KINDS


def test_a_page_that_was_made_before_sends_what_is_kept() -> None:
    data = {"kind": "peta", "id": "lama", "title": "Lama", "stem": "Di mana?"}
    item = load_item(data)
    assert item.read({"answer-lama.x": ["1"], "answer-lama.y": [""], "answer-lama-lain.x": ["2"]}) == ("x=1",)
    assert item.read({"answer-lama": [" a ", ""]}) == ("a",)
    assert item.read({}) is None
