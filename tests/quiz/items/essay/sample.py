from __future__ import annotations

from hypothesis import strategies as st

from lms.quiz.items.essay import Essay
from tests.quiz.sample import Sample
from tests.quiz.strategies import maybe

SAMPLE = Sample(
    generated=lambda **more: st.builds(Essay, rubric=maybe, **more),
    answer=("Rotinya dibagi lebih banyak.",),
    refused=(["satu", "dua"], ["a" * 20_001]),
    mended=None,
    order_decides=False,
)
