"""A day of the calendar, right when it lies near enough to one that is accepted.

A page sends ``field`` once, ``1945-08-17``; the response is ``("1945-08-17",)``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar, Self

from lms.errors import Said
from lms.fields import Problems
from lms.quiz.item import NOT_ANSWERED, Item, Mark, Response
from lms.quiz.items.answers import as_written, lines_form
from lms.quiz.key_form import KeyForm
from lms.quiz.written import MISTAKE, Block, Field, Written

NO_DAY = Said("Ini belum terbaca sebagai tanggal. Tulis tahun-bulan-hari, misalnya 1945-08-17.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDate(Item):
    """``accepted``: days as ``1945-08-17``; ``within``: days that a response may lie beside one of them."""

    kind: ClassVar[str] = "calendar_date"
    promise: ClassVar[int] = 1
    name: ClassVar[Said] = Said("Tanggal")
    documentation: ClassVar[str] = (
        "Isian `type: calendar_date` dan satu baris `= tahun-bulan-hari` untuk setiap tanggal yang diterima; isian "
        "`within: 3` menerima juga tiga hari sebelum dan sesudahnya."
    )
    example: ClassVar[str] = """\
## Lahirnya undang-undang {#contoh-tanggal}
type: calendar_date
tags: hukum, C1
within: 1

Kapan Undang-Undang Nomor 20 Tahun 2023 diundangkan?

= 2023-10-31

> [!EXPLANATION]
> Undang-undang ini disahkan dan diundangkan pada hari yang sama.
"""
    extra_fields: ClassVar[frozenset[str]] = frozenset({"within"})

    accepted: tuple[str, ...]
    within: int = 0

    @classmethod
    def claims(cls, block: Block, fields: Mapping[str, Field]) -> bool:
        return block.type == "answers"

    @classmethod
    def parse(cls, written: Written, problems: Problems) -> Self | None:
        accepted = tuple(dict.fromkeys(_accepted(written, problems)))
        within = _within(written.fields.get("within"), problems)
        return cls(**written.common, accepted=accepted, within=within) if accepted else None

    def _understand(self, values: Response) -> Response | None:
        given = tuple(value for value in values if value)
        if len(given) > 1:
            raise self._refused(Said("Pilih satu tanggal saja."))
        return given or None

    def doubt(self, response: Response | None) -> Said | None:
        return NO_DAY if response and _day(response[0]) is None else None

    def mark(self, response: Response | None) -> Mark:
        if not response:
            return NOT_ANSWERED
        given = _day(response[0])
        right = given is not None and any(abs((given - one).days) <= self.within for one in self._days())
        return Mark(float(right), answered=True)

    def _days(self) -> Iterator[date]:
        return map(date.fromisoformat, self.accepted)

    @property
    def rule(self) -> Said | None:
        return Said("Selisih sampai %(days)s hari masih diterima.", days=self.within) if self.within else None

    def lacking(self, response: Response) -> Said | None:
        return Said("Tanggal ini tidak ada di kalender.") if _day(response[0]) is None else None

    def key(self) -> Response:
        return self.accepted[:1]

    def solution(self) -> tuple[str, ...]:
        return self.accepted

    def alike(self, one: Response, other: Response) -> bool:
        first, second = _day(one[0]), _day(other[0])
        return one == other if first is None or second is None else first == second

    def graded(self) -> object:
        return [sorted(self.accepted), self.within]

    def key_form(self) -> KeyForm:
        return lines_form(self)

    def with_key(self, sent: KeyForm) -> Self:
        return replace(self, accepted=as_written(self, sent.lines).accepted)

    def written(self) -> str:
        return "\n".join(f"= {day}" for day in self.accepted)

    def written_fields(self) -> dict[str, str]:
        return {"within": str(self.within)} if self.within else {}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _accepted(written: Written, problems: Problems) -> Iterator[str]:
    for line, text in (numbered for block in written.answers for numbered in block.numbered()):
        answer = text.strip().removeprefix("=").strip()
        day = _day(answer)
        if day is None:
            message = Said("`%(answer)s` bukan tanggal; tulis tahun-bulan-hari, mis. `= 1945-08-17`", answer=answer)
            problems.error(line, MISTAKE, message)
        else:
            yield day.isoformat()


def _within(field: Field | None, problems: Problems) -> int:
    if field is None:
        return 0
    if field.value.isdecimal() and len(field.value) <= 3:
        return int(field.value)
    problems.error(field.line, MISTAKE, f"isian `within: {field.value}` bukan jumlah hari; tulis 0 sampai 999")
    return 0
