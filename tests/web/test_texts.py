"""Pieces of pages that are placed once."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from lms.web.texts import Stencil, blank


def test_a_stencil_fills_its_blanks_and_escapes_what_is_no_markup() -> None:
    stencil = Stencil(f"<p>{blank('name')} {blank('mark')} {blank('name')}</p>")
    assert stencil.fill({"name": "<b>", "mark": Markup("<i>7</i>")}) == "<p>&lt;b&gt; <i>7</i> &lt;b&gt;</p>"
    assert stencil.fill({"name": 1, "mark": ""}) == "<p>1  1</p>"


def test_a_blank_without_a_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        Stencil(f"{blank('name')}").fill({})


def test_what_an_author_wrote_is_no_blank() -> None:
    assert Stencil("\x02name\x03 {name} {{ name }}").fill({}) == "\x02name\x03 {name} {{ name }}"
