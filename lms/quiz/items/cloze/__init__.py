"""Cloze: gaps in a text, to be filled by typing or from a drop-down list.

A page sends ``field.gap`` for every gap, the text or an option's id; the response is ``("1=dua", "2=a")``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_lowercase
from typing import ClassVar, Self

from lms.errors import Said
from lms.fields import Problems
from lms.quiz.item import Response
from lms.quiz.items import numbers, wording
from lms.quiz.items.answers import CASE_COUNTS, read_case
from lms.quiz.items.choice import Choice
from lms.quiz.items.options import check_alike
from lms.quiz.items.rows import RowItem
from lms.quiz.markdown import in_prose
from lms.quiz.option import Row
from lms.quiz.written import Block, Field, Written

_GAP = re.compile(r"\{\{([^{}\n]*)\}\}")
_OPENING = re.compile(r"\{\{(?![^{}\n]*\}\})")
_PLACE = re.compile(r"\{\{(\d+)\}\}")
_BOX = re.compile(r"\( *([xX]?) *\) *")
_BETWEEN_OPTIONS = re.compile(r"/ *(?=\( *[xX]? *\))")
_BETWEEN_TEXTS = re.compile(r"(?<!\\)=")
_CODE = frozenset({"fence", "code_block", "answers"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Filled by typing one of the ``accepted`` wordings, or by choosing one of the ``options``."""

    accepted: tuple[str, ...] = ()
    options: tuple[Choice, ...] = ()

    @property
    def listed(self) -> tuple[Choice, ...]:
        """The options as a page lists them: by their text, since authors write the right one first."""
        return tuple(sorted(self.options, key=lambda option: option.text.casefold()))

    @property
    def key(self) -> str:
        right = [option.id for option in self.options if option.right]
        return right[0] if self.options else wording.shown(self.accepted[0])

    def takes(self, given: str, *, case: bool) -> bool:
        if self.options:
            return given == self.key
        return any(wording.is_meant(text, given, case=case) or numbers.is_same(text, given) for text in self.accepted)

    def solution(self) -> str:
        texts = [option.text for option in self.options if option.right] or map(wording.shown, self.accepted)
        return " / ".join(texts)

    def graded(self) -> object:
        return {option.id: option.right for option in self.options} or sorted(self.accepted)

    def written(self) -> str:
        if self.options:
            return " / ".join(f"({'x' if option.right else ' '}) {option.text}" for option in self.options)
        return " = ".join(text.replace("=", "\\=") for text in self.accepted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloze(RowItem):
    """In the stem ``{{1}}``, ``{{2}}`` … mark the places of the gaps, in order; their numbers are the ids of the rows.

    Options of a drop-down are named a, b, c … in the author's order.
    """

    kind: ClassVar[str] = "cloze"
    name: ClassVar[Said] = Said("Isian dalam teks")
    documentation: ClassVar[str] = (
        "Celah di dalam teks soal: `{{27 = dua puluh tujuh}}` menerima kedua tulisan (`*` mewakili teks apa pun), "
        "`{{(x) wajib / ( ) boleh}}` menjadi menu pilihan. Tanda sama dengan di dalam jawaban ditulis `\\=`. Angka "
        "diterima dengan cara tulis apa pun: `{{1.000,5}}` juga 1000,5. Setiap celah bernilai sama; huruf besar dan "
        "kecil dianggap sama, kecuali dengan isian `case: yes`; titik di akhir dan tanda buatan papan ketik dimaafkan."
    )
    example: ClassVar[str] = """\
## Letak Indonesia {#contoh-celah}
tags: geografi, C1

Indonesia terletak di antara {{dua = 2}} benua dan dilintasi garis {{(x) khatulistiwa / ( ) balik utara}}.

> [!EXPLANATION]
> Kedua benua itu Asia dan Australia.
"""
    extra_fields: ClassVar[frozenset[str]] = frozenset({"case"})
    inline: ClassVar[bool] = True

    gaps: tuple[Gap, ...]
    case: bool = False  # whether capital and small letters differ

    def __post_init__(self) -> None:
        if not self.gaps or not all(gap.accepted or any(one.right for one in gap.options) for gap in self.gaps):
            raise ValueError(f"{self.id}: a gap without its answer")

    @classmethod
    def claims(cls, block: Block, fields: Mapping[str, Field]) -> bool:
        return block.type not in _CODE and any(in_prose(_GAP, block.text))

    @classmethod
    def parse(cls, written: Written, problems: Problems) -> Self | None:
        stem: str = written.common["stem"]
        found = list(in_prose(_GAP, stem))
        lines = [line for block in written.answers for line in _lines(block)]
        lines += [written.line] * (len(found) - len(lines))
        _check_stem(written.line, stem, problems)
        case = read_case(written.fields.get("case"), problems)
        gaps = [_gap(line, match[1].strip(), case, problems) for line, match in zip(lines, found, strict=False)]
        read = tuple(gap for gap in gaps if gap)
        if not read or len(read) < len(found):
            if not found:
                problems.error(written.line, "Q031", "celah `{{…}}` tidak terbaca; jangan menaruhnya di dalam kode")
            return None
        return cls(**{**written.common, "stem": _with_places(stem, found)}, gaps=read, case=case)

    def rows(self) -> tuple[Row, ...]:
        return tuple(Row(id=str(at), options=gap.listed) for at, gap in enumerate(self.gaps, 1))

    def row_shares(self, response: Response | None) -> dict[str, float]:
        given = self.by_row(response)
        numbered = ((str(at), gap) for at, gap in enumerate(self.gaps, 1))
        return {id: float(id in given and gap.takes(given[id], case=self.case)) for id, gap in numbered}

    @property
    def rule(self) -> Said | None:
        told = [Said("Setiap celah bernilai sama.")] if len(self.gaps) > 1 else []
        told += [CASE_COUNTS] if self.case else []
        return Said.joined(told) if told else None

    def lacking(self, response: Response) -> Said | None:
        shares = self.row_shares(response)
        if len(shares) == 1:
            return None
        return Said("%(right)s dari %(total)s celah tepat.", right=int(sum(shares.values())), total=len(shares))

    def key(self) -> Response:
        return tuple(f"{at}={gap.key}" for at, gap in enumerate(self.gaps, 1))

    def solution(self) -> tuple[str, ...]:
        return tuple(gap.solution() for gap in self.gaps)

    def graded(self) -> object:
        return {"gaps": [gap.graded() for gap in self.gaps], "case": self.case}

    def key_form(self) -> None:
        return None

    def written(self) -> str:
        return ""

    def written_stem(self) -> str:
        return _PLACE.sub(lambda place: f"{{{{{self.gaps[int(place[1]) - 1].written()}}}}}", self.stem)

    def written_fields(self) -> dict[str, str]:
        return {"case": "yes"} if self.case else {}


def _lines(block: Block) -> list[int]:
    """The line of every gap in a block."""
    return [block.line + block.text.count("\n", 0, found.start()) for found in in_prose(_GAP, block.text)]


def _with_places(stem: str, found: Sequence[re.Match[str]]) -> str:
    pieces, end = [], 0
    for at, gap in enumerate(found, 1):
        pieces += [stem[end : gap.start()], f"{{{{{at}}}}}"]
        end = gap.end()
    return "".join([*pieces, stem[end:]])


def _check_stem(line: int, stem: str, problems: Problems) -> None:
    if any(in_prose(_OPENING, stem)):
        problems.error(line, "Q092", "celah `{{` belum ditutup dengan `}}` di baris yang sama")
    gaps = {found.start() for found in in_prose(_GAP, stem)}
    if any(found.start() not in gaps for found in _PLACE.finditer(stem)):
        problems.error(line, "Q093", "kode dalam soal ini mirip tanda celah, mis. `{{1}}`; tulis dengan cara lain")


def _gap(line: int, text: str, case: bool, problems: Problems) -> Gap | None:
    if _BOX.match(text):
        return _drop_down(line, text, problems)
    texts = [one.replace("\\=", "=").strip() for one in _BETWEEN_TEXTS.split(text)]
    if not all(map(wording.says_something, texts)):
        problems.error(line, "Q090", "celah `{{…}}` berisi jawaban kosong; tulis mis. `{{27 = dua puluh tujuh}}`")
        return None
    seen: set[str] = set()
    for one in texts:
        if (same := wording.folded(one, case=case)) in seen:
            problems.error(line, "Q053", f"jawaban `{one}` sudah ada di celah ini; hapus salah satunya")
        seen.add(same)
    return Gap(accepted=tuple(dict.fromkeys(texts)))


def _drop_down(line: int, text: str, problems: Problems) -> Gap | None:
    parts = [(box[1], part[box.end() :].strip()) for part in _BETWEEN_OPTIONS.split(text) if (box := _BOX.match(part))]
    named = zip(ascii_lowercase, parts, strict=False)
    options = tuple(Choice(id=id, text=text, right=bool(mark)) for id, (mark, text) in named)
    whole = 2 <= len(parts) <= len(ascii_lowercase) and all(option.text for option in options)
    if not whole or sum(option.right for option in options) != 1:
        message = "menu dalam celah memuat 2–26 pilihan dan tepat satu `(x)`, mis. `{{(x) wajib / ( ) boleh}}`"
        problems.error(line, "Q091", message)
        return None
    check_alike([(line, option.text) for option in options], problems, "pilihan")
    return Gap(options=options)
