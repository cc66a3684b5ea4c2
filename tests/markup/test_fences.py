"""One reader of fences: the checks of a lesson, the slots of its page and what is said of its fences agree."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.catalog.modules import read_lesson
from lms.catalog.reading import Source
from lms.fields import Problems
from lms.markup import Slot, flaws_of, quiz_fences, render
from tests.markup.conftest import World

SOUND = "## Uji {#uji}\n\nApa?\n\n- (x) satu {#a}\n- ( ) dua {#b}"
OBEYED = ["quiz", " quiz ", "quiz id=x", "quiz\tid=x", "quiz {#x}", "quiz quiz", "quiz\u00a0", "qu\x02iz"]
NEAR = ["Quiz", "quizz", "quiz:", "quiz-1", "quiz,1", "{quiz}", "{ .quiz }", ".quiz", "kuis", "Soal", "quis"]
OTHERS = ["", "python", "sql", "markdown quiz", "text"]


def slots(text: str) -> list[int]:
    return [part.index for part in render(text, World()).parts if isinstance(part, Slot)]


@pytest.mark.parametrize("info", OBEYED)
@pytest.mark.parametrize("mark", ["```", "~~~~"])
def test_whatever_stands_behind_quiz_it_is_a_self_check(mark: str, info: str) -> None:
    text = f"Atas.\n\n{mark}{info}\n{SOUND}\n{mark}\n"
    assert [(fence.first, fence.source) for fence in quiz_fences(text)] == [(2, SOUND)]
    assert slots(text) == [0]


@pytest.mark.parametrize("info", ["quiz id=x", "quiz\tid=x", "quiz {#x}", "quiz quiz"])
def test_what_stands_behind_quiz_and_says_nothing_is_told(info: str) -> None:
    (flaw,) = flaws_of(f"Atas.\n\n```{info}\n{SOUND}\n```\n")
    assert (flaw.line, flaw.code, flaw.warning) == (3, "T028", False)
    assert info.split()[1] in flaw.message


@pytest.mark.parametrize("info", NEAR)
def test_what_is_nearly_quiz_is_told(info: str) -> None:
    text = f"Atas.\n\n```{info}\n{SOUND}\n```\n"
    assert slots(text) == []
    assert [(flaw.line, flaw.code) for flaw in flaws_of(text)] == [(3, "T026")]


@pytest.mark.parametrize("info", OTHERS)
def test_other_code_is_left_alone(info: str) -> None:
    text = f"Atas.\n\n```{info}\nkode\n```\n"
    assert slots(text) == []
    assert flaws_of(text) == []


def lesson(body: str) -> tuple[list[str], list[int]]:
    """The ids of a lesson's checks, and the slots of its page."""
    head = "---\ntitle: A\nsummary: A\nreviewed: 2026-11-28\n---\n"
    read = read_lesson("uji", "uji", Source("modules/uji/01-uji.md", head + body, ""), Problems())
    return [check.id for check in read.checks], slots(read.body)


PREFIXES = st.sampled_from(["", "", "", "> ", "  ", "    ", "- ", "\t"])
SOURCES = st.sampled_from([SOUND, "Teks saja.", "", "## Rusak {#rusak}\n\nApa?", "~~~quiz\nx\n~~~"])


@st.composite
def fenced(draw: st.DrawFn) -> tuple[str, str]:
    """A whole fence, and what is expected of it: ``check``, ``told`` as a near miss, or ``code``."""
    info, mark = draw(st.sampled_from(OBEYED + NEAR + OTHERS)), draw(st.sampled_from(["```", "````", "~~~"]))
    prefix, source = draw(st.sampled_from(["", "> "])), draw(SOURCES).replace("~~~", "``")
    lines = [f"{mark}{info}", *source.split("\n"), mark]
    expected = "told" if info in NEAR or (info in OBEYED and prefix) else "check" if info in OBEYED else "code"
    return "\n".join(prefix + line for line in lines), expected


@given(st.lists(fenced(), max_size=5))
@settings(max_examples=150, deadline=None)
def test_every_fence_is_what_its_first_line_says_or_that_line_is_told(found: list[tuple[str, str]]) -> None:
    text = "\n\nAntara.\n\n".join(["Atas.", *(block for block, _ in found)])
    checks = [expected for _, expected in found].count("check")
    assert len(quiz_fences(text)) == checks
    assert slots(text) == list(range(checks))
    told = [flaw for flaw in flaws_of(text) if flaw.code in {"T017", "T026"}]
    assert len(told) == [expected for _, expected in found].count("told")


LINES = st.one_of(
    st.builds("{}{}{}".format, PREFIXES, st.sampled_from(["```", "~~~", "````"]), st.sampled_from(OBEYED + OTHERS)),
    st.builds("{}{}".format, PREFIXES, st.sampled_from(["Teks.", "[^1]: catatan", "| a |", "|---|", "# A", "\x03"])),
    st.sampled_from(["", "", " ", "> [!NOTE]", *SOUND.split("\n"), "```", "~~~", "1. satu", "[^1]"]),
    st.just(f"```quiz id=x\n{SOUND}\n```"),
    st.just("```quiz quiz\nrusak\n```"),
)


@given(st.lists(LINES, max_size=25).map("\n".join))
@settings(max_examples=400, deadline=None)
def test_however_fences_are_strewn_every_slot_has_its_check(body: str) -> None:
    checks, found = lesson(body)
    assert found == list(range(len(checks)))


@given(st.text(alphabet=st.sampled_from("`~>- \tquizx\n\x02\r"), max_size=60))
@settings(max_examples=400, deadline=None)
def test_the_page_and_the_reader_find_the_same_fences(text: str) -> None:
    assert slots(text) == list(range(len(quiz_fences(text))))
    told = {flaw.line for flaw in flaws_of(text) if flaw.code == "T028"}
    assert told == {fence.first + 1 for fence in quiz_fences(text) if re.sub(r"\s", "", fence.info) != "quiz"}
