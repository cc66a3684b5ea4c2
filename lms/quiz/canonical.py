"""The canonical form of a model: plain data that is the same wherever and whenever it is made.

Fields that hold their default are left out, so that a field added later changes no digest.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from lms.quiz.item import Item
from lms.quiz.items.missing_kind import MissingKind


def plain(value: Any) -> Any:
    """``value`` as JSON-able data: dicts, lists, text and numbers; an item names its kind."""
    if isinstance(value, MissingKind):
        return json.loads(value.kept)
    if is_dataclass(value):
        kind = {"kind": value.kind} if isinstance(value, Item) else {}
        pairs = ((field, getattr(value, field.name)) for field in fields(value) if field.compare)
        return kind | {field.name: plain(own) for field, own in pairs if own != field.default}
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"  # 3.10 and 3.1 are one number
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value


def digest(value: object) -> str:
    """32 hex digits that name ``value``: the beginning of the SHA-256 of its canonical form."""
    text = json.dumps(plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
