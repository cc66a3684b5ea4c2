"""The results of a quiz as a table for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from lms.learning.api import results
from lms.web.spreadsheet import write

#: A comma, or what Indonesian Excel expects.
SEPARATORS = (",", ";")


def export(lines: Iterable[results.Line], separator: str = ",", *, can_be_failed: bool = True) -> Iterator[bytes]:
    """The results of a quiz, a line for each attempt; of one that nobody can fail, no verdicts."""
    heading = (
        "Nama",
        "NIP/login",
        "Percobaan",
        "Mulai (UTC)",
        "Dikumpulkan (UTC)",
        "Poin",
        "Maksimum",
        "Persen",
        "Lulus",
    )
    return write(heading, (_exported(line, line.passed if can_be_failed else None) for line in lines), separator)


def _exported(line: results.Line, passed: bool | None) -> tuple[object, ...]:
    verdict = {True: "ya", False: "tidak", None: ""}[passed]
    return (
        line.name,
        line.login,
        line.number,
        _instant(line.started_at),
        _instant(line.submitted_at),
        line.score,
        line.maximum,
        None if line.share is None else round(line.share * 100, 2),
        verdict,
    )


def _instant(moment: datetime | None) -> str | None:
    return None if moment is None else moment.strftime("%Y-%m-%d %H:%M:%S")
