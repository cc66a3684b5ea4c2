"""A text in pieces: every block with its lines, every entry of a list as it was meant, and no note of editors."""

from __future__ import annotations

import re

import pytest

from lms.quiz.markdown import code_lines, covered_lines, cut, in_prose, unquoted
from lms.quiz.notes import Bare, clean, without_notes
from lms.quiz.written import Block, Entry, verbatim

NOTED = frozenset({7})


def blocks(text: str, first_line: int = 1) -> list[Block]:
    """The blocks of a text without headings."""
    introduction, parts = cut(text, first_line, frozenset())
    assert parts == []
    return introduction


def entries(text: str) -> list[tuple[int, str, str]]:
    (block,) = blocks(text)
    return [(one.line, one.text, one.quote) for one in block.entries]


# --- blocks ---------------------------------------------------------------------------------------------------------


def test_a_heading_of_level_one_or_two_opens_a_part():
    text = "Awal.\n\n# Satu  \nA\n\n##  Dua {#dua} \n### Tiga\nB\n\n## Empat\n"
    introduction, parts = cut(text, 11, NOTED)
    assert introduction == [Block("paragraph", 11, 12, "Awal.")]
    assert [(part.level, part.line, part.heading) for part in parts] == [
        (1, 13, "Satu"),
        (2, 16, "Dua {#dua}"),
        (2, 20, "Empat"),
    ]
    assert [part.blocks for part in parts] == [
        [Block("paragraph", 14, 15, "A")],
        [Block("h3", 17, 18, "### Tiga"), Block("paragraph", 18, 19, "B")],
        [],
    ]
    assert {part.noted for part in parts} == {NOTED}


def test_a_heading_inside_another_block_opens_nothing():
    found = blocks("> ## Kutipan\n\n- # Butir\n\n```\n## Kode\n```\n")
    assert [(block.type, block.line, block.end) for block in found] == [
        ("blockquote", 1, 2),
        ("bullet_list", 3, 4),
        ("fence", 5, 8),
    ]


def test_every_block_is_its_own_source():
    text = "Satu\n  dua  \n\n\n***\n    kode\n\n\n> kutip\nlanjut\n\n<b>\n\n1) a\n"
    assert [(block.type, block.line, block.end, block.text) for block in blocks(text, 3)] == [
        ("paragraph", 3, 5, "Satu\n  dua  "),
        ("hr", 7, 8, "***"),
        ("code_block", 8, 9, "    kode"),
        ("blockquote", 11, 13, "> kutip\nlanjut"),
        ("html_block", 14, 15, "<b>"),
        ("ordered_list", 16, 17, "1) a"),
    ]
    assert list(blocks(text, 3)[0].numbered()) == [(3, "Satu"), (4, "  dua  ")]


def test_lines_under_a_text_make_no_heading_and_brackets_no_link():
    assert [(block.type, block.text) for block in blocks("Judul\n---\n\n[a]: b\n")] == [
        ("paragraph", "Judul"),
        ("hr", "---"),
        ("paragraph", "[a]: b"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("= ya\n= juga", [("answers", 4, 6, "= ya\n= juga")]),
        ("Apa?\n= ya\nlagi", [("paragraph", 4, 5, "Apa?"), ("answers", 5, 7, "= ya\nlagi")]),
        ("Apa?\nini\n  = ya", [("paragraph", 4, 6, "Apa?\nini"), ("answers", 6, 7, "  = ya")]),
        ("Apa = ini?", [("paragraph", 4, 5, "Apa = ini?")]),
        ("Apa?\n\n= ya", [("paragraph", 4, 5, "Apa?"), ("answers", 6, 7, "= ya")]),
        ("> = ya", [("blockquote", 4, 5, "> = ya")]),
        ("```\n= ya\n```", [("fence", 4, 7, "```\n= ya\n```")]),
    ],
)
def test_answers_begin_with_the_first_line_that_has_a_sign(text, found):
    assert [(block.type, block.line, block.end, block.text) for block in blocks(text, 4)] == found


# --- lists ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("- a\n- b", [(1, "a", ""), (2, "b", "")]),
        ("*  a\n\n*  b\n", [(1, "a", ""), (3, "b", "")]),
        ("9. a\n10. b\n    c", [(1, "a", ""), (2, "b\nc", "")]),
        ("  1) a\n     b", [(1, "a\nb", "")]),
        ("- a\nmalas\n- b", [(1, "a\nmalas", ""), (3, "b", "")]),
        ("- a\n  > ya\n  > tentu\n- b", [(1, "a", "ya\ntentu"), (4, "b", "")]),
        ("- a\n  > satu\n\n  > dua\n", [(1, "a", "satu\n\ndua")]),
        ("- a\n  > satu\n\n  lagi\n\n  > dua\n", [(1, "a\n\nlagi", "satu\n\ndua")]),
        ("- > hanya kutipan", [(1, "", "hanya kutipan")]),
        ("- a\n- > b", [(1, "a", ""), (2, "", "b")]),
        ("- a\n- b\n  > ya\n\n  lagi", [(1, "a", ""), (2, "b\n\nlagi", "ya")]),
        ("- a\n  - b\n    > dalam\n", [(1, "a\n- b\n  > dalam", "")]),
        ("-\n- b", [(1, "", ""), (2, "b", "")]),
        ("-     kode\n- b", [(1, "kode", ""), (2, "b", "")]),
        ("- a\n\n      kode\n\n  c", [(1, "a\n\n    kode\n\nc", "")]),
        ("- a\n  ```\n  > kode\n  ```\n- b\n  > ya", [(1, "a\n```\n> kode\n```", ""), (5, "b", "ya")]),
        ("123456789. a", [(1, "a", "")]),
    ],
)
def test_an_entry_is_its_text_and_the_quotes_in_it(text, found):
    assert entries(text) == found


