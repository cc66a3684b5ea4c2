"""Taking a quiz over HTTP: what is shown when, and that every way of sending leads to the same."""

from __future__ import annotations

import dataclasses
import re
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update

from lms import create_app
from lms.config import Settings
from lms.db.attempts import Attempt, AttemptItem
from lms.web.site import now
from tests.conftest import PACK, Cast, Statements
from tests.visitor import Visitor

RIGHT = {"k-terbesar": ["a"], "k-sama": ["a", "b"], "k-pernyataan": ["false"], "k-nama": ["pembilang"]}


@pytest.fixture
def ada(app: Flask, people: Cast) -> Visitor:
    return Visitor(app).sign_in("ada")


def start(visitor: Visitor, quiz: str = "pecahan") -> str:
    answered = visitor.post(f"/kuis/{quiz}/mulai")
    assert answered.status_code == 303
    assert answered.location is not None
    return answered.location


def page(visitor: Visitor, path: str, status: int = 200) -> str:
    answered = visitor.get(path)
    assert answered.status_code == status, (path, answered.status_code, answered.location)
    return answered.get_data(as_text=True)


def form(values: dict[str, list[str]], **more: str) -> dict[str, object]:
    """What the page sends: the answers, and of each question it shows the revision it was made with."""
    revisions = {f"revision-{item}": "0" for item in (*RIGHT, "k-nilai")}
    return {f"answer-{item}": given for item, given in values.items()} | revisions | more


def save(
    visitor: Visitor, attempt: str, item: str, values: list[str] | None, revision: int = 1, version: str | None = None
) -> object:
    """``version``: of the question, as its page says it; scripts send it along, which spares a look."""
    body = {"item": item, "response": values, "revision": revision, "save_id": str(uuid4()), "version": version}
    return visitor.send(f"{attempt}/simpan", body)


def overdue(app: Flask, attempt: str) -> None:
    with app.extensions["lms"].database.transaction() as db:
        key = UUID(attempt.rpartition("/")[2])
        db.execute(
            update(Attempt).where(Attempt.id == key).values(deadline_at=now() - timedelta(seconds=1), closes_at=now())
        )


def test_the_front_page_tells_the_rules_before_the_start(ada: Visitor) -> None:
    front = page(ada, "/kuis/pecahan")
    for expected in ("20 menit", "2 kali", "70%", "Kerjakan tanpa membuka catatan", "Mulai"):
        assert expected in front


def test_starting_twice_leads_to_the_same_attempt(ada: Visitor) -> None:
    assert start(ada) == start(ada)


def test_an_attempt_shows_questions_and_nothing_of_their_keys(ada: Visitor) -> None:
    shown = page(ada, start(ada))
    assert "Manakah yang terbesar?" in shown
    for secret in ("rahasia-umpan-balik", "Rahasia-pembahasan", "Lebih kecil.", "pembilang</"):
        assert secret not in shown


def test_an_answer_is_saved_by_script_and_stands_in_the_page(ada: Visitor) -> None:
    attempt = start(ada)
    answered = save(ada, attempt, "k-terbesar", ["b"])
    assert answered.status_code == 200  # type: ignore[attr-defined]
    body = answered.get_json()  # type: ignore[attr-defined]
    assert (body["state"], body["revision"]) == ("saved", 1)
    shown = page(ada, attempt)
    assert re.search(r'<input[^>]*value="b"[^>]*checked', shown)


