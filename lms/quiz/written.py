"""What an author wrote for one question, cut into pieces that a kind can read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

#: The code of whatever a kind of another package finds wrong with its answer.
MISTAKE = "Q099"

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ID_WITHIN = re.compile(r"(?P<before>[^{}]*)\{#(?P<id>[a-z0-9-]+)(?:\}(?P<after>[^{}]*)|)")


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a list. ``text`` and ``quote`` (the quotes directly in it) are Markdown without the list's marks."""

    line: int
    text: str
    quote: str


@dataclass(frozen=True, slots=True)
class Block:
    """One top-level piece of Markdown: its lines ``line`` (from 1) up to, not including, ``end``.

    ``type`` is markdown-it's name without "_open" (``paragraph``, ``bullet_list``, ``blockquote``, ``fence``, ``hr``
    …), ``h1``…``h6`` for headings, and ``answers`` for lines from the first that begins with "=" to the end of its
    paragraph.
    """

    type: str
    line: int
    end: int
    text: str
    entries: tuple[Entry, ...] = ()  # of a list

    def numbered(self) -> Iterator[tuple[int, str]]:
        """Its lines, each with its number in the file."""
        return enumerate(self.text.split("\n"), self.line)


@dataclass(frozen=True, slots=True)
class MissingId:
    """An id that is to be written: ``text`` comes on line ``line``, before the ``tail`` that ends it."""

    line: int
    text: str
    tail: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A ``key: value`` line under a heading."""

    line: int
    value: str


@dataclass(frozen=True, slots=True)
class Written:
    """A question as its kind meets it: what all kinds share is read, what answers it is not."""

    line: int
    common: Mapping[str, Any]  # arguments that every Item takes
    fields: Mapping[str, Field]
    answers: tuple[Block, ...]  # the blocks that the kind claimed, at least one
    in_quiz: bool  # False for a self-check in a lesson, where ids of options may stay unwritten


def verbatim(blocks: Iterable[Block]) -> str:
    """The source of neighbouring blocks as it was written, with at most one blank line between two."""
    text, end = "", 0
    for block in blocks:
        gap = "" if not text else "\n" if block.line == end else "\n\n"
        text, end = text + gap + block.text, block.end
    return text


def is_id(text: str) -> bool:
    """Whether ``text`` can be an id: lower-case letters and digits, parts joined by hyphens, at most 100 characters."""
    return len(text) <= 100 and _ID.fullmatch(text) is not None


def id_at_end(text: str) -> str | None:
    """A line that holds its id unclosed or before its end, with the id where it belongs; None for any other line."""
    found = _ID_WITHIN.fullmatch(text.rstrip())
    words = f"{found['before'].rstrip()}{found['after'] or ''}".strip() if found else ""
    return f"{words} {{#{found['id']}}}" if found and words else None


def joined(entries: Iterable[tuple[str, str, str]]) -> str:
    """List items from (mark, text, quote): ``- (x) text`` with its quote under it, as ``Entry`` reads them."""
    return "\n".join(_item(*entry) for entry in entries)


def _item(mark: str, text: str, quote: str) -> str:
    quoted = [f"> {line}" if line else ">" for line in quote.split("\n")] if quote else []
    first, *rest = [*text.split("\n"), *quoted]
    indent = " " * (mark.index(" ") + 1)
    return "\n".join([mark + first, *(indent + line if line else "" for line in rest)])


def with_id(text: str, words: str) -> str:
    """``text`` with ``{words}`` at the end of its first line, before the spaces of a hard line break."""
    first, newline, rest = text.partition("\n")
    bare = first.rstrip()
    return f"{bare} {{{words}}}{first[len(bare) :]}{newline}{rest}"
