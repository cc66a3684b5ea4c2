"""The file of a cohort, opened as a spreadsheet does and compared with the database; who gets it; how it is made."""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from sqlalchemy import select, text, update

from lms.db.accounts import Role, User
from lms.db.attempts import Attempt, AttemptItem, QuestionVersion, Response
from lms.db.engine import Database
from lms.db.exports import Form
from lms.features.exports import making
from lms.features.exports.book import Share, Workbook, book
from lms.learning import accounts, cohorts, exports
from lms.quiz.definition import load as load_item
from lms.web.site import now
from tests.conftest import Cast
from tests.features.attempts.test_views import RIGHT, form, start
from tests.quiz.samples import QUESTIONS, QUIZ, SAMPLES, all_asked
from tests.visitor import Visitor

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
JAKARTA = ZoneInfo("Asia/Jakarta")
EVIL = '=HYPERLINK("http://x.example";"Ada")'
FORMULAS = (EVIL, "+1", "-1+1", "@SUM(A1)", "\t=1", "_x0041_", "a\x0bb", "0081234567890123456")


@pytest.fixture
def grace(app: Flask, people: Cast) -> Visitor:
    return Visitor(app).sign_in("grace")


@pytest.fixture
def taken(app: Flask, people: Cast, database: Database) -> str:
    """Two attempts of Ada, who is called a formula: the first of them passed and with one, the second left open."""
    with database.transaction() as db:
        db.execute(update(User).where(User.id == people.ada).values(name=EVIL))
    ada = Visitor(app).sign_in("ada")
    path = start(ada)
    ada.post(f"{path}/kumpulkan", form(RIGHT | {"k-nama": ["=1+1"]}, action="submit", confirmed="1"))
    start(ada)
    return path


def page(people: Cast, *more: object) -> str:
    return "/".join(map(str, (f"/pengampu/angkatan/{people.cohort}/unduhan", *more)))


def asked(visitor: Visitor, people: Cast, form: Form = Form.WORKBOOK) -> str:
    """Where a form leads that asks for a file."""
    told = visitor.get(page(people)).get_data(as_text=True)
    found = re.search(r'name="export" value="([^"]+)"', told)
    assert found
    answered = visitor.post(page(people), {"form": form.value, "export": found[1]})
    assert answered.status_code == 303
    return str(answered.location)


def sheets(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    opened = load_workbook(io.BytesIO(content))
    for sheet in opened.worksheets:
        assert sheet.freeze_panes == "A2"
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d", "inlineStr"}
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in opened.worksheets}


def close(told: Any, moment: datetime) -> bool:
    return abs((told - moment.astimezone(JAKARTA).replace(tzinfo=None)).total_seconds()) < 1


def test_a_workbook_tells_what_the_database_holds(
    app: Flask, grace: Visitor, people: Cast, taken: str, database: Database
) -> None:
    answered = grace.get(asked(grace, people))
    assert re.search(r'filename="?angkatan-i-lengkap-\d{4}-\d\d-\d\d\.xlsx', answered.headers["Content-Disposition"])
    told = sheets(answered.data)
    assert list(told) == ["Hasil", "Jawaban", "Analisis soal", "Progres"]
    with database.reading() as db:
        attempts = db.execute(select(Attempt.__table__).order_by(Attempt.number)).all()
        items = db.execute(
            select(AttemptItem.__table__, QuestionVersion.definition, Response.value, Response.made_at)
            .join(Attempt, Attempt.id == AttemptItem.attempt_id)
            .join(QuestionVersion, QuestionVersion.digest == AttemptItem.question_version)
            .outerjoin(Response, (Response.attempt_id == AttemptItem.attempt_id) & (Response.item == AttemptItem.item))
            .order_by(Attempt.number, AttemptItem.position)
        ).all()
    _results(told["Hasil"], attempts)
    _answers(told["Jawaban"], items, [one.id for one in attempts])
    assert {row[1] for row in told["Analisis soal"][1:]} == set(RIGHT) | {"k-nilai"} & {row.item for row in items}
    assert {row[4] for row in told["Analisis soal"][1:]} == {1}
    assert {row[5] for row in told["Analisis soal"][1:]} == {None}, "of one attempt no figure is told"
    (heading, row) = told["Progres"]
    assert row[:2] == (EVIL, "ada")
    assert dict(zip(heading, row, strict=True))["Kuis: Kuis pecahan"] == "lulus"


