"""Multiple response: any number of several options.

A page sends ``field`` for every checked option; the response is ``("a", "c")``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Self

from lms.errors import Said
from lms.fields import Problems
from lms.quiz.item import NOT_ANSWERED, Mark, Response
from lms.quiz.items.choice import SQUARE, ChoiceItem, bracket, read_options
from lms.quiz.items.scoring import read_word
from lms.quiz.written import Block, Field, Written


class Scoring(StrEnum):
    """How a set of chosen options becomes a fraction; k options are right.

    Source: the scoring rules that Open edX (exact), RELATE ("proportional, no wrong ones", here ``partial``) and
    Canvas Classic (right minus wrong) document for their multiple-answer questions.
    """

    EXACT = "exact"  # 1 when exactly the right options are chosen, else 0
    PARTIAL = "partial"  # right chosen / k, but 0 as soon as a wrong one is chosen
    RIGHT_MINUS_WRONG = "right-minus-wrong"  # (right chosen - wrong chosen) / k, not below 0

    @property
    def words(self) -> Said:
        """The rule as a participant should know it before answering."""
        return {
            Scoring.EXACT: Said("Bernilai hanya bila semua yang benar dipilih dan tidak ada yang salah."),
            Scoring.PARTIAL: Said("Setiap pilihan benar bernilai, tetapi satu pilihan salah menghapus nilainya."),
            Scoring.RIGHT_MINUS_WRONG: Said("Setiap pilihan salah mengurangi satu pilihan benar; paling rendah nol."),
        }[self]

    def fraction(self, chosen: frozenset[str], key: frozenset[str]) -> float:
        right, wrong = len(chosen & key), len(chosen - key)
        match self:
            case Scoring.EXACT:
                return float(chosen == key)
            case Scoring.PARTIAL:
                return 0.0 if wrong else right / len(key)
            case Scoring.RIGHT_MINUS_WRONG:
                return max(0, right - wrong) / len(key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Multiple(ChoiceItem):
    """All right options are to be chosen."""

    kind: ClassVar[str] = "multiple"
    name: ClassVar[Said] = Said("Pilihan jamak")
    documentation: ClassVar[str] = (
        "Daftar opsi dengan kurung siku: `- [x]` untuk setiap yang benar, `- [ ]` untuk yang lain. "
        "Isian `scoring:` memilih cara menilai: `exact` (bawaan; harus tepat semua), `partial` (sebagian benar "
        "mendapat sebagian poin, tetapi satu pilihan salah berarti nol) atau `right-minus-wrong` (benar "
        "dikurangi salah)."
    )
    example: ClassVar[str] = """\
## Provinsi di Pulau Jawa {#contoh-jamak}
tags: geografi, C1
scoring: partial

Pilih **semua** provinsi yang terletak di Pulau Jawa.

- [x] Banten {#a}
  > Benar.
- [ ] Lampung {#b}
  > Lampung terletak di Pulau Sumatra.
- [x] Jawa Tengah {#c}
  > Benar.

> [!EXPLANATION]
> Lampung dan Banten dipisahkan oleh Selat Sunda.
"""
    extra_fields: ClassVar[frozenset[str]] = frozenset({"scoring"})
    shape: ClassVar[str] = SQUARE

    scoring: Scoring = Scoring.EXACT

    @property
    def takes_several(self) -> bool:
        return True

    @classmethod
    def claims(cls, block: Block, fields: Mapping[str, Field]) -> bool:
        return bracket(block) == SQUARE

    @classmethod
    def parse(cls, written: Written, problems: Problems) -> Self | None:
        options = tuple(option for _, option in read_options(written, SQUARE, problems))
        scoring = read_word(written.fields.get("scoring"), Scoring.EXACT, problems)
        if not any(option.right for option in options):
            return None
        return cls(**written.common, options=options, scoring=scoring)

    def _understand(self, values: Response) -> Response | None:
        return self._known(values)

    def mark(self, response: Response | None) -> Mark:
        if not response:
            return NOT_ANSWERED
        return Mark(self.scoring.fraction(frozenset(response), frozenset(self.right)), answered=True)

    @property
    def rule(self) -> Said:
        return self.scoring.words

    def key(self) -> Response:
        return self.right

    def lacking(self, response: Response) -> Said:
        chosen = frozenset(response)
        right, wrong = len(chosen.intersection(self.right)), len(chosen.difference(self.right))
        told = [Said("%(right)s dari %(total)s yang benar dipilih.", right=right, total=len(self.right))]
        told += [Said("%(wrong)s pilihan salah ikut dipilih.", wrong=wrong)] if wrong else []
        return Said.joined(told)

    def graded(self) -> object:
        return {"options": self._rights(), "scoring": self.scoring}

    def written_fields(self) -> dict[str, str]:
        return {} if self.scoring is Scoring.EXACT else {"scoring": self.scoring}
