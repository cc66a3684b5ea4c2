from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from lms.quiz.items.choice import Choice
from lms.quiz.items.single import Single
from tests.quiz.sample import Mended, Sample
from tests.quiz.strategies import choices, with_right


def _item(options: tuple[Choice, ...], at: int, **more: Any) -> Single:
    return Single(options=with_right(options, {at % len(options)}), **more)


SAMPLE = Sample(
    generated=lambda **more: st.builds(_item, options=choices, at=st.integers(0, 4), **more),
    answer=("a",),
    refused=(["z"], ["a", "b"]),
    mended=Mended(form={"key": ["b"]}, right=("b",), wrong=({}, {"key": ["z"]}, {"key": ["a", "z"]})),
    order_decides=False,
)
