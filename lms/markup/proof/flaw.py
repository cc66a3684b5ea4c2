"""What is wrong with a text: one flaw, and the codes T001–T099 of this room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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
    "T013": "HTML di dalam teks (yang bukan nama unsur HTML: peringatan)",
    "T014": "jenis kotak tidak dikenal",
    "T015": "kotak tidak dipisahkan dari kutipan di atasnya",
    "T016": "blok kode tidak ditutup",
    "T017": "cek mandiri di dalam daftar atau kutipan",
    "T018": "gambar tanpa teks pengganti",
    "T019": "alamat tautan tidak dikenal",
    "T020": "gambar dari luar paket",
    "T021": "catatan kaki tidak ada",
    "T022": "catatan kaki tidak dipakai (peringatan)",
    "T023": "tautan acuan bernama",
    "T024": "tautan tanpa teks",
    "T025": "tabel tanpa baris kosong di atasnya",
    "T026": "blok kode tampak seperti cek mandiri, tetapi namanya bukan quiz",
    "T027": "alamat tautan atau gambar memuat spasi",
    "T028": "tulisan sesudah nama cek mandiri tidak dipakai",
    "T029": "tanda dialek lain di dalam kalimat (emoji: peringatan)",
    "T030": "blok atau perintah dialek lain",
    "T031": "kotak tanpa > atau tanpa tanda seru",
    "T032": "tautan tertukar, terpisah, atau tidak ditutup",
    "T033": "judul dengan garis bawah",
    "T034": "tabel tanpa garis pemisah yang cocok",
    "T035": "baris tabel lebih panjang daripada kepalanya",
    "T036": "blok kode menelan blok atau soal di bawahnya",
    "T037": "judul atau ukuran gambar tidak tampil",
    "T038": "garis miring terbalik di alamat gambar",
    "T039": "catatan kaki ditulis dua kali",
    "T040": "catatan kaki kosong, menjorok, atau bernama dengan tanda lain",
    "T042": "karakter yang tidak tampak (yang hanya memutus kata: peringatan)",
    "T043": "teks menjorok empat spasi (peringatan)",
    "T044": "butir menjorok kurang dari satu tingkat (peringatan)",
    "T045": "judul atau catatan kaki di luar materi",
}


@dataclass(frozen=True, slots=True)
class Flaw:
    """``line`` counts from 1 within the text. ``kind``: of those that come in swarms, what they have in common.

    ``fix``: what stands in that line and what to write there instead, where only one thing can be meant.
    """

    line: int
    code: str
    message: str
    warning: bool = False
    kind: str = ""
    fix: tuple[str, str] | None = None


def lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines of a text, from 1."""
    return enumerate(text.split("\n"), 1)


_HIDDEN, _EXCERPT = 0xF0000, 40


def excerpt(written: str) -> str:
    """What an author can search for: hidden characters are left out."""
    shown = "".join(one for one in written if ord(one) < _HIDDEN and one.isprintable())
    return shown if len(shown) <= _EXCERPT else f"{shown[:_EXCERPT]}…"
