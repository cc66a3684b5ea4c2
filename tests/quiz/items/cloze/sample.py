from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from lms.quiz.items.choice import Choice
from lms.quiz.items.cloze import Cloze, Gap
from tests.quiz.sample import Sample
from tests.quiz.strategies import line, plain

_wordings = st.lists(st.sampled_from(["Danau*", "Toba", "Danau * Toba", "Ibu\\*", "50% Toba", "1945", "benar", "ü"]))


@st.composite
def _item(draw: st.DrawFn, **more: Any) -> Cloze:
    typed = _wordings.filter(bool).map(lambda texts: Gap(accepted=tuple(dict.fromkeys(texts))))
    menus = st.lists(plain, min_size=2, max_size=4, unique=True).map(
        lambda texts: Gap(
            options=tuple(Choice(id="abcd"[at], text=text, right=at == 0) for at, text in enumerate(texts))
        )
    )
    gaps = tuple(draw(st.lists(typed | menus, min_size=1, max_size=3)))
    words = [f"{draw(line)} {{{{{at}}}}}" for at in range(1, len(gaps) + 1)]
    more["stem"] = st.just("\n\n".join(words))
    return draw(st.builds(Cloze, gaps=st.just(gaps), case=st.booleans(), **more))


SAMPLE = Sample(
    generated=_item,
    answer=("1=pembilang", "2=penyebut", "3=a"),
    refused=(["pembilang"], ["4=a"], ["3=z"], ["1=a", "1=b"]),
    mended=None,
    order_decides=False,
)
