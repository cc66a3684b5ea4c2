"""Markdown as authors write it, HTML as readers get it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from lms.markup import Heading, Slot, fragment, inline, render


def html(text: str, world: Any) -> str:
    return "".join(str(part) for part in render(text, world).parts)


def test_headings_get_anchors_and_a_table_of_contents(world: Any) -> None:
    page = render("## Dasar hukum\n\n### Rinci\n\n## Dasar hukum\n", world)
    assert page.toc == (
        Heading("bagian-dasar-hukum", "Dasar hukum", 2),
        Heading("bagian-rinci", "Rinci", 3),
        Heading("bagian-dasar-hukum-2", "Dasar hukum", 2),
    )
    assert '<h2 id="bagian-dasar-hukum-2">' in "".join(map(str, page.parts))


def test_a_citation_leads_to_its_article_and_says_when_it_is_revoked(world: Any) -> None:
    page = render("[Pasal 1](reg:uu-baru#1), [lama](reg:uu-lama#4), [tiada](reg:uu-tiada#1)", world)
    text = "".join(map(str, page.parts))
    assert 'class="citation" href="#uu-baru-1" title="uu-baru 1"' in text
    assert 'class="citation revoked"' in text
    assert '<span class="missing">tiada</span>' in text
    assert page.citations == (("uu-baru", "1"), ("uu-lama", "4"))


def test_the_first_occurrence_of_a_term_is_marked_and_no_other(world: Any) -> None:
    page = render("## ASN\n\nASN dan ASN, non-ASN. Pegawai negeri, `PNS`.", world)
    text = "".join(map(str, page.parts))
    assert text.count('class="term"') == 2
    assert "arti &amp; makna" in text
    assert page.terms == ("asn", "pns")
    assert ">Pegawai negeri</a>" in text


def test_callouts_say_their_kind_in_words(world: Any) -> None:
    text = html("> [!CASE] Loket\n> Hari Senin.\n\n> [!WARNING]\n> Awas.\n", world)
    assert '<aside class="callout callout-case" role="note">' in text
    assert '<span class="callout-kind">Kasus:</span> Loket' in text
    assert '<p class="callout-title">Perhatian</p>' in text


def test_what_was_struck_out_is_struck_out(world: Any) -> None:
    assert html("Ini ~~dicoret~~ ~ ~~tidak ~~.", world) == "<p>Ini <del>dicoret</del> ~ ~~tidak ~~.</p>"


def test_an_address_may_begin_with_capitals(world: Any) -> None:
    text = html("[a](HTTPS://bkn.go.id/A) [b](Mailto:x@contoh.go.id)", world)
    assert re.findall(r'href="([^"]*)"', text) == ["https://bkn.go.id/A", "mailto:x@contoh.go.id"]


def test_a_footnote_without_a_word_is_no_error(world: Any) -> None:
    assert "<p>…" in html("Kata.[^1]\n\n[^1]: \n", world)


def test_no_cell_of_a_table_is_lost(world: Any) -> None:
    text = html("| a | b |\n|---|--:|\n| 1 | 2 | 3 | 4 |\n| 5 |", world)
    assert re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", text) == ["a", "b", "1", "2", "3", "4", "5", ""]


def test_bars_alone_make_no_table(world: Any) -> None:
    assert "<table" not in html("|\n|\n| kata", world)


def test_tables_align_without_style_and_scroll_in_their_frame(world: Any) -> None:
    text = html("| a | b |\n|---|---:|\n| 1 | 2 |\n", world)
    assert '<div aria-label="Tabel" class="table" role="group" tabindex="0">' in text
    assert '<td align="right">2</td>' in text
    assert "style" not in text


def test_a_self_check_leaves_a_slot_in_its_place(world: Any) -> None:
    page = render("Atas.\n\n```quiz\n## A {#a}\n```\n\nTengah.\n\n```quiz\n## B {#b}\n```\n", world)
    assert [part for part in page.parts if isinstance(part, Slot)] == [Slot(0), Slot(1)]
    assert [str(part) for part in page.parts if not isinstance(part, Slot)] == ["<p>Atas.</p>", "<p>Tengah.</p>"]


def test_pictures_come_from_the_pack_alone_and_with_their_size(world: Any) -> None:
    text = html("![Setengah](media/setengah.svg) ![luar](https://x.example/y.png)", world)
    assert 'src="/media/setengah.svg"' in text
    assert 'width="120"' in text
    assert 'height="60"' in text
    assert 'alt="Setengah"' in text
    assert "x.example" not in text


def test_links_lead_to_lessons_quizzes_terms_and_outside(world: Any) -> None:
    text = html("[a](lesson:a/b) [b](quiz:a) [c](term:asn) [d](https://lan.go.id) [e](mailto:a@b.example)", world)
    for part in ('href="/materi/a/b"', 'href="/kuis/a"', 'href="/glosarium#asn"', 'rel="noopener nofollow"'):
        assert part in text
    assert 'href="mailto:a@b.example"' in text


@pytest.mark.parametrize("text", ["- a\n  - b\n    - c", "1. a\n   - b\n2. c", "teks\n- a\n- b", "> - a\n>   - b"])
def test_lists_nest_as_in_commonmark(text: str, world: Any) -> None:
    found = html(text, world)
    assert found.count("<li>") == sum(
        line.strip(" >")[:1] in "-123" and line.strip() != "teks" for line in text.split("\n")
    )
    assert "- " not in found


def test_a_rule_ends_a_list_and_another_may_follow_it(world: Any) -> None:
    found = html("- a\n---\nkata\n- b", world)
    assert "- b" not in found
    assert [found.count(tag) for tag in ("<ul>", "<li>", "<hr")] == [2, 2, 1]


def test_footnotes_lead_there_and_back(world: Any) -> None:
    text = html("Kata.[^1]\n\n[^1]: Catatan.", world)
    assert 'class="footnote-ref"' in text
    assert 'class="footnote-backref"' in text
    assert "Kembali ke teks, catatan 1" in text


def test_raw_html_is_shown_as_text(world: Any) -> None:
    assert html("<b>tebal</b> & <i>", world) == "<p>&lt;b&gt;tebal&lt;/b&gt; &amp; &lt;i&gt;</p>"


def test_a_fragment_has_neither_anchors_nor_marked_terms_and_a_label_no_paragraph(world: Any) -> None:
    assert fragment("## ASN\n\nteks", world) == "<p>ASN</p>\n<p>teks</p>"
    assert inline("satu *kata*", world) == "satu <em>kata</em>"
    assert inline("dua\n\nalinea", world).count("<p>") == 2


def test_words_are_counted(world: Any) -> None:
    assert render("satu dua\n\ntiga", world).words == 3