def test_a_late_save_is_refused_and_says_who_won(ada: Visitor) -> None:
    attempt = start(ada)
    save(ada, attempt, "k-terbesar", ["a"], revision=2)
    answered = save(ada, attempt, "k-terbesar", ["b"], revision=1)
    assert answered.status_code == 409  # type: ignore[attr-defined]
    assert answered.get_json()["response"] == ["a"]  # type: ignore[attr-defined]
    assert answered.get_json()["revision"] == 2  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"item": "k-terbesar"},
        {"item": 1, "response": ["a"], "revision": 1, "save_id": str(uuid4())},
        {"item": "k-terbesar", "response": ["zzz"], "revision": 1, "save_id": str(uuid4())},
        {"item": "k-terbesar", "response": ["a", "b"], "revision": 1, "save_id": str(uuid4())},
        {"item": "k-terbesar", "response": "a", "revision": 1, "save_id": str(uuid4())},
        {"item": "k-terbesar", "response": ["a"], "revision": 0, "save_id": str(uuid4())},
        {"item": "k-terbesar", "response": ["a"], "revision": True, "save_id": str(uuid4())},
        {"item": "k-terbesar", "response": ["a"], "revision": 10**30, "save_id": str(uuid4())},
        {"item": "k-terbesar", "response": ["a"], "revision": 1, "save_id": "x"},
        {"item": "k-nama", "response": ["\u0000"], "revision": 1, "save_id": str(uuid4())},
        {"item": "k-nama", "response": ["\ud800"], "revision": 1, "save_id": str(uuid4())},
        {"item": "k-nama", "response": ["x" * 30_000], "revision": 1, "save_id": str(uuid4())},
    ],
)
def test_what_no_page_of_ours_sends_is_refused_and_changes_nothing(ada: Visitor, body: object) -> None:
    attempt = start(ada)
    assert ada.send(f"{attempt}/simpan", body).status_code == 400
    assert "checked" not in page(ada, attempt)


def test_the_form_saves_without_a_script(ada: Visitor) -> None:
    attempt = start(ada)
    answered = ada.post(f"{attempt}/kumpulkan", form(RIGHT, action="save"))
    assert (answered.status_code, answered.location) == (303, attempt)
    assert "Jawaban tersimpan di server." in page(ada, attempt)
    assert page(ada, attempt).count("checked") == 4


def test_submitting_with_open_questions_asks_first(ada: Visitor) -> None:
    attempt = start(ada)
    asked = ada.post(f"{attempt}/kumpulkan", form({"k-terbesar": ["a"]}, action="submit"))
    assert (asked.status_code, asked.location) == (303, f"{attempt}/kumpulkan")
    for _reloaded in range(2):
        question = page(ada, f"{attempt}/kumpulkan")
        assert "1</span> dari 4 soal dijawab" in question
        assert "3</span> soal belum dijawab" in question
        assert question.count(f'href="{attempt}#soal-') == 3
    assert chosen(page(ada, attempt), "k-terbesar") == ["a"], "what was answered is saved before it asks"
    sure = ada.post(f"{attempt}/kumpulkan", {"action": "submit", "confirmed": "1"})
    assert sure.location == f"{attempt}/hasil"
    assert ada.get(f"{attempt}/kumpulkan", follow_redirects=True).request.path == f"{attempt}/hasil"


@pytest.mark.parametrize(("number", "follows"), [(1, "tersisa 1 kesempatan"), (2, "Ini kesempatan terakhir Anda")])
def test_an_exam_is_never_closed_by_one_press(ada: Visitor, number: int, follows: str) -> None:
    for _ in range(number - 1):
        ada.post(f"{start(ada)}/kumpulkan", {"action": "submit", "confirmed": "1"})
    attempt = start(ada)
    assert "data-exam" in page(ada, attempt), "the script asks, too"
    assert ada.post(f"{attempt}/kumpulkan", form(RIGHT, action="submit")).location == f"{attempt}/kumpulkan"
    question = page(ada, f"{attempt}/kumpulkan")
    assert "4</span> dari 4 soal dijawab" in question
    assert follows in question
    assert follows in page(ada, attempt)
    assert page(ada, f"{attempt}/hasil", 303) is not None


def test_a_quiz_without_limits_is_closed_at_once_when_it_is_full(ada: Visitor) -> None:
    attempt = start(ada, "latihan")
    shown = page(ada, attempt)
    assert "data-exam" not in shown
    filled = {"action": "submit"}
    for item in re.findall('data-item="([^"]+)"', shown):
        first = re.search(f'name="(answer-{item}[^"]*)"[^>]* value="([^"]+)"', shown)
        filled |= {f"revision-{item}": "0", **({first[1]: first[2]} if first else {f"answer-{item}": "setengah"})}
    assert ada.post(f"{attempt}/kumpulkan", filled).location == f"{attempt}/hasil"


def test_the_question_before_the_end_is_nobody_elses_and_gives_way_when_time_is_over(app: Flask, ada: Visitor) -> None:
    attempt = start(ada)
    assert Visitor(app).sign_in("mallory").get(f"{attempt}/kumpulkan").status_code == 404
    overdue(app, attempt)
    assert ada.get(f"{attempt}/kumpulkan", follow_redirects=True).request.path == f"{attempt}/hasil"


