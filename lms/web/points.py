"""Points as people write them: with a comma or a point, and kept to the last digit."""

from __future__ import annotations

import re
from fractions import Fraction

from babel.numbers import format_decimal

from lms.errors import Said
from lms.web.words import current_language

_POINTS = re.compile(r"\d{1,4}(?:[.,]\d{1,4})?", re.ASCII)


def read(written: str, most: float) -> Fraction | None:
    """None for what is no number, or more than ``most``."""
    if not _POINTS.fullmatch(written.strip()):
        return None
    points = Fraction(written.strip().replace(",", "."))
    return points if points <= exact(most) else None


def exact(points: float) -> Fraction:
    """The number that was meant: 0.1 is a tenth."""
    return Fraction(repr(points))


def wrong(most: float) -> Said:
    """What is said beside a field that ``read`` cannot read."""
    return Said("Tulis angka dari 0 sampai %(most)s, misalnya 1,5.", most=shown(most))


def in_full(points: float) -> str:
    """As it is read where it must add up: with every digit that somebody gave, and those of a mean of two."""
    return format_decimal(round(points, 6), format="#,##0.#####", locale=current_language())


def shown(points: float) -> str:
    """As it can be typed: ``number`` rounds, and parts thousands."""
    return f"{points:.6g}".replace(".", ",")
