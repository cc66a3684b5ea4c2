"""Texts and parts of pages that are placed once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markupsafe import Markup

from lms import create_app
from lms.catalog.model import Lesson
from lms.config import Settings
from lms.web.site import catalog
from lms.web.stencils import Stencil, blank
from lms.web.texts import fragment, lesson_text


def test_a_stencil_fills_its_blanks_and_escapes_what_is_no_markup() -> None:
    stencil = Stencil(f"<p>{blank('name')} {blank('mark')} {blank('name')}</p>")
    assert stencil.fill({"name": "<b>", "mark": Markup("<i>7</i>")}) == "<p>&lt;b&gt; <i>7</i> &lt;b&gt;</p>"
    assert stencil.fill({"name": 1, "mark": ""}) == "<p>1  1</p>"
    assert Stencil(f"100% %s {blank('a_b')}").fill({"a_b": "%(name)s 5%"}) == "100% %s %(name)s 5%"


def test_a_blank_without_a_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        Stencil(f"{blank('name')}").fill({})


def test_what_an_author_wrote_is_no_blank() -> None:
    assert Stencil("\x02name\x03 {name} {{ name }}").fill({}) == "\x02name\x03 {name} {{ name }}"


def lesson_html(lesson: Lesson) -> str:
    return "".join(part for part in lesson_text(lesson).parts if isinstance(part, str))


def test_every_reference_of_the_shipped_pack_leads_somewhere_and_every_picture_is_shown(tmp_path: Path) -> None:
    app = create_app(
        Settings(secret_key="for this test only, and long enough", database_url=f"sqlite:///{tmp_path}/lms.db")
    )
    shown = set()
    with app.test_request_context():
        for module in catalog().modules.values():
            pages = [fragment(module.introduction, module.id), *map(lesson_html, module.lessons)]
            for html in pages:
                assert 'class="missing"' not in html, module.id
                shown |= set(re.findall(r'<img[^>]* src="([^"]+)"', html))
            written = sum(len(re.findall(r"!\[", lesson.body)) for lesson in module.lessons)
            assert sum(html.count("<img ") for html in pages[1:]) == written, module.id
    assert len(shown) >= 20
    for address in shown:
        with app.test_client().get(address) as picture:
            assert picture.status_code == 200, address
