"""Reads one question: heading, field lines, stem, alerts – and lets the kind whose writing it is read the answer."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from lms.citations import SHAPE, is_citation, respelt
from lms.fields import Fix, Problem, Problems, misspelt, slug_of, suggestion
from lms.quiz import asking, lookalikes
from lms.quiz.alerts import ALERTS, read_alerts
from lms.quiz.heading import read_fields, read_heading, words
from lms.quiz.item import Item
from lms.quiz.items.registry import ITEM_KINDS, OURS
from lms.quiz.markdown import Part
from lms.quiz.written import Block, Field, Written, is_id, verbatim

COMMON_FIELDS = frozenset({"tags", "cites", "outcomes", "family", "points", "type"})
#: A kind of another package may take these, too, and add none: what it added would no longer be everybody's.
EXTRA_TEXTS = frozenset().union(*(kind.extra_texts for kind in OURS.values()))

_LEVEL = re.compile(r"C[1-6]")
_OUTCOME = re.compile(r"(?:[a-z0-9-]+/)?[a-z0-9-]+\.[1-9][0-9]?")
_NO_ANSWER = (
    "soal belum punya jawaban; tulis daftar opsi `- (x) …` dan `- ( ) …`, atau sebaris `= jawaban`, "
    "didahului baris kosong"
)


_LOST = frozenset({f"Q{number:03}" for number in (17, 30, 31, 32, 33, 34, 37, 40, 42, 43, 44, 46, 60, 61, 95)})
#: What went wrong -> what is then untrue, or follows from it, and waits.
_CONSEQUENCES: Mapping[str, frozenset[str]] = {
    # another kind was taken for it, and nobody knows its own field lines
    "Q021": frozenset({"Q014", "Q017", "Q031", "Q037", "Q055", "Q056", "Q057", "Q058", "Q059", "Q063"}),
    "Q023": _LOST,
    "Q038": _LOST,
    "Q039": _LOST,
}


@cache
def known_fields() -> frozenset[str]:
    """Every field line that some question may have, or a passage."""
    return COMMON_FIELDS.union({"for"}, *(kind.extra_fields for kind in ITEM_KINDS.values()))


def read_question(part: Part, problems: Problems, *, in_quiz: bool) -> Item | None:
    """The item that a part holds, or None when none can be made of it; every mistake is noted, causes alone."""
    found = Problems(problems.path)
    try:
        item = _read(part, found, in_quiz=in_quiz)
    except asking.Failed as failed:
        found.error(part.line, "Q098", str(failed))
        item = None
    problems.extend(_causes(list(found)))
    return item


def _causes(found: Sequence[Problem]) -> list[Problem]:
    silent = frozenset().union(*(_CONSEQUENCES.get(problem.code, frozenset()) for problem in found))
    return [problem for problem in found if problem.code not in silent]


def _read(part: Part, problems: Problems, *, in_quiz: bool) -> Item | None:
    title, id = read_heading(part, problems, alone=not in_quiz)
    fields, blocks = read_fields(part, known_fields(), problems)
    blocks = lookalikes.up_to_heading(blocks, problems)
    lookalikes.check_code(blocks, problems)
    texts, blocks = read_alerts(blocks, problems)
    kind, stem, answers = _answers(part.line, blocks, fields, problems)
    stray = [block for block in blocks if block not in stem and block not in answers]
    lookalikes.check_answers(lookalikes.Answered(stem, answers, stray, "type" in fields), problems)
    common = {
        "id": id,
        "title": title,
        "stem": verbatim(stem),
        "points": _points(fields.get("points"), problems),
        "tags": words(fields.get("tags")),
        "cites": _cites(fields.get("cites"), problems),
        "outcomes": _outcomes(fields.get("outcomes"), problems),
        "family": _family(fields.get("family"), problems),
        "line": part.line,
        **texts,
    }
    _check(part.line, common, problems, in_quiz=in_quiz)
    if kind is None or not answers:
        return None
    _check_kind(kind, fields, common, problems)
    common = {name: value for name, value in common.items() if name not in EXTRA_TEXTS - kind.extra_texts}
    return asking.parsed(kind, Written(part.line, common, fields, answers, in_quiz), problems)


def ask_kinds(blocks: Sequence[Block], fields: Mapping[str, Field]) -> tuple[type[Item] | None, tuple[Block, ...]]:
    """The kind whose writing this is, and the blocks that answer; nothing is noted."""
    try:
        kind, _, answers = _answers(0, blocks, fields, Problems())
    except asking.Failed:
        return None, ()
    return kind, answers


# --- what all kinds share ---


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


def _cites(field: Field | None, problems: Problems) -> tuple[str, ...]:
    cites = words(field)
    for cite in cites:
        if field and not is_citation(cite):
            meant = respelt(cite)
            fix = Fix(cite, meant) if meant else None
            problems.error(field.line, "Q022", f"rujukan `{cite}` harus berbentuk {SHAPE}", fix=fix)
    return cites


def _outcomes(field: Field | None, problems: Problems) -> tuple[str, ...]:
    outcomes = words(field)
    for outcome in outcomes:
        if field and not _OUTCOME.fullmatch(outcome):
            message = (
                f"tujuan `{outcome}` harus berbentuk nama-materi.2: nama berkas materi, titik, dan nomor tujuannya"
            )
            problems.error(field.line, "Q025", message)
    return outcomes


def _family(field: Field | None, problems: Problems) -> str:
    family = field.value if field else ""
    if field and not is_id(family):
        meant = slug_of(family)
        fix = Fix(family, meant) if meant and family else None
        message = f"nama keluarga `{family}` hanya boleh huruf kecil, angka dan tanda hubung"
        problems.error(field.line, "Q026", message, fix=fix)
    return family


def _check(line: int, common: Mapping[str, Any], problems: Problems, *, in_quiz: bool) -> None:
    if not common["stem"].strip():
        problems.error(line, "Q030", "pertanyaannya belum ada; tulis di antara judul dan jawaban")
    if not common.get("explanation"):
        problems.warning(line, "Q060", "pembahasan belum ada; tulis `> [!EXPLANATION]` di akhir soal")
    if in_quiz and not any(map(_LEVEL.fullmatch, common["tags"])):
        problems.warning(line, "Q062", "tambahkan tingkat kognitif C1–C6 pada `tags`")


def _check_kind(kind: type[Item], fields: Mapping[str, Field], common: Mapping[str, Any], problems: Problems) -> None:
    """What other kinds know and this one does not."""
    for key, field in fields.items():
        if key not in COMMON_FIELDS | kind.extra_fields:
            message = f"isian `{key}` tidak berlaku untuk soal jenis {kind.name.lower()}; hapus baris ini"
            problems.error(field.line, "Q017", message)
    for name in sorted((EXTRA_TEXTS - kind.extra_texts) & common.keys()):
        alert = next(alert for alert, attribute in ALERTS.items() if attribute == name)
        message = f"`[!{alert}]` tidak berlaku untuk soal jenis {kind.name.lower()}; hapus atau pindahkan isinya"
        problems.error(common["line"], "Q037", message)


# --- the answer ---


def _answers(
    line: int, blocks: Sequence[Block], fields: Mapping[str, Field], problems: Problems
) -> tuple[type[Item] | None, list[Block], tuple[Block, ...]]:
    """The kind whose writing this is, the blocks of its stem, and the blocks of its answer."""
    kinds = _asked(fields.get("type"), problems)
    stem: list[Block] = []
    answers: list[Block] = []
    found: type[Item] | None = None
    for block in blocks:
        owner = next((kind for kind in kinds if asking.claims(kind, block, fields)), None)
        if owner is not None and found not in (None, owner):
            message = f"jawaban ini ditulis seperti {owner.name.lower()}, padahal di atasnya {found.name.lower()}"
            problems.error(block.line, "Q032", message)
            continue
        found = owner or found
        if owner is not None:
            answers.append(block)
        if found is None or found.inline:
            stem.append(block)
        elif owner is None:
            _stray(block, problems, option=answers[-1])
    if found is None:
        problems.error(line, "Q031", _NO_ANSWER)
    return found, stem, tuple(answers)


def _asked(field: Field | None, problems: Problems) -> Sequence[type[Item]]:
    """The kinds to be asked, in order: all of ours, or the one that the author named.

    A kind of another package is asked where ``type`` names it and nowhere else: none changes how a pack is read.
    """
    every = tuple(OURS.values())
    if field is None:
        return every
    named = ITEM_KINDS.get(field.value.lower().replace("-", "_"))
    if named:
        return (named,)
    others = "; bila jenis ini dibawa oleh paket lain, paket itu belum dipasang"
    hint = suggestion(field.value, ITEM_KINDS) or f"; pilih {', '.join(ITEM_KINDS)}{others}"
    by_name = {kind.name.lower(): id for id, kind in ITEM_KINDS.items()}
    meant = misspelt(field.value, ITEM_KINDS) or by_name.get(field.value.lower())
    fix = Fix(field.value, meant) if meant else None
    problems.error(field.line, "Q021", f"jenis soal `{field.value}` tidak dikenal{hint}", fix=fix)
    return every  # their mistakes are told no further


def _stray(block: Block, problems: Problems, *, option: Block) -> None:
    """``option``: the last block of the answer above."""
    touches = option.type == "bullet_list" and option.end == block.line
    if block.type == "blockquote":
        message = "kutipan ini di luar opsi; beri dua spasi di depannya agar menjadi umpan balik opsi di atasnya"
        fix = Fix(block.text, "\n".join(f"  {line}" for line in block.text.split("\n"))) if touches else None
        problems.error(block.line, "Q034", message, fix=fix)
    else:
        message = "teks sesudah jawaban tidak ditampilkan; pindahkan ke atas jawaban atau ke `> [!EXPLANATION]`"
        problems.error(block.line, "Q033", message)
