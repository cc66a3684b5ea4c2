"""The file of notes is Markdown in which nothing that was typed means anything."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markupsafe import Markup

from lms.features.notes.markdown import plain

_LINES = st.text(st.sampled_from("#>-+*_`~|[]()!<>&;\\1. ab\n=:^$\"'{}@/"), max_size=60)


@given(_LINES)
@example(
    "# judul\n> kutipan\n    kode\n1. satu\n<script>alert(1)</script>\n[a](javascript:b)\n---\n| a | b |\n|---|---|"
)
@example("a&amp;b &lt;i&gt; https://contoh.id <https://contoh.id>")
@example("satu\n===\ndua\\\ntiga\n\n\nempat")
def test_whatever_is_typed_comes_out_as_words_in_paragraphs(text: str) -> None:
    html = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(plain(text))
    assert set(re.findall(r"</?(\w+)", html)) <= {"p", "br"}, html
    assert Markup(html.replace("<br />", "\n").replace("</p>", "\n")).striptags() == " ".join(text.split())
    lines = [line for line in text.split("\n") if line.strip()]
    assert len(re.findall(r"<br />|</p>", html)) == len(lines), "each line is a line"
