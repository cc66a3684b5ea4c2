"""The figures of a cohort: drawn and in numbers, of one's own cohorts, and honest where there is too little."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from lms.db.accounts import Role
from lms.db.cohorts import Place
from lms.db.engine import Database
from lms.features.figures import people_by_module
from lms.learning import accounts, cohorts, reading
from lms.web.site import now
from tests.conftest import NOON, Cast, Statements
from tests.features.gradebook.test_views import grace as grace
from tests.features.gradebook.test_views import text
from tests.guided import guided, take
from tests.learning.test_regrades import class_of
from tests.visitor import Visitor

#: What is asked of the database is asked on both by the tests of the domain.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FIGURES = ("peta", "kegiatan", "perolehan")
LONG = "Ada " + "Lovelace" * 14 + " Byron"


@pytest.fixture
def cohort(people: Cast) -> str:
    return f"/pengampu/angkatan/{people.cohort}"


def cells(page: str) -> list[str]:
    """What stands in the cells of the first line."""
    line = page.split("<tbody>", 1)[1].split("</tr>", 1)[0]
    shown = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", line, flags=re.DOTALL)
    return [re.sub(r"<title>[^<]*: |<[^>]+>|, kuis belum lulus", "", one).strip() for one in shown]


@pytest.mark.parametrize("figure", FIGURES)
def test_only_those_who_teach_a_cohort_see_its_figures(
    app: Flask, grace: Visitor, people: Cast, cohort: str, figure: str
) -> None:
    text(grace, f"{cohort}/{figure}")
    text(grace, f"/pengampu/angkatan/{people.ada}/{figure}", 404)
    for login in ("ada", "edsger"):
        text(Visitor(app).sign_in(login), f"{cohort}/{figure}", 403)


def test_a_figure_asks_the_database_a_few_times(grace: Visitor, cohort: str, statements: Statements) -> None:
    for figure in FIGURES:
        assert statements.of(lambda figure=figure: text(grace, f"{cohort}/{figure}")) <= 5, (  # type: ignore[misc]
            figure,
            statements.sent,
        )


def test_the_map_and_its_table_say_the_same_of_each_module(
    app: Flask, grace: Visitor, database: Database, people: Cast, cohort: str
) -> None:
    lesson = app.extensions["lms"].pack.current().modules["pecahan"].lessons[0]
    with database.transaction() as db:
        accounts.by_login(db, "ada").name = LONG
        reading.visit(db, people.ada, lesson, read=True, now=NOON)
        for check in lesson.checks:
            reading.answer(db, people.ada, lesson, check, check.key(), now=NOON)
    drawn, numbers = text(grace, f"{cohort}/peta"), text(grace, f"{cohort}/peta?tampilan=tabel")
    assert cells(drawn) == cells(numbers)
    assert "33%" in cells(numbers)
    for page in (drawn, numbers):
        assert f">{LONG}</a>" in page
        assert f"/peserta/{people.ada}" in page
        assert "/materi/pecahan" in page


def test_the_map_is_searched_filtered_and_paged(grace: Visitor, cohort: str, database: Database, people: Cast) -> None:
    class_of(database, people_by_module.PAGE)
    for query in ("page=2", "page=99", "page=x", "sort=; DROP TABLE", "direction=up", "q=%25", "belum=0&tampilan=peta"):
        text(grace, f"{cohort}/peta?{query}")
    assert text(grace, f"{cohort}/peta").count('scope="row"') == people_by_module.PAGE
    assert text(grace, f"{cohort}/peta?page=2").count('scope="row"') == 1
    found = text(grace, f"{cohort}/peta?belum=1&q=ADA&tampilan=tabel")
    assert found.count('scope="row"') == 1
    assert re.search(r'href="\?q=ADA&amp;belum=1&amp;tampilan=tabel&amp;sort=share', found), (
        "ordered, it is still asked"
    )
    assert "Tidak ada yang cocok" in text(grace, f"{cohort}/peta?q=zzz")


def test_activity_is_shown_by_day_and_week_and_hour(
    app: Flask, grace: Visitor, database: Database, people: Cast, cohort: str, statements: Statements
) -> None:
    lesson = guided().every_lesson[0]
    assert "Jam belajar" not in text(grace, f"{cohort}/kegiatan"), "of nobody there are no hours"
    with database.transaction() as db:
        reading.visit(db, people.ada, lesson, read=True, now=now())
    page = text(grace, f"{cohort}/kegiatan")
    assert "Terbanyak" in page, "the week that goes on is counted at every look"
    assert "Jam belajar" in page
    assert page.count('role="img"') == 7, "each of three by day and by week, and the hours"


def test_each_week_of_activity_is_counted_once(
    grace: Visitor, database: Database, people: Cast, cohort: str, statements: Statements
) -> None:
    weeks_ago = (0, 1, 2, 5)
    for lesson, weeks in zip(guided().every_lesson, weeks_ago, strict=False):
        with database.transaction() as db:
            reading.visit(db, people.ada, lesson, read=True, now=now() - timedelta(weeks=weeks))
    first = statements.of(lambda: text(grace, f"{cohort}/kegiatan"))
    page = text(grace, f"{cohort}/kegiatan")
    told = [re.findall(r'"number">(\d+)', week) for week in re.findall(r'<tr class="week">(.*?)</tr>', page)]
    assert told == [["1", "1", "0"] if weeks in weeks_ago else ["0", "0", "0"] for weeks in range(8)]
    assert statements.of(lambda: text(grace, f"{cohort}/kegiatan")) == first - 2, "what is over is remembered"


@pytest.fixture
def compared(app: Flask, database: Database, people: Cast) -> Visitor:
    """A pack in which the simulation is taken after the pre-test; nine people did both, and Ada only the first."""
    catalog = guided()
    after = replace(catalog.quiz("simulasi"), after="awal")
    app.extensions["lms"].pack.replace(replace(catalog, quizzes={**catalog.quizzes, "simulasi": after}))
    with database.transaction() as db:
        take(db, people.ada, catalog.quiz("awal"), now=NOON)
    for user_id in class_of(database, 9):
        both(database, user_id)
    return Visitor(app).sign_in("grace")


def both(database: Database, user_id: UUID) -> None:
    with database.transaction() as db:
        take(db, user_id, guided().quiz("awal"), now=NOON, blank=["awal-pecahan", "awal-desimal"])
        take(db, user_id, guided().quiz("simulasi"), now=NOON + timedelta(hours=1))


def test_a_gain_of_few_people_is_told_and_not_drawn(
    compared: Visitor, database: Database, people: Cast, cohort: str
) -> None:
    page = text(compared, f"{cohort}/perolehan")
    assert "9 orang" in page
    assert "1 orang baru mengerjakan yang pertama" in page
    assert "Gambarnya menunggu sedikitnya 10 orang" in page
    assert 'role="img"' not in page
    with database.transaction() as db:
        tenth = accounts.add(db, login="lagi", name="Lagi", roles=[Role.PARTICIPANT], now=NOON)
        cohorts.enrol(db, cohorts.by_name(db, "Angkatan I"), tenth.id, Place.PARTICIPANT, now=NOON)
    both(database, tenth.id)
    page = text(compared, f"{cohort}/perolehan")
    assert page.count('aria-label="rata-rata dari 33% ke 100%"') == 1
    assert "+66,7" in page


def test_without_a_pair_the_page_says_who_makes_one(grace: Visitor, cohort: str) -> None:
    assert "after: uji-awal" in text(grace, f"{cohort}/perolehan")
