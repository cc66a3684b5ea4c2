"""Help, for whoever needs it: also for those who cannot come in."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from lms.features.guides.guides import every_guide
from lms.features.guides.views import FOR
from tests.conftest import Cast
from tests.visitor import Visitor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def page(visitor: Visitor, path: str, status: int = 200) -> str:
    answered = visitor.get(path)
    assert answered.status_code == status, path
    return answered.get_data(as_text=True)


def listed(visitor: Visitor) -> list[str]:
    return re.findall(r'<h2 [^>]*><a href="/bantuan/([\w-]+)">', page(visitor, "/bantuan"))


def test_a_stranger_who_lost_a_password_finds_what_to_do(app: Flask) -> None:
    stranger = Visitor(app)
    assert 'href="/bantuan/peserta#bagian-masuk"' in page(stranger, "/masuk")
    found = page(stranger, "/bantuan?q=lupa sandi")
    assert 'href="/bantuan/peserta#bagian-masuk"' in found
    assert "<mark>" in found
    assert 'id="bagian-masuk"' in page(stranger, "/bantuan/peserta")


def test_a_search_that_finds_nothing_says_so_and_offers_the_guide(app: Flask) -> None:
    found = page(Visitor(app), "/bantuan?q=kucing")
    assert "Belum ada yang cocok" in found
    assert 'href="/bantuan/peserta"' in found


def test_everybody_is_offered_the_guides_of_their_own_work(app: Flask, people: Cast) -> None:
    assert listed(Visitor(app)) == listed(Visitor(app).sign_in("ada")) == ["peserta"]
    assert listed(Visitor(app).sign_in("grace")) == ["peserta", "pengampu", "arti-angka", "lti"]
    edsger = Visitor(app).sign_in("edsger")
    assert listed(edsger) == ["peserta", "penyunting", "markdown", "jenis-soal", "kode-periksa"]
    assert "/bantuan/jenis-soal#" in page(edsger, "/bantuan?q=soal berbobot")
    assert "/bantuan/jenis-soal#" not in page(Visitor(app), "/bantuan?q=soal berbobot")


def test_every_guide_is_shown_whole_and_its_links_lead_somewhere(app: Flask) -> None:
    assert set(FOR) == set(every_guide())
    stranger = Visitor(app)
    for name, guide in every_guide().items():
        shown = page(stranger, f"/bantuan/{name}")
        assert f"<h1>{guide.title}</h1>" in shown
        assert 'class="missing"' not in shown, name
        assert "belum dapat ditampilkan" not in shown, name
        for anchor in re.findall(r'href="#([^"]+)"', shown):
            assert f'id="{anchor}"' in shown, (name, anchor)
    assert 'href="/bantuan/kode-periksa"' in page(stranger, "/bantuan/penyunting")


def test_an_error_leads_to_help(app: Flask) -> None:
    assert (
        'href="/bantuan"' in page(Visitor(app), "/bantuan/tidak-ada", 404).partition("<main")[2].partition("</main")[0]
    )
