"""Numeric: a number, right when it lies in an accepted range.

A page sends ``field`` once, the text; the response is ``("3,14",)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import ClassVar, Self

from lms.errors import Said
from lms.fields import Fix, Problems
from lms.quiz.item import NOT_ANSWERED, Item, Mark, Response
from lms.quiz.items import numbers, spellings
from lms.quiz.items.answers import (
    NEARLY,
    NEARLY_RIGHT,
    NONE_IN_FULL,
    as_written,
    lines_form,
    read_answer,
    twice,
    without_percent,
    written_answer,
)
from lms.quiz.key_form import KeyForm
from lms.quiz.written import Block, Field, Written

NO_NUMBER = Said("Ini belum terbaca sebagai angka. Tulis angkanya saja, misalnya 14 atau 0,5.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The numbers from ``low`` to ``high``, both included, and the share of the points (0…1] they earn."""

    low: Decimal
    high: Decimal
    share: float = 1.0

    def __contains__(self, value: Decimal) -> bool:
        return self.low <= value <= self.high

    def said(self, unit: str = "") -> str:
        low, high = shown(self.low), shown(self.high)
        last = f"{high} {unit}".strip()
        return last if low == high else Said("%(low)s sampai %(high)s", low=low, high=last)

    def written(self) -> str:
        low, high = shown(self.low), shown(self.high)
        return written_answer(low if low == high else f"{low}..{high}", self.share)


@dataclass(frozen=True, slots=True, kw_only=True)
class Numeric(Item):
    """Decimal arithmetic throughout, so that 3,15 lies within 3,14 ± 0,01."""

    kind: ClassVar[str] = "numeric"
    name: ClassVar[Said] = Said("Angka")
    documentation: ClassVar[str] = (
        "Satu baris `= angka` untuk setiap jawaban yang diterima: `= 17`, `= 1.000,5`, `= Rp50.000`, dengan toleransi "
        "`= 3,14 ± 0,01` atau rentang `= 3..5`; `= 50% 16` memberi sebagian poin. Isian `unit:` menyebut satuannya; "
        "`= 31,4 cm` berarti sama. Peserta boleh menulis angkanya dengan cara apa pun, menyebut satuannya (atau kata "
        "pertamanya) atau tidak; satuan lain dinilai salah. `1.000` ditolak, karena dapat berarti seribu atau satu: "
        "tulis `1000`. Bila ada baris yang bukan angka, soal menjadi isian singkat."
    )
    example: ClassVar[str] = """\
## Keliling lingkaran {#contoh-angka}
tags: geometri, C3
unit: cm

Berapa keliling lingkaran yang bergaris tengah 10 cm?

= 31,4 ± 0,1
= 50% 31..32

> [!EXPLANATION]
> Keliling ialah π kali garis tengah.
"""
    extra_fields: ClassVar[frozenset[str]] = frozenset({"unit"})

    accepted: tuple[Span, ...]
    unit: str = ""

    @classmethod
    def claims(cls, block: Block, fields: Mapping[str, Field]) -> bool:
        """A block of nothing but numbers, unless ``type`` names this kind: then its mistakes are told."""
        if block.type != "answers":
            return False
        unit = fields["unit"].value if "unit" in fields else ""
        return "type" in fields or all(_is_number(without_percent(line), unit) for line in block.text.split("\n"))

    @classmethod
    def parse(cls, written: Written, problems: Problems) -> Self | None:
        unit, named = _unit(written), "type" in written.fields
        accepted: dict[tuple[Decimal, Decimal], Span] = {}
        seen: set[tuple[object, ...]] = set()
        for line, text in (numbered for block in written.answers for numbered in block.numbered()):
            read = read_answer(line, text, problems)
            found = read and _range(line, read[0], unit, named, problems)
            if not read or not found:
                continue
            ends = found.meant()
            span = accepted.setdefault(ends, Span(low=ends[0], high=ends[1], share=read[1]))
            how = (*ends, bool(found.unit))
            if how in seen or span.share != read[1]:  # once with its unit and once without is no mistake
                problems.error(line, "Q053", twice(span.said()))
            seen.add(how)
        if not accepted:
            return None
        if all(span.share < 1 for span in accepted.values()):
            problems.error(written.answers[0].line, "Q040", NONE_IN_FULL)
        return cls(**written.common, accepted=tuple(accepted.values()), unit=unit)

    def _understand(self, values: Response) -> Response | None:
        given = tuple(value for value in values if value)
        if len(given) > 1:
            raise self._refused(Said("Tulis satu jawaban saja."))
        return given or None

    def doubt(self, response: Response | None) -> Said | None:
        return NO_NUMBER if response and not self._meant(response) else None

    @property
    def pattern(self) -> str:
        """What a script may take for a number in the unit of this question."""
        return numbers.typed_pattern(self.unit)

    def mark(self, response: Response | None) -> Mark:
        if not response:
            return NOT_ANSWERED
        meant = self._meant(response)
        shares = (span.share for span in self.accepted if any(low in span and high in span for low, high in meant))
        return Mark(max(shares, default=0.0), answered=True)

    def _meant(self, response: Response) -> frozenset[tuple[Decimal, Decimal]]:
        """What was typed may mean; of a range, all numbers are to be right."""
        return frozenset(numbers.typed(response[0], self.unit))

    @property
    def rule(self) -> Said | None:
        if any(span.share < 1 for span in self.accepted):
            return NEARLY_RIGHT
        return Said("Selisih kecil masih diterima.") if self._tolerates else None

    @property
    def _tolerates(self) -> bool:
        return any(span.low < span.high for span in self.accepted)

    def lacking(self, response: Response) -> Said | None:
        if not self._meant(response):
            return Said("Jawaban ini tidak terbaca sebagai angka.")
        if self.mark(response).fraction > 0:
            return NEARLY
        return Said("Selisihnya di luar yang masih diterima.") if self._tolerates else None

    def key(self) -> Response:
        """The middle of the first range that earns all points."""
        span = next((span for span in self.accepted if span.share == 1), self.accepted[0])
        return (shown((span.low + span.high) / 2),)

    def solution(self) -> tuple[str, ...]:
        return tuple(span.said(self.unit) for span in self.accepted if span.share == 1)

    def alike(self, one: Response, other: Response) -> bool:
        first, second = (self._meant(given) for given in (one, other))
        return not first.isdisjoint(second) if first and second else one == other

    def graded(self) -> object:
        """The unit decides nothing: a number without it is accepted, too."""
        return sorted([shown(span.low), shown(span.high), span.share] for span in self.accepted)

    def key_form(self) -> KeyForm:
        return lines_form(self, percent=True)

    def with_key(self, sent: KeyForm) -> Self:
        return replace(self, accepted=as_written(self, sent.lines).accepted)

    def written(self) -> str:
        return "\n".join(span.written() for span in self.accepted)

    def written_fields(self) -> dict[str, str]:
        return {"unit": self.unit} if self.unit else {}