def test_a_submitted_attempt_shows_what_its_rules_allow(ada: Visitor) -> None:
    attempt = start(ada)
    done = ada.post(f"{attempt}/kumpulkan", form(RIGHT, action="submit", confirmed="1"))
    assert done.location == f"{attempt}/hasil"
    result = page(ada, f"{attempt}/hasil")
    for expected in ("100%", "Lulus", "rahasia-umpan-balik", "Rahasia-pembahasan", "Bukti kumpul"):
        assert expected in result
    again = ada.post(f"{attempt}/kumpulkan", form({}, action="submit", confirmed="1"))
    assert again.location == f"{attempt}/hasil"
    assert _without_tokens(page(ada, f"{attempt}/hasil")) == _without_tokens(result)
    assert save(ada, attempt, "k-terbesar", ["b"], 9).status_code == 409  # type: ignore[attr-defined]


def _without_tokens(text: str) -> str:
    """A page without what is new each second."""
    return re.sub(r'name="csrf_token"[^>]*value="[^"]+"', "", text)


def test_a_blank_submission_reveals_nothing_that_the_rules_hold_back(ada: Visitor) -> None:
    attempt = start(ada, "sejarah")
    ada.post(f"{attempt}/kumpulkan", {"action": "submit", "confirmed": "1"})
    hidden = page(ada, f"{attempt}/hasil")
    for secret in ("rahasia-umpan-balik", "Rahasia-pembahasan", "0%"):
        assert secret not in hidden
    assert "0%" not in page(ada, "/kuis/sejarah")
    second = start(ada, "sejarah")
    ada.post(f"{second}/kumpulkan", form({"k-nilai": ["a"]}, action="submit", confirmed="1"))
    for shown in (page(ada, f"{second}/hasil"), page(ada, f"{attempt}/hasil")):
        assert "Rahasia-pembahasan" in shown
    assert ada.post("/kuis/sejarah/mulai").status_code == 409


def test_an_overdue_attempt_is_closed_by_whoever_looks(app: Flask, ada: Visitor) -> None:
    attempt = start(ada)
    save(ada, attempt, "k-terbesar", ["a"])
    overdue(app, attempt)
    assert save(ada, attempt, "k-terbesar", ["b"], 2).status_code == 409  # type: ignore[attr-defined]
    assert ada.get(attempt).location == f"{attempt}/hasil"
    assert "20%" in page(ada, f"{attempt}/hasil")


def test_a_form_that_arrives_too_late_counts_what_was_saved_before(app: Flask, ada: Visitor) -> None:
    attempt = start(ada)
    save(ada, attempt, "k-terbesar", ["a"])
    overdue(app, attempt)
    ada.post(f"{attempt}/kumpulkan", form(RIGHT, action="submit", confirmed="1"))
    assert "20%" in page(ada, f"{attempt}/hasil")


def late(app: Flask, attempt: str) -> None:
    """Its time is over, and what was made before may still arrive."""
    with app.extensions["lms"].database.transaction() as db:
        key = UUID(attempt.rpartition("/")[2])
        moment = now()
        values = {"deadline_at": moment - timedelta(seconds=1), "closes_at": moment + timedelta(minutes=9)}
        values["started_at"] = moment - timedelta(minutes=30)
        db.execute(update(Attempt).where(Attempt.id == key).values(values))


