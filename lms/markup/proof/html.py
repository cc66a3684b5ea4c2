"""HTML, which a page shows as it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lms.markup.proof.flaw import Flaw, excerpt, lines

_TAG = re.compile(r"</?(?P<name>[A-Za-z][A-Za-z0-9-]*)(?:\s[^<>]*)?/?>|<!--")
#: Element of HTML -> what to write instead.
_INSTEAD = {
    **dict.fromkeys(("b", "strong"), "`**tebal**`"),
    **dict.fromkeys(("i", "em"), "`*miring*`"),
    **dict.fromkeys(("s", "del", "strike"), "`~~coret~~`"),
    **dict.fromkeys(("code", "kbd", "tt", "pre"), "kode di antara tanda `"),
    **dict.fromkeys(("p", "div", "section", "center"), "alinea dengan baris kosong di antaranya"),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "`## Judul`"),
    **dict.fromkeys(("ul", "ol", "li", "dl", "dt", "dd"), "`- butir`"),
    **dict.fromkeys(("table", "tr", "td", "th", "thead", "tbody"), "tabel Markdown"),
    **dict.fromkeys(("details", "summary", "aside", "blockquote"), "kotak `> [!NOTE] Judul`"),
    **dict.fromkeys(("u", "mark", "font", "small", "big", "span", "sub", "sup"), "tanpa tandanya"),
    **dict.fromkeys(("iframe", "video", "audio", "script", "style", "embed", "object"), "tautan `[teks](alamat)`"),
    "a": "`[teks](alamat)`",
    "img": "`![teks pengganti](nama.svg)`",
    "br": "`\\` di akhir baris",
    "hr": "`---` di antara baris kosong",
}


def flaws(prose: str) -> Iterator[Flaw]:
    if "<" not in prose:
        return
    for number, line in lines(prose):
        if "<" not in line or not (found := _TAG.search(line)):
            continue
        name = (found["name"] or "").lower()
        if not name:
            yield Flaw(number, "T013", "komentar tampil kepada pembaca; hapus", kind="!")
            continue
        write = _INSTEAD.get(name)
        message = f"HTML tidak dipakai dan tampil apa adanya: `{excerpt(found[0])}`; tulis {write or 'dengan Markdown'}"
        yield Flaw(number, "T013", message, warning=write is None, kind=name, fix=_fix(line, name))


#: Element of HTML -> our mark, on both sides of its text.
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "s": "~~", "del": "~~", "strike": "~~", "code": "`"}


def _fix(line: str, name: str) -> tuple[str, str] | None:
    """``<b>teks</b>`` as ``**teks**``; None where something else stands inside, or a mark would not hold."""
    mark = _MARKS.get(name)
    found = re.search(rf"<{name}>(?P<text>[^\s<>*_~`](?:[^<>*_~`]*[^\s<>*_~`])?)</{name}>", line) if mark else None
    return (found[0], f"{mark}{found['text']}{mark}") if found else None
