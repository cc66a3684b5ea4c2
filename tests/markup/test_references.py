"""One reader of references: what is read without rendering is what the page shows."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lms.catalog.load import load
from lms.catalog.source import bundled
from lms.markup import Target, flaws_of, references, render


class Everything:
    """Knows whatever it is asked for, and remembers it."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def _found(self, reference: str) -> Target:
        self.asked.append(reference)
        return Target("/x")

    def citation(self, regulation: str, locator: str) -> Target:
        return self._found(f"reg:{regulation}#{locator}")

    def lesson(self, id: str) -> Target:
        return self._found(f"lesson:{id}")

    def quiz(self, id: str) -> Target:
        return self._found(f"quiz:{id}")

    def term(self, id: str) -> Target:
        return self._found(f"term:{id}")

    def picture(self, path: str) -> Target:
        return self._found(path)

    def terms(self) -> Mapping[str, str]:
        return {}


def shown(text: str) -> list[str]:
    """What the page of a text refers to."""
    links = Everything()
    render(text, links)
    return sorted(links.asked)


def read(text: str) -> list[str]:
    found = references(text)
    cited = [f"reg:{'#'.join(one.cites)}" for one in found if one.cites]
    pictures = [one.href for one in found if one.picture and one.href.endswith((".svg", "#s"))]
    others = [one.href for one in found if not one.picture and one.href.startswith(("lesson:", "quiz:"))]
    return sorted(cited + pictures + others)


@pytest.mark.parametrize(
    "text",
    [
        "`[a](reg:x#1)`",
        "``a ` [a](reg:x#1)``",
        "`dua\nbaris [a](reg:x#1)`",
        "```\n[a](reg:x#1)\n```",
        "> ~~~\n> [a](reg:x#1)\n> ~~~",
        "\\[a](reg:x#1)",
        "[a\\](reg:x#1)",
        "[a] (reg:x#1)",
        "[a]\n(reg:x#1)",
        "[a\n\nb](reg:x#1)",
        "- [a\n- b](reg:x#1)",
        "[a](reg:x#1",
        "![a](reg:x#1)",
        "![kata [a](reg:x#1)](a.svg)",
        "[luar](https://contoh.example/(reg:x#1))",
        "(reg:x#1)",
        "reg:x#1",
        "<reg:x#1>",
    ],
)
def test_what_renders_no_citation_cites_nothing(text: str) -> None:
    assert [one.cites for one in references(text) if one.cites] == []
    assert [one for one in shown(text) if one.startswith("reg:")] == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[a](reg:x#1)", 1),
        ("[a](<reg:x#1>)", 1),
        ("[a]( reg:x#1 )", 1),
        ('Baris.\n[a](reg:x#1 "judul (satu)")', 2),
        ("[kata\ndua](reg:x#1)", 1),
        ("[`kode`](reg:x#1)", 1),
        ("[a [b] c](reg:x#1)", 1),
        ("\\![a](reg:x#1)", 1),
        ("\\\\[a](reg:x#1)", 1),
        ("`tunggal [a](reg:x#1)", 1),
        ("Kata `kode\n\n[a](reg:x#1)` kata.", 3),
        ("- satu `a\n- [a](reg:x#1) b`", 2),
        ("> [!NOTE] `a\n> [a](reg:x#1) b`", 2),
        ("## [a](reg:x#1)\n", 1),
        ("| a | b |\n|---|---|\n| c | [a](reg:x#1) |", 3),
        ("Kata.[^1]\n\n[^1]: [a](reg:x#1)", 3),
        ("[a](reg:\\x#1)", 1),
        ("[a](REG:x#1)", 1),
        ("[![a](a.svg)](reg:x#1)", 1),
        ("**[a](reg:x#1)**", 1),
        ("<b>[a](reg:x#1)</b> <!-- ", 1),
        ("\t[a](reg:x#1)", 1),
    ],
)
def test_what_renders_a_citation_is_found_with_its_line(text: str, line: int) -> None:
    (found,) = (one for one in references(text) if one.cites)
    assert found.line == line
    assert found.cites is not None
    assert f"reg:{'#'.join(found.cites)}" in shown(text)


