"""What an instructor does on the page of an attempt: judge texts, and put in a participant's emergency file."""

from __future__ import annotations

import dataclasses
import io
import json
import re
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update

from lms.config import Settings
from lms.db.attempts import Attempt
from lms.db.audit import AuditEvent
from lms.web.site import now
from tests.conftest import PACK, Cast, Statements
from tests.features.attempts.test_views import save, start
from tests.features.gradebook.test_views import text
from tests.visitor import Visitor

ESSAY = """\
---
title: Kuis uraian
summary: Dua uraian.
time_limit: 30 min
pass: 70
---

## Manfaat {#u-manfaat}
tags: C4
points: 4

Jelaskan manfaat pecahan.

____

> [!RUBRIC]
> Pedoman-rahasia: dua poin untuk setiap manfaat.

> [!EXPLANATION]
> Antara lain membagi roti.

## Sejarah {#u-sejarah}
tags: C4

Ceritakan asalnya.

____

> [!RUBRIC]
> Satu poin.

> [!EXPLANATION]
> Dari Mesir.
"""


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """The small pack with a quiz of essays."""
    shutil.copytree(PACK, tmp_path / "pack")
    (tmp_path / "pack" / "quizzes" / "uraian.md").write_text(ESSAY, encoding="utf-8")
    return dataclasses.replace(settings, pack=str(tmp_path / "pack"))


@pytest.fixture
def grace(app: Flask, people: Cast) -> Visitor:
    return Visitor(app).sign_in("grace")


def taken(app: Flask, login: str = "ada") -> str:
    """An attempt with one text of two."""
    visitor = Visitor(app).sign_in(login)
    path = start(visitor, "uraian")
    assert save(visitor, path, "u-manfaat", ["Membagi roti <b>rata</b>."]).status_code == 200  # type: ignore[attr-defined]
    assert save(visitor, path, "u-sejarah", ["Dari Mesir."]).status_code == 200  # type: ignore[attr-defined]
    assert visitor.post(f"{path}/kumpulkan", {"action": "submit", "confirmed": "1"}).status_code == 303
    return path


def judge(visitor: Visitor, path: str, item: str, points: str, comment: str = "Bagus.") -> Any:
    return visitor.post(f"/pengampu{path}/nilai", {"item": item, "points": points, "comment": comment})


def upload(visitor: Visitor, path: str, content: bytes | None) -> Any:
    file = {} if content is None else {"berkas": (io.BytesIO(content), "jawaban.json")}
    answered = visitor.post(f"/pengampu{path}/berkas", file, content_type="multipart/form-data")
    return visitor.led(answered)


def packed(path: str, *answers: Any) -> bytes:
    attempt = path.rpartition("/")[2]
    return json.dumps({"format": "latsar-answers-1", "attempt": attempt, "answers": answers}).encode()


def one(item: str, response: list[str], revision: int = 1) -> dict[str, Any]:
    body = {"item": item, "response": response, "revision": revision, "save_id": str(uuid4())}
    return body | {"made_at": (now() - timedelta(minutes=1)).isoformat()}


def audited(app: Flask) -> list[str]:
    with app.extensions["lms"].database.reading() as db:
        return list(db.execute(select(AuditEvent.action).where(AuditEvent.action.in_(
            ["mark.judge", "answers.put-in"])).order_by(AuditEvent.id)).scalars())  # fmt: skip


# --- judging --------------------------------------------------------------------------------------------------------


def test_texts_wait_are_listed_and_judged_with_a_comma(app: Flask, grace: Visitor, people: Cast) -> None:
    assert "menunggu penilaian Anda" not in text(grace, "/pengampu")
    path = taken(app)
    assert "1 percobaan menunggu penilaian Anda" in text(grace, "/pengampu")
    assert f"/pengampu{path}" in text(grace, "/pengampu/menunggu")
    page = text(grace, f"/pengampu{path}")
    for expected in ("Pedoman-rahasia", "Poin, 0 sampai 4", "Menunggu penilaian", "&lt;b&gt;rata"):
        assert expected in page
    answered = judge(grace, path, "u-manfaat", "2,5")
    assert (answered.status_code, answered.location) == (303, f"/pengampu{path}#soal-u-manfaat")
    assert "1 jawaban lain" in text(grace, f"/pengampu{path}")
    assert f"/pengampu{path}" in text(grace, "/pengampu/menunggu"), "one more is to be judged"
    judge(grace, path, "u-sejarah", "1")
    assert "Tidak ada yang menunggu" in text(grace, "/pengampu/menunggu")
    page = text(grace, f"/pengampu{path}")
    for expected in ("70%", "Riwayat nilai (2)", "2,5 dari 4 poin", "Grace", "Ubah nilai"):
        assert expected in page
    assert "Bagus." in text(Visitor(app).sign_in("ada"), f"{path}/hasil")
    assert audited(app) == ["mark.judge", "mark.judge"]


