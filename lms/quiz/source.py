"""A quiz as an author writes it: one Markdown file -> a ``Quiz``, or all its mistakes at once."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace

from lms.fields import Problems, read_page
from lms.quiz import lookalikes
from lms.quiz.draw import independent
from lms.quiz.draw_rules import KEYS_GIVEN_AWAY
from lms.quiz.head import Head
from lms.quiz.heading import check_unique
from lms.quiz.item import Item
from lms.quiz.markdown import Part, cut
from lms.quiz.notes import clean, without_notes
from lms.quiz.question import read_question
from lms.quiz.quiz import Quiz, Section
from lms.quiz.review import Moment
from lms.quiz.sections import Shared, is_passage, question_ids, read_passage, read_section, share_out
from lms.quiz.written import Block, verbatim


def parse(text: str, *, path: str, quiz_id: str, problems: Problems) -> Quiz | None:
    """The quiz in a file; None when it holds an error. Warnings are noted, too, and do no harm."""
    found, text = Problems(path), clean(text)
    head, body, body_line = read_page(Head, text, path=path, problems=found)
    is_whole = not found.errors  # of the front matter; what it lacks now may stand there, misspelt
    introduction, parts = _cut(body, body_line, found)
    _check_introduction(introduction, found)
    sections, items = _parts(parts, found)
    check_unique((part for part in parts if part.level == 1), found)
    check_unique((part for part in parts if part.level == 2), found)
    asked = any(part.level == 2 for part in parts) or (head.draw if head else _line_of("draw", text) > 1)
    if not asked and not _lost(found):
        found.error(body_line, "Q001", "kuis belum memuat soal; mulai soal dengan `## Judul {#id-soal}`")
    quiz: Quiz | None = None
    if head:
        settings = head.settings([section for _, section in sections])
        items = tuple(_placed(item, head.module) for item in items)
        quiz = Quiz(id=quiz_id, introduction=verbatim(introduction), items=items, **settings)
        if is_whole:
            _check_sections(quiz, parts, found)
            _check_head(quiz, text, found)
    problems.extend(found)
    return None if found.errors else quiz


def _placed(item: Item, module: str | None) -> Item:
    """The item with the module that it stands in, in every outcome that names none."""
    if module is None or not item.outcomes:
        return item
    named = (outcome if "/" in outcome else f"{module}/{outcome}" for outcome in item.outcomes)
    return replace(item, outcomes=tuple(named))


#: Mistakes that hide a question, a section or its id, or a draw, from whatever refers to it; that waits for the cure.
_HIDING = frozenset({"F011", "Q005", "Q006", "Q008", "Q010", "Q011", "Q023", "Q039"})


def _lost(problems: Problems) -> bool:
    return any(problem.code in _HIDING for problem in problems)


def parse_item(text: str, *, path: str, first_line: int, problems: Problems, module: str | None = None) -> Item | None:
    """The one question of a self-check, whose text begins at line ``first_line``; None when it holds an error.

    ``module``: where it stands, for the outcomes that name none.
    """
    found = Problems(path)
    introduction, parts = _cut(clean(text), first_line, found)
    if introduction or not parts:
        found.error(first_line, "Q002", "blok latihan dimulai dengan judul soal: `## Judul {#id-soal}`")
    for part in parts:
        if part.level == 1:
            found.error(part.line, "Q006", "blok latihan tidak mengenal bagian; mulai soal dengan `##`")
    for part in parts[1:]:
        found.error(part.line, "Q002", "satu blok latihan hanya memuat satu soal; buat blok baru untuk soal ini")
    items = [read_question(part, found, in_quiz=False) for part in parts[:1]]
    problems.extend(found)
    return None if found.errors or items[0] is None else _placed(items[0], module)


def sample(kind: type[Item]) -> Item:
    """The example in a kind's documentation, for whoever must show or try every kind."""
    problems = Problems()
    item = parse_item(kind.example, path="", first_line=1, problems=problems)
    if item is None:
        raise ValueError(f"the example of {kind.kind} is broken: {[str(problem) for problem in problems]}")
    return item


def _cut(text: str, first_line: int, problems: Problems) -> tuple[list[Block], list[Part]]:
    bare = without_notes(text, first_line)
    if bare.unclosed is not None:
        problems.error(bare.unclosed, "Q005", "catatan `<!--` belum ditutup; tulis `-->` di akhirnya")
    return cut(bare.text, first_line, bare.noted)


#: A line that is one of a question: an option, or an answer.
_ANSWER = re.compile(r"\s*(?:[-*+]\s+(?:\([ xX]?\)|\[[ xX]?\])(?!\()|=\s)")


