"""How a number may be spelt besides, and what is near to being one: asked of what an author accepts."""

from __future__ import annotations

import re

from lms.quiz.items.numbers import MONEY, ZEROS, is_known, number, plain

_BETWEEN_YEARS = re.compile(r"[12]\d{3}[^\d]+[12]\d{3}", re.ASCII)
_DIGITS_AND_MARKS = re.compile(r"[-+−]? ?[\d.,]+", re.ASCII)
_INCOMPLETE = re.compile(r"(?P<sign>[-+−]?)(?:[.,](?P<decimals>\d+)|(?P<whole>\d+)[.,])", re.ASCII)
_WORD = re.compile(r"[a-z]{3,}")
_MONTH_NAMES = "januari februari maret april mei juni juli agustus september oktober november desember masehi hijriah"
_MONTHS = frozenset(_MONTH_NAMES.split())


def names_years(text: str) -> bool:
    """Whether it is a span of years, ``2020-2024``, which is a name and no range of numbers."""
    return bool(_BETWEEN_YEARS.fullmatch(text.strip()))


def is_garbled(text: str) -> bool:
    """Whether it is made of digits and marks as a number is, and is none; dates and ``3.2.1`` are not meant."""
    text = text.strip()
    if not _DIGITS_AND_MARKS.fullmatch(text) or number(text):
        return False
    groups = re.split("[.,]", text.lstrip("-+− "))
    if not any(groups):
        return False
    dated = len(groups) == 3 and len(groups[0]) <= 2 and len(groups[1]) <= 2 and len(groups[2]) in {1, 2, 4}
    return not dated and (not all(groups) or any(len(group) > 2 for group in groups))


def completed(text: str) -> str | None:
    """``,5`` with the zero it lacks, ``5.`` without the mark it has too many; None for any other text."""
    found = _INCOMPLETE.fullmatch(text.strip())
    if not found:
        return None
    return f"{found['sign']}0,{found['decimals']}" if found["decimals"] else f"{found['sign']}{found['whole']}"


def spellings(text: str) -> tuple[str, ...]:
    """How people write the number that a text is; empty for what is no number, or has a unit that is no money."""
    found = number(text)
    if not found or (found.unit and plain(found.unit) not in MONEY) or ZEROS.match(text) or not found.is_usual:
        return ()
    value = found.readings[0] if found.doubtful else found.meant
    whole, _, decimals = f"{abs(value):f}".partition(".")
    plainly, grouped = (",".join(filter(None, [one, decimals])) for one in (whole, f"{int(whole):,}".replace(",", ".")))
    likely = [plainly, grouped] if grouped in text or abs(value) >= 10_000 else [plainly]
    return tuple(f"-{one}" if value < 0 else one for one in dict.fromkeys(likely))


def bare(text: str) -> str | None:
    """The number in ``31,4 cm`` or ``3 pilar``: with a unit or the plain word that it counts, no date and no name."""
    text = " ".join(text.split())
    found = number(text)
    if not found or not found.unit:
        return None
    counted = _WORD.fullmatch(found.unit) and found.unit not in _MONTHS
    return (
        text[: -len(found.unit)].rstrip() if text.endswith(found.unit) and (counted or is_known(found.unit)) else None
    )
