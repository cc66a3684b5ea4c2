"""Matching: to every row belongs one of several choices.

A page sends ``field`` for every row, ``row=option``; the response is ``("a=k1", "b=k2")``.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from lms.errors import Said
from lms.fields import Fix, Problems
from lms.quiz.item import Response
from lms.quiz.items.options import attributes, check_alike, entries, hashed_id, is_misplaced, letters, shuffled
from lms.quiz.items.rows import RowItem
from lms.quiz.meant import arrow
from lms.quiz.option import Option, Row
from lms.quiz.written import Block, Entry, Field, MissingId, Written, is_id, joined, with_id

_ARROW = re.compile(r"(?<!\\)=>")
_BRACKET = re.compile(r"[(\[][ xX]?[)\]]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A row and the id of the choice that belongs to it."""

    id: str
    text: str
    choice: str
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of a line as it is written."""

    text: str
    id: str | None
    mistaken: bool


_Line = tuple[Entry, tuple[_Side, _Side]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching(RowItem):
    """Several rows may share a choice; a choice that belongs to no row is a distractor."""

    kind: ClassVar[str] = "matching"
    name: ClassVar[Said] = Said("Menjodohkan")
    documentation: ClassVar[str] = (
        "Daftar `- kiri => kanan`; pilihan pengecoh ditulis `- => kanan`. Setiap baris kiri bernilai sama. Pilihan "
        "kanan selalu tampil acak; yang teksnya sama menjadi satu pilihan. Panah di dalam teks ditulis `\\=>`."
    )
    example: ClassVar[str] = """\
## Kota dan pulau {#contoh-jodoh}
tags: geografi, C1

Pasangkan kota dengan pulaunya.

