"""The head of a part of a quiz file: its heading with an id, and the ``key: value`` lines under it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from lms.fields import Problems
from lms.quiz.markdown import Part
from lms.quiz.written import Block, Field, is_id, suggestion

_ID = re.compile(r"\{#([^{}]*)\}$")
_FIELD = re.compile(r" {0,3}(?P<key>[^\s:]+) *:(?P<value>.*)")


def split_heading(part: Part) -> tuple[str, str | None]:
    """The title and the id of a part, as ``## Title {#id}`` gives them."""
    found = _ID.search(part.heading)
    return (part.heading[: found.start()].strip(), found[1]) if found else (part.heading, None)


def read_heading(part: Part, problems: Problems, *, what: str = "soal") -> tuple[str, str]:
    """Title and id; both may be empty, and every mistake is noted. ``what``: what the part is, for the message."""
    title, id = split_heading(part)
    marks = "#" * part.level
    if not title:
        problems.error(part.line, "Q013", f"tulis judul pendek sesudah `{marks}`")
    if id is None and "{#" in title:
        message = f"id di `{title[:60]}` belum ditutup atau bukan di akhir judul; tulis `{marks} Judul {{#id-{what}}}`"
        problems.error(part.line, "Q011", message)
    elif id is None:
        problems.error(part.line, "Q010", f"{what} belum punya id; tulis mis. `{marks} Judul {{#id-{what}}}`")
    elif not is_id(id):
        problems.error(part.line, "Q011", f"id `{id}` hanya boleh huruf kecil, angka dan tanda hubung")
    return title, id or ""


def read_fields(
    part: Part, known: Collection[str], problems: Problems, *, what: str = "soal"
) -> tuple[dict[str, Field], list[Block]]:
    """The ``key: value`` lines directly under the heading, and the blocks that follow them."""
    fields: dict[str, Field] = {}
    end, blocks = part.line + 1, list(part.blocks)
    while blocks and blocks[0].type == "paragraph" and part.noted.issuperset(range(end, blocks[0].line)):
        block = blocks.pop(0)
        end = block.end
        for line, text in block.numbered():
            found = _FIELD.fullmatch(text)
            if not found:
                message = "beri baris kosong di atas teks ini; langsung di bawah judul hanya ada `isian: nilai`"
                problems.error(line, "Q015", message)
                rest = "\n".join(text for at, text in block.numbered() if at >= line)
                return fields, [Block(block.type, line, end, rest), *blocks]
            _add(fields, found["key"], Field(line, found["value"].strip()), known, problems, what)
    return fields, blocks


def _add(
    fields: dict[str, Field], key: str, field: Field, known: Collection[str], problems: Problems, what: str
) -> None:
    if key not in known:
        hint = suggestion(key, known) or f"; bila ini teks {what}, beri baris kosong di atasnya"
        problems.error(field.line, "Q014", f"isian `{key}` tidak dikenal{hint}")
    elif key in fields:
        problems.error(field.line, "Q016", f"isian `{key}` sudah ditulis di atas; hapus salah satunya")
    else:
        fields[key] = field


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
