"""Reading a list of people from a spreadsheet's CSV: every bad row is named, and nothing is half done."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass

from lms.db.cohorts import Place
from lms.errors import Invalid
from lms.fields.typed import typed

#: Column names people really use, in lower case.
_COLUMNS = {
    "login": {"login", "nip", "nama masuk", "email", "e-mail", "username"},
    "name": {"name", "nama", "nama lengkap"},
    "place": {"place", "peran", "role", "sebagai"},
    "extra_minutes": {"extra_minutes", "tambahan menit", "menit tambahan"},
}
_PLACES = {
    "": Place.PARTICIPANT,
    "peserta": Place.PARTICIPANT,
    "participant": Place.PARTICIPANT,
    "pengampu": Place.INSTRUCTOR,
    "instructor": Place.INSTRUCTOR,
}
LARGEST = 5_000_000  # bytes
_MOST_ROWS = 20_000


class BadRoster(Invalid):
    """``rows``: one message for each bad row, with its number as a spreadsheet shows it."""

    def __init__(self, rows: list[str]) -> None:
        super().__init__("Daftar belum dapat dipakai; tidak ada yang diubah:\n" + "\n".join(rows))
        self.rows = rows


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: ``row`` is its number in the file, the heading being row 1."""

    row: int
    login: str
    name: str
    place: Place
    extra_minutes: int


def read(content: bytes) -> list[Entry]:
    """Read UTF-8 (with or without a mark) or cp1252, separated by ``;``, ``,`` or tabs. Raises ``BadRoster``."""
    if len(content) > LARGEST:
        raise BadRoster([f"Berkas lebih besar dari {LARGEST // 1_000_000} MB."])
    text = _decode(content)
    heading = text.partition("\n")[0]
    separator = max(";,\t", key=heading.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise BadRoster([f"Berkas bukan CSV yang utuh: {error}."]) from error
    if not rows:
        raise BadRoster(["Berkas kosong."])
    if len(rows) > _MOST_ROWS:
        raise BadRoster([f"Lebih dari {_MOST_ROWS} baris; bagi menjadi beberapa berkas."])
    return _entries(_positions(rows[0]), rows[1:])


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _positions(heading: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for position, title in enumerate(heading):
        for column, names in _COLUMNS.items():
            if title.strip().lower() in names and column not in found:
                found[column] = position
    missing = [label for column, label in (("login", "login (atau NIP)"), ("name", "nama")) if column not in found]
    if missing:
        raise BadRoster(
            [f"Baris 1: kolom {' dan '.join(missing)} tidak ada. Judul yang terbaca: {', '.join(heading)}."]
        )
    return found


def _entries(positions: dict[str, int], rows: list[list[str]]) -> list[Entry]:
    entries: list[Entry] = []
    problems: list[str] = []
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, start=2):
        if not any(cell.strip() for cell in row):
            continue
        cells = {column: row[position].strip() if position < len(row) else "" for column, position in positions.items()}
        cells["login"] = cells["login"].removeprefix("'")  # as our own files mark a NIP for a spreadsheet
        faults = _faults(cells)
        login = cells["login"].lower()
        if login in seen:
            faults.append(f"{cells['login']} sudah ada di baris {seen[login]}")
        seen.setdefault(login, number)
        if faults:
            problems.append(f"Baris {number}: {'; '.join(faults)}.")
            continue
        place = _PLACES[cells.get("place", "").lower()]
        entries.append(Entry(number, login, cells["name"], place, int(cells.get("extra_minutes") or 0)))
    if problems:
        raise BadRoster(problems)
    if not entries:
        raise BadRoster(["Tidak ada satu pun baris berisi orang."])
    return entries


def _faults(cells: dict[str, str]) -> list[str]:
    faults = [f"{label} kosong" for column, label in (("login", "login"), ("name", "nama")) if not cells[column]]
    if any(value != typed(value) for value in cells.values()):
        faults.append("ada karakter yang tidak terlihat; ketik ulang selnya")
    if "�" in cells["name"]:
        faults.append("nama memuat huruf yang tidak terbaca; simpan berkas sebagai CSV UTF-8")
    if (
        "E+" in cells["login"].upper()
        and cells["login"].replace(",", ".").upper().replace("E+", "").replace(".", "").isdigit()
    ):
        faults.append(
            f"NIP {cells['login']} sudah diubah lembar kerja menjadi angka ilmiah; format kolomnya sebagai teks"
        )
    if cells.get("place", "").lower() not in _PLACES:
        faults.append(f"peran {cells['place']!r} tidak dikenal; tulis peserta atau pengampu")
    minutes = cells.get("extra_minutes", "")
    if minutes and not (re.fullmatch("[0-9]{1,3}", minutes) and int(minutes) <= 600):
        faults.append(f"tambahan menit {minutes!r} harus bilangan bulat 0–600")
    return faults
