"""One slip of the pen leads to one message, the true one: causes come before consequences."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from lms.fields import Problem, Problems
from lms.quiz.head import Head
from lms.quiz.items.registry import ITEM_KINDS
from lms.quiz.source import parse
from tests.quiz.writing import FULL, read_quiz

EXAMPLES = {kind.kind: f"---\ntitle: Kuis\n---\n\n{kind.example}" for kind in ITEM_KINDS.values()}


def misspelt(word: str) -> str:
    """With its last two letters turned round, or one letter more where they are the same."""
    turned = word[:-2] + word[-1] + word[-2]
    return turned if turned != word else word + word[-1]


def _slips(pattern: str, code: str) -> Iterator[object]:
    for kind, text in EXAMPLES.items():
        for found in re.finditer(pattern, text, re.MULTILINE):
            if text.count("\n", 0, found.start()) < 4:
                continue  # the front matter
            slipped = text[: found.start("word")] + misspelt(found["word"]) + text[found.end("word") :]
            line = text.count("\n", 0, found.start()) + 1
            yield pytest.param(text, slipped, line, code, id=f"{kind}-{found['word']}")


def _new(text: str, slipped: str) -> list[Problem]:
    before = {(problem.line, problem.code) for problem in read_quiz(text)[1]}
    return [problem for problem in read_quiz(slipped)[1] if (problem.line, problem.code) not in before]


@pytest.mark.parametrize(
    ("text", "slipped", "line", "code"),
    [
        *_slips(r"^(?P<word>[a-z]+): ", "Q014"),
        *_slips(r"^> \[!(?P<word>[A-Z]+)\]", "Q036"),
        *_slips(r"^type: (?P<word>\w+)", "Q021"),
        *_slips(r"^scoring: (?P<word>\w+)", "Q019"),
    ],
)
def test_a_slip_in_a_question_is_one_message(text, slipped, line, code):
    assert [(problem.line, problem.code) for problem in _new(text, slipped)] == [(line, code)]


HEAD = {
    "module": "contoh",
    "reviewed": "2026-01-02",
    "summary": "Satu.",
    "time_limit": "20 min",
    "attempts": "1",
    "pass": "70",
    "shuffle": "[options]",
    "review": "after-last",
    "asks": "1",
    "draw": "[{tags: [a], count: 1}]",
    "layout": "one-page",
    "layout_choice": "true",
    "confidence": "true",
    "after": "uji-awal",
    "grade": "last",
}


def test_every_key_of_the_front_matter_is_tried():
    assert {*HEAD, "title"} == {field.alias or name for name, field in Head.model_fields.items()}


@pytest.mark.parametrize("key", [*HEAD, "title"])
@pytest.mark.parametrize("body", ["", EXAMPLES["single"].partition("---\n\n")[2]], ids=["draws alone", "questions"])
def test_a_slip_in_the_front_matter_is_told_and_nothing_that_follows_from_it(key, body):
    lines = [f"{one}: {value}" for one, value in {"title": "Kuis", **HEAD}.items()]
    slipped = [
        line.replace(f"{key}:", f"{misspelt(key)}:", 1) if line.startswith(f"{key}:") else line for line in lines
    ]
    found = Problems()
    assert parse("\n".join(["---", *slipped, "---", "", body]), path="", quiz_id="kuis", problems=found) is None
    told = [problem.code for problem in found.errors]
    assert told == ["F011"]
    assert any(f"`{misspelt(key)}` tidak dikenal" in problem.message for problem in found.errors)


@pytest.mark.parametrize(("key", "code"), [("for", "Q014"), ("pass", "Q014")])
def test_a_slip_in_a_section_or_a_passage_is_one_message(key, code):
    slipped = re.sub(rf"^{key}:", f"{misspelt(key)}:", FULL, count=1, flags=re.MULTILINE)
    assert [problem.code for problem in _new(FULL, slipped)] == [code]
