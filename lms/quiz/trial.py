"""A kind of another package, tried on its own example: what would fail on somebody's page fails at the start."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache

from lms.fields import Problems
from lms.quiz.definition import dump, load, major
from lms.quiz.item import NOT_ANSWERED, Item
from lms.quiz.source import parse_item, sample
from lms.quiz.write import write_item


@cache
def fault(kind: type[Item]) -> str:
    """Which part of ``kind`` fails at its own example, and how; empty where none does."""
    part = "parse"
    try:
        item = sample(kind)
        for part in _parts(item):  # noqa: B007 – told where it fails
            pass
    except Exception as error:  # whatever its code does
        return f"`{part}` fails at its own example ({error!r})"
    return ""


def _parts(item: Item) -> Iterator[str]:
    """Names each part of an item, then asks for it, as pages, marking, regrades, reports and editors do."""
    yield "key"
    key = item.key()
    yield "accept"
    right = item.accept(key and list(key))
    if (right is None) != (key is None) or item.accept(right and list(right)) != right:
        raise ValueError("it does not accept its own key, or what it accepted before")
    yield "mark"
    if item.mark(None) != NOT_ANSWERED or (right and item.mark(right).fraction != 1):
        raise ValueError("its key is not right, or nothing is not unanswered")
    for response in (None, right):
        yield "doubt"
        item.doubt(response)
        yield "by_row"
        item.by_row(response)
        yield "row_shares"
        item.row_shares(response)
    if right:
        yield "lacking"
        item.lacking(right)
        yield "alike"
        item.alike(right, right)
    for part in ("rule", "takes_several"):
        yield part
        getattr(item, part)
    for part in ("choices", "rows", "feedback", "solution", "criteria", "worth", "guess"):
        yield part
        getattr(item, part)()
    yield "texts"
    list(item.texts())
    yield "shuffled"
    item.order(random.Random(0), shuffle=True)  # noqa: S311 – any order will do
    yield "graded"
    major(item)
    yield "written"
    if parse_item(write_item(item), path="", first_line=1, problems=Problems()) != item:
        raise ValueError("written and read it is another question")
    yield "key_form"
    form = item.key_form()
    yield "with_key"
    if form and item.with_key(form) != item:
        raise ValueError("the key as the form shows it makes another question")
    yield "fields"
    if load(dump(item)) != item:
        raise ValueError("what is kept of it makes another question")
