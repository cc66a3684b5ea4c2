"""A report says of a cohort what its people did."""

from __future__ import annotations

import re
from dataclasses import replace

from flask import Flask

from lms.db.engine import Database
from lms.learning import reading
from lms.web.site import now
from tests.conftest import Cast, Statements
from tests.features.attempts.test_views import RIGHT, form, start
from tests.visitor import Visitor


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_report_tells_who_when_and_how_far(
    app: Flask, people: Cast, database: Database, statements: Statements
) -> None:
    ada, grace = Visitor(app).sign_in("ada"), Visitor(app).sign_in("grace")
    address = f"/pengampu/angkatan/{people.cohort}/laporan"
    assert "Belum ada kuis yang dikumpulkan" in grace.get(address).get_data(as_text=True)
    path = start(ada)
    ada.post(f"{path}/kumpulkan", {"action": "submit", "confirmed": "1"})
    path = start(ada)
    ada.post(f"{path}/kumpulkan", form(RIGHT, action="submit", confirmed="1"))
    lesson = app.extensions["lms"].pack.current().lesson("pecahan/setengah")
    with database.transaction() as db:
        reading.visit(db, people.ada, lesson, read=True, now=now())
    told = words(grace.get(address).get_data(as_text=True))
    assert "Pengampu Grace" in told
    assert "Peserta 1 orang Selesai 0 dari 1 orang Bersertifikat 0 dari 1 orang" in told
    assert "Kuis pecahan 1 1 100%" in told, "one of one passed; of two attempts the best counts"
    assert "Pecahan 50% 100% 66%" in told, "one of two lessons, the quiz, two of three steps"
    assert "Dicetak oleh Grace" in told
    assert statements.of(lambda: grace.get(address)) <= 9
    pack = app.extensions["lms"].pack
    for_oneself = replace(pack.current().quiz("pecahan"), pass_mark=0.0)
    pack.replace(replace(pack.current(), quizzes={**pack.current().quizzes, "pecahan": for_oneself}))
    told = words(grace.get(address).get_data(as_text=True))
    assert "Kuis pecahan 1 – 100%" in told, "where nobody can fail nobody passed"
