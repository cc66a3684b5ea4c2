from __future__ import annotations

from hypothesis import strategies as st

from lms.quiz.items.short_answer import Accepted, ShortAnswer
from tests.quiz.sample import Mended, Sample

_accepted = st.lists(
    st.builds(
        Accepted, text=st.sampled_from(["Toba", "Danau*", "50% Toba", "17", "benar", "{{x}}"]), share=st.just(1.0)
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda one: one.text,
).map(tuple)

SAMPLE = Sample(
    generated=lambda **more: st.builds(ShortAnswer, accepted=_accepted, case=st.booleans(), **more),
    answer=("seperempat",),
    refused=(["satu", "dua"],),
    mended=Mended(
        form={"lines": ["sepertiga\r\n50% separuh"]},
        right=("Sepertiga",),
        wrong=(
            {},
            *({"lines": [text]} for text in ("=", "a\na", "*", "50% a", "150% a\n0% b", "a\n" * 60, "a" * 201)),
        ),
    ),
    order_decides=False,
)