def test_after_the_deadline_nobody_submits_and_what_was_made_in_time_still_arrives(app: Flask, ada: Visitor) -> None:
    attempt = start(ada)
    save(ada, attempt, "k-terbesar", ["a"])
    late(app, attempt)
    for _ in range(2):
        submitted = ada.post(f"{attempt}/kumpulkan", form(RIGHT, action="submit", confirmed="1"))
        assert (submitted.status_code, submitted.location) == (303, attempt)
        by_script = {"action": "submit", "confirmed": "1"}
        told = ada.post(f"{attempt}/kumpulkan", by_script, headers={"Accept": "application/json"})
        assert told.status_code == 409
        assert "sudah habis" in told.get_json()["error"]["message"]
    assert ada.get(f"{attempt}/hasil").location == attempt
    shown = page(ada, attempt)
    assert 'value="submit"' not in shown
    assert "Jawaban tidak dapat diubah lagi" in shown
    body = {"item": "k-nama", "response": ["pembilang"], "revision": 1, "save_id": str(uuid4())}
    in_time = (now() - timedelta(minutes=1)).isoformat()
    assert ada.send(f"{attempt}/simpan", body | {"made_at": in_time}).status_code == 200
    assert ada.send(f"{attempt}/simpan", body | {"save_id": str(uuid4()), "revision": 2}).status_code == 409
    overdue(app, attempt)
    assert ada.get(attempt).location == f"{attempt}/hasil"
    result = page(ada, f"{attempt}/hasil")
    assert "Waktunya habis" in result
    assert "2 dari 4 soal dijawab" in result
    refused = ada.send(f"{attempt}/simpan", body | {"save_id": str(uuid4()), "made_at": in_time})
    assert "serahkan kepada pengampu" in refused.get_json()["error"]["message"]


def test_an_older_tab_does_not_overwrite_and_is_told(ada: Visitor) -> None:
    attempt = start(ada)
    save(ada, attempt, "k-terbesar", ["a"], revision=3)
    ada.post(f"{attempt}/kumpulkan", form({"k-terbesar": ["b"]}, **{"revision-k-terbesar": "1", "action": "save"}))
    shown = page(ada, attempt)
    assert "1 jawaban sudah diperbarui di tab atau perangkat lain" in shown
    assert re.search(r'<input[^>]*value="a"[^>]*checked', shown)


def test_somebody_elses_attempt_is_not_there(app: Flask, ada: Visitor) -> None:
    attempt = start(ada)
    mallory = Visitor(app).sign_in("mallory")
    for path in (attempt, f"{attempt}/hasil"):
        page(mallory, path, 404)
    assert save(mallory, attempt, "k-terbesar", ["a"]).status_code == 404  # type: ignore[attr-defined]
    assert mallory.post(f"{attempt}/kumpulkan", {"action": "submit", "confirmed": "1"}).status_code == 404
    assert "checked" not in page(ada, attempt)


def test_a_save_is_at_most_two_statements_and_a_quiz_page_at_most_six(ada: Visitor, statements: Statements) -> None:
    attempt = start(ada)
    told = re.search(r'data-item="k-terbesar" data-version="(\w+)"', page(ada, attempt))
    assert told
    save(ada, attempt, "k-terbesar", ["b"], version=told[1])
    number = statements.of(lambda: save(ada, attempt, "k-terbesar", ["a"], revision=2, version=told[1]))
    assert number - _begins(statements) <= 2, statements.sent
    assert re.search(r'value="a" checked', page(ada, attempt))
    assert statements.of(lambda: page(ada, attempt)) <= 6, statements.sent
    assert statements.of(lambda: page(ada, "/kuis/pecahan")) <= 6, statements.sent


def _begins(statements: Statements) -> int:
    """SQLite's BEGIN is ours to say; PostgreSQL's driver says it unseen."""
    return sum(statement.startswith("BEGIN") for statement in statements.sent)


def test_a_script_back_on_the_line_gets_a_token_the_time_and_who_is_signed_in(app: Flask, people: Cast) -> None:
    asked = {"headers": {"Accept": "application/json"}}
    signed_out = Visitor(app).get("/segar", **asked)
    assert signed_out.status_code == 401
    assert signed_out.get_json()["error"]["code"] == 401
    ada = Visitor(app).sign_in("ada")
    attempt = start(ada)
    told = ada.get(f"/segar?percobaan={attempt.rpartition('/')[2]}", **asked).get_json()
    assert told["user"] == str(people.ada)
    assert abs(datetime.fromisoformat(told["now"]) - now()) < timedelta(minutes=1)
    assert datetime.fromisoformat(told["deadline_at"]) > now() + timedelta(minutes=19)
    assert all("{" in told["words"][name] for name in ("sent", "submitted", "older", "refused"))
    assert "deadline_at" not in ada.get("/segar", **asked).get_json()
    body = {"item": "k-terbesar", "response": ["a"], "revision": 1, "save_id": str(uuid4())}
    assert ada.send(f"{attempt}/simpan", body, headers={"X-CSRFToken": told["csrf"]}).status_code == 200
    mallory = Visitor(app).sign_in("mallory")
    other = mallory.get(f"/segar?percobaan={attempt.rpartition('/')[2]}", **asked).get_json()
    assert other["user"] == str(people.mallory)
    assert "deadline_at" not in other