def shown(number: Decimal) -> str:
    """``number`` as it is written in Bahasa Indonesia, without needless zeros."""
    return f"{number.normalize():f}".replace(".", ",")


def _is_number(text: str, unit: str) -> bool:
    """Whether a line asks for a number, be it one that cannot be read."""
    found = numbers.written(text)
    if not found:
        return spellings.is_garbled(text)
    fits = not found.unit or numbers.is_known(found.unit) or numbers.is_alike(found.unit, unit)
    return fits and all(one.is_usual for one in found.numbers) and not spellings.names_years(text)


def _unit(written: Written) -> str:
    """What the ``unit:`` field says, else the first unit behind a number."""
    if "unit" in written.fields:
        return written.fields["unit"].value
    lines = (without_percent(line) for block in written.answers for line in block.text.split("\n"))
    units = (found.unit for line in lines if (found := numbers.written(line)))
    return next((unit for unit in units if unit and numbers.is_known(unit)), "")


def _range(line: int, answer: str, unit: str, named: bool, problems: Problems) -> numbers.Range | None:
    """What a line accepts; None when it holds a mistake. ``named``: whether ``type`` says that this is a number."""
    found = numbers.written(answer)
    if not found or not all(one.is_usual for one in found.numbers):
        message = Said("`%(answer)s` bukan angka; tulis mis. `= 17`, `= 3,14 ± 0,01` atau `= 3..5`", answer=answer)
        meant = spellings.completed(answer)
        problems.error(line, "Q055", message, fix=Fix(answer, meant) if meant else None)
    elif found.unit and not numbers.is_alike(found.unit, unit):
        problems.error(line, "Q059", _other_unit(found.unit, unit))
    elif doubtful := next((one for one in found.numbers if one.doubtful), None):
        plain, decimal = (shown(one) for one in doubtful.readings)
        message = Said(
            "angka dalam `%(answer)s` dapat berarti %(plain)s atau %(decimal)s; tulis ribuan tanpa titik, desimal "
            "dengan koma",
            **{"answer": answer, "plain": plain, "decimal": decimal},
        )
        problems.error(line, "Q057", message)
    elif found.dashed and not (named or unit):
        instead = f"`= {_dotted(found)}`, atau `type: short_answer` bila teks"
        problems.error(line, "Q058", f"`{answer}` dapat berarti rentang atau teks; tulis {instead}")
    elif found.meant()[0] > found.meant()[1]:
        message = Said("rentang `%(answer)s` terbalik; tulis angka kecil dahulu, toleransi tanpa minus", answer=answer)
        problems.error(line, "Q056", message)
    else:
        return found
    return None


def _other_unit(found: str, unit: str) -> Said:
    if unit:
        return Said("satuan `%(found)s` bukan `%(unit)s`; tulis setiap angka dalam satuan itu", found=found, unit=unit)
    return Said("sesudah `=` hanya ada angkanya; tulis satuannya sebagai isian `unit: %(found)s`", found=found)


def _dotted(found: numbers.Range) -> str:
    return "..".join(shown(one.meant) for one in found.numbers)
