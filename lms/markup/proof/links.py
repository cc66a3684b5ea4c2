"""Links and pictures by the shape of what is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lms.markup.proof.flaw import Flaw, excerpt, lines
from lms.markup.references import Reference, Run, torn

_PLACES = re.compile(r"(?:reg|lesson|quiz|term):\S|(?:https?://|mailto:)[^/\s]|#[^\s#]")
_SIZE = re.compile(r"\s+=(?:[0-9]+x?[0-9]*|x[0-9]+)$")


def flaws(found: Sequence[Reference]) -> Iterator[Flaw]:
    for one in found:
        if one.picture and (one.title or _SIZE.search(one.href)):
            yield Flaw(
                one.line, "T037", "judul dan ukuran gambar tidak tampil; tulis `![teks pengganti](nama.svg)` saja"
            )
        elif re.search(r"\s", one.href):
            yield Flaw(one.line, "T027", f"alamat `{one.href[:60]}` memuat spasi; tulis tanpa spasi")
        elif one.picture:
            yield from _picture(one)
        else:
            yield from _link(one)


def _link(found: Reference) -> Iterator[Flaw]:
    if not _PLACES.match(found.href):
        is_file = found.href.endswith(".md") and ":" not in found.href
        schemes = "pakai reg:, lesson:, quiz:, term:, https://, mailto:, #judul"
        write = "tulis lesson:modul/nama-materi" if is_file else schemes
        message = f"alamat `{found.href[:60]}` tidak dikenal; {write}"
        yield Flaw(found.line, "T019", message)
    if not found.text.strip():
        yield Flaw(found.line, "T024", f"tautan ke `{found.href[:60]}` belum bertulisan")


def _picture(found: Reference) -> Iterator[Flaw]:
    if not found.text.strip():
        message = f"gambar `{found.href[:60]}` belum punya teks pengganti; tulis isinya di antara [ dan ]"
        yield Flaw(found.line, "T018", message)
    if "\\" in found.href:
        written = found.href.replace("\\", "/")
        message = f"alamat gambar memakai garis miring terbalik; tulis `{written[:60]}`"
        yield Flaw(found.line, "T038", message, fix=None if ":" in found.href else (found.href, written))
    elif re.match(r"[a-z][a-z0-9+.-]*:|/", found.href, re.IGNORECASE):
        message = f"gambar `{found.href[:60]}` tidak ada di dalam paket; simpan di content/media"
        yield Flaw(found.line, "T020", message)


def halves(found: list[Run], linked: Sequence[Reference]) -> Iterator[Flaw]:
    if sum(run.text.count("](") for run in found) > len(linked):
        for line, around in torn(found):
            yield Flaw(line, "T032", f"tautan tidak lengkap: `{excerpt(around)}`; tulis `[teks](alamat)`")


def named(prose: str) -> Iterator[Flaw]:
    if "]:" not in prose:
        return
    for number, line in lines(prose):
        if re.match(r"[ ]{0,3}\[[^\]^][^\]]*\]:[ ]", line):
            yield Flaw(number, "T023", "tautan acuan `[nama]: alamat` tidak dipakai; tulis `[teks](alamat)`")
