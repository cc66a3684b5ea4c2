"""A question or quiz as plain data, to be stored and read back, and the digests that name versions of a question."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter

from lms.quiz.canonical import digest, plain
from lms.quiz.item import Item
from lms.quiz.items.missing_kind import MissingKind
from lms.quiz.items.registry import ITEM_KINDS
from lms.quiz.quiz import Quiz
from lms.quiz.review import ReviewRules

T = TypeVar("T")

_log = logging.getLogger("lms.items")


def dump(item: Item) -> dict[str, Any]:
    """``item`` as JSON-able data; ``load`` gives an equal item back."""
    return dict(plain(item))


def load(data: Mapping[str, Any], *, decisive: str = "") -> Item:
    """The item that ``dump`` was given, or what stands in for it where its kind is not there or cannot take the data.

    ``decisive``: its major version, where that is known. Raises ValueError for data that no item can be made of.
    """
    kind = ITEM_KINDS.get(str(data.get("kind")))
    if kind is not None:
        try:
            item: Item = _adapter(kind).validate_python(data)
        except Exception:  # of other packages, too, whatever they check
            _log.exception("the question kind %r cannot take what is kept of %r", data.get("kind"), data.get("id"))
        else:
            return item
    else:
        _log.warning("the question kind %r of %r is not installed", data.get("kind"), data.get("id"))
    common = {field.name: data[field.name] for field in fields(Item) if field.name in data}
    kept = {"was": data.get("kind"), "kept": json.dumps(data, ensure_ascii=False), "decisive": decisive}
    missing: MissingKind = _adapter(MissingKind).validate_python(common | kept)
    return missing


def dump_quiz(quiz: Quiz) -> dict[str, Any]:
    """``quiz`` with its items as JSON-able data; ``load_quiz`` gives an equal quiz back."""
    return dict(plain(quiz))


def load_quiz(data: Mapping[str, Any]) -> Quiz:
    """The quiz that ``dump_quiz`` was given. Raises ValueError for data that no quiz can be made of."""
    items = tuple(load(item) for item in data.get("items", ()))
    quiz: Quiz = _adapter(Quiz).validate_python({**data, "items": items})
    return quiz


def load_review(data: Mapping[str, Any]) -> ReviewRules:
    """Review rules from their canonical form. Raises ValueError."""
    rules: ReviewRules = _adapter(ReviewRules).validate_python(dict(data))
    return rules


def version(item: Item) -> str:
    """Names this very model: another wording, another version."""
    return digest(item)


def major(item: Item) -> str:
    """Names what decides marks: kind, points, key, options' ids, weights, scoring.

    While it stays, statistics go on; when it changes, they start anew and a regrade is offered.
    """
    if isinstance(item, MissingKind) and item.decisive:
        return item.decisive
    return digest((item.kind, item.points, item.graded()))


@cache
def _adapter(model: type[T]) -> TypeAdapter[T]:
    return TypeAdapter(model)
