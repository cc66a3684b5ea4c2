"""A day as people write it, read where only one can be meant."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan",
            "februari february feb",
            "maret march mar",
            "april apr",
            "mei may",
            "juni june jun",
            "juli july jul",
            "agustus august agu agt aug",
            "september sep",
            "oktober october okt oct",
            "november nov",
            "desember december des dec",
        ),
        1,
    )
    for name in names.split()
}
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})([-/. ])(?P<month>\d{1,2})\2(?P<day>\d{1,2})", re.ASCII)
_YEAR_LAST = re.compile(r"(?P<day>\d{1,2})([-/. ])(?P<month>\d{1,2})\2(?P<year>\d{4})", re.ASCII)
_NAMED = re.compile(r"(?P<day>\d{1,2})[- ](?P<month>[a-z]+)[- ](?P<year>\d{4})", re.ASCII)


def spelt_day(value: object) -> str | None:
    """``31-10-2023``, ``2023/10/31`` and ``31 Oktober 2023`` as ``2023-10-31``.

    None for what is no such day, and where day and month could have changed places, or one of them lost a digit.
    """
    text = value.strip().lower() if isinstance(value, str) else ""
    found = _YEAR_FIRST.fullmatch(text) or _YEAR_LAST.fullmatch(text) or _NAMED.fullmatch(text)
    if not found:
        return None
    day, name = int(found["day"]), found["month"]
    month = int(name) if name.isdecimal() else _MONTHS.get(name, 0)
    if found.re is _YEAR_LAST and day <= 12 and day != month:
        return None
    if name.isdecimal() and len(name) != len(found["day"]):
        return None
    try:
        return date(int(found["year"]), month, day).isoformat()
    except ValueError:
        return None
