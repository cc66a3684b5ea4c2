"""Reads one question: heading, field lines, stem, alerts – and lets the kind whose writing it is read the answer."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from lms.fields import Problems
from lms.quiz.item import Item
from lms.quiz.items.registry import ITEM_KINDS
from lms.quiz.markdown import Section, unquoted
from lms.quiz.written import Block, Field, Written, is_id, nearest, suggestion, verbatim

COMMON_FIELDS = frozenset({"tags", "cites", "points", "type"})
KNOWN_FIELDS = COMMON_FIELDS.union(*(kind.extra_fields for kind in ITEM_KINDS.values()))
#: Alert as written -> attribute of the item.
ALERTS = {
    "EXPLANATION": "explanation",
    "PEMBAHASAN": "explanation",
    "HINT": "hint",
    "PETUNJUK": "hint",
    "CORRECT": "correct",
    "BENAR": "correct",
    "INCORRECT": "incorrect",
    "SALAH": "incorrect",
}

_ID = re.compile(r"\{#([^{}]*)\}$")
_FIELD = re.compile(r" {0,3}(?P<key>[^\s:]+) *:(?P<value>.*)")
_ALERT = re.compile(r" {0,3}\[!(?P<name>\w+)\] *(?P<text>.*)")
_CITATION = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:#[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*)?")
_LEVEL = re.compile(r"C[1-6]")
_NO_ANSWER = (
    "soal belum punya jawaban; tulis daftar opsi `- (x) …` dan `- ( ) …`, atau sebaris `= jawaban`, "
    "didahului baris kosong"
)


def read_question(section: Section, problems: Problems, *, in_quiz: bool) -> Item | None:
    """The item that a section holds, or None when none can be made of it; every mistake is noted."""
    title, id = _heading(section, problems)
    fields, blocks = _fields(section, problems)
    texts, blocks = _alerts(blocks, problems)
    kind, stem, answers = _answers(section.line, blocks, fields, problems)
    common = {
        "id": id,
        "title": title,
        "stem": verbatim(stem),
        "points": _points(fields.get("points"), problems),
        "tags": _words(fields.get("tags")),
        "cites": _cites(fields.get("cites"), problems),
        "line": section.line,
        **texts,
    }
    _check(section.line, common, problems, in_quiz=in_quiz)
    if kind is None or not answers:
        return None
    _check_fields(kind, fields, problems)
    written = Written(section.line, common, fields, answers, in_quiz)
    return kind.parse(written, problems)


def heading(section: Section) -> tuple[str, str | None]:
    """The title and the id of a question, as ``## Title {#id}`` gives them."""
    found = _ID.search(section.heading)
    return (section.heading[: found.start()].strip(), found[1]) if found else (section.heading, None)


def _heading(section: Section, problems: Problems) -> tuple[str, str]:
    title, id = heading(section)
    if not title:
        problems.error(section.line, "Q013", "tulis judul pendek sesudah `##`")
    if id is None:
        problems.error(section.line, "Q010", "soal belum punya id; tulis mis. `## Judul {#id-soal}`")
    elif not is_id(id):
        problems.error(section.line, "Q011", f"id `{id}` hanya boleh huruf kecil, angka dan tanda hubung")
    return title, id or ""


# --- field lines ---


def _fields(section: Section, problems: Problems) -> tuple[dict[str, Field], list[Block]]:
    """The ``key: value`` lines directly under the heading, and the blocks that follow them."""
    fields: dict[str, Field] = {}
    end, blocks = section.line + 1, list(section.blocks)
    while blocks and blocks[0].type == "paragraph" and section.noted.issuperset(range(end, blocks[0].line)):
        block = blocks.pop(0)
        end = block.end
        for line, text in block.numbered():
            found = _FIELD.fullmatch(text)
            if not found:
                message = "beri baris kosong di atas teks ini; langsung di bawah judul hanya ada `isian: nilai`"
                problems.error(line, "Q015", message)
                rest = "\n".join(text for at, text in block.numbered() if at >= line)
                return fields, [Block(block.type, line, end, rest), *blocks]
            _add_field(fields, found["key"], Field(line, found["value"].strip()), problems)
    return fields, blocks


def _add_field(fields: dict[str, Field], key: str, field: Field, problems: Problems) -> None:
    if key not in KNOWN_FIELDS:
        hint = suggestion(key, KNOWN_FIELDS) or "; bila ini teks soal, beri baris kosong di atasnya"
        problems.error(field.line, "Q014", f"isian `{key}` tidak dikenal{hint}")
    elif key in fields:
        problems.error(field.line, "Q016", f"isian `{key}` sudah ditulis di atas; hapus salah satunya")
    else:
        fields[key] = field


def _check_fields(kind: type[Item], fields: Mapping[str, Field], problems: Problems) -> None:
    for key, field in fields.items():
        if key not in COMMON_FIELDS | kind.extra_fields:
            message = f"isian `{key}` tidak berlaku untuk soal jenis {kind.name.lower()}; hapus baris ini"
            problems.error(field.line, "Q017", message)