def _check_introduction(introduction: Sequence[Block], problems: Problems) -> None:
    """A heading that is none would show the first question, key and all, before the quiz."""
    lookalikes.check_code(introduction, problems)
    shown = (block for block in introduction if block.type not in lookalikes.CODE)
    for number, line in (numbered for block in shown for numbered in block.numbered()):
        if lookalikes.is_unread_heading(line) or _ANSWER.match(line):
            message = "jawaban soal berada di atas judul soal yang pertama; mulai soal dengan `## Judul {#id-soal}`"
            if lookalikes.is_unread_heading(line):
                message = "judul soal ini tidak terbaca; mulai soal dengan `## Judul {#id-soal}`"
            fix = lookalikes.heading_fix(line) if lookalikes.is_unread_heading(line) else None
            return problems.error(number, "Q008", f"{message}: dua tanda pagar dan satu spasi", fix=fix)
    return None


def _parts(parts: Sequence[Part], problems: Problems) -> tuple[list[tuple[Part, Section]], tuple[Item, ...]]:
    """The sections, each with the part that opens it, and the items with their section and passage."""
    sections: list[tuple[Part, Section]] = []
    items: list[Item] = []
    shared: list[Shared] = []
    for part in parts:
        if part.level == 1:
            sections.append((part, read_section(part, problems)))
        elif is_passage(part):
            shared.append(read_passage(part, problems))
        elif item := read_question(part, problems, in_quiz=True):
            items.append(replace(item, section=sections[-1][1].id) if sections else item)
    passages = share_out(shared, question_ids(parts), problems, some_lost=_lost(problems)) if shared else {}
    return sections, tuple(replace(item, passage=passages[item.id]) if item.id in passages else item for item in items)


def _check_sections(quiz: Quiz, parts: Sequence[Part], problems: Problems) -> None:
    """What a section must hold. Questions that could not be read are there all the same, with points unknown."""
    drawn = {draw.section for draw in quiz.draws}
    lines = [part.line for part in parts if part.level == 1]
    ends = [*lines, math.inf][1:]
    for section, line, end in zip(quiz.sections, lines, ends, strict=True):
        asked = [part for part in parts if part.level == 2 and line < part.line < end and not is_passage(part)]
        items = [item for item in quiz.items if line < item.line < end]
        if section.id in drawn or _lost(problems):
            continue
        if not asked:
            problems.error(line, "Q071", "bagian ini belum memuat soal; mulai soal dengan `## Judul {#id-soal}`")
        elif len(items) == len(asked):
            _check_threshold(section, [item.points for item in items], line, problems)


def _check_threshold(section: Section, points: Sequence[float], line: int, problems: Problems) -> None:
    total = math.fsum(points)
    if (section.threshold(total) or 0) > total:
        message = f"batas lulus {section.pass_points:g} poin tidak dapat dicapai; bagian ini bernilai {total:g}"
        problems.error(line, "Q070", message)
    elif section.pass_points is not None and section.pass_points < min(1, *points):
        share = f"{section.pass_points * 100:g}%"
        message = (
            f"batas lulus {section.pass_points:g} poin di bawah nilai satu soal; tulis `pass: {share}` bila persen"
        )
        problems.error(line, "Q070", message)


def _check_head(quiz: Quiz, text: str, problems: Problems) -> None:
    """What the front matter says that its schema cannot judge."""
    known = {"", *(section.id for section in quiz.sections)}
    for draw in quiz.draws if not _lost(problems) else ():
        if draw.section not in known:
            problems.error(
                _line_of("draw", text),
                "Q075",
                f"undian menunjuk bagian `{draw.section}` yang tidak ada; {_choose(known)}",
            )
    if Moment.DURING in (quiz.review.marks, quiz.review.answers):
        message = "nilai atau kunci tampak selagi kuis dikerjakan; jawaban yang sudah diperiksa terkunci"
        problems.warning(_line_of("review", text), "Q007", message)
    if quiz.asks is not None and not _lost(problems):
        _check_asks(quiz, _line_of("asks", text), problems)
    if quiz.items and quiz.asks is None and quiz.gives_keys_away:
        problems.warning(_line_of("review", text), "Q009", KEYS_GIVEN_AWAY)


def _check_asks(quiz: Quiz, line: int, problems: Problems) -> None:
    most = independent(quiz.items)
    if quiz.sections:
        problems.error(line, "Q027", "`asks` tidak berlaku untuk kuis berbagian; hapus isian ini atau bagiannya")
    elif quiz.asks is not None and quiz.asks > most:
        message = f"`asks: {quiz.asks}` tidak dapat dipenuhi: paling banyak {most} soal dapat ditanyakan sekaligus"
        problems.error(line, "Q027", message)


def _choose(known: set[str]) -> str:
    return f"pilih {', '.join(sorted(known - {''})) or 'tanpa section'}"


def _line_of(key: str, text: str) -> int:
    """Where a key of the front matter stands; 1 when it is written in an unusual way."""
    return next((at for at, line in enumerate(text.split("\n"), 1) if line.startswith(f"{key}:")), 1)
