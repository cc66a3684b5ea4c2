"""Ordering: things are to be put in the right order.

A page sends ``field`` for every place, ``place=option``; the response is ``("1=m", "2=c")``.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import factorial
from typing import ClassVar, Self

from lms.errors import Said
from lms.fields import Problems
from lms.quiz.item import Response
from lms.quiz.items import options as lists
from lms.quiz.items.rows import RowItem
from lms.quiz.items.scoring import read_word
from lms.quiz.option import Option, Row
from lms.quiz.written import Block, Field, MissingId, Written, joined

_NO_BOX = re.compile("")


class Way(StrEnum):
    """How an order becomes a fraction; n things are to be ordered.

    Source of ``partial``: Moodle's ordering question type, grading "relative to the next item (excluding last)".
    """

    EXACT = "exact"  # 1 when every thing is in its place, else 0
    PARTIAL = "partial"  # neighbours that follow each other as they should / (n - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordering(RowItem):
    """``options`` stand in the right order. Rows are the places "1", "2" …, each with all things to choose from."""

    kind: ClassVar[str] = "ordering"
    name: ClassVar[Said] = Said("Mengurutkan")
    documentation: ClassVar[str] = (
        "Isian `type: ordering` dan daftar bernomor dalam urutan yang benar; peserta melihatnya acak. `scoring: exact` "
        "(bawaan) menuntut urutan tepat, `scoring: partial` menilai setiap pasangan bersebelahan yang berurutan tepat."
    )
    example: ClassVar[str] = """\
## Dari barat ke timur {#contoh-urutan}
type: ordering
tags: geografi, C1
scoring: partial

Urutkan pulau ini dari barat ke timur.

1. Sumatra {#m}
2. Kalimantan {#c}
3. Sulawesi {#x}
4. Papua {#f}
   > Pulau paling timur.

> [!EXPLANATION]
> Bandingkan garis bujurnya pada peta.
"""
    extra_fields: ClassVar[frozenset[str]] = frozenset({"scoring"})
    secret_order: ClassVar[bool] = True

    options: tuple[Option, ...]
    scoring: Way = Way.EXACT

    def __post_init__(self) -> None:
        if len(self.options) < 2:
            raise ValueError(f"{self.id}: nothing to order")

    @classmethod
    def claims(cls, block: Block, fields: Mapping[str, Field]) -> bool:
        asked = fields["type"].value.lower() if "type" in fields else ""
        return asked == cls.kind and block.type == "ordered_list"

    @classmethod
    def parse(cls, written: Written, problems: Problems) -> Self | None:
        found = lists.read_list(written.answers, _NO_BOX, problems, lists.hashed)
        scoring = read_word(written.fields.get("scoring"), Way.EXACT, problems)
        if written.in_quiz:
            lists.check_ids(found, problems)
        if len(found) < 2:
            problems.error(written.answers[0].line, "Q042", "hanya ada satu butir; tulis sedikitnya dua")
            return None
        ids = [one.id for one in found]
        if len(ids) > 2 and ids == sorted(ids) and max(map(len, ids)) == 1:
            message = "id butir urut seperti kuncinya, sehingga kunci terbaca di sumber halaman; beri id acak"
            problems.warning(written.answers[0].line, "Q087", message)
        options = tuple(Option(id=one.id, text=one.text, feedback=one.entry.quote) for one in found)
        return cls(**written.common, options=options, scoring=scoring)

    def choices(self) -> tuple[Option, ...]:
        return tuple(sorted(self.options, key=lambda option: option.id))

    def rows(self) -> tuple[Row, ...]:
        options = self.choices()
        return tuple(Row(id=str(place), options=options) for place in range(1, len(options) + 1))

    def shuffled(self, rng: random.Random) -> Response:
        """In any order, the right one among them: one that is never shown would be known to be right."""
        return lists.shuffled(self.choices(), rng)

    def row_shares(self, response: Response | None) -> dict[str, float]:
        given = self.by_row(response)
        return {str(at): float(given.get(str(at)) == one.id) for at, one in enumerate(self.options, 1)}

    def _fraction(self, response: Response) -> float:
        if self.scoring is Way.EXACT:
            return float(all(self.row_shares(response).values()))
        given = self.by_row(response)
        places = [given.get(row.id) for row in self.rows()]
        right = {(one.id, following.id) for one, following in pairwise(self.options)}
        return len(right.intersection(pairwise(places))) / len(right)

    @property
    def rule(self) -> Said:
        if self.scoring is Way.EXACT:
            return Said("Bernilai hanya bila seluruh urutannya tepat.")
        return Said("Setiap dua butir yang berurutan tepat bernilai sama.")

    def lacking(self, response: Response) -> Said:
        places = self.row_shares(response)
        return Said("%(right)s dari %(total)s butir di tempatnya.", right=int(sum(places.values())), total=len(places))

    def key(self) -> Response:
        return tuple(f"{at}={one.id}" for at, one in enumerate(self.options, 1))

    def solution(self) -> tuple[str, ...]:
        return tuple(option.text for option in self.options)

    def guess(self) -> float:
        """For ``partial``: in a random order each of the n - 1 pairs is kept with probability 1/n."""
        things = len(self.options)
        return 1 / factorial(things) if self.scoring is Way.EXACT else 1 / things

    def graded(self) -> object:
        return {"order": [option.id for option in self.options], "scoring": self.scoring}

    def key_form(self) -> None:
        return None

    def written(self) -> str:
        return joined((f"{at}. ", lists.written_text(one), one.feedback) for at, one in enumerate(self.options, 1))

    def written_fields(self) -> dict[str, str]:
        return {} if self.scoring is Way.EXACT else {"scoring": self.scoring}

    @classmethod
    def missing_ids(cls, answers: Sequence[Block]) -> Iterator[MissingId]:
        return lists.missing_ids(lists.take_apart(answers, _NO_BOX, lists.hashed))
