from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from lms.quiz.items.matching import Matching, Pair
from lms.quiz.option import Option
from tests.quiz.sample import Sample
from tests.quiz.strategies import ids, line, maybe, several


@st.composite
def _item(draw: st.DrawFn, **more: Any) -> Matching:
    names = draw(st.lists(ids, min_size=2, max_size=4, unique=True))
    texts = draw(st.lists(line, min_size=len(names), max_size=len(names), unique=True))
    options = tuple(Option(id=id, text=text) for id, text in zip(names, texts, strict=True))
    pair = st.builds(Pair, id=st.just(""), text=line, choice=st.sampled_from(names), feedback=maybe)
    pairs = draw(several(pair, 1, 4))
    used = list(dict.fromkeys(pair.choice for pair in pairs))
    order = [*used, *(name for name in names if name not in used)]
    known = {option.id: option for option in options}
    return draw(st.builds(Matching, pairs=st.just(pairs), options=st.just(tuple(known[id] for id in order)), **more))


SAMPLE = Sample(
    generated=_item,
    answer=("p=x", "q=y", "r=z"),
    refused=(["p"], ["s=x"], ["p=v"], ["p=x", "p=y"]),
    mended=None,
    order_decides=False,
)
