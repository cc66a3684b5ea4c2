"""Cuts Markdown into blocks, each with its place in the source. The only file of this room that knows markdown-it.

Nothing is rendered here: questions are found in the tree, so a fence that holds ``- [x]`` or ``##`` is no question, and
their texts stay the source that the author wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from markdown_it import MarkdownIt
from markdown_it.token import Token

from lms.quiz.written import Block, Entry

# Block structure only. A link definition would swallow an option `- [x]: …`; a line of `---` or `===` under a text is
# no heading, because a question is a heading that begins with `##`.
_PARSER = MarkdownIt("commonmark").disable(["inline", "text_join", "reference", "lheading"])

_MARKER = re.compile(r" *(?:[-+*]|\d{1,9}[.)])( {1,4}(?! )| |$)")
_QUOTE = re.compile(r"^ {0,3}> ?", re.MULTILINE)
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)")
_LEVELS = {"h1": 1, "h2": 2}


@dataclass(frozen=True, slots=True)
class Part:
    """A heading of level 1 or 2 and the blocks under it, up to the next one."""

    level: int
    line: int
    heading: str
    blocks: list[Block]
    noted: frozenset[int]  # lines under the heading on which nothing but a note among editors stood


def cut(text: str, first_line: int, noted: frozenset[int]) -> tuple[list[Block], list[Part]]:
    """The blocks before the first heading of level 1 or 2, and a part for each such heading.

    ``text``: cleaned, its notes left out; its first line is line ``first_line`` of the file. ``noted``: see ``Part``.
    """
    lines = text.split("\n")
    introduction: list[Block] = []
    parts: list[Part] = []
    for group in _groups(_PARSER.parse(text)):
        if group[0].tag in _LEVELS:
            start, _ = _span(group[0], lines)
            heading = group[1].content.strip()
            parts.append(Part(_LEVELS[group[0].tag], first_line + start, heading, [], noted))
        else:
            blocks = parts[-1].blocks if parts else introduction
            blocks.extend(_blocks(group, lines, first_line))
    return introduction, parts


def code_lines(text: str) -> frozenset[int]:
    """Indices (from 0) of the lines that are fenced or indented code."""
    tokens = (token for token in _PARSER.parse(text) if token.type in {"fence", "code_block"} and token.map)
    return frozenset(index for token in tokens for index in range(*(token.map or ())))


def covered_lines(text: str) -> frozenset[int]:
    """Indices (from 0) of the lines that belong to a top-level block; the others are blank and lie between blocks."""
    lines = text.split("\n")
    spans = (_span(group[0], lines) for group in _groups(_PARSER.parse(text)))
    return frozenset(index for span in spans for index in range(*span))


def in_prose(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Where a pattern matches within one line, and does not begin in code."""
    if not pattern.search(text):
        return
    code = code_lines(text)
    lines = text.split("\n")
    starts = accumulate((len(line) + 1 for line in lines), initial=0)
    for index, (line, start) in enumerate(zip(lines, starts, strict=False)):
        if index in code:
            continue
        spans = [(start + found.start(), start + found.end()) for found in _CODE_SPAN.finditer(line)]
        for found in pattern.finditer(text, start, start + len(line)):
            if not any(begin < found.start() < end for begin, end in spans):
                yield found


def unquoted(text: str) -> str:
    """The content of a block quote."""
    return _QUOTE.sub("", text)


def _groups(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The tokens of one top-level piece after the other."""
    group: list[Token] = []
    for token in tokens:
        if token.level == 0 and token.nesting >= 0 and group:
            yield group
            group = []
        group.append(token)
    if group:
        yield group


def _blocks(group: Sequence[Token], lines: Sequence[str], first_line: int) -> Iterator[Block]:
    token = group[0]
    start, end = _span(token, lines)
    kind = token.tag if token.type == "heading_open" else token.type.removesuffix("_open")
    if kind != "paragraph":
        entries = tuple(_entries(group, lines, first_line)) if kind.endswith("_list") else ()
        yield Block(kind, first_line + start, first_line + end, "\n".join(lines[start:end]), entries)
        return
    answers = next((at for at in range(start, end) if lines[at].lstrip().startswith("=")), end)
    if start < answers:
        yield Block(kind, first_line + start, first_line + answers, "\n".join(lines[start:answers]))
    if answers < end:
        yield Block("answers", first_line + answers, first_line + end, "\n".join(lines[answers:end]))


def _entries(group: Sequence[Token], lines: Sequence[str], first_line: int) -> Iterator[Entry]:
    items = [token for token in group if token.level == 1 and token.type == "list_item_open"]
    quotes = [_span(token, lines) for token in group if token.level == 2 and token.type == "blockquote_open"]
    for item in items:
        start, end = _span(item, lines)
        found = _MARKER.match(lines[start])
        indent = found.end() if found else 0
        own = [lines[start][indent:], *(_outdented(line, indent) for line in lines[start + 1 : end])]
        inside = [(begin - start, stop - start) for begin, stop in quotes if start <= begin < end]
        quoted = {at for span in inside for at in range(*span)}
        text = "\n".join(line for at, line in enumerate(own) if at not in quoted)
        quote = "\n\n".join(unquoted("\n".join(own[begin:stop])) for begin, stop in inside)
        yield Entry(first_line + start, text.strip(), quote.strip())


def _outdented(line: str, indent: int) -> str:
    """``line`` without the indentation of its list item; a lazy continuation has less of it."""
    return line[min(indent, len(line) - len(line.lstrip(" "))) :]


def _span(token: Token, lines: Sequence[str]) -> tuple[int, int]:
    """First line and the one after the last that is not blank, as indices."""
    start, end = token.map or (0, 0)
    while end > start + 1 and not lines[end - 1].strip():
        end -= 1
    return start, end
