"""Reads a text as its author wrote it and says what is wrong with it, each mistake with its line.

Whether a reference leads anywhere is not known here; the catalog's check asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from lms.markup import dialects, fences, limits
from lms.markup.blocks import CALLOUTS
from lms.markup.references import Reference, leading, prose, references_in, runs

CODES: dict[str, str] = {
    "T001": "teks terlalu besar",
    "T002": "baris terlalu panjang",
    "T003": "terlalu banyak tanda kurung yang tidak ditutup",
    "T004": "daftar atau kutipan bersarang terlalu dalam",
    "T005": "tabel terlalu besar",
    "T006": "terlalu banyak tanda Markdown",
    "T007": "terlalu banyak judul",
    "T008": "terlalu banyak tautan, gambar dan catatan kaki",
    "T009": "terlalu banyak alinea, butir dan kotak",
    "T010": "judul tingkat 1 di dalam teks",
    "T011": "tingkat judul melompat",
    "T012": "judul lebih dalam dari ###",
    "T013": "HTML di dalam teks",
    "T014": "jenis kotak tidak dikenal",
    "T015": "kotak tidak dipisahkan dari kutipan di atasnya",
    "T016": "blok kode tidak ditutup",
    "T017": "cek mandiri di dalam daftar atau kutipan",
    "T018": "gambar tanpa teks pengganti",
    "T019": "alamat tautan tidak dikenal",
    "T020": "gambar dari luar paket",
    "T021": "catatan kaki tidak ada",
    "T022": "catatan kaki tidak dipakai",
    "T023": "tautan acuan bernama",
    "T024": "tautan tanpa teks",
    "T025": "tabel tanpa baris kosong di atasnya",
    "T026": "blok kode tampak seperti cek mandiri, tetapi namanya bukan quiz",
    "T027": "alamat tautan atau gambar memuat spasi",
    "T028": "tulisan sesudah nama cek mandiri tidak dipakai",
    "T029": "penandaan Markdown lain tampil apa adanya",
    "T030": "blok kode memuat cek mandiri atau soal, seperti bila penutupnya lupa ditulis",
    "T031": "catatan kaki ditulis dua kali",
    "T032": "baris pemisah tabel tidak ada atau berbeda kolomnya",
    "T033": "baris tabel lebih panjang daripada kepalanya",
    "T034": "karakter yang tak terlihat",
    "T035": "catatan kaki kosong",
}


@dataclass(frozen=True, slots=True)
class Flaw:
    """``line`` counts from 1 within the text."""

    line: int
    code: str
    message: str
    warning: bool = False


def refusals_of(text: str) -> list[Flaw]:
    """The limits that a text breaks: no page shows it."""
    return [Flaw(*refusal) for refusal in limits.broken(text)]


def flaws_of(text: str) -> list[Flaw]:
    """Every flaw of a text; a broken limit hides the rest, since then nothing further is read."""
    return proofread(text)[0]


def proofread(text: str) -> tuple[list[Flaw], list[Reference]]:
    """What ``flaws_of`` and ``references`` find, in one reading."""
    if refusals := refusals_of(text):
        return refusals, []
    found = runs(text)
    written, referred = prose(found), list(references_in(found))
    rules = (_headings, _html, _callouts, _named_references, _footnotes, _tables, _rows, _dialects, _invisible)
    flaws = [*_fences(text), *_references(referred), *(flaw for rule in rules for flaw in rule(written))]
    return sorted(flaws, key=lambda flaw: (flaw.line, flaw.code)), leading(referred)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    return enumerate(text.split("\n"), 1)


#: What authors call a self-check, in whatever spelling; the first two also misspelt.
_NAMES = ("quiz", "kuis", "soal", "latihan")


def _fences(text: str) -> Iterator[Flaw]:
    for fence in fences.find(text):
        line = fence.first + 1
        if not fence.closed:
            yield Flaw(line, "T016", "blok kode ini tidak ditutup; tulis ``` pada baris tersendiri")
        if fence.is_check:
            yield from _unused(line, fence.info)
        elif fence.language == "quiz":
            message = "cek mandiri tidak boleh di dalam daftar atau kutipan; tulis ```quiz di tepi kiri"
            yield Flaw(line, "T017", message)
        elif _is_nearly_quiz(fence.info):
            message = f"```{fence.info[:40]} tampil sebagai kode dan kuncinya terbaca; tulis ```quiz untuk cek mandiri"
            yield Flaw(line, "T026", message)
        elif len(fence.mark) == 3 and (inside := _QUESTION.search(fence.source)):
            message = f"blok kode ini memuat `{inside[0][:40]}` beserta kuncinya; tutup dahulu dengan ```"
            yield Flaw(line, "T030", f"{message}, atau buka dengan ```` bila ini contoh penulisan")


#: What begins a self-check or a question.
_QUESTION = re.compile(r"^(?:```|~~~)[ ]*quiz\b.*|^## .*\{#[^{}\n]*\}[ ]*$", re.MULTILINE)


def _unused(line: int, info: str) -> Iterator[Flaw]:
    _, *more = info.split(maxsplit=1)
    if more:
        message = f"`{more[0][:40]}` sesudah ```quiz tidak dipakai; tulis ```quiz saja, dan id soal di judul soalnya"
        yield Flaw(line, "T028", message)


def _is_nearly_quiz(info: str) -> bool:
    """Whether its first letters name a self-check: ``Quiz``, ``quizz``, ``{.quiz}``, ``quiz:``."""
    letters = re.search(r"[a-z]+", info.lower())
    if letters is None:
        return False
    return letters[0] in _NAMES or bool(get_close_matches(letters[0], _NAMES[:2], cutoff=0.75))


def _headings(prose: str) -> Iterator[Flaw]:
    last = 1
    for number, line in _lines(prose):
        found = re.match(r"(#{1,6})(?!#)[ ]*\S", line)
        if not found:
            continue
        level = len(found[1])
        if level == 1:
            yield Flaw(number, "T010", "`#` dipakai untuk judul halaman; mulai dari `##`")
        elif level > 3:
            yield Flaw(number, "T012", "pakai `##` dan `###` saja")
        elif level > last + 1:
            yield Flaw(number, "T011", "`###` tanpa `##` di atasnya; tingkat judul tidak boleh melompat")
        last = max(min(level, 3), 1)


_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?>|<!--")


def _html(prose: str) -> Iterator[Flaw]:
    for number, line in _lines(prose):
        if found := _TAG.search(line):
            message = f"HTML tidak dipakai dan tampil apa adanya: `{found[0][:40]}`; tulis dengan Markdown"
            yield Flaw(number, "T013", message, warning=True)


_CALLOUT = re.compile(r"(?P<prefix>[ >]*>)[ ]*\[!(?P<kind>\w+)\]")


def _callouts(prose: str) -> Iterator[Flaw]:
    above = 0
    for number, line in _lines(prose):
        quotes = line[: len(line) - len(line.lstrip(" >"))].count(">")
        if found := _CALLOUT.match(line):
            if found["kind"] not in CALLOUTS:
                kinds = ", ".join(CALLOUTS)
                yield Flaw(number, "T014", f"jenis kotak `{found['kind']}` tidak dikenal; pilih {kinds}")
            elif above >= quotes:
                yield Flaw(number, "T015", "beri baris kosong tanpa `>` di atas kotak ini")
        above = quotes


_PLACES = re.compile(r"(?:reg|lesson|quiz|term):\S|(?:https?://|mailto:)[^/\s]", re.IGNORECASE)


def _references(found: list[Reference]) -> Iterator[Flaw]:
    for one in found:
        if re.search(r"\s", one.href):
            yield Flaw(one.line, "T027", f"alamat `{one.href[:60]}` memuat spasi; tulis tanpa spasi")
        elif one.picture:
            yield from _picture(one)
        else:
            yield from _link(one)


def _link(found: Reference) -> Iterator[Flaw]:
    if not _PLACES.match(found.href):
        message = f"alamat `{found.href[:60]}` tidak dikenal; pakai reg:, lesson:, quiz:, term:, https:// atau mailto:"
        yield Flaw(found.line, "T019", message)
    if not found.text.strip():
        yield Flaw(found.line, "T024", f"tautan ke `{found.href[:60]}` belum bertulisan")


def _picture(found: Reference) -> Iterator[Flaw]:
    if not found.text.strip():
        message = f"gambar `{found.href[:60]}` belum punya teks pengganti; tulis isinya di antara [ dan ]"
        yield Flaw(found.line, "T018", message)
    if "\\" in found.href:
        yield Flaw(found.line, "T020", f"alamat gambar `{found.href[:60]}` memakai garis miring terbalik; tulis `/`")
    elif re.match(r"[a-z][a-z0-9+.-]*:|/", found.href, re.IGNORECASE):
        message = f"gambar `{found.href[:60]}` tidak ada di dalam paket; simpan di content/media"
        yield Flaw(found.line, "T020", message)


def _named_references(prose: str) -> Iterator[Flaw]:
    for number, line in _lines(prose):
        if re.match(r"[ ]{0,3}\[[^\]^][^\]]*\]:[ ]", line):
            yield Flaw(number, "T023", "tautan acuan `[nama]: alamat` tidak dipakai; tulis `[teks](alamat)`")


def _footnotes(prose: str) -> Iterator[Flaw]:
    defined: dict[str, int] = {}
    used: dict[str, int] = {}
    for number, line in _lines(prose):
        definition = re.match(r"[ ]{0,3}\[\^([^\]]+)\]:", line)
        if definition:
            name, line = definition[1], line[definition.end() :]
            if defined.setdefault(name, number) != number:
                message = f"catatan kaki `[^{name}]` sudah ditulis di atas dan salah satunya hilang; beri nama lain"
                yield Flaw(number, "T031", message)
            if not line.strip() and not _is_continued(prose, number):
                yield Flaw(number, "T035", f"catatan kaki `[^{name}]` belum berisi; tulis sesudah titik duanya")
        for name in re.findall(r"\[\^([^\]]+)\]", line):
            used.setdefault(name, number)
    for name, number in used.items():
        if name not in defined:
            yield Flaw(number, "T021", f"catatan kaki `[^{name}]` belum ada; tulis `[^{name}]: …` di akhir teks")
    for name, number in defined.items():
        if name not in used:
            yield Flaw(number, "T022", f"catatan kaki `[^{name}]` tidak dipakai di dalam teks", warning=True)


def _is_continued(prose: str, number: int) -> bool:
    """Whether the line after this one is indented text."""
    following = prose.split("\n")[number : number + 1]
    return bool(following) and re.match(r"[ ]{4,}\S", following[0]) is not None


_SEPARATOR = re.compile(r"[ >]*(?:\|[ ]*)?:?-{2,}:?[ ]*(?:\|[ ]*:?-{2,}:?[ ]*)+(?:\|[ ]*)?$")


def _tables(prose: str) -> Iterator[Flaw]:
    lines = prose.split("\n")
    for index in range(2, len(lines)):
        if "|" in lines[index] and _SEPARATOR.match(lines[index]) and "|" in lines[index - 1]:
            above = lines[index - 2].strip(" >")
            if above and not lines[index - 2].lstrip(" >").startswith("[!"):
                yield Flaw(index, "T025", "beri baris kosong di atas tabel ini; tanpa itu tabel tampil sebagai teks")


_ROW = re.compile(r"[ >]*\|.*\|[ ]*$")
_RULED = re.compile(r"[ >]*\|[ ]*:?-+:?[ ]*\|[ ]*$")  # below a head of one column


def _rows(prose: str) -> Iterator[Flaw]:
    """Rows that do not fit the head of their table, and tables that are none for want of a line below the head."""
    lines = ["", *prose.split("\n"), ""]
    columns = 0  # of the table that the line is in
    for number, line in enumerate(lines[1:-1], 1):
        above, following = lines[number - 1], lines[number + 1]
        begins = not above.strip(" >") and _ROW.match(line) and _ROW.match(following)
        if "|" not in line:
            columns = 0
        elif _is_separator(line) and "|" in above:
            columns = _cells(above) if _cells(above) == _cells(line) else 0
            if not columns:
                message = f"kepala tabel ini {_cells(above)} kolom, baris pemisahnya {_cells(line)}; samakan"
                yield Flaw(number, "T032", message)
        elif columns and _cells(line) > columns:
            message = f"baris ini {_cells(line)} sel, kepala tabelnya {columns}; samakan, atau tulis `\\|` di dalam sel"
            yield Flaw(number, "T033", message)
        elif not columns and begins and not _is_separator(following):
            message = "tabel ini tampil sebagai teks; tulis baris pemisah `|---|---|` di bawah kepalanya"
            yield Flaw(number, "T032", message)


def _is_separator(line: str) -> bool:
    return bool(_SEPARATOR.match(line) or _RULED.match(line))


def _cells(line: str) -> int:
    bare = line.strip(" >")
    return len(re.split(r"(?<!\\)\|", bare.removeprefix("|").removesuffix("|")))


def _dialects(prose: str) -> Iterator[Flaw]:
    for number, line in _lines(prose):
        for written, advice in dialects.foreign(line):
            yield Flaw(number, "T029", f"`{written}` tampil apa adanya; {advice}")


#: Control characters, and those that have no width or turn the direction of what follows. Joiners belong to emojis.
_INVISIBLE = re.compile("[\x01\x04-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def _invisible(prose: str) -> Iterator[Flaw]:
    for number, line in _lines(prose):
        if found := _INVISIBLE.search(line):
            yield Flaw(
                number, "T034", f"ada karakter tak terlihat (U+{ord(found[0]):04X}) di kolom {found.start() + 1}; hapus"
            )