def test_the_answers_to_every_kind_of_question_are_told(app: Flask, grace: Visitor, people: Cast) -> None:
    app.extensions["lms"].pack.replace(all_asked())
    ada = Visitor(app).sign_in("ada")
    path = start(ada, QUIZ)
    for kind, item in QUESTIONS.items():
        body = {"item": item.id, "response": SAMPLES[kind].answer, "revision": 1, "save_id": str(uuid4())}
        assert ada.send(f"{path}/simpan", body | {"version": None}).status_code == 200
    ada.post(f"{path}/kumpulkan", {"action": "submit", "confirmed": "1"})
    (_, *rows) = sheets(grace.get(asked(grace, people)).data)["Jawaban"]
    told = {row[5]: (json.loads(row[8]), bool(row[7])) for row in rows}
    assert told == {item.id: (list(SAMPLES[kind].answer), True) for kind, item in QUESTIONS.items()}


def _results(rows: list[tuple[Any, ...]], attempts: Any) -> None:
    assert rows[0][4:6] == ("Mulai (WIB)", "Dikumpulkan (WIB)")
    assert len(rows) == len(attempts) + 1
    for row, held in zip(rows[1:], attempts, strict=True):
        assert row[:4] == (EVIL, "ada", "Kuis pecahan", held.number)
        assert close(row[4], held.started_at)
        assert (row[5] is None) == (held.submitted_at is None)
        assert (row[6], row[7]) == (held.score, held.maximum)
        assert row[8] == (None if held.score is None else held.score / held.maximum)
        assert row[9] == {True: "ya", False: "tidak", None: None}[held.passed]


def _answers(rows: list[tuple[Any, ...]], items: Any, attempts: list[UUID]) -> None:
    assert len(rows) == len(items) + 1
    for row, held in zip(rows[1:], items, strict=True):
        item = load_item(held.definition)
        assert row[3:7] == (attempts.index(held.attempt_id) + 1, held.position + 1, held.item, item.title or None)
        options = {option.id: option.text for option in item.choices()}
        given = json.loads(held.value) if held.value else []
        assert row[7] == (" + ".join(options.get(part, part) for part in given) or None)
        assert row[8] == held.value
        assert (row[10] is None) == (held.made_at is None)
        assert (row[11], row[12]) == (held.points, held.maximum)


@ON_SQLITE
@pytest.mark.parametrize(("asked_for", "separator"), [(Form.SEMICOLONS, ";"), (Form.COMMAS, ",")])
def test_an_archive_tells_the_same_as_csv_and_runs_nothing(
    grace: Visitor, people: Cast, taken: str, asked_for: Form, separator: str
) -> None:
    workbook = sheets(grace.get(asked(grace, people)).data)
    archive = ZipFile(io.BytesIO(grace.get(asked(grace, people, asked_for)).data))
    assert archive.namelist() == ["hasil.csv", "jawaban.csv", "analisis-soal.csv", "progres.csv"]
    for name, rows in zip(archive.namelist(), workbook.values(), strict=True):
        with archive.open(name) as opened:
            read = list(csv.reader(io.TextIOWrapper(opened, "utf-8-sig", newline=""), delimiter=separator))
        assert [len(row) for row in read] == [len(row) for row in rows]
        assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for row in read for cell in row)
        assert read[0] == list(rows[0])
    results = dict(zip(*_first(archive, separator), strict=True))
    assert results["Nama"] == "'" + EVIL
    assert results["Nilai"] == ("80,0" if separator == ";" else "80.0")


def _first(archive: ZipFile, separator: str) -> list[list[str]]:
    text = archive.read("hasil.csv").decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))[:2]


def test_every_text_is_a_text_and_a_table_longer_than_a_sheet_goes_on_in_the_next() -> None:
    file = io.BytesIO()
    with Workbook(file, most_rows=4) as made:
        add = made.table("Hasil", ("Nama", "Nilai"))
        for value in FORMULAS:
            add((value, Share(0.5)))
    told = sheets(file.getvalue())
    assert list(told) == ["Hasil", "Hasil 2", "Hasil 3"]
    read = [(unescape(name), share) for rows in told.values() for name, share in rows[1:]]
    assert read == [(value, 0.5) for value in FORMULAS]


