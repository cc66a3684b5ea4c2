"""Every kind of question there is. A new kind is its own folder and one line here."""

from __future__ import annotations

from collections.abc import Mapping

from lms.quiz.item import Item
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

ITEM_KINDS: Mapping[str, type[Item]] = {kind.kind: kind for kind in _KINDS}
