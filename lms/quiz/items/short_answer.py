"""Short answer: a few words, typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from lms.fields import Problems
from lms.quiz.item import NOT_ANSWERED, Item, Mark, Response
from lms.quiz.written import Block, Field, Written

_PERCENT = re.compile(r"(?P<percent>[-+]?\d+(?:[.,]\d+)?)% +(?P<text>\S.*)")
_YES_NO = {"yes": True, "ya": True, "no": False, "tidak": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """One wording that is accepted, and the share of the points (0…1] it earns."""

    text: str
    share: float = 1.0

    def matches(self, given: str, *, case: bool) -> bool:
        """Whether a typed text is this wording. The one place that knows how texts are compared."""
        return _folded(given, case=case) == _folded(self.text, case=case)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortAnswer(Item):
    """Right when the text is one of those accepted; white space counts for nothing, capitals only if ``case``."""

    kind: ClassVar[str] = "short_answer"
    name: ClassVar[str] = "Isian singkat"
    documentation: ClassVar[str] = (
        "Satu baris `= jawaban` untuk setiap jawaban yang diterima; `= 50% jawaban` memberi sebagian poin. Huruf besar "
        "dan kecil dianggap sama, kecuali dengan isian `case: yes`."
    )
    example: ClassVar[str] = """\
## Danau terluas {#contoh-isian}
tags: geografi, C1

Apa nama danau terluas di Indonesia?

= Danau Toba
= Toba
= 50% Tobba

> [!HINT]
> Letaknya di Sumatra Utara.

> [!EXPLANATION]
> Danau Toba mengisi kaldera sebuah gunung api purba.
"""
    extra_fields: ClassVar[frozenset[str]] = frozenset({"case"})

    accepted: tuple[Accepted, ...]
    case: bool = False  # whether capital and small letters differ

    @classmethod
    def claims(cls, block: Block, fields: Mapping[str, Field]) -> bool:
        return block.type == "answers"

    @classmethod
    def parse(cls, written: Written, problems: Problems) -> Self | None:
        case = _case(written.fields.get("case"), problems)
        accepted: dict[str, Accepted] = {}
        for block in written.answers:
            for line, text in block.numbered():
                answer = _accepted(line, text, problems)
                if answer is None:
                    continue
                if accepted.setdefault(_folded(answer.text, case=case), answer) is not answer:
                    problems.error(line, "Q053", f"jawaban `{answer.text}` sudah ada di atas; hapus salah satunya")
        if not accepted:
            return None
        if all(answer.share < 1 for answer in accepted.values()):
            line = written.answers[0].line
            problems.error(line, "Q040", "belum ada jawaban dengan poin penuh; tulis satu tanpa persen")
        return cls(**written.common, accepted=tuple(accepted.values()), case=case)

    def _understand(self, values: Response) -> Response | None:
        given = tuple(value for value in values if value)
        if len(given) > 1:
            raise self._refused("Tulis satu jawaban saja.")
        return given or None

    def mark(self, response: Response | None) -> Mark:
        if not response:
            return NOT_ANSWERED
        text = " ".join(response)
        shares = (answer.share for answer in self.accepted if answer.matches(text, case=self.case))
        return Mark(max(shares, default=0.0), answered=True)

    def key(self) -> Response:
        return self.solution()[:1]

    def solution(self) -> tuple[str, ...]:
        return tuple(answer.text for answer in self.accepted if answer.share == 1)

    def graded(self) -> object:
        return {
            "accepted": sorted((answer.text, answer.share) for answer in self.accepted),
            "case": self.case,
        }


def _folded(text: str, *, case: bool) -> str:
    """``text`` as it is compared: Unicode NFC, single spaces, and small letters unless ``case``."""
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    return text if case else unicodedata.normalize("NFC", text.casefold())


def _accepted(line: int, text: str, problems: Problems) -> Accepted | None:
    text = text.strip()
    if not text.startswith("="):
        problems.error(line, "Q052", "setiap baris jawaban diawali `=`; pisahkan teks lain dengan baris kosong")
        return None
    answer = text[1:].strip()
    if not answer:
        problems.error(line, "Q050", "sesudah `=` belum ada jawaban")
        return None
    found = _PERCENT.fullmatch(answer)
    if not found:
        return Accepted(text=answer)
    percent = float(found["percent"].replace(",", "."))
    if not 0 < percent <= 100:
        problems.error(line, "Q051", f"{found['percent']}% tidak dapat dipakai; tulis lebih dari 0% sampai 100%")
        return None
    return Accepted(text=found["text"], share=percent / 100)


def _case(field: Field | None, problems: Problems) -> bool:
    if field is None:
        return False
    if field.value.lower() not in _YES_NO:
        problems.error(field.line, "Q020", "isi `case` dengan yes (huruf besar berbeda) atau no")
    return _YES_NO.get(field.value.lower(), False)