@pytest.mark.parametrize("text", ['[a](reg:x "judul(" lagi', "[a](reg:x '( lagi", "[a](b" * 100, "![a" * 100 + "](b)"])
def test_reading_ends_where_a_link_does_not(text: str) -> None:
    assert len(references(text)) <= 1


def test_what_is_refused_is_not_read() -> None:
    assert references("[" * 2_000 + "[a](reg:x)") == []


def test_a_link_in_code_alone_has_words() -> None:
    assert flaws_of("[`kode`](https://contoh.example)") == []


def test_every_lesson_of_the_shipped_pack_cites_what_its_page_shows() -> None:
    for lesson in load(bundled()).every_lesson:
        found = {one.cites for one in references(lesson.body) if one.cites}
        assert found == set(render(lesson.body, Everything()).citations), lesson.path


WHOLE = ["[a](reg:x#1)", "[b](reg:y)", "[c](lesson:a/b)", "![d](d.svg)", "[![e](e.svg)](quiz:q)", "`[k](reg:s)`", "n"]
NEW = ["~~[p](reg:q#1)~~", "https://a.example/", "www.a.example/[q](reg:p)", "~~", "[x] ", "[r](#s)", "[t](Lesson:a/b)"]
TORN = ["[", "]", "(", ")", "](reg:z)", "`", "``", "\\[", "\\\\", "\\`", "!", "<b>", "|", "'", '"', " *tebal* "]
ODD = ["[f [g](reg:w) h](reg:v)", '[i](reg:u "judul")', "[j](<reg:t>)", "[l](reg:r\\_s)", "[m](reg:`o`)"]
LEADS = st.sampled_from(["", "", "", "- ", "> ", "> - ", "1. ", "## ", "| ", "> [!NOTE] ", "\\"])
GAPS = st.sampled_from(["", " "])


def pieces(*kinds: list[str]) -> st.SearchStrategy[str]:
    some = st.lists(st.sampled_from([one for kind in kinds for one in kind]), min_size=1, max_size=6)
    return st.builds(lambda gap, found: gap.join(found), GAPS, some)


ALONE = st.sampled_from(["", "```", "---", "kata"])
LINES = st.one_of(st.builds("{}{}".format, LEADS, pieces(WHOLE, TORN, ODD, NEW)), ALONE)
# one, because of two with the same name only the last is shown; whole, because a link within a link is shown there
NOTES = st.builds("\n\nKata.[^1]\n\n[^1]: Kata {}".format, pieces(WHOLE))


def joined(lines: list[str]) -> str:
    """Nobody leaves out the ``>`` in the middle of a quote."""
    text = ""
    for line in lines:
        ends = text.rpartition("\n")[2].startswith(">") and not line.startswith(">")
        text += ("\n\n" if ends else "\n") + line
    return text


@given(st.builds("{}{}".format, st.lists(LINES, max_size=8).map(joined), st.one_of(st.just(""), NOTES)))
@example("- b\n---\n`[a](reg:x#1)\n- `")  # a list after a rule that ends another
@example("1. `\n| [a](reg:x#1)\n- `")  # a list of another kind, after text that left the one before
@example("- b\n## c\n`\n- `[a](reg:x#1)`")  # a list after text below a heading that ends another
@example("``\n\\`[a](reg:x#1)```\\`")  # a mark that is escaped, right behind one that is never closed
@example("![r](#s)")  # a picture of that name
@settings(max_examples=300, deadline=None)
def test_whatever_is_written_reading_finds_what_the_page_shows(text: str) -> None:
    assert read(text) == shown(text)


def test_capitals_cite_alike() -> None:
    assert [one.cites for one in references("[a](REG:x#1)")] == [("x", "1")]
    assert shown("[a](REG:x#1)") == ["reg:x#1"]
