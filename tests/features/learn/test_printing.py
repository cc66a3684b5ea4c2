"""A module on paper."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from lms.catalog.load import load
from lms.catalog.source import Folder
from tests.catalog.memory import InMemory
from tests.conftest import PACK, Cast, Statements
from tests.visitor import Visitor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def printed(app: Flask, people: Cast) -> str:
    answered = Visitor(app).sign_in("ada").get("/cetak/pecahan")
    assert answered.status_code == 200
    return answered.get_data(as_text=True).partition("<main")[2].partition("</main")[0]


def test_all_lessons_stand_on_one_page_in_their_order(printed: str) -> None:
    assert re.findall(r'<h2 id="judul-[^>]*>(.*?)</h2>', printed) == ["1. Setengah", "2. Sepertiga"]
    assert "Sebuah roti dibagi dua." in printed
    assert "UU Baru" in printed.partition('id="sumber"')[2]


def test_self_checks_are_asked_and_no_key_is_told_whoever_answered(app: Flask, people: Cast) -> None:
    ada = Visitor(app).sign_in("ada")
    ada.post("/materi/pecahan/setengah/cek/cek-bagian", {"cek-bagian": "a"})
    page = ada.get("/cetak/pecahan").get_data(as_text=True)
    assert "Setengah adalah satu dari berapa bagian?" in page
    for told in (
        "Kata setengah berarti",
        "Itu sepertiga.",
        "Sederhanakan dua per empat",
        "Periksa</button>",
        "checked",
    ):
        assert told not in page


def test_two_lessons_do_not_share_the_name_of_a_place_and_every_link_of_the_page_leads_to_one(printed: str) -> None:
    places = re.findall(r' id="([^"]+)"', printed)
    assert len(places) == len(set(places))
    assert "setengah-bagian-gambarnya" in places
    assert set(re.findall(r' href="#([^"]+)"', printed)) <= set(places)


def test_what_a_list_offers_on_the_screen_is_written_out(app: Flask, people: Cast) -> None:
    memory = InMemory.copy_of(Folder.at(PACK))
    check = "\n".join(
        (
            "```quiz",
            "## Urutan {#cek-urutan}",
            "type: ordering",
            "tags: C3",
            "",
            "Urutkan.",
            "",
            "1. Satu",
            "2. Dua",
            "3. Tiga",
            "```",
            "",
            "## Penutup",
        )
    )
    memory.replace("modules/pecahan/01-setengah.md", "## Penutup", check)
    app.extensions["lms"].pack.replace(load(memory))
    page = Visitor(app).sign_in("ada").get("/cetak/pecahan").get_data(as_text=True)
    offered = re.search(r"Pilihan: (.*?)</p>", page)
    assert offered
    assert set(offered[1].split(" · ")) == {"Satu", "Dua", "Tiga"}


def test_it_asks_the_database_for_nothing_but_who_is_asking(app: Flask, people: Cast, statements: Statements) -> None:
    ada = Visitor(app).sign_in("ada")
    assert statements.of(lambda: ada.get("/cetak/pecahan")) == 1


def test_a_module_leads_to_its_print(app: Flask, people: Cast) -> None:
    assert 'href="/cetak/pecahan"' in Visitor(app).sign_in("ada").get("/materi/pecahan").get_data(as_text=True)
