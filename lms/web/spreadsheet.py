"""A table for a spreadsheet: CSV that Indonesian Excel opens as it is meant, and that runs nothing."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

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
        writer.writerow(line(row, separator))
        if text.tell() >= PART:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def line(row: Iterable[object], separator: str) -> list[str]:
    """The cells of a row, numbers as they are written where this separates."""
    return [_local(cell(value), value, separator) for value in row]


def _local(text: str, value: object, separator: str) -> str:
    return text.replace(".", ",") if separator == ";" and isinstance(value, float) else text


_UNSAFE = re.compile(r"[^a-z0-9]+")


def file_name(*parts: str, day: date, suffix: str) -> str:
    """What a file is called: ``angkatan-i-hasil-2026-11-30.csv``, in letters that every system takes."""
    ascii_only = unicodedata.normalize("NFKD", " ".join(parts)).encode("ascii", "ignore").decode().lower()
    name = _UNSAFE.sub("-", ascii_only)[:100].strip("-")
    return f"{name or 'berkas'}-{day.isoformat()}.{suffix}"
