from __future__ import annotations

from hypothesis import strategies as st

from lms.quiz.items.true_false import TrueFalse
from tests.quiz.sample import Mended, Sample

SAMPLE = Sample(
    generated=lambda **more: st.builds(TrueFalse, answer=st.booleans(), **more),
    answer=("true",),
    refused=(["maybe"], ["true", "false"]),
    mended=Mended(
        form={"key": ["false"]}, right=("false",), wrong=({}, {"key": ["maybe"]}, {"key": ["true", "false"]})
    ),
    order_decides=False,
)
