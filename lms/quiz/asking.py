"""Asks a kind what it makes of a question: whatever the code of another package does, the rest of the pack is read.

What goes wrong in a kind of ours is our mistake, and told by a traceback.
"""

from __future__ import annotations

from collections.abc import Mapping

from lms import plugins
from lms.fields import Problems
from lms.quiz.item import Item
from lms.quiz.items.registry import OURS
from lms.quiz.written import Block, Field, Written


class Failed(Exception):
    """A kind of another package failed at a question; says which, for whoever wrote the question."""

    def __init__(self, kind: type[Item], how: str) -> None:
        whose = plugins.packages(plugins.ITEMS, kind.kind)
        super().__init__(f"paket {whose} (jenis `{kind.kind}`) gagal membaca soal ini: {how}")


def claims(kind: type[Item], block: Block, fields: Mapping[str, Field]) -> bool:
    """Whether ``block`` is an answer in the writing of this kind. Raises ``Failed``."""
    try:
        return kind.claims(block, fields)
    except Exception as error:
        if kind.kind in OURS:
            raise
        raise Failed(kind, repr(error)) from error


def parsed(kind: type[Item], written: Written, problems: Problems) -> Item | None:
    """The item, or None where ``problems`` say why there is none. Raises ``Failed``."""
    if kind.kind in OURS:
        return kind.parse(written, problems)
    try:
        item: object = kind.parse(written, problems)
    except Exception as error:
        raise Failed(kind, repr(error)) from error
    if isinstance(item, Item):
        return item
    if item is not None:
        raise Failed(kind, f"`parse` memberi {item!r}, bukan soal")
    if not problems.errors:
        raise Failed(kind, "`parse` memberi None tanpa mencatat apa yang keliru")
    return None
