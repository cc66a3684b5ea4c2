"""Marks of other dialects of Markdown, which a page shows as they are, and what to write instead: tables of patterns.

Only what nobody writes in prose is listed. A pattern looks for its own end no further than its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lms.markup.blocks import CALLOUTS
from lms.markup.inlines import STRIKE
from lms.markup.proof.flaw import Flaw, excerpt

_PLACE = r"(?:https?:|mailto:|www\.|reg:|lesson:|quiz:|term:)"
_KINDS = "NOTE|TIP|IMPORTANT|WARNING|CASE|CAUTION|INFO|DANGER|CATATAN|KIAT|PENTING|PERHATIAN|KASUS"
_BOX = "kotak ditulis `> [!NOTE] Judul`, isinya di bawahnya sesudah `> `"
_ATTRIBUTES = r"\{:?[ ]*(?:[.#][A-Za-z][\w-]*|[\w-]+=[^{}\s]+|-)(?:[ ][^{}\n]*)?\}"


@dataclass(frozen=True, slots=True)
class Mark:
    """``needs``: what a text without such a mark mostly lacks, so that it is told quickly. ``write``: what to do.

    ``becomes``: what the pattern's groups make of it, where only one thing can be meant.
    """

    code: str
    needs: str
    pattern: re.Pattern[str]
    write: str
    doubtful: bool = False
    becomes: str = ""

    def fix(self, found: re.Match[str]) -> tuple[str, str] | None:
        """None also for what holds emphasis, which may not bear a second one around it."""
        return (found[0], found.expand(self.becomes)) if self.becomes and "*" not in found[0] else None


def _mark(code: str, needs: str, pattern: str, write: str, *, doubtful: bool = False, becomes: str = "") -> Mark:
    return Mark(code, needs, re.compile(pattern, re.MULTILINE), write, doubtful, becomes)


#: In any text.
_ANYWHERE = (
    _mark(
        "T029",
        "==",
        r"==(?<![=\w]==)(?=[^\s=])(?P<text>[^=\n]*)(?<!\s)==(?![=\w])",
        "untuk menonjolkan tulis `**…**`",
        becomes=r"**\g<text>**",
    ),
    _mark("T029", "~", r"~(?<=[^\W\d_]~)[\w+-]{1,6}~(?!~)", "tulis huruf kecil turun sebagai ₂, atau tanpa tanda"),
    _mark("T029", "^", r"\^(?<=[\w)]\^)[\w+-]{1,10}\^(?!\w)", "tulis pangkat sebagai ², atau tanpa tanda"),
    _mark("T029", "^[", r"\^\[[^\[\]\n]+\](?!\()", "catatan kaki ditulis `[^1]`, isinya `[^1]: …` di akhir teks"),
    _mark("T029", "$$", r"\$\$[^$\n]*(?:\$\$)?", "rumus tidak dikenal; tulis dengan kata, atau sebagai gambar"),
    _mark(
        "T029",
        "$",
        r"\$(?<![\w$]\$)(?=[A-Za-z\\(])[^$\n]{0,80}(?<=[\w)}])\$(?![\w$])",
        "rumus tidak dikenal; tulis dengan kata, atau sebagai gambar",
    ),
    _mark("T029", ":", r":(?<![\w:/.]:)[a-z][a-z0-9_+]{1,30}:(?![\w:/])", "hapus, atau tempel emojinya", doubtful=True),
    _mark(
        "T032",
        ")[",
        rf"\((?P<text>[^()\n]+)\)\[(?P<href>{_PLACE}[^\[\]\n]*)\]",
        "kurungnya tertukar; tulis `[teks](alamat)`",
        becomes=r"[\g<text>](\g<href>)",
    ),
    _mark(
        "T032",
        "] ",
        rf"(?P<text>\[[^\[\]\n]+\])[ ]+(?P<href>\({_PLACE}[^()\n]*\))",
        "hapus spasi di antara `]` dan `(`",
        becomes=r"\g<text>\g<href>",
    ),
    _mark(
        "T032",
        "(",
        r"(?<!\])\((?:reg|lesson|quiz|term):[\w/#.-]+\)",
        "tulisannya tidak ada; tulis `[teks](alamat)`",
    ),
    _mark(
        "T032",
        "@",
        r"<(?P<to>[\w.+-]+@[\w-]+\.[\w.-]+)>",
        "tulis `[alamat](mailto:alamat)`",
        becomes=r"[\g<to>](mailto:\g<to>)",
    ),
)
#: In a page; a question has words of its own that look like these.
_PAGE = (
    _mark("T030", ":::", r"^[ >]*:{3,}[ ]*[\w{][^\n]*", _BOX),
    _mark("T030", ":::", r"^[ >]*:{3,}[ ]*$", "hapus, bersama pembuka kotaknya"),
    _mark("T030", "!!!", r"^[ >]*!!![ ]*[\"\w][^\n]*", _BOX),
    _mark("T030", "???", r"^[ >]*\?\?\?\+?[ ]*[\"\w][^\n]*", _BOX),
    _mark("T030", "{", rf"(?<!\{{){_ATTRIBUTES}(?!\}})", "kelas, id dan ukuran tidak dapat ditulis; hapus"),
    _mark("T030", "[[", r"\[\[[^\[\]\n]+\]\](?!\()", "tautan ditulis `[teks](lesson:modul/materi)`"),
    _mark("T030", "{{", r"\{\{[^{}\n]*\}\}", "templat tidak dikenal; tulis isinya"),
    _mark("T030", "{%", r"\{%[^{}\n]*%\}", "templat tidak dikenal; tulis isinya"),
    _mark("T030", "@", r"\[-?@[A-Za-z][^\[\]\n]*\](?!\()", "sumber ditulis sebagai catatan kaki `[^1]`"),
    _mark("T030", "[(", r"\[\([ xX]\)\]", "pilihan soal ditulis `- (x) …` di dalam blok ```quiz"),
    _mark(
        "T030", "](", r"(?:\?\?|!\?)\[[^\[\]\n]*\]\(", "video dan sisipan tidak dikenal; tulis tautan `[teks](alamat)`"
    ),
    _mark("T030", "TOC]", r"^[ ]*\[TOC\][ ]*$", "daftar isi dibuat sendiri; hapus"),
    _mark("T030", "]:", r"^[ ]*\*\[[^\[\]\n]+\]:", "singkatan ditulis di content/glossary.yml"),
    _mark("T030", "\n:", r"(?<=\n)[ ]{0,3}:[ ]{1,3}[^\s:][^\n]*", "daftar istilah ditulis `- **istilah**: arti`"),
    _mark("T030", "\\", r"^\\[a-z]+(?:\{[^{}\n]*\})?[ ]*$", "perintah LaTeX tidak dikenal; hapus"),
    _mark(
        "T030", "- (", r"^[ ]*-[ ]+\([ xX]\)[ ]+\S", "pilihan soal di luar cek mandiri; tulis ```quiz di atas soalnya"
    ),
    *(
        _mark("T030", bullet, rf"^(?P<before>[ >]*){bullet}[ ]*(?=\S)", "butir ditulis `- …`", becomes=r"\g<before>- ")
        for bullet in "•●▪◦‣"
    ),
    *(
        _mark("T030", f"\n{dash} ", rf"^[ ]*{dash}[ ]+\S[^\n]*(?=\n[ ]*{dash}[ ])", "butir ditulis `- …`")
        for dash in "–—"
    ),
    _mark("T031", "]", rf"^[ ]{{0,3}}\[!?(?:{_KINDS})\](?!\()", _BOX),
    _mark(
        "T031",
        "> ",
        rf"^(?P<before>[ >]*>[ ]?)\[(?P<kind>{'|'.join(CALLOUTS)})\](?!\()",
        "tambahkan tanda seru: `> [!NOTE]`",
        becomes=r"\g<before>[!\g<kind>]",
    ),
    _mark("T031", "> ", rf"^[ >]*>[ ]?\[(?:{_KINDS})\](?!\()", "tambahkan tanda seru: `> [!NOTE]`"),
)


def flaws(prose: str, page: bool) -> Iterator[Flaw]:
    for line, mark, found in _marks(prose, page=page):
        message = f"`{excerpt(found[0].strip())}` tampil apa adanya; {mark.write}"
        yield Flaw(line, mark.code, message, warning=mark.doubtful, kind=mark.write, fix=mark.fix(found))
    if "~~" in prose:
        left = STRIKE.sub(lambda struck: re.sub(r"[^\n]", " ", struck[0]), prose)
        for found in re.finditer(r"~~(?<![~\w]~~)(?=\w)", left):
            yield Flaw(
                left.count("\n", 0, found.start()) + 1, "T029", "coretan `~~` tidak ditutup; tulis `~~teks~~`", kind="~"
            )


def _marks(text: str, *, page: bool = True) -> Iterator[tuple[int, Mark, re.Match[str]]]:
    """Each mark of another dialect: its line, which it is, where it stands; a stretch is told once."""
    for mark in _ANYWHERE + (_PAGE if page else ()):
        if mark.needs not in text:
            continue
        rest: list[str] = []
        line, place = 1, 0
        for found in mark.pattern.finditer(text):
            line += text.count("\n", place, found.start())
            rest += text[place : found.start()], "\x02" * len(found[0])
            place = found.end()
            yield line, mark, found
        text = "".join([*rest, text[place:]]) if rest else text