- Medan {#a} => Sumatra {#k1}
- Surabaya {#b} => Jawa {#k2}
  > Ibu kota Jawa Timur.
- Manado {#c} => Sulawesi {#k3}
- => Papua {#k4}

> [!EXPLANATION]
> Ketiganya ibu kota provinsi.
"""
    secret_order: ClassVar[bool] = True

    pairs: tuple[Pair, ...]
    options: tuple[Option, ...]

    def __post_init__(self) -> None:
        if not self.pairs or not {pair.choice for pair in self.pairs} <= {option.id for option in self.options}:
            raise ValueError(f"{self.id}: a row without its choice")

    @classmethod
    def claims(cls, block: Block, fields: Mapping[str, Field]) -> bool:
        arrows = block.type == "bullet_list" and any(_ARROW.search(entry.text) for entry in block.entries)
        return arrows and not any(_BRACKET.match(entry.text) for entry in block.entries)

    @classmethod
    def parse(cls, written: Written, problems: Problems) -> Self | None:
        lines = [(entry, sides) for entry in entries(written.answers) if (sides := _sides(entry, problems))]
        choices = _choices([right for _, (_, right) in lines])
        rows = list(zip(lines, _row_ids([left for _, (left, _) in lines]), strict=True))
        pairs = tuple(
            Pair(id=id, text=left.text, choice=choices[right.text], feedback=entry.quote)
            for (entry, (left, right)), id in rows
            if left.text
        )
        options = tuple(Option(id=id, text=text) for text, id in choices.items())
        _check(written, lines, pairs, options, problems)
        return cls(**written.common, pairs=pairs, options=options) if pairs else None

    def choices(self) -> tuple[Option, ...]:
        return tuple(sorted(self.options, key=lambda option: option.id))

    def rows(self) -> tuple[Row, ...]:
        options = self.choices()
        return tuple(Row(id=pair.id, text=pair.text, options=options, feedback=pair.feedback) for pair in self.pairs)

    def shuffled(self, rng: random.Random) -> Response:
        return shuffled(self.choices(), rng)

    def row_shares(self, response: Response | None) -> dict[str, float]:
        given = self.by_row(response)
        return {pair.id: float(given.get(pair.id) == pair.choice) for pair in self.pairs}

    @property
    def rule(self) -> Said:
        return Said("Setiap pasangan yang tepat bernilai sama.")

    def lacking(self, response: Response) -> Said:
        shares = self.row_shares(response)
        return Said("%(right)s dari %(total)s pasangan tepat.", right=int(sum(shares.values())), total=len(shares))

    def key(self) -> Response:
        return tuple(f"{pair.id}={pair.choice}" for pair in self.pairs)

    def solution(self) -> tuple[str, ...]:
        texts = {option.id: option.text for option in self.options}
        return tuple(f"{pair.text} → {texts[pair.choice]}" for pair in self.pairs)

    def guess(self) -> float:
        return 1 / len(self.options)

    def graded(self) -> object:
        return {
            "rows": {pair.id: pair.choice for pair in self.pairs},
            "options": [option.id for option in self.options],
        }

    def key_form(self) -> None:
        return None

    def written(self) -> str:
        ids = {option.id: with_id(_escaped(option.text), f"#{option.id}") for option in self.options}
        used = {pair.choice for pair in self.pairs}
        rows = [
            ("- ", f"{with_id(_escaped(pair.text), f'#{pair.id}')} => {ids[pair.choice]}", pair.feedback)
            for pair in self.pairs
        ]
        return joined([*rows, *(("- ", f"=> {text}", "") for id, text in ids.items() if id not in used)])

    @classmethod
    def missing_ids(cls, answers: Sequence[Block]) -> Iterator[MissingId]:
        lines = [(entry, sides) for entry in entries(answers) if (sides := _sides(entry, Problems()))]
        choices = _choices([right for _, (_, right) in lines])
        for (entry, (left, right)), id in zip(lines, _row_ids([left for _, (left, _) in lines]), strict=True):
            first = entry.text.split("\n")[0].rstrip()
            arrow = _ARROW.search(first)
            if arrow and left.text and left.id is None:
                yield MissingId(entry.line, f"{{#{id}}} ", first[arrow.start() :])
            if arrow and right.id is None:
                yield MissingId(entry.line, f" {{#{choices[right.text]}}}")


def _sides(entry: Entry, problems: Problems) -> tuple[_Side, _Side] | None:
    left, *right = _ARROW.split(entry.text, maxsplit=1)
    if not right:
        other = arrow(entry.text.partition("\n")[0])
        fix = Fix(other, "=>") if other else None
        problems.error(entry.line, "Q084", "baris ini belum punya `=>`; tulis `- kiri => kanan`", fix=fix)
        return None
    sides = (_side(left), _side(right[0]))
    if not sides[1].text:
        problems.error(entry.line, "Q085", "sesudah `=>` belum ada pilihannya")
        return None
    if any(side.mistaken for side in sides):
        message = (
            "tulis satu id (huruf kecil, angka, tanda hubung) di akhir setiap sisi, mis. `- kiri {#a} => kanan {#k1}`"
        )
        problems.error(entry.line, "Q046", message)
    return sides


def _escaped(text: str) -> str:
    return text.replace("=>", "\\=>")


def _side(written: str) -> _Side:
    text, words = attributes(written.strip())
    id = words[0].removeprefix("#") if words else None
    mistaken = (
        len(words) > 1 or is_misplaced(text) or bool(words and not (words[0].startswith("#") and is_id(words[0][1:])))
    )
    return _Side(text.replace("\\=>", "=>"), id, mistaken)


def _row_ids(sides: Sequence[_Side]) -> list[str]:
    """The id of every left side, made up where it has none; empty for distractors."""
    names = letters([], {side.id for side in sides if side.id})
    return [(side.id or next(names)) if side.text else "" for side in sides]


def _choices(sides: Sequence[_Side]) -> dict[str, str]:
    """Text -> id of every choice, in the order of their first lines; made-up ids tell nothing about rows."""
    given: dict[str, str | None] = {}
    for side in sides:
        given[side.text] = given.get(side.text) or side.id
    taken = {id for id in given.values() if id}
    choices: dict[str, str] = {}
    for text, id in given.items():
        choices[text] = id or hashed_id(text, taken)
        taken.add(choices[text])
    return choices


def _check(
    written: Written, lines: Sequence[_Line], pairs: Sequence[Pair], options: Sequence[Option], problems: Problems
) -> None:
    first = written.answers[0].line
    _check_given_ids(lines, options, problems)
    check_alike([(entry.line, left.text) for entry, (left, _) in lines if left.text], problems, "baris")
    for entry, (left, right) in lines if written.in_quiz else ():
        if right.id is None or (left.text and left.id is None):
            message = "baris atau pilihan belum punya id; tulis mis. `- kiri {#a} => kanan {#k1}`"
            problems.warning(entry.line, "Q047", message)
    if not pairs or len(options) < 2:
        message = "tulis sedikitnya satu baris `- kiri => kanan` dan dua pilihan yang berbeda"
        problems.error(first, "Q042", message)
    if any(pair.id == pair.choice for pair in pairs):
        message = "id baris sama dengan id pilihannya, sehingga kunci terbaca di sumber halaman; beri id lain"
        problems.warning(first, "Q087", message)


def _check_given_ids(lines: Sequence[_Line], options: Sequence[Option], problems: Problems) -> None:
    texts: dict[str, str] = {}
    rows: set[str] = set()
    ids = {option.text: option.id for option in options}
    for entry, (left, right) in lines:
        if right.id and texts.setdefault(right.id, right.text) != right.text:
            problems.error(entry.line, "Q045", f"id pilihan `{right.id}` sudah dipakai teks lain; beri id lain")
        elif right.id and right.id != ids[right.text]:
            problems.error(entry.line, "Q045", f"pilihan `{right.text}` sudah punya id lain; pakai id yang sama")
        if left.text and left.id in rows:
            problems.error(entry.line, "Q045", f"id baris `{left.id}` sudah dipakai; beri id lain")
        rows |= {left.id} if left.id else set()
