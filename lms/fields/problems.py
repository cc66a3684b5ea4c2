"""An author's mistakes: what one is, how they are collected, and the codes F001–F099 of this room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

#: Code -> what it says, in a line. docs/id/kode-periksa.md explains each.
CODES: dict[str, str] = {
    "F001": "YAML tidak dapat dibaca",
    "F002": "kunci ditulis dua kali",
    "F003": "jangkar (&) atau alias (*) YAML dipakai",
    "F004": "tag YAML (!) dipakai",
    "F005": "isi berkas bukan pasangan kunci: nilai",
    "F006": "berkas terlalu besar atau bersarang terlalu dalam",
    "F007": "kunci bukan teks",
    "F010": "isian wajib belum ada",
    "F011": "isian tidak dikenal",
    "F012": "jenis nilai keliru",
    "F013": "nilai di luar daftar yang dikenal",
    "F014": "nilai terlalu panjang, terlalu pendek, terlalu besar atau terlalu kecil",
    "F015": "tanggal keliru",
    "F016": "bentuk penulisan keliru",
    "F017": "nilai tidak dapat dipakai",
    "F020": "bagian depan (front matter) tidak ada",
    "F021": "bagian depan (front matter) tidak ditutup",
    "F022": "berkas bukan teks UTF-8",
    "F023": "penanda konflik penggabungan tertinggal",
    "F024": "teks sesudah ` #` dianggap catatan dan hilang",
    "F025": "butir daftar menyatu dengan nilai di atasnya",
}


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Fix:
    """The mending of a mechanical mistake: what stands in the line of its problem, and what to write there instead.

    A mistake is mechanical when there is exactly one thing that its author can have meant, and the mending loses no
    word of theirs. Whatever is a doubt, even a small one, carries no fix: the message asks, and a person answers.

    ``old`` must stand there exactly once, or nothing is mended. It may go on over the lines below (``\n``), and ``new``
    may have more lines.
    """

    old: str
    new: str


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake of an author. ``path`` is relative to the pack, ``line`` counts from 1.

    ``kind``: of those that come in swarms, what they have in common.
    """

    path: str
    line: int
    code: str
    message: str
    severity: Severity = Severity.ERROR
    fix: Fix | None = field(default=None, compare=False)
    kind: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.code} {self.message}"


class Problems:
    """Collects mistakes; iterates over them in the order of path and line."""

    def __init__(self, path: str = "") -> None:
        self.path = path
        self._found: list[Problem] = []

    def at(self, path: str) -> Problems:
        """The same collection, writing down mistakes of another file."""
        other = Problems(path)
        other._found = self._found
        return other

    def error(self, line: int, code: str, message: str, *, fix: Fix | None = None, kind: str = "") -> None:
        self._found.append(Problem(self.path, line, code, message, fix=fix, kind=kind))

    def warning(self, line: int, code: str, message: str, *, fix: Fix | None = None, kind: str = "") -> None:
        self._found.append(Problem(self.path, line, code, message, Severity.WARNING, fix, kind))

    def extend(self, problems: Iterable[Problem]) -> None:
        self._found.extend(problems)

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self if problem.severity is Severity.ERROR)

    def __iter__(self) -> Iterator[Problem]:
        return iter(sorted(self._found))

    def __len__(self) -> int:
        return len(self._found)
