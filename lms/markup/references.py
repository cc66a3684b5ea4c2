"""What a text refers to: its links and pictures with their lines, read without rendering. The only reader of them.

A text is cut into the stretches that Markdown takes as one: a paragraph, an item of a list, a heading. In each of them
Python-Markdown's own patterns find code, escaped characters, links and pictures, in the renderer's order, so that what
is found here is what a page shows; ``tests/markup/test_references.py`` holds the two together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from itertools import pairwise
from xml.etree.ElementTree import Element

from markdown.inlinepatterns import BACKTICK_RE, IMAGE_LINK_RE, LINK_RE

from lms.citations import citation
from lms.markup import fences, limits, reach
from lms.markup.links import address


@dataclass(frozen=True, slots=True)
class Reference:
    """A link or picture as written: ``[text](href)`` or ``![text](href)``; ``line`` counts from 1 within the text.

    ``title``: what stands in quotation marks behind the address.
    """

    line: int
    text: str
    href: str
    picture: bool
    title: str = ""

    @property
    def cites(self) -> tuple[str, str] | None:
        """The regulation and the locator, if it is a citation."""
        scheme, _, reference = self.href.partition(":")
        return citation(reference) if scheme == "reg" and not self.picture else None


@dataclass(frozen=True, slots=True)
class Run:
    """Lines that Markdown reads as one text, its code and escaped characters hidden; ``line`` is the first, from 1."""

    line: int
    text: str


def references(text: str) -> list[Reference]:
    """Every link and picture of a text, in order, also a picture inside a link; a refused text has none.

    What leads nowhere by the shape of its address is left out: its flaw is told by ``flaws_of``.
    """
    if "](" not in text or next(limits.broken(text), None):
        return []
    return leading(references_in(runs(text)))


def leading(found: Iterable[Reference]) -> list[Reference]:
    """Those that may lead somewhere: neither a space in the address nor a backslash in that of a picture."""
    return [one for one in found if not re.search(r"\s", one.href) and not (one.picture and "\\" in one.href)]


# --- stretches ------------------------------------------------------------------------------------------------------

#: What quotes and lists put before a text.
_LEAD = re.compile(r"[ >]*(?:(?:[-*+]|[0-9]{1,9}[.)])[ ][ >]*)*")
#: What a table has under its head.
_FRAME = re.compile(r"(?=.*-)(?=.*\|)[-:| ]+$")
#: A heading, a rule, an empty line: no text goes on into it or after it.
_ALONE = re.compile(r"#|(?:[-*_][ ]*){3,}$|[=-]+[ ]*$|$")
#: The title of a box, where a quote begins.
_TITLE = re.compile(r"\[!\w+\]")
_FOOTNOTE = re.compile(r"\[\^[^\]]*\]:")


def runs(text: str) -> list[Run]:
    """All of the text, cut; fenced blocks are empty lines."""
    lines = fences.mask(text).split("\n")
    starts = [*_starts(lines), len(lines)]
    stretches = ((first, "\n".join(lines[first:end])) for first, end in pairwise(starts))
    return [Run(first + 1, _hidden(stretch)) for first, stretch in stretches]


def prose(found: Iterable[Run]) -> str:
    """The text without code and escaped characters; every other character keeps its place."""
    return "\n".join(run.text for run in found)


def lead_of(line: str) -> str:
    """What quotes and lists put before the text of a line."""
    lead = _LEAD.match(line)
    return lead[0] if lead else ""


def _starts(lines: list[str]) -> Iterator[int]:
    """The lines that begin a stretch. A quote goes on to an empty line, whether its lines are marked or not."""
    quotes, ended, table = 0, True, False
    for number, line in enumerate(lines):
        before = lead_of(line)
        rest, is_item = line[len(before) :], bool(before.strip(" >"))
        quotes = 0 if is_item or not line.strip(" ") else quotes
        deeper = before.count(">") > quotes
        table = bool(rest) and (table or _FRAME.match(rest) is not None)
        alone = table or bool(_ALONE.match(rest) or (deeper and _TITLE.match(rest)))
        if ended or alone or deeper or is_item or _FOOTNOTE.match(rest):
            yield number
        quotes, ended = max(quotes, before.count(">")), alone


# --- what is hidden -------------------------------------------------------------------------------------------------

_CODE = reach.Code(BACKTICK_RE)
#: The characters that Markdown lets a backslash escape.
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()>#+.!-])")
_PLANE = 0xF0000  # of characters for private use: no pattern knows them
_GONE = "\x02"  # in place of a mark that is not shown; ``fences.clean`` takes the author's away


def _hidden(text: str) -> str:
    """Code and escaped characters out of sight of every other pattern, each in its place."""
    if "`" not in text and "\\" not in text:
        return text
    place = 0
    while mark := _CODE.compiled_re.search(text, place):
        found, _, end = _CODE.handleMatch(mark, text)
        place = end or mark.end()
        if found is None:  # a mark that nothing closes
            continue
        span = text[mark.start() : place]
        # code, or backslashes before it that escape one another
        span = span.replace("\\\\", f"{_GONE}\\") if isinstance(found, str) else span.replace("`", _GONE)
        text = "".join([text[: mark.start()], *map(_away, span), text[place:]])
    return _ESCAPED.sub(lambda found: _GONE + _away(found[1]), text)


def _away(one: str) -> str:
    return one if one in {"\n", _GONE} or ord(one) > 0xFFFF else chr(ord(one) + _PLANE)


def shown(text: str) -> str:
    """The text with what is hidden in it as a page shows it."""
    if _GONE not in text:
        return text
    shown = (chr(ord(one) - _PLANE) if 0 <= ord(one) - _PLANE <= 0xFFFF else one for one in text)
    return "".join(shown).replace(_GONE, "")


# --- links and pictures ---------------------------------------------------------------------------------------------


class _Link(reach.Link):
    def unescape(self, text: str) -> str:
        return shown(text)


class _Picture(reach.Picture):
    def unescape(self, text: str) -> str:
        return shown(text)


_LINK, _PICTURE = _Link(LINK_RE), _Picture(IMAGE_LINK_RE)


@dataclass(frozen=True, slots=True)
class _Span:
    """Where in a text a link or picture stands, and what it is."""

    start: int
    end: int
    element: Element

    def reference(self, line: int) -> Reference:
        get = self.element.get
        if self.element.tag == "img":
            return Reference(line, get("alt", ""), unescape(get("src", "")), picture=True, title=get("title", ""))
        return Reference(line, shown(self.element.text or ""), address(unescape(get("href", ""))), picture=False)


def references_in(found: Iterable[Run]) -> Iterator[Reference]:
    """Every link and picture, in order."""
    for run in found:
        if "](" in run.text:
            for span in sorted(_spans(run.text), key=lambda span: span.start):
                yield span.reference(run.line + run.text.count("\n", 0, span.start))


def torn(found: Iterable[Run]) -> Iterator[tuple[int, str]]:
    """Each ``[…](`` that makes no link, with its line and what stands around it."""
    for run in found:
        spans = list(_spans(run.text)) if "](" in run.text else []
        for mark in re.finditer(r"\]\(", run.text):
            opening = _opening(run.text, mark.start())
            if opening >= 0 and not any(span.start < mark.start() < span.end for span in spans):
                around = run.text[max(opening, mark.start() - 40) : mark.end() + 40]
                yield run.line + run.text.count("\n", 0, mark.start()), shown(around.split("\n")[0])


def _opening(text: str, end: int) -> int:
    """Where the bracket is opened that ends here; -1 if it is not, or is too far away."""
    depth = 0
    for bracket in reversed(list(re.finditer(r"[\[\]]", text[max(end - _NEAR, 0) : end]))):
        depth += 1 if bracket[0] == "]" else -1
        if depth < 0:
            return max(end - _NEAR, 0) + bracket.start()
    return -1


_NEAR = 200  # characters


def _spans(text: str) -> Iterator[_Span]:
    """A link in the words for a picture is no link; a picture in the text of a link is a picture."""
    links = list(_matches(_LINK, text))
    rest: list[str] = []
    place = 0
    for link in links:
        rest += text[place : link.start], re.sub(r"[^\n]", _GONE, text[link.start : link.end])
        place = link.end
        inner = link.element.text or ""
        yield from (_Span(link.start + 1 + one.start, one.end, one.element) for one in _matches(_PICTURE, inner))
    pictures = list(_matches(_PICTURE, "".join([*rest, text[place:]])))
    yield from pictures
    yield from (link for link in links if not any(one.start < link.start < one.end for one in pictures))


def _matches(pattern: reach.Link, text: str) -> Iterator[_Span]:
    place = 0
    while mark := pattern.compiled_re.search(text, place):
        element, start, end = pattern.handleMatch(mark, text)
        place = mark.end()
        if isinstance(element, Element) and start is not None and end is not None:
            yield _Span(start, end, element)
            # where a title in quotes is never closed, Python-Markdown may find no end, and loses the rest of the text
            place = end if end > start else len(text)
