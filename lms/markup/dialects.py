"""What other kinds of Markdown have and ours has not: it would stand on the page as it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator

_BOX = "untuk kotak tulis `> [!NOTE] Judul`"
_TOC = "hapus; daftar isi dibuat sendiri dari judul"
_ADDRESS = r"(?:https?:|www\.|mailto:|reg:|lesson:|quiz:|term:)"
#: How it begins -> what to write instead. Read where neither code nor an escaped character is.
_FOREIGN: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^[ ]*:{3,}"), _BOX),
    (re.compile(r"^[ ]*(?:!{3}|\?{3})[+ ][^\n]{0,80}"), _BOX),
    (re.compile(r"^[ ]*\[!(?:NOTE|TIP|IMPORTANT|WARNING|CASE|CAUTION)\]"), "beri `> ` di depan setiap baris kotak ini"),
    (re.compile(r"^[ >]*\[(?:NOTE|TIP|IMPORTANT|WARNING|CASE|CAUTION)\]"), _BOX),
    (re.compile(r"^[ ]*[•●◦▪‣][ ]\S"), "tulis `- ` di awal setiap butir"),
    (re.compile(r"^[ ]*\[(?:TOC|toc)\][ ]*$|^[ ]*\[\[_?TOC_?\]\]"), _TOC),
    (re.compile(r"^[ ]*\*\[[^\]\n]+\]:"), "tulis singkatan di content/glossary.yml"),
    (re.compile(r"^[ ]{0,3}:[ ]{1,4}\S"), "daftar arti tidak dikenal; tulis `- **istilah**: artinya`"),
    (re.compile(r"^[ ]*(?:'{3}|´{3}|‘{3}|’{3})"), "blok kode dan cek mandiri diapit ```"),
    (re.compile(r"^[ ]*\$\$"), "rumus tidak dikenal; tulis dengan kata-kata atau sebagai gambar"),
    (re.compile(r"(?<![=!<>])==(?=[^\s=])[^=\n]{1,200}(?<=[^\s=])==(?![=>])"), "tulis `**tebal**`"),
    (
        re.compile(r"\{:?[ ]*(?:[.#][\w-]+|(?:width|height|style|class)[ ]*=)[^{}\n]{0,200}\}"),
        "hapus; rupa dan nama bagian tidak diatur di sini",
    ),
    (re.compile(r"(?<=\w)\^\["), "catatan kaki ditulis `[^1]` dan, di bawah, `[^1]: isinya`"),
    (re.compile(rf"\([^()\n]{{1,200}}\)\[{_ADDRESS}[^\]\n]{{0,500}}\]"), "tautan ditulis `[teks](alamat)`"),
    (re.compile(rf"\][ ]+\({_ADDRESS}"), "hapus spasi di antara `]` dan `(`"),
    (re.compile(r"\[\[[^\[\]\n]{1,200}\]\]"), "tautan ditulis `[teks](lesson:modul/materi)`"),
    (re.compile(r"\{\{[^{}\n]{0,200}\}\}|\{%[^%\n]{0,200}%\}"), "kode templat tidak dikenal; hapus"),
    (re.compile(rf"\]\((?:{_ADDRESS}|media/)[^\s()]{{0,500}}[ ]*$"), "kurung tautan ini belum ditutup"),
)


def foreign(line: str) -> Iterator[tuple[str, str]]:
    """What of a line belongs to another dialect, and what to write instead."""
    for pattern, advice in _FOREIGN:
        if found := pattern.search(line):
            yield found[0].strip()[:40], advice
