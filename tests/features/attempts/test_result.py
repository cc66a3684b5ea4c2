"""The result of a quiz: what it means, what was missed and where to read it again, and nothing that has to wait."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import update

from lms.catalog.load import load
from lms.catalog.source import Folder
from lms.db.accounts import User
from lms.db.cohorts import Place
from lms.learning import cohorts
from tests.catalog.memory import InMemory
from tests.conftest import PACK, Cast
from tests.features.attempts.test_views import RIGHT, form, overdue, page, save, start
from tests.visitor import Visitor
from tests.web.test_what_pages_tell import ON_SQLITE

pytestmark = ON_SQLITE
QUIZ = "quizzes/pecahan.md"
WAITS = "review: {marks: after-submit, answers: after-last, feedback: after-last, explanation: after-last}"
ALMOST = RIGHT | {"k-terbesar": ["b"], "k-sama": ["a"]}  # one wrong, one in part: 3 of 5 points


@pytest.fixture
def pack() -> InMemory:
    """The tests' pack, whose questions name the lessons they test."""
    made = InMemory.copy_of(Folder.at(PACK))
    made.replace(QUIZ, "cites: uu-baru#1\n", "cites: uu-baru#3.2\noutcomes: setengah.1\n")
    made.replace(QUIZ, "tags: C3\npoints: 2\n", "tags: C3\npoints: 2\noutcomes: setengah.1\n")
    made.replace(QUIZ, "## Namanya {#k-nama}\ntags: C1\n", "## Namanya {#k-nama}\ntags: C1\noutcomes: sepertiga.1\n")
    return made


@pytest.fixture
def ada(app: Flask, people: Cast) -> Visitor:
    return Visitor(app).sign_in("ada")


def serve(app: Flask, pack: InMemory) -> None:
    app.extensions["lms"].pack.replace(load(pack))


def taken(visitor: Visitor, values: dict[str, list[str]], quiz: str = "pecahan") -> str:
    attempt = start(visitor, quiz)
    visitor.post(f"{attempt}/kumpulkan", form(values, action="submit", confirmed="1"))
    return f"{attempt}/hasil"


def head(shown: str) -> str:
    """What stands above everything else."""
    return words(shown.split('<header class="page-head')[1].split("</header>")[0])


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def mapped(shown: str) -> list[str]:
    """The state of each question in the map, as it is heard."""
    return re.findall(r'<span class="hush">Soal \d+, ([a-z ]+)</span>', shown)


def lines(shown: str) -> list[str]:
    """The questions of which a line is shown."""
    return sorted(re.findall(r'class="question" id="soal-([\w-]+)"', shown))


def test_a_result_says_what_is_lacking_and_leads_to_what_was_missed_most(
    app: Flask, ada: Visitor, pack: InMemory
) -> None:
    serve(app, pack)
    shown = page(ada, taken(ada, ALMOST))
    assert "60% Belum lulus 3 dari 5 poin; ambang lulus 70%" in head(shown)
    assert "Kurang 1 poin lagi untuk lulus." in head(shown)
    assert re.search(r'button-main" href="/materi/pecahan/setengah">Baca lagi: Setengah<', shown)
    assert "Coba lagi Lihat yang meleset: 2 soal Kesempatan tersisa: 1" in head(shown)


def test_where_all_questions_count_alike_it_says_how_many_are_lacking(app: Flask, ada: Visitor, pack: InMemory) -> None:
    pack.replace(QUIZ, "points: 2\n", "")
    serve(app, pack)
    assert "2,5 dari 4 poin; ambang lulus 70% Kurang 1 soal benar lagi untuk lulus." in head(
        page(ada, taken(ada, ALMOST))
    )
    assert "Kurang 3 soal benar lagi untuk lulus." in head(page(ada, taken(ada, {})))


def test_topics_and_articles_are_told_the_worst_first(app: Flask, ada: Visitor, pack: InMemory) -> None:
    serve(app, pack)
    shown = page(ada, taken(ada, ALMOST | {"k-nama": ["penyebut"]}))
    topics, articles = shown.split('id="topik"')[1].split("</section>")[0].split("Menurut pasal")
    told = re.findall(r'<a class="target" href="([^"]+)">([^<]+)</a></th>\s*<td class="number">([^<]+)<', topics)
    assert told == [
        ("/materi/pecahan/sepertiga", "Sepertiga", "0 dari 1"),
        ("/materi/pecahan/setengah", "Setengah", "0 dari 2"),
    ]
    assert "UU Baru Pasal 3 ayat (2) 0 dari 1" in words(articles)


