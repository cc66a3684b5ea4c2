"""Single choice: one of several options.

A page sends ``field`` once, an option's id; the response is ``("b",)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from lms.errors import Said
from lms.fields import Problems
from lms.quiz.item import NOT_ANSWERED, Mark, Response
from lms.quiz.items.choice import ROUND, ChoiceItem, bracket, read_options
from lms.quiz.written import Block, Field, Written


@dataclass(frozen=True, slots=True, kw_only=True)
class Single(ChoiceItem):
    """One option is to be chosen. An author marks one as right; a regrade may accept several."""

    kind: ClassVar[str] = "single"
    name: ClassVar[Said] = Said("Pilihan tunggal")
    documentation: ClassVar[str] = "Daftar opsi dengan kurung bulat: `- (x)` untuk yang benar, `- ( )` untuk yang lain."
    example: ClassVar[str] = """\
## Ibu kota provinsi {#contoh-tunggal}
tags: geografi, C1

Kota manakah ibu kota Provinsi Sulawesi Selatan?

- ( ) Manado {#a}
  > Manado adalah ibu kota Sulawesi Utara.
- (x) Makassar {#b}
  > Benar.
- ( ) Tidak satu pun di atas {#c fixed}
  > Makassar ada di antara pilihan.

> [!EXPLANATION]
> Makassar terletak di pesisir barat daya Pulau Sulawesi.
"""

    shape: ClassVar[str] = ROUND

    @classmethod
    def claims(cls, block: Block, fields: Mapping[str, Field]) -> bool:
        return bracket(block) == ROUND

    @classmethod
    def parse(cls, written: Written, problems: Problems) -> Self | None:
        options = read_options(written, ROUND, problems)
        right = [entry for entry, option in options if option.right]
        if not right:
            return None
        for entry in right[1:]:
            message = "hanya satu opsi boleh benar; pakai [x] dan [ ] bila jawabannya lebih dari satu"
            problems.error(entry.line, "Q041", message)
        return cls(**written.common, options=tuple(option for _, option in options))

    def _understand(self, values: Response) -> Response | None:
        return self._only(self._known(values))

    def mark(self, response: Response | None) -> Mark:
        if not response:
            return NOT_ANSWERED
        return Mark(float(len(response) == 1 and response[0] in self.right), answered=True)

    def key(self) -> Response:
        return self.right[:1]

    def guess(self) -> float:
        return len(self.right) / len(self.options)
