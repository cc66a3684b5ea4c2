"""Weighted choice: every option is worth a share of the points, as in tests of situational judgement.

A page sends ``field`` once, or with ``several`` for every checked option; the response is ``("a",)``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import fmean
from typing import ClassVar, Self

from lms.errors import Said
from lms.fields import Problems
from lms.quiz.item import NOT_ANSWERED, Mark, Response
from lms.quiz.items import options as lists
from lms.quiz.items.choice import ChosenItem
from lms.quiz.items.options import Listed
from lms.quiz.items.scoring import read_word
from lms.quiz.key_form import KeyForm, Widget, wrong_key
from lms.quiz.option import Option
from lms.quiz.written import Block, Field, MissingId, Written, joined

_NUMBER = r" *(?P<{0}>[-+−]?\d{{1,6}}(?:[.,]\d{{1,6}})?) *(?P<{0}_percent>%?) *"
# "(5)", "(80%)" or "[-50%]", but not the beginning of a link "[5](…)"
_BOX = re.compile(rf"(?:\({_NUMBER.format('round')}\)|\[{_NUMBER.format('square')}\])(?!\() *")
_ROUNDING = 1e-9


class Floor(StrEnum):
    """What the sum of several chosen options is clipped to. Source: Moodle's multiple-choice type clips to 0…1."""

    CLIPPED = "clipped"  # 0…1
    SIGNED = "signed"  # -1…1: a bad choice costs points of other questions

    @property
    def lowest(self) -> float:
        return 0.0 if self is Floor.CLIPPED else -1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightedOption(Option):
    """``weight`` as its author wrote it: points or percent, see ``Weighted.percent``."""

    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighted(ChosenItem):
    """One option is chosen, or with ``several`` any number of them; the best choice earns all points."""

    kind: ClassVar[str] = "weighted"
    name: ClassVar[Said] = Said("Pilihan berbobot")
    documentation: ClassVar[str] = (
        "Daftar opsi dengan bobot dalam kurung bulat: poin seperti `- (5)`, `- (3)`, `- (1)` (yang terbesar berarti "
        "nilai penuh) atau persen seperti `- (100%)`, `- (40%)`, tidak bercampur. Kurung siku membolehkan beberapa "
        "pilihan; bobotnya persen, mis. `- [50%]` dan `- [-50%]`, dan dijumlahkan: `scoring: clipped` (bawaan) tidak "
        "pernah di bawah nol, `scoring: signed` boleh sampai minus seluruh poin."
    )
    example: ClassVar[str] = """\
## Warga datang saat istirahat {#contoh-berbobot}
tags: pelayanan, C4
points: 5

Seorang warga datang ke loket dua menit sebelum jam istirahat. Apa yang Anda lakukan?

- (5) Melayaninya sampai selesai {#a}
  > Keperluannya didahulukan.
- (3) Meminta rekan yang berjaga melayaninya {#b}
  > Ia dilayani, tetapi bukan oleh Anda.
- (1) Memintanya kembali sesudah istirahat {#c}
  > Ia pulang tanpa dilayani.

> [!EXPLANATION]
> Kasus ini rekaan. Yang dinilai ialah keberpihakan pada keperluan warga.
"""
    extra_fields: ClassVar[frozenset[str]] = frozenset({"scoring"})
    in_degrees: ClassVar[bool] = True

    options: tuple[WeightedOption, ...]
    percent: bool = False  # whether weights are percent of the points, not points relative to the largest
    several: bool = False
    floor: Floor = Floor.CLIPPED

    def __post_init__(self) -> None:
        if not any(option.weight > 0 for option in self.options):
            raise ValueError(f"{self.id}: no option is worth anything")

    @classmethod
    def claims(cls, block: Block, fields: Mapping[str, Field]) -> bool:
        return block.type == "bullet_list" and any(_BOX.match(entry.text) for entry in block.entries)

    @classmethod
    def parse(cls, written: Written, problems: Problems) -> Self | None:
        found = lists.read_list(written.answers, _BOX, problems)
        options = tuple(_option(one) for one in found if one.box)
        boxes = [one.box for one in found if one.box]
        several = any(box["square"] for box in boxes)
        percent = several or any(box["round_percent"] for box in boxes)
        _check_boxes(found, several, percent, problems)
        _check_weights(written, options, several, percent, problems)
        lists.check_feedback(found, problems)
        if written.in_quiz:
            lists.check_ids(found, problems)
        field = written.fields.get("scoring")
        if field and not several:
            message = "`scoring` hanya berlaku bila beberapa opsi boleh dipilih: pakai kurung siku"
            problems.error(field.line, "Q017", message)
        if not any(option.weight > 0 for option in options):
            return None
        floor = read_word(field, Floor.CLIPPED, problems)
        return cls(**written.common, options=options, percent=percent, several=several, floor=floor)

    @property
    def takes_several(self) -> bool:
        return self.several

    def choices(self) -> tuple[WeightedOption, ...]:
        return self.options

    def worth(self) -> dict[str, float]:
        full = 100 if self.percent else max(option.weight for option in self.options)
        return {option.id: option.weight / full for option in self.options}

    def _understand(self, values: Response) -> Response | None:
        response = self._known(values)
        return response if self.several else self._only(response)

    def mark(self, response: Response | None) -> Mark:
        if not response:
            return NOT_ANSWERED
        worth = self.worth()
        total = math.fsum(worth.get(id, 0.0) for id in set(response))
        if not self.several:
            total = total if len(response) == 1 else 0.0
            return Mark(min(1.0, max(-1.0, total)), answered=True)
        return Mark(min(1.0, max(self.floor.lowest, total)), answered=True)

    @property
    def rule(self) -> Said:
        if not self.several:
            return Said("Setiap pilihan berbobot sendiri; yang terbaik bernilai penuh.")
        if self.floor is Floor.CLIPPED:
            return Said("Bobot pilihan Anda dijumlahkan, paling rendah nol.")
        return Said("Bobot pilihan Anda dijumlahkan dan dapat mengurangi nilai.")

    def lacking(self, response: Response) -> Said | None:
        nothing = self.several and self.mark(response).fraction <= 0
        return Said("Bobot pilihan Anda berjumlah nol atau kurang.") if nothing else None

    def key(self) -> Response:
        worth = self.worth()
        if self.several:
            return tuple(id for id, share in worth.items() if share > 0)
        return (max(worth, key=worth.__getitem__),)

    def solution(self) -> tuple[str, ...]:
        best = max(self.worth().values())
        return tuple(
            option.text
            for option, share in zip(self.options, self.worth().values(), strict=True)
            if (share > 0 if self.several else share == best)
        )

    def guess(self) -> float | None:
        return None if self.several else fmean(self.worth().values())

    def graded(self) -> object:
        return {"worth": self.worth(), "several": self.several, "floor": self.floor}

    def key_form(self) -> KeyForm:
        return KeyForm(Widget.WEIGHTS, {option.id: _number(option.weight) for option in self.options})

    def with_key(self, sent: KeyForm) -> Self:
        weights = {id: _weight(text) for id, text in sent.values.items()}
        largest = 100.0 if self.percent else max(weights.values())
        if any(abs(weight) > largest for weight in weights.values()) or max(weights.values()) <= 0:
            why = Said("Sedikitnya satu bobot harus lebih dari nol; paling besar 100 bila bobotnya persen.")
            raise wrong_key(why)
        return replace(self, options=tuple(replace(one, weight=weights[one.id]) for one in self.options))

    def written(self) -> str:
        left, right = ("[", "]") if self.several else ("(", ")")
        sign = "%" if self.percent else ""
        return joined(
            (f"- {left}{_number(one.weight)}{sign}{right} ", lists.written_text(one), one.feedback)
            for one in self.options
        )

    def written_fields(self) -> dict[str, str]:
        return {} if self.floor is Floor.CLIPPED else {"scoring": self.floor}

    @classmethod
    def missing_ids(cls, answers: Sequence[Block]) -> Iterator[MissingId]:
        return lists.missing_ids(lists.take_apart(answers, _BOX))


