"""House tests: what every kind owes, and every code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.errors import Invalid
from lms.fields import Problems
from lms.quiz import items, regrade
from lms.quiz.codes import CODES
from lms.quiz.item import NOT_ANSWERED
from lms.quiz.items.registry import ITEM_KINDS
from lms.quiz.source import parse_item, sample
from lms.web.kinds import folder
from tests.quiz.generated import of_kind
from tests.quiz.samples import QUESTIONS, SAMPLES
from tests.quiz.strategies import OF_EACH

ROOM = Path(items.__file__).parents[1]
KINDS = pytest.mark.parametrize("kind", ITEM_KINDS.values(), ids=ITEM_KINDS)


@KINDS
def test_every_kind_has_an_example_without_a_mistake(kind):
    problems = Problems()
    item = parse_item(kind.example, path="", first_line=1, problems=problems)
    assert type(item) is kind
    assert {problem.code for problem in problems} <= {"Q061"}, list(problems)


@KINDS
def test_every_kind_is_documented(kind):
    assert kind.name
    assert len(kind.documentation) > 40
    assert (folder(kind) / "__init__.py").is_file()


@KINDS
def test_every_kind_has_its_own_test(kind):
    assert (Path(__file__).parent / "items" / kind.kind / f"test_{kind.kind}.py").is_file()


@KINDS
@OF_EACH
@given(st.data())
def test_every_kind_is_among_those_that_properties_hold_for(kind, data):
    assert type(data.draw(of_kind(kind.kind))) is kind


def test_every_kind_is_asked_in_the_quiz_of_all_kinds():
    assert set(QUESTIONS) == set(ITEM_KINDS)


@KINDS
def test_the_whole_answer_to_its_question_there_is_right(kind):
    item, answer = QUESTIONS[kind.kind], SAMPLES[kind.kind].answer
    assert item.accept(list(answer)) == answer
    mark = item.mark(answer)
    assert mark.fraction == 1 or mark.pending


@KINDS
def test_what_no_page_sends_is_refused(kind):
    assert SAMPLES[kind.kind].refused
    for values in SAMPLES[kind.kind].refused:
        with pytest.raises(Invalid):
            QUESTIONS[kind.kind].accept(values)


@KINDS
def test_the_key_can_be_mended_in_a_form_or_is_said_not_to_be(kind):
    item, mended = QUESTIONS[kind.kind], SAMPLES[kind.kind].mended
    form = item.key_form()
    assert (form is None) == (mended is None)
    if form and mended:
        anew = item.with_key(form.sent(mended.form))
        regrade.check(item, regrade.NewKey(anew))
        assert item.mark(mended.right).fraction < 1
        assert anew.mark(mended.right).fraction == 1
        assert mended.wrong
        for wrong in mended.wrong:
            with pytest.raises(Invalid) as refused:
                item.with_key(form.sent(wrong))
            assert refused.value.fields == {"key": refused.value.said}


@KINDS
@OF_EACH
@given(st.data())
def test_a_key_that_is_sent_as_the_form_shows_it_stays(kind, data):
    item = data.draw(of_kind(kind.kind))
    form = item.key_form()
    assert form is None or item.with_key(form) == item


@KINDS
def test_a_rule_is_told_wherever_a_part_of_the_points_can_be_earned(kind):
    item = sample(kind)
    partly = any(0 < share < 1 for share in item.worth().values()) or len(item.rows()) > 1
    assert bool(item.rule) >= partly


@KINDS
def test_no_text_for_a_page_holds_the_key(kind):
    item = sample(kind)
    assert all(option.id for option in item.choices())
    assert not re.search(r"\(x\)|\[x\]|=>|\{\{[^}]*\D[^}]*\}\}", "".join([item.stem, *item.texts()]))


@KINDS
def test_nobody_but_the_registry_names_a_kind(kind):
    own, registry = folder(kind), ROOM / "items" / "registry.py"
    for path in ROOM.parent.rglob("*.py"):
        if own not in path.parents and path != registry:
            assert kind.kind not in _named(path), path


def test_no_page_asks_for_the_kind_of_a_question():
    for path in ROOM.parent.rglob("*.html"):
        assert "item.kind" not in path.read_text(encoding="utf-8"), path


@cache
def _named(path: Path) -> frozenset[str]:
    """The kinds whose folder is imported, and every text that could be the name of one."""
    return frozenset(_names(ast.parse(path.read_text(encoding="utf-8"))))


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(module)):
                yield from module.removeprefix(f"{items.__name__}.").split(".")[:1]
                yield from (alias.name for alias in node.names if module == items.__name__)
            case ast.Import(names=names):
                yield from (name.name.removeprefix(f"{items.__name__}.").split(".")[0] for name in names)
            case ast.Constant(value=str(text)):
                yield text


@KINDS
def test_who_answered_is_told_from_who_did_not(kind):
    item = sample(kind)
    response = item.key() or item.accept(["Sebuah jawaban."])
    assert item.mark(response).answered
    assert item.mark(None) == NOT_ANSWERED


@KINDS
def test_a_refused_answer_is_told_beside_its_field(kind):
    item = sample(kind)
    for sent in (7, [7], ["x" * 20_001], ["\0"]):
        with pytest.raises(Invalid) as caught:
            item.accept(sent)
        assert caught.value.fields == {item.field: str(caught.value)}
    assert item.accept(None) is None


def test_every_code_is_used_and_every_used_one_is_known():
    used = set()
    for path in ROOM.rglob("*.py"):
        if path.name != "codes.py":
            used |= set(re.findall(r'"(Q\d{3})"', path.read_text(encoding="utf-8")))
    assert used == set(CODES)


def test_every_code_says_something():
    assert all(len(meaning) > 10 for meaning in CODES.values())
    assert list(CODES) == sorted(CODES)


def test_files_can_be_read_at_a_sitting():
    assert [path.name for path in ROOM.rglob("*.py") if len(path.read_text("utf-8").splitlines()) > 250] == []
