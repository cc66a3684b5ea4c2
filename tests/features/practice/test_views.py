"""Practising as a participant meets it, without a browser and so without scripts."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import update

from lms.db.accounts import User
from lms.learning import reading
from lms.web.site import now
from tests.conftest import Cast, Statements
from tests.features.plan.test_views import main_action, take, text
from tests.guided import guided
from tests.learning.test_practice import CATALOG, answer
from tests.learning.test_standing import granted
from tests.visitor import Visitor
from tests.web.test_what_pages_tell import _UNLIKE, ON_SQLITE

pytestmark = ON_SQLITE


@pytest.fixture
def ada(app: Flask, people: Cast) -> Visitor:
    app.extensions["lms"].pack.replace(CATALOG)
    return Visitor(app).sign_in("ada")


def choices(page: str) -> list[str]:
    """What each button of a page would start."""
    return re.findall(r'name="tentang" value="([^"]+)"', page)


def start(visitor: Visitor, about: str) -> str:
    answered = visitor.post("/latihan", {"tentang": about})
    assert answered.location.startswith("/percobaan/"), (about, answered.location)
    return str(answered.location)


def hand_in(visitor: Visitor, attempt: str) -> str:
    """Without any answer; answers with the page of the result."""
    visitor.post(f"{attempt}/kumpulkan", {"action": "submit", "confirmed": "1"})
    return text(visitor, f"{attempt}/hasil")


def test_from_a_quiz_without_attempts_left_to_a_step_that_is_learnt(app: Flask, ada: Visitor, people: Cast) -> None:
    take(ada, "pecahan", {})
    result = text(ada, take(ada, "pecahan", {}))
    assert {f"seperti:{item.id}" for item in CATALOG.quiz("pecahan").items} == set(choices(result))
    assert 'href="/latihan#pengganti">pelajari lewat latihan</a>' in result
    for page in ("/kuis/pecahan", "/beranda"):
        assert 'href="/latihan#pengganti">pelajari lewat latihan</a>' in text(ada, page), page
    offered = text(ada, "/latihan")
    assert "kuis:pecahan" in choices(offered)
    assert "Jawab 4 soal modulnya dengan nilai paling sedikit 70%" in offered

    before = staff_pages(app, people)
    failed = hand_in(ada, start(ada, "kuis:pecahan"))
    assert "Belum cukup untuk “Kuis pecahan”" in failed
    assert "kuis:pecahan" in choices(failed)
    attempt = start(ada, "kuis:pecahan")
    with app.extensions["lms"].database.transaction() as db:
        answer(db, UUID(attempt.rsplit("/", 1)[1]), people.ada, CATALOG, right=True, now=now())
    passed = hand_in(ada, attempt)
    assert "“Kuis pecahan” kini terhitung dipelajari lewat latihan." in passed
    assert re.search(r'button-main" href="/lanjut', passed)
    assert "kuis:pecahan" not in choices(text(ada, "/latihan"))
    assert "Kuis pecahan</span> – dipelajari lewat latihan" in text(ada, "/progres")
    assert "kuis, dipelajari" in text(ada, "/materi/pecahan")
    assert "Dipelajari lewat latihan:" in text(ada, "/materi/pecahan/setengah")
    assert "sudah terhitung dipelajari lewat latihan" in text(ada, "/kuis/pecahan")
    assert 'Kuis pecahan</a></p>\n<p class="small">Semua kesempatan' not in text(ada, "/beranda")
    assert staff_pages(app, people) == before, "for staff nothing has changed"


def staff_pages(app: Flask, people: Cast) -> list[str]:
    """What Grace reads of her cohort, and of one of its questions."""
    grace, cohort = Visitor(app).sign_in("grace"), f"/pengampu/angkatan/{people.cohort}"
    quiz = f"{cohort}/kuis/pecahan"
    paths = ("/pengampu", cohort, quiz, f"{quiz}.csv", f"{quiz}/soal", f"{quiz}/soal/k-nama")
    return [_UNLIKE.sub("*", text(grace, path)) for path in paths]


def test_a_practice_looks_like_one_and_its_result_leads_on(ada: Visitor) -> None:
    attempt = start(ada, "modul:pecahan")
    page = text(ada, attempt)
    assert 'href="/latihan">Latihan</a>' in page
    assert "Percobaan ke-" not in page
    assert "Latihan baru boleh dimulai kapan saja." in page
    assert f'href="{attempt}"' in text(ada, "/latihan"), "what was begun is found again"
    result = hand_in(ada, attempt)
    for told in ("Hasil latihan", "Latihan: Pecahan", "Latihan tidak dinilai", "Menurut topik", "Latihan lain"):
        assert told in result, told
    for untold in ("Bukti kumpul", "Laporkan", "Semua percobaan", "Coba lagi"):
        assert untold not in result, untold
    assert f'href="{attempt}/hasil"' in text(ada, "/latihan")
    assert "seperti:cek-danau" in choices(result)
    alike = text(ada, start(ada, "seperti:cek-danau"))
    assert 'data-item="cek-danau"' not in alike
    assert 'data-item="cek-bagian"' in alike
    assert "Latihan: Pecahan" not in text(ada, "/beranda"), "it is no result of a quiz"


def test_a_module_is_divided_by_lesson_and_a_regulation_by_article(ada: Visitor) -> None:
    take(ada, "pecahan", {})
    take(ada, "pecahan", {})
    module = text(ada, "/latihan?modul=pecahan")
    assert choices(module) == ["modul:pecahan", "materi:pecahan/setengah", "materi:pecahan/sepertiga"]
    assert "Menyebut pembilang dan penyebut" in module
    assert choices(text(ada, "/latihan?peraturan=uu-baru")) == ["pasal:uu-baru#1"]
    whole = text(ada, "/latihan")
    assert 'href="/latihan?modul=pecahan"' in whole
    assert 'href="/latihan?peraturan=uu-baru"' in whole
    assert 'href="/latihan?modul=desimal"' not in whole, "its questions are secret, and there are no others"
    for path in ("/latihan?modul=tiada", "/latihan?peraturan=tiada"):
        assert ada.get(path).status_code == 404


@pytest.mark.parametrize("about", ["", "tiada:", "modul:tiada", "meleset:", "kuis:pecahan", "seperti:tiada"])
def test_what_cannot_be_practised_leads_back_and_says_why(ada: Visitor, about: str) -> None:
    answered = ada.post("/latihan", {"tentang": about})
    assert (answered.status_code, answered.location) == (303, "/latihan")
    assert 'class="notice notice-warning"' in text(ada, "/latihan")


def test_a_result_is_closed_while_an_exam_asks_its_questions_again(app: Flask, ada: Visitor, people: Cast) -> None:
    take(ada, "pecahan", {})
    take(ada, "pecahan", {})
    attempt = start(ada, "modul:pecahan")
    assert 'class="explanation' in hand_in(ada, attempt)
    with app.extensions["lms"].database.transaction() as db:
        db.execute(granted(people, "pecahan", attempts=1))
    ada.post("/kuis/pecahan/mulai")
    closed = text(ada, f"{attempt}/hasil")
    assert "Sebuah ujian sedang merahasiakan soal di latihan ini." in closed
    assert 'class="explanation' not in closed
    assert "score-figure" not in closed


def test_pages_lead_to_practice_where_there_is_something_to_practise(ada: Visitor) -> None:
    assert 'href="/latihan?modul=pecahan"' in text(ada, "/materi/pecahan")
    assert 'href="/latihan?modul=pecahan"' in text(ada, "/kuis/pecahan")
    assert 'href="/latihan' not in text(ada, "/kuis/desimal")
    assert 'href="/latihan"' in text(ada, "/materi")


def test_when_no_step_is_open_the_start_page_leads_to_practice(app: Flask, ada: Visitor, people: Cast) -> None:
    with app.extensions["lms"].database.transaction() as db:
        for lesson in CATALOG.every_lesson:
            reading.visit(db, people.ada, lesson, read=True, now=now())
            for check in lesson.checks:
                reading.answer(db, people.ada, lesson, check, check.key(), now=now())
    for quiz in ("pecahan", "desimal", "sejarah", "simulasi"):
        for _attempt in range(CATALOG.quiz(quiz).attempts or 1):
            take(ada, quiz, {})
    assert main_action(text(ada, "/beranda")) == "/latihan"


def test_it_is_offered_in_english(app: Flask, ada: Visitor) -> None:
    with app.extensions["lms"].database.transaction() as db:
        db.execute(update(User).values(language="en"))
    page = text(ada, "/latihan")
    assert "Practice" in page
    assert "Campuran" not in page


def test_the_page_asks_the_database_a_few_times(ada: Visitor, statements: Statements) -> None:
    assert guided().course.pretest, "which costs one"
    take(ada, "awal", {"awal-pecahan": "b"})
    take(ada, "pecahan", {})
    start(ada, "modul:pecahan")
    most = 9  # who asks, six for where they stand, what they were asked, what they began
    assert statements.of(lambda: text(ada, "/latihan")) <= most, statements.sent
