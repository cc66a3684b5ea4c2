"""True or false: a statement to be judged.

A page sends ``field`` once, ``true`` or ``false``; the response is ``("true",)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from lms.errors import Said
from lms.fields import Problems
from lms.quiz.item import NOT_ANSWERED, Item, Mark, Response
from lms.quiz.items.choice import Choice
from lms.quiz.key_form import KeyForm, Widget, marked, wrong_key
from lms.quiz.written import Block, Field, Written

_WORDS = {"benar": True, "true": True, "salah": False, "false": False}
_LABELS = {"true": "Benar", "false": "Salah"}  # in the language of the statement they judge
_CHOOSE = Said("Pilih Benar atau Salah.")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueFalse(Item):
    """The stem is a statement; ``answer`` says whether it is true. A response is "true" or "false"."""

    kind: ClassVar[str] = "true_false"
    name: ClassVar[Said] = Said("Benar atau salah")
    documentation: ClassVar[str] = (
        "Satu baris `= benar` atau `= salah` (boleh juga `= true`, `= false`) sesudah pernyataan; umpan baliknya "
        "ditulis dalam `> [!CORRECT]` dan `> [!INCORRECT]`."
    )
    example: ClassVar[str] = """\
## Letak khatulistiwa {#contoh-benar-salah}
tags: geografi, C1

Garis khatulistiwa melintasi Kota Pontianak.

= benar

> [!CORRECT]
> Tepat. Di sana berdiri Tugu Khatulistiwa.

> [!INCORRECT]
> Lihat kembali peta Kalimantan Barat.

> [!EXPLANATION]
> Pontianak terletak hampir tepat di lintang nol derajat.
"""

    answer: bool

    @classmethod
    def claims(cls, block: Block, fields: Mapping[str, Field]) -> bool:
        return block.type == "answers" and all(_word(line) in _WORDS for line in block.text.split("\n"))

    @classmethod
    def parse(cls, written: Written, problems: Problems) -> Self | None:
        lines = [numbered for block in written.answers for numbered in block.numbered()]
        for line, _ in lines[1:]:
            problems.error(line, "Q041", "pernyataan hanya punya satu jawaban: `= benar` atau `= salah`")
        first, text = lines[0]
        for name, tag in (("correct", "CORRECT"), ("incorrect", "INCORRECT")):
            if not written.common.get(name):
                problems.warning(first, "Q061", f"umpan balik belum ada; tulis `> [!{tag}]` dan teksnya")
        return cls(**written.common, answer=_WORDS[_word(text)])

    def choices(self) -> tuple[Choice, ...]:
        """The two judgements, as a page shows them."""
        return tuple(
            Choice(id=id, text=label, right=right, feedback=self.correct if right else self.incorrect, fixed=True)
            for id, label, right in ((id, label, id == self.key()[0]) for id, label in _LABELS.items())
        )

    def _understand(self, values: Response) -> Response | None:
        chosen = set(values) - {""}
        if len(chosen) > 1 or not chosen <= set(_LABELS):
            raise self._refused(_CHOOSE)
        return tuple(chosen) or None

    def mark(self, response: Response | None) -> Mark:
        if not response:
            return NOT_ANSWERED
        return Mark(float(response == self.key()), answered=True)

    def key(self) -> Response:
        return ("true" if self.answer else "false",)

    def solution(self) -> tuple[str, ...]:
        return (_LABELS[self.key()[0]],)

    def guess(self) -> float:
        return 0.5

    def worth(self) -> dict[str, float]:
        return {id: float(id == self.key()[0]) for id in _LABELS}

    def graded(self) -> object:
        return self.answer

    def key_form(self) -> KeyForm:
        return KeyForm(Widget.ONE, marked(_LABELS, self.key()))

    def with_key(self, sent: KeyForm) -> Self:
        if len(sent.right) != 1 or not sent.right <= _LABELS.keys():
            raise wrong_key(_CHOOSE)
        return replace(self, answer=sent.right == {"true"})

    def written(self) -> str:
        return f"= {self.solution()[0].lower()}"


def _word(line: str) -> str:
    return line.strip().removeprefix("=").strip(" .").lower()
