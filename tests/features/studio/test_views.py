"""What an editor sees of the pack's coverage of the law."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.conftest import Cast
from tests.visitor import Visitor

PAGE = "/penyunting/cakupan"


@pytest.fixture
def edsger(app: Flask, people: Cast) -> Visitor:
    return Visitor(app).sign_in("edsger")


def text(visitor: Visitor, path: str) -> str:
    answered = visitor.get(path)
    assert answered.status_code == 200, (path, answered.status_code)
    return answered.get_data(as_text=True)


def test_an_editor_sees_how_well_each_regulation_is_covered(edsger: Visitor) -> None:
    page = text(edsger, PAGE)
    assert "UU Baru" in page
    assert f'href="{PAGE}?regulation=uu-baru"' in page


def test_the_articles_of_one_lead_to_their_lessons_and_empty_cells_stand_out(edsger: Visitor) -> None:
    page = text(edsger, f"{PAGE}?regulation=uu-baru")
    assert '<a href="/materi/pecahan/setengah">Setengah</a>' in page
    assert "/regulasi/uu-baru#pasal-3.2" in page
    assert "kosong" in page
    assert "UU Lama</a>" not in page


def test_only_what_is_empty_is_shown_when_asked(edsger: Visitor) -> None:
    page = text(edsger, f"{PAGE}?regulation=uu-baru&empty=1")
    assert "badge-fair" in page
    assert "regulation=uu-baru&amp;empty=1" in text(edsger, f"{PAGE}?empty=1")


def test_an_unknown_regulation_is_not_there(edsger: Visitor) -> None:
    assert edsger.get(f"{PAGE}?regulation=tiada").status_code == 404


def test_the_way_there_is_shown_to_editors_only(app: Flask, people: Cast, edsger: Visitor) -> None:
    assert PAGE in text(edsger, "/beranda")
    for login in ("ada", "grace"):
        visitor = Visitor(app).sign_in(login)
        assert PAGE not in text(visitor, "/beranda")
        assert visitor.get(PAGE).status_code == 403


def test_an_outcome_shows_what_tests_it(app: Flask, edsger: Visitor) -> None:
    page = text(edsger, "/penyunting/tujuan")
    assert "1. Membagi tiga" in page
    assert "badge-bad" in page
    assert "Membagi tiga" in text(edsger, "/penyunting/tujuan?empty=1")


def test_what_nobody_read_against_the_law_is_listed(edsger: Visitor) -> None:
    page = text(edsger, "/penyunting/pemeriksaan")
    assert "Belum pernah diperiksa terhadap naskahnya (3)" in page
    assert "Naskahnya belum ditemukan." in page
    assert "quizzes/sejarah.md" in page


@pytest.mark.parametrize("path", ["/penyunting/tujuan", "/penyunting/pemeriksaan"])
def test_the_other_pages_are_for_editors_only_and_lead_to_each_other(app: Flask, edsger: Visitor, path: str) -> None:
    assert Visitor(app).sign_in("ada").get(path).status_code == 403
    page = text(edsger, path)
    for other in {PAGE, "/penyunting/tujuan", "/penyunting/pemeriksaan"} - {path}:
        assert f'href="{other}"' in page
