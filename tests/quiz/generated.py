"""Quizzes that hypothesis makes up: every kind, with texts that are spiced with Markdown."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st

from lms.quiz.item import Item
from lms.quiz.passage import Passage
from lms.quiz.quiz import Draw, Layout, Quiz, Section
from lms.quiz.review import Moment, ReviewRules
from tests.quiz.samples import SAMPLES
from tests.quiz.strategies import common, ids, line, maybe, plain, text


@cache
def of_kind(kind: str, **more: Any) -> st.SearchStrategy[Item]:
    """An item of this kind. A property of items is tried with each: chance leaves some out of a hundred of any kind."""
    return SAMPLES[kind].generated(**{"id": ids, **common(), **more})


def items(**more: Any) -> st.SearchStrategy[Item]:
    """An item of any kind."""
    return st.sampled_from(sorted(SAMPLES)).flatmap(lambda kind: of_kind(kind, **more))


@st.composite
def quizzes(draw: st.DrawFn) -> Quiz:
    """A quiz with sections, passages, draws and rules."""
    names = draw(st.lists(ids, min_size=1, max_size=4, unique=True))
    sections = [
        Section(
            id=f"bagian-{at}",
            title=draw(plain),
            introduction=draw(maybe),
            **draw(st.sampled_from([{}, {"pass_points": 0.5}, {"pass_share": 0.65}])),
        )
        for at in range(draw(st.integers(0, len(names))))
    ]
    made = [draw(items(id=st.just(id))) for id in names]
    first = len(made) - len(sections)  # each section gets one of the last
    placed = [replace(one, section=sections[at - first].id if at >= first else "") for at, one in enumerate(made)]
    reached = {one.section: one.points for one in placed}
    sections = [replace(one, pass_points=one.pass_points and reached[one.id]) for one in sections]
    passage = Passage(id="bacaan-x", title=draw(plain), text=draw(text))
    placed = [replace(one, passage=passage) if draw(st.booleans()) else one for one in placed]
    known = ["", *(section.id for section in sections)]
    return Quiz(
        id="kuis",
        title=draw(line),
        items=tuple(placed),
        module=draw(st.none() | ids),
        summary=draw(st.just("") | line),
        introduction=draw(maybe),
        time_limit=draw(st.none() | st.integers(1, 60_000).map(lambda minutes: timedelta(minutes=minutes))),
        attempts=draw(st.none() | st.integers(1, 9)),
        pass_mark=draw(st.integers(101, 10_000).map(lambda share: share / 10_000)),
        shuffle_questions=draw(st.booleans()),
        shuffle_options=draw(st.booleans()),
        review=draw(st.builds(ReviewRules, marks=st.sampled_from(Moment), answers=st.sampled_from(Moment))),
        sections=tuple(sections),
        draws=tuple(
            draw(
                st.lists(
                    st.builds(Draw, tags=st.tuples(line), count=st.just(2), section=st.sampled_from(known)), max_size=2
                )
            )
        ),
        asks=None if sections else draw(st.sampled_from([None, 1])),
        layout=draw(st.sampled_from(Layout)),
        layout_choice=draw(st.booleans()),
        confidence=draw(st.booleans()),
    )
