from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from lms.quiz.items.weighted import Floor, Weighted, WeightedOption
from tests.quiz.sample import Mended, Sample
from tests.quiz.strategies import options


def _item(options: tuple[WeightedOption, ...], several: bool, percent: bool, floor: Floor, **more: Any) -> Weighted:
    percent = percent or several
    best, *others = options
    options = (replace(best, weight=100.0 if percent else 5.0), *others)
    floor = floor if several else Floor.CLIPPED
    return Weighted(options=options, several=several, percent=percent, floor=floor, **more)


def _weights(*texts: str) -> dict[str, list[str]]:
    return {f"weight-{id}": [text] for id, text in zip("abc", texts, strict=True)}


SAMPLE = Sample(
    generated=lambda **more: st.builds(
        _item,
        options=options(WeightedOption, weight=st.integers(-5, 5).map(float) | st.just(3.333333)),
        several=st.booleans(),
        percent=st.booleans(),
        floor=st.sampled_from(Floor),
        **more,
    ),
    answer=("a",),
    refused=(["z"], ["a", "b"]),
    mended=Mended(
        form=_weights("1", "3", "5,5"),
        right=("c",),
        wrong=(
            {},
            _weights("1", "2", "x"),
            _weights("0", "0", "0"),
            _weights("1", "1", "2000"),
            _weights("1", "1", "-3"),
        ),
    ),
    order_decides=False,
)
