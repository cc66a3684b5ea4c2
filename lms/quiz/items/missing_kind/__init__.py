"""Stands in for a question that was asked when its kind was installed, and whose kind is not there any more.

No kind itself: it is in no registry, so that no pack can ask it. What was kept of the question stays as it was; what
was answered is shown as it was sent, and waits for a person where it has no mark yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from lms.errors import Said
from lms.fields import Problems
from lms.quiz.item import NOT_ANSWERED, Form, Item, Mark, Response
from lms.quiz.written import Block, Field, Written


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingKind(Item):
    """``was``: the kind that it is of. ``kept``: all that is stored of it, as JSON text. ``decisive``: its major
    version as it was stored; empty where nobody knows.
    """

    kind: ClassVar[str] = "missing_kind"
    name: ClassVar[Said] = Said("Jenis yang tidak terpasang lagi")
    documentation: ClassVar[str] = ""
    example: ClassVar[str] = ""
    max_text: ClassVar[int] = 100_000  # whatever its own kind let in

    was: str
    kept: str
    decisive: str = ""

    @classmethod
    def claims(cls, block: Block, fields: Mapping[str, Field]) -> bool:
        return False

    @classmethod
    def parse(cls, written: Written, problems: Problems) -> Self | None:
        return None

    def read(self, form: Form) -> Response | None:
        """Also from a page that was made while the kind was there, with a field for each row."""
        start = f"{self.field}."
        rows = (
            f"{name.removeprefix(start)}={value}"
            for name, values in form.items()
            if name.startswith(start)
            for value in values
            if value
        )
        return self.accept([*form.get(self.field, ()), *rows])

    def _understand(self, values: Response) -> Response | None:
        return tuple(value for value in values if value) or None

    def doubt(self, response: Response | None) -> Said:
        return Said(
            "Soal ini berjenis %(kind)s, yang tidak terpasang lagi di sini dalam versi yang dipakai waktu itu. "
            "Jawabannya tetap disimpan, dan nilai yang sudah diberikan tetap berlaku.",
            kind=self.was,
        )

    def mark(self, response: Response | None) -> Mark:
        return Mark(0.0, answered=True, pending=True) if response else NOT_ANSWERED

    def key(self) -> None:
        return None

    def solution(self) -> tuple[str, ...]:
        return ()

    def graded(self) -> object:
        return self.kept

    def key_form(self) -> None:
        return None

    def written(self) -> str:
        return ""
