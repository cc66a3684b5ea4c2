"""Tidies the text of a quiz file: writes the ids that are missing, changes none, keeps notes and every word.

Line edits of the author's own text, not the model written out again (``write`` does that), so that notes among editors
and their habits stay. Whatever an edit could break, it is not made: the text must read the same before and after.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from lms.fields import Problems, split_front_matter
from lms.quiz.alerts import read_alerts
from lms.quiz.heading import read_fields, split_heading
from lms.quiz.markdown import Part, covered_lines, cut
from lms.quiz.new_ids import new_id
from lms.quiz.notes import clean, without_notes
from lms.quiz.question import ask_kinds, known_fields, read_question
from lms.quiz.sections import is_passage, read_passage, read_section
from lms.quiz.written import MissingId, verbatim

_CLOSING = re.compile(r" +#+ *$")
_FIELD = re.compile(r" {0,3}(?P<key>[^\s:]+) *: *(?P<value>.*)")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line as its author wrote it, and without the notes on it."""

    raw: str
    bare: str


@lru_cache(maxsize=200)  # most of a pack is asked again as it was
def tidy(text: str) -> str:
    """``text`` in canonical form; tidying it again changes nothing.

    Takes a whole quiz file, or a question without front matter. A text that would read otherwise, because a note stands
    in an unlucky place, is only cleaned.
    """
    text = clean(text)
    tidied = _tidied(text)
    if tidied == text:
        return text
    return tidied if _reads_alike(text, tidied) and _tidied(tidied) == tidied else text


def _tidied(text: str) -> str:
    body = split_front_matter(text)[1]
    return text.removesuffix(body) + _spaced(_with_ids(body))


# --- whether it reads the same ---


def _reads_alike(before: str, after: str) -> bool:
    """Whether nothing but ids of headings was added, and no mistake."""
    old, mistakes = _read(before)
    new, left = _read(after)
    same = len(old) == len(new) and all(
        one == other and id in (None, written) for (id, one), (written, other) in zip(old, new, strict=True)
    )
    return same and not left - mistakes


def _read(text: str) -> tuple[list[tuple[str | None, object]], Counter[str]]:
    """The id and the model of every part, and the codes of what is wrong with them."""
    problems = Problems()
    bare = without_notes(split_front_matter(text)[1], 0)
    introduction, parts = cut(bare.text, 0, bare.noted)
    models = [(split_heading(part)[1], _model(part, problems)) for part in parts]
    return [(None, verbatim(introduction)), *models], Counter(problem.code for problem in problems)


def _model(part: Part, problems: Problems) -> object:
    """What a part says, its own id aside."""
    if part.level == 1:
        return replace(read_section(part, problems), id="")
    if is_passage(part):
        shared = read_passage(part, problems)
        return replace(shared.passage, id=""), shared.items
    item = read_question(part, problems, in_quiz=True)
    return item and replace(item, id="")


# --- ids and field lines ---


def _with_ids(body: str) -> str:
    bare = without_notes(body, 0)
    lines = [_Line(*both) for both in zip(body.split("\n"), bare.text.split("\n"), strict=True)]
    written = [line.raw for line in lines]
    _, parts = cut(bare.text, 0, bare.noted)
    taken = {id for part in parts if (id := split_heading(part)[1])}
    for part in parts:
        written[part.line] = _heading(lines[part.line], part, taken)
        for at in _field_lines(part):
            written[at] = _field(lines[at])
        missing: dict[int, list[MissingId]] = {}
        for one in _missing(part):
            missing.setdefault(one.line, []).append(one)
        for at, ones in missing.items():
            written[at] = _inserted(lines[at], ones)
    return "\n".join(written)


def _missing(part: Part) -> Iterator[MissingId]:
    """The ids that are missing below a heading."""
    if part.level == 1 or is_passage(part):
        return iter(())
    fields, blocks = read_fields(part, known_fields(), Problems())
    kind, answers = ask_kinds(read_alerts(blocks, Problems())[1], fields)
    return kind.missing_ids(answers) if kind else iter(())


def _field_lines(part: Part) -> Iterator[int]:
    fields, _ = read_fields(part, known_fields() | {"pass"}, Problems())
    return iter([field.line for field in fields.values()])


def _field(line: _Line) -> str:
    found = _FIELD.fullmatch(line.raw)
    return f"{found['key']}: {found['value']}".rstrip() if found and line.raw == line.bare else line.raw


def _heading(line: _Line, part: Part, taken: set[str]) -> str:
    """The line of a heading, with an id."""
    title, id = split_heading(part)
    if id is not None or not title or "{#" in title:
        return line.raw  # with an id, or with one that an author must mend
    id = new_id(part, title, taken)
    taken.add(id)
    closed = _CLOSING.search(line.bare)
    if closed and line.raw == line.bare:
        line = _Line(line.raw[: closed.start()], line.bare[: closed.start()])
    return _inserted(line, [MissingId(0, f" {{#{id}}}")])


def _inserted(line: _Line, missing: Sequence[MissingId]) -> str:
    """The line with ids, each before its tail; unchanged where a note stands in the way."""
    bare, raw = line.bare.rstrip(), line.raw.rstrip()
    shift = len(raw) - len(bare)
    if raw.startswith(bare):
        shift = 0
    elif not raw.endswith(bare[-1:]):
        return line.raw
    written = line.raw
    for one in sorted(missing, key=lambda one: len(one.tail)):
        if not bare.endswith(one.tail):
            return line.raw
        at = len(bare) - len(one.tail) + shift
        written = written[:at] + one.text + written[at:]
    return written


# --- white space ---


def _spaced(body: str) -> str:
    """One blank line between blocks, one before a heading, none at the end; blank lines within blocks stay."""
    bare = without_notes(body, 0).text
    inside = covered_lines(bare)
    headings = {part.line for part in cut(bare, 0, frozenset())[1]}
    bare_lines = bare.split("\n")
    lines: list[str] = []
    for at, line in enumerate(body.split("\n")):
        blank = not line.strip() and at not in inside
        if blank and lines and not lines[-1].strip() and at - 1 not in inside:
            continue
        if at in headings and at and bare_lines[at - 1].strip():
            lines.append("")
        lines.append("" if blank else line.rstrip() if at in headings else line)
    return "\n".join(lines).rstrip() + "\n" if body.strip() else ""
