from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import strategies as st

from lms.quiz.items.numeric import Numeric, Span
from tests.quiz.sample import Mended, Sample


def _span(low: int, width: int, digits: int, share: float) -> Span:
    return Span(low=Decimal(low).scaleb(-digits), high=Decimal(low + width).scaleb(-digits), share=share)


def _several(spans: list[Span]) -> tuple[Span, ...]:
    first, *others = spans
    unique = {(span.low, span.high): span for span in [replace(first, share=1.0), *reversed(others)]}
    unique[(first.low, first.high)] = replace(first, share=1.0)
    return tuple(unique.values())


_spans = st.builds(
    _span,
    st.integers(-500, 5000),
    st.integers(0, 300),
    st.integers(0, 3),
    st.sampled_from([1.0, 0.5, 33.3 / 100, 66.66666666666667 / 100]),
)

SAMPLE = Sample(
    generated=lambda **more: st.builds(
        Numeric,
        accepted=st.lists(_spans, min_size=1, max_size=3).map(_several),
        unit=st.sampled_from(["", "cm", "m²"]),
        **more,
    ),
    answer=("7,5",),
    refused=(["7", "8"],),
    mended=Mended(
        form={"lines": ["8,5 ± 0,5\n50% 7"]},
        right=("9 kg",),
        wrong=({}, *({"lines": [text]} for text in ("=", "1..2\n1..2", "satu", "5..3", "50% 4", "150% 4\n0% 5"))),
    ),
    order_decides=False,
)
