"""The form of a decision about a question of every kind: it mends the key where the kind says how, and only there."""

from __future__ import annotations

import pytest
from flask import Flask

from lms.db.engine import Database
from lms.learning import attempts
from lms.quiz.items.registry import ITEM_KINDS
from lms.web.site import now
from tests.conftest import Cast
from tests.features.gradebook.test_views import text
from tests.features.regrade.test_views import decide
from tests.quiz.samples import QUESTIONS, QUIZ, SAMPLES, all_asked
from tests.visitor import Visitor
from tests.web.test_items_in_english import indonesian

KINDS = pytest.mark.parametrize("kind", ITEM_KINDS)


@pytest.fixture
def grace(app: Flask, database: Database, people: Cast) -> Visitor:
    """Ada handed in the quiz with nothing in it."""
    app.extensions["lms"].pack.replace(all_asked())
    quiz = app.extensions["lms"].pack.current().quiz(QUIZ)
    with database.transaction() as db:
        attempt = attempts.start(db, quiz, people.ada, now=now())
        attempts.submit(db, attempt, people.ada, now=now())
    return Visitor(app).sign_in("grace")


def question(people: Cast, kind: str) -> str:
    return f"/pengampu/angkatan/{people.cohort}/kuis/{QUIZ}/soal/{QUESTIONS[kind].id}"


@KINDS
def test_the_key_is_mended_where_the_kind_says_how(grace: Visitor, people: Cast, kind: str) -> None:
    mended, where = SAMPLES[kind].mended, question(people, kind)
    page = text(grace, where)
    assert ('value="new-key"' in page) == (mended is not None)
    if mended:
        for field in mended.form:
            assert f'name="{field}"' in page, "what is filled in here must be offered there"
        form = {field: list(values) for field, values in mended.form.items()}
        assert decide(grace, where, action="new-key", **form).request.path == f"{where}/pratinjau"


@KINDS
def test_a_percent_in_front_of_an_answer_is_offered_where_the_kind_takes_it(
    grace: Visitor, people: Cast, kind: str
) -> None:
    where = question(people, kind)
    told = "Persen di depan jawaban memberi sebagian poin" in text(grace, where)
    assert told == (kind in {"numeric", "short_answer"})
    if 'name="lines"' in text(grace, where):
        lines = f"{QUESTIONS[kind].key_form().lines}\n50% 1"
        taken = decide(grace, where, action="new-key", lines=lines).request.path == f"{where}/pratinjau"
        assert taken == told


@KINDS
def test_what_is_wrong_with_a_key_is_told_in_english(grace: Visitor, people: Cast, kind: str) -> None:
    grace.post("/akun/pilihan", {"language": "en", "time_zone": "Asia/Jakarta"})
    mended, where = SAMPLES[kind].mended, question(people, kind)
    for wrong in mended.wrong if mended else ():
        form = {field: list(values) for field, values in wrong.items()}
        answered = decide(grace, where, action="new-key", **form)
        assert answered.request.path == where
        page = answered.get_data(as_text=True)
        told = page.split('id="key-salah">')[1].split("</p>")[0]
        assert told
        assert indonesian(told) == []
