"""Reads a text as its author wrote it and says what is wrong with it, each mistake with its line.

Whether a reference leads anywhere is not known here; the catalog's check asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from lms.markup import dialects, fences, limits, lists
from lms.markup.blocks import CALLOUTS
from lms.markup.inlines import STRIKE
from lms.markup.references import Reference, Run, leading, prose, references_in, runs, torn

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
    "T035": "sel di luar kepala tabel hilang",
    "T036": "blok kode menelan blok atau soal di bawahnya",
    "T037": "judul atau ukuran gambar tidak tampil",
    "T038": "garis miring terbalik di alamat gambar",
    "T039": "catatan kaki ditulis dua kali",
    "T040": "catatan kaki kosong, menjorok, atau bernama dengan tanda lain",
    "T041": "tanda konflik penggabungan",
    "T042": "karakter yang tidak tampak (yang hanya memutus kata: peringatan)",
    "T043": "teks menjorok empat spasi (peringatan)",
    "T044": "butir menjorok kurang dari satu tingkat (peringatan)",
}


@dataclass(frozen=True, slots=True)
class Flaw:
    """``line`` counts from 1 within the text. ``kind``: of those that come in swarms, what they have in common."""

    line: int
    code: str
    message: str
    warning: bool = False
    kind: str = ""


def refusals_of(text: str) -> list[Flaw]:
    """The limits that a text breaks: no page shows it."""
    return [Flaw(*refusal) for refusal in limits.broken(text)]


def flaws_of(text: str, *, page: bool = True) -> list[Flaw]:
    """Every flaw of a text; a broken limit hides the rest, since then nothing further is read."""
    return proofread(text, page=page)[0]


def proofread(text: str, *, page: bool = True) -> tuple[list[Flaw], list[Reference]]:
    """The flaws of a text and its references, read once. ``page``: it is a whole page, and not the text of a question.

    Two versions of a text in one are no text: nothing else is said of them.
    """
    if refusals := refusals_of(text):
        return refusals, []
    if conflicts := conflicts_of(text):
        return conflicts, []
    found = runs(text)
    written = prose(found)
    linked = list(references_in(found))
    rules = _PAGE if page else _ANYWHERE
    flaws = [*_fences(text, page), *_invisible(text), *_references(linked), *_torn(found, linked)]
    flaws += [*_dialects(written, page), *(flaw for rule in rules for flaw in rule(written))]
    return sorted(flaws, key=lambda flaw: (flaw.line, flaw.code)), leading(linked)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    return enumerate(text.split("\n"), 1)


def conflicts_of(text: str) -> list[Flaw]:
    """Where two versions of a file were left standing in one."""
    return list(_conflicts(text))


def _conflicts(text: str) -> Iterator[Flaw]:
    if "\n=======\n" not in text or ">>>>>>> " not in text:
        return
    shown = [(fence.first, fence.last) for fence in fences.find(text) if fence.closed and fence.language != "quiz"]
    opened = 0
    for number, line in _lines(fences.clean(text)):
        if line.startswith("<<<<<<< ") and not any(first < number - 1 < last for first, last in shown):
            opened = opened or number
        elif line.startswith(">>>>>>> ") and opened:
            message = (
                f"penggabungan berkas belum selesai, sampai baris +{number - opened}; pilih satu versi, hapus tandanya"
            )
            yield Flaw(opened, "T041", message)
            opened = 0


#: What authors call a self-check, in whatever spelling; the first two also misspelt.
_NAMES = ("quiz", "kuis", "soal", "latihan")
#: What looks like the beginning of a block, and is none.
_NO_FENCE = re.compile(r"^[ >]*(?:'{2,}|\"{3,}|`{1,2})[ ]*(?:quiz|kuis)[ ]*$", re.MULTILINE | re.IGNORECASE)
#: What stands in code only because a block above it was not closed: another block, a question, its options.
_SWALLOWED = re.compile(r"^(?:(?P<mark>`{3,}|~{3,})[ ]*\w|#{2,3} .*\{#[^{}]+\}[ ]*$|[-*] \([ xX]\) )", re.MULTILINE)
_DELIBERATE = 4  # marks: whoever shows how blocks are written takes one more


def _fences(text: str, page: bool) -> Iterator[Flaw]:
    for fence in fences.find(text):
        line = fence.first + 1
        swallowed = _swallowed(fence)
        if swallowed:
            message = f"blok kode ini belum ditutup sebelum baris {line + swallowed}; tulis ``` pada baris tersendiri"
            yield Flaw(line, "T036", message)
        elif not fence.closed:
            yield Flaw(line, "T016", "blok kode ini tidak ditutup; tulis ``` pada baris tersendiri")
        if page:
            yield from _self_check(fence)
    if page:
        for found in _NO_FENCE.finditer(fences.mask(text)):
            message = f"`{found[0].strip()}` bukan pembuka cek mandiri dan kuncinya terbaca; tulis ```quiz di tepi kiri"
            yield Flaw(text.count("\n", 0, found.start()) + 1, "T026", message)


def _swallowed(fence: fences.Fence) -> int:
    """How many lines below the beginning of a block another begins, which it hides; 0: none."""
    if len(fence.mark) >= _DELIBERATE or _is_nearly_quiz(fence.info, but_quiz=True):
        return 0
    for found in _SWALLOWED.finditer(fence.source):
        mark = found["mark"]
        if (mark and mark.startswith(fence.mark)) or not (mark or fence.language == "quiz"):
            return fence.source.count("\n", 0, found.start()) + 1
    return 0


def _self_check(fence: fences.Fence) -> Iterator[Flaw]:
    line = fence.first + 1
    if fence.is_check:
        yield from _unused(line, fence.info)
    elif fence.language == "quiz":
        message = "cek mandiri tidak boleh menjorok, di dalam daftar, atau di dalam kutipan; tulis ```quiz di tepi kiri"
        yield Flaw(line, "T017", message)
    elif _is_nearly_quiz(fence.info):
        message = f"```{fence.info[:40]} tampil sebagai kode dan kuncinya terbaca; tulis ```quiz untuk cek mandiri"
        yield Flaw(line, "T026", message)


def _unused(line: int, info: str) -> Iterator[Flaw]:
    _, *more = info.split(maxsplit=1)
    if more:
        message = f"`{more[0][:40]}` sesudah ```quiz tidak dipakai; tulis ```quiz saja, dan id soal di judul soalnya"
        yield Flaw(line, "T028", message)


def _is_nearly_quiz(info: str, *, but_quiz: bool = False) -> bool:
    """Whether its first letters name a self-check: ``Quiz``, ``quizz``, ``{.quiz}``, ``quiz:``."""
    letters = re.search(r"[a-z]+", info.lower())
    if letters is None or (but_quiz and info.split(maxsplit=1)[0] == "quiz"):
        return False
    return letters[0] in _NAMES or bool(get_close_matches(letters[0], _NAMES[:2], cutoff=0.75))


#: Controls, and what changes the direction of all that follows.
_HARMFUL = "\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069"
_BREAKING = {
    "\u00ad": "tanda hubung lunak",
    "\u200b": "spasi selebar nol",
    "\u2060": "penyambung kata",
    "\ufeff": "tanda awal berkas",
    "\u200e": "tanda arah tulisan",
    "\u200f": "tanda arah tulisan",
}
_INVISIBLE = re.compile(f"[{_HARMFUL}{''.join(_BREAKING)}]")


def _invisible(text: str) -> Iterator[Flaw]:
    line, place = 1, 0
    told: set[tuple[int, str]] = set()
    for found in _INVISIBLE.finditer(text):
        line, place = line + text.count("\n", place, found.start()), found.start()
        if (line, found[0]) in told:
            continue
        told.add((line, found[0]))
        name = _BREAKING.get(found[0], "karakter kendali")
        column = found.start() - text.rfind("\n", 0, found.start())
        message = f"ada {name} (U+{ord(found[0]):04X}) yang tidak tampak di kolom {column}; hapus"
        yield Flaw(line, "T042", message, warning=found[0] in _BREAKING, kind=found[0])


def _dialects(prose: str, page: bool) -> Iterator[Flaw]:
    for line, mark, written in dialects.marks(prose, page=page):
        message = f"`{_excerpt(written)}` tampil apa adanya; {mark.write}"
        yield Flaw(line, mark.code, message, warning=mark.doubtful, kind=mark.write)
    if "~~" in prose:
        left = STRIKE.sub(lambda struck: re.sub(r"[^\n]", " ", struck[0]), prose)
        for found in re.finditer(r"~~(?<![~\w]~~)(?=\w)", left):
            yield Flaw(
                left.count("\n", 0, found.start()) + 1, "T029", "coretan `~~` tidak ditutup; tulis `~~teks~~`", kind="~"
            )


def _excerpt(written: str) -> str:
    """What an author can search for: hidden characters are left out."""
    shown = "".join(one for one in written if ord(one) < _HIDDEN and one.isprintable())
    return shown if len(shown) <= _EXCERPT else f"{shown[:_EXCERPT]}…"


_HIDDEN, _EXCERPT = 0xF0000, 40


_UNDERLINE = re.compile(r"^(?:=+|-+)[ ]*$", re.MULTILINE)
_NO_TITLE = re.compile(r"#|[-*+][ ]|[0-9]{1,9}[.)][ ]|[-=:| ]*$")


def _underlined(prose: str) -> Iterator[Flaw]:
    """A line between an empty one and a rule: Markdown makes it a heading, wanted or not."""
    for found in _UNDERLINE.finditer(prose):
        above, gap = _line_before(prose, found.start())
        title, before = prose[gap:above].strip(" >"), prose[_line_before(prose, gap)[1] : max(gap - 1, 0)]
        if not before.strip(" >") and "|" not in title and not _NO_TITLE.match(title):
            message = "garis tepat di bawah teks menjadikannya judul; tulis `## Judul`, atau beri jarak satu baris"
            yield Flaw(prose.count("\n", 0, found.start()) + 1, "T033", message)


def _line_before(text: str, start: int) -> tuple[int, int]:
    """Where the line above the one that begins here ends, and where it begins."""
    end = max(start - 1, 0)
    return end, text.rfind("\n", 0, end) + 1


_HEADING = re.compile(r"(#{1,6})(?!#)[ ]*\S")


def _headings(prose: str) -> Iterator[Flaw]:
    last = 1
    for number, line in _lines(prose):
        found = _HEADING.match(line) if line.startswith("#") else None
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


def _html(prose: str) -> Iterator[Flaw]:
    if "<" not in prose:
        return
    for number, line in _lines(prose):
        if "<" not in line or not (found := _TAG.search(line)):
            continue
        name = (found["name"] or "").lower()
        if not name:
            yield Flaw(number, "T013", "komentar tampil kepada pembaca; hapus", kind="!")
            continue
        write = _INSTEAD.get(name)
        message = (
            f"HTML tidak dipakai dan tampil apa adanya: `{_excerpt(found[0])}`; tulis {write or 'dengan Markdown'}"
        )
        yield Flaw(number, "T013", message, warning=write is None, kind=name)


_CALLOUT = re.compile(r"(?P<prefix>[ >]*>)[ ]*\[!(?P<kind>\w+)\]")


def _callouts(prose: str) -> Iterator[Flaw]:
    if "[!" not in prose:
        return
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


_PLACES = re.compile(r"(?:reg|lesson|quiz|term):\S|(?:https?://|mailto:)[^/\s]|#[^\s#]")
_SIZE = re.compile(r"\s+=(?:[0-9]+x?[0-9]*|x[0-9]+)$")


def _references(found: Sequence[Reference]) -> Iterator[Flaw]:
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
        message = (
            f"alamat `{found.href[:60]}` tidak dikenal; pakai reg:, lesson:, quiz:, term:, https://, mailto:, #judul"
        )
        yield Flaw(found.line, "T019", message)
    if not found.text.strip():
        yield Flaw(found.line, "T024", f"tautan ke `{found.href[:60]}` belum bertulisan")


def _picture(found: Reference) -> Iterator[Flaw]:
    if not found.text.strip():
        message = f"gambar `{found.href[:60]}` belum punya teks pengganti; tulis isinya di antara [ dan ]"
        yield Flaw(found.line, "T018", message)
    if "\\" in found.href:
        written = found.href.replace("\\", "/")
        yield Flaw(found.line, "T038", f"alamat gambar memakai garis miring terbalik; tulis `{written[:60]}`")
    elif re.match(r"[a-z][a-z0-9+.-]*:|/", found.href, re.IGNORECASE):
        message = f"gambar `{found.href[:60]}` tidak ada di dalam paket; simpan di content/media"
        yield Flaw(found.line, "T020", message)


def _torn(found: list[Run], linked: Sequence[Reference]) -> Iterator[Flaw]:
    if sum(run.text.count("](") for run in found) > len(linked):
        for line, around in torn(found):
            yield Flaw(line, "T032", f"tautan tidak lengkap: `{_excerpt(around)}`; tulis `[teks](alamat)`")


def _named_references(prose: str) -> Iterator[Flaw]:
    if "]:" not in prose:
        return
    for number, line in _lines(prose):
        if re.match(r"[ ]{0,3}\[[^\]^][^\]]*\]:[ ]", line):
            yield Flaw(number, "T023", "tautan acuan `[nama]: alamat` tidak dipakai; tulis `[teks](alamat)`")


_NOTE = re.compile(r"(?:[ ]{0,3}>[ ]?)*(?P<indent>[ ]*)\[\^(?P<name>[^\]\n]+)\]:[ ]*(?P<text>.*)")


_NAME = re.compile(r"[\w.-]{1,80}")


def _footnotes(prose: str) -> Iterator[Flaw]:
    if "[^" not in prose:
        return
    defined: dict[str, int] = {}
    used: dict[str, int] = {}
    lines = prose.split("\n")
    for number, line in enumerate(lines, 1):
        if definition := _NOTE.match(line):
            yield from _note(definition, number, lines, defined)
            line = definition["text"]
        for name in re.findall(r"\[\^([^\]\n]+)\]", line) if "[^" in line else ():
            used.setdefault(name, number)
    for name, number in used.items():
        if not _NAME.fullmatch(name):
            message = f"nama catatan kaki `[^{_excerpt(name)}]` hanya boleh huruf, angka, `-`, `_` dan `.`"
            yield Flaw(number, "T040", message)
        elif name not in defined:
            yield Flaw(number, "T021", f"catatan kaki `[^{name}]` belum ada; tulis `[^{name}]: …` di akhir teks")
    for name, number in defined.items():
        if name not in used:
            yield Flaw(number, "T022", f"catatan kaki `[^{name}]` tidak dipakai di dalam teks", warning=True)


def _note(found: re.Match[str], number: int, lines: list[str], defined: dict[str, int]) -> Iterator[Flaw]:
    name = found["name"]
    below = lines[number : number + 2]
    if name in defined:
        message = f"catatan kaki `[^{name}]` sudah ditulis di atas dan isinya yang di atas hilang; beri nama lain"
        yield Flaw(number, "T039", message)
    elif len(found["indent"]) >= lists.TAB and not _below_item(lines[max(number - _ITEM_LINES, 0) : number]):
        yield Flaw(number, "T040", f"isi catatan kaki `[^{name}]` menjorok dan tampil sebagai teks; tulis di tepi kiri")
    elif not found["text"].strip() and not any(line.startswith("    ") and line.strip() for line in below):
        yield Flaw(number, "T040", f"catatan kaki `[^{name}]` belum ada isinya; tulis sesudah titik dua")
    defined.setdefault(name, number)


_ITEM_LINES = 20  # that are looked through for the item which a line may belong to


def _below_item(lines: list[str]) -> bool:
    """Whether the last of these lines is set in below the text of an item."""
    indent = len(lines[-1]) - len(lines[-1].lstrip(" "))
    outer = (line for line in reversed(lines) if line and len(line) - len(line.lstrip(" ")) < indent)
    return lists.ITEM.match(next(outer, "")) is not None


_RULER = re.compile(r"(?=.*-)[-:| ]+$")
_PIPE = re.compile(r"(?<!\\)\|")


def _tables(prose: str) -> Iterator[Flaw]:
    if "|" not in prose:
        return
    lines = [line.lstrip(" >").rstrip(" ") for line in prose.split("\n")]
    first = 0  # of the stretch without an empty line
    for index, line in enumerate([*lines, ""]):
        if line and not line.startswith("[!"):
            continue
        if any("|" in one for one in lines[first:index]):
            yield from _table(lines[first:index], first + 1)
        first = index + 1


def _table(lines: list[str], number: int) -> Iterator[Flaw]:
    """What is wrong with a table that begins here; ``number``: of its first line."""
    head, ruler = lines[0], lines[1] if len(lines) > 1 else ""
    late = next((at for at in range(2, len(lines)) if _is_ruler(lines[at]) and "|" in lines[at - 1]), 0)
    bordered = head.startswith("|") or head.endswith("|")
    if "|" in head and _is_ruler(ruler):
        columns, ruled = _cells(head, bordered), _cells(ruler, bordered)
        if len(columns) != len(ruled):
            message = f"kepala tabel {len(columns)} kolom, garis pemisahnya {len(ruled)}; samakan"
            yield Flaw(number + 1, "T034", message)
            return
        for at, row in enumerate(lines[2:], number + 2):
            if any(cell.strip(f" {_GONE}") for cell in _cells(row, bordered)[len(columns) :]):
                message = (
                    f"baris ini lebih dari {len(columns)} kolom, dan selebihnya hilang; tambah kolom, atau tulis `\\|`"
                )
                yield Flaw(at, "T035", message)
    elif late:
        yield Flaw(
            number + late - 1, "T025", "beri baris kosong di atas tabel ini; tanpa itu tabel tampil sebagai teks"
        )
    elif head.startswith("|") and head.endswith("|") and len(_cells(head, bordered)) > 1:
        write = "|".join(["", *["---"] * len(_cells(head, bordered)), ""])
        yield Flaw(
            number, "T034", f"tabel tanpa garis pemisah tampil sebagai teks; tulis `{write[:60]}` di bawah baris ini"
        )


_GONE = "\x02"


def _is_ruler(line: str) -> bool:
    return "|" in line and _RULER.match(line) is not None


def _cells(row: str, bordered: bool) -> list[str]:
    """As Python-Markdown cuts them: the outer marks are none where the head has none."""
    cells = _PIPE.split(row)
    if bordered:
        cells = cells[1:] if row.startswith("|") else cells
        cells = cells[:-1] if len(cells) > 1 and not cells[-1] else cells
    return cells


def _indented(prose: str) -> Iterator[Flaw]:
    """Indented code is no code with us: it is shown as text. Below an item or a note it is a part of that."""
    below, gap, told = False, True, False
    for number, line in _lines(prose):
        text = line.lstrip(" ")
        if not text:
            gap, told = True, False
            continue
        indent = len(line) - len(text)
        begins = lists.ITEM.match(line) or _NOTE.match(line)
        if indent < lists.TAB:
            below = bool(begins) or (below and (indent > 0 or not gap))
        elif gap and not below and not told and not begins:
            told = True
            message = "teks menjorok empat spasi tampil sebagai teks biasa; tulis di tepi kiri, atau kode di antara ```"
            yield Flaw(number, "T043", message, warning=True, kind="T043")
        gap = False


def _items(prose: str) -> Iterator[Flaw]:
    """An item that is set in, but not far enough to be one below the item above."""
    above: re.Match[str] | None = None
    for number, line in _lines(prose):
        item = lists.ITEM.match(line)
        if item and above:
            indent, mark = len(item["indent"]), len(above["indent"])
            needed = mark + min(len(above["mark"]) + 1, lists.ENOUGH)
            if mark < indent < needed:
                message = (
                    f"butir ini setingkat dengan yang di atasnya; beri {needed} spasi, atau {mark} bila memang begitu"
                )
                yield Flaw(number, "T044", message, warning=True, kind="T044")
        if item or (line and not line.startswith(" ")):
            above = item


_ANYWHERE = (_named_references,)
_PAGE = (_headings, _underlined, _html, _callouts, _footnotes, _tables, _indented, _items, *_ANYWHERE)
