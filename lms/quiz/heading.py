"""The head of a part of a quiz file: its heading with an id, and the ``key: value`` lines under it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from lms.fields import Fix, Problems, misspelt, nearest, slug_of
from lms.quiz.markdown import Part
from lms.quiz.new_ids import new_id
from lms.quiz.written import Block, Field, id_at_end, is_id

_ID = re.compile(r"\{#([^{}]*)\}$")
#: A key as somebody may write it who thinks in Bahasa Indonesia.
_IN_INDONESIAN = {
    **dict.fromkeys(("kutipan", "rujukan", "pasal", "sumber", "dasar"), "cites"),
    **dict.fromkeys(("label", "tagar", "tanda", "kategori"), "tags"),
    **dict.fromkeys(("poin", "nilai", "skor", "bobot"), "points"),
    **dict.fromkeys(("jenis", "tipe", "bentuk"), "type"),
    **dict.fromkeys(("penilaian", "penskoran"), "scoring"),
    **dict.fromkeys(("lulus", "ambang", "batas"), "pass"),
    "satuan": "unit",
    "tujuan": "outcomes",
    "keluarga": "family",
    "untuk": "for",
}
_FIELD = re.compile(r" {0,3}(?P<key>[^\s:]+) *:(?P<value>.*)")
#: A second field in the line of another.
_JOINED = re.compile(r"[,;]? +(?P<key>[a-z]+):(?= )")


def split_heading(part: Part) -> tuple[str, str | None]:
    """The title and the id of a part, as ``## Title {#id}`` gives them."""
    found = _ID.search(part.heading)
    return (part.heading[: found.start()].strip(), found[1]) if found else (part.heading, None)


def read_heading(part: Part, problems: Problems, *, what: str = "soal", alone: bool = False) -> tuple[str, str]:
    """Title and id; both may be empty, and every mistake is noted. ``what``: what the part is, for the message.

    ``alone``: whether it is all of its text; in a quiz, where ids must differ, ``format`` writes the missing ones.
    """
    title, id = split_heading(part)
    marks = "#" * part.level
    if not title:
        problems.error(part.line, "Q013", f"tulis judul pendek sesudah `{marks}`")
    if id is None and "{#" in title:
        message = f"id di `{title[:60]}` belum ditutup atau bukan di akhir judul; tulis `{marks} Judul {{#id-{what}}}`"
        moved = id_at_end(title)
        problems.error(part.line, "Q011", message, fix=Fix(title, moved) if moved else None)
    elif id is None:
        fix = Fix(title, f"{title} {{#{new_id(part, title)}}}") if alone and title else None
        problems.error(part.line, "Q010", f"{what} belum punya id; tulis mis. `{marks} Judul {{#id-{what}}}`", fix=fix)
    elif not is_id(id):
        meant = slug_of(id)
        fix = Fix(f"{{#{id}}}", f"{{#{meant}}}") if meant else None
        problems.error(part.line, "Q011", f"id `{id}` hanya boleh huruf kecil, angka dan tanda hubung", fix=fix)
    return title, id or ""


def read_fields(
    part: Part, known: Collection[str], problems: Problems, *, what: str = "soal"
) -> tuple[dict[str, Field], list[Block]]:
    """The ``key: value`` lines directly under the heading, and the blocks that follow them."""
    fields: dict[str, Field] = {}
    meant: dict[str, Field] = {}  # under misspelt keys
    end, blocks = part.line + 1, list(part.blocks)
    while blocks and blocks[0].type == "paragraph" and part.noted.issuperset(range(end, blocks[0].line)):
        block = blocks.pop(0)
        end = block.end
        lines = [(line, text, _FIELD.fullmatch(text)) for line, text in block.numbered()]
        written = {found["key"] for _, _, found in lines if found}
        for line, text, found in lines:
            if not found:
                message = "beri baris kosong di atas teks ini; langsung di bawah judul hanya ada `isian: nilai`"
                fix = None if _may_be_field(text, known) else Fix(text, f"\n{text}")
                problems.error(line, "Q015", message, fix=fix)
                rest = "\n".join(text for at, text in block.numbered() if at >= line)
                return meant | fields, [Block(block.type, line, end, rest), *blocks]
            field = Field(line, found["value"].strip())
            if (joined := _JOINED.search(found["value"])) and joined["key"] in known:
                message = f"isian `{joined['key']}` tidak terbaca di sini; tulis pada baris tersendiri"
                problems.error(line, "Q083", message, fix=Fix(joined[0], f"\n{joined['key']}:"))
            if found["key"] in known:
                _add(fields, found["key"], field, problems)
            elif key := _unknown(found, line, known, problems, what, (written, meant)):
                meant.setdefault(key, field)
    return meant | fields, blocks


def _may_be_field(text: str, known: Collection[str]) -> bool:
    """Whether a text may be a field that lacks its colon, or has a space within its key."""
    words = text.split()[0].strip("=-:").lower(), "".join(text.partition(":")[0].split()).lower()
    return any(word in _IN_INDONESIAN or nearest(word, known) for word in words)


def _add(fields: dict[str, Field], key: str, field: Field, problems: Problems) -> None:
    if key in fields:
        problems.error(field.line, "Q016", f"isian `{key}` sudah ditulis di atas; hapus salah satunya")
    else:
        fields[key] = field


def _unknown(
    found: re.Match[str],
    line: int,
    known: Collection[str],
    problems: Problems,
    what: str,
    taken: Iterable[Collection[str]],
) -> str | None:
    """Note a key that is none, and give the one that is meant, so that nothing else is said to be missing.

    ``taken``: keys that are written besides, or meant.
    """
    key, value = found["key"], found["value"]
    word = key.strip("*_").lower()
    own = _IN_INDONESIAN.get(word, "")
    meant = own if own in known else nearest(word, known)
    hint = f"; maksud Anda `{meant}`?" if meant else f"; bila ini teks {what}, beri baris kosong di atasnya"
    # a capital letter may begin a text (`Sumber: …`), and a letter behind the colon be the key's (`tag:s C1`)
    only = misspelt(key, known) or (own if key.islower() and own in known else None)
    fix = (
        Fix(f"{key}:", f"{only}:")
        if only and value[:1] in {"", " "} and not any(only in keys for keys in taken)
        else None
    )
    problems.error(line, "Q014", f"isian `{key}` tidak dikenal{hint}", fix=fix)
    return meant


def words(field: Field | None) -> tuple[str, ...]:
    """The parts of a value that are separated by commas; square brackets around the whole may stand or not."""
    value = field.value if field else ""
    if value.startswith("[") and value.endswith("]"):
        value = value[1:-1]
    return tuple(word for part in value.split(",") if (word := part.strip()))


def check_unique(parts: Iterable[Part], problems: Problems) -> None:
    """Note every id that a part before has."""
    first: dict[str, int] = {}
    for part in parts:
        _, id = split_heading(part)
        if id and first.setdefault(id, part.line) != part.line:
            problems.error(part.line, "Q012", f"id `{id}` sudah dipakai di baris {first[id]}; beri id lain")