def test_the_map_tells_each_question_and_leads_to_its_line_also_from_what_is_filtered(
    app: Flask, ada: Visitor, pack: InMemory
) -> None:
    serve(app, pack)
    address = taken(ada, ALMOST | {"k-nama": [""]})
    shown = page(ada, address)
    assert sorted(mapped(shown)) == ["benar", "salah", "sebagian", "tidak dijawab"]
    assert lines(shown) == sorted(RIGHT)
    assert "Hanya yang meleset 3" in words(shown)
    missed = page(ada, f"{address}?tampil=meleset")
    assert lines(missed) == ["k-nama", "k-sama", "k-terbesar"]
    assert mapped(missed) == mapped(shown)
    places = set(re.findall(r'<li><a class="is-\w+" href="([^"]+)"', missed))
    assert places == {f"{address}#soal-k-pernyataan", "#soal-k-nama", "#soal-k-sama", "#soal-k-terbesar"}
    assert '<a class="target" href="/materi/pecahan/setengah#bagian-lebih-dalam">Setengah: Lebih dalam</a>' in missed
    assert lines(page(ada, f"{address}?tampil=menunggu")) == lines(shown)  # none waits, so all are shown


def test_until_questions_are_reviewed_nothing_tells_them_apart_but_what_was_answered(
    app: Flask, ada: Visitor, pack: InMemory
) -> None:
    pack.replace(QUIZ, "review: after-submit", WAITS)
    serve(app, pack)
    address = taken(ada, ALMOST | {"k-nama": [""]})
    shown = page(ada, address)
    assert "Belum lulus" in head(shown)
    assert "tampil setelah Anda lulus atau semua kesempatan terpakai" in head(shown)
    assert 'button-main" href="/materi/pecahan">Baca lagi: Pecahan<' in shown
    assert sorted(mapped(shown)) == ["dijawab", "dijawab", "dijawab", "tidak dijawab"]
    assert not re.search(r"Menurut (topik|pasal)|meleset|sign-(benar|salah|sebagian)|verdict-", shown)
    about = shown.split('id="baca"')[1].split("</section>")[0]
    assert re.findall(r'href="([^"]+)"', about) == ["/materi/pecahan/setengah", "/materi/pecahan/sepertiga"]
    assert lines(page(ada, f"{address}?tampil=meleset")) == lines(shown)


def test_the_lessons_to_read_meanwhile_do_not_hang_on_the_answers(app: Flask, ada: Visitor, pack: InMemory) -> None:
    pack.replace(QUIZ, "review: after-submit", WAITS)
    pack.replace(QUIZ, "attempts: 2", "attempts: 3")
    serve(app, pack)
    told = []
    for values in ({"k-terbesar": ["a"]}, {"k-nama": ["pembilang"]}):
        shown = page(ada, taken(ada, values))
        told.append(shown.split('id="baca"')[1].split("</section>")[0])
    assert told[0] == told[1]


def test_a_passed_quiz_leads_to_the_next_step_that_is_left(app: Flask, ada: Visitor, pack: InMemory) -> None:
    serve(app, pack)
    shown = page(ada, taken(ada, RIGHT))
    assert "Anda sudah mencapai ambang lulusnya." in head(shown)
    assert 'button-main" href="/lanjut?setelah=pecahan">Langkah berikutnya<' in shown
    following = ada.get("/lanjut?setelah=pecahan").location
    assert following == "/materi/pecahan/setengah", "what was passed over in its module"
    assert f'button-main" href="{following}"' in page(ada, "/beranda"), "the start page names the same"
    assert ada.get("/lanjut?setelah=tiada").status_code == 303


