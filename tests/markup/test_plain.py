"""Plain words read without rendering: what is read of a page is what the page shows."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

import pytest

from lms.catalog import rendering
from lms.catalog.load import load
from lms.catalog.source import Folder, bundled
from lms.markup import Rendered, plain_sections
from tests.conftest import PACK

_WORD = re.compile(r"\w+")


class Shown(HTMLParser):
    """The words of a page under each of its headings, and those of its footnotes.

    What a box says of its kind, and the number of a footnote, are no words of the author's.
    """

    def __init__(self, page: Rendered) -> None:
        super().__init__()
        self.said: list[str] = [""]
        self.notes = ""
        self._unsaid: list[str] = []  # tags whose words are not the section's
        self._in_notes = False
        for part in page.parts:
            if isinstance(part, str):
                self.feed(re.sub(r'<p class="callout-title">(?:Catatan|Kiat|Penting|Perhatian|Kasus)</p>', "", part))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._say(" " if tag not in {"a", "em", "strong", "code", "del"} else "")
        if tag in {"h2", "h3"}:
            self.said.append("")
        if tag in {"h2", "h3", "sup"} or (tag == "span" and ("class", "callout-kind") in attrs):
            self._unsaid.append(tag)
        self._in_notes |= ("class", "footnote") in attrs

    def handle_endtag(self, tag: str) -> None:
        if self._unsaid and self._unsaid[-1] == tag:
            self._unsaid.pop()

    def handle_data(self, data: str) -> None:
        self._say(data)

    def _say(self, text: str) -> None:
        if self._in_notes:
            self.notes += text
        elif not self._unsaid:
            self.said[-1] += text


def counted(*texts: str) -> Counter[str]:
    return Counter(word for text in texts for word in _WORD.findall(text))


@pytest.mark.parametrize("store", [bundled(), Folder.at(PACK)], ids=["shipped", "small"])
def test_headings_anchors_words_and_citations_are_those_of_the_page(store: Folder) -> None:
    """A footnote is read where it is written; the page shows it at its end."""
    catalog = load(store)
    for lesson in catalog.every_lesson:
        page, read = rendering.lesson(catalog, lesson), plain_sections(lesson.body)
        assert [one.heading for one in read if one.heading] == list(page.toc), lesson.id
        shown = Shown(page)
        said = shown.said if shown.said[0].strip() else shown.said[1:]
        for one, expected in zip(read, said, strict=True):
            assert counted(expected) <= counted(one.text), (lesson.id, one.heading)
        assert counted(*(one.text for one in read)) == counted(*said, shown.notes), lesson.id
        assert {cite for one in read for cite in one.cites} >= set(page.citations), lesson.id


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Baca **Pasal 4** *ini*, ~~bukan~~ `a_b`.", "Baca Pasal 4 ini, bukan a_b."),
        ("Lihat [Pasal [4] ayat (1)](reg:uu-a#4.1) dan ![gambar](a.svg) itu.", "Lihat Pasal [4] ayat (1) dan itu."),
        ("> [!NOTE] Judul\n> Isi.\n\n- [x] sudah\n- butir", "Judul Isi. sudah butir"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "a · b · 1 · 2"),
        ("Kata[^1].\n\n[^1]: Catatan.", "Kata . Catatan."),
        (r"\*bukan\* tebal &amp; snake_case", "*bukan* tebal & snake_case"),
    ],
)
def test_marks_are_not_read(written: str, said: str) -> None:
    assert " ".join(one.text for one in plain_sections(written)) == said


def test_a_heading_has_the_anchor_of_the_page_also_when_it_is_called_as_another() -> None:
    text = "Awal\n\n## Sama\n\na\n\n#### Sama\n\nb\n\n### Sama ###\n\nc\n\nDi bawah\n---\n\nd"
    read = [(one.heading and one.heading.id, one.text) for one in plain_sections(text)]
    assert read == [(None, "Awal"), ("bagian-sama", "a Sama b"), ("bagian-sama-3", "c"), ("bagian-di-bawah", "d")]


def test_no_question_is_read_nor_a_text_that_no_page_shows() -> None:
    asked = "## Awal\n\nIsi.\n\n```quiz\n## Rahasia\n\nApa?\n\n- (x) Kunci\n```\n\nAkhir.\n\n```\n# *Pesan*\n```"
    assert [one.text for one in plain_sections(asked)] == ["Isi. Akhir. # *Pesan*"]
    assert plain_sections("a" * 300_000) == ()