def _option(one: Listed) -> WeightedOption:
    text = (one.box["round"] or one.box["square"]) if one.box else "0"
    weight = float(text.replace(",", ".").replace("−", "-"))
    return WeightedOption(id=one.id, text=one.text, feedback=one.entry.quote, fixed=one.fixed, weight=weight)


def _weight(text: str) -> float:
    try:
        weight = float(text.strip().replace(",", ".").replace("−", "-"))
    except ValueError as error:
        raise wrong_key(Said("Isi bobot setiap pilihan dengan angka.")) from error
    if not -1000 <= weight <= 1000:
        raise wrong_key(Said("Bobot terletak di antara −1000 dan 1000."))
    return round(weight, 6)


def _number(weight: float) -> str:
    """``weight`` as ``_BOX`` reads it: at most six decimals, no more than needed."""
    return f"{weight:.6f}".rstrip("0").rstrip(".").replace(".", ",")


def _check_boxes(found: Sequence[Listed], several: bool, percent: bool, problems: Problems) -> None:
    for one in found:
        line = one.entry.line
        if not one.box:
            message = "opsi harus diawali bobotnya, mis. `- (5) teks` atau `- (80%) teks`"
            problems.error(line, "Q044", message)
        elif bool(one.box["square"]) != several:
            message = "kurung ( ) dan [ ] bercampur; pakai ( ) bila satu yang dipilih, [ ] bila boleh beberapa"
            problems.error(line, "Q032", message)
        elif bool(one.box["round_percent"] or one.box["square_percent"]) != percent:
            message = "bobot poin dan persen bercampur; dalam kurung siku semua bobot ditulis dengan %"
            problems.error(line, "Q080", message)
    if len(found) == 1:
        problems.error(found[0].entry.line, "Q042", "hanya ada satu opsi; tulis sedikitnya dua")


def _check_weights(
    written: Written, options: Sequence[WeightedOption], several: bool, percent: bool, problems: Problems
) -> None:
    line = written.answers[0].line
    weights = [option.weight for option in options]
    full = 100.0 if percent else max(weights, default=0.0)
    reached = math.fsum(weight for weight in weights if weight > 0) if several else max(weights, default=0.0)
    if any(abs(weight) > full for weight in weights) or full <= 0:
        message = "bobot paling besar 100% dan paling kecil −100%, atau sejauh bobot terbesar bila ditulis sebagai poin"
        problems.error(line, "Q081", message)
    elif reached < full - _ROUNDING:
        what = "jumlah bobot yang positif harus sedikitnya 100%" if several else "satu opsi harus bernilai 100%"
        problems.error(line, "Q082", f"tidak ada jawaban yang bernilai penuh; {what}")