@pytest.mark.parametrize("written", list(Form))
def test_what_breaks_off_leaves_neither_a_file_nor_what_it_was_made_from(
    written: Form, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    file = io.BytesIO()

    def broken_off() -> None:
        with book(written, file) as made:
            made.table("Hasil", ("Nama",))(("Ada",))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken_off()
    assert file.getvalue() == b""
    assert list(tmp_path.iterdir()) == []


# --- who gets it ------------------------------------------------------------------------------------------------------


@ON_SQLITE
def test_who_does_not_teach_the_cohort_gets_nothing_of_it(
    app: Flask, people: Cast, database: Database, taken: str
) -> None:
    with database.transaction() as db:
        exports.ask(db, UUID(int=1), people.cohort, people.grace, Form.COMMAS, people=1, now=now())
        accounts.grant(db, people.mallory, Role.INSTRUCTOR, now=now())
    making.run(database, app.extensions["lms"].pack.current(), UUID(int=1), now=now)
    made = page(people, UUID(int=1))
    base = f"/pengampu/angkatan/{people.cohort}"
    paths = (page(people), page(people, "sekarang?form=csv"), made, f"{made}/kemajuan", f"{base}/laporan")
    for login, status in (("mallory", 404), ("ada", 403), ("edsger", 403)):
        visitor = Visitor(app).sign_in(login)
        for path in (*paths, f"{base}/dasar-hukum"):
            assert visitor.get(path).status_code == status, (login, path)
        assert visitor.post(page(people), {"form": "csv"}).status_code == status
    grace = Visitor(app).sign_in("grace")
    assert [grace.get(path).status_code for path in paths] == [200] * len(paths)
    with database.transaction() as db:
        other = accounts.by_login(db, "edsger").id
        accounts.grant(db, other, Role.ADMINISTRATOR, now=now())
    assert Visitor(app).sign_in("edsger").get(made).status_code == 404, "somebody else asked for it"
    with database.transaction() as db:
        cohorts.leave(db, people.cohort, people.grace, now=now())
    assert grace.get(made).status_code == 404, "she teaches it no more"


# --- in the background ------------------------------------------------------------------------------------------------


def test_a_long_file_is_made_by_the_clock_and_fetched_from_the_page(
    app: Flask, grace: Visitor, people: Cast, taken: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 0)
    monkeypatch.setattr(exports, "PIECE", 1_000)
    assert asked(grace, people).endswith("/unduhan")
    assert grace.get(page(people, "sekarang?form=xlsx")).status_code == 409
    waiting = grace.get(page(people)).get_data(as_text=True)
    found = re.search(r'data-carry-on="([^"]+)"', waiting)
    assert found
    assert "0 dari 1 peserta" in waiting
    assert grace.get(found[1]).json == {"done": 0, "total": 1, "wait": 3}
    assert grace.get(found[1].removesuffix("/kemajuan")).status_code == 404
    (id,) = _due(database)
    assert making.run(database, app.extensions["lms"].pack.current(), id, now=now)
    assert grace.get(found[1]).json == {"finished": True}
    ready = grace.get(page(people)).get_data(as_text=True)
    address = re.search(r'href="([^"]+)">angkatan-i-lengkap', ready)
    assert address
    fetched = grace.get(address[1])
    assert int(fetched.headers["Content-Length"]) == len(fetched.data) > 1_000
    assert sheets(fetched.data)["Hasil"][1][:2] == (EVIL, "ada")


def _due(database: Database) -> list[UUID]:
    with database.reading() as db:
        return exports.due(db, now=now())


@ON_SQLITE
def test_a_file_that_cannot_be_made_says_so_and_can_be_asked_for_again(
    app: Flask, grace: Visitor, people: Cast, taken: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 0)
    asked(grace, people)
    with database.transaction() as db:
        db.execute(text("UPDATE response SET value = 'not JSON' WHERE item = 'k-nama'"))
    (id,) = _due(database)
    assert not making.run(database, app.extensions["lms"].pack.current(), id, now=now)
    assert "Gagal disiapkan" in grace.get(page(people)).get_data(as_text=True)
    with database.transaction() as db:
        db.execute(text("UPDATE response SET value = NULL"))
    asked(grace, people)
    (again,) = _due(database)
    assert making.run(database, app.extensions["lms"].pack.current(), again, now=now)


@ON_SQLITE
def test_a_form_without_a_shape_comes_back(grace: Visitor, people: Cast) -> None:
    answered = grace.led(grace.post(page(people), {"form": "pdf"}))
    assert "Pilih dahulu bentuk berkasnya" in answered.get_data(as_text=True)