def test_once_no_step_is_left_the_next_one_is_to_see_what_was_done(app: Flask, ada: Visitor, pack: InMemory) -> None:
    for path in [path for path in pack.contents if re.match("modules/(sejarah|desimal)|quizzes/sejarah", path)]:
        del pack.contents[path]
    for path in [path for path in pack.contents if path.startswith("modules/pecahan/0")]:
        text = pack.contents[path].decode()
        pack.contents[path] = re.sub(r"(?ms)^```quiz.*?^```$", "", text).encode()
    serve(app, pack)
    for lesson in app.extensions["lms"].pack.current().every_lesson:
        ada.post(f"/materi/{lesson.id}/selesai")
    assert ada.get("/lanjut").location == "/kuis/pecahan"
    taken(ada, RIGHT)
    assert ada.get("/lanjut?setelah=pecahan").location == "/beranda", "which says what was done"


def test_whoever_has_no_attempt_left_reads_who_can_help(app: Flask, ada: Visitor, pack: InMemory) -> None:
    serve(app, pack)
    taken(ada, ALMOST)
    told = head(page(ada, taken(ada, ALMOST)))
    assert "Semua kesempatan untuk kuis ini sudah dipakai. Yang dapat memberi kesempatan lagi: Grace." in told
    assert "Coba lagi" not in told


def test_attempts_of_an_earlier_cohort_use_up_none_of_this_one(
    app: Flask, ada: Visitor, people: Cast, pack: InMemory
) -> None:
    serve(app, pack)
    taken(ada, ALMOST)
    address = taken(ada, ALMOST)
    moment = datetime.now(UTC)
    with app.extensions["lms"].database.transaction() as db:
        cohorts.enrol(db, cohorts.add(db, "Angkatan III", now=moment), people.ada, Place.PARTICIPANT, now=moment)
    for shown in (page(ada, address), page(ada, "/kuis/pecahan")):
        assert "Kesempatan tersisa: 2" in shown
        assert "sudah dipakai" not in shown


def test_that_time_ran_out_is_said_at_the_score(app: Flask, ada: Visitor) -> None:
    attempt = start(ada)
    save(ada, attempt, "k-terbesar", ["a"])
    overdue(app, attempt)
    ada.get(attempt)
    assert "1 dari 5 poin; ambang lulus 70% Waktunya habis." in head(page(ada, f"{attempt}/hasil"))


def test_a_weighted_answer_shows_its_points_and_is_no_mistake(ada: Visitor) -> None:
    attempt = start(ada, "semua-jenis")
    sent = {"answer-sj-bobot": "b", "revision-sj-bobot": "0", "action": "submit", "confirmed": "1"}
    ada.post(f"{attempt}/kumpulkan", sent)
    shown = page(ada, f"{attempt}/hasil?tampil=sebagian")
    assert lines(shown) == ["sj-bobot"]
    question = words(shown.split('id="soal-sj-bobot"')[1].split("</section>")[0])
    assert "Bernilai sebagian · 3 dari 5 poin Setiap pilihan berbobot sendiri" in question
    assert "elum tepat" not in question
    assert "sj-bobot" not in lines(page(ada, f"{attempt}/hasil?tampil=meleset"))


def test_a_result_speaks_the_readers_language(app: Flask, ada: Visitor, pack: InMemory) -> None:
    serve(app, pack)
    with app.extensions["lms"].database.transaction() as db:
        db.execute(update(User).values(language="en"))
    shown = page(ada, taken(ada, ALMOST))
    assert "Points still needed to pass: 1." in head(shown)
    assert "1 of 2 right ones chosen. Each right choice counts, but one wrong choice takes all points away." in words(
        shown
    )


def test_a_section_below_its_threshold_is_named_with_what_it_lacks(ada: Visitor) -> None:
    attempt = start(ada, "semua-jenis")
    ada.post(f"{attempt}/kumpulkan", {"action": "submit", "confirmed": "1"})
    assert "Bagian Memilih kurang 2 poin dari ambangnya." in head(page(ada, f"{attempt}/hasil"))


def test_one_question_of_four_does_not_stand_for_a_topic_of_all(app: Flask, ada: Visitor) -> None:
    pack = InMemory.copy_of(Folder.at(PACK))
    pack.replace(QUIZ, "cites: uu-baru#1\n", "cites: uu-baru#1\noutcomes: setengah.1\n")
    serve(app, pack)
    shown = page(ada, taken(ada, ALMOST))
    assert 'id="topik"' not in shown
    assert "UU Baru Pasal 1 0 dari 1" in words(shown.split('id="pasal"')[1])
    assert 'button-main" href="/materi/pecahan">Baca lagi: Pecahan<' in shown
