"""Flaws of a text with their lines, and the limits that keep a page from stalling the server."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.markup import TextRefused, flaws_of, quiz_fences, references, render
from tests.markup.conftest import World

HOSTILE = {
    "T001": "a " * 101_000,
    "T002": "a" * 10_001,
    "T003": "[" * 2_000,
    "T004": "> " * 300 + "x",
    "T005": "|" * 60 + "\n" + "|-" * 60,
    "T006": "*a " * 20_100 + "\n",
    "T007": "## Judul\n\n" * 301,
    "T008": "[a](reg:x)\n" * 601,
    "T009": "- butir\n" * 2_001,
}


@pytest.mark.parametrize(("code", "text"), HOSTILE.items())
def test_hostile_texts_are_refused_before_they_cost_anything(code: str, text: str) -> None:
    text = (
        "\n".join(text[start : start + 9_000] for start in range(0, len(text), 9_000)) if code in "T001 T006" else text
    )
    begun = time.perf_counter()
    with pytest.raises(TextRefused) as refused:
        render(text, World())
    assert time.perf_counter() - begun < 1
    assert refused.value.code == code
    assert [flaw.code for flaw in flaws_of(text)] == [code]


@pytest.mark.parametrize(
    "text",
    [
        "[" * 199,
        "![a](" * 190,
        "<![" * 190,
        "<a " * 190,
        "*[A]: b\n" * 1_900,
        "- " * 19 + "x",
        "`" * 9_000,
        "[a][" * 90,
    ],
)
def test_what_is_let_through_renders_quickly(text: str) -> None:
    begun = time.perf_counter()
    render(text, World())
    assert time.perf_counter() - begun < 2


def test_references_are_found_with_their_lines_and_not_in_code() -> None:
    text = "[a](reg:x#1)\n`[b](reg:y)`\n\n```\n[c](reg:z)\n```\n[![d](media/d.svg)](lesson:a/b)\n"
    assert [(one.line, one.href, one.picture) for one in references(text)] == [
        (1, "reg:x#1", False),
        (7, "lesson:a/b", False),
        (7, "media/d.svg", True),
    ]


def test_self_checks_are_found_with_their_lines() -> None:
    found = quiz_fences("a\n\n```quiz\n## X {#x}\n```\n~~~quiz\ny\n~~~\n")
    assert [(fence.first, fence.source) for fence in found] == [(2, "## X {#x}"), (5, "y")]


def test_a_sound_text_has_no_flaws() -> None:
    assert flaws_of("## Judul\n\n### Bawah\n\nTeks [a](reg:b#1).\n\n| a |\n|---|\n| b |\n") == []


@given(st.text(alphabet=st.sampled_from("ab #>-*[]()!`|^:\n{}<~"), max_size=120))
@settings(max_examples=200, deadline=None)
def test_no_text_raises(text: str) -> None:
    for flaw in flaws_of(text):
        assert 1 <= flaw.line <= text.count("\n") + 1


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("```kuis\n## A {#a}\n```", ["T026"]),
        ("```Quiz\n## A {#a}\n```", ["T026"]),
        ("```python\n1\n```", []),
        ("Lihat [Pasal 3](reg:UU 20/2023).", ["T027"]),
        ("![Loket](loket baru.svg)", ["T027"]),
        ('[a](https://a.id "judul yang panjang") dan [b](reg:x#4.d) mewajibkannya (c d).', []),
        ("`[a](b c)` dan \\[a](b c)", []),
        ("`dua\nbaris <b>`", []),
        ("[a](REG:x#1)", []),
        ("[a](HTTPS://contoh.example)", []),
    ],
)
def test_what_markdown_takes_for_something_else_is_told(text: str, codes: list[str]) -> None:
    assert [flaw.code for flaw in flaws_of(text)] == codes
