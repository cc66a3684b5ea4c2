"""What our Markdown has and Python-Markdown has not: fenced blocks anywhere, and callouts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate
from typing import cast
from xml.etree import ElementTree

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor, BlockQuoteProcessor, HashHeaderProcessor
from markdown.extensions.tables import TableProcessor
from markdown.preprocessors import Preprocessor
from markdown.util import AtomicString

from lms.markup import fences, lists
from lms.markup.links import escaped

#: Kind of callout -> its class and its title when the author gives none.
CALLOUTS = {
    "NOTE": ("note", "Catatan"),
    "TIP": ("tip", "Kiat"),
    "IMPORTANT": ("important", "Penting"),
    "WARNING": ("warning", "Perhatian"),
    "CASE": ("case", "Kasus"),
}


class FencedBlocks(Preprocessor):
    """Takes fenced blocks out, a mark in the place of each, and gives lists their shape.

    ``\\x02`` and ``\\x03`` cannot be written by an author: Python-Markdown removes them before this runs.
    """

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self.found: list[fences.Fence] = []
        self.checks: list[int] = []  # for each, how many self-checks come before it

    def run(self, lines: list[str]) -> list[str]:
        self.found = list(fences.find("\n".join(lines)))
        self.checks = list(accumulate((fence.is_check for fence in self.found), initial=0))
        kept: list[str] = []
        line = 0
        for index, fence in enumerate(self.found):
            empty = fence.prefix.rstrip(" ")
            kept += [*lines[line : fence.first], empty, f"{fence.prefix}\x02fence {index}\x03", empty]
            line = fence.last + 1
        return lists.normalise(kept + lines[line:])


class FencedBlock(BlockProcessor):
    """Puts a fenced block back: as code, or as the slot of a self-check."""

    MARK = re.compile(r"[ ]*\x02fence (\d+)\x03[ ]*")

    def __init__(self, md: Markdown, source: FencedBlocks, slots: bool) -> None:
        super().__init__(md.parser)
        self.source = source
        self.slots = slots

    def test(self, parent: ElementTree.Element, block: str) -> bool:
        return self.MARK.fullmatch(block.strip("\n")) is not None

    def run(self, parent: ElementTree.Element, blocks: list[str]) -> None:
        found = cast("re.Match[str]", self.MARK.fullmatch(blocks.pop(0).strip("\n")))
        index = int(found[1])
        fence = self.source.found[index]
        if self.slots and fence.is_check and parent.tag == "div":
            ElementTree.SubElement(parent, "hr", {"class": f"slot-{self.source.checks[index]}"})
            return
        code = ElementTree.SubElement(ElementTree.SubElement(parent, "pre"), "code")
        code.text = AtomicString(escaped(fence.source) + "\n")


class Table(TableProcessor):
    """Markdown's tables; a line of nothing but bars begins none, and no cell of a row is lost, however short the head.

    Python-Markdown leaves out the cells that stand beyond the head's.
    """

    def __init__(self, md: Markdown) -> None:
        super().__init__(md.parser, {"use_align_attribute": True})

    def test(self, parent: ElementTree.Element, block: str) -> bool:
        return super().test(parent, block) and all("-" in cell for cell in self.separator)

    def _build_row(self, row: str, parent: ElementTree.Element, align: Sequence[str | None]) -> None:
        beyond = len(self._split_row(row)) - len(align)  # type: ignore[attr-defined]  # their types lack it
        super()._build_row(row, parent, [*align, *[None] * beyond])  # type: ignore[misc]


class Callout(BlockQuoteProcessor):
    """``> [!CASE] Loket di hari Senin`` opens a callout; each one stands for itself."""

    OPENING = re.compile(r"(?:^|\n)[ ]{0,3}>[ ]?\[!(?P<kind>[A-Z]+)\][ ]*(?P<title>[^\n]*)")

    def test(self, parent: ElementTree.Element, block: str) -> bool:
        quote, opening = self.RE.search(block), self.OPENING.search(block)
        if not quote or not opening or opening["kind"] not in CALLOUTS:
            return False
        return quote.start() == opening.start() and super().test(parent, block)

    def run(self, parent: ElementTree.Element, blocks: list[str]) -> None:
        block = blocks.pop(0)
        opening = cast("re.Match[str]", self.OPENING.search(block))
        self.parser.parseBlocks(parent, [block[: opening.start()]])
        name, label = CALLOUTS[opening["kind"]]
        aside = ElementTree.SubElement(parent, "aside", {"class": f"callout callout-{name}", "role": "note"})
        _title(aside, label, opening["title"].strip())
        content = "\n".join(self.clean(line) for line in block[opening.end() :].split("\n"))
        self.parser.state.set("blockquote")
        self.parser.parseChunk(aside, content)
        self.parser.state.reset()


def _title(aside: ElementTree.Element, label: str, title: str) -> None:
    """The kind is always said in words, once; ``Kasus: Kasus rekaan`` would say it twice."""
    paragraph = ElementTree.SubElement(aside, "p", {"class": "callout-title"})
    if not title:
        paragraph.text = label
    elif title.casefold().startswith(label.casefold()):
        paragraph.text = title
    else:
        kind = ElementTree.SubElement(paragraph, "span", {"class": "callout-kind"})
        kind.text, kind.tail = f"{label}:", f" {title}"


class Heading(HashHeaderProcessor):
    """As CommonMark has it, only what stands apart at its end closes a heading: ``## C#`` keeps its ``#``."""

    RE = re.compile(r"(?:^|\n)(?P<level>#{1,6})(?P<header>[^\n]*)(?:\n|$)")

    def run(self, parent: ElementTree.Element, blocks: list[str]) -> None:
        super().run(parent, blocks)
        heading = parent[-1]
        title = heading.text or ""
        without = title.rstrip("#")
        if not without or without.endswith(" "):
            heading.text = without.rstrip(" ")


def install(md: Markdown, *, slots: bool) -> None:
    """Teach a converter our blocks."""
    fenced = FencedBlocks(md)
    md.preprocessors.register(fenced, "fenced", 25)
    # after "indent" (90), which hands an indented block to the list item it belongs to
    md.parser.blockprocessors.register(FencedBlock(md, fenced, slots), "fenced", 85)
    md.parser.blockprocessors.register(Table(md), "table", 75)
    md.parser.blockprocessors.register(Heading(md.parser), "hashheader", 70)
    md.parser.blockprocessors.register(Callout(md.parser), "callout", 25)
