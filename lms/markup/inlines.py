"""Marks within a line that our Markdown has and Python-Markdown has not: strikethrough, bare addresses, hard breaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import DelimiterProcessor, InlineProcessor, SubstituteTagInlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from lms.markup.reach import REACH

#: ``~~struck~~``; a single ``~`` may stand inside.
STRIKE = re.compile(rf"~~(?<!~~~)(?![~\s])(?P<text>(?:[^~]|~(?!~)){{1,{REACH}}})(?<!\s)~~(?!~)")
#: An address without any marks around it; what ends the sentence is taken off by ``bare``.
BARE = re.compile(r"(?<![\w@/.:])(?:https?://(?=\w)|www\.(?=[\w-]+\.\w))(?:[^\s<>\x02\x03]|\x02klzzwxh:\d+\x03)+", re.I)
#: What comes after an address rather than belongs to it.
_AFTER = re.compile(r"""[?!.,:;*_~'"`’”»\]}…|]""")
_STASHED = re.compile(r"\x02klzzwxh:(\d+)\x03")
_TICK = re.compile(r"\[([ xX])\](?:[ ]+|$)")
_TICKS = {" ": ("☐", "belum"), "x": ("☑", "sudah")}


def bare(found: str) -> str:
    """The address of what ``BARE`` finds: without the sentence's marks, nor a bracket that was opened before it."""
    end, surplus = len(found), found.count(")") - found.count("(")
    while end:
        last = found[end - 1]
        if last == ")" and surplus > 0:
            surplus -= 1
        elif not _AFTER.match(last):
            break
        end -= 1
    return found[:end]


class _Strike(InlineProcessor):
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:  # type: ignore[override]  # noqa: N802 – theirs
        struck = Element("del")
        struck.text = m["text"]
        return struck, m.start(), m.end()


class _Bare(InlineProcessor):
    ANCESTOR_EXCLUDES = ("a",)

    def getCompiledRegExp(self) -> _Bare:  # type: ignore[override]  # noqa: N802 – theirs
        return self

    def finditer(self, text: str, start: int) -> Iterator[re.Match[str]]:
        """As of the pattern; most texts hold no address, and this is quickly told."""
        return BARE.finditer(text, start) if "://" in text or "ww." in text or "WW." in text else iter(())

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:  # type: ignore[override]  # noqa: N802 – theirs
        written = bare(self._before_elements(m[0]))
        address = self.unescape(written)
        link = Element("a", {"href": address if ":" in address[:6] else f"https://{address}"})
        link.text = AtomicString(address)
        return link, m.start(), m.start() + len(written)

    def _before_elements(self, text: str) -> str:
        """Escaped characters belong to an address; code or a link that follows it does not."""
        stash = self.md.treeprocessors["inline"].stashed_nodes  # type: ignore[attr-defined]
        for one in _STASHED.finditer(text):
            if not isinstance(stash.get(one[1]), str):
                return text[: one.start()]
        return text


class _Emphasis(DelimiterProcessor):
    """Theirs pairs a mark with an earlier one than the last, but then takes as many characters as the last has."""

    def search(self, data: str, start: int) -> re.Match[str] | None:
        found: re.Match[str] | None = super().search(data, start)
        if found and found.lastgroup and found.lastgroup[0] not in "es":
            stack, size = self.delimiters[found[0][0]].stack, len(found[0])
            if stack and stack[-1][-1] != size and self.rule_of_3(stack[-1][3], size):
                fitting = (at for at in range(len(stack) - 2, -1, -1) if self._fits(stack[at], size))
                if (at := next(fitting, None)) is not None:
                    while len(stack) > at + 1:
                        stack.pop()
        return found

    def _fits(self, opening: tuple[int, ...], size: int) -> bool:
        return opening[-1] == size and not self.rule_of_3(opening[3], size)


class _Tasks(Treeprocessor):
    """``- [ ]`` and ``- [x]``: an item with a tick that can be read, and not clicked."""

    def run(self, root: Element) -> None:
        for item in root.iter("li"):
            first = item if (item.text or "").strip() or not len(item) or item[0].tag != "p" else item[0]
            if found := _TICK.match((first.text or "").lstrip("\n")):
                mark, says = _TICKS[found[1].lower()]
                tick = Element("span", {"class": "tick", "role": "img", "aria-label": says})
                tick.text = AtomicString(mark)
                tick.tail = " " + (first.text or "").lstrip("\n")[found.end() :]
                first.text = None
                first.insert(0, tick)
                item.set("class", "task")


def install(md: Markdown) -> None:
    """Teach a converter our marks."""
    patterns = md.inlinePatterns
    patterns.register(SubstituteTagInlineProcessor(r"\\\n", "br"), "backslash", 99)
    # after code, escapes, links and pictures; before emphasis, which may stand inside
    patterns.register(_Bare(BARE.pattern, md), "bare", 70)
    patterns.register(_Strike(STRIKE.pattern, md), "strike", 65)
    emphasis = _Emphasis("*", "strong,em", md)
    emphasis.add("_", "strong,em", smart=True)
    patterns.register(emphasis, "em_strong", 60)
    # before "inline" (20)
    md.treeprocessors.register(_Tasks(md), "tasks", 25)