def test_what_is_no_number_is_told_and_kept_as_it_was_typed(ada: Visitor) -> None:
    attempt = start(ada, "semua-jenis")
    assert 'aria-invalid="true"' not in page(ada, attempt)
    sent = {"answer-sj-angka": "tujuh setengah", "revision-sj-angka": "0", "action": "save"}
    assert ada.post(f"{attempt}/kumpulkan", sent).status_code == 303
    shown = page(ada, attempt)
    assert shown.count('aria-invalid="true"') == 1
    assert re.search(r'value="tujuh setengah"[^>]*aria-invalid="true"', shown)
    assert re.search(r'role="alert">[^<]*Tulis angkanya saja, misalnya 14 atau 0,5', shown)
    ada.post(f"{attempt}/kumpulkan", sent | {"answer-sj-angka": "7,5 kg.", "revision-sj-angka": "1"})
    assert 'aria-invalid="true"' not in page(ada, attempt)


def test_a_flagged_question_is_asked_about_before_the_submit(ada: Visitor) -> None:
    attempt = start(ada)
    flagged = {"flag-k-sama": "1", "action": "submit"}
    asked = ada.post(f"{attempt}/kumpulkan", form(RIGHT, **flagged))
    assert asked.location == f"{attempt}/kumpulkan"
    assert "1</span> soal masih Anda tandai" in page(ada, f"{attempt}/kumpulkan")
    sure = {"action": "submit", "confirmed": "1"}
    assert ada.post(f"{attempt}/kumpulkan", sure).location == f"{attempt}/hasil"


def test_what_is_kept_of_a_question_is_the_same_for_everybody_and_the_rest_is_each_persons_own(
    app: Flask, ada: Visitor
) -> None:
    mallory = Visitor(app).sign_in("mallory")
    hers, his = start(ada), start(mallory)
    save(ada, hers, "k-terbesar", ["a"])
    save(mallory, his, "k-terbesar", ["b"])
    for visitor, attempt, own in ((ada, hers, "a"), (mallory, his, "b"), (ada, hers, "a")):
        shown = page(visitor, attempt)
        assert chosen(shown, "k-terbesar") == [own]
        assert chosen(shown, "k-sama") == []
        assert options(shown, "k-terbesar") == frozen_order(app, attempt, "k-terbesar")
        assert [int(n) for n in re.findall(r'id="soal-(\d+)"', shown)] == [1, 2, 3, 4]


def options(shown: str, item: str) -> list[str]:
    return re.findall(rf'name="answer-{item}" value="(\w+)"', shown)


def chosen(shown: str, item: str) -> list[str]:
    return re.findall(rf'name="answer-{item}" value="(\w+)" checked', shown)


def frozen_order(app: Flask, attempt: str, item: str) -> list[str]:
    key = UUID(attempt.rpartition("/")[2])
    with app.extensions["lms"].database.reading() as db:
        asked = select(AttemptItem.option_order).where(AttemptItem.attempt_id == key, AttemptItem.item == item)
        return list(db.execute(asked).scalar_one())


def test_a_page_names_the_version_of_a_question_by_no_digest_of_its_key(app: Flask, ada: Visitor) -> None:
    attempt = start(ada)
    named = dict(re.findall(r'data-item="([^"]+)" data-version="([^"]+)"', page(ada, attempt)))
    key = UUID(attempt.rpartition("/")[2])
    with app.extensions["lms"].database.reading() as db:
        asked = select(AttemptItem.item, AttemptItem.question_version).where(AttemptItem.attempt_id == key)
        versions = {row.item: row.question_version for row in db.execute(asked)}
    assert named.keys() == versions.keys()
    assert not set(named.values()) & set(versions.values())
    assert page(ada, attempt).count(named["k-sama"]) == 1  # and says the same at every view


@pytest.mark.parametrize("version", [None, "0" * 32, "a name that no page of ours gives"])
def test_a_name_that_this_process_does_not_know_costs_a_look_and_no_answer(ada: Visitor, version: str | None) -> None:
    attempt = start(ada)
    assert save(ada, attempt, "k-terbesar", ["b"], version=version).status_code == 200  # type: ignore[attr-defined]
    assert chosen(page(ada, attempt), "k-terbesar") == ["b"]


