"""The page of results, as a participant meets it."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from lms.catalog.load import load
from lms.catalog.source import Folder
from lms.search import search
from tests.catalog.memory import InMemory
from tests.conftest import PACK, Cast, Statements
from tests.visitor import Visitor


@pytest.fixture
def ada(app: Flask, people: Cast) -> Visitor:
    return Visitor(app).sign_in("ada")


def page(visitor: Visitor, asked: str, **more: str) -> str:
    answered = visitor.get("/cari", query_string={"q": asked, **more})
    assert answered.status_code == 200, asked
    return answered.get_data(as_text=True)


def replaced(app: Flask, *changes: tuple[str, str, str]) -> None:
    pack = InMemory.copy_of(Folder.at(PACK))
    for change in changes:
        pack.replace(*change)
    app.extensions["lms"].pack.replace(load(pack))


def test_a_result_leads_straight_to_its_heading_and_names_its_module(ada: Visitor) -> None:
    found = page(ada, "kemarin")
    assert 'href="/materi/pecahan/setengah#bagian-gambarnya"' in found
    assert "Materi · Pecahan" in found
    assert "<mark>kemarin</mark>" in found
    assert 'id="bagian-gambarnya"' in ada.get("/materi/pecahan/setengah").get_data(as_text=True)


def test_articles_and_terms_lead_to_their_places(ada: Visitor) -> None:
    assert 'href="/regulasi/uu-baru#pasal-3.2"' in page(ada, "pasal 3 ayat 2")
    assert 'href="/glosarium#pembilang"' in page(ada, "angka atas")


def test_results_stand_in_the_order_of_search_whatever_the_database(app: Flask, ada: Visitor) -> None:
    found = search(app.extensions["lms"].pack.current(), "bilangan")
    expected = [hit.page.id for hit in found.hits(0, 10)]
    shown = re.findall(r'<h3><a href="/(?:materi|regulasi|glosarium)[/#]([^"#]+)', page(ada, "bilangan"))
    assert shown == expected
    assert len(shown) > 1


def test_neither_the_questions_of_quizzes_nor_of_self_checks_are_found(ada: Visitor) -> None:
    for asked in ("danau terluas", "dua per empat", "Toba"):
        assert "/materi/pecahan/setengah#cek" not in page(ada, asked)
        assert "<mark>" not in page(ada, asked)


def test_a_misspelt_word_is_told(ada: Visitor) -> None:
    found = page(ada, "pembilamg")
    assert "“pembilamg” tidak ada dalam bahan ini. Menampilkan hasil untuk “pembilang”." in found
    assert "/glosarium#pembilang" in found


def test_an_empty_question_nothing_found_and_words_without_a_subject_each_help(ada: Visitor) -> None:
    assert "Coba misalnya" in page(ada, "  ")
    for asked, told in (("xyzzyqwv", "Belum ada yang cocok"), ("apa itu", "Kata itu terlalu umum")):
        found = page(ada, asked)
        assert told in found
        assert '<a href="/regulasi">' in found


def test_what_is_typed_and_what_authors_write_is_shown_as_text(app: Flask, ada: Visitor) -> None:
    replaced(app, ("modules/pecahan/01-setengah.md", "Sebuah roti", "Tanda <b>tebal</b> & <mark> roti"))
    found = page(ada, "roti tebal")
    assert "&lt;b&gt;<mark>tebal</mark>&lt;/b&gt; &amp; &lt;mark&gt; <mark>roti</mark>" in found
    for asked in ("<script>alert(1)</script>", '" onfocus=x', "x" * 10_000, "C++", "*", "😀", "\u202easn", "a\0sn"):
        found = page(ada, asked)
        assert "<script>alert" not in found
        assert '" onfocus' not in found


def test_many_results_are_paged_and_a_page_that_is_not_there_is_the_nearest(app: Flask, ada: Visitor) -> None:
    terms = "".join(f"istilah-{n}:\n  term: buah nomor {n}\n  meaning: Sebutir buah.\n" for n in range(23))
    replaced(app, ("content/glossary.yml", "pembilang:\n", f"{terms}pembilang:\n"))
    assert page(ada, "buah").count('<li class="entry">') == 10
    assert page(ada, "buah", page="3").count('<li class="entry">') == 3
    assert page(ada, "buah", page="99").count('<li class="entry">') == 3
    assert "23 halaman ditemukan" in page(ada, "buah", page="x")
    assert "?q=buah&amp;page=2" in page(ada, "buah")


def test_a_search_asks_the_database_only_who_is_asking_and_for_their_notes(
    ada: Visitor, statements: Statements
) -> None:
    page(ada, "roti")
    assert statements.of(lambda: page(ada, "setengah roti")) == 2


def test_strangers_are_sent_to_the_door(app: Flask) -> None:
    assert Visitor(app).get("/cari?q=roti").status_code == 303
