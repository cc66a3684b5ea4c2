"""Essay: a longer text that a person marks.

A page sends ``field`` once, the text; the response is ``("Baris satu …",)``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from lms.errors import Said
from lms.fields import Problems
from lms.quiz.item import NOT_ANSWERED, Item, Mark, Response
from lms.quiz.rubric import Criterion, criteria_in
from lms.quiz.written import Block, Field, Written


@dataclass(frozen=True, slots=True, kw_only=True)
class Essay(Item):
    """Its mark is pending until a person has judged the text by the ``rubric``, which participants do not see."""

    kind: ClassVar[str] = "essay"
    name: ClassVar[Said] = Said("Uraian")
    documentation: ClassVar[str] = (
        "Sebaris garis bawah `____` (tiga atau lebih) di tempat jawaban, dan `> [!RUBRIC]` dengan pedoman bagi "
        "penilai. Nilainya menunggu sampai seseorang memeriksa."
    )
    example: ClassVar[str] = """\
## Manfaat hutan bakau {#contoh-uraian}
tags: lingkungan, C4
points: 4

Jelaskan dua manfaat hutan bakau bagi warga pesisir.

____

> [!RUBRIC]
> 2 poin untuk setiap manfaat: 1 bila disebut, 2 bila dijelaskan.

> [!EXPLANATION]
> Antara lain menahan abrasi dan menjadi tempat ikan bertelur.
"""
    extra_texts: ClassVar[frozenset[str]] = frozenset({"rubric"})
    max_text: ClassVar[int] = 20_000

    rubric: str = ""

    @classmethod
    def claims(cls, block: Block, fields: Mapping[str, Field]) -> bool:
        return block.type == "hr" and set(block.text.strip()) == {"_"}

    @classmethod
    def parse(cls, written: Written, problems: Problems) -> Self | None:
        for block in written.answers[1:]:
            problems.error(block.line, "Q033", "tempat jawaban `____` cukup satu; hapus garis ini")
        if not written.common.get("rubric"):
            message = "pedoman penilaian belum ada; tulis `> [!RUBRIC]` agar setiap penilai menilai sama"
            problems.warning(written.answers[0].line, "Q095", message)
        essay = cls(**written.common)
        if (found := criteria_in(essay.rubric)) and not essay.criteria():
            together = sum(one.points for one in found)
            message = (
                f"kriteria pedoman berjumlah {together:g} poin, padahal soalnya {essay.points:g} poin; "
                "samakan, supaya setiap kriteria dapat dinilai sendiri"
            )
            problems.warning(written.answers[0].line, "Q096", message)
        return essay

    def _understand(self, values: Response) -> Response | None:
        given = tuple(value.replace("\r\n", "\n").replace("\r", "\n") for value in values if value)
        if len(given) > 1:
            raise self._refused(Said("Tulis satu jawaban saja."))
        return given or None

    def mark(self, response: Response | None) -> Mark:
        return Mark(0.0, answered=True, pending=True) if response else NOT_ANSWERED

    def texts(self) -> Iterator[str]:
        yield from Item.texts(self)  # super() needs its class, which a dataclass with slots makes anew
        if self.rubric:
            yield self.rubric

    def key(self) -> None:
        return None

    def solution(self) -> tuple[str, ...]:
        return ()

    def criteria(self) -> tuple[Criterion, ...]:
        found = criteria_in(self.rubric)
        return found if math.isclose(sum(one.points for one in found), self.points) else ()

    def graded(self) -> object:
        return self.rubric

    def key_form(self) -> None:
        return None

    def written(self) -> str:
        return "____"