def test_a_judgement_can_be_changed_and_saying_it_twice_changes_nothing(app: Flask, grace: Visitor) -> None:
    path = taken(app)
    for _ in range(2):
        judge(grace, path, "u-manfaat", "1.5")
    assert "Riwayat nilai (2)" in text(grace, f"/pengampu{path}")
    judge(grace, path, "u-manfaat", "3", "Setelah dibaca lagi.")
    page = text(grace, f"/pengampu{path}")
    assert "Riwayat nilai (3)" in page
    assert re.search(r'name="points" value="3"', page)
    assert len(audited(app)) == 2


@pytest.mark.parametrize("points", ["", "empat", "-1", "4,5", "1e0", "٣", "nan", "1,2,3", "99999999"])
def test_points_that_cannot_be_are_told_beside_their_field(app: Flask, grace: Visitor, points: str) -> None:
    path = taken(app)
    answered = judge(grace, path, "u-manfaat", points, "Catatan yang tidak boleh hilang.")
    assert answered.location.startswith(f"/pengampu{path}?isian=")
    assert answered.location.endswith("#soal-u-manfaat")
    page = grace.led(answered).get_data(as_text=True)
    assert page == text(grace, answered.location), "and read again, it is the same"
    assert "Tulis angka dari 0 sampai 4" in page
    assert "Catatan yang tidak boleh hilang." in page
    assert page.count('aria-invalid="true"') == 1
    assert audited(app) == []


def test_only_what_waits_is_judged_and_only_by_who_teaches(app: Flask, grace: Visitor) -> None:
    path = taken(app)
    for item in ("x", "", "k-nama"):
        assert judge(grace, path, item, "1").status_code == 409
    long = grace.led(judge(grace, path, "u-manfaat", "1", "x" * 2_001)).get_data(as_text=True)
    assert "paling panjang 2000 karakter" in long
    assert "x" * 2_001 in long
    other = taken(app, "mallory")
    assert f"/pengampu{other}" not in text(grace, "/pengampu/menunggu")
    assert judge(grace, other, "u-manfaat", "4").status_code == 404
    mallory = Visitor(app).sign_in("mallory")
    assert judge(mallory, other, "u-manfaat", "4").status_code == 403
    text(mallory, "/pengampu/menunggu", 403)
    assert audited(app) == []


def test_the_list_is_paged_and_asks_the_database_a_few_times(
    app: Flask, grace: Visitor, statements: Statements
) -> None:
    path = taken(app)
    for page in ("/pengampu", "/pengampu/menunggu", "/pengampu/menunggu?page=9", f"/pengampu{path}"):
        assert statements.of(lambda page=page: text(grace, page)) <= 6, (page, statements.sent)  # type: ignore[misc]


# --- the emergency file ---------------------------------------------------------------------------------------------


def test_a_file_is_put_in_and_every_answer_is_accounted_for(app: Flask, grace: Visitor) -> None:
    ada = Visitor(app).sign_in("ada")
    path = start(ada)
    save(ada, path, "k-sama", ["a"], 5)
    assert "Berkas jawaban darurat" in text(grace, f"/pengampu{path}")
    file = packed(path, one("k-terbesar", ["a"]), one("k-sama", ["b"], 2), one("zzz", ["a"]), {"item": 1})
    answered = upload(grace, path, file)
    page = answered.get_data(as_text=True)
    assert page == text(grace, answered.request.full_path), "read again, it says the same"
    for expected in ("1 jawaban dimasukkan.", "Terbesar", "Sama nilainya: Jawaban soal ini", "zzz", "Jawaban ke-4"):
        assert expected in page
    again = upload(grace, path, file).get_data(as_text=True)
    assert "Tidak ada yang berubah." in again
    assert "Sudah ada (1)" in again
    assert audited(app) == ["answers.put-in"]
    assert re.search(r'<input[^>]*value="a"[^>]*checked', text(ada, path))


def _closed_by_its_deadline(app: Flask, ada: Visitor, path: str) -> None:
    with app.extensions["lms"].database.transaction() as db:
        db.execute(
            update(Attempt)
            .where(Attempt.id == UUID(path.rpartition("/")[2]))
            .values(deadline_at=now() - timedelta(seconds=30), closes_at=now())
        )
    assert ada.get(path).location == f"{path}/hasil"


def test_a_file_after_the_deadline_marks_the_attempt_again(app: Flask, grace: Visitor) -> None:
    ada = Visitor(app).sign_in("ada")
    path = start(ada)
    _began_earlier(app, path)
    _closed_by_its_deadline(app, ada, path)
    assert upload(grace, path, packed(path, one("k-terbesar", ["a"]))).status_code == 200
    page = text(grace, f"/pengampu{path}")
    for expected in ("20%", "Riwayat nilai (2)", "Berkas jawaban darurat", "belum melihat benar-salahnya"):
        assert expected in page


def _began_earlier(app: Flask, path: str) -> None:
    """The answers of a file are made an hour ago."""
    with app.extensions["lms"].database.transaction() as db:
        begun = update(Attempt).where(Attempt.id == UUID(path.rpartition("/")[2]))
        db.execute(begun.values(started_at=now() - timedelta(hours=2)))


