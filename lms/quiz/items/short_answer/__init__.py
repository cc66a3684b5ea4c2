"""Short answer: a few words, typed.

A page sends ``field`` once, the text; the response is ``("Danau Toba",)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from lms.errors import Said
from lms.fields import Problems
from lms.quiz.item import NOT_ANSWERED, Item, Mark, Response
from lms.quiz.items import spellings, wording
from lms.quiz.items.answers import (
    CASE_COUNTS,
    NEARLY,
    NEARLY_RIGHT,
    NONE_IN_FULL,
    as_written,
    lines_form,
    read_answer,
    read_case,
    twice,
    written_answer,
)
from lms.quiz.key_form import KeyForm
from lms.quiz.written import Block, Field, Written


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """One wording that is accepted, with ``*`` for any text, and the share of the points (0…1] it earns."""

    text: str
    share: float = 1.0

    def matches(self, given: str, *, case: bool) -> bool:
        """Whether a typed text is this wording."""
        return wording.matches(self.text, given, case=case)

    def is_meant(self, given: str, *, case: bool) -> bool:
        """Whether it is, but for what thumbs and keyboards do to a text."""
        return wording.is_meant(self.text, given, case=case)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortAnswer(Item):
    """Right when the text is one of those accepted; white space counts for nothing, capitals only if ``case``.

    A full stop behind it and curly or long signs are forgiven, unless an author wrote that very text as an answer.
    """

    kind: ClassVar[str] = "short_answer"
    name: ClassVar[Said] = Said("Isian singkat")
    documentation: ClassVar[str] = (
        "Satu baris `= jawaban` untuk setiap jawaban yang diterima; `= 50% jawaban` memberi sebagian poin. `*` "
        "mewakili teks apa pun (`\\*` bintang itu sendiri). Huruf besar dan kecil dianggap sama, kecuali dengan isian "
        "`case: yes`. Titik yang diketik di akhir, spasi ganda, serta tanda petik dan garis buatan papan ketik "
        "dimaafkan. Bila semua barisnya angka, tambahkan `type: short_answer`."
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
        case = read_case(written.fields.get("case"), problems)
        accepted: dict[str, Accepted] = {}
        lines: dict[int, Accepted] = {}
        for line, text in (numbered for block in written.answers for numbered in block.numbered()):
            answer = _accepted(line, text, problems)
            if answer is None:
                continue
            lines[line] = answer
            if accepted.setdefault(wording.folded(answer.text, case=case), answer) is not answer:
                problems.error(line, "Q053", twice(answer.text))
        if not accepted:
            return None
        if "type" not in written.fields:
            _check_numbers(lines, problems)
        if all(answer.share < 1 for answer in accepted.values()):
            line = written.answers[0].line
            problems.error(line, "Q040", NONE_IN_FULL)
        return cls(**written.common, accepted=tuple(accepted.values()), case=case)

    def _understand(self, values: Response) -> Response | None:
        given = tuple(value for value in values if value)
        if len(given) > 1:
            raise self._refused(Said("Tulis satu jawaban saja."))
        return given or None

    def mark(self, response: Response | None) -> Mark:
        if not response:
            return NOT_ANSWERED
        shares = (answer.share for answer in self._said(" ".join(response)))
        return Mark(max(shares, default=0.0), answered=True)

    def _said(self, text: str) -> list[Accepted]:
        """The accepted wordings that a typed text is."""
        literally = [answer for answer in self.accepted if answer.matches(text, case=self.case)]
        if any(not wording.is_open(answer.text) for answer in literally):
            return literally
        return [answer for answer in self.accepted if answer.is_meant(text, case=self.case)]

    @property
    def rule(self) -> Said | None:
        told = [NEARLY_RIGHT] if any(answer.share < 1 for answer in self.accepted) else []
        told += [CASE_COUNTS] if self.case else []
        return Said.joined(told) if told else None

    def lacking(self, response: Response) -> Said | None:
        if self.mark(response).fraction > 0:
            return NEARLY
        text = " ".join(response)
        if self.case and any(answer.matches(text, case=False) for answer in self.accepted):
            return Said("Katanya tepat, huruf besar dan kecilnya belum.")
        return None

    def key(self) -> Response:
        return self.solution()[:1]

    def solution(self) -> tuple[str, ...]:
        return tuple(wording.shown(answer.text) for answer in self.accepted if answer.share == 1)

    def alike(self, one: Response, other: Response) -> bool:
        first, second = (wording.tidied(" ".join(given), case=self.case) for given in (one, other))
        return first == second

    def graded(self) -> object:
        return {
            "accepted": sorted((answer.text, answer.share) for answer in self.accepted),
            "case": self.case,
        }

    def key_form(self) -> KeyForm:
        return lines_form(self, percent=True)

    def with_key(self, sent: KeyForm) -> Self:
        return replace(self, accepted=as_written(self, sent.lines).accepted)

    def written(self) -> str:
        return "\n".join(written_answer(answer.text, answer.share) for answer in self.accepted)

    def written_fields(self) -> dict[str, str]:
        return {"case": "yes"} if self.case else {}


def _accepted(line: int, text: str, problems: Problems) -> Accepted | None:
    read = read_answer(line, text, problems)
    if read is None:
        return None
    if not wording.says_something(read[0]):
        message = Said("jawaban ini menerima teks apa pun; tulis juga kata yang diminta di samping `*`")
        problems.error(line, "Q054", message)
        return None
    return Accepted(text=read[0], share=read[1])


def _check_numbers(lines: Mapping[int, Accepted], problems: Problems) -> None:
    """Numbers among words are compared as words are; their author may not know who is marked as wrong for that."""
    answers = list(lines.values())
    for line, answer in lines.items():
        lacking = [one for one in spellings.spellings(answer.text) if not _takes(answers, one)]
        if lacking:
            message = f"`{answer.text}` dibaca huruf demi huruf karena ada baris yang bukan angka; tulis juga"
            problems.error(line, "Q058", f"{message} `= {lacking[0]}`, atau `type: short_answer` bila cukup begini")
        elif (number := spellings.bare(answer.text)) and not _takes(answers, number):
            message = f"yang mengetik `{number}` saja dinilai salah; tulis juga `= {number}`"
            problems.warning(line, "Q063", f"{message}, atau `type: short_answer` bila cukup begini")


def _takes(answers: Sequence[Accepted], text: str) -> bool:
    return any(answer.matches(text, case=False) for answer in answers)
