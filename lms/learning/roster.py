"""Reading a list of people from a spreadsheet's CSV: every bad row is named, and nothing is lost in silence."""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import dataclass

from lms.db.cohorts import Place
from lms.errors import Invalid
from lms.fields.typed import typed
from lms.learning import accounts

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
    """One row: ``row`` is its number as a spreadsheet shows it; login and name are as an account holds them."""

    row: int
    login: str
    name: str
    place: Place
    extra_minutes: int


def read(content: bytes, *, unusual: bool = False) -> list[Entry]:
    """Read UTF-8 (with or without a mark), UTF-16 or cp1252, separated by ``;``, ``,`` or tabs. Raises ``BadRoster``.

    ``unusual``: take numbers, too, that are no NIP or look like one that a spreadsheet rounded.
    """
    if len(content) > LARGEST:
        raise BadRoster([f"Berkas lebih besar dari {LARGEST // 1_000_000} MB."])
    text = _decode(content)
    heading = re.split("[\r\n]", text, maxsplit=1)[0]
    if "\0" in heading:
        raise BadRoster(["Berkas ini bukan CSV; dalam lembar kerja, simpan daftarnya sebagai CSV UTF-8."])
    separator = max(";,\t", key=heading.count)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            rows.append(row)  # one by one: how many there were says where an error is
    except csv.Error as error:
        raise BadRoster(
            [f'Baris {len(rows) + 1}: bukan CSV yang utuh; tanda kutip (") tidak ditutup, atau diikuti tulisan.']
        ) from error
    if not rows:
        raise BadRoster(["Berkas kosong."])
    if len(rows) > _MOST_ROWS:
        raise BadRoster([f"Lebih dari {_MOST_ROWS} baris; bagi menjadi beberapa berkas."])
    return _entries(rows[0], rows[1:], separator, unusual)


def _decode(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # Excel's "Unicode text"
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError as error:
            raise BadRoster(["Berkas UTF-16 ini terpotong; simpan daftarnya sebagai CSV UTF-8."]) from error
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


def _entries(heading: list[str], rows: list[list[str]], separator: str, unusual: bool) -> list[Entry]:
    positions = _positions(heading)
    entries: list[Entry] = []
    problems: list[str] = []
    seen: dict[str, tuple[int, str]] = {}
    for number, row in enumerate(rows, start=2):
        if not any(cell.strip() for cell in row):
            continue
        cells = {column: row[position].strip() if position < len(row) else "" for column, position in positions.items()}
        cells["login"] = cells["login"].lstrip("' \xa0")  # as spreadsheets and our own files mark a number as text
        faults = [*_outside(heading, row), *_missing(positions, row, cells), *_faults(cells, separator, unusual)]
        login, name = cells["login"].lower(), " ".join(cells["name"].split())
        if login in seen:
            first, other = seen[login]
            faults.append(f"{login} sudah ada di baris {first}" + (f" dengan nama {other!r}" if other != name else ""))
        elif login:
            seen[login] = number, name
        if not faults:
            try:
                accounts.proper(login, name)
            except Invalid as error:
                faults.append(str(error).rstrip("."))
        if faults:
            problems.append(f"Baris {number}: {'; '.join(faults)}.")
            continue
        place = _PLACES[cells.get("place", "").lower()]
        entries.append(Entry(number, login, name, place, int(cells.get("extra_minutes") or 0)))
    if problems:
        raise BadRoster(problems)
    if not entries:
        raise BadRoster(["Tidak ada satu pun baris berisi orang."])
    return entries


def _outside(heading: list[str], row: list[str]) -> list[str]:
    """The first cell that has something in it and no heading above it: mostly the rest of a name."""
    titled = [bool(title.strip()) for title in heading]
    for position, cell in enumerate(row):
        if cell.strip() and not (position < len(titled) and titled[position]):
            return [
                f"sel ke-{position + 1} ({cell.strip()[:40]!r}) tidak berjudul; nama yang memuat pemisah sel ditulis "
                'dalam tanda kutip, misalnya "Dr. Ahmad, M.Si."'
            ]
    return []


def _missing(positions: dict[str, int], row: list[str], cells: dict[str, str]) -> list[str]:
    """Cells at the end may be left out, as spreadsheets do, but not those that every row needs."""
    return [
        f"{label} kosong" if positions[column] < len(row) else f"{label} tidak ada: baris ini hanya {len(row)} sel"
        for column, label in (("login", "login"), ("name", "nama"))
        if not cells[column]
    ]


def _faults(cells: dict[str, str], separator: str, unusual: bool) -> list[str]:
    faults = _nip_faults(cells["login"], unusual)
    if any(value != typed(value) for value in cells.values()):
        faults.append("ada karakter yang tidak terlihat; ketik ulang selnya")
    if any(separator in cells[column] and re.search("[\r\n]", cells[column]) for column in ("login", "name")):
        faults.append('satu sel memuat baris lain dari daftar ini; periksa tanda kutip (") yang tidak ditutup')
    if "�" in cells["name"]:
        faults.append("nama memuat huruf yang tidak terbaca; simpan berkas sebagai CSV UTF-8")
    if cells.get("place", "").lower() not in _PLACES:
        faults.append(f"peran {cells['place']!r} tidak dikenal; tulis peserta atau pengampu")
    minutes = cells.get("extra_minutes", "")
    if minutes and not (re.fullmatch("[0-9]{1,3}", minutes) and int(minutes) <= 600):
        faults.append(f"tambahan menit {minutes!r} harus bilangan bulat 0–600")
    return faults


def _nip_faults(login: str, unusual: bool) -> list[str]:
    """A NIP has 18 digits and ends in a number from 001; a spreadsheet that takes it for a number keeps 15 of them."""
    if re.fullmatch(r"[0-9][0-9.,]*E\+[0-9]+", login, re.IGNORECASE):
        return [f"NIP {login} sudah diubah lembar kerja menjadi angka ilmiah; format kolomnya sebagai teks"]
    if unusual or not re.fullmatch("[0-9][0-9., ]*", login):
        return []
    if not re.fullmatch("[0-9]+", login):
        fault = "memuat titik, koma atau spasi"
    elif len(login) != 18:
        fault = f"terdiri atas {len(login)} angka, bukan 18"
    elif login.endswith("000"):
        fault = "berakhir 000, seperti angka yang dibulatkan lembar kerja"
    else:
        return []
    return [f"NIP {login} {fault}; perbaiki, atau terima dengan --accept-unusual-nip"]