def test_a_file_after_its_owner_saw_the_result_is_shown_first_and_takes_a_reason(app: Flask, grace: Visitor) -> None:
    ada = Visitor(app).sign_in("ada")
    path = start(ada)
    _began_earlier(app, path)
    _closed_by_its_deadline(app, ada, path)
    assert "Belum lulus" in text(ada, f"{path}/hasil")
    assert "sudah melihat benar-salahnya atau kuncinya" in text(grace, f"/pengampu{path}")
    file = packed(path, one("k-terbesar", ["a"]))
    asked = upload(grace, path, file).get_data(as_text=True)
    for expected in ("Belum ada yang berubah.", "belum dijawab", "0 → <strong>1</strong>"):
        assert expected in asked
    assert audited(app) == []
    kept = {"content": file.decode()}
    refused = grace.led(grace.post(f"/pengampu{path}/berkas", kept | {"reason": "ya"})).get_data(as_text=True)
    for expected in ("5 sampai 500 karakter", ">ya</textarea>", "0 → <strong>1</strong>", "k-terbesar"):
        assert expected in refused
    assert audited(app) == []
    reasoned = kept | {"reason": "Jaringan kantor putus, saya saksinya."}
    done = grace.led(grace.post(f"/pengampu{path}/berkas", reasoned))
    assert "1 jawaban dimasukkan." in done.get_data(as_text=True)
    page = text(grace, f"/pengampu{path}")
    for expected in (
        "Garis waktu",
        "Peserta pertama kali melihat soalnya ditinjau",
        "dimasukkan oleh Grace: 1 jawaban",
        "saksinya",
    ):
        assert expected in page
    assert "saksinya" not in text(ada, f"{path}/hasil")


def test_answers_that_all_arrived_after_the_deadline_are_flagged(app: Flask, grace: Visitor) -> None:
    ada = Visitor(app).sign_in("ada")
    path = start(ada)
    save(ada, path, "k-terbesar", ["a"], 1)
    assert "tiba sesudah tenggat" not in text(grace, f"/pengampu{path}")
    with app.extensions["lms"].database.transaction() as db:
        mine = update(Attempt).where(Attempt.id == UUID(path.rpartition("/")[2]))
        db.execute(mine.values(deadline_at=now() - timedelta(hours=1), closes_at=now() + timedelta(hours=1)))
    assert "Semua jawaban (1) tiba sesudah tenggat" in text(grace, f"/pengampu{path}")


def test_files_that_cannot_be_are_refused(app: Flask, grace: Visitor) -> None:
    ada = Visitor(app).sign_in("ada")
    path = start(ada)
    for content, why in (
        (None, "Pilih dahulu"),
        (b"", "bukan berkas jawaban darurat"),
        (b"hello", "bukan berkas jawaban darurat"),
        (b"{}", "bukan berkas jawaban darurat"),
        (b" " * 300_000, "lebih besar dari 200 kB"),
        (b"PK\x03\x04" * 10, "bukan berkas jawaban darurat"),
        (packed(f"/x/{uuid4()}"), "milik percobaan lain"),
    ):
        answered = upload(grace, path, content)
        assert answered.request.path == f"/pengampu{path}", content
        assert why in answered.get_data(as_text=True), content
    mallory = Visitor(app).sign_in("mallory")
    other = start(mallory)
    assert upload(grace, other, packed(other, one("k-terbesar", ["a"]))).status_code == 404
    assert upload(mallory, path, packed(path, one("k-terbesar", ["a"]))).status_code == 403
    ada.post(f"{path}/kumpulkan", {"action": "submit", "confirmed": "1"})
    assert 'type="file"' not in text(grace, f"/pengampu{path}")
    refused = upload(grace, path, packed(path, one("k-terbesar", ["a"])))
    assert refused.request.path == f"/pengampu{path}"
    assert "sudah mengumpulkan" in refused.get_data(as_text=True)
    assert grace.get(f"/pengampu{path}/berkas").location == f"/pengampu{path}"
    assert audited(app) == []


def test_a_judgement_that_somebody_else_made_first_is_told_and_can_still_be_replaced(
    app: Flask, grace: Visitor, people: Cast
) -> None:
    path = taken(app)

    def seen(html: str) -> str:
        found = re.search(r'name="item" value="u-manfaat">\s*<input type="hidden" name="seen" value="([^"]+)"', html)
        assert found
        return found[1]

    old = seen(text(grace, f"/pengampu{path}"))
    given = {"item": "u-manfaat", "points": "4", "comment": "Lengkap.", "seen": old}
    assert grace.post(f"/pengampu{path}/nilai", given).status_code == 303
    assert grace.post(f"/pengampu{path}/nilai", given).status_code == 303, "the same again is no conflict"
    answered = grace.post(f"/pengampu{path}/nilai", given | {"points": "1,5", "comment": "Kurang."})
    told = grace.led(answered).get_data(as_text=True)
    for expected in ("Grace menyimpan ini", "4 dari 4 poin; Lengkap.", 'value="1,5"', "Kurang."):
        assert expected in told
    assert audited(app) == ["mark.judge"]
    again = given | {"points": "1,5", "comment": "Kurang.", "seen": seen(told)}
    assert grace.post(f"/pengampu{path}/nilai", again).status_code == 303
    assert audited(app) == ["mark.judge", "mark.judge"]
