"""What hypothesis makes questions of: ids, texts that are spiced with Markdown, options; and how many it makes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import Phase, settings
from hypothesis import strategies as st

from lms.quiz.items.choice import Choice
from lms.quiz.items.options import seen

PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)
LIMITS = settings(max_examples=100, deadline=None, phases=PHASES)
FEWER = settings(LIMITS, max_examples=40)
OF_EACH = settings(LIMITS, max_examples=25)  # of every kind

PLAIN = ["Pasal", "asas", "tiga", "ASN", "résumé", "17", "Apa?", "dan", "warga", "ℝ", "👋"]
SPICE = ["**tebal**", "`- [x]`", "[UU](reg:uu-20-2023#3.2)", "(x)", "50%", "a = b", "#", "> 3", "\\*", "`{{x}}`", "1."]

#: Short and long, with digits, with a part behind a hyphen. Letters made up one by one took a third of the time.
ids = st.sampled_from(
    [f"{head}{tail}" for head in ("a", "b", "k1", "asas", "z90zz") for tail in ("", "-1", "-b", "-c3d")]
)
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
        "outcomes": st.sampled_from([(), ("manajemen-asn/asas.1",), ("manajemen-asn/asas.2", "orientasi/asas.10")]),
        "family": st.sampled_from(["", "kembar"]),
        "explanation": maybe,
        "hint": maybe,
        "correct": maybe,
        "incorrect": maybe,
    }


def several(things: st.SearchStrategy[Any], least: int = 2, most: int = 5) -> st.SearchStrategy[Any]:
    """Things with ids and texts of their own."""
    unlike = (lambda named: named[0], lambda named: seen(named[1].text))
    made = st.lists(st.tuples(ids, things), min_size=least, max_size=most, unique_by=unlike)
    return made.map(lambda found: tuple(replace(thing, id=id) for id, thing in found))


def options(kind: type[Any], **more: Any) -> st.SearchStrategy[Any]:
    return several(st.builds(kind, id=st.just(""), text=text, feedback=maybe, fixed=st.booleans(), **more))


choices = options(Choice, right=st.just(False))


def with_right(options: tuple[Choice, ...], chosen: set[int]) -> tuple[Choice, ...]:
    return tuple(replace(option, right=at in chosen) for at, option in enumerate(options))
