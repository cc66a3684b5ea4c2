"""YAML without its traps, and a schema that tells every mistake with its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import field_validator

from lms.fields import Problems, Schema, Text, decode, load_yaml, read, read_page, split_front_matter


class Inner(Schema):
    name: Text


class Head(Schema):
    title: Text
    count: int = 0
    parts: tuple[Inner, ...] = ()


def told(text: str) -> tuple[Head | None, list[tuple[int, str]]]:
    problems = Problems()
    head = read(Head, text, path="x.yml", problems=problems)
    return head, [(problem.line, problem.code) for problem in problems]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("ya", "ya"),
        ("no", "no"),
        ("on", "on"),
        ("1:30", "1:30"),
        ("1_000", "1_000"),
        ("007", "007"),
        ("2026-11-23", "2026-11-23"),
        ("0x1F", "0x1F"),
        ("1e5", "1e5"),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("12", 12),
        ("-3", -3),
        ("70.01", 70.01),
        ('"12"', "12"),
    ],
)
def test_a_scalar_is_what_the_author_wrote(written: str, value: object) -> None:
    document = load_yaml(f"a: {written}", path="x", problems=Problems())
    assert document is not None
    assert document.value == {"a": value}
    assert type(document.value["a"]) is type(value)


def test_every_mistake_is_told_with_its_line() -> None:
    head, mistakes = told("count: banyak\nparts:\n  - name: satu\n  - nama: dua\n")
    assert head is None
    assert mistakes == [(1, "F010"), (1, "F012"), (4, "F011")]


def test_what_is_healthy_stays() -> None:
    head, mistakes = told(
        "title: Judul\ncount: banyak\nparts:\n  - name: satu\n  - nama: dua\n  - name: tiga\n    x: 1\n"
    )
    assert mistakes == [(2, "F012"), (5, "F011"), (7, "F011")]
    assert head == Head(title="Judul", parts=(Inner(name="satu"), Inner(name="tiga")))


def test_a_validator_of_our_own_tells_in_its_own_words() -> None:
    class Even(Schema):
        number: int

        @field_validator("number")
        @classmethod
        def _even(cls, value: int) -> int:
            if value % 2:
                raise ValueError("harus genap")
            return value

    problems = Problems()
    read(Even, "number: 3", path="x.yml", problems=problems)
    assert [(problem.code, problem.message) for problem in problems] == [("F017", "isian `number`: harus genap")]


def test_a_sound_text_becomes_values() -> None:
    head, mistakes = told("title: Judul\nparts: [{name: a}, {name: b}]\n")
    assert mistakes == []
    assert head == Head(title="Judul", parts=(Inner(name="a"), Inner(name="b")))


def test_a_misspelt_key_is_told_with_what_was_meant() -> None:
    problems = Problems()
    read(Head, "titel: x\nTitle: y\nparts: [{name: a, nam: b}]", path="x.yml", problems=problems)
    assert [problem.message for problem in problems] == [
        "isian `titel` tidak dikenal; maksud Anda `title`?",
        "isian `Title` tidak dikenal; maksud Anda `title`?",
        "isian `parts.nam` tidak dikenal; yang dikenal: name",
    ]


def test_lines_count_from_where_the_text_stands_in_its_file() -> None:
    problems = Problems()
    read(Head, "title: x\ntitle: y", path="x.md", first_line=10, problems=problems)
    assert [(problem.line, problem.code) for problem in problems] == [(11, "F002")]


def test_a_page_is_cut_into_head_and_body() -> None:
    problems = Problems()
    head, body, line = read_page(Head, "---\ntitle: x\n---\nisi\n", path="x.md", problems=problems)
    assert (head, body, line, len(problems)) == (Head(title="x"), "isi\n", 4, 0)
    assert split_front_matter("tanpa") == ("", "tanpa", 0, 1)


def test_bytes_of_every_editor_become_text() -> None:
    assert decode(b"\xef\xbb\xbfa\r\nb\rc", path="x", problems=Problems()) == "a\nb\nc"
    for data, line in ((b"a\n\xff", 2), (b"a\n\n\0", 3), (b"x" * 1_000_001, 1)):
        problems = Problems()
        assert decode(data, path="x", problems=problems) is None
        assert [problem.line for problem in problems] == [line]


@pytest.mark.parametrize("text", ["a: [" * 5_000, "{" * 5_000, "- " * 5_000, "? " * 5_000, "a:\n" + " " * 50 + "b"])
def test_deep_nesting_is_refused_and_not_followed(text: str) -> None:
    problems = Problems()
    load_yaml(text, path="x", problems=problems)
    assert all(problem.code.startswith("F0") for problem in problems)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_no_text_raises(text: str) -> None:
    told(text)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), st.lists, max_leaves=5))
def test_no_value_raises(value: object) -> None:
    told(f"title: {value!r}\ncount: {value!r}\nparts: {value!r}")