def _points(field: Field | None, problems: Problems) -> float:
    if field is None:
        return 1.0
    try:
        points = float(field.value.replace(",", "."))
    except ValueError:
        points = math.nan
    if 0 < points <= 1000:
        return points
    problems.error(field.line, "Q018", f"poin `{field.value}` harus angka lebih dari 0 dan paling banyak 1000")
    return 1.0


def _words(field: Field | None) -> tuple[str, ...]:
    """The parts of a value that are separated by commas."""
    return tuple(word for part in (field.value if field else "").split(",") if (word := part.strip()))


def _cites(field: Field | None, problems: Problems) -> tuple[str, ...]:
    cites = _words(field)
    for cite in cites:
        if field and not _CITATION.fullmatch(cite):
            message = f"rujukan `{cite}` harus berbentuk `peraturan#pasal`, mis. uu-20-2023#3.2"
            problems.error(field.line, "Q022", message)
    return cites


# --- alerts ---


def _alerts(blocks: Sequence[Block], problems: Problems) -> tuple[dict[str, str], list[Block]]:
    """The texts of explanation, hint and feedback, and the blocks that are none of these."""
    texts: dict[str, str] = {}
    others: list[Block] = []
    for block in blocks:
        found = _ALERT.fullmatch(unquoted(block.text).split("\n")[0]) if block.type == "blockquote" else None
        if found and found["name"].upper() in ALERTS:
            _add_alerts(texts, block, problems)
            continue
        if found and (near := nearest(found["name"], ALERTS)):
            message = f"blok `[!{found['name']}]` tidak dikenal; maksud Anda `[!{near}]`?"
            problems.error(block.line, "Q036", message)
            continue
        others.append(block)
    return texts, others


def _add_alerts(texts: dict[str, str], block: Block, problems: Problems) -> None:
    """One quote may hold several alerts, when no blank line parts them."""
    found: list[tuple[str, list[str]]] = []
    for line, text in enumerate(unquoted(block.text).split("\n"), block.line):
        start = _ALERT.fullmatch(text)
        name = ALERTS.get(start["name"].upper()) if start else None
        if start and name:
            if name in texts or any(name == other for other, _ in found):
                problems.error(line, "Q035", f"`[!{start['name']}]` sudah ditulis di atas; gabungkan keduanya")
            found.append((name, [start["text"]]))
        else:
            found[-1][1].append(text)
    texts.update((name, "\n".join(lines).strip()) for name, lines in found)


# --- the answer ---


def _answers(
    line: int, blocks: Sequence[Block], fields: Mapping[str, Field], problems: Problems
) -> tuple[type[Item] | None, list[Block], tuple[Block, ...]]:
    """The kind whose writing this is, the blocks before its answer, and the blocks of its answer."""
    kinds = _asked(fields.get("type"), problems)
    stem: list[Block] = []
    answers: list[Block] = []
    found: type[Item] | None = None
    for block in blocks:
        owner = next((kind for kind in kinds if kind.claims(block, fields)), None)
        if owner is None and found is None:
            stem.append(block)
        elif owner is None:
            _stray(block, problems)
        elif owner is found or found is None:
            found = owner
            answers.append(block)
        else:
            message = f"jawaban ini ditulis seperti {owner.name.lower()}, padahal di atasnya {found.name.lower()}"
            problems.error(block.line, "Q032", message)
    if found is None:
        problems.error(line, "Q031", _NO_ANSWER)
    return found, stem, tuple(answers)


def _asked(field: Field | None, problems: Problems) -> Sequence[type[Item]]:
    """The kinds to be asked, in order: all, or the one that the author named."""
    every = tuple(ITEM_KINDS.values())
    if field is None:
        return every
    named = ITEM_KINDS.get(field.value.lower().replace("-", "_"))
    if named:
        return (named,)
    hint = suggestion(field.value, ITEM_KINDS) or f"; pilih {', '.join(ITEM_KINDS)}"
    problems.error(field.line, "Q021", f"jenis soal `{field.value}` tidak dikenal{hint}")
    return every


def _stray(block: Block, problems: Problems) -> None:
    if block.type == "blockquote":
        message = "kutipan ini di luar opsi; beri dua spasi di depannya agar menjadi umpan balik opsi di atasnya"
        problems.error(block.line, "Q034", message)
    elif block.type != "h1":  # noted for the file as a whole
        message = "teks sesudah jawaban tidak ditampilkan; pindahkan ke atas jawaban atau ke `> [!EXPLANATION]`"
        problems.error(block.line, "Q033", message)


def _check(line: int, common: Mapping[str, Any], problems: Problems, *, in_quiz: bool) -> None:
    if not common["stem"].strip():
        problems.error(line, "Q030", "pertanyaannya belum ada; tulis di antara judul dan jawaban")
    if not common.get("explanation"):
        problems.warning(line, "Q060", "pembahasan belum ada; tulis `> [!EXPLANATION]` di akhir soal")
    if in_quiz and not any(map(_LEVEL.fullmatch, common["tags"])):
        problems.warning(line, "Q062", "tambahkan tingkat kognitif C1–C6 pada `tags`")
