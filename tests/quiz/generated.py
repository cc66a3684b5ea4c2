"""Quizzes that hypothesis makes up: every kind, with texts that are spiced with Markdown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from lms.quiz.item import Item, Option, Passage
from lms.quiz.items.choice import Choice
from lms.quiz.items.cloze import Cloze, Gap
from lms.quiz.items.essay import Essay
from lms.quiz.items.matching import Matching, Pair
from lms.quiz.items.multiple import Multiple, Scoring
from lms.quiz.items.numeric import Numeric, Span
from lms.quiz.items.ordering import Ordering, Way
from lms.quiz.items.short_answer import Accepted, ShortAnswer
from lms.quiz.items.single import Single
from lms.quiz.items.true_false import TrueFalse
from lms.quiz.items.weighted import Floor, Weighted, WeightedOption
from lms.quiz.quiz import Draw, Layout, Quiz, Section
from lms.quiz.review import Moment, ReviewRules

PLAIN = ["Pasal", "asas", "tiga", "ASN", "résumé", "17", "Apa?", "dan", "warga", "ℝ", "👋"]
SPICE = ["**tebal**", "`- [x]`", "[UU](reg:uu-20-2023#3.2)", "(x)", "50%", "a = b", "#", "> 3", "\\*", "`{{x}}`", "1."]

ids = st.from_regex(r"\A[a-z][a-z0-9]{0,4}(-[a-z0-9]{1,3})?\Z")
plain = st.lists(st.sampled_from(PLAIN), min_size=1, max_size=4).map(" ".join)
line = st.builds(
    lambda first, rest: " ".join([first, *rest]),
    st.sampled_from(PLAIN),
    st.lists(st.sampled_from(PLAIN + SPICE), max_size=4),
)
text = st.one_of(
    line,
    st.lists(line, min_size=2, max_size=3).map("\n\n".join),
    st.lists(line, min_size=2, max_size=3).map("\n".join),
    line.map(lambda one: f"{one}\n\n```\n- [x] {one}\n\n\n## bukan judul\n```"),
    line.map(lambda one: f"{one}  \nbaris baru"),
    line.map(lambda one: f"{one}\n\n| a | b |\n|---|---|\n| 1 | 2 |"),
)
maybe = st.just("") | text


def common() -> dict[str, Any]:
    """What every item takes, besides its id."""
    return {
        "title": plain,
        "stem": text,
        "points": st.sampled_from([1.0, 2.0, 0.5, 2.25]),
        "tags": st.lists(st.sampled_from(["C1", "asas", "uu"]), unique=True).map(tuple),
        "cites": st.lists(st.sampled_from(["uu-20-2023", "uu-20-2023#3.2"]), unique=True).map(tuple),
        "explanation": maybe,
        "hint": maybe,
        "correct": maybe,
        "incorrect": maybe,
    }


def several(build: Callable[..., st.SearchStrategy[Any]], least: int = 2, most: int = 5) -> st.SearchStrategy[Any]:
    """Things with ids of their own."""
    named = st.lists(ids, min_size=least, max_size=most, unique=True)
    return named.flatmap(lambda names: st.tuples(*(build(id=st.just(name)) for name in names)))


def options(kind: type[Any], **more: Any) -> st.SearchStrategy[Any]:
    return several(lambda id: st.builds(kind, id=id, text=text, feedback=maybe, fixed=st.booleans(), **more))


choices = options(Choice, right=st.just(False))
wordings = st.lists(st.sampled_from(["Danau*", "Toba", "Danau * Toba", "Ibu\\*", "50% Toba", "1945", "benar", "ü"]))


def _right(options: tuple[Choice, ...], chosen: set[int]) -> tuple[Choice, ...]:
    return tuple(replace(option, right=at in chosen) for at, option in enumerate(options))


def _single(options: tuple[Choice, ...], at: int, **more: Any) -> Single:
    return Single(options=_right(options, {at % len(options)}), **more)


def _multiple(options: tuple[Choice, ...], chosen: set[int], **more: Any) -> Multiple:
    return Multiple(options=_right(options, {at % len(options) for at in chosen}), **more)


def _weighted(options: tuple[WeightedOption, ...], several: bool, percent: bool, floor: Floor, **more: Any) -> Weighted:
    percent = percent or several
    best, *others = options
    options = (replace(best, weight=100.0 if percent else 5.0), *others)
    return Weighted(
        options=options, several=several, percent=percent, floor=floor if several else Floor.CLIPPED, **more
    )


@st.composite
def _matching(draw: st.DrawFn, **more: Any) -> Matching:
    names = draw(st.lists(ids, min_size=2, max_size=4, unique=True))
    texts = draw(st.lists(line, min_size=len(names), max_size=len(names), unique=True))
    options = tuple(Option(id=id, text=text) for id, text in zip(names, texts, strict=True))
    build = lambda id: st.builds(Pair, id=id, text=line, choice=st.sampled_from(names), feedback=maybe)  # noqa: E731
    pairs = draw(several(build, 1, 4))
    used = list(dict.fromkeys(pair.choice for pair in pairs))
    order = [*used, *(name for name in names if name not in used)]
    known = {option.id: option for option in options}
    return draw(st.builds(Matching, pairs=st.just(pairs), options=st.just(tuple(known[id] for id in order)), **more))


@st.composite
def _cloze(draw: st.DrawFn, **more: Any) -> Cloze:
    typed = wordings.filter(bool).map(lambda texts: Gap(accepted=tuple(dict.fromkeys(texts))))
    menus = st.lists(plain, min_size=2, max_size=4, unique=True).map(
        lambda texts: Gap(
            options=tuple(Choice(id="abcd"[at], text=text, right=at == 0) for at, text in enumerate(texts))
        )
    )
    gaps = tuple(draw(st.lists(typed | menus, min_size=1, max_size=3)))
    words = [f"{draw(line)} {{{{{at}}}}}" for at in range(1, len(gaps) + 1)]
    more["stem"] = st.just("\n\n".join(words))
    return draw(st.builds(Cloze, gaps=st.just(gaps), case=st.booleans(), **more))


def _span(low: int, width: int, digits: int, share: float) -> Span:
    return Span(low=Decimal(low).scaleb(-digits), high=Decimal(low + width).scaleb(-digits), share=share)


def _spans(spans: list[Span]) -> tuple[Span, ...]:
    first, *others = spans
    unique = {(span.low, span.high): span for span in [replace(first, share=1.0), *reversed(others)]}
    unique[(first.low, first.high)] = replace(first, share=1.0)
    return tuple(unique.values())


spans = st.builds(
    _span,
    st.integers(-500, 5000),
    st.integers(0, 300),
    st.integers(0, 3),
    st.sampled_from([1.0, 0.5, 33.3 / 100, 66.66666666666667 / 100]),
)
accepted = st.lists(
    st.builds(
        Accepted, text=st.sampled_from(["Toba", "Danau*", "50% Toba", "17", "benar", "{{x}}"]), share=st.just(1.0)
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda one: one.text,
).map(tuple)

KINDS: dict[str, Callable[..., st.SearchStrategy[Any]]] = {
    "single": lambda **more: st.builds(_single, options=choices, at=st.integers(0, 4), **more),
    "multiple": lambda **more: st.builds(
        _multiple,
        options=choices,
        chosen=st.sets(st.integers(0, 4), min_size=1),
        scoring=st.sampled_from(Scoring),
        **more,
    ),
    "weighted": lambda **more: st.builds(
        _weighted,
        options=options(WeightedOption, weight=st.integers(-5, 5).map(float)),
        several=st.booleans(),
        percent=st.booleans(),
        floor=st.sampled_from(Floor),
        **more,
    ),
    "matching": lambda **more: _matching(**more),
    "ordering": lambda **more: st.builds(
        Ordering,
        options=several(lambda id: st.builds(Option, id=id, text=text, feedback=maybe)),
        scoring=st.sampled_from(Way),
        **more,
    ),
    "true_false": lambda **more: st.builds(TrueFalse, answer=st.booleans(), **more),
    "numeric": lambda **more: st.builds(
        Numeric,
        accepted=st.lists(spans, min_size=1, max_size=3).map(_spans),
        unit=st.sampled_from(["", "cm", "m²"]),
        **more,
    ),
    "short_answer": lambda **more: st.builds(ShortAnswer, accepted=accepted, case=st.booleans(), **more),
    "essay": lambda **more: st.builds(Essay, rubric=maybe, **more),
    "cloze": lambda **more: _cloze(**more),
}


def items(**more: Any) -> st.SearchStrategy[Item]:
    """An item of any kind."""
    arguments = {"id": ids, **common(), **more}
    return st.sampled_from(sorted(KINDS)).flatmap(lambda kind: KINDS[kind](**arguments))


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
        pass_mark=draw(st.integers(1, 10_000).map(lambda share: share / 10_000)),
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
        layout=draw(st.sampled_from(Layout)),
        layout_choice=draw(st.booleans()),
        confidence=draw(st.booleans()),
    )
