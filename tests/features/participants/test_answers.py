"""All answers to one question: people and attempts are never mixed, alike answers stand together."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from lms.db.attempts import Attempt, AttemptItem, QuestionVersion, Response
from lms.db.cohorts import Place
from lms.db.engine import Database
from lms.db.statistics import QuestionSum, ResponseCount
from lms.features.participants import answers
from lms.learning import cohorts, question_sums
from tests.conftest import NOON, Cast, Statements
from tests.features.attempts.test_views import page
from tests.features.participants.test_one_person import ON_SQLITE, words
from tests.learning.test_members import CATALOG
from tests.learning.test_regrades import class_of, take
from tests.visitor import Visitor

PECAHAN = CATALOG.quizzes["pecahan"]


@pytest.fixture
def grace(app: Flask, people: Cast) -> Visitor:
    return Visitor(app).sign_in("grace")


@pytest.fixture
def base(people: Cast) -> str:
    return f"/pengampu/angkatan/{people.cohort}/kuis/pecahan/soal"


def groups(html: str) -> list[tuple[str, int]]:
    """The alike answers with who gave them, and how many."""
    table = html.partition("<tbody>")[2].partition("</tbody>")[0]
    rows = [words(row) for row in table.split("</tr>") if "<td" in row]
    return [(row.rpartition(" ")[0], int(row.rpartition(" ")[2])) for row in rows]


def listed(html: str) -> list[str]:
    """The answers one by one."""
    return [words(one) for one in re.findall(r'<article class="entry">(.*?)</article>', html, re.DOTALL)]


@pytest.fixture
def answered(database: Database, people: Cast) -> list[UUID]:
    """Ada was wrong, then right; three others wrote the same, nearly the same, and nothing."""
    others = class_of(database, 3)
    take(database, PECAHAN, people.ada, {"k-terbesar": ["b"], "k-nama": ["penyebut"]})
    take(database, PECAHAN, people.ada, {"k-terbesar": ["a"], "k-nama": ["pembilang"]})
    for user_id, name in zip(others, ("pembilang", "Pembilang", None), strict=True):
        take(database, PECAHAN, user_id, {"k-terbesar": ["a"], "k-nama": [name] if name else None})
    return others


def test_alike_answers_stand_together_with_who_gave_them(grace: Visitor, base: str, answered: list[UUID]) -> None:
    first = page(grace, f"{base}/k-terbesar/jawaban")
    assert groups(first) == [("Setengah ✓ benar Peserta 0, Peserta 1, Peserta 2", 3), ("Sepertiga ✕ salah Ada", 1)]
    assert "Dari 4 orang" in words(first)
    best = page(grace, f"{base}/k-terbesar/jawaban?percobaan=terbaik")
    assert groups(best) == [("Setengah ✓ benar Ada, Peserta 0, Peserta 1, dan 1 orang lagi", 4)]
    everything = page(grace, f"{base}/k-terbesar/jawaban?percobaan=semua")
    assert groups(everything) == [("Setengah", 4), ("Sepertiga", 1)]
    assert "Dari 5 percobaan" in words(everything)
    assert "orang lagi" not in words(everything)
    assert [one.split()[0] for one in listed(everything)] == ["Peserta", "Peserta", "Peserta", "Ada", "Ada"]


@ON_SQLITE
def test_what_was_typed_stands_as_it_was_typed(grace: Visitor, base: str, answered: list[UUID]) -> None:
    html = page(grace, f"{base}/k-nama/jawaban?percobaan=terakhir")
    assert groups(html) == [
        ("pembilang ✓ benar Ada, Peserta 0", 2),
        ("Tidak dijawab Peserta 2", 1),
        ("Pembilang ✓ benar Peserta 1", 1),
    ]
    assert listed(html)[0] == "Ada ada pembilang ✓ benar 1 dari 1 poin · percobaan ke-2 Ada"
    assert listed(html)[3] == "Peserta 2 peserta2 Tidak dijawab 0 dari 1 poin · percobaan ke-1 Peserta 2"


@ON_SQLITE
def test_the_list_narrows_by_standing_by_answer_and_by_name(grace: Visitor, base: str, answered: list[UUID]) -> None:
    where = f"{base}/k-nama/jawaban"
    html = page(grace, where)
    assert re.findall(r">(\w[\w ]*) \((\d+)\)</a>", html) == [("benar", "2"), ("salah", "1"), ("tidak dijawab", "1")]
    assert [one.split(" ")[0] for one in listed(page(grace, f"{where}?hasil=salah"))] == ["Ada"]
    to = re.findall(r'href="([^"]+)"[^>]*>Pembilang</a>', page(grace, f"{where}?percobaan=terakhir"))
    (one,) = listed(page(grace, to[0].partition("#")[0].replace("&amp;", "&")))
    assert one.startswith("Peserta 1 peserta1 Pembilang")
    assert [one[:9] for one in listed(page(grace, f"{where}?q=PESERTA2"))] == ["Peserta 2"]
    assert "Tidak ada yang cocok" in words(page(grace, f"{where}?q=entah"))
    for wrong in ("percobaan=x&hasil=y&versi=99&jawaban=zzz&page=99", "percobaan=semua&sebelum=x&jawaban=zzz"):
        assert page(grace, f"{where}?{wrong}")


@ON_SQLITE
def test_all_attempts_are_read_page_by_page(
    grace: Visitor, base: str, answered: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "PAGE", 2)
    where, seen = f"{base}/k-nama/jawaban?percobaan=semua", []
    while where:
        html = page(grace, where)
        seen += listed(html)
        older = re.search(r'href="([^"]+)">Yang lebih lama', html)
        where = older[1].partition("#")[0].replace("&amp;", "&") if older else ""
    assert len(seen) == len(set(seen)) == 5
    assert len(listed(page(grace, f"{base}/k-nama/jawaban?percobaan=semua&hasil=kosong"))) == 1


@ON_SQLITE
def test_each_major_version_has_its_own_answers(
    grace: Visitor, base: str, answered: list[UUID], people: Cast, database: Database
) -> None:
    """As if the question had been rewritten before the last person took it."""
    with database.transaction() as db:
        old = db.query(QuestionVersion).filter_by(item="k-terbesar").one()
        new = QuestionVersion(
            digest="f" * 64,
            major="e" * 64,
            item=old.item,
            definition=old.definition,
            created_at=NOON.replace(year=2030),
        )
        db.add(new)
    _moved(database, answered[2], "f" * 64)
    html = page(grace, f"{base}/k-terbesar/jawaban")
    assert [one[:9] for one in listed(html)] == ["Peserta 2"], "the newest goes without saying"
    older = page(grace, f"{base}/k-terbesar/jawaban?versi=1")
    assert [one.partition(" peserta")[0][:9] for one in listed(older)] == ["Ada ada S", "Peserta 0", "Peserta 1"]


def _moved(database: Database, user_id: UUID, version: str) -> None:

    with database.transaction() as db:
        mine = select(Attempt.id).where(Attempt.user_id == user_id)
        for model in (AttemptItem, Response):
            db.execute(
                update(model)
                .where(model.item == "k-terbesar", model.attempt_id.in_(mine))
                .values(question_version=version)
            )
        db.execute(delete(QuestionSum))
        db.execute(delete(ResponseCount))
        question_sums.fill(db)


@ON_SQLITE
def test_only_who_teaches_the_cohort_reads_answers(
    app: Flask, people: Cast, base: str, answered: list[UUID], database: Database, grace: Visitor
) -> None:
    where = f"{base}/k-nama/jawaban"
    for login in ("ada", "edsger"):
        page(Visitor(app).sign_in(login), where, 403)
    with database.transaction() as db:
        cohorts.enrol(db, cohorts.by_name(db, "Angkatan II"), people.edsger, Place.INSTRUCTOR, now=NOON)
    page(Visitor(app).sign_in("edsger"), where, 404)
    for missing in (
        f"{base}/entah/jawaban",
        where.replace("pecahan", "entah"),
        where.replace(str(people.cohort), str(uuid4())),
    ):
        page(grace, missing, 404)


@ON_SQLITE
def test_a_long_answer_is_folded_and_harmless(
    app: Flask, grace: Visitor, base: str, people: Cast, database: Database
) -> None:
    quiz = CATALOG.quizzes["semua-jenis"]
    essay = next(item for item in quiz.items if item.key() is None)
    take(database, quiz, people.ada, {essay.id: [("<script>alert(1)</script> " + "panjang " * 400).strip()]})
    html = page(grace, f"/pengampu/angkatan/{people.cohort}/kuis/semua-jenis/soal/{essay.id}/jawaban")
    (one,) = re.findall(r'<article class="entry">(.*?)</article>', html, re.DOTALL)
    assert "<details>" in one
    assert "<script>" not in one
    assert one.count("panjang") > 400
    assert "menunggu penilaian" in one


def test_the_page_asks_the_database_a_few_times(
    grace: Visitor, base: str, answered: list[UUID], statements: Statements
) -> None:
    for query in ("", "?percobaan=semua"):
        page(grace, f"{base}/k-nama/jawaban{query}")
        asked = statements.of(lambda query=query: page(grace, f"{base}/k-nama/jawaban{query}"))  # type: ignore[misc]
        assert asked <= 6, statements.sent


@ON_SQLITE
def test_every_kind_of_question_has_its_answers_in_words(
    app: Flask, grace: Visitor, people: Cast, database: Database
) -> None:
    quiz = CATALOG.quizzes["semua-jenis"]
    given: dict[str, list[str] | None] = {item.id: list(item.key() or ("Uraian singkat.",)) for item in quiz.items}
    take(database, quiz, people.ada, given)
    for item in quiz.items:
        html = page(grace, f"/pengampu/angkatan/{people.cohort}/kuis/semua-jenis/soal/{item.id}/jawaban")
        (one,) = listed(html)
        assert "Tidak dijawab" not in one
        assert '["' not in one, "in words, not as it is stored"