def test_of_two_submits_at_once_both_lead_to_the_result(app: Flask, ada: Visitor) -> None:
    for _ in range(2):
        attempt = start(ada)
        visitors = [Visitor(app).sign_in("ada") for _ in range(4)]
        ready = threading.Barrier(len(visitors), timeout=10)

        def submit(visitor: Visitor, to: str = attempt, ready: threading.Barrier = ready) -> tuple[int, str | None]:
            ready.wait()
            answered = visitor.post(f"{to}/kumpulkan", form(RIGHT, action="submit", confirmed="1"))
            return answered.status_code, answered.location

        with ThreadPoolExecutor(len(visitors)) as pool:
            assert set(pool.map(submit, visitors)) == {(303, f"{attempt}/hasil")}


def test_a_form_is_read_as_it_was_typed(ada: Visitor) -> None:
    """A browser counts one character for the end of a line and sends two; a control character comes with a paste."""
    attempt = start(ada, "semua-jenis")
    essay = "\r\n".join(["x" * 99] * 199 + ["y"])
    sent = {
        "answer-sj-uraian": essay,
        "revision-sj-uraian": "0",
        "answer-sj-isian": "se\x0bparuh",
        "revision-sj-isian": "0",
    }
    assert ada.post(f"{attempt}/kumpulkan", {**sent, "action": "save"}).status_code == 303
    shown = page(ada, attempt)
    assert essay.replace("\r\n", "\n") in shown
    assert 'value="separuh"' in shown


@pytest.mark.parametrize("part", ["item", "version"])
@pytest.mark.parametrize("text", ["k\0", "\ud800", "k" * 500])
def test_names_that_no_database_takes_never_reach_one(ada: Visitor, part: str, text: str) -> None:
    body = {"item": "k-terbesar", "response": ["a"], "revision": 1, "save_id": str(uuid4()), part: text}
    status = ada.send(f"{start(ada)}/simpan", body).status_code
    assert status in {400, 404} or (part == "version" and status == 200)  # the attempt knows its versions itself


def test_brackets_in_brackets_are_refused(ada: Visitor) -> None:
    headers = {"X-CSRFToken": ada._token, "Content-Type": "application/json"}
    asked = ada._client.post(f"{start(ada)}/simpan", data="[" * 100_000, headers=headers)
    assert asked.status_code == 400


@pytest.mark.parametrize("where", ["²", "9" * 5000, "0", "-1", ""])
def test_a_button_to_nowhere_leads_back(ada: Visitor, where: str) -> None:
    attempt = start(ada)
    assert ada.post(f"{attempt}/kumpulkan", form({}, action=f"go-{where}")).location == attempt


def test_an_exam_shows_its_blueprint_only_where_that_is_all_it_draws_from(
    settings: Settings, people: Cast, tmp_path: Path
) -> None:
    pack = Path(shutil.copytree(PACK, tmp_path / "pack"))
    exam = pack / "quizzes/latihan.md"
    head = exam.read_text(encoding="utf-8")
    draws = "[{tags: [pecahan, C1], count: 2}, {tags: [C2, pecahan], count: 1}]"
    exam.write_text(head.replace("[{tags: [bilangan], count: 2}]", draws), encoding="utf-8")
    app = create_app(dataclasses.replace(settings, pack=str(pack)))
    shown = page(Visitor(app).sign_in("ada"), "/kuis/latihan")
    assert "C1 mengingat" in shown
    assert "C2 memahami" in shown
    assert re.search(
        r'<tfoot><tr><th scope="row">Jumlah</th>(<td class="number">[21]</td>){2}<td class="number">3</td>', shown
    )
    assert "3 soal Latihan lepas diundi dari modul ini" in page(Visitor(app).sign_in("ada"), "/materi/pecahan")
    app.extensions["lms"].database.dispose()


def test_an_exam_drawn_by_topic_has_no_blueprint(ada: Visitor) -> None:
    assert "Dari mana soalnya diundi" not in page(ada, "/kuis/latihan")
    assert "Dari mana soalnya diundi" not in page(ada, "/kuis/pecahan")
