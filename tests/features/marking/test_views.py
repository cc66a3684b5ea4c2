"""The marking desk over HTTP: what waits, judging by criteria, pages that grew old, drafts, and two people's marks."""

from __future__ import annotations

import dataclasses
import re
import shutil
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from lms.config import Settings
from lms.db.attempts import Attempt, Mark
from lms.db.cohorts import Cohort, Place
from lms.db.marking import JudgementDraft, SecondMark
from lms.features.marking import forms
from lms.learning import cohorts
from lms.learning.judgement import ByCriterion
from lms.quiz.marking import judged, mark_item
from lms.quiz.review import NOTHING
from lms.web import items, points
from lms.web.site import now
from tests.conftest import PACK, Cast, Statements
from tests.features.attempts.test_views import save, start
from tests.features.gradebook.test_views import text
from tests.quiz.writing import question
from tests.visitor import Visitor

ESSAY = """\
---
title: Kuis uraian
summary: Dua uraian.
time_limit: 30 min
pass: 70
---

## Rancangan {#u-rancangan}
tags: C4
points: 10

Rancang satu kegiatan.

____

> [!RUBRIC]
> 4 poin: tiga tahapan **berurutan**.
> 3,5 poin: bukti dapat dihitung.
> 2,5 poin: satu kegagalan dan tanggapannya.

> [!EXPLANATION]
> Contoh-jawaban-pengampu.

## Sejarah {#u-sejarah}
tags: C4

Ceritakan asalnya.

____

> [!RUBRIC]
> Pedoman tanpa kriteria.

> [!EXPLANATION]
> Dari Mesir.
"""
ITEM, OTHER = "u-rancangan", "u-sejarah"
GIVEN = {"points-0": "3,33", "points-1": "2.5", "points-2": "0", "comment-0": "Tahap kedua?", "comment": "Bagus."}
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small pack with a quiz of essays."""
    folder = tmp_path_factory.mktemp("marking") / "pack"
    shutil.copytree(PACK, folder)
    (folder / "quizzes" / "uraian.md").write_text(ESSAY, encoding="utf-8")
    return folder


@pytest.fixture
def settings(settings: Settings, pack: Path) -> Settings:
    return dataclasses.replace(settings, pack=str(pack))


@pytest.fixture
def grace(app: Flask, people: Cast) -> Visitor:
    """She teaches Ada and Mallory, and so does Edsger."""
    with app.extensions["lms"].database.transaction() as db:
        cohort = db.get_one(Cohort, people.cohort)
        cohorts.enrol(db, cohort, people.mallory, Place.PARTICIPANT, now=now())
        cohorts.enrol(db, cohort, people.edsger, Place.INSTRUCTOR, now=now())
    return Visitor(app).sign_in("grace")


def taken(app: Flask, login: str = "ada") -> str:
    """The id of an attempt with two texts."""
    visitor = Visitor(app).sign_in(login)
    path = start(visitor, "uraian")
    for item in (ITEM, OTHER):
        assert save(visitor, path, item, [f"Tulisan <b>{login}</b>."]).status_code == 200  # type: ignore[attr-defined]
    assert visitor.post(f"{path}/kumpulkan", {"action": "submit", "confirmed": "1"}).status_code == 303
    return path.rpartition("/")[2]


def desk(attempt: str, item: str = ITEM, **way: str) -> str:
    asked = "&".join(f"{name}={value}" for name, value in way.items())
    return f"/pengampu/menilai/{attempt}/{item}" + (f"?{asked}" if asked else "")


def queue(people: Cast, item: str = ITEM, way: str = "") -> str:
    return f"/pengampu/menilai/soal/{people.cohort}/uraian/{item}{way}"


def seen(visitor: Visitor, page: str) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', text(visitor, page))
    assert found
    return found[1]


def marks_of(app: Flask, attempt: str, item: str = ITEM) -> list[Any]:
    with app.extensions["lms"].database.reading() as db:
        rows = select(Mark).where(Mark.attempt_id == UUID(attempt), Mark.item == item, ~Mark.pending)
        return list(db.execute(rows.order_by(Mark.marked_at)))


# --- what waits -----------------------------------------------------------------------------------------------------


def test_what_waits_is_listed_by_question_and_by_person(app: Flask, grace: Visitor, people: Cast) -> None:
    ada, _mallory = taken(app), taken(app, "mallory")
    grace.post(desk(ada), GIVEN)
    page = text(grace, "/pengampu/menunggu")
    for expected in ("Rancangan", "1 dari 2", "2 dari 2", "hari ini", queue(people), f"/pengampu/percobaan/{ada}"):
        assert expected in page
    listed = text(grace, queue(people))
    for expected in ("1 dari 2 jawaban menunggu dinilai", "5,83 dari 10 poin", "Ada", "Mallory"):
        assert expected in listed
    assert grace.get(f"/pengampu/menilai/{ada}").location == desk(ada, OTHER, urut="orang")


# --- judging --------------------------------------------------------------------------------------------------------


@ON_SQLITE
def test_an_answer_is_judged_by_its_criteria_and_the_next_one_that_waits_comes(
    app: Flask, grace: Visitor, people: Cast
) -> None:
    ada, mallory = taken(app), taken(app, "mallory")
    page = text(grace, desk(ada))
    for expected in (
        "tiga tahapan <strong>berurutan</strong>",
        "Contoh-jawaban-pengampu",
        "&lt;b&gt;ada",
        "Jawaban 1 dari 2",
        "2 menunggu",
    ):
        assert expected in page
    answered = grace.post(desk(ada), {**GIVEN, "seen": seen(grace, desk(ada))})
    assert (answered.status_code, answered.location) == (303, desk(mallory))
    answered = grace.post(desk(mallory), {**GIVEN, "points-2": "2,5"})
    assert answered.location == queue(people)
    assert "tidak ada lagi yang menunggu" in grace.led(answered).get_data(as_text=True)
    (mark,) = marks_of(app, ada)
    assert mark.points == pytest.approx(5.83, abs=1e-12)
    assert mark.criteria == {"points": [3.33, 2.5, 0.0], "comments": ["Tahap kedua?", "", ""]}
    again = text(grace, desk(ada))
    assert 'value="3,33"' in again
    assert "5,83 (3,33 + 2,5 + 0) dari 10 poin" in again
    grace.post(desk(ada), GIVEN)
    assert len(marks_of(app, ada)) == 1, "saying the same twice changes nothing"


@ON_SQLITE
def test_all_answers_of_one_person_come_one_after_the_other(app: Flask, grace: Visitor, people: Cast) -> None:
    ada = taken(app)
    answered = grace.post(desk(ada, urut="orang"), GIVEN)
    assert answered.location == desk(ada, OTHER, urut="orang")
    assert grace.post(desk(ada, OTHER, urut="orang"), {"points": "1"}).location == "/pengampu/menunggu"
    page = text(grace, f"/pengampu/percobaan/{ada}")
    assert "Ubah nilai menurut kriteria" in page
    assert "62%" in page


@ON_SQLITE
def test_points_that_cannot_be_are_told_beside_their_criterion(app: Flask, grace: Visitor) -> None:
    ada = taken(app)
    page = grace.led(grace.post(desk(ada), {**GIVEN, "points-0": "4,5"})).get_data(as_text=True)
    assert "Tulis angka dari 0 sampai 4" in page
    assert page.count('aria-invalid="true"') == 1
    assert "Tahap kedua?" in page
    assert marks_of(app, ada) == []


@pytest.mark.parametrize("written", ["", "4,01", "3 1/2", "-1", "1e0", "nan", "٣", "1,2,3"])
def test_other_writings_are_no_points(written: str) -> None:
    assert points.read(written, 4.0) is None


def test_points_are_kept_to_the_last_digit_that_was_given() -> None:
    assert [points.read(written, 10.0) for written in ("3,33", " 3.33 ", "10")] == [Fraction(333, 100)] * 2 + [10]
    essay = question("____\n\n> [!RUBRIC]\n> 0.1 poin: a\n> 0.2 poin: b", "points: 0.3")
    assert forms.given(essay, {"points-0": "0,1", "points-1": "0,2"}, 0.3).fraction == 1.0


@ON_SQLITE
def test_what_somebody_else_gave_meanwhile_is_told_and_what_was_typed_stays(app: Flask, grace: Visitor) -> None:
    ada, edsger = taken(app), Visitor(app).sign_in("edsger")
    before = seen(grace, desk(ada))
    edsger.post(desk(ada), {**GIVEN, "points-2": "1"})
    answered = grace.post(desk(ada), {**GIVEN, "comment": "Yang saya ketik.", "seen": before})
    page = grace.led(answered).get_data(as_text=True)
    for expected in ("Edsger menyimpan ini", "6,83 (3,33 + 2,5 + 1) dari 10 poin", "Yang saya ketik."):
        assert expected in page
    assert len(marks_of(app, ada)) == 1
    grace.post(desk(ada), {**GIVEN, "seen": seen(grace, answered.location)})
    assert len(marks_of(app, ada)) == 2


# --- drafts ---------------------------------------------------------------------------------------------------------


def drafts(app: Flask) -> list[Any]:
    with app.extensions["lms"].database.reading() as db:
        return list(db.execute(select(JudgementDraft.typed)).scalars())


def test_of_what_is_typed_the_newest_is_kept_in_whatever_order_it_arrives(app: Flask, grace: Visitor) -> None:
    ada, since = taken(app), now() - timedelta(minutes=2)
    url = f"{desk(ada)}/konsep"
    typed = [
        {**GIVEN, "comment": f"Ketikan {n}", "made_at": (since + timedelta(seconds=n)).isoformat()} for n in range(3)
    ]
    for one in (typed[1], typed[2], typed[0], typed[2]):
        assert grace.post(url, one, headers={"Accept": "application/json"}).status_code == 200
    assert [one["comment"] for one in drafts(app)] == ["Ketikan 2"]
    page = text(grace, desk(ada))
    assert "Ketikan 2" in page
    assert "Konsep Anda dari" in page
    assert "Ketikan 2" not in text(Visitor(app).sign_in("edsger"), desk(ada)), "it is nobody else's"
    grace.post(desk(ada), GIVEN)
    grace.post(url, typed[2])
    assert drafts(app) == [], "what was typed before the judgement comes too late"


@ON_SQLITE
def test_going_on_without_saving_keeps_what_was_typed_also_without_a_script(app: Flask, grace: Visitor) -> None:
    ada, mallory = taken(app), taken(app, "mallory")
    answered = grace.post(desk(ada), {"go": "next", "points-0": "2", "comment": "Nanti dulu."})
    assert answered.location == desk(mallory)
    assert grace.post(desk(mallory), {"go": "previous"}).location == desk(ada)
    assert "Nanti dulu." in text(grace, desk(ada))
    assert marks_of(app, ada) == []
    assert grace.post(desk(ada), {"go": "drop"}).location == desk(ada)
    assert "Nanti dulu." not in text(grace, desk(ada))
    assert drafts(app) == []


# --- two markers ----------------------------------------------------------------------------------------------------


def test_a_second_marker_sees_nothing_of_the_first_and_counts_only_once_it_is_settled(
    app: Flask, grace: Visitor, people: Cast
) -> None:
    ada, edsger = taken(app), Visitor(app).sign_in("edsger")
    assert "belum punya nilai pertama" in text(edsger, desk(ada, kedua="1"))
    assert edsger.post(desk(ada, kedua="1"), GIVEN).status_code == 409
    grace.post(desk(ada), GIVEN)
    assert grace.post(desk(ada, kedua="1"), GIVEN).status_code == 409
    for page in (text(edsger, desk(ada, kedua="1")), text(edsger, queue(people, way="?kedua=1"))):
        for hidden in ("5,83", "3,33", "Tahap kedua?", "Bagus."):
            assert hidden not in page
    second = {**GIVEN, "points-0": "1", "points-2": "0,5", "comment": "Menurut saya kurang."}
    assert edsger.post(desk(ada, kedua="1"), second).location == queue(people, way="?kedua=1")
    assert len(marks_of(app, ada)) == 1
    listed = text(grace, queue(people))
    for expected in ("Dua nilai yang berbeda", "5,83", "1,83"):
        assert expected in listed
    apart = f"{desk(ada)}/selisih"
    page = text(grace, apart)
    for expected in ("4,915 (2,165 + 2,5 + 0,25)", "Menurut saya kurang.", "Edsger"):
        assert expected in page
    wrong = grace.led(grace.post(apart, {"outcome": "new", "points": "11", "reason": "x"})).get_data(as_text=True)
    assert "Tulis angka dari 0 sampai 10" in wrong
    assert "Tulis alasannya" in wrong
    how = {"outcome": "mean", "reason": "Kami bicarakan berdua.", "seen": seen(grace, apart)}
    assert grace.post(apart, how).location == queue(people)
    assert "Dua nilai yang berbeda" not in text(grace, queue(people))
    assert [mark.points for mark in marks_of(app, ada)] == [pytest.approx(5.83), pytest.approx(4.915)]
    late = grace.led(grace.post(apart, {**how, "outcome": "first"})).get_data(as_text=True)
    assert "Sudah diselesaikan oleh Grace" in late
    assert "Kami bicarakan berdua." not in text(Visitor(app).sign_in("ada"), f"/percobaan/{ada}/hasil")


@ON_SQLITE
def test_the_first_the_second_or_a_new_mark_can_be_taken(app: Flask, grace: Visitor) -> None:
    ada, mallory, edsger = taken(app), taken(app, "mallory"), Visitor(app).sign_in("edsger")
    for (attempt, item), outcome, last in (
        ((ada, ITEM), "first", 5.83),
        ((mallory, ITEM), "second", 4.0),
        ((ada, OTHER), "new", 0.75),
    ):
        page = desk(attempt, item)
        grace.post(page, {**GIVEN, "points": "1"})
        edsger.post(f"{page}?kedua=1", {**GIVEN, "points": "0,4", "points-0": "1", "points-2": "0,5"})
        grace.post(f"{page}/selisih", {"outcome": outcome, "points": "0,75", "reason": "Dibaca bersama."})
        assert marks_of(app, attempt, item)[-1].points == pytest.approx(last)
    with app.extensions["lms"].database.reading() as db:
        kept = db.execute(select(SecondMark.outcome, SecondMark.fraction).order_by(SecondMark.settled_at)).all()
    assert [tuple(one) for one in kept] == [("first", 0.4), ("second", 0.4), ("new", 0.4)], "it stays readable"


@ON_SQLITE
def test_without_names_nothing_says_whose_an_answer_is(app: Flask, grace: Visitor, people: Cast) -> None:
    attempts = [taken(app), taken(app, "mallory")]
    blind = "?tanpa-nama=1"
    pages = [text(grace, queue(people, way=blind)), *(text(grace, desk(one) + blind) for one in attempts)]
    for page in pages:
        said = page.replace("<b>ada</b>", "").replace("&lt;b&gt;ada", "").replace("&lt;b&gt;mallory", "")
        for name in ("Ada", "ada</", "Mallory", "mallory", "/percobaan/"):
            assert name not in said, name
    order = re.findall(r"/menilai/([0-9a-f-]{36})/u-rancangan\?tanpa-nama=1", pages[0])
    assert set(order) == set(attempts)
    assert order == re.findall(
        r"/menilai/([0-9a-f-]{36})/u-rancangan\?tanpa-nama=1", text(grace, queue(people, way=blind))
    )
    assert blind in grace.post(desk(order[-1]) + blind, GIVEN).location


# --- what participants see ------------------------------------------------------------------------------------------


@ON_SQLITE
def test_participants_see_points_criteria_and_comments_on_their_result(app: Flask, grace: Visitor) -> None:
    ada = taken(app)
    grace.post(desk(ada), GIVEN)
    page = text(Visitor(app).sign_in("ada"), f"/percobaan/{ada}/hasil")
    for expected in ("Dinilai menurut kriteria", "tahapan <strong>berurutan", "Tahap kedua?", "Bagus.", "3,33"):
        assert expected in page


@ON_SQLITE
def test_what_an_exam_hides_of_a_rubric_is_not_told(app: Flask) -> None:
    essay = question("____\n\n> [!RUBRIC]\n> 1 poin: kuncinya.", "points: 1")
    mark = judged(mark_item(essay, ("Teks.",)), 0.5)
    seen = dict[str, list[tuple[bool, float, str]]]()
    with app.test_request_context():
        for shown in ("", "marks", "feedback", "marks feedback", "marks answers", "answers feedback"):
            visible = dataclasses.replace(NOTHING, **dict.fromkeys(shown.split(), True))
            given = ByCriterion((0.5,), ("Sebut sebabnya.",))
            view = items.view(essay, response=("Teks.",), mark=mark, by_criterion=given, visible=visible)
            seen[shown] = [(one.text is not None, one.points, one.comment) for one in view.criteria]
    assert seen == {
        "": [],
        "marks": [],
        "feedback": [],
        "marks feedback": [(False, 0.5, "Sebut sebabnya.")],
        "marks answers": [(True, 0.5, "")],
        "answers feedback": [],
    }


# --- who may --------------------------------------------------------------------------------------------------------


@ON_SQLITE
def test_only_who_teaches_the_cohort_gets_anything(app: Flask, grace: Visitor, people: Cast) -> None:
    ada = taken(app)
    with app.extensions["lms"].database.transaction() as db:
        other = cohorts.add(db, "Angkatan III", now=now())
        cohorts.enrol(db, other, people.mallory, Place.INSTRUCTOR, now=now())
    pages = [desk(ada), f"{desk(ada)}/selisih", queue(people), f"/pengampu/menilai/{ada}"]
    actions = [desk(ada), f"{desk(ada)}/selisih", f"{desk(ada)}/konsep"]
    for login, status in (("mallory", 404), ("ada", 403)):
        visitor = Visitor(app).sign_in(login)
        for page in pages:
            text(visitor, page, status)
        for action in actions:
            assert visitor.post(action, GIVEN).status_code == status
    for page in (desk(ada, "tiada"), queue(people, "tiada"), desk(str(UUID(int=1)))):
        text(grace, page, 404)
    assert (marks_of(app, ada), drafts(app)) == ([], [])


@ON_SQLITE
def test_an_attempt_that_runs_is_nobodys_to_judge(app: Flask, grace: Visitor) -> None:
    visitor = Visitor(app).sign_in("ada")
    path = start(visitor, "uraian")
    save(visitor, path, ITEM, ["Belum selesai."])
    text(grace, desk(path.rpartition("/")[2]), 404)


@ON_SQLITE
def test_the_pages_ask_the_database_a_few_times(
    app: Flask, grace: Visitor, people: Cast, statements: Statements
) -> None:
    ada, _mallory = taken(app), taken(app, "mallory")
    pages = ("/pengampu/menunggu", queue(people), desk(ada), desk(ada, urut="orang"), desk(ada, kedua="1"))
    for page in pages:
        assert statements.of(lambda page=page: text(grace, page)) <= 11, (page, statements.sent)  # type: ignore[misc]
    with app.extensions["lms"].database.reading() as db:
        assert db.execute(select(Attempt.id)).all(), "they are there"
