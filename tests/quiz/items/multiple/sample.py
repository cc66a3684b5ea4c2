from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from lms.quiz.items.choice import Choice
from lms.quiz.items.multiple import Multiple, Scoring
from tests.quiz.sample import Mended, Sample
from tests.quiz.strategies import choices, with_right


def _item(options: tuple[Choice, ...], chosen: set[int], **more: Any) -> Multiple:
    return Multiple(options=with_right(options, {at % len(options) for at in chosen}), **more)


SAMPLE = Sample(
    generated=lambda **more: st.builds(
        _item,
        options=choices,
        chosen=st.sets(st.integers(0, 4), min_size=1),
        scoring=st.sampled_from(Scoring),
        **more,
    ),
    answer=("a", "b"),
    refused=(["z"], ["a", "z"]),
    mended=Mended(form={"key": ["c", "d"]}, right=("c", "d"), wrong=({}, {"key": ["z"]}, {"key": ["a", "z"]})),
    order_decides=False,
)