def test_an_entry_stands_on_its_line_of_the_file():
    (block,) = blocks("- a\n\n\n- b\n  > ya\n\n\n", 21)
    assert (block.line, block.end) == (21, 26)
    assert block.entries == (Entry(21, "a", ""), Entry(24, "b", "ya"))


def test_only_lists_have_entries():
    assert [block.entries for block in blocks("> - a\n\nTeks.\n")] == [(), ()]


# --- lines ----------------------------------------------------------------------------------------------------------


def test_code_is_found_by_its_lines():
    text = "Teks\n\n    satu\n\n    dua\n\n```\nx\n```\n- a\n\n  ~~~\n  y\n  ~~~\n\n`bukan`"
    assert code_lines(text) == {2, 3, 4, 6, 7, 8, 11, 12, 13}
    assert code_lines("> teks") == frozenset()


def test_lines_between_blocks_are_covered_by_none():
    assert covered_lines("\nA\nB\n\n- a\n\n- b\n\n\n## C\n") == {1, 2, 4, 5, 6, 9}
    assert covered_lines("") == frozenset()


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("ab x ab", [0, 5]),
        ("`ab` ab", [5]),
        ("ab `ab` ab `ab`", [0, 8]),
        ("``a ab ` ab`` ab", [14]),
        ("` ab", [2]),
        ("x\n`ab`\nab", [7]),
        ("```\nab\n```\nab\n\n    ab\n\nab", [11, 23]),
        ("a\nb", []),
        ("`x` ab `y`", [4]),
        ("`x`ab", [3]),
    ],
)
def test_what_is_shown_as_code_is_no_prose(text, places):
    assert [found.start() for found in in_prose(re.compile("ab"), text)] == places


def test_what_begins_before_code_is_prose():
    assert [found[0] for found in in_prose(re.compile("a`?b"), "a`b` `ab`")] == ["a`b"]


def test_a_quote_is_unquoted_line_by_line():
    assert unquoted("> satu\n>dua\n   >  tiga\n    > empat\nlima\n> > enam") == (
        "satu\ndua\n tiga\n    > empat\nlima\n> enam"
    )


def test_neighbours_are_put_together_as_they_stood():
    assert verbatim([]) == ""
    one, two, three = Block("hr", 1, 2, "a"), Block("hr", 2, 4, "b\nc"), Block("hr", 7, 8, "d")
    assert verbatim([one, two, three]) == "a\nb\nc\n\nd"


# --- notes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("\ufeffa\ufeff", "a\ufeff"),
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\0b", "a\ufffdb"),
        ("\ta\n12\tb", "    a\n12  b"),
        ("a\ud800b", "a?b"),
        ("tetap \u00e9", "tetap \u00e9"),
    ],
)
def test_a_text_is_taken_as_it_comes(text, cleaned):
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    ("text", "bare", "noted", "unclosed"),
    [
        ("a\n\nb", "a\n\nb", set(), None),
        ("a <!-- x --> b", "a  b", set(), None),
        ("<!-- x -->\nb", "\nb", {5}, None),
        ("a\n  <!-- x\ny -->  \nb", "a\n  \n  \nb", {6, 7}, None),
        ("a <!-- x\n\ny --> b", "a \n\n b", set(), None),
        ("<!-- satu --><!-- dua -->\n<!-- tiga -->", "\n", {5, 6}, None),
        ("<!--> tampak", " tampak", set(), None),
        ("<!-- a <!-- b --> c -->", " c -->", set(), None),
        ("<!-- a <!-- b --> c <!-- d -->", " c ", set(), None),
        ("a\nb <!-- x\ny", "a\nb \n", {7}, 6),
        ("<!-- x --> a <!-- y", " a ", set(), 5),
        ("`<!-- x -->` b <!-- y -->", "`<!-- x -->` b ", set(), None),
        ("    <!-- kode -->", "    <!-- kode -->", set(), None),
    ],
)
def test_notes_are_left_out_and_lines_stay_where_they_are(text, bare, noted, unclosed):
    assert without_notes(text, 5) == Bare(bare, frozenset(noted), unclosed)
