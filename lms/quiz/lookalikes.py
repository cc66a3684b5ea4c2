"""What looks like a part of a question and is none: named here, so that nothing is shown or lost in silence.

Two measures: what no text says by chance is named wherever it stands; what a text may well say (lettered statements, an
arrow) only where the question has no answer, touches its options, or repeats its key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lms.fields import Fix, Problems
from lms.quiz import meant
from lms.quiz.markdown import code_lines
from lms.quiz.written import Block

CODE = frozenset({"fence", "code_block"})
_UNREAD = re.compile(r" {0,3}\\?(?:[#＃]{2,6}(?![#＃\s])|[#＃]{1,6}.*\{#[^{}]*\}[ #]*$)")
_CODED = re.compile(r"[ >]*#{1,6} .*\{#[a-z0-9-]+\} *$")
_BULLET = r"\s*(?:(?:[-–—−•·●▪*+]|\d{1,2}[.)])\s*)?"
_OPTION = re.compile(rf"{_BULLET}(?:[(\[（［【]{{1,2}} *[xX√✓✔☑✅]? *[)\]）］】]{{1,2}}(?!\()|[☐☑☒□■✅]) *[^\s()\[\]]")
_MAYBE_OPTION = re.compile(rf"{_BULLET}[(\[] *[vVoO*●×✗✘+] *[)\]](?!\() *\S")
_LETTER = re.compile(r"\s*(?:[-–•*+] +)?\(?[A-Ha-h][.)] +\S")
_KEY = re.compile(r"\s*(?:ANSWER|JAWABAN|KUNCI|KUNCI JAWABAN|KEY) ?[:=] ?\(?[A-Ha-h][.)]?\s*$", re.IGNORECASE)
_LONE_LETTER = re.compile(r"\s*=\s*\(?[A-Ha-h][.)]?\s*")
_ARROW = re.compile(r"\s*(?:[-*+]|\d{1,2}[.)]) .*(?:=>|[→⇒⟶]|->)")
_LISTED_ANSWER = re.compile(r"\s*[-*+] +=(?!>)\s*\S")
_FOREIGN = re.compile(r"\{\d*:[A-Z_]{2,}:|\{ *[=~][^{}\n]*\}")
_MAYBE_FOREIGN = re.compile(r"\[\[[^\[\]\n]*\]\]|\{(?:T|F|TRUE|FALSE)\}\s*$")
_HALF_PAIR = re.compile(r"(?<!\\)=> *(?:\{#[^{}]*\})? *$")
_LONG_ARROW = re.compile(r"=>>|==>")

_AS_OPTION = "opsi ditulis `- (x) teks` untuk yang benar dan `- ( ) teks` untuk yang lain"
_MESSAGES = {
    _OPTION: f"baris ini mirip opsi, tetapi tidak terbaca; {_AS_OPTION}",
    _MAYBE_OPTION: f"baris ini mirip opsi, tetapi tidak terbaca; {_AS_OPTION}",
    _LETTER: f"opsi berhuruf tidak terbaca sebagai opsi; {_AS_OPTION}",
    _KEY: "baris kunci tidak terbaca; beri tanda x di dalam kurung opsi yang benar: `- (x) teks`",
    _ARROW: "pasangan ini tidak terbaca; tulis `- kiri => kanan`",
    _LISTED_ANSWER: "jawaban ini tidak terbaca; tulis `= jawaban` di awal baris, tanpa tanda daftar",
    _FOREIGN: f"penulisan aplikasi lain tidak terbaca; celah ditulis `{{{{jawaban}}}}`, {_AS_OPTION}",
    _MAYBE_FOREIGN: f"penulisan aplikasi lain tidak terbaca; celah ditulis `{{{{jawaban}}}}`, {_AS_OPTION}",
}
_NEVER_BY_CHANCE = (_OPTION, _KEY, _FOREIGN)
_MAYBE = (_MAYBE_OPTION, _LETTER, _LISTED_ANSWER, _ARROW, _MAYBE_FOREIGN)

Line = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Answered:
    """A question as far as it was read: the blocks of its text, those that answer, and those that are neither."""

    stem: Sequence[Block]
    answers: Sequence[Block]
    stray: Sequence[Block]
    named: bool  # whether its kind is written down


def up_to_heading(blocks: Sequence[Block], problems: Problems) -> list[Block]:
    """The blocks before a heading that is none, which is noted: what stands below it belongs to another question."""
    kept: list[Block] = []
    for block in blocks:
        lines = [] if block.type in CODE else list(_prose(block))
        within = block.type.endswith("_list")  # indented there, it would become a part of an entry
        unread = next((line for line, text in lines if is_unread_heading(text.lstrip() if within else text)), None)
        if unread is None:
            kept.append(block)
            continue
        message = "judul ini tidak terbaca; tulis `## Judul {#id}`: dua tanda pagar dan satu spasi"
        problems.error(unread, "Q023", message, fix=heading_fix(dict(block.numbered())[unread]))
        if unread > block.line:
            above = "\n".join(text for line, text in block.numbered() if line < unread)
            entries = tuple(entry for entry in block.entries if entry.line < unread)
            kept.append(replace(block, end=unread, text=above, entries=entries))
        break
    return kept


def is_unread_heading(text: str) -> bool:
    """Whether a line that Markdown took for text, or for a smaller heading, is the heading of a question."""
    return bool(_UNREAD.match(text))


def heading_fix(text: str) -> Fix | None:
    """The mending of a line that is such a heading."""
    instead = meant.heading(text)
    return Fix(text, instead) if instead else None


def check_code(blocks: Iterable[Block], problems: Problems) -> None:
    """Note code that swallowed a question: a fence that was never closed goes on to the next fence, or to the end."""
    for block in blocks:
        if block.type not in CODE:
            continue
        swallowed = next((line for line, text in block.numbered() if _CODED.match(text)), None)
        if swallowed is not None or (block.type == "fence" and not _is_closed(block)):
            line = block.line if block.type == "fence" else swallowed or block.line
            what = "blok kode ini" if block.type == "fence" else "baris yang menjorok empat spasi ini"
            message = f"{what} memuat soal atau jawabannya; tutup kode dengan ``` atau hapus jorokannya"
            return problems.error(line, "Q039", message)  # fences after it may be turned inside out
    return None


def check_answers(question: Answered, problems: Problems) -> None:
    """Note the first line that looks like an answer and was not read as one."""
    found = next(_suspects(question), None)
    if found:
        line, pattern = found
        problems.error(line, "Q038", _MESSAGES[pattern], fix=_fix(question, line, pattern))


# --- how it is to be written ---


def _fix(question: Answered, line: int, pattern: re.Pattern[str]) -> Fix | None:
    """The mending of all lines that are like the first suspect, at once: half of them may mean something else."""
    blocks = [block for block in (*question.stem, *question.answers, *question.stray) if block.type not in CODE]
    written = {at: text for block in blocks for at, text in block.numbered()}
    own = {at: text for block in blocks for at, text in block.numbered() if block.line <= line < block.end}
    instead: Mapping[int, str] | None = None
    if pattern in {_OPTION, _MAYBE_OPTION} and _may_answer(question, line):
        sound = {entry.line for block in question.answers for entry in block.entries}
        alike = {at: text for at, text in written.items() if at >= line and _is_alike(text)}
        instead = meant.options({at: written[at] for at in sorted({*alike, *sound})}, sound)
    elif pattern is _ARROW:
        instead = _each(own, meant.pair)
    elif pattern is _LISTED_ANSWER:
        instead = _each(own, meant.answer)
    return _over(written, instead, line) if instead else None


def _is_alike(text: str) -> bool:
    return bool(_OPTION.match(text) or _MAYBE_OPTION.match(text))


def _may_answer(question: Answered, line: int) -> bool:
    """Whether a line stands where answers do; above them it may be a sentence."""
    above = {at for block in _touching(question) for at, _ in block.numbered()} if question.answers else {line}
    return line in above or line >= question.answers[0].line


def _each(lines: Mapping[int, str], instead: Callable[[str], str | None]) -> dict[int, str] | None:
    """What every line becomes, feedback aside; None when one of them is not like the others."""
    lines = {at: text for at, text in lines.items() if text.strip() and not text.lstrip().startswith(">")}
    found = {at: new for at, text in lines.items() if (new := instead(text)) is not None}
    return found if len(found) == len(lines) else None


def _over(written: Mapping[int, str], instead: Mapping[int, str], line: int) -> Fix | None:
    """What stands from ``line`` to the last line that changes, blank lines included, and what is to stand there."""
    changed = [at for at, text in instead.items() if text != written[at]]
    if not changed or min(changed) < line:
        return None
    lines = range(line, max(changed) + 1)
    old, new = ("\n".join(texts.get(at, "") for at in lines) for texts in (written, {**written, **instead}))
    return Fix(old, new)


# --- what looks like it ---


def _suspects(question: Answered) -> Iterator[tuple[int, re.Pattern[str]]]:
    outside = [line for block in (*question.stem, *question.stray) for line in _lines(block)]
    yield from _matching(outside, _NEVER_BY_CHANCE)
    lists = [block for block in question.answers if block.type.endswith("_list")]
    for block in lists:
        yield from _matching(_below(block), (*_NEVER_BY_CHANCE, _LETTER))
        halves = (line for line, text in _lines(block) if _is_half(text))
        yield from ((line, _ARROW) for line in halves)
    if not question.answers:
        yield from _matching(outside, _MAYBE)
    elif lists:
        yield from _matching([line for block in _touching(question) for line in _lines(block)], (_LETTER,))
    elif not question.named and _is_lettered(question):
        yield question.answers[0].line, _KEY


def _is_half(text: str) -> bool:
    return bool(_LONG_ARROW.search(text) or (_OPTION.match(text) and _HALF_PAIR.search(text)))


def _matching(lines: Sequence[Line], patterns: Sequence[re.Pattern[str]]) -> Iterator[tuple[int, re.Pattern[str]]]:
    roman = any("(ix)" in text for _, text in lines)  # then "(x)" is the tenth
    for line, text in lines:
        for pattern in patterns:
            found = pattern.search(text) if pattern in {_FOREIGN, _MAYBE_FOREIGN} else pattern.match(text)
            if found and not (roman and pattern is _OPTION):
                yield line, pattern


def _lines(block: Block) -> list[Line]:
    return [] if block.type in CODE or block.type == "blockquote" else list(_prose(block))


def _prose(block: Block) -> Iterator[Line]:
    """Its lines outside of code, spans of code left out."""
    code = code_lines(block.text) if "```" in block.text or "~~~" in block.text else frozenset()
    for at, (line, text) in enumerate(block.numbered()):
        if at not in code:
            yield line, re.sub(r"`[^`\n]*`", "``", text) if "`" in text else text


def _below(block: Block) -> list[Line]:
    """The lines of a list that do not open one of its entries, feedback aside."""
    first = {entry.line for entry in block.entries}
    return [(line, text) for line, text in _prose(block) if line not in first and not text.lstrip().startswith(">")]


def _touching(question: Answered) -> Iterator[Block]:
    """The blocks that stand right above an answer, without a blank line between."""
    top = question.answers[0].line
    for block in reversed(question.stem):
        if block.end != top:
            break
        yield block
        top = block.line
    bottom = question.answers[-1].end
    yield from (block for block in question.stray if block.line >= bottom)


def _is_lettered(question: Answered) -> bool:
    """Whether the answer is a letter of a list in the text."""
    letters = all(_LONE_LETTER.fullmatch(text) for block in question.answers for _, text in block.numbered())
    return letters and any(_LETTER.match(text) for block in question.stem for _, text in _lines(block))


def _is_closed(block: Block) -> bool:
    first, *rest = block.text.split("\n")
    mark = first.strip()[:3]
    return bool(rest) and rest[-1].strip().startswith(mark) and not rest[-1].strip(f"{mark[0]} ")
