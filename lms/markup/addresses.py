"""Links that have no address yet, so that a text is rendered once and shown wherever it is wanted.

Rendered HTML says what a link leads to (``href="/~lesson/asn/hak"``); whoever shows it says where that is. Nobody can
write such a link: of what an author writes, an address that begins with ``/`` leads nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from urllib.parse import quote, unquote

from markupsafe import Markup, escape


class To(StrEnum):
    """What a link leads to: a regulation (``uu-20-2023#3.2``), a lesson, a quiz, a term, a picture of the pack."""

    REGULATION = "reg"
    LESSON = "lesson"
    QUIZ = "quiz"
    TERM = "term"
    PICTURE = "picture"


#: The address of what has this id.
Where = Callable[[To, str], str]

_MARK = "/~"
# in a tag only, and past its earlier attributes: text has no "<", a value no quotation mark
_LINK = re.compile(rf'(<(?:a|img)\b(?:[^">]|"[^"]*")*? (?:href|src)="){_MARK}([a-z]+)/([^"]*)"')


def unaddressed(to: To, id: str) -> str:
    """What stands for the address of a link until it is known."""
    return f"{_MARK}{to}/{quote(id, safe='/#')}"


def lacks_addresses(html: str) -> bool:
    """Whether there is anything to fill in."""
    return f'="{_MARK}' in html


def addressed(html: Markup, where: Where) -> Markup:
    """The HTML with an address in every link that had none."""
    return Markup(_LINK.sub(lambda link: f'{link[1]}{escape(_address(To(link[2]), unquote(link[3]), where))}"', html))  # noqa: S704


def _address(to: To, id: str, where: Where) -> str:
    """Of a lesson also a part may be meant (``asn/hak#bagian-cuti``), wherever the lesson is."""
    lesson, mark, part = id.partition("#") if to is To.LESSON else (id, "", "")
    return where(to, lesson) + mark + part
