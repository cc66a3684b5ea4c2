"""Numeric: a number, right when it lies in an accepted range.

A page sends ``field`` once, the text; the response is ``("3,14",)``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import ClassVar, Self

from lms.errors import Said
from lms.fields import Problems
from lms.quiz.item import NOT_ANSWERED, Item, Mark, Response
from lms.quiz.items.answers import (
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

_DIGITS = r"[-+−]? ?\d{1,15}(?:[.,]\d{1,10})?"
_EXPRESSION = re.compile(
    rf"(?P<number>{_DIGITS})(?: *(?:±|\+-|\+/-) *(?P<tolerance>{_DIGITS})| *\.\. *(?P<high>{_DIGITS}))?", re.ASCII
)
_TYPED = re.compile(r"(?P<sign>[-+−]?) ?(?P<whole>\d[\d.,]*)", re.ASCII)
_GROUPED = re.compile(r"[1-9]\d{0,2}(?P<mark>[.,])\d{3}(?:(?P=mark)\d{3})*", re.ASCII)
_AMBIGUOUS = re.compile(r"[-+−]? ?[1-9]\d{0,2}\.\d{3}", re.ASCII)


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
        "Satu baris `= angka` untuk setiap jawaban yang diterima: `= 17`, dengan toleransi `= 3,14 ± 0,01` atau "
        "rentang `= 3..5`; `= 50% 16` memberi sebagian poin. Koma dan titik sama-sama tanda desimal, tanpa pemisah "
        "ribuan. Isian `unit:` menyebut satuannya. Bila ada baris yang bukan angka, soal menjadi isian singkat."
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
        return "type" in fields or all(_EXPRESSION.fullmatch(without_percent(line)) for line in block.text.split("\n"))

    @classmethod
    def parse(cls, written: Written, problems: Problems) -> Self | None:
        accepted: dict[tuple[Decimal, Decimal], Span] = {}
        for line, text in (numbered for block in written.answers for numbered in block.numbered()):
            span = _span(line, text, problems)
            if span and accepted.setdefault((span.low, span.high), span) is not span:
                problems.error(line, "Q053", twice(span.said()))
        if not accepted:
            return None
        if all(span.share < 1 for span in accepted.values()):
            line = written.answers[0].line
            problems.error(line, "Q040", NONE_IN_FULL)
        unit = written.fields.get("unit")
        return cls(**written.common, accepted=tuple(accepted.values()), unit=unit.value if unit else "")

    def _understand(self, values: Response) -> Response | None:
        given = tuple(value for value in values if value)
        if len(given) > 1:
            raise self._refused(Said("Tulis satu jawaban saja."))
        return given or None

    def mark(self, response: Response | None) -> Mark:
        if not response:
            return NOT_ANSWERED
        numbers = self._readings(response)
        shares = (span.share for span in self.accepted if any(number in span for number in numbers))
        return Mark(max(shares, default=0.0), answered=True)

    def _readings(self, response: Response) -> tuple[Decimal, ...]:
        return tuple(readings(_without_unit(response[0], self.unit)))

    def key(self) -> Response:
        """The middle of the first range that earns all points."""
        span = next((span for span in self.accepted if span.share == 1), self.accepted[0])
        return (shown((span.low + span.high) / 2),)

    def solution(self) -> tuple[str, ...]:
        return tuple(span.said(self.unit) for span in self.accepted if span.share == 1)

    def alike(self, one: Response, other: Response) -> bool:
        first, second = (set(self._readings(given)) for given in (one, other))
        return not first.isdisjoint(second) if first and second else one == other

    def graded(self) -> object:
        """The unit decides nothing: a number without it is accepted, too."""
        return sorted([shown(span.low), shown(span.high), span.share] for span in self.accepted)

    def key_form(self) -> KeyForm:
        return lines_form(self)

    def with_key(self, sent: KeyForm) -> Self:
        return replace(self, accepted=as_written(self, sent.lines).accepted)

    def written(self) -> str:
        return "\n".join(span.written() for span in self.accepted)

    def written_fields(self) -> dict[str, str]:
        return {"unit": self.unit} if self.unit else {}


def shown(number: Decimal) -> str:
    """``number`` as it is written in Bahasa Indonesia, without needless zeros."""
    return f"{number.normalize():f}".replace(".", ",")


def readings(text: str) -> Iterator[Decimal]:
    """What number a person may have meant: none, one, or two for "1.000", a thousand to some and one to others.

    Both are taken: who knows the answer should not fail by the separator of thousands.
    """
    found = _TYPED.fullmatch(text.strip())
    if not found or len(text) > 40:
        return
    sign = "-" if found["sign"] in {"-", "−"} else ""
    whole = found["whole"]
    if _GROUPED.fullmatch(whole):
        yield Decimal(sign + re.sub("[.,]", "", whole))
    head, mark, tail = whole.rpartition(max(".,", key=whole.rfind))
    if not mark:
        yield Decimal(sign + whole)
    elif tail.isdecimal() and (head.isdecimal() or (mark not in head and _GROUPED.fullmatch(head))):
        yield Decimal(f"{sign}{re.sub('[.,]', '', head)}.{tail}")


def _without_unit(text: str, unit: str) -> str:
    """``text`` without the unit before or behind the number, which nobody has to type."""
    text, unit = (unicodedata.normalize("NFKC", " ".join(one.split())).casefold() for one in (text, unit))
    if unit and text.endswith(unit):
        return text.removesuffix(unit)
    return text.removeprefix(unit)


def _span(line: int, text: str, problems: Problems) -> Span | None:
    read = read_answer(line, text, problems)
    if read is None:
        return None
    answer, share = read
    found = _EXPRESSION.fullmatch(answer)
    if not found:
        message = Said("`%(answer)s` bukan angka; tulis mis. `= 17`, `= 3,14 ± 0,01` atau `= 3..5`", answer=answer)
        problems.error(line, "Q055", message)
        return None
    if any(part and _AMBIGUOUS.fullmatch(part) for part in found.groups()):
        hint = f"titik dalam `{answer}` dibaca sebagai tanda desimal; ribuan ditulis tanpa titik, desimal dengan koma"
        problems.warning(line, "Q057", hint)
    low, high = _ends(found)
    if low > high:
        message = Said("rentang `%(answer)s` terbalik; tulis angka kecil dahulu, toleransi tanpa minus", answer=answer)
        problems.error(line, "Q056", message)
        return None
    return Span(low=low, high=high, share=share)


def _ends(found: re.Match[str]) -> tuple[Decimal, Decimal]:
    number = _decimal(found["number"])
    if found["high"]:
        return number, _decimal(found["high"])
    tolerance = _decimal(found["tolerance"] or "0")
    return number - tolerance, number + tolerance


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", ".").replace("−", "-").replace(" ", "")) + 0  # no -0
