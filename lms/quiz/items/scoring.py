"""The ``scoring:`` field line, for kinds that can be scored in more than one way."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from lms.fields import Fix, Problems, misspelt, suggestion
from lms.quiz.written import Field

W = TypeVar("W", bound=StrEnum)


def read_word(field: Field | None, default: W, problems: Problems) -> W:
    """The way of scoring that an author chose among those of the enumeration that ``default`` is of."""
    if field is None:
        return default
    try:
        return type(default)(field.value.lower())
    except ValueError:
        known = [way.value for way in type(default)]
        hint = suggestion(field.value, known) or f"; pilih {', '.join(known)}"
        meant = misspelt(field.value, known)
        fix = Fix(field.value, meant) if meant else None
        problems.error(field.line, "Q019", f"scoring `{field.value}` tidak dikenal{hint}", fix=fix)
        return default
