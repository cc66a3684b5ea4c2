"""What the tests of this room write and read."""

from __future__ import annotations

from lms.fields import Problem, Problems
from lms.quiz.item import Item
from lms.quiz.quiz import Quiz
from lms.quiz.source import parse, parse_item

HEAD = "---\ntitle: Kuis\n---\n\n"

FULL = """\
---
title: Kuis lengkap
module: contoh
time_limit: 1 jam 40 min
shuffle: [questions, options]
review: {marks: after-submit, answers: after-close, feedback: after-last, explanation: never}
layout: per-question
layout_choice: true
confidence: true
after: awal
grade: last
draw:
  - {tags: [uu-20-2023], count: 2, section: tiu}
---

Kerjakan dengan tenang.

# Bagian: TWK {#twk}
pass: 2

Wawasan kebangsaan.

## Bacaan {#bacaan-satu}
for: [satu, dua]

Sebuah teks untuk dua soal.

## Satu {#satu}
tags: C1

Apa?

<!-- catatan penyunting -->

- (x) A {#a}
  > Ya.
- ( ) B {#b}
  > Bukan.

> [!EXPLANATION]
> Sebab A.

## Dua {#dua}
tags: C2
points: 2

Berapa?

= 3,14 ± 0,01

> [!EXPLANATION]
> Sebab π.

# Bagian: TIU {#tiu}
pass: 70%

## Tiga {#tiga}
tags: C3

Isi {{satu = 1}}.

> [!EXPLANATION]
> Sebab satu.
"""


def read(text: str) -> tuple[Item | None, list[Problem]]:
    """The item in a question's text, and what is wrong with it."""
    problems = Problems()
    return parse_item(text, path="", first_line=1, problems=problems), list(problems)


def item(text: str) -> Item:
    """The item in a question's text that holds no error."""
    found, problems = read(text)
    assert found is not None, problems
    return found


def question(answer: str, fields: str = "") -> Item:
    """A question of which only answer and field lines matter."""
    return item(written(answer, fields))


def written(answer: str, fields: str = "") -> str:
    return f"## Judul {{#soal}}\n{fields}\n\nPertanyaan?\n\n{answer}\n"


def read_quiz(text: str) -> tuple[Quiz | None, list[Problem]]:
    problems = Problems()
    return parse(text, path="", quiz_id="kuis", problems=problems), list(problems)


def quiz(text: str) -> Quiz:
    """The quiz in a file that holds no error."""
    found, problems = read_quiz(text)
    assert found is not None, problems
    return found


def codes(problems: list[Problem]) -> set[str]:
    """The codes of errors; warnings that most short questions give are left out."""
    return {problem.code for problem in problems} - {"Q060", "Q061", "Q062", "Q047", "Q095"}


def mistakes(answer: str, fields: str = "") -> set[str]:
    """The codes that a question of this answer gets."""
    return codes(read(written(answer, fields))[1])
