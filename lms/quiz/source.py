"""A quiz as an author writes it: one Markdown file -> a ``Quiz``, or all its mistakes at once."""

from __future__ import annotations

from collections.abc import Sequence

from lms.fields import Problems, read_page
from lms.quiz.head import Head
from lms.quiz.item import Item
from lms.quiz.markdown import Section, cut
from lms.quiz.notes import clean, without_notes
from lms.quiz.question import heading, read_question
from lms.quiz.quiz import Quiz
from lms.quiz.written import Block, verbatim


def parse(text: str, *, path: str, quiz_id: str, problems: Problems) -> Quiz | None:
    """The quiz in a file; None when it holds an error. Warnings are noted, too, and do no harm."""
    found = Problems(path)
    head, body, body_line = read_page(Head, clean(text), path=path, problems=found)
    introduction, sections = _cut(body, body_line, found)
    items = tuple(item for section in sections if (item := read_question(section, found, in_quiz=True)))
    _check_unique(sections, found)
    if not sections:
        found.error(body_line, "Q001", "kuis belum memuat soal; mulai soal dengan `## Judul {#id-soal}`")
    problems.extend(found)
    if head is None or found.errors:
        return None
    return Quiz(id=quiz_id, introduction=verbatim(introduction), items=items, **head.settings())


def parse_item(text: str, *, path: str, first_line: int, problems: Problems) -> Item | None:
    """The one question of a self-check, whose text begins at line ``first_line``; None when it holds an error."""
    found = Problems(path)
    introduction, sections = _cut(clean(text), first_line, found)
    if introduction or not sections:
        found.error(first_line, "Q002", "blok latihan dimulai dengan judul soal: `## Judul {#id-soal}`")
    for section in sections[1:]:
        found.error(section.line, "Q002", "satu blok latihan hanya memuat satu soal; buat blok baru untuk soal ini")
    items = [read_question(section, found, in_quiz=False) for section in sections[:1]]
    problems.extend(found)
    return None if found.errors else items[0]


def sample(kind: type[Item]) -> Item:
    """The example in a kind's documentation, for whoever must show or try every kind."""
    problems = Problems()
    item = parse_item(kind.example, path="", first_line=1, problems=problems)
    if item is None:
        raise ValueError(f"the example of {kind.kind} is broken: {[str(problem) for problem in problems]}")
    return item


def _cut(text: str, first_line: int, problems: Problems) -> tuple[Sequence[Block], Sequence[Section]]:
    bare = without_notes(text, first_line)
    if bare.unclosed is not None:
        problems.error(bare.unclosed, "Q005", "catatan `<!--` belum ditutup; tulis `-->` di akhirnya")
    introduction, sections = cut(bare.text, first_line, bare.noted)
    for block in [*introduction, *(block for section in sections for block in section.blocks)]:
        if block.type == "h1":
            problems.error(block.line, "Q006", "judul `#` belum dipakai dalam kuis; mulai soal dengan `##`")
    return introduction, sections


def _check_unique(sections: Sequence[Section], problems: Problems) -> None:
    first: dict[str, int] = {}
    for section in sections:
        _, id = heading(section)
        if id and first.setdefault(id, section.line) != section.line:
            problems.error(section.line, "Q012", f"id `{id}` sudah dipakai di baris {first[id]}; beri id lain")
