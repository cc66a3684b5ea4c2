"""Markdown as authors write it, HTML as readers get it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lms.markup import Heading, Slot, fragment, inline, render
from tests.markup.conftest import World


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
    assert "footnote-backref" in html("Kata.[^1]\n\n[^1]: \n", world)


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


@pytest.mark.parametrize(
    "text", ["- a\n## b\nkata\n- c", "- a\n  - b\n## c\nkata\n- d", "> - a\n> ## b\n> kata\n> - c"]
)
def test_a_heading_ends_a_list_and_another_may_follow_its_text(text: str, world: Any) -> None:
    found = html(text, world)
    assert found.count("<li>") == text.count("- ")
    assert [found.count(tag) for tag in ("<h2", "<p>kata</p>")] == [1, 1]


@pytest.mark.parametrize("text", ["1. a\n| kata\n- b", "- a\n| kata\n1. b", "1. a\n   - b\n| kata\n- c"])
def test_a_list_of_another_kind_follows_text_that_left_the_one_before(text: str, world: Any) -> None:
    found = html(text, world)
    assert found.count("<li>") == len(re.findall(r"^ *[-1]", text, re.MULTILINE))
    assert (found.count("<ol>"), found.count("<ul>")) == (1, text.count("-"))


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


def test_struck_text_stands_in_its_sentence(world: Any) -> None:
    assert (
        html("Ini ~~lama *sekali*~~ baru, a ~ b.", world) == "<p>Ini <del>lama <em>sekali</em></del> baru, a ~ b.</p>"
    )
    assert "del" not in html("~~~~ dan ~~ x ~~ dan `~~y~~` dan \\~~z", world)


def test_tasks_have_a_mark_that_says_what_it_means(world: Any) -> None:
    text = html("- [ ] satu\n- [x] dua\n- \\[x] tiga\n- [y] empat", world)
    assert text.count('<li class="task">') == 2
    assert '<span aria-label="belum" class="tick" role="img">☐</span> satu' in text
    assert '<span aria-label="sudah" class="tick" role="img">☑</span> dua' in text
    assert fragment("- [X] satu", world).count("☑") == 1
    assert "<input" not in text


@pytest.mark.parametrize(
    ("text", "address", "rest"),
    [
        ("Buka https://a.id/b_c_d?x=1.", "https://a.id/b_c_d?x=1", "</a>.</p>"),
        ("(lihat http://a.id/b_(c))", "http://a.id/b_(c)", "</a>)</p>"),
        ("**HTTPS://a.id/**", "https://a.id/", "</a></strong></p>"),
        ("www.a.id, lalu", "https://www.a.id", "</a>, lalu</p>"),
        ("https://a.id/x\\_y", "https://a.id/x_y", "</a></p>"),
        ("https://a.id/`b`", "https://a.id/", "</a><code>b</code></p>"),
    ],
)
def test_a_bare_address_is_a_link_without_the_marks_of_its_sentence(
    text: str, address: str, rest: str, world: Any
) -> None:
    found = html(text, world)
    assert f'<a href="{address}" rel="noopener nofollow">' in found
    assert found.endswith(rest)


@pytest.mark.parametrize(
    "text", ["`https://a.id`", "[https://a.id](quiz:a)", "x@www.a.id", "https://", "www.a", "a.https://b"]
)
def test_what_is_no_bare_address_is_none(text: str, world: Any) -> None:
    assert "rel=" not in html(text, world)


def test_a_link_to_a_heading_leads_there_wherever_it_stands(world: Any) -> None:
    text = html("[a](#dasar-hukum) [b](#Dasar hukum) [c](#tiada)\n\n## Dasar hukum", world)
    assert text.count('<a href="#bagian-dasar-hukum">') == 2
    assert '<span class="missing">c</span>' in text
    assert 'href="/materi/a/b#bagian-cuti"' in html("[a](lesson:a/b#cuti)", world)
    assert "missing" in fragment("## A\n\n[a](#a)", world)


def test_a_scheme_may_be_written_in_capitals(world: Any) -> None:
    text = html("[a](REG:uu-baru#1) [b](HTTPS://a.id) [c](Mailto:a@b.id) [d](LESSON:a/b) [e](Quiz:a)", world)
    for part in ('href="#uu-baru-1"', 'href="https://a.id"', 'href="mailto:a@b.id"', "/materi/a/b", "/kuis/a"):
        assert part in text


def test_a_backslash_breaks_a_line(world: Any) -> None:
    assert html("Jalan\\\nJakarta", world) == "<p>Jalan<br>\nJakarta</p>"


def test_a_number_of_two_digits_holds_what_is_set_in_by_three(world: Any) -> None:
    text = html("10. a\n   - b\n11. c", world)
    assert text.count("<ol") == 1
    assert "<li>a<ul>" in text


@pytest.mark.parametrize("text", ["- a\n\n  lanjut\n - b", "- a\n  - b\n\n    lanjut\n- c", "1. a\n\n   b\n2. c"])
def test_an_item_after_a_further_paragraph_is_an_item(text: str, world: Any) -> None:
    found = html(text, world)
    assert not re.search(r"[-2][ .]", re.sub("<[^>]*>", "", found))
    assert found.startswith(("<ul>", "<ol>"))
    assert found.count("<li>") == len(re.findall(r"^ *[-12]", text, re.MULTILINE))


@pytest.mark.parametrize("text", ["*a**b*[x](quiz:a)", "**a*b**c", "*a**b*c", "*a**b*`c`", "_a**b_*[x](quiz:a)**"])
def test_no_mark_of_the_renderer_shows(text: str, world: Any) -> None:
    assert "klzz" not in html(text, world)


def test_a_heading_keeps_a_hash_of_its_own(world: Any) -> None:
    assert [one.title for one in render("## C#\n\n## D ##\n\n## E \\#", world).toc] == ["C#", "D", "E #"]


@pytest.mark.parametrize(
    "start", ["<nama>", "“Kata", "12", "*Kata*", "[kata](quiz:a)", "![a](media/setengah.svg)", "- kata"]
)
def test_a_large_initial_is_for_words_alone(start: str, world: Any) -> None:
    assert '<p class="opens">' in html("Kata" + " kata" * 40, world)
    assert "opens" not in html(start + " kata" * 40, world)
    assert "opens" not in html("Kata kata.", world)


@given(st.text(alphabet=st.sampled_from("ab *_~[]()`\\:/.w!|-1x\n"), max_size=60))
@settings(max_examples=400, deadline=None)
def test_whatever_is_written_no_mark_of_the_renderer_shows(text: str) -> None:
    assert "klzz" not in html(text, World())


NOTES = [
    "[^1]",
    "[^1]: ",
    "[^1]:",
    "\n",
    "\n\n",
    "    ",
    "> ",
    "- ",
    "a",
    "[^2]: x\n",
    "[^2]",
    "```",
    "---",
    "| a |\n|---|\n",
]


@given(st.lists(st.sampled_from(NOTES), max_size=12).map("".join))
@example("> [^1]:")
@example("a[^1][^1]\n\n[^1]:[^2]: x\n")
@settings(max_examples=400, deadline=None)
def test_no_note_however_empty_stops_a_page(text: str) -> None:
    assert "klzz" not in html(text, World())
