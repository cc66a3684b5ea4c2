"""What holds for every kind and every quiz, whatever people write or send."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.errors import Invalid
from lms.fields import CODES as FIELD_CODES
from lms.fields import Problems
from lms.quiz import format, marking
from lms.quiz.codes import CODES
from lms.quiz.definition import dump, dump_quiz, load, load_quiz, major, version
from lms.quiz.item import Item
from lms.quiz.items.registry import ITEM_KINDS
from lms.quiz.quiz import Quiz
from lms.quiz.source import parse, parse_item, sample
from lms.quiz.write import write, write_item
from tests.quiz.generated import of_kind, quizzes
from tests.quiz.samples import SAMPLES
from tests.quiz.strategies import FEWER, LIMITS, OF_EACH
from tests.quiz.writing import FULL, quiz, read

KINDS = pytest.mark.parametrize("kind", ITEM_KINDS)
EXAMPLES = [sample(kind) for kind in ITEM_KINDS.values()]

json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
PIECES = [
    "a",
    "b",
    "k1",
    "1",
    "true",
    "a=k1",
    "1=m",
    "1=a",
    "9=m",
    "a=",
    "=",
    "",
    " ",
    "17 cm",
    "1.000",
    "Toba",
    "\ud800",
]
responses = st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=4).map(tuple)
ENTRIES = [
    "\n",
    "- (x) ",
    "- [x] ",
    "- (5) ",
    "= ",
    "=> ",
    "{{",
    "}}",
    "{#a}",
    "<!--",
    "-->",
    "```\n",
    "> ",
    "# Bagian: ",
    "## ",
]


def _known(item: Item, data: st.DataObject) -> tuple[str, ...]:
    """A response made of what the item knows."""
    own = [option.id for option in item.choices()]
    rows = [f"{row.id}={option.id}" for row in item.rows() for option in row.options]
    typed = [f"{row.id}=1945" for row in item.rows() if not row.options]
    return tuple(data.draw(st.lists(st.sampled_from([*own, *rows, *typed, "17"]), max_size=4, unique=True)))


# --- marks ---


@KINDS
@OF_EACH
@given(st.data())
def test_a_mark_stays_within_its_bounds(kind: str, data: st.DataObject):
    item = data.draw(of_kind(kind))
    mark = item.mark(data.draw(responses) if data.draw(st.booleans()) else _known(item, data))
    assert -1 <= mark.fraction <= 1
    assert mark.fraction == 0 or mark.answered


@KINDS
@OF_EACH
@given(st.data())
def test_the_key_gets_full_marks(kind: str, data: st.DataObject):
    item = data.draw(of_kind(kind))
    key = item.key()
    if key is not None:
        assert item.mark(key).fraction == 1
        assert item.accept(list(key)) == key
        assert all(share == 1 for share in item.row_shares(key).values())


@KINDS
@OF_EACH
@given(st.data())
def test_the_order_of_what_is_chosen_never_changes_a_mark(kind: str, data: st.DataObject):
    item = data.draw(of_kind(kind))
    given = _known(item, data)
    try:
        one, other = item.accept(list(given)), item.accept(data.draw(st.permutations(given)))
    except Invalid:
        return
    assert item.mark(one) == item.mark(other)


@KINDS
@OF_EACH
@given(st.data())
def test_the_order_of_options_never_changes_a_mark(kind: str, data: st.DataObject):
    item = data.draw(of_kind(kind))
    plain = dump(item)
    if SAMPLES[item.kind].order_decides or "options" not in plain:
        return
    other = load({**plain, "options": data.draw(st.permutations(plain["options"]))})
    given = _known(item, data)
    assert item.mark(given) == other.mark(given)


@KINDS
@OF_EACH
@given(st.data(), st.integers())
def test_what_is_shown_is_what_there_is(kind: str, data: st.DataObject, seed: int):
    item = data.draw(of_kind(kind))
    shown = item.order(random.Random(seed), shuffle=True)
    ids = [option.id for option in item.choices()]
    assert sorted(shown) == sorted(ids)
    fixed = [at for at, option in enumerate(item.choices()) if option.fixed]
    assert all(shown[at] == ids[at] for at in fixed)


# --- what a client sends ---


@KINDS
@OF_EACH
@given(json | responses)
def test_nothing_a_client_can_send_raises_anything_but_invalid(kind: str, value: Any):
    item = sample(ITEM_KINDS[kind])
    try:
        response = item.accept(value)
    except Invalid:
        return
    assert response is None or item.accept(response) == response
    assert item.accept(list(response or ())) == response
    item.mark(response)
    item.by_row(response)


@KINDS
@OF_EACH
@given(st.data())
def test_no_form_raises_anything_but_invalid(kind: str, data: st.DataObject):
    item = sample(ITEM_KINDS[kind])
    names = [item.field, *(f"{item.field}.{row.id}" for row in item.rows()), f"{item.field}.x", "csrf_token"]
    form = data.draw(st.dictionaries(st.sampled_from(names), responses.map(list)))
    try:
        response = item.read(form)
    except Invalid:
        return
    assert response is None or item.accept(response) == response


# --- reading and writing ---


@FEWER
@given(quizzes())
def test_a_quiz_written_and_read_is_the_same(quiz: Quiz):
    problems = Problems()
    text = write(quiz)
    assert parse(text, path="", quiz_id="kuis", problems=problems) == quiz, [*problems, text]


@KINDS
@OF_EACH
@given(st.data())
def test_a_question_written_and_read_is_the_same(kind: str, data: st.DataObject):
    item = data.draw(of_kind(kind))
    assert read(write_item(item))[0] == item


@FEWER
@given(quizzes())
def test_a_stored_quiz_is_the_same(quiz: Quiz):
    assert load_quiz(dump_quiz(quiz)) == quiz
    assert load_quiz(dump_quiz(quiz)).digest == quiz.digest
    for item in quiz.items:
        assert load(dump(item)) == item
        assert (version(load(dump(item))), major(load(dump(item)))) == (version(item), major(item))


@FEWER
@given(quizzes())
def test_tidying_changes_no_model_and_settles_at_once(quiz: Quiz):
    tidied = format.tidy(write(quiz))
    assert parse(tidied, path="", quiz_id="kuis", problems=Problems()) == quiz
    assert format.tidy(tidied) == tidied


@LIMITS
@given(st.text(alphabet=st.characters(codec=None), max_size=200) | st.lists(st.sampled_from(ENTRIES)).map("".join))
def test_the_reader_never_raises(text: str):
    for whole in (text, "---\ntitle: a\n---\n" + text):
        _read_all(whole)
        assert format.tidy(format.tidy(whole)) == format.tidy(whole)


@LIMITS
@given(st.sampled_from([FULL, *(kind.example for kind in ITEM_KINDS.values())]), st.data())
def test_the_reader_never_raises_on_mutated_samples(text: str, data: st.DataObject):
    for _ in range(data.draw(st.integers(1, 4))):
        start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
        end = min(end, start + data.draw(st.integers(0, 20)))
        text = text[:start] + data.draw(st.sampled_from(ENTRIES) | st.text(max_size=3)) + text[end:]
    _read_all(text)
    tidied = format.tidy(text)
    assert format.tidy(tidied) == tidied


def _read_all(text: str) -> None:
    problems = Problems()
    quiz = parse(text, path="a.md", quiz_id="kuis", problems=problems)
    item = parse_item(text, path="a.md", first_line=1, problems=problems)
    assert all(problem.code in CODES | FIELD_CODES and problem.line >= 1 for problem in problems)
    for one in [*(quiz.items if quiz else ()), *([item] if item else ())]:
        assert load(dump(one)) == one
        marking.mark_item(one, one.key())
        assert all(isinstance(text, str) and text for text in one.texts())


@pytest.mark.parametrize("item", EXAMPLES, ids=lambda item: item.kind)
def test_samples_survive_writing(item: Item):
    assert read(write_item(item))[0] == item


def test_the_full_quiz_survives_writing():
    assert quiz(write(quiz(FULL))) == quiz(FULL)
