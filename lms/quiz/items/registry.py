"""Every kind of question there is: ours, each its own folder and one line here, and those of other packages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from lms.quiz.item import Item
from lms.quiz.items import installed
from lms.quiz.items.cloze import Cloze
from lms.quiz.items.essay import Essay
from lms.quiz.items.matching import Matching
from lms.quiz.items.multiple import Multiple
from lms.quiz.items.numeric import Numeric
from lms.quiz.items.ordering import Ordering
from lms.quiz.items.short_answer import ShortAnswer
from lms.quiz.items.single import Single
from lms.quiz.items.true_false import TrueFalse
from lms.quiz.items.weighted import Weighted

# In the order in which they are asked whether a block is theirs: the more particular writing first.
_KINDS: tuple[type[Item], ...] = (
    Single,
    Multiple,
    Weighted,
    Matching,
    Ordering,
    TrueFalse,
    Numeric,
    ShortAnswer,
    Essay,
    Cloze,
)

OURS: Mapping[str, type[Item]] = {kind.kind: kind for kind in _KINDS}


class Kinds(Mapping[str, type[Item]]):
    """Kinds by their names, ours first.

    Other packages are asked once somebody looks, not while this is imported: theirs import ours, and few commands need
    any. Raises ``BadPlugin`` then.
    """

    def __init__(self, others: Callable[[], Mapping[str, type[Item]]]) -> None:
        self._others = others

    @cached_property
    def _all(self) -> Mapping[str, type[Item]]:
        return {**OURS, **self._others()}

    def __getitem__(self, name: str) -> type[Item]:
        return self._all[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)


ITEM_KINDS: Mapping[str, type[Item]] = Kinds(lambda: installed.kinds(OURS))
