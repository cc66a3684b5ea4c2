"""A table for a spreadsheet: CSV that Indonesian Excel opens as it is meant, and that runs nothing."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from lms.learning.api import results

#: What begins a formula, behind white space too, also in its full-width form. Source: OWASP, "CSV Injection".
_FORMULA = re.compile(r"[\t\r\n]|\s*[=+\-@＝＋－＠]")


def cell(value: object) -> str:
    """One value as text. Numbers stay numbers; long digit strings (NIP) are marked as text, or digits get lost."""
    if value is None:
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    text = str(value)
    if _FORMULA.match(text) or (text.isdigit() and (len(text) > 11 or text.startswith("0"))):
        return "'" + text
    return text


#: Bytes that are written before they are sent.
PART = 65_536


def write(heading: Sequence[str], rows: Iterable[Sequence[object]], separator: str = ",") -> Iterator[bytes]:
    """UTF-8 with a mark, so that Excel reads the letters, part by part; decimal comma where ``;`` separates."""
    text = io.StringIO("\ufeff", newline="")
    text.seek(0, io.SEEK_END)
    writer = csv.writer(text, delimiter=separator)
    writer.writerow(heading)
    for row in rows:
        writer.writerow([_local(cell(value), value, separator) for value in row])
        if text.tell() >= PART:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def _local(text: str, value: object, separator: str) -> str:
    return text.replace(".", ",") if separator == ";" and isinstance(value, float) else text


def export(lines: Iterable[results.Line], separator: str = ",") -> Iterator[bytes]:
    """The results of a quiz, a line for each attempt."""
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
    return write(heading, map(_exported, lines), separator)


def _exported(line: results.Line) -> tuple[object, ...]:
    verdict = {True: "ya", False: "tidak", None: ""}[line.passed]
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
