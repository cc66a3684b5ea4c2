"""What a page says under each of its headings, in plain words and without rendering: what a search reads.

Rendering a lesson costs fifteen milliseconds, this about two. Self-checks are left out, so that no question is ever
found. ``tests/markup/test_plain.py`` holds words, headings and anchors to what the page shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from heapq import merge
from html import unescape

from lms.citations import citation
from lms.markup import limits
from lms.markup.fences import Fence, find
from lms.markup.page import Heading, new_anchor, plain_title
from lms.markup.references import Run, lead_of, runs, shown


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it, up to the next one; ``heading`` is None for what stands above the first.

    ``cites``: (regulation, locator) of every citation, in order. A heading below the third level is part of the text.
    """

    heading: Heading | None
    text: str
    cites: tuple[tuple[str, str], ...]


def plain_sections(text: str) -> tuple[Section, ...]:
    """The sections of a page in order; none of a text that is refused."""
    return () if next(limits.broken(text), None) else tuple(_cut(_stretches(text)))


@dataclass(slots=True)
class _Open:
    """A section that is being read; ``written``: its Markdown, stretch by stretch; ``code``: its fenced blocks."""

    heading: Heading | None = None
    written: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    cites: list[tuple[str, str]] = field(default_factory=list)

    def close(self) -> Section:
        text = " ".join([_said("\n".join(self.written), self.cites), *self.code])
        return Section(self.heading, _CELLS.sub(" · ", " ".join(text.split())).strip(" ·"), tuple(self.cites))


def _stretches(text: str) -> Iterator[Run | Fence]:
    """All of a page but its self-checks, in order."""
    code = (fence for fence in find(text) if not fence.is_check)
    return merge(_underlined(runs(text)), code, key=lambda one: one.line if isinstance(one, Run) else one.first + 1)


def _cut(stretches: Iterable[Run | Fence]) -> Iterator[Section]:
    taken: dict[str, int] = {}
    now = _Open()
    for run in stretches:
        if isinstance(run, Fence):
            now.code.append(run.source)
            continue
        level, written = _heading(run.text)
        if not level:
            now.written.append(run.text)
            continue
        cites: list[tuple[str, str]] = []
        title = plain_title(_said(written, cites))
        anchor = new_anchor(title, taken)
        if level > _DEEPEST:
            now.written.append(written)
            continue
        yield from _if_any(now)
        now = _Open(Heading(anchor, title, level), cites=cites)
    yield from _if_any(now)


def _if_any(one: _Open) -> Iterator[Section]:
    if one.heading or one.code or any(map(str.strip, one.written)):
        yield one.close()


# --- headings -------------------------------------------------------------------------------------------------------

_DEEPEST = 3
_MARKED = re.compile(r"(?P<marks>#{1,6})(?P<title>[^\n]*)")
_UNDERLINE = re.compile(r"(?:=+|-+)[ ]*")
_UNDERLINED = re.compile(r"(?P<title>[^\n]+)\n(?P<line>=+|-+)[ ]*$")


def _underlined(stretches: list[Run]) -> Iterator[Run]:
    """The stretches, a line and the marks that make it a heading being one."""
    rest = iter(stretches)
    now = next(rest, None)
    for following in [*rest, None]:
        if now is None:
            return
        if following and following.line == now.line + 1 and _UNDERLINE.fullmatch(following.text.rstrip("\n")):
            now = Run(now.line, f"{now.text}\n{following.text}".rstrip("\n"))
            continue
        yield now
        now = following


def _heading(text: str) -> tuple[int, str]:
    """The level as the page shows it (2 to 4) and the title as written; 0 for what is no heading."""
    rest = text[len(lead_of(text)) :]
    if found := _MARKED.match(rest):
        title = found["title"].strip()
        without = title.rstrip("#")
        closed = not without or without.endswith(" ")
        return min(max(len(found["marks"]), 2), 4), without if closed else title
    if found := _UNDERLINED.match(rest):
        return 2, found["title"]
    return 0, ""


# --- words ----------------------------------------------------------------------------------------------------------

_LINK = re.compile(
    r"(?P<picture>!?)\[(?P<text>(?:[^\[\]]++|\[[^\[\]]*+\])*+)\]"
    r"\((?P<href>[^()\s]*+(?:\([^()\s]*+\)[^()\s]*+)*+)[^()]*+\)"
)
_FRAME = re.compile(r"^[-: |]*-[-: |]*$", re.MULTILINE)
_NOTE = re.compile(r"\[\^[^\]\n]*\]:?")
_BOX = re.compile(r"\[!(?:NOTE|TIP|IMPORTANT|WARNING|CASE)\]")
_CELLS = re.compile(r" ·(?: ·)* ")
_TICK = re.compile(r"^\[[ xX]\] ", re.MULTILINE)
_UNDERSCORES = re.compile(r"\b_+|_+\b|(?<!\w)_+(?!\w)")


def _said(text: str, cites: list[tuple[str, str]]) -> str:
    """What is left of Markdown for a reader; what it cites goes into ``cites``."""

    def words(link: re.Match[str]) -> str:
        scheme, _, reference = link["href"].partition(":")
        if link["picture"]:
            return " "
        if scheme == "reg":
            cites.append(citation(reference))
        return link["text"]

    text = "\n".join([line[len(lead_of(line)) :] for line in text.split("\n")])
    if "|" in text:
        text = _FRAME.sub("", text).replace("|", " · ")
    if "[" in text:
        text = _NOTE.sub(" ", _BOX.sub(" ", _TICK.sub("", _LINK.sub(words, text))))
    if "_" in text:
        text = _UNDERSCORES.sub("", text)
    return unescape(shown(text.replace("*", "").replace("~~", "").replace("\\\n", "\n")))
