"""Python-Markdown's readers of code, links and pictures, made to look no further than ``REACH`` for where one ends,
and than ``ADDRESS`` for the end of where one leads.

Its own read to the end of the paragraph at every mark that is never closed, a character at a time.
"""

from __future__ import annotations

import re

from markdown.inlinepatterns import BacktickInlineProcessor, ImageInlineProcessor, LinkInlineProcessor

REACH = 2_000  # characters; the longest of the shipped pack is a picture's text of 387
ADDRESS = 1_000  # characters of an address with its title
_BRACKET = re.compile(r"[\[\]]")


class Code(BacktickInlineProcessor):
    # types-markdown has its answer wrong
    def find_code_spans(self, start: int, text: str) -> tuple[int, int | None]:  # type: ignore[override]
        begin, end = super().find_code_spans(0, text[start : start + REACH])  # type: ignore[misc]
        return start + begin, None if end is None else start + end


class Link(LinkInlineProcessor):
    def getText(self, data: str, index: int) -> tuple[str, int, bool]:  # noqa: N802 – theirs
        open_brackets = 1
        for bracket in _BRACKET.finditer(data, index, index + REACH):
            open_brackets += 1 if bracket[0] == "[" else -1
            if not open_brackets:
                return data[index : bracket.start()], bracket.end(), True
        return "", index, False

    def getLink(self, data: str, index: int) -> tuple[str, str | None, int, bool]:  # noqa: N802 – theirs
        href, title, end, found = super().getLink(data[index : index + ADDRESS], 0)
        # theirs may find a link, but not its end: that is -1 and stays so
        return href, title, end if end < 0 else index + end, found


class Picture(Link, ImageInlineProcessor):
    """Reads as ``Link`` does, and makes of it what theirs makes."""
