from __future__ import annotations

from hypothesis import strategies as st

from lms.quiz.items.ordering import Ordering, Way
from lms.quiz.option import Option
from tests.quiz.sample import Sample
from tests.quiz.strategies import maybe, several, text

SAMPLE = Sample(
    generated=lambda **more: st.builds(
        Ordering,
        options=several(st.builds(Option, id=st.just(""), text=text, feedback=maybe)),
        scoring=st.sampled_from(Way),
        **more,
    ),
    answer=("1=t", "2=m", "3=s", "4=k"),
    refused=(["t"], ["5=t"], ["1=z"], ["1=t", "1=m"]),
    mended=None,
    order_decides=True,
)
