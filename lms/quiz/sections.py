"""Reads what is no question: sections (``# Bagian: TWK {#twk}``) and passages (``## Bacaan {#x}`` with ``for:``).

A section's ``pass: 65`` is points, as the thresholds of the selection test are; ``pass: 70%`` is a share of its points.
(``pass`` in the front matter is always percent of the whole quiz.)
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from lms.fields import Fix, Problems, misspelt, slug_of
from lms.quiz.heading import read_fields, read_heading, split_heading, words
from lms.quiz.markdown import Part
from lms.quiz.passage import Passage
from lms.quiz.quiz import Section
from lms.quiz.written import Field, verbatim

_TITLE = re.compile(r"(?:Bagian|Section) *: *(?P<title>.*)", re.IGNORECASE)
_NEAR_TITLE = re.compile(r"(?P<word>\w+)(?: *: *| +)(?P<title>\w.*)")
_FOR = re.compile(r"^ {0,3}(?:f\w{1,4}|untuk) *:", re.MULTILINE | re.IGNORECASE)  # misspelt, too
_PASS = re.compile(r"(?P<number>\d{1,6}(?:[.,]\d{1,4})?) *(?P<percent>%?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Shared:
    """A passage, its place, and the ids of the questions it is for."""

    passage: Passage
    items: tuple[str, ...]
    line: int  # on which they are named


def is_passage(part: Part) -> bool:
    """Whether a level-2 heading opens a passage: the field ``for`` stands directly under it."""
    if part.level != 2 or not any(_FOR.search(block.text) for block in part.blocks[:1]):
        return False  # nearly every question ends here, unread
    return "for" in read_fields(part, {"for"}, Problems())[0]


def read_section(part: Part, problems: Problems) -> Section:
    """The section that a level-1 heading opens."""
    title, id = read_heading(part, problems, what="bagian")
    found = _TITLE.fullmatch(title)
    if title and not found:
        message = "judul `#` membuka bagian: tulis `# Bagian: nama {#id}`; soal dimulai dengan `##`"
        problems.error(part.line, "Q006", message, fix=_named(title))
    fields, blocks = read_fields(part, {"pass"}, problems, what="bagian")
    points, share = _pass(fields.get("pass"), problems)
    return Section(
        id=id,
        title=(found["title"] if found else title).strip(),
        introduction=verbatim(blocks),
        pass_points=points,
        pass_share=share,
    )


def _named(title: str) -> Fix | None:
    """The mending of a title that lacks its colon, or whose first word is misspelt."""
    found = _NEAR_TITLE.fullmatch(title)
    return Fix(title, f"Bagian: {found['title']}") if found and misspelt(found["word"], ("Bagian", "Section")) else None


def read_passage(part: Part, problems: Problems) -> Shared:
    """The passage that a level-2 heading with ``for:`` opens."""
    title, id = read_heading(part, problems, what="bacaan")
    fields, blocks = read_fields(part, {"for"}, problems, what="bacaan")
    text = verbatim(blocks)
    if not text.strip():
        problems.error(part.line, "Q074", "bacaan belum punya teks; tulis di bawah `for:`, didahului baris kosong")
    named = fields.get("for")
    return Shared(Passage(id=id, title=title, text=text), words(named), named.line if named else part.line)


def share_out(
    shared: Sequence[Shared], questions: Collection[str], problems: Problems, *, some_lost: bool
) -> dict[str, Passage]:
    """Question id -> its passage. ``questions``: the ids there are; others are noted, unless ``some_lost``."""
    owners: dict[str, Passage] = {}
    for one in shared:
        if not one.items:
            problems.error(
                one.line, "Q072", "`for` belum menyebut soal; tulis id soalnya, mis. `for: [soal-a, soal-b]`"
            )
        for id in one.items:
            if id not in questions and some_lost:
                continue
            if id not in questions:
                fix = Fix(id, small) if (small := slug_of(id)) in questions and small else None
                problems.error(one.line, "Q072", f"soal `{id}` tidak ada dalam kuis ini; periksa id-nya", fix=fix)
            elif owners.setdefault(id, one.passage) is not one.passage:
                problems.error(one.line, "Q073", f"soal `{id}` sudah punya bacaan `{owners[id].id}`; pilih satu")
    return owners


def question_ids(parts: Sequence[Part]) -> set[str]:
    """The ids of all questions, those that hold mistakes included."""
    ids = (split_heading(part)[1] for part in parts if part.level == 2 and not is_passage(part))
    return {id for id in ids if id}


def _pass(field: Field | None, problems: Problems) -> tuple[float | None, float | None]:
    """The threshold as points or as a share, as it is written."""
    if field is None:
        return None, None
    found = _PASS.fullmatch(field.value)
    number = float(found["number"].replace(",", ".")) if found else 0.0
    if not found or number <= 0 or (found["percent"] and number > 100):
        message = f"batas lulus `{field.value}` ditulis sebagai poin, mis. `pass: 65`, atau persen, mis. `pass: 70%`"
        problems.error(field.line, "Q070", message)
        return None, None
    return (None, round(number / 100, 6)) if found["percent"] else (number, None)
